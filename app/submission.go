package app

import (
	"errors"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// Submit says how to send a request.
type Submit struct {
	Endpoint  string // empty: the profile's
	Multipart bool   // as multipart/form-data instead of text/plain
	DryRun    bool   // check everything, send nothing
	// SignHandoffs signs a hand-off with the profile's secret: somebody has looked
	// at its members and said so.
	SignHandoffs bool
	Receipts     string // the folder to write receipts into; empty: beside the request's file
	// Again sends a request once more that is known here as released, because somebody
	// asked for it.
	Again  bool
	Secret secret.Secret // zero: what the App's own Secret gives
}

// Submission is what became of one request.
type Submission struct {
	Inspection
	licensespring.Answer
	Practice bool
	Hosts    string // the computers that are spoken to
	// Before: it was released before, as this computer saw, and was not sent again.
	Before  bool
	Record  journal.Record // what the journal has of it, once it was tried
	Receipt string         // the receipt's file; empty where none was written
	// Err is why it was not sent, or could not be read; nil once it was tried.
	Err error
}

// Explain says what happened and what to do next: what the answer means, or
// why the request was not sent.
func (s Submission) Explain(w *words.Words) (message, advice string) {
	if s.Err != nil {
		e := fault.Explain(s.Err, w)
		return e.Message, e.Advice
	}
	if s.Outcome == request.NotSent && s.Answer.Err == nil {
		return w.Text("app.dry_run"), ""
	}
	if s.Before {
		key := "app.released_before"
		if s.Practice {
			key = "app.practice_released_before"
		}
		return w.Text(key, "date", s.Record.Last(request.Released).At), w.Text("app.released_before.advice")
	}
	if s.Practice && s.Outcome == request.Released {
		return w.Text("app.practice_released"), ""
	}
	return s.Answer.Explain(w)
}

// KeyDoubtful tells that the secret which was used may not be the right one:
// the request's signature is another's, or the server said so.
func (s Submission) KeyDoubtful() bool {
	return errors.Is(s.Err, errSignature) || s.Code == "signature_mismatch" || s.Code == "authorization_invalid_headers"
}

// Kind is the kind of fault that the submission ended in; empty for one that
// released, or that was a dry run.
func (s Submission) Kind() fault.Kind {
	switch {
	case s.Err != nil:
		return fault.KindOf(s.Err)
	case s.Outcome == request.Refused:
		return fault.Refused
	case s.Outcome == request.Unknown || s.Outcome == request.ProbablyReleased:
		return fault.Unknown
	case s.Answer.Err != nil && (s.Outcome == request.NotSent || s.Outcome == request.Cancelled):
		return fault.KindOf(s.Answer.Err)
	}
	return ""
}

// Headline is the outcome in one sentence. Practice never says that a license
// is free.
func (s Submission) Headline(w *words.Words) string {
	switch {
	case s.Practice && s.Outcome == request.Released:
		return w.Text("outcome.practice_released")
	case s.Before:
		return w.Text("outcome.released_before")
	case s.Outcome == request.Refused && s.Code == "device_not_found": // released before, or another ID
		return w.Text("outcome.nothing_to_release")
	}
	return w.Text("outcome." + string(s.Outcome))
}

// Sent reports whether the request was sent in this try, as far as is known.
func (s Submission) Sent() bool { return s.hasOutcome() && !s.Before }

// ErrUnconfirmed says that nobody has said yet that a hand-off may be signed.
var ErrUnconfirmed = fault.New(fault.Input, "app.handoff_unconfirmed")

// done tells whether the request was tried and has an outcome, which another try could
// only blur.
func (s *Submission) hasOutcome() bool {
	return s != nil && s.Err == nil && s.Outcome != request.NotSent && s.Outcome != request.Cancelled
}

// cancel says that the person gave up before the request was sent.
func (s *Submission) cancel() {
	s.Answer = licensespring.Answer{Outcome: request.Cancelled, Err: licensespring.ErrCancelled}
}
