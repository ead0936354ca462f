package app

import (
	"os"
	"path/filepath"
	"testing"

	"handback/app/apptest"
	"handback/app/durable"
)

func TestSettingsAreReadAsTheyWereSaved(t *testing.T) {
	home := filepath.Join(t.TempDir(), "not", "there", "yet")
	if s, err := LoadSettings(home); s != (Settings{}) || err != nil {
		t.Errorf("without a file: %+v, %v", s, err)
	}
	for _, size := range TextSizes() {
		for _, look := range Looks() {
			want := Settings{Language: "de", TextSize: size, Look: look, Profile: "Acme CAD"}
			if err := want.Save(home); err != nil {
				t.Fatal(err)
			}
			if got, err := LoadSettings(home); got != want || err != nil {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
		}
	}
}

// F15
func TestOfSettingsThatCannotBeReadTheSystemsAreUsed(t *testing.T) {
	for name, row := range map[string]struct {
		text string
		want Settings
		key  string
	}{
		"no TOML":      {"look = [", Settings{}, "app.settings"},
		"another type": {"language = 'de'\ntext_size = 'large'", Settings{}, "app.settings"},
		"no such size": {"language = 'de'\ntext_size = 99", Settings{Language: "de"}, ""},
		"no such look": {"text_size = 125\nlook = 'pink'", Settings{TextSize: 125}, ""},
		"a newer one":  {"language = 'de'\nsound = true", Settings{Language: "de"}, ""},
		"too long":     {"# " + string(make([]byte, maxSettings)), Settings{}, "app.settings"},
	} {
		home := filepath.Dir(apptest.File(t, "settings.toml", row.text))
		if got, err := LoadSettings(home); got != row.want || apptest.Key(err) != row.key {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestSettingsThatCannotBeWrittenLeaveThoseBefore(t *testing.T) {
	home := t.TempDir()
	before := Settings{Language: "fr"}
	if err := before.Save(home); err != nil {
		t.Fatal(err)
	}
	restore := durable.Inject(func(string) error { return os.ErrPermission })
	err := Settings{Language: "ja"}.Save(home)
	restore()
	if got, _ := LoadSettings(home); err == nil || got != before {
		t.Errorf("%v; then they are %+v", err, got)
	}
	if err := before.Save(apptest.File(t, "home", "")); apptest.Key(err) != "durable.folder" {
		t.Errorf("into a file: %v", err)
	}
}
