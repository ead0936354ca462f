package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func (d *desk) press(key fyne.KeyName) {
	d.t.Helper()
	typed := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	if focused, ok := d.window.Canvas().Focused().(fyne.Shortcutable); ok {
		focused.TypedShortcut(typed)
		return
	}
	d.pressed(typed) // like the canvas; the test canvas has no shortcuts
}

func TestThePagesAreReachedByShortcutsFromAnyFieldAndButton(t *testing.T) {
	d := sitWithKey(t, acme)
	for _, row := range []struct {
		key fyne.KeyName
		tab int
	}{{fyne.Key4, profilesTab}, {fyne.Key3, historyTab}, {fyne.Key2, submitTab}, {fyne.Key1, releaseTab}, {fyne.Key2, submitTab}} {
		d.press(row.key)
		if d.tabs.SelectedIndex() != row.tab {
			t.Errorf("%s went to tab %d", row.key, d.tabs.SelectedIndex())
		}
	}
	d.opened(d.made().Encode())
	d.press(fyne.KeyReturn)
	if len(d.wire.Sent()) != 1 {
		t.Errorf("sent %d times", len(d.wire.Sent()))
	}
}

func TestShortcutsRestWhileADialogIsOpen(t *testing.T) {
	d := sitWithKey(t, acme)
	d.focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	d.tap("ui.keys")
	d.expect("ui.keys.send")
	d.press(fyne.Key3)
	if d.tabs.SelectedIndex() != releaseTab {
		t.Error("a shortcut worked behind a dialog")
	}
	d.tap("ui.close")
	d.press(fyne.Key3)
	if d.tabs.SelectedIndex() != historyTab {
		t.Error("after it was closed they do not work")
	}
	d.press(fyne.Key2)
	d.focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1}) // a button
	for _, q := range questions {
		d.tap(q.question)
		d.expect(d.UI.t(q.answer, "portal", "https://portal.acme.example", "contact", "support@acme.example"))
	}
}

// kept is a window that does not close, and records that it was to be closed.
type kept struct {
	fyne.Window
	closed bool
}

func (k *kept) Close() { k.closed = true }

// F62
func TestClosingAsksWhereSomethingWouldBeLost(t *testing.T) {
	closed := func(d *desk) bool {
		w := &kept{Window: d.window}
		d.UI.window = w
		d.UI.close()
		return w.closed
	}
	if !closed(sitWithKey(t, acme)) {
		t.Error("an empty form asks")
	}
	d := sitWithKey(t, acme)
	d.carryIt()
	if closed(d) {
		t.Fatal("a request that was not carried is closed over")
	}
	d.expect("ui.close.made")
	d.tap("ui.cancel")
	d.tap("ui.save")
	if !closed(d) {
		t.Error("a request that was saved asks")
	}
	d = sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.slow = true
	d.tap("ui.send")
	if closed(d) {
		t.Fatal("a request on its way is closed over")
	}
	d.expect("ui.close.busy")
}
