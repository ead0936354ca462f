package journal_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

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
