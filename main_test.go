package main

import (
	"os"
	"strings"
	"testing"

	"handback/app"
)

func TestTheVersionIsTheSameEverywhere(t *testing.T) {
	for file, line := range map[string]string{
		"FyneApp.toml": `Version = "` + app.Version + `"`,
		"CHANGELOG.md": "## [" + app.Version + "]",
	} {
		text, err := os.ReadFile(file)
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
