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

// attempt is one submission of a request. It has locked the request's record.
//
// The record says durably that the request is about to leave before it does; the line of
// the audit chain is written while the request is under way. The answer is stored, chain
// and all, while the receipt is written, and the submission ends when all of it is durable:
// what is shown after that stays. A program that is killed leaves a record that says that the
// request was submitted, and perhaps the receipt of an answer that the record does not have.
type attempt struct {
	locked   *journal.LockedRecord
	practice bool
	shared   bool             // several programs have the record: what is not in it must not leave
	lost     bool             // the answer to an earlier submission was lost
	leaving  *journal.Storing // of leave
}

// begin locks the request's record. If something happened to the request since it was
// inspected, here or in another program, or if another program is sending it, begin returns
// no attempt. Then it either fails, or has set s because the request is submitted already.
func (a *App) begin(ctx context.Context, s *Submission, job Submit) (*attempt, error) {
	locked, err := a.Journal.Lock(ctx, s.Request)
	if err != nil {
		return nil, err
	}
	record, err := locked.Record()
	if err != nil && a.Journal.Store != nil {
		locked.Unlock()
		return nil, err // another program may have sent it
	}
	s.Warnings = append(s.Warnings, phrases(err)...)
	if record.Changes() != s.Known.Changes() || record.LocalState() != s.Known.LocalState() {
		locked.Unlock()
		s.Known = record
		if before := a.submittedBefore(s.Inspection, job); before != nil {
			before.Warnings = s.Warnings
			*s = *before
			return nil, nil
		}
		return nil, fault.New(fault.Connection, "app.meanwhile", "state", words.Say("journal.label."+string(record.State())))
	}
	return &attempt{locked: locked, practice: a.Profile.Practice, shared: a.Journal.Store != nil, lost: record.At(a.endpoint(job)).Lost()}, nil
}

// leave adds to the record that the request, as it is sent, is about to leave. It fails if
// the request must not leave.
func (t *attempt) leave(s *Submission, endpoint string, sent *request.Request) error {
	leaving := journal.Event{What: request.Submitting, Endpoint: endpoint}
	if sent != s.Request {
		leaving.Sent = sent.Encode()
	}
	t.leaving = t.locked.Begin(t.practice, leaving)
	err := t.leaving.Written()
	if t.shared && err != nil {
		return err
	}
	s.Warnings = append(s.Warnings, phrases(err)...)
	return nil
}

// end adds the answer to the record, and returns what it is stored by.
func (t *attempt) end(s *Submission) *journal.Storing {
	answer := s.Answer
	what := answer.Outcome
	if answer.Outcome == request.Cancelled {
		what = request.NotSent
	}
	s.Warnings = append(s.Warnings, phrases(t.leaving.Audited())...)
	return t.locked.Begin(t.practice, journal.Event{What: what, Status: answer.Status, Code: answer.Code, Message: answer.Message,
		ServerDate: answer.ServerDate, Issuer: answer.Issuer})
}

// record returns the record as it is now.
func (t *attempt) record() journal.Record {
	record, _ := t.locked.Record() // begin has read it
	return record
}

// endpoint returns the address of the License API to which a job is sent.
func (a *App) endpoint(job Submit) string { return cmp.Or(job.Endpoint, a.Profile.Server.Endpoint) }

// submittedBefore returns the result of a request that this computer has submitted before,
// to the endpoint to which it would be sent, if it was released, or if the answer was lost
// and it may have been: it is not sent again. For all others, and with job.Again, it
// returns nil.
func (a *App) submittedBefore(one Inspection, job Submit) *Submission {
	known := one.Known.At(a.endpoint(job))
	what := known.LocalState()
	if job.Again || what != request.Released && what != request.Unknown && what != request.ProbablyReleased {
		return nil
	}
	one.Warnings = slices.DeleteFunc(slices.Clone(one.Warnings), func(w words.Phrase) bool {
		return w.Key == warnReleased || w.Key == warnPracticed || w.Key == warnLost
	})
	before := a.recorded(one, job)
	before.Before = true
	return before
}

// recorded returns the result of a request as the journal has it, of submissions from this
// computer to the endpoint of the job.
func (a *App) recorded(one Inspection, job Submit) *Submission {
	known := one.Known.At(a.endpoint(job))
	what := known.LocalState()
	last := known.Last(what)
	return &Submission{Inspection: one, Practice: a.Profile.Practice, Hosts: a.Profile.Destination(job.Endpoint).Hosts(), Record: one.Known,
		Answer: licensespring.Answer{Outcome: what, Status: last.Status, Code: last.Code, Message: last.Message, ServerDate: last.ServerDate, Issuer: last.Issuer}}
}
