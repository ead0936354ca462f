package app

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"

	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// receipt writes the receipt of a request that was answered into the folder. An
// earlier receipt of the same request, which the new one holds, makes way; all else
// that lies there stays.
func (a *App) storeReceipt(r journal.Record, folder string) (path string, err error) {
	text := r.Text(a.Words, a.Journal.Tool)
	for _, name := range receiptNames(r) {
		path = filepath.Join(folder, name)
		if err = durable.Write(path, text, journal.IsOf(path, r.Request)); !errors.Is(err, durable.ErrExists) && !errors.Is(err, durable.ErrNotRegular) {
			break
		}
	}
	if err != nil {
		return "", err
	}
	if err := a.flushDrive(path); err != nil {
		return path, err
	}
	return filepath.Abs(path)
}

// receiptNames returns the names for a receipt's file, in the order in which they are
// tried: that of the request ID, which many requests lack; that of the check code, which
// hardly any two share; and one that nobody can have taken.
func receiptNames(r journal.Record) []string {
	name := carry.FileName(r.Request.RequestID, carry.ReceiptEnding)
	stem := strings.TrimSuffix(name, string(carry.ReceiptEnding))
	coded := stem + "-" + r.Request.CheckCode()
	return []string{name, coded + string(carry.ReceiptEnding), coded + "-" + rand.Text() + string(carry.ReceiptEnding)}
}

// SaveReceipt writes the receipt of a request into a folder, under the proposed
// name or one beside it.
func (a *App) SaveReceipt(r journal.Record, folder string) (path string, err error) {
	if _, err := r.MakeReceipt(); err != nil {
		return "", err
	}
	return a.storeReceipt(r, folder)
}

// keepReceipt writes the receipt of a submission that was tried: into the folder
// that was asked for, else beside the request's file. The license is what counts,
// so one that cannot be written is a warning.
func (a *App) addReceipt(s *Submission, job Submit, record journal.Record) {
	s.Record = record
	folder := job.Receipts
	if folder == "" {
		folder = s.Folder
	}
	if folder == "" || s.Outcome == request.NotSent {
		return
	}
	var err error
	if s.Receipt, err = a.storeReceipt(record, folder); err != nil {
		s.Warnings = append(s.Warnings, words.Say("app.warn.no_receipt"))
		s.Warnings = append(s.Warnings, phrases(err)...)
	}
}

// ReceiptLines are a receipt to be typed where nothing but paper is let in: two
// lines. Their text, a line each, is also what the receipt's code holds.
func ReceiptLines(r journal.Receipt) []string { return carry.BriefLines(r.Brief()) }

// ReceiptCode is a receipt as a QR code.
func ReceiptCode(r journal.Receipt) (*carry.Code, error) {
	return carry.NewCode(strings.Join(ReceiptLines(r), "\n"))
}

// ApplyReceipt notes in the journal what a receipt says became of a request of this
// computer.
func (a *App) ApplyReceipt(one Inspection) (journal.Record, error) {
	switch {
	case one.Err != nil:
		return journal.Record{}, one.Err
	case one.Receipt == nil:
		return journal.Record{}, fault.New(fault.Input, "app.no_receipt")
	}
	return a.Journal.ApplyReceipt(*one.Receipt)
}

// WriteReceipt writes a record as a receipt into a file, and as a code into a
// picture; an empty path is passed over. When the second fails, the first is
// removed again.
func WriteReceipt(r journal.Record, w *words.Words, tool, output, qr string) ([]File, error) {
	receipt, err := r.MakeReceipt()
	if err != nil {
		return nil, err
	}
	var outputs []outputFile
	if output != "" {
		outputs = append(outputs, outputFile{ReceiptFile, output, r.Text(w, tool)})
	}
	if qr != "" {
		draw, err := drawingFor(qr)
		if err != nil {
			return nil, err
		}
		code, err := ReceiptCode(receipt)
		if err != nil {
			return nil, err
		}
		picture, err := draw(code)
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, outputFile{QRFile, qr, picture})
	}
	return writeAll(outputs, false)
}
