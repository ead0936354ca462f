package app

import (
	"encoding/csv"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"

	"handback/app/durable"
	"handback/app/journal"
	"handback/app/words"
)

// WriteCSV writes records as a table for spreadsheets, one after another: comma-separated
// (RFC 4180), in UTF-8 with a byte order mark, without which Excel assumes another
// encoding.
func WriteCSV(to io.Writer, records iter.Seq[journal.Record], w *words.Words) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	rows := csv.NewWriter(to)
	rows.UseCRLF = true // RFC 4180
	row := make([]string, len(csvColumns))
	for i, column := range csvColumns {
		row[i] = w.Text("csv." + column.name)
	}
	err := rows.Write(row)
	for r := range records {
		if err != nil {
			return err
		}
		for i, column := range csvColumns {
			row[i] = cell(column.of(r, w))
		}
		err = rows.Write(row)
	}
	rows.Flush()
	return rows.Error()
}

// csvColumns has the columns, with the end of the key of their heading.
var csvColumns = []struct {
	name string
	of   func(journal.Record, *words.Words) string
}{
	{"check_code", func(r journal.Record, _ *words.Words) string { return r.Request.CheckCode() }},
	{"request_id", func(r journal.Record, _ *words.Words) string { return r.Request.RequestID }},
	{"touched", func(r journal.Record, _ *words.Words) string { return r.Updated().Format(time.RFC3339) }},
	{"state", func(r journal.Record, w *words.Words) string { return r.Label(w) }},
	{"practice", func(r journal.Record, w *words.Words) string {
		return map[bool]string{true: w.Text("cmd.yes")}[r.Practice]
	}},
	{"owner", func(r journal.Record, _ *words.Words) string { return r.Request.Owner() }},
	{"product", func(r journal.Record, _ *words.Words) string { return r.Request.Product }},
	{"hardware_id", func(r journal.Record, _ *words.Words) string { return r.Request.HardwareID }},
}

// CSVColumns returns the names of the columns.
func CSVColumns() (names []string) {
	for _, column := range csvColumns {
		names = append(names, column.name)
	}
	return names
}

// formulaStarts has the characters with which a formula begins in one spreadsheet or
// another.
const formulaStarts = "=+-@|%＝＋－＠｜％﹦﹢﹣﹫−"

// cell returns a text in which no spreadsheet finds a formula: the members of requests
// come from outside. A formula stands at the beginning of a field. Which character
// separates fields depends on the locale, but it is never a letter or digit, so one that
// follows a letter or digit begins no formula.
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

// SaveCSV writes the table to a new file, row by row: the file appears when it is whole. It
// fails with [durable.ErrExists] if the file exists, before it reads a record.
func SaveCSV(path string, records iter.Seq[journal.Record], w *words.Words) error {
	table, err := durable.NewStream(path, false)
	if err != nil {
		return err
	}
	defer table.Close()
	_ = WriteCSV(table, records, w) // Commit fails if this did
	return table.Commit()
}
