package app

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"handback/app/apptest"
)

func TestABrokenLinkIsThereAndIsNoFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a link takes a right of its own there, and Wine's are none")
	}
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	apptest.Write(t, at("file"), "")
	for link, to := range map[string]string{"to a file": at("file"), "to a folder": folder, "to nothing": at("gone")} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	for name, want := range map[string]struct{ file, there bool }{
		"file": {true, true}, ".": {false, true}, "gone": {}, "to a file": {true, true}, "to a folder": {false, true}, "to nothing": {false, true},
	} {
		if file, there := IsFile(at(name)), IsThere(at(name)); file != want.file || there != want.there {
			t.Errorf("%s: a file %v, there %v", name, file, there)
		}
	}
}
