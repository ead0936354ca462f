package app

import (
	"path/filepath"
	"testing"
	"time"

	"handback/app/journal/journaltest"
	"handback/app/words"
)

func BenchmarkHistory(b *testing.B) {
	const count = 5000
	home := b.TempDir()
	journaltest.Fill(b, filepath.Join(home, "journal"), count)
	a := &App{Words: words.English(), Journal: Journal(home, words.English(), time.Now)}
	for b.Loop() {
		for _, err := range a.History() {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
