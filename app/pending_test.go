package app

import (
	"os"
	"path/filepath"
	"testing"

	"handback/app/words"
)

// F06: what a killed program left is found by the next start, wherever it wrote.
func TestTheNextStartRemovesWhatAKilledProgramLeftElsewhere(t *testing.T) {
	home, stick, gone := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "pulled-out")
	pending := filepath.Join(home, "pending")
	if err := os.Mkdir(pending, 0o700); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(stick, ".handback-LEFT.tmp")
	for path, text := range map[string]string{left: "half", filepath.Join(pending, "A"): stick, filepath.Join(pending, "B"): gone} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	longAgo := Released.AddDate(-1, 0, 0)
	if err := os.Chtimes(left, longAgo, longAgo); err != nil { // Windows goes by age
		t.Fatal(err)
	}
	start := func() {
		if _, err := New(home, acme(), words.English(), nil); err != nil {
			t.Fatal(err)
		}
	}
	start()
	if _, err := os.Stat(left); err == nil {
		t.Error("it is still there")
	}
	entries, _ := os.ReadDir(pending)
	if len(entries) != 1 || entries[0].Name() != "B" {
		t.Errorf("remembered: %v", entries)
	}
	if err := os.Mkdir(gone, 0o700); err != nil { // plugged in again
		t.Fatal(err)
	}
	start()
	if _, err := os.Stat(pending); err == nil {
		t.Error("something is remembered still")
	}
}

func TestAWritingThatEndsIsNotRemembered(t *testing.T) {
	b, _ := kept(t)
	b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: filepath.Join(t.TempDir(), "a.req")}}})
	if _, err := os.Stat(b.pendingFolder()); err == nil {
		entries, _ := os.ReadDir(b.pendingFolder())
		t.Errorf("remembered: %v", entries)
	}
}
