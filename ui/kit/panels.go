package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Panels is a row of buttons with a page for each, of which one is visible. Unlike Fyne's
// tabs, it is reached with the Tab key and is only as high as the visible page.
type Panels struct {
	Buttons    []*Button
	pages      []fyne.CanvasObject
	At         int // the index of the visible page
	row, place *fyne.Container
	onSelected func()
	Root       *fyne.Container
}

// NewPanels returns panels without pages. onSelected is called when a page was chosen.
func NewPanels(onSelected func()) *Panels {
	w := &Panels{row: NewFlow(), place: container.NewStack(), onSelected: onSelected}
	w.Root = container.NewVBox(w.row, widget.NewSeparator(), w.place)
	return w
}

// Add appends a page, which Choose shows.
func (w *Panels) Add(name string, icon fyne.Resource, page fyne.CanvasObject) {
	i := len(w.Buttons)
	b := NewButton(name, icon, func() { w.Choose(i) })
	b.Importance = widget.LowImportance
	w.Buttons, w.pages = append(w.Buttons, b), append(w.pages, page)
	w.row.Add(b)
}

// Choose shows a page.
func (w *Panels) Choose(i int) {
	w.At = i
	w.place.Objects = []fyne.CanvasObject{w.pages[i]}
	w.place.Refresh()
	for n, b := range w.Buttons {
		b.Importance = widget.LowImportance
		if n == i {
			b.Importance = widget.MediumImportance
		}
		b.Refresh()
	}
	w.onSelected()
}
