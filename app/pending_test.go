package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"handback/app/apptest"
	"handback/app/durable"
	"handback/app/words"
)

// F06: the next start finds what a killed program has left, wherever it wrote.
func TestTheNextStartRemovesWhatAKilledProgramLeftElsewhere(t *testing.T) {
	home, stick, gone := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "pulled-out")
	pending := filepath.Join(home, "pending")
	if err := os.Mkdir(pending, 0o700); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(stick, ".handback-LEFT.tmp")
	for path, text := range map[string]string{left: "half", filepath.Join(pending, "A"): stick, filepath.Join(pending, "B"): gone} {
		apptest.Write(t, path, text)
	}
	longAgo := Released.AddDate(-1, 0, 0)
	if err := os.Chtimes(left, longAgo, longAgo); err != nil { // on Windows the age decides
		t.Fatal(err)
	}
	start := func() {
		if err := started(home); err != nil {
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
	b, _ := withJournal(t)
	b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: filepath.Join(t.TempDir(), "a.req")}}})
	if _, err := os.Stat(b.pendingFolder()); err == nil {
		entries, _ := os.ReadDir(b.pendingFolder())
		t.Errorf("remembered: %v", entries)
	}
}

// F06: the list of sticks that never come back does not grow for ever.
func TestOfFoldersThatCannotBeReachedTwentyAreRemembered(t *testing.T) {
	home := t.TempDir()
	pending := filepath.Join(home, "pending")
	if err := os.Mkdir(pending, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		apptest.Write(t, filepath.Join(pending, fmt.Sprint(i)), filepath.Join(home, "gone"))
	}
	if err := started(home); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(pending); len(entries) != 20 {
		t.Errorf("remembered: %d", len(entries))
	}
}

// F06: files of a program that still runs are not removed.
func TestWhatARunningProgramWritesIsNotSwept(t *testing.T) {
	home, stick := t.TempDir(), t.TempDir()
	pending := filepath.Join(home, "pending")
	mark, left := filepath.Join(pending, "A"), filepath.Join(stick, ".handback-LEFT.tmp")
	if err := errors.Join(os.Mkdir(pending, 0o700), os.WriteFile(mark, []byte(stick), 0o600), os.WriteFile(left, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	running := durable.NewLock(mark)
	if free, err := running.TryLock(); !free || err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	if err := started(home); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{mark, left} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

// started does what programs do when they start.
func started(home string) error {
	a, err := New(home, acme(), words.English(), nil)
	if err == nil {
		a.RemoveLeftovers()
	}
	return err
}
