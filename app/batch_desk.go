package app

import (
	"slices"
	"strings"

	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// Standing says whose turn a row of a batch is.
type Standing string

// The standings, in the order in which a summary names them.
const (
	Done      Standing = "released"
	NeedsYou  Standing = "needs_you" // somebody has to answer, bring or look at something
	BeingSent Standing = "sending"   // or waits for those before it
	ToSubmit  Standing = "to_submit"
	Noted     Standing = "noted" // a receipt that is in the history
)

// Standings returns all standings in their order.
func Standings() []Standing { return []Standing{Done, NeedsYou, BeingSent, ToSubmit, Noted} }

// Standing returns whose turn the row is. A request that was refused, whose outcome is not
// certain or that could not be sent needs somebody. One that was cancelled can be submitted,
// and so can one that lacks only its profile's secret, which is asked for once for all.
func (r Row) Standing() Standing {
	tried := r.Submission != nil
	switch {
	case r.Sending:
		return BeingSent
	case tried && r.Submission.Outcome == request.Released:
		return Done
	case r.Noted:
		return Noted
	case (r.Ready() || r.lacksSecret()) && (!tried || r.Submission.Outcome == request.Cancelled), r.beingRead():
		return ToSubmit
	}
	return NeedsYou
}

// beingRead reports whether the row's profile is being looked for.
func (r Row) beingRead() bool {
	return r.Request != nil && r.App == nil && r.Why == nil
}

// lacksSecret reports whether the row needs a secret alone, and none was wrong.
func (r Row) lacksSecret() bool {
	return r.Askable() && slices.Equal(r.Needs, []Need{NeedSecret}) && r.Verdict != request.Invalid
}

// Askable reports whether an answer is all that the row needs before it can be sent: a
// confirmation, a secret, or both.
func (r Row) Askable() bool {
	return r.App != nil && !r.Sending && len(r.Needs) > 0 && !slices.ContainsFunc(r.Needs, func(n Need) bool { return n != NeedConfirmation && n != NeedSecret })
}

// ByNeed sorts rows for a desk: those that need somebody first, the others as they came.
func ByNeed(rows []Row) {
	others := make([]Row, 0, len(rows))
	n := 0
	for i := range rows {
		if rows[i].Standing() == NeedsYou {
			rows[n] = rows[i]
			n++
		} else {
			others = append(others, rows[i])
		}
	}
	copy(rows[n:], others)
}

// Tally says how many rows of a batch have which standing.
type Tally struct {
	Rows      int
	Of        map[Standing]int
	practiced int // of Done
}

// TallyOf returns the tally of rows.
func TallyOf(rows []Row) Tally {
	t := Tally{Rows: len(rows), Of: map[Standing]int{}}
	for _, r := range rows {
		s := r.Standing()
		t.Of[s]++
		if s == Done && r.Submission.Practice {
			t.practiced++
		}
	}
	return t
}

// Summary returns the tally in a few words, such as "27 released · 4 need you". What was
// released in practice is named as such. The summary says nothing about any license.
func (t Tally) Summary(w *words.Words) string {
	var parts []string
	say := func(key string, count int) {
		if count == 1 {
			key += ".one"
		}
		if count > 0 {
			parts = append(parts, w.Text(key, "count", count))
		}
	}
	for _, s := range Standings() {
		count := t.Of[s]
		if s == Done {
			say("batch.count.practiced", t.practiced)
			count -= t.practiced
		}
		say("batch.count."+string(s), count)
	}
	return strings.Join(parts, " · ")
}

// ApplyReceipt adds what a row's receipt says to the record of its request, and returns
// the record. If that fails, Why of the row says why.
func (b *Batch) ApplyReceipt(id int) (journal.Record, error) {
	listed, ok := b.Row(id)
	if !ok {
		return journal.Record{}, errNoReceipt
	}
	record, err := b.App().ApplyReceipt(listed.Inspection)
	b.each([]int{id}, func(r *row) { r.Noted, r.receiptErr = err == nil, err })
	return record, err
}
