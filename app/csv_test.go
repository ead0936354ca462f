package app

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/durable"
	"handback/app/journal"
	"handback/app/words"
)

func tableOf(t *testing.T, records ...journal.Record) string {
	t.Helper()
	var table strings.Builder
	if err := WriteCSV(&table, slices.Values(records), words.English()); err != nil {
		t.Fatal(err)
	}
	return table.String()
}

func TestTheListForASpreadsheetHoldsNoFormula(t *testing.T) {
	b, _ := withJournal(t)
	p := b.Profile
	p.Product.AuthorizationMethod = ""
	made := b.create(t, Create{Username: "=cmd|' /C calc'!A0", HardwareID: "+1, \"two\""})
	text := tableOf(t, b.Journal.Known(made.Request))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v, %v", rows, err)
	}
	want := []string{made.CheckCode(), made.RequestID, today.Format("2006-01-02T15:04:05Z"), "made", "", "'=cmd|' /C calc'!A0", "acmecad", "'+1, \"two\""}
	if diff := cmp.Diff(want, rows[1]); diff != "" {
		t.Error(diff)
	}
}

// F72: no field begins a formula, whatever separates fields where the table is opened.
func TestNoFieldOfTheListBeginsAFormulaInAnyLocale(t *testing.T) {
	starts := []string{"=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠"}
	before := []string{"", " ", "\t", "\r", "\n", "\u00a0", "\u3000", "\u200b", "\"", "a;", "a; ", "a\t", "a|", "a,", "a:", "a;\"", "a\r\n", "a;\u200b"}
	for _, start := range starts {
		for _, lead := range before {
			text := lead + start + "cmd()"
			if !strings.Contains(cell(text), "'"+start+"cmd()") {
				t.Errorf("%q: %q", text, cell(text))
			}
		}
	}
	for _, plain := range []string{"GPYC-X5J2-L5SK-C3LK", "anna@example.com", "50%", "2026-11-20T09:30:00+01:00", "workstation-7"} {
		if got := cell(plain); got != plain {
			t.Errorf("%q became %q", plain, got)
		}
	}
}

// F88: the table has local times with their offset.
func TestTheListHasTheComputersOwnTime(t *testing.T) {
	before := time.Local
	time.Local = time.FixedZone("", -5*60*60)
	t.Cleanup(func() { time.Local = before })
	b, _ := withJournal(t)
	made := b.create(t, Create{})
	if text := tableOf(t, b.Journal.Known(made.Request)); !strings.Contains(text, "2026-11-30T19:00:00-05:00") {
		t.Error(text)
	}
}

func TestTheListIsSavedForWhatMatchesAndReplacesNothing(t *testing.T) {
	b, _ := withJournal(t)
	w := words.English()
	one, two := b.create(t, Create{HardwareID: "workstation-7"}), b.create(t, Create{Username: "anna@acme.example"})
	all := historyOf(t, b.App)
	for text, want := range map[string]int{"": 2, "workstation-7": 1, "ANNA": 1, one.CheckCode(): 1, "nobody": 0} {
		if found := matching(all, text, ""); len(found) != want {
			t.Errorf("%q: %d records", text, len(found))
		}
	}
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := SaveCSV(path, slices.Values([]journal.Record{b.Journal.Known(two.Request)}), w); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), two.CheckCode()) || strings.Contains(string(text), one.CheckCode()) {
		t.Errorf("%s, %v", text, err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[0]) != len(CSVColumns()) {
		t.Errorf("%v, %v", rows, err)
	}
	if err := SaveCSV(path, slices.Values([]journal.Record{}), w); !errors.Is(err, durable.ErrExists) {
		t.Errorf("over another file: %v", err)
	}
}

// A list of any length is written row by row, and appears when it is whole.
func TestALongListIsWrittenPieceByPieceAndAppearsWhole(t *testing.T) {
	b, _ := withJournal(t)
	made := b.create(t, Create{})
	record, folder := b.Journal.Known(made.Request), t.TempDir()
	path, other, grown := filepath.Join(folder, "list.csv"), filepath.Join(folder, "other.csv"), false
	writing := path
	many := func(yield func(journal.Record) bool) {
		for range 5000 {
			if !yield(record) {
				return
			}
		}
		entries, _ := os.ReadDir(folder)
		for _, entry := range entries {
			info, err := entry.Info()
			grown = grown || err == nil && info.Size() > 100_000
			if entry.Name() == filepath.Base(writing) {
				t.Error("it is there already")
			}
		}
	}
	if err := SaveCSV(path, many, words.English()); err != nil {
		t.Fatal(err)
	}
	if !grown {
		t.Error("nothing was written before the end")
	}
	defer durable.Inject(func(name string) error {
		if name == "sync" {
			return syscall.EIO
		}
		return nil
	})()
	writing = other
	if err := SaveCSV(other, many, words.English()); !errors.Is(err, syscall.EIO) {
		t.Errorf("on a broken disk: %v", err)
	}
	if IsThere(other) || len(apptest.Names(t, folder)) != 1 {
		t.Errorf("it left %v", apptest.Names(t, folder))
	}
}
