package ui

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Fyne gives each key to the widget in focus alone, and its widgets drop the keys
// that they do not know. Ours pass the window's keys on, so that F1 and Esc work at
// every stop of the Tab key, and act on Enter as on Space.

// passed gives the window a key that works wherever the focus is, and reports whether
// it is one.
func passed(o fyne.CanvasObject, event *fyne.KeyEvent) bool {
	if event.Name != fyne.KeyF1 && event.Name != fyne.KeyEscape {
		return false
	}
	pass(o, event)
	return true
}

// pass gives a key to the window that shows o.
func pass(o fyne.CanvasObject, event *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(event)
	}
}

func entered(event *fyne.KeyEvent) bool {
	return event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter
}

// dropFocus takes the focus from what is no longer shown: its keys would act unseen.
func dropFocus(c fyne.Canvas) {
	if c == nil {
		return
	}
	// The driver does not find what is hidden or gone, and so gives the corner, where
	// no widget is: all have a margin. What it has not drawn yet has no canvas.
	driver := fyne.CurrentApp().Driver()
	if o, ok := c.Focused().(fyne.CanvasObject); ok && driver.CanvasForObject(o) != nil && driver.AbsolutePositionForObject(o).IsZero() {
		c.Unfocus()
	}
}

// button is Fyne's.
type button struct{ widget.Button }

func newButton(text string, icon fyne.Resource, tapped func()) *button {
	b := &button{}
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// newMainButton is the one that goes on.
func newMainButton(text string, icon fyne.Resource, tapped func()) *button {
	b := newButton(text, icon, tapped)
	b.Importance = widget.HighImportance
	return b
}

// FocusGained brings the button into sight.
func (b *button) FocusGained() {
	b.Button.FocusGained()
	reveal(b)
}

// Tapped does what the button says. What it took from the page loses the focus.
func (b *button) Tapped(event *fyne.PointEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(b)
	b.Button.Tapped(event)
	dropFocus(c)
}

// TypedKey acts on Enter and Space, and passes the others on.
func (b *button) TypedKey(event *fyne.KeyEvent) {
	switch {
	case !entered(event) && event.Name != fyne.KeySpace:
		pass(b, event)
	case !b.Disabled():
		b.Tapped(nil)
	}
}

// choice is Fyne's select.
type choice struct{ widget.Select }

func newChoice(options []string, changed func(string)) *choice {
	c := &choice{}
	c.Options, c.OnChanged = options, changed
	c.ExtendBaseWidget(c)
	return c
}

// FocusGained brings the choice into sight.
func (c *choice) FocusGained() {
	c.Select.FocusGained()
	reveal(c)
}

// TypedKey opens the list on Enter too.
func (c *choice) TypedKey(event *fyne.KeyEvent) {
	switch {
	case passed(c, event):
	case entered(event):
		c.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		c.Select.TypedKey(event)
	}
}

// check is Fyne's.
type check struct{ widget.Check }

func newCheck(text string, changed func(bool)) *check {
	c := &check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// FocusGained brings the check into sight.
func (c *check) FocusGained() {
	c.Check.FocusGained()
	reveal(c)
}

// TypedKey turns the check on Enter too.
func (c *check) TypedKey(event *fyne.KeyEvent) {
	switch {
	case passed(c, event):
	case entered(event):
		c.TypedRune(' ')
	}
}

// newFrame is what shows that a widget has the focus, hidden at first.
func newFrame() *canvas.Rectangle {
	frame := canvas.NewRectangle(color.Transparent)
	frame.StrokeWidth = 2
	frame.Hide()
	return frame
}

func showFrame(frame *canvas.Rectangle) {
	frame.StrokeColor = theme.Color(theme.ColorNamePrimary)
	frame.Show()
}

// framed draws a frame over what another renderer draws.
type framed struct {
	fyne.WidgetRenderer
	frame *canvas.Rectangle
}

func (f *framed) Layout(size fyne.Size) {
	f.WidgetRenderer.Layout(size)
	f.frame.Resize(size)
}

func (f *framed) Objects() []fyne.CanvasObject {
	return append(slices.Clone(f.WidgetRenderer.Objects()), f.frame)
}

// list is Fyne's, of rows that newRow makes. Fyne marks the row that the keys are at,
// unless it is the one that is chosen: so the list is framed.
type list struct {
	widget.List
	frame *canvas.Rectangle
}

func newList(length func() int, update func(widget.ListItemID, fyne.CanvasObject)) *list {
	l := &list{}
	l.Length, l.CreateItem, l.UpdateItem = length, newRow, update
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer draws the list and the frame.
func (l *list) CreateRenderer() fyne.WidgetRenderer {
	l.frame = newFrame()
	return &framed{l.List.CreateRenderer(), l.frame}
}

// FocusGained frames the list.
func (l *list) FocusGained() {
	l.List.FocusGained()
	showFrame(l.frame)
}

// FocusLost takes the frame away.
func (l *list) FocusLost() {
	l.List.FocusLost()
	l.frame.Hide()
}

// TypedKey chooses a row on Enter too.
func (l *list) TypedKey(event *fyne.KeyEvent) {
	switch {
	case passed(l, event):
	case entered(event):
		l.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		l.List.TypedKey(event)
	}
}

// radio is a choice among few, all of them in sight.
type radio struct {
	widget.BaseWidget
	Options   []string
	Selected  string
	OnChanged func(string)

	buttons []*button
	row     *fyne.Container
}

func newRadio(options []string, changed func(string)) *radio {
	r := &radio{Options: options, OnChanged: changed, row: newFlow()}
	for _, name := range options {
		b := newButton(name, theme.RadioButtonIcon(), func() { r.SetSelected(name) })
		b.Importance = widget.LowImportance
		r.buttons = append(r.buttons, b)
		r.row.Add(b)
	}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer draws the options side by side.
func (r *radio) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.row) }

// SetSelected chooses an option.
func (r *radio) SetSelected(name string) {
	if name == r.Selected || !slices.Contains(r.Options, name) {
		return
	}
	r.Selected = name
	for i, b := range r.buttons {
		b.SetIcon(theme.RadioButtonIcon())
		if r.Options[i] == name {
			b.SetIcon(theme.RadioButtonCheckedIcon())
		}
	}
	r.OnChanged(name)
}

// newFold is content below a button that opens and closes it.
func newFold(title string, content fyne.CanvasObject, open bool) *fyne.Container {
	b := newButton(title, theme.MenuDropDownIcon(), nil)
	b.Importance, b.Alignment = widget.LowImportance, widget.ButtonAlignLeading
	box := container.NewVBox(b, content)
	b.OnTapped = func() {
		if content.Visible() {
			b.SetIcon(theme.MenuDropDownIcon())
			content.Hide()
		} else {
			b.SetIcon(theme.MenuDropUpIcon())
			content.Show()
		}
		box.Refresh()
	}
	content.Hide()
	if open {
		b.OnTapped()
	}
	return box
}
