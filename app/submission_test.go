package app

import (
	"errors"
	"testing"

	"handback/app/fault"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/words"
)

// The kind is what an exit status and the title of a dialog come from.
func TestASubmissionEndsInTheKindOfItsOutcome(t *testing.T) {
	answer := func(outcome request.State, err error) Submission {
		return Submission{Answer: licensespring.Answer{Outcome: outcome, Err: err}}
	}
	unreached := fault.New(fault.Connection, "answer.dns")
	for name, row := range map[string]struct {
		s    Submission
		kind fault.Kind
		sent bool
	}{
		"released":          {answer(request.Released, nil), "", true},
		"released before":   {Submission{Before: true, Answer: licensespring.Answer{Outcome: request.Released}}, "", false},
		"probably released": {answer(request.ProbablyReleased, nil), fault.Unknown, true},
		"refused":           {answer(request.Refused, nil), fault.Refused, true},
		"unknown":           {answer(request.Unknown, unreached), fault.Unknown, true},
		"a dry run":         {answer(request.NotSent, nil), "", false},
		"not reached":       {answer(request.NotSent, unreached), fault.Connection, false},
		"cancelled":         {answer(request.Cancelled, licensespring.ErrCancelled), fault.Connection, false},
		"must not be sent":  {Submission{Err: errSignature, Answer: licensespring.Answer{Outcome: request.NotSent}}, fault.Input, false},
		"no fault":          {Submission{Err: errors.New("x")}, fault.Unexpected, false},
	} {
		if got := row.s.Kind(); got != row.kind {
			t.Errorf("%s: kind %q, want %q", name, got, row.kind)
		}
		if got := row.s.Sent(); got != row.sent {
			t.Errorf("%s: sent %v", name, got)
		}
	}
}

func TestADeviceThatIsNotFoundIsNotCalledRefused(t *testing.T) {
	w := words.English()
	for want, s := range map[string]Submission{
		"outcome.nothing_to_release": {Answer: licensespring.Answer{Outcome: request.Refused, Code: "device_not_found"}},
		"outcome.refused":            {Answer: licensespring.Answer{Outcome: request.Refused, Code: "license_not_found"}},
		"outcome.released_before":    {Before: true, Answer: licensespring.Answer{Outcome: request.Released}},
		"outcome.practice_released":  {Before: true, Practice: true, Answer: licensespring.Answer{Outcome: request.Released}},
	} {
		if got := s.Headline(w); got != w.Text(want) {
			t.Errorf("%s: %q", want, got)
		}
	}
}
