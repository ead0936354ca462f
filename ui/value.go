package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// valueLabel shows text to be compared or copied: all of it with the keys, or a part
// that was marked with the mouse. It takes the place of Fyne's selectable label, whose
// focus cannot be seen, drops all keys, and empties the clipboard where nothing is
// marked.
type valueLabel struct {
	widget.Label
	marks *marking
	frame *canvas.Rectangle // while it has the focus
}

// value is a label of even characters, to be compared or copied.
func value(text string) *valueLabel {
	v := &valueLabel{}
	v.Text, v.Selectable = text, true
	v.Wrapping = fyne.TextWrapBreak
	v.TextStyle.Monospace = true
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer draws the label, what is marked of it, and the frame.
func (v *valueLabel) CreateRenderer() fyne.WidgetRenderer {
	label := v.Label.CreateRenderer()
	v.marks = newMarking(v, label.Objects()[0].(markable))
	v.frame = newFrame()
	return &framed{&valueRenderer{label, v}, v.frame}
}

// copied is what is to be copied: what is marked, else all.
func (v *valueLabel) copied() string {
	if marked := v.SelectedText(); marked != "" {
		return marked
	}
	return v.Text
}

// FocusGained frames the value and brings it into sight.
func (v *valueLabel) FocusGained() {
	v.marks.of.FocusGained()
	v.marks.Refresh()
	showFrame(v.frame)
	reveal(v)
}

// FocusLost takes the frame away.
func (v *valueLabel) FocusLost() {
	v.marks.of.FocusLost()
	v.marks.Refresh()
	v.frame.Hide()
}

// TypedRune does nothing: the text stands.
func (v *valueLabel) TypedRune(rune) {}

// TypedKey passes all keys on.
func (v *valueLabel) TypedKey(event *fyne.KeyEvent) { pass(v, event) }

type valueRenderer struct {
	fyne.WidgetRenderer // Fyne's of the label
	of                  *valueLabel
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

// markable is Fyne's part of a label that the mouse marks.
type markable interface {
	fyne.Widget
	fyne.Focusable
	fyne.DoubleTappable
	fyne.Draggable
	desktop.Cursorable
	desktop.Mouseable
}

// marking lets the mouse mark letters of a value. It hides from the Tab key that Fyne's
// part can take the focus, and gives the focus to the value.
type marking struct {
	widget.BaseWidget
	value *valueLabel
	of    markable
}

func newMarking(v *valueLabel, of markable) *marking {
	m := &marking{value: v, of: of}
	m.ExtendBaseWidget(m)
	return m
}

// CreateRenderer draws what is marked.
func (m *marking) CreateRenderer() fyne.WidgetRenderer {
	return &markingRenderer{m.of.CreateRenderer(), m}
}

// Cursor is the one for text.
func (m *marking) Cursor() desktop.Cursor { return m.of.Cursor() }

// DoubleTapped marks a word.
func (m *marking) DoubleTapped(event *fyne.PointEvent) {
	m.take()
	m.of.DoubleTapped(event)
	m.Refresh()
}

// Dragged marks from where the mouse was pressed.
func (m *marking) Dragged(event *fyne.DragEvent) {
	m.of.Dragged(event)
	m.Refresh()
}

// DragEnd ends the marking.
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

// MouseUp ends the marking.
func (m *marking) MouseUp(event *desktop.MouseEvent) {
	m.of.MouseUp(event)
	m.Refresh()
}

// TappedSecondary offers to copy.
func (m *marking) TappedSecondary(event *fyne.PointEvent) {
	m.take()
	if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", fyne.NewMenuItem(lang.L("Copy"), func() {
			fyne.CurrentApp().Clipboard().SetContent(m.value.copied())
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
