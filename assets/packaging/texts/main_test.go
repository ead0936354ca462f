package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/durable"
)

const root = "../../.."

func TestThePackagingFilesSayWhatTheTranslationsSay(t *testing.T) {
	for name := range files {
		is, wanted, err := made(root, name)
		if err != nil {
			t.Error(err)
		} else if is != wanted {
			t.Errorf("%s does not say what assets/translation says: run \"go generate ./assets/packaging/texts\" and commit what it wrote", name)
		}
	}
}

func TestWhatWasTakenOutOfAPackagingFileIsWrittenAgain(t *testing.T) {
	place := t.TempDir()
	for name := range files {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, line := range strings.SplitAfter(string(text), "\n") {
			if !strings.Contains(line, "[ja]") && !strings.Contains(line, `"ja"`) && !strings.Contains(line, "JAPANESE") {
				left = append(left, line)
			}
		}
		if strings.Join(left, "") == string(text) {
			t.Errorf("%s has no Japanese", name)
		}
		if err := durable.Folder(filepath.Dir(filepath.Join(place, name))); err != nil {
			t.Fatal(err)
		}
		apptest.Write(t, filepath.Join(place, name), strings.Join(left, ""))
	}
	if err := write(place); err != nil {
		t.Fatal(err)
	}
	for name := range files {
		_, want, _ := made(root, name)
		if got, err := os.ReadFile(filepath.Join(place, name)); err != nil || string(got) != want {
			t.Errorf("%s was not written as it was: %v", name, err)
		}
	}
}

func TestAFileThatHasNoPlaceForATextIsRefused(t *testing.T) {
	for name, change := range files {
		if strings.HasSuffix(name, ".nsh") {
			continue // the whole file is generated
		}
		if got, err := change("nothing of the kind\n"); err == nil {
			t.Errorf("%s became %s", name, got)
		}
	}
}
