package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Field is Fyne's entry, but passes on the keys and shortcuts of the window.
type Field struct {
	widget.Entry
	pressed func(fyne.Shortcut) bool
}

// NewField returns an empty field. pressed handles a shortcut of the window and reports
// whether it is one; the entry gets the others.
func NewField(pressed func(fyne.Shortcut) bool) *Field {
	f := &Field{pressed: pressed}
	f.ExtendBaseWidget(f)
	return f
}

// NewSecretField returns a field that shows dots instead of text.
func NewSecretField(pressed func(fyne.Shortcut) bool) *Field {
	f := NewField(pressed)
	f.Password = true
	return f
}

// AccessibilityLabel returns what a screen reader says: the text, or the placeholder if
// the field is empty or a secret.
func (f *Field) AccessibilityLabel() string {
	if f.Password || f.Text == "" {
		return f.PlaceHolder
	}
	return f.Text
}

// AccessibilityRole returns the role of text: Fyne has none for fields.
func (f *Field) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// FocusGained scrolls the field into view.
func (f *Field) FocusGained() {
	f.Entry.FocusGained()
	Reveal(f)
}

// TypedRune scrolls the field into view while somebody types.
func (f *Field) TypedRune(r rune) {
	f.Entry.TypedRune(r)
	Reveal(f)
}

// AcceptsTab returns false, also for several lines: the Tab key leaves the field.
func (f *Field) AcceptsTab() bool { return false }

// TypedKey passes the window's keys on.
func (f *Field) TypedKey(event *fyne.KeyEvent) {
	if !ForwardedKey(f, event) {
		f.Entry.TypedKey(event)
	}
}

// TypedShortcut passes the window's shortcuts on.
func (f *Field) TypedShortcut(typed fyne.Shortcut) {
	if !f.pressed(typed) {
		f.Entry.TypedShortcut(typed)
	}
}
