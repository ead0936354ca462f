package app

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/journal"
	"handback/app/words"
)

func TestTheListForASpreadsheetHoldsNoFormula(t *testing.T) {
	b, _ := kept(t)
	p := b.Profile
	p.Product.AuthorizationMethod = ""
	made := b.create(t, Create{Username: "=cmd|' /C calc'!A0", HardwareID: "+1, \"two\""})
	text := string(CSV([]journal.Record{b.Journal.Known(made.Request)}, words.English()))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v, %v", rows, err)
	}
	want := []string{made.CheckCode(), made.RequestID, today.Format("2006-01-02T15:04:05Z"), "made", "", "'=cmd|' /C calc'!A0", "acmecad", "'+1, \"two\""}
	if diff := cmp.Diff(want, rows[1]); diff != "" {
		t.Error(diff)
	}
}
