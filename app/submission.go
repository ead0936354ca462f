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
	Endpoint  string // empty means the profile's
	Multipart bool   // send multipart/form-data instead of text/plain
	Bundle    bool   // the license is of a bundle, although the profile does not say so
	DryRun    bool   // check everything, send nothing
	// SignHandoffs signs unsigned requests with the profile's secret: somebody has looked
	// at their members and allowed it.
	SignHandoffs bool
	Receipts     string // the folder for receipts; empty means beside the request's file
	// Again sends a request once more that this computer has seen released, or whose answer
	// was lost, because somebody asked for it.
	Again bool
	// Check asks the License API, before a request is sent and after it was, whether the
	// device holds the license. What it does not hold is not sent, unless Again is set. The
	// profile may say so, too.
	Check  bool
	Secret secret.Secret // zero means that of App.Secret

	answered func() // is called when nothing more is sent, before the answer is stored; nil for nothing
}

// Submission is what became of one request.
type Submission struct {
	Inspection
	licensespring.Answer
	Practice bool
	Hosts    string // where requests are sent
	// Before says that the outcome is that of an earlier submission from this computer, and
	// that the request was not sent again.
	Before bool
	// Asked is what the vendor's record said last of the device and the license; zero if it
	// was not asked.
	Asked       licensespring.Holding
	Record      journal.Record // what the journal has of the request, after it was tried
	ReceiptPath string         // of the receipt's file; empty if none was written
	unsent      bool           // it has an outcome without being sent: the vendor's record settled it
	// Err is why the request was not sent, or could not be read; nil after it was tried.
	Err error
}

// Explain says in words for people what happened and what to do next: what the answer
// means, or why the request was not sent.
func (s Submission) Explain(w *words.Words) (message, advice string) {
	if s.Err != nil {
		e := fault.Explain(s.Err, w)
		return e.Message, e.Advice
	}
	if s.Outcome == request.NotSent && s.Answer.Err == nil {
		return w.Text("app.dry_run"), ""
	}
	if s.Before && s.Outcome != request.Released {
		return w.Text("app.unknown_before", "date", s.Record.Last(s.Outcome).At), w.Text("app.unknown_before.advice")
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
	if standing := s.standing(); standing != "" && standing != journal.StillListed {
		key := "check." + string(standing)
		return w.Text(key), w.Text(key + ".advice")
	}
	return s.Answer.Explain(w)
}

// KeyDoubtful reports whether the secret is probably wrong: the request's signature is not
// valid with it, or the server did not accept what it signed.
func (s Submission) KeyDoubtful() bool {
	return errors.Is(s.Err, errSignature) || s.Code == "signature_mismatch" || s.Code == "authorization_invalid_headers"
}

// Kind returns the kind of fault in which the submission ended. It is empty for a release
// and for a dry run.
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

// Headline returns the outcome in one sentence. In practice it never says that a license
// is free.
func (s Submission) Headline(w *words.Words) string {
	switch {
	case s.Practice && s.Outcome == request.Released:
		return w.Text("outcome.practice_released")
	case s.standing() != "":
		return w.Text("journal.told." + string(s.standing()))
	case s.Before && s.Outcome == request.Released:
		return w.Text("outcome.released_before")
	case s.Outcome == request.Refused && s.Code == "device_not_found": // it was released before, or the ID is wrong
		return w.Text("outcome.nothing_to_release")
	}
	return w.Text("outcome." + string(s.Outcome))
}

// lost reports whether it is the result of an earlier submission whose answer was lost.
func (s *Submission) lost() bool { return s != nil && s.Before && s.Outcome != request.Released }

// Sent reports whether the request was sent by this submission, as far as is known.
func (s Submission) Sent() bool { return s.hasOutcome() && !s.Before && !s.unsent }

// Confirmed reports whether the vendor's record says that the device does not hold the
// license. Told is false if it was not asked or did not say.
func (s Submission) Confirmed() (confirmed, told bool) {
	return s.Asked.Holds == request.NotHeld, s.Asked.Holds.Told()
}

// standing returns what the vendor's record adds to the outcome.
func (s Submission) standing() journal.Standing {
	if s.Err != nil || !s.Asked.Holds.Told() || s.Outcome == request.Refused && s.Code != "" && !s.unsent {
		return ""
	}
	return s.Record.Standing()
}

// ErrUnconfirmed means that nobody has allowed yet that an unsigned request is signed.
var ErrUnconfirmed = fault.New(fault.Input, "app.handoff_unconfirmed")

// hasOutcome reports whether the request was tried and something may have become of it, so
// that it must not be sent again by itself.
func (s *Submission) hasOutcome() bool {
	return s != nil && s.Err == nil && s.Outcome != request.NotSent && s.Outcome != request.Cancelled
}

// cancel sets the answer of a request that was not sent because the context had ended.
func (s *Submission) cancel() {
	s.Answer = licensespring.Answer{Outcome: request.Cancelled, Err: licensespring.ErrCancelled}
}
