package app

import (
	"context"
	"errors"
	"time"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// keep notes a request that was just made, with the files it was written into.
func (a *App) keep(c *Outgoing, files []File) {
	c.kept = true
	a.note(c, append([]journal.Event{{What: request.Created}}, exports(files)...)...)
}

// note adds to a request's record. A journal that cannot be written is told, and
// stops nobody.
func (a *App) note(c *Outgoing, events ...journal.Event) {
	if err := a.Journal.Note(c.Request, a.Profile.Practice, events...); err != nil {
		c.Warnings = append(c.Warnings, phrases(err)...)
	}
}

func exports(files []File) []journal.Event {
	var all []journal.Event
	for _, f := range files {
		all = append(all, journal.Event{What: request.Exported, Kind: string(f.Kind), Path: f.Path, Bytes: f.Bytes, SHA256: f.SHA256})
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

// begin notes that a request is about to leave. There is no attempt where something
// happened to the request since it was inspected, here or in another program, or where
// another one is sending it: s says what, and an error why it stopped.
func (a *App) begin(ctx context.Context, s *Submission, job Submit, sent *request.Request) (*attempt, error) {
	held, err := a.Journal.Hold(ctx, s.Request)
	if err != nil {
		return nil, err
	}
	record, err := held.Record()
	s.Warnings = append(s.Warnings, phrases(err)...)
	if record.Tries() != s.Known.Tries() {
		held.Release()
		s.Known = record
		if before := a.passOver(s.Inspection, job); before != nil {
			before.Warnings = s.Warnings
			*s = *before
			return nil, nil
		}
		return nil, fault.New(fault.Connection, "app.meanwhile", "state", words.Say("journal.label."+string(record.State())))
	}
	leaving := journal.Event{What: request.Submitting, Endpoint: a.endpoint(job)}
	if sent != s.Request {
		leaving.Sent = sent.Encode()
	}
	err = held.Add(a.Profile.Practice, leaving)
	s.Warnings = append(s.Warnings, phrases(err)...)
	return &attempt{held, a.Profile.Practice, record.At(a.endpoint(job)).Lost()}, nil
}

// end notes what became of it, and gives the record.
func (t *attempt) end(s *Submission) journal.Record {
	answer := s.Answer
	what := answer.Outcome
	if answer.Outcome == request.Cancelled {
		what = request.NotSent
	}
	err := t.held.Add(t.practice, journal.Event{What: what, Status: answer.Status, Code: answer.Code, Message: answer.Message,
		ServerDate: answer.ServerDate, Issuer: answer.Issuer})
	s.Warnings = append(s.Warnings, phrases(err)...)
	record, _ := t.held.Record() // read before
	return record
}

// Each says that a request was released before. What is passed over for that says so
// itself.
const (
	warnReleased  = "app.warn.released_before"
	warnPracticed = "app.warn.practice_before"
)

// before says what became of a request when it was submitted from this computer.
func before(record journal.Record) []words.Phrase {
	at := func(what request.State) time.Time { return record.Last(what).At }
	if record.Answered() {
		key := warnReleased
		if record.Practice {
			key = warnPracticed
		}
		return []words.Phrase{words.Say(key, "date", at(request.Released))}
	}
	var warnings []words.Phrase
	if record.Lost() {
		warnings = append(warnings, words.Say("app.warn.lost_before", "date", at(request.Unknown)))
	}
	if said := record.Said(); said.What == request.Released {
		warnings = append(warnings, words.Say("app.warn.released_receipt", "date", said.At))
	}
	return warnings
}

// OutgoingOf makes a request of the journal ready for Export, byte for byte as it was.
// It has to be one of this profile.
func (a *App) OutgoingOf(r journal.Record) (*Outgoing, error) {
	if !own(a.Profile, r.Request) {
		return nil, fault.New(fault.Usage, "app.another_profile", "profile", a.Profile.Name)
	}
	c := NewOutgoing(r.Request)
	c.kept = true
	return c, nil
}

// Unsent tells of a request that was not submitted from this computer, nor closed by a
// receipt.
func (a *App) Unsent(c *Outgoing) bool {
	state := a.Journal.Known(c.Request).State()
	return state == request.Created || state == request.Exported
}
