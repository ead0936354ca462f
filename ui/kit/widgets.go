package kit

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ForwardedKey passes a key that works everywhere (F1, Esc) on to the window, and reports
// whether it is one.
func ForwardedKey(o fyne.CanvasObject, event *fyne.KeyEvent) bool {
	if event.Name != fyne.KeyF1 && event.Name != fyne.KeyEscape {
		return false
	}
	pass(o, event)
	return true
}

// pass passes a key on to the window that shows o.
func pass(o fyne.CanvasObject, event *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(event)
	}
}

func entered(event *fyne.KeyEvent) bool {
	return event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter
}

// DropFocus removes the focus from a widget that is no longer visible, since it would
// still act on keys.
func DropFocus(c fyne.Canvas) {
	if c == nil {
		return
	}
	// The driver returns the corner for what is hidden or removed. No visible widget is
	// there, since all have a margin. What is not drawn yet has no canvas.
	driver := fyne.CurrentApp().Driver()
	if o, ok := c.Focused().(fyne.CanvasObject); ok && driver.CanvasForObject(o) != nil && driver.AbsolutePositionForObject(o).IsZero() {
		c.Unfocus()
	}
}

// Button is Fyne's button.
type Button struct{ widget.Button }

// NewButton returns a button.
func NewButton(text string, icon fyne.Resource, tapped func()) *Button {
	b := &Button{}
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// NewMainButton returns the button of the most likely next step.
func NewMainButton(text string, icon fyne.Resource, tapped func()) *Button {
	b := NewButton(text, icon, tapped)
	b.Importance = widget.HighImportance
	return b
}

// FocusGained scrolls the button into view.
func (b *Button) FocusGained() {
	b.Button.FocusGained()
	Reveal(b)
}

// Tapped calls OnTapped. A widget that this hides loses the focus.
func (b *Button) Tapped(event *fyne.PointEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(b)
	b.Button.Tapped(event)
	DropFocus(c)
}

// TypedKey acts on Enter and Space, and passes the others on.
func (b *Button) TypedKey(event *fyne.KeyEvent) {
	switch {
	case !entered(event) && event.Name != fyne.KeySpace:
		pass(b, event)
	case !b.Disabled():
		b.Tapped(nil)
	}
}

// Select is Fyne's select.
type Select struct{ widget.Select }

// NewSelect returns a select.
func NewSelect(options []string, changed func(string)) *Select {
	c := &Select{}
	c.Options, c.OnChanged = options, changed
	c.ExtendBaseWidget(c)
	return c
}

// FocusGained scrolls the select into view.
func (c *Select) FocusGained() {
	c.Select.FocusGained()
	Reveal(c)
}

// TypedKey opens the list on Enter too.
func (c *Select) TypedKey(event *fyne.KeyEvent) {
	switch {
	case ForwardedKey(c, event):
	case entered(event):
		c.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		c.Select.TypedKey(event)
	}
}

// Check is Fyne's check box.
type Check struct{ widget.Check }

// NewCheck returns a check box.
func NewCheck(text string, changed func(bool)) *Check {
	c := &Check{}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// FocusGained scrolls the check box into view.
func (c *Check) FocusGained() {
	c.Check.FocusGained()
	Reveal(c)
}

// TypedKey toggles the check box on Enter too.
func (c *Check) TypedKey(event *fyne.KeyEvent) {
	switch {
	case ForwardedKey(c, event):
	case entered(event):
		c.TypedRune(' ')
	}
}

// newFrame returns the hidden frame of a widget, which shows that it has the focus. It
// belongs to the widget: Fyne makes renderers anew, also while the widget has the focus.
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

// framed adds a frame to another renderer.
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

// List is Fyne's list with rows made by NewRow. Fyne does not mark the current row if it
// is the selected one, so the list has a frame while it has the focus.
type List struct {
	widget.List
	frame *canvas.Rectangle
}

// NewList returns a list.
func NewList(length func() int, update func(widget.ListItemID, fyne.CanvasObject)) *List {
	l := &List{}
	l.Length, l.CreateItem, l.UpdateItem = length, NewRow, update
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer draws the list and the frame.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	if l.frame == nil {
		l.frame = newFrame()
	}
	return &framed{l.List.CreateRenderer(), l.frame}
}

// FocusGained shows the frame.
func (l *List) FocusGained() {
	l.List.FocusGained()
	showFrame(l.frame)
}

// FocusLost hides the frame.
func (l *List) FocusLost() {
	l.List.FocusLost()
	l.frame.Hide()
}

// TypedKey selects a row on Enter too.
func (l *List) TypedKey(event *fyne.KeyEvent) {
	switch {
	case ForwardedKey(l, event):
	case entered(event):
		l.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		l.List.TypedKey(event)
	}
}

// Radio is a choice among a few options, all of which are visible.
type Radio struct {
	widget.BaseWidget
	Options   []string
	Selected  string
	OnChanged func(string)

	buttons []*Button
	row     *fyne.Container
}

// NewRadio returns a radio with no option selected.
func NewRadio(options []string, changed func(string)) *Radio {
	r := &Radio{Options: options, OnChanged: changed, row: NewFlow()}
	for _, name := range options {
		b := NewButton(name, theme.RadioButtonIcon(), func() { r.SetSelected(name) })
		b.Importance = widget.LowImportance
		r.buttons = append(r.buttons, b)
		r.row.Add(b)
	}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer draws the options side by side.
func (r *Radio) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.row) }

// SetSelected selects an option.
func (r *Radio) SetSelected(name string) {
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

// NewFold returns content below a button that shows and hides it.
func NewFold(title string, content fyne.CanvasObject, open bool) *fyne.Container {
	b := NewButton(title, theme.MenuDropDownIcon(), nil)
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
