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

// Receipt is what goes back to the computer on which a request was made: that it
// was submitted, and what the License API answered. It is a record, or the few
// bytes of one that a person can type.
type Receipt struct {
	Digest Digest
	Events []Event // of the submissions and their answers
	Record *Record // the whole record; nil where only a few bytes came back
}

// Digest is the beginning of the SHA-256 of a request's JSON, of which the check
// code shows the first 60 bits.
type Digest [10]byte

// digest is the Digest of a request.
func digest(r *request.Request) (d Digest) {
	sum := sha256.Sum256(r.JSON())
	copy(d[:], sum[:])
	return d
}

// CheckCode is the check code of the request that the receipt is for.
func (r Receipt) CheckCode() string { return request.CheckCode(r.Digest[:]) }

// Outcome returns what became of the request: that it was released, whatever came
// later, else the last answer. It is zero where there is none.
func (r Receipt) Outcome() Event { return outcomeOf(r.Events) }

// Words returns the receipt for people, in the time zone of the computer.
func (r Receipt) Words(w *words.Words) string {
	headline := saidBy(r.Outcome(), w)
	if r.Record != nil {
		return r.Record.text(w, headline, local(w))
	}
	return headline + "\n" + r.Outcome().text(w, local(w)) + "\n" + w.Text("journal.no_proof") + "\n"
}

// ErrNoAnswer says that a record has no answer yet: it is no receipt.
var ErrNoAnswer = fault.New(fault.Input, "journal.no_answer")

// MakeReceipt returns what a record says to the computer on which the request was made: what
// was seen where the record was kept, and not what other receipts say. It fails with
// ErrNoAnswer.
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

// ParseReceipt reads a record's file as a receipt. It fails with
// document.ErrContradicts where the file says something else to people.
func ParseReceipt(file []byte) (Receipt, error) {
	if len(file) > MaxBytes {
		return Receipt{}, document.ErrDamaged.Because(fault.New(fault.Input, "reason.too_large"))
	}
	people, kept, err := parts(file)
	if err != nil {
		return Receipt{}, err
	}
	r, err := kept.record()
	if err != nil {
		return Receipt{}, err
	}
	for _, language := range words.Languages() {
		if people == r.people(words.For(language), kept.Tool) {
			return r.MakeReceipt()
		}
	}
	return Receipt{}, document.ErrContradicts
}

// IsOf tells whether a file is a whole record of a request.
func IsOf(path string, r *request.Request) bool {
	file, err := durable.Read(path, MaxBytes)
	if err != nil {
		return false
	}
	found, err := Parse(file)
	return err == nil && digest(found.Request) == digest(r)
}

// briefBytes is the size of a receipt in its brief form: the digest, the number
// of the outcome, the time of the answer in seconds since 1970, and the status of
// the HTTP reply, 0 for none.
const briefBytes = len(Digest{}) + 1 + 4 + 2

// Brief is the receipt in a few bytes, for carry.BriefLines: its outcome alone,
// without the server's words.
func (r Receipt) Brief() []byte {
	said := r.Outcome()
	brief := append(r.Digest[:], byte(1+slices.Index(request.Answers(), said.What)))
	brief = binary.BigEndian.AppendUint32(brief, uint32(said.At.Unix()))
	return binary.BigEndian.AppendUint16(brief, uint16(said.Status))
}

// ParseBrief reads a receipt's brief form. It fails with document.ErrDamaged.
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

// ErrFuture says that a receipt tells of what has not happened yet.
var ErrFuture = fault.New(fault.Input, "journal.receipt_future")

// futureAfter is how far the clock of the computer that wrote a receipt may be ahead of
// this one's.
const futureAfter = 15 * time.Minute

// ApplyReceipt notes in a request's record what a receipt says. What is in it already
// stays as it is. It fails with ErrNoRecord where the request is not of this
// journal, and with ErrFuture.
func (j *Journal) ApplyReceipt(r Receipt) (Record, error) {
	for _, e := range r.Events {
		if e.At.Sub(j.Now()) > futureAfter {
			return Record{}, ErrFuture.With("date", e.At, "now", j.Now())
		}
	}
	of := j.requestOf(r)
	if of == nil {
		return Record{}, ErrNoRecord.With("name", r.CheckCode())
	}
	held, err := j.Hold(context.Background(), of)
	if err != nil {
		return Record{}, err
	}
	defer held.Release()
	record, _ := held.Record() // a damaged one was set aside when it was looked for
	var news []Event
	for _, e := range r.Events {
		e.At = e.At.UTC().Truncate(time.Second) // as Add writes it
		known := func(k Event) bool { return k.What == e.What && k.At.Equal(e.At) }
		if !slices.ContainsFunc(record.Events, known) {
			e.FromReceipt = true
			news = append(news, e)
		}
	}
	if len(news) == 0 {
		return record, nil
	}
	err = held.Add(record.Practice, news...)
	record, _ = held.Record()
	return record, err
}

// requestOf returns the request of this journal that a receipt is for; nil where it has
// none.
func (j *Journal) requestOf(r Receipt) *request.Request {
	if r.Record != nil {
		if known := j.Known(r.Record.Request); known.Request != nil && digest(known.Request) == r.Digest {
			return known.Request
		}
	}
	all, _ := j.Records()
	if i := slices.IndexFunc(all, func(one Record) bool { return digest(one.Request) == r.Digest }); i >= 0 {
		return all[i].Request
	}
	return nil
}
