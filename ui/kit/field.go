package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Field is Fyne's entry. It passes the window's own keys on.
type Field struct {
	widget.Entry
	pressed func(fyne.Shortcut) bool
}

// NewField returns an empty field. pressed reports whether a shortcut is the window's,
// and acts on it; the entry gets the others.
func NewField(pressed func(fyne.Shortcut) bool) *Field {
	f := &Field{pressed: pressed}
	f.ExtendBaseWidget(f)
	return f
}

// NewSecretField returns a field that shows dots for what is typed.
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

// FocusGained brings the field into sight.
func (f *Field) FocusGained() {
	f.Entry.FocusGained()
	Reveal(f)
}

// TypedRune keeps the field in sight while it is typed into.
func (f *Field) TypedRune(r rune) {
	f.Entry.TypedRune(r)
	Reveal(f)
}

// AcceptsTab is false in a field of several lines too: the Tab key leaves it.
func (f *Field) AcceptsTab() bool { return false }

// TypedKey passes the window's keys on.
func (f *Field) TypedKey(event *fyne.KeyEvent) {
	if !ForwardedKey(f, event) {
		f.Entry.TypedKey(event)
	}
}

// TypedShortcut passes on what is the window's.
func (f *Field) TypedShortcut(typed fyne.Shortcut) {
	if !f.pressed(typed) {
		f.Entry.TypedShortcut(typed)
	}
}
