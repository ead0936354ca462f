package app

import (
	"cmp"
	"errors"
	"maps"
	"path/filepath"
	"slices"

	"handback/app/carry"
	"handback/app/fault"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/secret"
)

// Need is what a request needs before it can be sent.
type Need string

// The needs.
const (
	NeedPart         Need = "part"         // the missing parts; see Inspection.Parts
	NeedConfirmation Need = "confirmation" // that somebody has looked at an unsigned request and allows signing it; see Confirm
	NeedSecret       Need = "secret"       // its profile's secret, or another one than was tried; see SetSecret
	NeedDecision     Need = "decision"     // whether to send it once more; see Again
)

// Row is a row of a batch as it was when Rows was called.
type Row struct {
	ID int // for the Batch's methods
	Inspection
	App        *App        // for the request's profile; nil if the profile is not known
	Needs      []Need      // if empty, the row can be sent, or Why says why not
	Why        error       // why the row cannot be sent as it is; nil if it only lacks Needs
	Sending    bool        // from Start until there is an outcome
	Noted      bool        // a receipt that is in the history; see Batch.ApplyReceipt
	Submission *Submission // the outcome; nil before it was tried

	hosts string // where the request is sent
}

// Ready reports whether Send would send the row.
func (r Row) Ready() bool {
	return r.App != nil && r.Why == nil && len(r.Needs) == 0 && !r.Sending
}

// Lost reports whether the answer to an earlier submission from this computer was lost, so
// that the row is not sent again unless somebody wants it; see [Batch.Again].
func (r Row) Lost() bool { return r.Submission.lost() }

// Result returns the row's submission, or one that says why the row was not sent.
func (r Row) Result() Submission {
	if r.Submission != nil {
		return *r.Submission
	}
	s := Submission{Inspection: r.Inspection, Answer: licensespring.Answer{Outcome: request.NotSent}, Err: r.Why}
	if r.App != nil {
		s.Practice, s.Hosts = r.App.Profile.Practice, r.hosts
	}
	switch {
	case s.Err != nil:
	case slices.Contains(r.Needs, NeedConfirmation):
		s.Err = ErrUnconfirmed
	case slices.Contains(r.Needs, NeedSecret):
		s.Err = secret.ErrNone
	}
	return s
}

type row struct {
	Row
	set        carry.Set    // of its parts
	unread     []carry.Part // complete, but of a profile that is not known
	account    string       // of its App
	identity   string       // of its Request
	appErr     error        // why it has no App
	receiptErr error        // why its receipt could not be noted
	confirmed  bool
	again      bool
}

func (r *row) addSources(sources []string) {
	all := slices.Clone(r.Sources) // Rows may have returned it
	for _, source := range sources {
		same := func(other string) bool { return filepath.Clean(other) == filepath.Clean(source) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, source)
		}
	}
	r.Sources = all
}

// errNoPractice is why a request for practice is not sent where licenses are released.
var errNoPractice = fault.New(fault.Input, "app.no_practice")

// assess sets a row's Needs and Why. The lock is held.
func (b *Batch) assess(r *row) {
	r.Needs, r.Why = nil, nil
	switch {
	case r.Parts != nil:
		r.Needs, r.Why = []Need{NeedPart}, r.Err
		return
	case r.Err != nil:
		r.Why = r.Err
		return
	case r.Receipt != nil:
		r.Why = cmp.Or(r.receiptErr, error(errIsReceipt))
		return
	case r.App == nil:
		r.Why = r.appErr
		return
	}
	if b.options.NoPractice && r.App.Profile.Practice {
		r.Why = errNoPractice
		return
	}
	known := b.keys[r.account]
	if err := r.App.checkSendable(r.Inspection); err != nil {
		r.Why = err
		if errors.Is(err, errSignature) && known.doubtful || errors.Is(err, carry.ErrRetyped) && known.key.IsZero() {
			r.Needs = []Need{NeedSecret}
		}
		return
	}
	if r.Submission.hasOutcome() && !r.again {
		r.Needs = []Need{NeedDecision}
		return
	}
	if r.Request.Handoff && !r.confirmed && !b.options.SignHandoffs {
		r.Needs = append(r.Needs, NeedConfirmation)
	}
	if known.key.IsZero() || known.doubtful {
		r.Needs = append(r.Needs, NeedSecret)
		if !slices.Contains(r.Needs, NeedConfirmation) {
			r.Why = known.err
		}
	}
}

// Rows returns all rows in the order in which they were added.
func (b *Batch) Rows() []Row {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]Row, len(b.rows))
	for i, r := range b.rows {
		all[i] = r.shown()
	}
	return all
}

// shown returns the row as others see it.
func (r *row) shown() Row {
	one := r.Row
	if r.unproved() {
		one.Err = carry.ErrRetyped
	}
	return one
}

// Row returns the row with an ID. Ok is false if it was removed.
func (b *Batch) Row(id int) (r Row, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if found := b.find(id); found != nil {
		return found.shown(), true
	}
	return Row{}, false
}

func (b *Batch) find(id int) *row {
	i, ok := slices.BinarySearchFunc(b.rows, id, func(r *row, id int) int { return r.ID - id }) // they are sorted by ID
	if !ok {
		return nil
	}
	return b.rows[i]
}

// Remove removes rows, except those that are being sent. Their requests can be added
// again.
func (b *Batch) Remove(ids ...int) {
	b.mu.Lock()
	gone := map[*row]bool{}
	for _, id := range ids {
		if r := b.find(id); r != nil && !r.Sending {
			gone[r] = true
		}
	}
	b.rows = slices.DeleteFunc(b.rows, func(r *row) bool { return gone[r] })
	maps.DeleteFunc(b.same, func(_ string, r *row) bool { return gone[r] })
	maps.DeleteFunc(b.sets, func(_ carry.Set, r *row) bool { return gone[r] })
	b.mu.Unlock()
	b.changed()
}

// Confirm says that somebody has looked at all members of unsigned requests, and allows
// signing them.
func (b *Batch) Confirm(ids ...int) { b.each(ids, func(r *row) { r.confirmed = true }) }

// Again says that somebody wants to send requests once more that have an outcome.
func (b *Batch) Again(ids ...int) { b.each(ids, func(r *row) { r.again = true }) }

func (b *Batch) each(ids []int, do func(*row)) {
	b.mu.Lock()
	for _, id := range ids {
		if r := b.find(id); r != nil && !r.Sending {
			do(r)
			b.assess(r)
		}
	}
	b.mu.Unlock()
	b.changed()
}
