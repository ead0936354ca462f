package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Empty is what a page shows in place of a list that has no rows: an icon, and in words
// what will be there.
type Empty struct {
	text *widget.Label
	Root *container.Scroll
}

// NewEmpty returns an Empty with a text of at most a few lines.
func NewEmpty(icon fyne.Resource, text string) *Empty {
	e := &Empty{text: NewText(text)}
	e.text.Alignment = fyne.TextAlignCenter
	picture := container.NewGridWrap(fyne.NewSquareSize(Letters(3)), widget.NewIcon(theme.NewDisabledResource(icon)))
	e.Root = container.NewVScroll(container.NewVBox(layout.NewSpacer(), container.NewCenter(picture), container.New(middle{}, e.text), layout.NewSpacer(), layout.NewSpacer()))
	return e
}

// SetText changes the text.
func (e *Empty) SetText(text string) { e.text.SetText(text) }

// middle centers an object, at a width at which lines are easy to read.
type middle struct{}

// MinSize is the object's.
func (middle) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout places the object.
func (middle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(size.Width, Letters(44))
	objects[0].Resize(fyne.NewSize(width, size.Height))
	objects[0].Move(fyne.NewPos((size.Width-width)/2, 0))
}
