package journal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/journal"
	"handback/app/journal/journaltest"
	"handback/app/words"
)

func of(folder string) *journal.Journal {
	return &journal.Journal{Folder: folder, Words: words.English(), Tool: "Handback test", Now: time.Now}
}

// large returns the folder of a journal of 100,000 records: in the folder that
// HANDBACK_TEST_LARGE names, where it stays, or in a temporary one.
func large(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("HANDBACK_TEST_LARGE")
	if folder == "" {
		folder = t.TempDir()
	}
	folder = filepath.Join(folder, "journal")
	if _, err := os.Stat(folder); err != nil {
		journaltest.Fill(t, folder, 100_000)
	}
	return folder
}

// hardwareIDs returns those of the first records, in the order in which they are listed.
func hardwareIDs(t *testing.T, j *journal.Journal, most int) (ids []string) {
	t.Helper()
	for r, err := range j.All() {
		if err != nil {
			t.Fatal(err)
		}
		if ids = append(ids, r.Request.HardwareID); len(ids) == most {
			break
		}
	}
	return ids
}

func TestAListGoesOnAfterAnyRecord(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "journal")
	journaltest.Fill(t, folder, 5)
	var all []string
	for r := range of(folder).Readable() {
		all = append(all, journal.ID(r.Request))
	}
	after := map[string][]string{"": all, "none": all}
	for n, id := range all {
		after[id] = all[n+1:]
	}
	for id, want := range after {
		var got []string
		for one, err := range journal.EachAfter(of(folder), id, func(r journal.Record) string { return journal.ID(r.Request) }) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, one)
		}
		if !slices.Equal(got, want) {
			t.Errorf("after %q: %v, want %v", id, got, want)
		}
	}
}

func TestALargeJournalIsListedBeforeAllOfItIsRead(t *testing.T) {
	const count = 2000
	folder := filepath.Join(t.TempDir(), "journal")
	journaltest.Fill(t, folder, count)
	var oldest string
	for r := range of(folder).All() {
		oldest = filepath.Join(folder, journal.ID(r.Request)+".txt")
	}
	apptest.Write(t, oldest, "damaged")
	first := hardwareIDs(t, of(folder), 3)
	if want := []string{"workstation-1999", "workstation-1998", "workstation-1997"}; !slices.Equal(first, want) {
		t.Errorf("first are %v", first)
	}
	time.Sleep(50 * time.Millisecond) // for goroutines that would read on
	if _, err := os.Stat(oldest); err != nil {
		t.Error("all records were read for the first three")
	}
	errs, n := 0, 0
	for r, err := range of(folder).All() {
		if err != nil {
			errs++
		} else if r.Request.HardwareID != fmt.Sprint("workstation-", count-1-n) {
			t.Fatalf("record %d is %s", n, r.Request.HardwareID)
		}
		n++
	}
	if errs != 1 || n != count {
		t.Errorf("%d records, %d errors", n, errs)
	}
}

// What the audit chain does not have comes first, by the time of its file.
func TestRecordsWithoutALineAreListedByTheTimeOfTheirFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "journal")
	journaltest.Fill(t, folder, 40)
	chain := filepath.Join(folder, "audit")
	text, err := os.ReadFile(chain)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	apptest.Write(t, chain, strings.Join(lines[:30], ""))
	for i, line := range lines[30:40] { // the later, the older
		at := journaltest.Begin.Add(-time.Duration(i) * time.Hour)
		if err := os.Chtimes(filepath.Join(folder, strings.Fields(line)[2]+".txt"), at, at); err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	for n := range 10 {
		want = append(want, fmt.Sprint("workstation-", 30+n))
	}
	for n := range 30 {
		want = append(want, fmt.Sprint("workstation-", 29-n))
	}
	if got := hardwareIDs(t, of(folder), 0); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func BenchmarkLargeJournal(b *testing.B) {
	folder := large(b)
	b.Run("first record", func(b *testing.B) {
		for b.Loop() {
			for _, err := range of(folder).All() {
				if err != nil {
					b.Fatal(err)
				}
				break
			}
		}
	})
	b.Run("all records", func(b *testing.B) {
		for b.Loop() {
			n := 0
			for _, err := range of(folder).All() {
				if n++; err != nil {
					b.Fatal(err)
				}
			}
			if n != 100_000 {
				b.Fatal(n)
			}
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			if v, err := of(folder).Verify(""); err != nil || len(v.Findings) > 0 || v.Records != 100_000 {
				b.Fatal(v.Findings[:min(3, len(v.Findings))], err)
			}
		}
	})
}
