package app

import (
	"cmp"
	"context"
	"slices"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/words"
)

// attempt is one submission of a request, from before it leaves until it is
// noted what became of it.
type attempt struct {
	locked   *journal.LockedRecord
	practice bool
	lost     bool // the answer to an earlier one was lost
}

// begin notes that a request is about to leave. There is no attempt where something
// happened to the request since it was inspected, here or in another program, or where
// another one is sending it: s says what, and an error why it stopped.
func (a *App) begin(ctx context.Context, s *Submission, job Submit, sent *request.Request) (*attempt, error) {
	locked, err := a.Journal.Lock(ctx, s.Request)
	if err != nil {
		return nil, err
	}
	record, err := locked.Record()
	s.Warnings = append(s.Warnings, phrases(err)...)
	if record.Tries() != s.Known.Tries() {
		locked.Unlock()
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
	err = locked.Add(a.Profile.Practice, leaving)
	s.Warnings = append(s.Warnings, phrases(err)...)
	return &attempt{locked, a.Profile.Practice, record.At(a.endpoint(job)).Lost()}, nil
}

// end notes what became of it, and gives the record.
func (t *attempt) end(s *Submission) journal.Record {
	answer := s.Answer
	what := answer.Outcome
	if answer.Outcome == request.Cancelled {
		what = request.NotSent
	}
	err := t.locked.Add(t.practice, journal.Event{What: what, Status: answer.Status, Code: answer.Code, Message: answer.Message,
		ServerDate: answer.ServerDate, Issuer: answer.Issuer})
	s.Warnings = append(s.Warnings, phrases(err)...)
	record, _ := t.locked.Record() // read before
	return record
}

// endpoint is the License API's address that a job is sent to.
func (a *App) endpoint(job Submit) string { return cmp.Or(job.Endpoint, a.Profile.Server.Endpoint) }

// passOver is what becomes of a request that this computer saw released where it would
// be sent now: it counts as released, and is not sent again. It is nil for any other.
func (a *App) passOver(one Inspection, job Submit) *Submission {
	known := one.Known.At(a.endpoint(job))
	one.Warnings = slices.DeleteFunc(slices.Clone(one.Warnings), func(w words.Phrase) bool { return w.Key == warnReleased || w.Key == warnPracticed })
	if job.Again || !known.Answered() {
		return nil
	}
	released := known.Last(request.Released)
	return &Submission{Inspection: one, Practice: a.Profile.Practice, Hosts: a.Profile.Destination(job.Endpoint).Hosts(), Before: true, Record: one.Known,
		Answer: licensespring.Answer{Outcome: request.Released, Status: released.Status, ServerDate: released.ServerDate, Issuer: released.Issuer}}
}
