package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/ui/kit"
)

// nextStart opens the window as it opens the next time on d's home.
func (d *desk) nextStart() *UI {
	d.t.Helper()
	settings, err := app.LoadSettings(d.Home)
	if err != nil {
		d.t.Fatal(err)
	}
	return New(test.NewTempWindow(d.t, widget.NewLabel("")), Options{Home: d.Home, Settings: settings, Words: d.UI.Words, Jobs: 1, Folder: d.folder,
		Start: d.start, Do: func(f func()) { f() }, Every: d.every, Browse: d.Browse, Picture: d.Picture})
}

func TestTheFirstStartSaysWhatThisIsAndOffersTwoWays(t *testing.T) {
	d := begin(t, app.Settings{})
	for _, said := range []string{"Handback", "ui.welcome.use", "ui.welcome.file", "ui.welcome.practice"} {
		d.expect(said)
	}
	choices := 0
	for _, o := range d.shown() {
		if _, ok := o.(*kit.Choice); ok {
			choices++
		}
	}
	if choices != 2 || d.app != nil {
		t.Errorf("%d ways, profile %v", choices, d.app)
	}
	if c, ok := d.focused().(*kit.Choice); !ok || c.Text != d.UI.t("ui.welcome.file") {
		t.Errorf("%T has the focus", d.focused())
	}
	d.typedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	d.expect("ui.keys")
	d.tap("ui.close")
	d.apply(app.Settings{Language: "de"})
	d.expect("Zuerst üben")
}

func TestPracticeThatWasChosenIsNotAskedForAgainAndHasAWayOut(t *testing.T) {
	d := begin(t, app.Settings{})
	d.tap("ui.welcome.practice")
	d.expect("ui.practice")
	d.tap("ui.settings") // its dialog has no profile
	d.tap("ui.settings.apply")
	if again := d.nextStart(); again.app == nil || !again.app.Profile.Practice {
		t.Fatal("it asks again")
	}
	d.tap("ui.practice.out")
	if d.window.Canvas().Overlays().Top() == nil {
		t.Error("no file can be chosen")
	}
}

func TestAFileFromTheVendorLeadsFromTheFirstStartToTheLicense(t *testing.T) {
	d := begin(t, app.Settings{})
	d.Open(profileFile(t, "Beta CAM"))
	d.tap("ui.profiles.accept.yes")
	if d.app == nil || d.app.Profile.Name != "Beta CAM" || d.tabs.SelectedIndex() != releaseTab || d.focused() != fyne.Focusable(d.release.owner) {
		t.Fatalf("%s", d)
	}
	d.expectNot("ui.practice")
	d.expectNot("ui.practice.out")
	if again := d.nextStart(); again.app == nil || again.app.Profile.Name != "Beta CAM" {
		t.Error("it asks again")
	}
}

func TestOneProfileIsNoQuestionAndOfSeveralTheLastIsRemembered(t *testing.T) {
	if d := begin(t, app.Settings{}, acme); d.app == nil || d.app.Profile.Name != "Acme CAD" {
		t.Fatal("one profile is asked for")
	}
	bolt := strings.NewReplacer("Acme CAD", "Bolt CAM", "api.acme", "api.bolt").Replace(acme)
	d := begin(t, app.Settings{}, acme, bolt)
	d.expect("ui.welcome.which")
	d.expect("api.bolt.example")
	d.tap("Bolt CAM")
	d.expect("Bolt CAM · https://api.bolt.example")
	if again := d.nextStart(); again.app == nil || again.app.Profile.Name != "Bolt CAM" {
		t.Error("it asks again")
	}
}

func TestWhatIsOpenedAtTheFirstStartIsListedOnceAProfileIsChosen(t *testing.T) {
	d := begin(t, app.Settings{})
	d.Open(d.file("hello"))
	d.expect("ui.welcome.opened")
	d.tap("ui.welcome.practice")
	if d.tabs.SelectedIndex() != submitTab || len(d.submit.rows) != 1 {
		t.Errorf("%s", d)
	}
}
