package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// ways are pages behind a row of buttons, of which one is chosen. Unlike Fyne's tabs
// they are reached with the Tab key, and only as high as the page that is shown.
type ways struct {
	buttons    []*button
	pages      []fyne.CanvasObject
	at         int
	place      *fyne.Container
	onSelected func()
	root       *fyne.Container
}

func newWays(onSelected func()) *ways {
	w := &ways{place: container.NewStack(), onSelected: onSelected}
	w.root = container.NewVBox(newFlow(), widget.NewSeparator(), w.place)
	return w
}

// add appends a page; the first is chosen.
func (w *ways) add(name string, icon fyne.Resource, page fyne.CanvasObject) {
	i := len(w.buttons)
	b := newButton(name, icon, func() {
		w.choose(i)
		w.onSelected()
	})
	b.Importance = widget.LowImportance
	w.buttons, w.pages = append(w.buttons, b), append(w.pages, page)
	w.root.Objects[0].(*fyne.Container).Add(b)
	if i == 0 {
		w.choose(0)
	}
}

// choose shows a page.
func (w *ways) choose(i int) {
	w.at = i
	w.place.Objects = []fyne.CanvasObject{w.pages[i]}
	w.place.Refresh()
	for n, b := range w.buttons {
		b.Importance = widget.LowImportance
		if n == i {
			b.Importance = widget.MediumImportance
		}
		b.Refresh()
	}
}
