package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"handback/app"
	"handback/app/request"
)

func (d *desk) lookBack() {
	d.t.Helper()
	d.tabs.SelectIndex(2)
}

func TestTheHistoryOfANewComputerSaysThatItIsEmpty(t *testing.T) {
	d := sitWithKey(t, acme)
	d.lookBack()
	d.expect("ui.history.empty")
}

func TestTheHistoryShowsWhatBecameOfEachRequest(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.lookBack()
	d.expect("journal.state.created")
	d.expect(made.CheckCode())
	d.button("ui.history.carry")

	d.opened(made.Encode())
	d.enter()
	d.expect("outcome.released")
	d.lookBack()
	d.expect("journal.state.released")
	if d.reads(d.UI.t("ui.history.carry")) {
		t.Error("there is nothing left to carry")
	}
}

func TestARequestOfTheHistoryIsCarriedAgainAsItWas(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.tap("ui.back")
	d.lookBack()
	d.tap("ui.history.carry")
	if d.carry == nil || d.carry.made.Encode() != made.Encode() {
		t.Fatal("another request is carried")
	}
	d.expect("ui.step.carry")
}

func TestARequestOfTheHistoryIsSubmittedAgainWithAWarning(t *testing.T) {
	d := sitWithKey(t, acme)
	d.wire.Lose = true
	made := d.made()
	d.opened(made.Encode())
	d.enter()
	d.expect("outcome.unknown")
	d.wire.Lose = false
	d.tap("ui.clear")
	d.lookBack()
	d.tap("ui.history.submit")
	if len(d.wire.Sent()) != 1 {
		t.Fatal("it was sent before anybody said so")
	}
	d.expect("the answer was lost: it may have been released")
	d.tap("ui.again")
	d.expect("ui.again.question")
	d.tap("ui.send")
	d.expect("outcome.probably_released")
	if got := d.UI.app.Journal.Known(made.Request).State(); got != request.ProbablyReleased {
		t.Error(got)
	}
}

func TestTheHistoryIsReadWithTheArrowKeys(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	if _, err := d.app.Create(app.Create{LicenseKey: licenseKey, HardwareID: hardwareID, Secret: d.key()}); err != nil {
		t.Fatal(err)
	}
	d.lookBack()
	details, err := d.app.HistoryDetails(d.history.entries[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	first := details.Request.CheckCode()
	list := d.focused()
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeySpace} {
		list.TypedKey(&fyne.KeyEvent{Name: key})
	}
	d.expect(first)
}

func TestTheHistoryIsSearchedAndSavedForASpreadsheet(t *testing.T) {
	d := sitWithKey(t, acme)
	for _, id := range []string{"drill-7", "lathe-8"} {
		if _, err := d.app.Create(app.Create{LicenseKey: licenseKey, HardwareID: id, Secret: d.key()}); err != nil {
			t.Fatal(err)
		}
	}
	d.tabs.SelectIndex(historyTab)
	d.window.Canvas().Focus(d.history.search)
	d.typed("LATHE")
	if len(d.history.entries) != 1 {
		t.Fatalf("found %v", d.history.entries)
	}
	d.expect("lathe-8")
	d.tap("ui.history.csv")
	saved, _ := filepath.Glob(filepath.Join(d.folder, "*.csv"))
	if len(saved) != 1 {
		t.Fatalf("saved %v", saved)
	}
	d.expect(saved[0])
	text, err := os.ReadFile(saved[0])
	if err != nil || strings.Count(string(text), "\r\n") != 2 || !strings.Contains(string(text), "lathe-8") {
		t.Errorf("%q, %v", text, err)
	}
	d.window.Canvas().Focus(d.history.search)
	d.typed("no such thing")
	if len(d.history.entries) != 0 {
		t.Errorf("found %v", d.history.entries)
	}
	d.expect("No request matches") // F104: the page is not blank
}
