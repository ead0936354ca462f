package app

import (
	"os"
	"strings"
	"testing"
	"time"
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
