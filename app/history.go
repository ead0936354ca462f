package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// keep notes a request that was just made, with the files it was written into.
func (a *App) keep(c *Created, files []File) {
	c.kept = true
	a.note(c, append([]journal.Event{{What: string(journal.Created)}}, exports(files)...)...)
}

// note adds to a request's record. A journal that cannot be written is told, and
// stops nobody.
func (a *App) note(c *Created, events ...journal.Event) {
	if err := a.Journal.Note(c.Request, a.Profile.Practice, events...); err != nil {
		c.Warnings = append(c.Warnings, phrases(err)...)
	}
}

func exports(files []File) []journal.Event {
	var all []journal.Event
	for _, f := range files {
		all = append(all, journal.Event{What: string(journal.Exported), Kind: string(f.Kind), Path: f.Path, Bytes: f.Bytes, SHA256: f.SHA256})
	}
	return all
}

// phrases are the texts of the faults in an error.
func phrases(err error) []words.Phrase {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []words.Phrase
		for _, one := range joined.Unwrap() {
			all = append(all, phrases(one)...)
		}
		return all
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return []words.Phrase{words.Say(f.Key, f.Pairs...)}
	}
	return nil
}

// attempt is one submission of a request, from before it leaves until it is
// noted what became of it.
type attempt struct {
	held     *journal.Held
	practice bool
	lost     bool // the answer to an earlier one was lost
}

// begin notes that a request is about to leave. It fails where another program
// has submitted it in the meantime, or still does.
func (a *App) begin(ctx context.Context, s *Submission, job Submit) (*attempt, error) {
	before := a.Journal.Known(s.Request)
	held, err := a.Journal.Hold(ctx, s.Request)
	if err != nil {
		return nil, err
	}
	record, err := held.Record()
	s.Warnings = append(s.Warnings, phrases(err)...)
	if record.Submissions() > before.Submissions() {
		held.Release()
		return nil, journal.ErrBusy
	}
	if record.Answered() {
		s.Warnings = append(s.Warnings, words.Say("app.warn.released_before", "date", at(record.Last(journal.Released))))
	}
	err = held.Add(a.Profile.Practice, journal.Event{What: string(journal.Submitting), Endpoint: cmp.Or(job.Endpoint, a.Profile.Server.Endpoint)})
	s.Warnings = append(s.Warnings, phrases(err)...)
	return &attempt{held, a.Profile.Practice, record.Lost()}, nil
}

// end notes what became of it.
func (t *attempt) end(s *Submission) {
	answer := s.Answer
	err := t.held.Add(t.practice, journal.Event{What: string(answer.Outcome), Status: answer.Status, Code: answer.Code, Message: answer.Message,
		ServerDate: answer.ServerDate, Issuer: answer.Issuer})
	s.Warnings = append(s.Warnings, phrases(err)...)
}

func at(e journal.Event) string { return e.At.UTC().Format(time.DateTime + " UTC") }

// errNoRecord and errSeveralRecords say that a name stands for no request of the
// journal, or for more than one.
var (
	errNoRecord       = fault.New(fault.Usage, "app.no_record")
	errSeveralRecords = fault.New(fault.Usage, "app.several_records")
)

// History are the requests of the journal, those first to which something
// happened last, and what could not be read of it.
func (a *App) History() ([]journal.Record, []error) { return a.Journal.Records() }

// Recorded finds the request of the journal that a person means by its check
// code, or by the beginning of its request ID.
func (a *App) Recorded(named string) (journal.Record, error) {
	records, _ := a.History()
	meant := strings.ToLower(named)
	records = slices.DeleteFunc(records, func(r journal.Record) bool {
		return strings.ToLower(r.Request.CheckCode()) != meant && (len(meant) < 4 || !strings.HasPrefix(strings.ToLower(r.Request.RequestID), meant))
	})
	switch len(records) {
	case 0:
		return journal.Record{}, fault.New(fault.Usage, errNoRecord.Key, "name", named)
	case 1:
		return records[0], nil
	}
	return journal.Record{}, fault.New(fault.Usage, errSeveralRecords.Key, "name", named)
}

// Kept makes a request of the journal ready for Export, byte for byte as it was.
func Kept(r *request.Request) *Created {
	c := Carried(r)
	c.kept = true
	return c
}
