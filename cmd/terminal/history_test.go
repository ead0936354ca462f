package terminal

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handback/app"
	"handback/app/journal"
	"handback/app/journal/journaltest"
	"handback/app/words"
)

// What was found is printed while the rest is read.
func TestTheListPrintsWhatItFoundBeforeAllIsRead(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "journal")
	journaltest.Fill(t, folder, 300)
	records, errs := (&journal.Journal{Folder: folder}).Records()
	if errs != nil {
		t.Fatal(errs)
	}
	var out bytes.Buffer
	h := &History{Terminal: &Terminal{Err: io.Discard, Words: words.English()}}
	rows := func() int { return strings.Count(out.String(), "\n") }
	count := h.printTable(&out, func(yield func(journal.Record) bool) {
		for i, r := range records {
			if i == firstRows+1 && rows() < firstRows {
				t.Errorf("%d rows are printed after %d records", rows(), i)
			}
			if !yield(r) {
				return
			}
		}
	}, app.RecordFilter{})
	if count != 300 || rows() != 300 {
		t.Errorf("%d records, %d rows", count, rows())
	}
	out.Reset()
	h.printTable(&out, func(yield func(journal.Record) bool) {
		yield(records[0])
		time.Sleep(firstWait + 10*time.Millisecond)
		yield(records[1])
		if rows() != 1 {
			t.Errorf("%d rows are printed while the others are looked for", rows())
		}
	}, app.RecordFilter{License: records[0].Request.LicenseKey})
}
