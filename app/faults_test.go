package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"

	"handback/app/durable"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// eachCallFails repeats a job, each time with the next of its file calls failing, until the
// job makes no more calls.
func eachCallFails(t *testing.T, job func(t *testing.T, arm func() (restore func()))) {
	for _, with := range []error{syscall.EIO, syscall.ENOSPC} {
		for n := 1; ; n++ {
			name, at := "", atomic.Int64{}
			arm := func() func() {
				return durable.Inject(func(call string) error { // from several goroutines
					if at.Add(1) != int64(n) {
						return nil
					}
					name = call
					return fmt.Errorf("%s: %w", call, with)
				})
			}
			t.Run(fmt.Sprintf("%v in call %d", with, n), func(t *testing.T) { job(t, arm) })
			if name == "" {
				if n < 10 {
					t.Fatalf("only %d calls were made to fail", n-1)
				}
				break
			}
		}
	}
}

// readable checks that another program can read every record of a journal, and returns
// them.
func readable(t *testing.T, folder string) []journal.Record {
	t.Helper()
	records, errs := (&journal.Journal{Folder: folder}).Records()
	if len(errs) > 0 {
		t.Errorf("the journal cannot be read: %v", errs)
	}
	return records
}

// F01 F02 F04: at every file call of the export.
func TestWhateverFileCallOfTheExportFailsTheRequestIsWholeOrAbsent(t *testing.T) {
	eachCallFails(t, func(t *testing.T, arm func() func()) {
		b, _ := withJournal(t)
		path := filepath.Join(t.TempDir(), "a.req")
		restore := arm()
		made, err := b.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID, Targets: []Target{{Kind: RequestFile, Path: path}}})
		restore()
		held, _ := os.ReadFile(path)
		switch {
		case err != nil && held != nil:
			t.Errorf("it failed with %v, and the file is there", err)
		case err == nil && string(held) != made.Encode():
			t.Errorf("it ended well, and the file holds %q", held)
		}
		records := readable(t, b.Journal.Folder)
		if err != nil && len(records) > 0 {
			t.Errorf("what was not written is in the history: %v", records[0].Events)
		}
		durable.Sweep(filepath.Dir(path)) // a file that could not be removed; the next start does the same
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) > 1 {
			t.Errorf("%v were left", entries)
		}
	})
}

// F01 F02: at every file call of the submission.
func TestWhateverFileCallOfTheSubmissionFailsItIsSentOnceAndTheAnswerIsTold(t *testing.T) {
	eachCallFails(t, func(t *testing.T, arm func() func()) {
		b, _ := withJournal(t)
		path := filepath.Join(t.TempDir(), "a.req")
		b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: path}}})
		one := b.Inspect(context.Background(), []Input{{Name: path}})[0]
		restore := arm()
		s := b.Submit(context.Background(), one, Submit{})
		restore()
		if s.Outcome != request.Released || len(b.wire.Sent()) != 1 {
			t.Errorf("%s, %v; sent %d times", s.Outcome, s.Err, len(b.wire.Sent()))
		}
		records := readable(t, b.Journal.Folder)
		if len(records) != 1 || !slices.Contains([]request.State{request.Exported, request.Unknown, request.Released}, records[0].State()) {
			t.Fatalf("the journal has %v", records)
		}
		if records[0].State() != request.Released && len(s.Warnings) == 0 {
			t.Errorf("the record says %s, and nobody was told", records[0].State())
		}
	})
}

// F11: a medium without owners, such as FAT as it is often mounted.
func TestAFileThatTheMediumLetsOthersReadIsWarnedOf(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("its files have no modes")
	}
	b, _ := withJournal(t)
	path := filepath.Join(t.TempDir(), "a.req")
	defer durable.Inject(func(call string) error {
		if call == "sync folder" { // the file has the permissions that the medium gives it
			return os.Chmod(path, 0o644)
		}
		return nil
	})()
	made := b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: path}}})
	if !slices.ContainsFunc(made.Warnings, func(w words.Phrase) bool { return w.Key == "app.warn.exposed" }) {
		t.Errorf("warned of %v", made.Warnings)
	}
}
