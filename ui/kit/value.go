package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// Value is a label with text to compare or copy: all of it with the keyboard, or a part
// that was selected with the mouse. It replaces Fyne's selectable label, which does not
// show that it has the focus, drops all keys, and empties the clipboard if nothing is
// selected.
type Value struct {
	widget.Label
	marks *marking
	frame *canvas.Rectangle // visible while it has the focus
}

// NewValue returns a value in a monospace typeface.
func NewValue(text string) *Value {
	v := &Value{frame: newFrame()}
	v.Text, v.Selectable = text, true
	v.Wrapping = fyne.TextWrapBreak
	v.TextStyle.Monospace = true
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer draws the label, its selection and the frame.
func (v *Value) CreateRenderer() fyne.WidgetRenderer {
	label := v.Label.CreateRenderer()
	v.marks = newMarking(v, label.Objects()[0].(markable))
	return &framed{&valueRenderer{label, v}, v.frame}
}

// Copied returns the selection, or all of the text if nothing is selected.
func (v *Value) Copied() string {
	if marked := v.SelectedText(); marked != "" {
		return marked
	}
	return v.Text
}

// FocusGained shows the frame and scrolls the value into view.
func (v *Value) FocusGained() {
	v.marks.of.FocusGained()
	v.marks.Refresh()
	showFrame(v.frame)
	Reveal(v)
}

// FocusLost hides the frame.
func (v *Value) FocusLost() {
	v.marks.of.FocusLost()
	v.marks.Refresh()
	v.frame.Hide()
}

// TypedRune does nothing: the text cannot be edited.
func (v *Value) TypedRune(rune) {}

// TypedKey passes all keys on.
func (v *Value) TypedKey(event *fyne.KeyEvent) { pass(v, event) }

type valueRenderer struct {
	fyne.WidgetRenderer // of Fyne's label
	of                  *Value
}

func (r *valueRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.of.marks.Resize(size)
}

func (r *valueRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.of.marks, r.WidgetRenderer.Objects()[1]}
}

func (r *valueRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.of.marks.Refresh()
}

// markable is the part of Fyne's label that is selected with the mouse.
type markable interface {
	fyne.Widget
	fyne.Focusable
	fyne.DoubleTappable
	fyne.Draggable
	desktop.Cursorable
	desktop.Mouseable
}

// marking lets the mouse select text of a value. It hides from the Tab key that Fyne's
// part can have the focus, and gives the focus to the value instead.
type marking struct {
	widget.BaseWidget
	value *Value
	of    markable
}

func newMarking(v *Value, of markable) *marking {
	m := &marking{value: v, of: of}
	m.ExtendBaseWidget(m)
	return m
}

// CreateRenderer draws the selection.
func (m *marking) CreateRenderer() fyne.WidgetRenderer {
	return &markingRenderer{m.of.CreateRenderer(), m}
}

// Cursor returns the text cursor.
func (m *marking) Cursor() desktop.Cursor { return m.of.Cursor() }

// DoubleTapped selects a word.
func (m *marking) DoubleTapped(event *fyne.PointEvent) {
	m.take()
	m.of.DoubleTapped(event)
	m.Refresh()
}

// Dragged selects from where the mouse was pressed.
func (m *marking) Dragged(event *fyne.DragEvent) {
	m.of.Dragged(event)
	m.Refresh()
}

// DragEnd ends the selection.
func (m *marking) DragEnd() {
	m.of.DragEnd()
	m.Refresh()
}

// MouseDown gives the focus to the value.
func (m *marking) MouseDown(event *desktop.MouseEvent) {
	m.take()
	m.of.MouseDown(event)
	m.Refresh()
}

// MouseUp ends the selection.
func (m *marking) MouseUp(event *desktop.MouseEvent) {
	m.of.MouseUp(event)
	m.Refresh()
}

// TappedSecondary opens a menu for copying.
func (m *marking) TappedSecondary(event *fyne.PointEvent) {
	m.take()
	if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", fyne.NewMenuItem(lang.L("Copy"), func() {
			fyne.CurrentApp().Clipboard().SetContent(m.value.Copied())
		})), c, event.AbsolutePosition)
	}
}

func (m *marking) take() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil {
		c.Focus(m.value)
	}
}

type markingRenderer struct {
	fyne.WidgetRenderer // Fyne's
	of                  *marking
}

func (r *markingRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	canvas.Refresh(r.of)
}
