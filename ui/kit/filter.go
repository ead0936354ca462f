package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Filter is a row of buttons of which one is chosen: what a list shows.
type Filter struct {
	Chosen  string // the key of the chosen option
	Buttons map[string]*Button
	Root    *fyne.Container
	changed func()
}

// NewFilter returns a filter without options. changed is called when another one is
// chosen.
func NewFilter(changed func()) *Filter {
	return &Filter{Buttons: map[string]*Button{}, Root: NewFlow(), changed: changed}
}

// Add appends an option. The empty key stands for everything, and is chosen first.
func (f *Filter) Add(key, text string, icon fyne.Resource) {
	b := NewButton(text, icon, func() { f.Choose(key) })
	f.Buttons[key] = b
	f.Root.Add(b)
	f.mark()
}

// Choose chooses an option.
func (f *Filter) Choose(key string) {
	if f.Buttons[key] == nil || key == f.Chosen {
		return
	}
	f.Chosen = key
	f.mark()
	f.changed()
}

// Offer shows the options that there is something for, and the chosen one.
func (f *Filter) Offer(there func(key string) bool) {
	for key, b := range f.Buttons {
		if visible := key == f.Chosen || there(key); visible != b.Visible() {
			b.Hidden = !visible
			f.Root.Refresh()
		}
	}
}

// mark frames the chosen option.
func (f *Filter) mark() {
	for key, b := range f.Buttons {
		importance := widget.LowImportance
		if key == f.Chosen {
			importance = widget.MediumImportance
		}
		if b.Importance != importance {
			b.Importance = importance
			b.Refresh()
		}
	}
}
