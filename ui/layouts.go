package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// flow sets objects side by side, and goes on in a new row where the width ends: in
// a longer language, or in larger letters, nothing is cut.
type flow struct {
	size     fyne.Size
	trailing bool // from the right
}

func newFlow(objects ...fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(objects...)
	c.Layout = &flow{}
	return c
}

// newButtonRow is a dialog's, from the right.
func newButtonRow() *fyne.Container {
	c := container.NewWithoutLayout()
	c.Layout = &flow{trailing: true}
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
		var x float32
		if f.trailing {
			x = max(0, width-right+theme.Padding())
		}
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

// beside sets two objects next to each other where there is room for both, else one
// below the other. The second is not much higher than wide: it is a picture.
type beside struct {
	share float32 // of the first, of the width
	least float32 // width in letters, below which they stand one below the other
	width float32
}

func newBeside(share, least float32, first, second fyne.CanvasObject) *fyne.Container {
	c := container.NewWithoutLayout(first, second)
	c.Layout = &beside{share: share, least: least}
	return c
}

func (b *beside) fits(first, second fyne.CanvasObject, width float32) bool {
	room := width - theme.Padding()
	return width >= b.least*theme.TextSize() && first.MinSize().Width <= room*b.share && second.MinSize().Width <= room*(1-b.share)
}

// MinSize is that of the arrangement at the last width; narrow, so that a window may
// shrink.
func (b *beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	first, second := objects[0].MinSize(), objects[1].MinSize()
	least := fyne.NewSize(max(first.Width, second.Width), first.Height+second.Height+theme.Padding())
	if b.fits(objects[0], objects[1], b.width) {
		least.Height = max(first.Height, second.Height)
	}
	return least
}

// Layout places the two.
func (b *beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	b.width = size.Width
	first, second := objects[0], objects[1]
	first.Move(fyne.Position{})
	if b.fits(first, second, size.Width) {
		left := (size.Width - theme.Padding()) * b.share
		first.Resize(fyne.NewSize(left, size.Height))
		second.Move(fyne.NewPos(left+theme.Padding(), 0))
		room := size.Width - left - theme.Padding()
		second.Resize(fyne.NewSize(room, min(size.Height, max(second.MinSize().Height, room+letters(3)))))
		return
	}
	height := first.MinSize().Height
	first.Resize(fyne.NewSize(size.Width, height))
	second.Move(fyne.NewPos(0, height+theme.Padding()))
	second.Resize(fyne.NewSize(size.Width, max(second.MinSize().Height, size.Height-height-theme.Padding())))
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
