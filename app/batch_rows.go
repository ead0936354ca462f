package app

import (
	"errors"
	"path/filepath"
	"slices"

	"handback/app/carry"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/secret"
)

// Need is what a request waits for before it can be sent.
type Need string

// The needs.
const (
	NeedPart         Need = "part"         // more of it, see Inspection.Parts
	NeedConfirmation Need = "confirmation" // somebody has looked at an unsigned request, and lets it be signed
	NeedSecret       Need = "secret"       // its profile's, or another one than the one that was tried
	NeedDecision     Need = "decision"     // to send it once more: see Again
)

// Row is one thing of a batch as it stood when Rows was called.
type Row struct {
	ID int // of this row alone, for the other methods
	Inspection
	App        *App        // under the request's profile; nil where it is of none that is known
	Needs      []Need      // empty: it can be sent, or Why says why it never can
	Why        error       // why it cannot be sent as it is; nil where nothing but Needs is in the way
	Sending    bool        // it is on its way, or about to be
	Submission *Submission // what became of it; nil before it was tried

	hosts string // the computers that it is sent to
}

// Ready tells whether Send would send the row.
func (r Row) Ready() bool {
	return r.App != nil && r.Why == nil && len(r.Needs) == 0 && !r.Sending
}

// Result is what became of the row: that of its submission, or why it was not sent.
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
	set       carry.Set // of its parts
	none      error     // why it has no App
	confirmed bool
	again     bool
}

func (r *row) addSources(sources []string) {
	all := slices.Clone(r.Sources) // Rows may have given it away
	for _, source := range sources {
		same := func(other string) bool { return filepath.Clean(other) == filepath.Clean(source) }
		if !slices.ContainsFunc(all, same) {
			all = append(all, source)
		}
	}
	r.Sources = all
}

// weigh works out what a row needs, and why it cannot be sent. The lock is held.
func (b *Batch) weigh(r *row) {
	r.Needs, r.Why = nil, nil
	switch {
	case r.Parts != nil:
		r.Needs, r.Why = []Need{NeedPart}, r.Err
		return
	case r.Err != nil:
		r.Why = r.Err
		return
	case r.Receipt != nil:
		r.Why = errIsReceipt
		return
	case r.App == nil:
		r.Why = r.none
		return
	}
	known := b.keys[b.account(r.App)]
	if err := r.App.acceptable(r.Inspection); err != nil {
		r.Why = err
		if errors.Is(err, errSignature) && known.doubtful || errors.Is(err, carry.ErrRetyped) && known.key.IsZero() {
			r.Needs = []Need{NeedSecret}
		}
		return
	}
	if r.Submission.done() && !r.again {
		r.Needs = []Need{NeedDecision}
		return
	}
	if r.Request.Handoff && !r.confirmed && !b.options.SignHandoffs {
		r.Needs = append(r.Needs, NeedConfirmation)
	}
	if known.key.IsZero() || known.doubtful {
		r.Needs = append(r.Needs, NeedSecret)
		if !slices.Contains(r.Needs, NeedConfirmation) {
			r.Why = known.why
		}
	}
}

// Rows are all there are, in the order in which they came.
func (b *Batch) Rows() []Row {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]Row, len(b.rows))
	for i, r := range b.rows {
		all[i] = r.Row
		if r.unproved() {
			all[i].Err = carry.ErrRetyped
		}
	}
	return all
}

// Row is one of them; ok is false where it was taken out.
func (b *Batch) Row(id int) (r Row, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if found := b.find(id); found != nil {
		return found.Row, true
	}
	return Row{}, false
}

func (b *Batch) find(id int) *row {
	i, ok := slices.BinarySearchFunc(b.rows, id, func(r *row, id int) int { return r.ID - id }) // they are in order
	if !ok {
		return nil
	}
	return b.rows[i]
}

// Remove takes rows out, but for those that are on their way, whose outcome is to be
// seen. What was taken out can be added again.
func (b *Batch) Remove(ids ...int) {
	b.mu.Lock()
	for _, id := range ids {
		r := b.find(id)
		if r == nil || r.Sending {
			continue
		}
		b.rows = slices.DeleteFunc(b.rows, func(one *row) bool { return one == r })
		for identity, one := range b.same {
			if one == r {
				delete(b.same, identity)
			}
		}
		for set, one := range b.sets {
			if one == r {
				delete(b.sets, set)
			}
		}
	}
	b.mu.Unlock()
	b.changed()
}

// Confirm says that somebody has looked at all that unsigned requests say, and lets them
// be signed.
func (b *Batch) Confirm(ids ...int) { b.each(ids, func(r *row) { r.confirmed = true }) }

// Again says that somebody wants requests to be sent once more that have an outcome.
func (b *Batch) Again(ids ...int) { b.each(ids, func(r *row) { r.again = true }) }

func (b *Batch) each(ids []int, do func(*row)) {
	b.mu.Lock()
	for _, id := range ids {
		if r := b.find(id); r != nil && !r.Sending {
			do(r)
			b.weigh(r)
		}
	}
	b.mu.Unlock()
	b.changed()
}
