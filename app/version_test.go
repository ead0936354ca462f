package app

import (
	"os"
	"strings"
	"testing"
	"time"

	"handback/app/words"
)

func TestWhatChangedInThisVersionIsSaidInWholeSentences(t *testing.T) {
	changes := Changes()
	if len(changes) < 5 {
		t.Fatalf("only %q", changes)
	}
	for _, change := range changes {
		if !strings.HasSuffix(change, ".") || strings.Contains(change, "\n") || strings.Contains(change, "##") {
			t.Errorf("%q is no sentence", change)
		}
	}
}

func TestEverythingThatNamesTheVersionNamesThisOne(t *testing.T) {
	for path, says := range map[string]string{
		"../FyneApp.toml": `Version = "` + Version + `"`,
		"../CHANGELOG.md": "\n\n## [" + Version + "] - " + Released.Format(time.DateOnly) + "\n",
		"../assets/packaging/linux/app.handback.Handback.metainfo.xml": `<release version="` + Version + `" date="` + Released.Format(time.DateOnly) + `"/>`,
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), says) {
			t.Errorf("%s does not say %s", path, says)
		}
	}
}

func TestTheProgramSaysHowOldItIsAndWhatItMayBeUsedFor(t *testing.T) {
	for _, language := range words.Languages() {
		w := words.For(language)
		text := strings.Join(About(w), "\n")
		for _, want := range []string{w.Text("about.released", "date", words.Day(Released)), w.Text("about.updates"), w.Text("about.license"), Changes()[0]} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: it does not say %q", language, want)
			}
		}
		for _, not := range []string{w.Text("about.extractable"), w.Text("about.based", "tool", "Handback", "vendor", "")} {
			if strings.Contains(text, not) {
				t.Errorf("%s: it is no brand, and says %q", language, not)
			}
		}
	}
}
