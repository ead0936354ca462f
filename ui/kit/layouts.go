// Package kit has the window's widgets, layouts and theme. They know nothing of licenses
// and requests, and could be used in another program. [NewTheme] is the theme; [NewPage]
// and [NewFlow] arrange widgets such as [Button], [Field], [List] and [Value].
//
// Fyne gives each key to the focused widget alone. The widgets here pass on what they do
// not use ([ForwardedKey]), so that F1 and Esc work everywhere, act on Enter as on Space,
// and scroll themselves into view when they gain the focus ([Reveal]).
package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// flow places objects side by side, and starts a new row at the end of the width, so that
// nothing is cut in a longer language or larger letters.
type flow struct {
	size  fyne.Size
	share float32 // of the width left over in a row, before its first object
}

// NewFlow returns a container that places objects side by side, in as many rows as the
// width takes.
func NewFlow(objects ...fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(objects...)
	c.Layout = &flow{}
	return c
}

// NewButtonRow returns a flow for the buttons of a dialog, aligned to the right.
func NewButtonRow() *fyne.Container {
	c := container.NewWithoutLayout()
	c.Layout = &flow{share: 1}
	return c
}

// NewCenteredFlow returns a flow whose rows are centered.
func NewCenteredFlow(objects ...fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(objects...)
	c.Layout = &flow{share: 0.5}
	return c
}

// MinSize returns the width of the widest object and the height of all rows at the last
// width.
func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	for _, o := range objects {
		if o.Visible() {
			least = least.Max(o.MinSize())
		}
	}
	if f.size.Width >= least.Width && !least.IsZero() {
		least.Height = f.place(objects, f.size.Width, func(fyne.CanvasObject, fyne.Position, fyne.Size) {})
	}
	return least
}

// Layout places the objects.
func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.size = size
	f.place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, as fyne.Size) {
		o.Move(at)
		o.Resize(as)
	})
}

// place calls put for each object, centered vertically in its row, and returns the height
// of all rows.
func (f *flow) place(objects []fyne.CanvasObject, width float32, put func(fyne.CanvasObject, fyne.Position, fyne.Size)) (height float32) {
	var row []fyne.CanvasObject
	var y, right, high float32
	end := func() {
		x := f.share * max(0, width-right+theme.Padding())
		for _, o := range row {
			size := o.MinSize()
			put(o, fyne.NewPos(x, y+(high-size.Height)/2), size)
			x += size.Width + theme.Padding()
		}
	}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if len(row) > 0 && right+size.Width > width {
			end()
			y += high + theme.Padding()
			row, right, high = nil, 0, 0
		}
		row = append(row, o)
		right += size.Width + theme.Padding()
		high = max(high, size.Height)
	}
	end()
	return y + high
}

// beside places an object to the right of a text, or below it if too little width is left
// for the text.
type beside struct{ width float32 }

// NewBeside returns a container with o to the right of a text, or below it.
func NewBeside(text, o fyne.CanvasObject) *fyne.Container {
	return container.New(&beside{}, text, o)
}

// left returns the width that is left for the text; 0 if that is too little.
func (b *beside) left(objects []fyne.CanvasObject, width float32) float32 {
	if left := width - objects[1].MinSize().Width - 2*theme.Padding(); left >= Letters(18) {
		return left
	}
	return 0
}

// MinSize is that of the arrangement at the last width.
func (b *beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	text, o := objects[0].MinSize(), objects[1].MinSize()
	if b.left(objects, b.width) > 0 {
		return fyne.NewSize(max(text.Width, o.Width), max(text.Height, o.Height+2*theme.Padding()))
	}
	return fyne.NewSize(max(text.Width, o.Width), text.Height+o.Height+2*theme.Padding())
}

// Layout places the two.
func (b *beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	b.width = size.Width
	text, o := objects[0], objects[1]
	least := o.MinSize()
	o.Resize(least)
	if left := b.left(objects, size.Width); left > 0 {
		text.Resize(fyne.NewSize(left, text.MinSize().Height)) // its words are wrapped
		text.Resize(fyne.NewSize(left, text.MinSize().Height))
		text.Move(fyne.NewPos(0, (size.Height-text.MinSize().Height)/2))
		o.Move(fyne.NewPos(left+theme.Padding(), (size.Height-least.Height)/2))
		return
	}
	text.Resize(fyne.NewSize(size.Width, text.MinSize().Height))
	text.Move(fyne.Position{})
	o.Move(fyne.NewPos(theme.InnerPadding(), text.MinSize().Height))
}

// besideSquare places a heading and texts beside a square, which is always visible as a
// whole. The square has the full height and at most half of the width. If too little
// width is left for the texts, the square goes between the heading and the texts, at its
// least size.
type besideSquare struct{ width float32 }

// NewBesideSquare returns a container with a heading and texts to the left of a square
// object, such as a code.
func NewBesideSquare(heading, texts, square fyne.CanvasObject) *fyne.Container {
	return container.New(&besideSquare{}, heading, texts, square)
}

// columns returns the widths of the texts and of the square; 0 for the square if it does
// not fit at the side.
func (b *besideSquare) columns(objects []fyne.CanvasObject, size fyne.Size) (texts, square float32) {
	square = max(min(size.Width/2, size.Height-Letters(3)), Letters(13), objects[2].MinSize().Width)
	texts = size.Width - square - theme.Padding()
	if texts < max(Letters(15), objects[1].MinSize().Width) {
		return size.Width, 0
	}
	return texts, square
}

// MinSize is that of the arrangement at the last width.
func (b *besideSquare) MinSize(objects []fyne.CanvasObject) fyne.Size {
	heading, texts, square := objects[0].MinSize(), objects[1].MinSize(), objects[2].MinSize()
	least := fyne.NewSize(max(heading.Width, texts.Width, square.Width), heading.Height+texts.Height+square.Height+2*theme.Padding())
	if _, beside := b.columns(objects, fyne.NewSize(b.width, 0)); beside > 0 {
		least.Height = max(heading.Height+texts.Height+theme.Padding(), square.Height)
	}
	return least
}

// Layout places the three.
func (b *besideSquare) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	b.width = size.Width
	heading, texts, square := objects[0], objects[1], objects[2]
	width, beside := b.columns(objects, size)
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	heading.Resize(fyne.NewSize(width, heading.MinSize().Height)) // its words are wrapped
	top := heading.MinSize().Height
	place(heading, 0, 0, width, top)
	top += theme.Padding()
	if beside > 0 {
		place(square, width+theme.Padding(), 0, beside, size.Height)
	} else {
		high := square.MinSize().Height
		place(square, 0, top, width, high)
		top += high + theme.Padding()
	}
	place(texts, 0, top, width, size.Height-top)
}

// Letters returns a length, in Fyne's units, of n times the current text size.
func Letters(n float32) float32 { return n * theme.TextSize() }

// narrow limits an object to a width, in letters, at which lines are easy to read.
type narrow struct {
	most  float32
	share float32 // of the width left over, at the left
}

// NewNarrow returns a container that makes o at most so many letters wide, aligned to the
// left.
func NewNarrow(most float32, o fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(o)
	c.Layout = narrow{most: most}
	return c
}

// NewColumn is like NewNarrow, with o in the middle of the width.
func NewColumn(most float32, o fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(o)
	c.Layout = narrow{most: most, share: 0.5}
	return c
}

// MinSize is the object's; a hidden one needs no place.
func (n narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if !objects[0].Visible() {
		return fyne.Size{}
	}
	return objects[0].MinSize()
}

// Layout places the object.
func (n narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(size.Width, max(Letters(n.most), objects[0].MinSize().Width))
	objects[0].Move(fyne.NewPos(n.share*(size.Width-width), 0))
	objects[0].Resize(fyne.NewSize(width, size.Height))
}
