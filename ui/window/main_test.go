package window

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"handback/app"
	"handback/app/words"
)

func TestTheVersionIsTheSameEverywhere(t *testing.T) {
	for file, line := range map[string]string{
		"FyneApp.toml": `Version = "` + app.Version + `"`,
		"CHANGELOG.md": "## [" + app.Version + "]",
	} {
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), line) {
			t.Errorf("%s does not say %s", file, line)
		}
	}
}

func TestOnlyAFailedDriverIsComplainedOf(t *testing.T) {
	complaints := 0
	log := &driverLog{complain: func() { complaints++ }}
	for line, want := range map[string]int{"Fyne error: failed to watch theme settings": 0, "Fyne error:  failed to initialise GLFW": 1,
		"Fyne error:  window creation error": 1} {
		complaints = 0
		if n, err := log.Write([]byte(line + "\n")); n != len(line)+1 || err != nil || complaints != want {
			t.Errorf("%q: %d complaints, want %d (%d, %v)", line, complaints, want, n, err)
		}
	}
}

// A flag after a file is a flag, and an unknown one is refused.
func TestFlagsAreUnderstoodWhereverTheyStandOrRefused(t *testing.T) {
	for _, row := range []struct {
		line    string
		want    arguments
		refused string
	}{
		{"", arguments{}, ""},
		{"a.req", arguments{files: []string{"a.req"}}, ""},
		{"a.req --profile Acme b.req", arguments{profile: "Acme", files: []string{"a.req", "b.req"}}, ""},
		{"--profile=Acme a.req -version", arguments{profile: "Acme", version: true, files: []string{"a.req"}}, ""},
		{"a.req -- --profile b.req", arguments{files: []string{"a.req", "--profile", "b.req"}}, ""},
		{"-- a.req", arguments{files: []string{"a.req"}}, ""},
		{"-", arguments{files: []string{"-"}}, ""},
		{"a.req --help", arguments{help: true, files: []string{"a.req"}}, ""},
		{"a.req --profil Acme", arguments{}, "there is no flag --profil\n"},
		{"--licence-key=X", arguments{}, "there is no flag --licence-key\n"},
		{"a.req --profile", arguments{}, "follows --profile is missing"},
		{"--version=often", arguments{}, "follows --version is missing"},
	} {
		got, err := parse(strings.Fields(row.line), words.English())
		switch {
		case row.refused != "":
			if err == nil || !strings.Contains(err.Error(), row.refused) || !strings.Contains(err.Error(), "--profile NAME") {
				t.Errorf("%s: %+v, %v", row.line, got, err)
			}
		case err != nil || !reflect.DeepEqual(got, row.want):
			t.Errorf("%s: %+v, %v", row.line, got, err)
		}
	}
}
