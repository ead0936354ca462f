package app

import (
	"context"
	"errors"
	"path/filepath"

	"handback/app/carry"
	"handback/app/durable"
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// Submit sends one inspected request to the License API, at most once. It adds it to the
// journal before it leaves. With job.Check it asks the vendor's record before and after. It
// does not send a request of another vendor or key, nor one to
// which something happened since it was inspected. One that this computer has seen released,
// or whose answer was lost, is not sent again either, unless job.Again is set, and counts as
// what it was.
func (a *App) Submit(ctx context.Context, one Inspection, job Submit) Submission {
	s := Submission{Inspection: one, Practice: a.Profile.Practice, Hosts: a.Profile.Destination(job.Endpoint).Hosts(),
		Answer: licensespring.Answer{Outcome: request.NotSent}}
	if ctx.Err() != nil {
		s.cancel()
		return s
	}
	key, err := a.prepare(&s.Inspection, job)
	if s.Err = err; err != nil {
		return s
	}
	before, asks := a.submittedBefore(one, job), a.asks(job)
	if before != nil && (!asks || !before.lost()) {
		before.Verdict = s.Verdict
		return *before
	}
	one = s.Inspection
	sent := one.Request
	if one.Request.Handoff {
		if sent, s.Err = a.sign(one.Request, key); s.Err != nil {
			return s
		}
	}
	if job.DryRun {
		return s
	}
	attempt, err := a.begin(ctx, &s, job)
	if errors.Is(err, context.Canceled) {
		s.cancel()
		return s
	}
	if s.Err = err; attempt == nil {
		return s
	}
	defer attempt.locked.Unlock()
	client := a.client(key, job)
	var answered *journal.Storing
	if asks && !a.askBefore(ctx, client, &s, job, attempt, before) {
		if s.Record = attempt.record(); !s.hasOutcome() {
			return s
		}
	} else {
		if s.Err = attempt.leave(&s, a.endpoint(job), sent); s.Err != nil {
			return s
		}
		s.Answer = client.Submit(ctx, sent.Encode(), attempt.lost)
		if !asks && job.answered != nil {
			job.answered()
		}
		answered = attempt.end(&s)
		if asks {
			s.Warnings = append(s.Warnings, phrases(answered.Stored())...)
			a.askAfter(ctx, client, &s, job, attempt)
		}
	}
	warnings := a.addReceipt(&s, job, attempt.record())
	if answered != nil && !asks {
		s.Warnings = append(s.Warnings, phrases(answered.Stored())...)
	}
	s.Warnings = append(s.Warnings, warnings...)
	s.Known = s.Record
	return s
}

// prepare returns the secret to send with, or why a request must not be sent. It checks the
// signature again, because the secret may be a later one than at the inspection.
func (a *App) prepare(one *Inspection, job Submit) (secret.Secret, error) {
	if one.Err != nil {
		return secret.Secret{}, one.Err
	}
	if one.Receipt != nil {
		return secret.Secret{}, errIsReceipt
	}
	if err := checkSubmit(job); err != nil {
		return secret.Secret{}, err
	}
	key := job.Secret
	if key.IsZero() {
		var err error
		if key, err = a.Secret(); err != nil {
			return secret.Secret{}, err
		}
	}
	if key.IsZero() {
		return secret.Secret{}, secret.ErrNone
	}
	a.verify(one, key)
	if err := a.checkSendable(*one); err != nil {
		return secret.Secret{}, err
	}
	if one.Request.Handoff && !job.SignHandoffs {
		return secret.Secret{}, ErrUnconfirmed
	}
	return key, nil
}

// checkSubmit fails if the endpoint is not allowed, or receipts cannot be written to their
// folder.
func checkSubmit(job Submit) error {
	if job.Receipts != "" {
		if err := durable.Check(filepath.Join(job.Receipts, carry.FileName("", carry.ReceiptEnding)), true); err != nil {
			return err
		}
	}
	if job.Endpoint != "" {
		return profile.CheckEndpoint(job.Endpoint)
	}
	return nil
}

// sign returns an unsigned request signed, with the date of this computer's clock.
func (a *App) sign(handoff *request.Request, key secret.Secret) (*request.Request, error) {
	if err := a.checkClock(); err != nil {
		return nil, err
	}
	return handoff.Sign(a.Now, key, a.Profile.Request.SignatureEncoding == "hex")
}
