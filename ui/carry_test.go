package ui

import (
	"errors"
	"image/png"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"handback/app"
	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/drives"
)

func TestTheLicenseIsNotFreeYetStandsOnTheCarryPage(t *testing.T) {
	for _, text := range []string{practice, acme} {
		d := sitWithKey(t, text)
		made := d.carryIt()
		d.expect("ui.not_free")
		d.expect(made.CheckCode())
		d.expect(licenseKey)
	}
}

func TestTheCarryPageSaysWhatToDoNext(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	for _, text := range []string{"https://portal.acme.example", "support@acme.example", "Stop the vendor's program"} {
		d.expect(text)
	}
	d = sitWithKey(t, strings.Replace(acme, "support.contact = 'support@acme.example'", "", 1))
	d.carryIt()
	d.expect("message.contact")
	d = sit(t, practice)
	d.carryIt()
	d.expect("ui.next.practice")
	d.expectNot("portal")
}

func TestSavingTellsWhereTheFileIs(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.tap("ui.save")
	d.expect(filepath.Join(d.folder, made.ClearFileName(d.app.Now())))
	if diff := cmp.Diff(map[string]string{made.ClearFileName(d.app.Now()): made.Encode()}, d.saved()); diff != "" {
		t.Error(diff)
	}
}

func TestSavingTheCodePutsAPictureBesideTheRequest(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.carry.ways.Choose(codeRoad)
	d.tap("ui.save_code")
	name := strings.TrimSuffix(made.ClearFileName(d.app.Now()), ".req") + ".png"
	picture := d.saved()[name]
	if _, err := png.Decode(strings.NewReader(picture)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if codes, err := carry.ReadPicture(t.Context(), []byte(picture)); err != nil || len(codes) != 1 || codes[0] != codeText(t, made) {
		t.Errorf("%v, %v", codes, err)
	}
	d.expect(name)
}

func TestAnExistingFileIsReplacedOnlyAfterAYes(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.carry.name.SetText("mine.req")
	apptest.Write(t, filepath.Join(d.folder, "mine.req"), "mine")
	d.tap("ui.save")
	d.expect("ui.replace")
	d.expect("mine.req")
	d.tap("Cancel")
	if diff := cmp.Diff(map[string]string{"mine.req": "mine"}, d.saved()); diff != "" {
		t.Fatalf("after a no: %s", diff)
	}
	d.expectNot("Saved")
	d.tap("ui.save")
	if d.saved()["mine.req"] != "mine" {
		t.Fatal("it was replaced before the answer")
	}
	d.tap("Replace")
	if diff := cmp.Diff(map[string]string{"mine.req": made.Encode()}, d.saved()); diff != "" {
		t.Errorf("after a yes: %s", diff)
	}
	d.expect("Saved")
}

func TestWhatCannotBeSavedSaysWhyAndWhatToDo(t *testing.T) {
	for name, row := range map[string][2]string{
		"no such folder": {"none/", "a.req"},
		"reserved name":  {"", "NUL.req"},
		"a folder":       {"", ""},
	} {
		d := sitWithKey(t, acme)
		d.carryIt()
		d.carry.folder.SetText(filepath.Join(d.folder, row[0]))
		d.carry.name.SetText(row[1])
		d.tap("ui.save")
		d.expect("fault.title.write")
		if len(d.saved()) != 0 || d.carry.done != nil {
			t.Errorf("%s: %v, %v", name, d.saved(), d.carry.done)
		}
		d.tap("ui.close")
		d.expect("ui.not_free")
		if d.carry.save.Disabled() {
			t.Errorf("%s: it cannot be saved elsewhere", name)
		}
	}
}

func TestEnterInTheFileNameSavesToo(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.carry.name.SetText("")
	d.window.Canvas().Focus(d.carry.name)
	d.typed("by-hand.req")
	d.enter()
	if d.saved()["by-hand.req"] != made.Encode() {
		t.Errorf("%v", d.saved())
	}
}

func TestCopyingPutsTheRequestIntoTheClipboardAndSaysThatItMayGo(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.carry.ways.Choose(textRoad)
	d.tap("ui.copy_text")
	if got := fyne.CurrentApp().Clipboard().Content(); got != made.Encode() {
		t.Errorf("%q", got)
	}
	d.expect("ui.copied")
}

func TestBackKeepsWhatWasTyped(t *testing.T) {
	d := sitWithKey(t, acme)
	first := d.carryIt()
	d.tap("ui.back")
	d.expectNot("ui.not_free")
	d.expect(licenseKey)
	d.expect(hardwareID)
	d.enter()
	if d.carry == nil || d.carry.made != first {
		t.Fatal("what was made is not there any more")
	}
	d.opened(first.Encode())
	d.enter()
	d.tabs.SelectIndex(releaseTab)
	d.tap("ui.back")
	d.enter()
	if d.carry == nil || d.carry.made.RequestID == first.RequestID {
		t.Fatal("a request that was submitted is carried once more")
	}
	d.tap("ui.back")
	d.tap("ui.back")
	if d.focused() != fyne.Focusable(d.release.owner) || d.release.owner.Text != licenseKey {
		t.Error("nothing can be typed")
	}
	d.typed("2")
	d.enter()
	d.enter()
	if d.carry == nil || d.carry.made.RequestID == first.RequestID || d.carry.made.LicenseKey == licenseKey {
		t.Errorf("a second request:\n%s", d)
	}
}

// F105: printing asks nothing, whatever files exist, and says where the page is.
func TestPrintingNeverAsksAndNeverReplacesAnothersFile(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	name := strings.TrimSuffix(made.ClearFileName(d.app.Now()), ".req")
	apptest.Write(t, filepath.Join(d.folder, name+".html"), "somebody else's")
	d.carry.ways.Choose(paperRoad)
	for range 3 {
		d.tap("ui.print")
		d.expectNot("ui.replace")
		d.expect(name + "-2.html")
		d.expect("ui.print.no_browser")
		d.tap("ui.done.another")
	}
	saved := d.saved()
	if len(saved) != 2 || saved[name+".html"] != "somebody else's" || len(d.pages) != 3 || filepath.Base(d.pages[2]) != name+"-2.html" {
		t.Errorf("%d files, opened %v", len(saved), d.pages)
	}
}

// F105: saving the same bytes in the same place asks nothing.
func TestTheSameRequestIsSavedTwiceWithoutAQuestion(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	for range 2 {
		d.tap("ui.save")
		d.expectNot("ui.replace")
		d.expect("Saved")
		d.tap("ui.done.another")
	}
	if diff := cmp.Diff(map[string]string{made.ClearFileName(d.app.Now()): made.Encode()}, d.saved()); diff != "" {
		t.Error(diff)
	}
}

func TestTheEndSaysWhereItIsWhatComesNextAndNothingElse(t *testing.T) {
	for _, row := range []struct {
		road      int
		act       string
		next, not string
		folder    bool
	}{
		{fileRoad, "ui.save", "ui.way.file.then", "ui.way.code.then", true},
		{codeRoad, "ui.save_code", "ui.way.code.then", "ui.way.file.then", true},
		{paperRoad, "ui.print", "ui.way.paper.then", "ui.way.file.then", true},
		{textRoad, "ui.copy_message", "ui.way.text.then", "ui.way.file.then", false},
	} {
		d := sitWithKey(t, acme)
		d.carryIt()
		d.carry.ways.Choose(row.road)
		text := func(key string) string {
			return d.UI.t(key, "contact", "support@acme.example", "portal", "https://portal.acme.example")
		}
		for _, said := range []string{text(row.next), "ui.not_free", "ui.next.stop"} {
			d.expect(said)
		}
		d.expectNot(text(row.not))
		d.expectNot("ui.done")
		d.tap(row.act)
		for _, said := range []string{"ui.done", text(row.next), "ui.not_free", "ui.next.stop"} {
			d.expect(said)
		}
		d.expectNot(text(row.not))
		d.expectNot("ui.drives.look")
		if !slices.Contains(d.focusable(), d.focused()) {
			t.Errorf("%s: nothing on the page has the focus", row.act)
		}
		opened := len(d.pages)
		if row.folder {
			d.enter() // Open folder has the focus
			if len(d.pages) != opened+1 || d.pages[opened] != d.folder {
				t.Errorf("%s: opened %v", row.act, d.pages)
			}
			d.expect(d.folder)
		}
		d.apply(app.Settings{Language: "de"})
		d.expect("Fertig")
		d.tap("ui.done.another")
		d.button(row.act)
		if d.carry.ways.At != row.road || d.focused() == nil {
			t.Errorf("%s: road %d", row.act, d.carry.ways.At)
		}
	}
}

func TestAFolderThatDoesNotOpenIsSaidWithItsPath(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	d.tap("ui.save")
	d.noBrowser = errors.New("no file manager")
	d.tap("ui.done.folder")
	d.expect("No program opened the folder")
	d.expect("The folder is " + d.folder)
}

// A stick that is plugged in is the likely place: one Enter saves onto it.
func TestAStickThatIsThereIsTheNextStep(t *testing.T) {
	d := sitWithKey(t, acme)
	stick := t.TempDir()
	d.drives = []drives.Drive{{Path: stick, Name: "BLUE STICK"}}
	made := d.carryIt()
	d.enter()
	d.expect("ui.done")
	d.expect(filepath.Join(stick, made.ClearFileName(d.app.Now())))
}
