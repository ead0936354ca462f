package ui

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"handback/app"
	"handback/app/apptest"
	"handback/app/words"
)

func TestTheLanguageIsSwitchedWithoutLosingWhatWasTypedMadeOrOpened(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.apply(app.Settings{Language: "de"})
	d.expect("Diesen Computer freigeben")
	d.expect(hardwareID)
	if d.release.owner.Text != licenseKey || d.focused() != fyne.Focusable(d.release.owner) {
		t.Errorf("%q is typed", d.release.owner.Text)
	}
	d.enter()
	d.expect("Was diesen Computer verlässt")
	d.apply(app.Settings{Language: "ja"})
	d.expect("このコンピューターから出るもの")
	d.enter()
	made := d.carry.made
	d.apply(app.Settings{Language: "fr"})
	d.expect("La licence n'est pas encore libre.")
	if d.carry == nil || d.carry.made != made {
		t.Fatal("the request that was made is gone")
	}
	d.opened(made.Encode())
	d.enter()
	d.expect("Libérée : la licence est libre.")
	d.apply(app.Settings{Language: "es"})
	d.expect("Liberada: la licencia está libre.")
	if len(d.wire.Sent()) != 1 {
		t.Errorf("sent %d times", len(d.wire.Sent()))
	}
	if made.LicenseKey != licenseKey || !strings.Contains(made.Date, " GMT") {
		t.Errorf("what is signed follows the language: %s", made.Date)
	}
}

func TestTheSettingsAreKeptForTheNextStart(t *testing.T) {
	d := sit(t, acme)
	d.tap("ui.settings")
	d.expect("ui.settings.language")
	d.tap("ui.settings.apply")
	d.apply(app.Settings{Language: "de", TextSize: 150, Look: app.Dark})
	kept, err := app.LoadSettings(d.Home)
	if err != nil || kept != (app.Settings{Language: "de", TextSize: 150, Look: app.Dark, Profile: "Acme CAD"}) {
		t.Errorf("%+v, %v", kept, err)
	}
	if got := theme.TextSize(); got != 21 {
		t.Errorf("the text is %v high", got)
	}
	if title := d.window.Title(); title != "Handback" {
		t.Errorf("%q", title)
	}
}

func TestTheTextGrowsAndShrinksByKeys(t *testing.T) {
	d := sit(t, acme)
	for _, step := range []struct {
		key  string
		want int
	}{{"+", 125}, {"+", 150}, {"-", 125}, {"-", 100}, {"-", 80}, {"-", 80}} {
		for _, s := range d.shortcuts() {
			if s.name == step.key {
				s.do()
			}
		}
		if d.textSize() != step.want {
			t.Errorf("after %s it is %d %%", step.key, d.textSize())
		}
	}
}

func TestSettingsThatCannotBeReadAreToldAndReplacedByNewOnes(t *testing.T) {
	d := sit(t, acme)
	path := filepath.Join(d.Home, "settings.toml")
	apptest.Write(t, path, "look = [")
	s, err := app.LoadSettings(d.Home)
	if err == nil || s != (app.Settings{}) {
		t.Fatalf("%+v, %v", s, err)
	}
	d.showError(err)
	d.expect("settings.toml")
	d.apply(app.Settings{Language: "de"})
	if s, err = app.LoadSettings(d.Home); err != nil || s.Language != "de" {
		t.Errorf("%+v, %v", s, err)
	}
	apptest.Write(t, path, "look = 'pink'\ntext_size = 7000\nlanguage = 'xx'\n")
	if s, err = app.LoadSettings(d.Home); err != nil || s.Look != app.SystemLook || s.TextSize != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhileARequestIsOnItsWayTheSettingsStay(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.slow = true
	d.tap("ui.send")
	d.apply(app.Settings{Language: "de"})
	d.expect("ui.working.wait")
	d.tap("ui.close")
	d.doWork()
	d.expect("outcome.released")
	d.opened(d.madeFor("ANOTHER-KEY").Encode())
	d.apply(app.Settings{Language: "de"})
	d.expect("ui.working.wait")
	d.tap("ui.close")
	d.doWork()
	if len(d.submit.rows) != 2 {
		t.Error("what was being read is lost")
	}
	d.slow = false
	d.apply(app.Settings{Language: "de"})
	d.expect("Anforderung einreichen")
}

func TestFynesOwnWordsFollowTheLanguage(t *testing.T) {
	d := sit(t, acme)
	for _, language := range append(words.Languages(), "en") {
		d.apply(app.Settings{Language: language})
		for own, key := range fyneTexts {
			if got, want := lang.L(own), d.UI.t(key); got != want {
				t.Errorf("%s: Fyne says %q for %q, not %q", language, got, own, want)
			}
		}
	}
}

// A text of Fyne that is not in the list would be in another language than the rest.
func TestAllThatFyneSaysByItselfIsKnown(t *testing.T) {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "fyne.io/fyne/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "lang/translations/base.en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var fynes map[string]any
	if err := json.Unmarshal(file, &fynes); err != nil || len(fynes) < 20 {
		t.Fatalf("%d words, %v", len(fynes), err)
	}
	for own := range fynes {
		calendar := strings.HasSuffix(strings.TrimSuffix(own, ".short"), "day")
		if fyneTexts[own] == "" && !calendar { // the window shows no calendar
			t.Errorf("nobody translates %q", own)
		}
	}
}
