package ui

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"handback/app/apptest"
	"handback/app/crash"
)

func TestACrashReportIsOfferedCopiedAndRemoved(t *testing.T) {
	d := sitWithKey(t, acme)
	d.OfferReports(nil)
	d.expectNot("ui.crash.use")
	folder := t.TempDir()
	apptest.Write(t, filepath.Join(folder, "1.txt"), "Handback\n\npanic: out of memory")
	d.OfferReports(crash.Reports(folder))
	d.expect("panic: out of memory")
	d.tap("ui.copy")
	if got := fyne.CurrentApp().Clipboard().Content(); got != "Handback\n\npanic: out of memory" {
		t.Errorf("copied %q", got)
	}
	d.enter() // the focused button keeps the reports
	if _, err := os.Stat(filepath.Join(folder, "1.txt")); err != nil {
		t.Error("Enter removed it")
	}
	d.OfferReports(crash.Reports(folder))
	d.tap("ui.crash.remove")
	if all := crash.Reports(folder); len(all) != 0 {
		t.Errorf("left: %v", all)
	}
}
