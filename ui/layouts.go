package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// flow sets objects side by side, and goes on in a new row where the width ends: in
// a longer language, or in larger letters, nothing is cut.
type flow struct {
	size  fyne.Size
	share float32 // of the room that is left in a row, before its first object
}

func newFlow(objects ...fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(objects...)
	c.Layout = &flow{}
	return c
}

// newButtonRow is a dialog's, from the right.
func newButtonRow() *fyne.Container {
	c := container.NewWithoutLayout()
	c.Layout = &flow{share: 1}
	return c
}

// newCenteredFlow is a flow in the middle.
func newCenteredFlow(objects ...fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(objects...)
	c.Layout = &flow{share: 0.5}
	return c
}

// MinSize is as wide as the widest object, and as high as the rows were at the last
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

// place tells where each object goes, in the middle of its row, and how high all rows
// are.
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

// besideCode sets a heading and texts beside a code, so that the code is whole in
// sight whatever of the texts is. The code has the height of the place, and at most
// half of its width; where that leaves too little for the texts, the code's panel
// stands between the heading and the texts, as small as it is.
type besideCode struct{ width float32 }

func newBesideCode(heading, texts, code fyne.CanvasObject) *fyne.Container {
	return container.New(&besideCode{}, heading, texts, code)
}

// columns are the widths of the texts and of the code; of the code none, where there
// is no room for it at the side.
func (b *besideCode) columns(objects []fyne.CanvasObject, size fyne.Size) (texts, code float32) {
	code = max(min(size.Width/2, size.Height-letters(3)), letters(13), objects[2].MinSize().Width)
	texts = size.Width - code - theme.Padding()
	if texts < max(letters(15), objects[1].MinSize().Width) {
		return size.Width, 0
	}
	return texts, code
}

// MinSize is that of the arrangement at the last width.
func (b *besideCode) MinSize(objects []fyne.CanvasObject) fyne.Size {
	heading, texts, code := objects[0].MinSize(), objects[1].MinSize(), objects[2].MinSize()
	least := fyne.NewSize(max(heading.Width, texts.Width, code.Width), heading.Height+texts.Height+code.Height+2*theme.Padding())
	if _, beside := b.columns(objects, fyne.NewSize(b.width, 0)); beside > 0 {
		least.Height = max(heading.Height+texts.Height+theme.Padding(), code.Height)
	}
	return least
}

// Layout places the three.
func (b *besideCode) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	b.width = size.Width
	heading, texts, code := objects[0], objects[1], objects[2]
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
		place(code, width+theme.Padding(), 0, beside, size.Height)
	} else {
		high := code.MinSize().Height
		place(code, 0, top, width, high)
		top += high + theme.Padding()
	}
	place(texts, 0, top, width, size.Height-top)
}

// letters is a width in letters of the text as large as it is now.
func letters(n float32) float32 { return n * theme.TextSize() }

// narrow keeps lines short enough to be read: at most so many letters wide, from the
// left.
type narrow struct{ most float32 }

func newNarrow(most float32, o fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(o)
	c.Layout = narrow{most}
	return c
}

// MinSize is the object's.
func (n narrow) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout places the object.
func (n narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(fyne.NewSize(min(size.Width, max(letters(n.most), objects[0].MinSize().Width)), size.Height))
}
