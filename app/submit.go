package app

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"slices"
	"sync"

	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/profile"
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
func (s Submission) Sent() bool { return s.done() && !s.Before }

// done tells whether the request was tried and has an outcome, which another try could
// only blur.
func (s *Submission) done() bool {
	return s != nil && s.Err == nil && s.Outcome != request.NotSent && s.Outcome != request.Cancelled
}

// Submit sends one inspected request to the License API, at most once, and notes it in
// the journal before it leaves. A request that another vendor or key made is not sent,
// nor one to which something happened since it was inspected, nor one that is known here
// as released: that counts as released.
func (a *App) Submit(ctx context.Context, one Inspection, job Submit) Submission {
	s := Submission{Inspection: one, Practice: a.Profile.Practice, Hosts: a.Profile.Destination(job.Endpoint).Hosts(),
		Answer: licensespring.Answer{Outcome: request.NotSent}}
	if ctx.Err() != nil {
		s.cancel()
		return s
	}
	key, err := a.ready(&s.Inspection, job)
	if s.Err = err; err != nil {
		return s
	}
	if before := a.passOver(one, job); before != nil {
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
	attempt, err := a.begin(ctx, &s, job, sent)
	if errors.Is(err, context.Canceled) {
		s.cancel()
		return s
	}
	if s.Err = err; attempt == nil {
		return s
	}
	defer attempt.held.Release()
	s.Answer = a.client(key, job).Submit(ctx, sent.Encode(), attempt.lost)
	a.keepReceipt(&s, job, attempt.end(&s))
	s.Known = s.Record
	return s
}

// cancel says that the person gave up before the request was sent.
func (s *Submission) cancel() {
	s.Answer = licensespring.Answer{Outcome: request.Cancelled, Err: licensespring.ErrCancelled}
}

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

// endpoint is the License API's address that a job is sent to.
func (a *App) endpoint(job Submit) string { return cmp.Or(job.Endpoint, a.Profile.Server.Endpoint) }

// ready gives the secret to send with, or says why a request must not be sent.
// It checks the signature again: the secret may have come after the inspection.
func (a *App) ready(one *Inspection, job Submit) (secret.Secret, error) {
	if one.Err != nil {
		return secret.Secret{}, one.Err
	}
	if one.Receipt != nil {
		return secret.Secret{}, errIsReceipt
	}
	if err := CheckSubmit(job); err != nil {
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
	if err := a.acceptable(*one); err != nil {
		return secret.Secret{}, err
	}
	if one.Request.Handoff && !job.SignHandoffs {
		return secret.Secret{}, ErrUnconfirmed
	}
	return key, nil
}

// CheckSubmit says why no request can be sent like that.
func CheckSubmit(job Submit) error {
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

// ErrUnconfirmed says that nobody has said yet that a hand-off may be signed.
var ErrUnconfirmed = fault.New(fault.Input, "app.handoff_unconfirmed")

// sign makes a hand-off a request, with the date of this computer's clock.
func (a *App) sign(handoff *request.Request, key secret.Secret) (*request.Request, error) {
	if err := a.CheckClock(); err != nil {
		return nil, err
	}
	return handoff.Sign(a.Now, key, a.Profile.Request.SignatureEncoding == "hex")
}

// cachedClient is the client that was made last, and so its OAuth token, with what it
// was made for.
type cachedClient struct {
	mu        sync.Mutex
	client    *licensespring.Client
	key       secret.Secret
	endpoint  string
	multipart bool
}

// client submits with the profile's credentials.
func (a *App) client(key secret.Secret, job Submit) *licensespring.Client {
	c := a.cached
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client == nil || !c.key.Equal(key) || c.endpoint != job.Endpoint || c.multipart != job.Multipart {
		c.client, c.key, c.endpoint, c.multipart = a.newClient(key, job), key, job.Endpoint, job.Multipart
	}
	return c.client
}

func (a *App) newClient(key secret.Secret, job Submit) *licensespring.Client {
	p := a.Profile
	client := &licensespring.Client{
		Endpoint:  a.endpoint(job),
		Secret:    key,
		Multipart: job.Multipart,
		Bundle:    p.Product.Bundle,
		Now:       a.Now,
		Transport: a.Transport,
		UserAgent: "Handback/" + Version,
		ExtraCA:   []byte(p.Server.ExtraCA),
		Rate:      p.Server.Rate,
	}
	if p.Server.Proxy != "" {
		client.Proxy, _ = url.Parse(p.Server.Proxy) // the profile was checked
	}
	if p.Authorization.Method == profile.OAuth {
		client.ClientID, client.TokenURL = p.Authorization.ClientID, p.Authorization.TokenURL
	} else {
		client.APIKey = p.Authorization.APIKey
	}
	if job.Endpoint != "" && p.Practice { // a sandbox of the operator's own, over the network
		client.Transport = nil
	}
	return client
}
