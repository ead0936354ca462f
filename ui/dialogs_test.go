package ui

import (
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"handback/app/apptest"
)

func TestEnterAndEscLeaveAnExistingFileAlone(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape} {
		d := sitWithKey(t, acme)
		d.carryIt()
		d.carry.name.SetText("mine.req")
		apptest.Write(t, filepath.Join(d.folder, "mine.req"), "mine")
		d.tap("ui.save")
		d.expect("ui.replace")
		d.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
		d.expectNot("ui.replace")
		if got := d.saved()["mine.req"]; got != "mine" {
			t.Errorf("after %s the file holds %q", key, got)
		}
	}
}

func TestAfterSavingTheKeyboardIsOnWhatCanBeDoneNext(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	d.tap("ui.save")
	if focused := d.window.Canvas().Focused(); focused != fyne.Focusable(d.carry.open) {
		t.Errorf("the focus is on %v", focused)
	}
}
