package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Progress is a slim bar with words beside it. Fyne's bar has its words inside, where
// their contrast depends on how far it is.
type Progress struct {
	bar  *widget.ProgressBar
	text *widget.Label
	Root *fyne.Container
}

// NewProgress returns a hidden bar.
func NewProgress() *Progress {
	p := &Progress{bar: widget.NewProgressBar(), text: widget.NewLabel("")}
	p.bar.TextFormatter = func() string { return "" }
	p.Root = container.NewBorder(nil, nil, p.text, nil, container.New(slim{}, p.bar))
	p.Root.Hide()
	return p
}

// Set shows that done of count are done, in these words.
func (p *Progress) Set(done, count int, text string) {
	p.bar.Max = float64(max(count, 1))
	p.bar.SetValue(float64(done))
	p.text.SetText(text)
}

// Value returns how much is done, from 0 to 1.
func (p *Progress) Value() float64 { return p.bar.Value / p.bar.Max }

// slim centers a bar of fixed height.
type slim struct{}

const slimHeight = 8

// MinSize is a short bar.
func (slim) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(40, slimHeight) }

// Layout places the bar.
func (slim) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(size.Width, slimHeight))
	objects[0].Move(fyne.NewPos(0, (size.Height-slimHeight)/2))
}
