package app

import (
	"bytes"
	"encoding/csv"
	"strings"
	"time"
	"unicode"

	"handback/app/durable"
	"handback/app/journal"
	"handback/app/words"
)

// CSV is a list of records for a spreadsheet: comma-separated, in UTF-8 with a byte
// order mark, without which Excel takes it for something else.
func CSV(records []journal.Record, w *words.Words) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	rows := csv.NewWriter(&b)
	rows.UseCRLF = true // RFC 4180
	head := []string{}
	for _, column := range csvColumns {
		head = append(head, w.Text("csv."+column.name))
	}
	_ = rows.Write(head) // a buffer takes all
	for _, r := range records {
		var row []string
		for _, column := range csvColumns {
			row = append(row, cell(column.of(r, w)))
		}
		_ = rows.Write(row)
	}
	rows.Flush()
	return b.Bytes()
}

// csvColumns are the columns, by the key of their heading.
var csvColumns = []struct {
	name string
	of   func(journal.Record, *words.Words) string
}{
	{"check_code", func(r journal.Record, _ *words.Words) string { return r.Request.CheckCode() }},
	{"request_id", func(r journal.Record, _ *words.Words) string { return r.Request.RequestID }},
	{"touched", func(r journal.Record, _ *words.Words) string { return r.Touched().Format(time.RFC3339) }},
	{"state", func(r journal.Record, w *words.Words) string { return r.Label(w) }},
	{"practice", func(r journal.Record, w *words.Words) string {
		return map[bool]string{true: w.Text("cmd.yes")}[r.Practice]
	}},
	{"owner", func(r journal.Record, _ *words.Words) string { return r.Request.Owner() }},
	{"product", func(r journal.Record, _ *words.Words) string { return r.Request.Product }},
	{"hardware_id", func(r journal.Record, _ *words.Words) string { return r.Request.HardwareID }},
}

// CSVColumns are the names of the columns.
func CSVColumns() (names []string) {
	for _, column := range csvColumns {
		names = append(names, column.name)
	}
	return names
}

// formulaStarts are the characters that a formula can begin with, in some spreadsheet.
const formulaStarts = "=+-@|%＝＋－＠｜％﹦﹢﹣﹫−"

// cell returns a text in which no spreadsheet finds a formula: what a request says comes
// from outside. A formula stands at the beginning of a field, and which character ends
// the field before it depends on the locale; but none takes a letter or digit for one.
func cell(text string) string {
	var b strings.Builder
	inWord := false
	for _, r := range text {
		if !inWord && strings.ContainsRune(formulaStarts, r) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		inWord = unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return words.Visible(b.String(), 500)
}

// SaveCSV writes the list into a file that is not there yet.
func SaveCSV(path string, records []journal.Record, w *words.Words) error {
	return durable.Write(path, CSV(records, w), false)
}

// Matching returns the records in which a person finds a text.
func Matching(records []journal.Record, text string, w *words.Words) (found []journal.Record) {
	for _, r := range records {
		if r.Matches(text, w) {
			found = append(found, r)
		}
	}
	return found
}
