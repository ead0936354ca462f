package app

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"unicode"

	"handback/app/desk"
	"handback/app/fault"
	"handback/app/request"
)

// Filed returns what became of a request that was filed. It fails with [desk.ErrNone] if
// none has the ID.
func (d *Desk) Filed(ctx context.Context, id string) (Received, error) {
	filing, err := d.Store.Filing(ctx, id)
	if err != nil {
		return Received{}, err
	}
	return d.of(ctx, filing)
}

// Returned returns what became of a request for the visitor who has its token. It fails with
// [desk.ErrNone] for every other token, as if there were no such request.
func (d *Desk) Returned(ctx context.Context, id, token string) (Received, error) {
	filing, err := d.Store.Filing(ctx, id)
	if err != nil {
		return Received{}, err
	}
	if !filing.IsVisitor(token) {
		return Received{}, desk.ErrNone
	}
	one, err := d.of(ctx, filing)
	one.Token = token
	return one, err
}

// of returns a filing with what the journal has of its request.
func (d *Desk) of(ctx context.Context, f desk.Filing) (Received, error) {
	rows := d.Look(ctx, filedInput(f))
	if len(rows) != 1 || rows[0].Request == nil {
		return Received{Filing: f}, desk.ErrUnavailable
	}
	one := Received{Row: rows[0], Filing: f}
	d.settle(ctx, &one)
	return one, nil
}

// Why a request that was confirmed has no outcome.
var (
	errNotSent    = fault.New(fault.Connection, "desk.not_sent")
	errNotSentWhy = fault.New(fault.Connection, "desk.not_sent_why")
)

// settle sets what became of a filed request, as the journal has it, and settles its filing
// if that is all.
func (d *Desk) settle(ctx context.Context, one *Received) {
	one.Needs = slices.DeleteFunc(slices.Clone(one.Needs), func(n Need) bool { return n == NeedConfirmation }) // it is asked for here
	if one.Filing.Decision.Confirmed && one.App != nil {
		known := one.App.recorded(one.Inspection, d.options.Submit)
		switch {
		case !known.Outcome.IsAnswer():
			known.Outcome, known.Err = request.NotSent, cmp.Or(one.Why, one.Result().Err, notSent(one.Filing))
		case !one.Filing.Settled && d.Store.Tried(ctx, one.Filing.ID, "") == nil: // or when it is looked at next
			one.Filing.Settled = true
		}
		one.Submission = known
	}
	one.Waits = !one.Filing.Settled
}

func notSent(f desk.Filing) error {
	if f.Trouble == "" {
		return errNotSent
	}
	return errNotSentWhy.With("why", f.Trouble)
}

func filedInput(f desk.Filing) Input { return Input{Name: f.ID, Data: []byte(f.Request)} }

// Waiting returns the requests that wait for a decision, the oldest first, at most limit.
func (d *Desk) Waiting(ctx context.Context, limit int) (all []Received, err error) {
	filings, err := d.Store.Waiting(ctx, limit)
	for _, f := range filings {
		one, err := d.of(ctx, f)
		if err != nil {
			one.Err = err
		}
		all = append(all, one)
	}
	return all, err
}

// Confirm signs and sends a filed request for a person who has looked at it, and returns
// what became of it. It fails with [desk.ErrDecided] if somebody refused it. One that was
// confirmed before is not sent twice.
func (d *Desk) Confirm(ctx context.Context, id, by string) (Received, error) {
	ctx = context.WithoutCancel(ctx) // who goes away does not end what was begun
	filing, err := d.decide(ctx, id, desk.Decision{Confirmed: true, By: by}, desk.Confirmed)
	if errors.Is(err, desk.ErrDecided) && filing.Decision.Confirmed {
		err = nil // it may not have left: the journal knows
	}
	if err != nil {
		return Received{}, err
	}
	one, err := d.send(ctx, filing, false)
	if err != nil {
		return one, err
	}
	trouble := ""
	if !one.Submission.hasOutcome() {
		result := one.Result()
		trouble, _ = result.Explain(d.App().Words)
	}
	one.Filing.Settled = trouble == ""
	return one, d.Store.Tried(ctx, id, trouble)
}

// Reopen takes back what was decided about a filed request, so that somebody decides anew.
// It fails with [desk.ErrSent] if the request may have released its license.
func (d *Desk) Reopen(ctx context.Context, id, by string) (Received, error) {
	one, err := d.Filed(ctx, id)
	if err != nil {
		return one, err
	}
	if !CanReopen(one) {
		return one, desk.ErrSent
	}
	filing, err := d.Store.Reopen(ctx, id)
	if err == nil {
		err = d.Note(ctx, by, desk.Reopened, checkCodeOf(filing))
	}
	if err != nil {
		return one, err
	}
	return d.of(ctx, filing)
}

// CanReopen reports whether a filed request was decided about and certainly not released.
func CanReopen(one Received) bool {
	what := one.Known.LocalState()
	return !one.Filing.Decision.IsZero() && what != request.Submitting && (what == request.Refused || !what.IsAnswer())
}

// Find returns the filed requests whose check code, license key or username, or hardware ID
// has a text in it, those that wait first. Letters and digits count alone.
func (d *Desk) Find(ctx context.Context, text string) iter.Seq2[Received, error] {
	wanted := lettersAndDigits(text)
	return func(yield func(Received, error) bool) {
		for f, err := range d.Store.Filings(ctx) {
			r, unreadable := request.Decode(f.Request)
			if err == nil && (unreadable != nil || !slices.ContainsFunc([]string{r.CheckCode(), r.Owner(), r.HardwareID}, func(s string) bool { return strings.Contains(lettersAndDigits(s), wanted) })) {
				continue
			}
			var one Received
			if err == nil {
				one, err = d.of(ctx, f)
			}
			if !yield(one, err) {
				return
			}
		}
	}
}

func lettersAndDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, text)
}

// Refuse decides that a filed request is not sent. It fails with [desk.ErrDecided] if there
// is a decision.
func (d *Desk) Refuse(ctx context.Context, id, by, reason string) (Received, error) {
	filing, err := d.decide(ctx, id, desk.Decision{Reason: reason, By: by}, desk.Refused)
	if err != nil {
		return Received{}, err
	}
	return d.of(ctx, filing)
}

func (d *Desk) decide(ctx context.Context, id string, decision desk.Decision, deed desk.Deed) (desk.Filing, error) {
	decision.At = d.App().Now().UTC()
	filing, err := d.Store.Decide(ctx, id, decision)
	if err == nil {
		err = d.Note(ctx, decision.By, deed, checkCodeOf(filing))
	}
	return filing, err
}

func checkCodeOf(f desk.Filing) string {
	r, err := request.Decode(f.Request)
	if err != nil {
		return f.ID
	}
	return r.CheckCode()
}

// send sends a confirmed request. Again sends it although its outcome is not certain.
func (d *Desk) send(ctx context.Context, f desk.Filing, again bool) (Received, error) {
	b := d.batch()
	ids := b.Add(ctx, filedInput(f))
	b.Confirm(ids...)
	if again {
		b.Again(ids...)
	}
	b.Send(ctx, ids...)
	rows := b.Rows()
	if len(rows) != 1 {
		return Received{Filing: f}, desk.ErrUnavailable
	}
	return Received{Row: rows[0], Filing: f}, nil
}
