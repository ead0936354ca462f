package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"

	"handback/app/document"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// Receipt is what goes back to the computer on which a request was made: that it was
// submitted, and what the License API answered. It is read from a record's file, or from
// the brief form that a person can type.
type Receipt struct {
	Digest Digest  // of the request
	Events []Event // the submissions and their answers
	Record *Record // the whole record; nil if the receipt was read from its brief form
}

// Digest is the first 80 bits of the SHA-256 of a request's JSON. The check code shows
// the first 60 of them.
type Digest [10]byte

func digest(r *request.Request) (d Digest) {
	sum := sha256.Sum256(r.JSON())
	copy(d[:], sum[:])
	return d
}

// CheckCode returns the check code of the request that the receipt is for.
func (r Receipt) CheckCode() string { return request.CheckCode(r.Digest[:]) }

// Outcome returns the event that says what became of the request: a release, even if
// other answers came later, else the last answer. It is zero if there is none.
func (r Receipt) Outcome() Event { return outcomeOf(r.Events) }

// Describe returns the receipt for people, in the time zone of the computer.
func (r Receipt) Describe(w *words.Words) string {
	headline := saidBy(r.Outcome(), w)
	if r.Record != nil {
		return r.Record.text(w, headline, local(w))
	}
	return headline + "\n" + r.Outcome().text(w, local(w)) + "\n" + w.Text("journal.no_proof") + "\n"
}

// ErrNoAnswer means that a record has no answer yet, so that no receipt can be made of it.
var ErrNoAnswer = fault.New(fault.Input, "journal.no_answer")

// MakeReceipt returns the receipt of a request that was submitted from this computer: its
// submissions and answers, without those that come from other receipts. It fails with
// ErrNoAnswer if there was no answer.
func (r Record) MakeReceipt() (Receipt, error) {
	receipt := Receipt{Record: &r}
	for _, e := range r.Events {
		if !e.FromReceipt && (e.What.IsAnswer() || e.What == request.Submitting || e.What == request.NotSent) {
			receipt.Events = append(receipt.Events, e)
		}
	}
	if receipt.Outcome().What == "" {
		return Receipt{}, ErrNoAnswer
	}
	receipt.Digest = digest(r.Request)
	return receipt, nil
}

// ParseReceipt reads a record's file as a receipt. It fails like [Parse], with ErrNoAnswer,
// and with [document.ErrContradicts] if the file's text for people does not say the same
// as its machine-readable part.
func ParseReceipt(file []byte) (Receipt, error) {
	if len(file) > maxBytes {
		return Receipt{}, document.ErrDamaged.Because(fault.New(fault.Input, "reason.too_large"))
	}
	people, machine, err := parts(file)
	if err != nil {
		return Receipt{}, err
	}
	r, err := machine.record()
	if err != nil {
		return Receipt{}, err
	}
	for _, language := range words.Languages() {
		if people == r.people(words.For(language), machine.Tool) {
			return r.MakeReceipt()
		}
	}
	return Receipt{}, document.ErrContradicts
}

// IsOf reports whether the file at path is an undamaged record of r.
func IsOf(path string, r *request.Request) bool {
	file, err := durable.Read(path, maxBytes)
	if err != nil {
		return false
	}
	found, err := Parse(file)
	return err == nil && digest(found.Request) == digest(r)
}

// briefBytes is the size of a receipt's brief form: the digest, the number of the outcome
// (from 1, its place in [request.Answers]), the time of the answer in seconds since 1970,
// and the status of the HTTP reply, 0 for none. Numbers are big-endian.
const briefBytes = len(Digest{}) + 1 + 4 + 2

// Brief returns the receipt's brief form, of 17 bytes, for carry.BriefLines. It has the
// outcome, its time and the HTTP status, but not the server's message.
func (r Receipt) Brief() []byte {
	outcome := r.Outcome()
	brief := append(r.Digest[:], byte(1+slices.Index(request.Answers(), outcome.What)))
	brief = binary.BigEndian.AppendUint32(brief, uint32(outcome.At.Unix()))
	return binary.BigEndian.AppendUint16(brief, uint16(outcome.Status))
}

// ParseBrief reads a receipt's brief form. It fails with [document.ErrDamaged].
func ParseBrief(brief []byte) (Receipt, error) {
	if len(brief) != briefBytes {
		return Receipt{}, document.ErrDamaged.Because(fault.New(fault.Input, "reason.length"))
	}
	rest := bytes.NewBuffer(brief)
	var r Receipt
	copy(r.Digest[:], rest.Next(len(r.Digest)))
	number := int(rest.Next(1)[0])
	if number < 1 || number > len(request.Answers()) {
		return Receipt{}, document.ErrDamaged.Because(fault.New(fault.Input, "reason.no_outcome"))
	}
	at := time.Unix(int64(binary.BigEndian.Uint32(rest.Next(4))), 0).UTC()
	r.Events = []Event{{At: at, What: request.Answers()[number-1], Status: int(binary.BigEndian.Uint16(rest.Next(2)))}}
	return r, nil
}

// ErrFuture means that a receipt has an event with a time in the future.
var ErrFuture = fault.New(fault.Input, "journal.receipt_future")

// maxClockLead is how far the clock of the computer that wrote a receipt may be ahead of
// this computer's.
const maxClockLead = 15 * time.Minute

// ApplyReceipt adds the events of a receipt to the request's record, marked as coming
// from a receipt, and returns the record. Events that the record has already are not added
// again. It fails with ErrNoRecord if the request is not in this journal, with ErrFuture
// if the receipt is dated more than 15 minutes ahead, and like [Journal.Note].
func (j *Journal) ApplyReceipt(r Receipt) (Record, error) {
	for _, e := range r.Events {
		if e.At.Sub(j.Now()) > maxClockLead {
			return Record{}, ErrFuture.With("date", e.At, "now", j.Now())
		}
	}
	of := j.requestOf(r)
	if of == nil {
		return Record{}, ErrNoRecord.With("name", r.CheckCode())
	}
	locked, err := j.Lock(context.Background(), of)
	if err != nil {
		return Record{}, err
	}
	defer locked.Unlock()
	record, _ := locked.Record() // requestOf has moved a damaged one already
	var news []Event
	for _, e := range r.Events {
		e.At = e.At.UTC().Truncate(time.Second) // as Add stores it
		known := func(k Event) bool { return k.What == e.What && k.Holds == e.Holds && k.At.Equal(e.At) }
		if !slices.ContainsFunc(record.Events, known) {
			e.FromReceipt = true
			news = append(news, e)
		}
	}
	if len(news) == 0 {
		return record, nil
	}
	err = locked.Add(record.Practice, news...)
	record, _ = locked.Record()
	return record, err
}

// requestOf returns the request in this journal that a receipt is for, or nil.
func (j *Journal) requestOf(r Receipt) *request.Request {
	if r.Record != nil {
		if known := j.Known(r.Record.Request); known.Request != nil && digest(known.Request) == r.Digest {
			return known.Request
		}
	}
	for one := range j.withCode(normalize(r.CheckCode())) {
		if one.Request != nil && digest(one.Request) == r.Digest {
			return one.Request
		}
	}
	return nil
}
