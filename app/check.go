package app

import (
	"context"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/words"
)

// codeNotHeld is the code of a request that was not sent because the vendor's record does
// not list the license on the device. The License API has no such code.
const codeNotHeld = "not_held"

// Checked is what the vendor's record said about a request's device and license.
type Checked struct {
	Inspection
	licensespring.Holding
	Practice bool
	Hosts    string         // which were asked
	Record   journal.Record // what the journal has of the request, with what was said
	// Err is why nothing was asked; nil after the question was tried.
	Err error
}

// Explain says in words for people what the record says, or why that cannot be told, and
// what to do next.
func (c Checked) Explain(w *words.Words) (message, advice string) {
	if c.Err != nil {
		e := fault.Explain(c.Err, w)
		return e.Message, e.Advice
	}
	message, advice = c.Holding.Explain(w)
	if standing := c.Record.Standing(); standing != "" && c.Holds.Told() {
		advice = w.Text("check." + string(standing) + ".advice")
	}
	return message, advice
}

// Kind returns the kind of fault in which the question ended. It is empty if the record
// says yes or no.
func (c Checked) Kind() fault.Kind {
	if c.Err != nil {
		return fault.KindOf(c.Err)
	}
	return c.Holding.Kind()
}

// Check asks the License API whether the device of an inspected request still holds its
// license, and adds to the journal what it said. It releases nothing. If the answer to a
// submission was lost, this settles what became of the request.
func (a *App) Check(ctx context.Context, one Inspection, job Submit) Checked {
	c := Checked{Inspection: one, Practice: a.Profile.Practice, Hosts: a.Profile.Destination(job.Endpoint).Hosts(), Record: one.Known}
	job.SignHandoffs = true // nothing is signed or sent
	key, err := a.prepare(&c.Inspection, job)
	if err != nil {
		c.Err = err
		return c
	}
	locked, err := a.Journal.Lock(ctx, one.Request)
	if err != nil {
		if ctx.Err() != nil {
			err = licensespring.ErrCancelled
		}
		c.Err = err
		return c
	}
	defer locked.Unlock()
	_, err = locked.Record()
	if err != nil && a.Journal.Store != nil {
		c.Err = err
		return c
	}
	c.Warnings = append(c.Warnings, phrases(err)...)
	t := &attempt{locked: locked, practice: a.Profile.Practice}
	var warnings []words.Phrase
	c.Holding, warnings = a.ask(ctx, a.client(key, job), one.Request, job, t)
	c.Warnings = append(c.Warnings, warnings...)
	c.Record = t.record()
	c.Known = c.Record
	return c
}

// ask asks the vendor's record about a request, and adds to the request's record what it
// said. The warnings are about the journal.
func (a *App) ask(ctx context.Context, client *licensespring.Client, r *request.Request, job Submit, t *attempt) (licensespring.Holding, []words.Phrase) {
	h := client.Holds(ctx, r)
	if h.Outcome == request.NotSent || h.Outcome == request.Cancelled {
		return h, nil // nothing was said
	}
	endpoint := a.endpoint(job)
	err := t.locked.Add(t.practice, journal.Event{What: t.record().After(h.Holds, endpoint), Holds: h.Holds, Endpoint: endpoint,
		Status: h.Status, Code: h.Code, Message: h.Message, ServerDate: h.ServerDate, Issuer: h.Issuer})
	return h, phrases(err)
}

// asks reports whether the vendor's record is asked about the requests of a job.
func (a *App) asks(job Submit) bool { return job.Check || a.Profile.Server.Check }

// askBefore asks whether the device holds the license, and reports whether the request is
// to be sent. If not, it has set the outcome. Before is the result of an earlier submission
// whose answer was lost, or nil: after one the record settles what became of the request,
// which is not sent.
func (a *App) askBefore(ctx context.Context, client *licensespring.Client, s *Submission, job Submit, t *attempt, before *Submission) bool {
	var warnings []words.Phrase
	s.Asked, warnings = a.ask(ctx, client, s.Request, job, t)
	s.Warnings = append(s.Warnings, warnings...)
	switch h := s.Asked; {
	case !h.Holds.Told() && before != nil: // also if nothing could be asked: it stays what it was
		s.Answer, s.Before = before.Answer, true
		s.Warnings = append(s.Warnings, words.Say("app.warn.unconfirmed", "why", a.why(h)))
		return false
	case h.Outcome == request.NotSent || h.Outcome == request.Cancelled:
		s.Answer = h.Answer // the License API cannot be reached
		return false
	case h.Holds == request.NotHeld && job.Again:
		s.Warnings = append(s.Warnings, words.Say("app.warn.not_held"))
	case h.Holds == request.NotHeld:
		s.unsent = true
		s.Answer = licensespring.Answer{Outcome: request.Refused, Code: codeNotHeld, ServerDate: h.ServerDate, Issuer: h.Issuer}
		if t.record().State() == request.Released { // an answer was lost
			s.Outcome, s.Code = request.Released, ""
		}
		return false
	case !h.Holds.Told():
		s.Warnings = append(s.Warnings, words.Say("app.warn.untold", "why", a.why(h)))
	case before != nil:
		s.unsent = true
		s.Answer = licensespring.Answer{Outcome: request.Refused, ServerDate: h.ServerDate, Issuer: h.Issuer}
		return false
	}
	return true
}

// askAfter asks whether the device still holds the license after the request was sent, and
// settles an outcome that is not certain.
func (a *App) askAfter(ctx context.Context, client *licensespring.Client, s *Submission, job Submit, t *attempt) {
	uncertain := s.Outcome == request.Unknown || s.Outcome == request.ProbablyReleased
	if ctx.Err() != nil || !uncertain && s.Outcome != request.Released {
		return
	}
	var warnings []words.Phrase
	s.Asked, warnings = a.ask(ctx, client, s.Request, job, t)
	s.Warnings = append(s.Warnings, warnings...)
	switch h := s.Asked; {
	case !h.Holds.Told():
		s.Warnings = append(s.Warnings, words.Say("app.warn.unconfirmed", "why", a.why(h)))
	case !uncertain && h.Holds == request.Held:
		s.Warnings = append(s.Warnings, words.Say("app.warn.still_listed"))
	case uncertain && h.Holds == request.Held:
		s.Answer = licensespring.Answer{Outcome: request.Refused, Sent: s.Answer.Sent, ServerDate: h.ServerDate, Issuer: h.Issuer}
	case uncertain:
		s.Answer = licensespring.Answer{Outcome: request.Released, Sent: s.Answer.Sent, ServerDate: h.ServerDate, Issuer: h.Issuer}
	}
}

// CanAsk reports whether asking the vendor's record can settle what became of a request.
func CanAsk(r journal.Record) bool {
	if len(r.Events) == 0 {
		return false
	}
	state, standing := r.State(), r.Standing()
	return state == request.Unknown || state == request.ProbablyReleased || standing == journal.StillHeld || standing == journal.StillListed
}

// Check asks about a request as [App.Check] does, with the profile that belongs to it and
// the secret that the batch has for it. If the batch has a row for the request, its outcome
// is what the record settles. The App is nil if the profile is not known.
func (b *Batch) Check(ctx context.Context, r *request.Request) (Checked, *App) {
	one := Inspection{Request: r}
	a, err := b.finder()(r)
	if a == nil {
		one.Err = err
		return Checked{Inspection: one, Err: err}, nil
	}
	job := b.options.Submit
	job.Secret = b.keyFor(a)
	a.check(&one, job.Secret)
	c := a.Check(ctx, one, job)
	b.mu.Lock()
	if row := b.same[r.Identity()]; row != nil && !row.Sending && c.Err == nil {
		row.Known = c.Record
		if row.Submission != nil {
			row.Submission = row.Submission.settled(c)
		}
		b.assess(row)
	}
	b.mu.Unlock()
	b.changed()
	return c, a
}

// settled returns the submission with what the vendor's record said afterwards.
func (s Submission) settled(c Checked) *Submission {
	s.Asked, s.Record, s.Known = c.Holding, c.Record, c.Record
	if uncertain := s.Outcome == request.Unknown || s.Outcome == request.ProbablyReleased; uncertain && c.Holds.Told() {
		s.Answer = licensespring.Answer{Outcome: c.Record.State(), ServerDate: c.ServerDate, Issuer: c.Issuer}
	}
	return &s
}

// why returns in words why the vendor's record does not say.
func (a *App) why(h licensespring.Holding) string {
	message, _ := h.Explain(a.Words)
	return message
}
