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

// storeReceipt writes a record as a receipt to a folder. It replaces an earlier receipt of
// the same request, which the new one includes, and no other file.
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
// tried: one with the request ID, which many requests do not have; one with the check code,
// which hardly any two requests share; and a random one.
func receiptNames(r journal.Record) []string {
	name := carry.FileName(r.Request.RequestID, carry.ReceiptEnding)
	stem := strings.TrimSuffix(name, string(carry.ReceiptEnding))
	coded := stem + "-" + r.Request.CheckCode()
	return []string{name, coded + string(carry.ReceiptEnding), coded + "-" + rand.Text() + string(carry.ReceiptEnding)}
}

// SaveReceipt writes the receipt of a request to a folder, and returns its path. It fails
// with [journal.ErrNoAnswer] if there was no answer.
func (a *App) SaveReceipt(r journal.Record, folder string) (path string, err error) {
	if _, err := r.MakeReceipt(); err != nil {
		return "", err
	}
	return a.storeReceipt(r, folder)
}

// addReceipt writes the receipt of a submission that was tried: to the job's folder, else
// beside the request's file. A receipt that cannot be written is a warning, because the
// outcome is what counts. It returns the warnings.
func (a *App) addReceipt(s *Submission, job Submit, record journal.Record) (warnings []words.Phrase) {
	s.Record = record
	folder := job.Receipts
	if folder == "" {
		folder = s.Folder
	}
	if folder == "" || s.Outcome == request.NotSent {
		return nil
	}
	var err error
	if s.ReceiptPath, err = a.storeReceipt(record, folder); err != nil {
		return append([]words.Phrase{words.Say("app.warn.no_receipt")}, phrases(err)...)
	}
	return nil
}

// ReceiptLines returns a receipt as two lines that a person can type, for computers that
// only paper gets to. The receipt's code has the same lines.
func ReceiptLines(r journal.Receipt) []string { return carry.BriefLines(r.Brief()) }

// ReceiptCode returns a receipt as a QR code.
func ReceiptCode(r journal.Receipt) (*carry.Code, error) {
	return carry.NewCode(strings.Join(ReceiptLines(r), "\n"))
}

var errNoReceipt = fault.New(fault.Input, "app.no_receipt")

// ApplyReceipt adds what a receipt says to the record of its request, and returns the
// record; see [journal.Journal.ApplyReceipt].
func (a *App) ApplyReceipt(one Inspection) (journal.Record, error) {
	switch {
	case one.Err != nil:
		return journal.Record{}, one.Err
	case one.Receipt == nil:
		return journal.Record{}, errNoReceipt
	}
	return a.Journal.ApplyReceipt(*one.Receipt)
}

// WriteReceipt writes a record as a receipt to the file output, and as a QR code to the
// picture qr. An empty path means none. If one cannot be written, neither is.
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
