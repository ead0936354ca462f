package journal

import (
	"slices"
	"unicode/utf8"

	"handback/app/request"
	"handback/app/words"
)

// Limits of a record, so that its file stays within maxBytes.
const (
	maxReceiptEvents = 64  // events that come from receipts
	maxEvents        = 500 // all others

	// Texts, in bytes.
	maxCode    = 200
	maxPath    = 4096
	maxAddress = 2000
	maxMessage = 4000
)

// bounded returns the event with its texts cut to their limits: they may come from
// anywhere.
func (e Event) bounded() Event {
	for _, one := range []struct {
		text *string
		max  int
	}{
		{&e.Kind, maxCode}, {&e.Path, maxPath}, {&e.SHA256, maxCode}, {&e.Endpoint, maxAddress},
		{&e.Code, maxCode}, {&e.Message, maxMessage}, {&e.Issuer, maxAddress},
	} {
		*one.text = cut(*one.text, one.max)
	}
	if e.FromReceipt {
		e.Sent = "" // the computer that sent it has it
	}
	return e
}

// cut shortens a text to at most limit bytes, between two characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// limitEvents returns the record with at most limit events that do not come from receipts,
// by dropping the oldest. The state of the request does not change: what is needed for it
// is never dropped, and dropped submissions are counted in Earlier.
func (r Record) limitEvents(limit int) Record {
	own := 0
	for _, e := range r.Events {
		if !e.FromReceipt {
			own++
		}
	}
	if own <= limit {
		return r
	}
	last := func(what request.State) int {
		i := len(r.Events) - 1
		for i >= 0 && (r.Events[i].FromReceipt || r.Events[i].What != what || r.Events[i].Holds == request.Untold) {
			i--
		}
		return i
	}
	needed := []int{last(request.Created), last(request.Released), last(request.Unknown), last(request.ProbablyReleased)}
	excess := own - limit/2 // down to half, so that the next event drops nothing
	remaining := make([]Event, 0, len(r.Events))
	for i, e := range r.Events {
		if e.FromReceipt || slices.Contains(needed, i) || excess <= 0 {
			remaining = append(remaining, e)
			continue
		}
		excess--
		if e.What == request.Submitting {
			r.Earlier++
		}
	}
	r.Events = remaining
	return r
}

// limitReceiptEvents returns the record with at most maxReceiptEvents events that come
// from receipts: the outcome, and the newest.
func (r Record) limitReceiptEvents() Record {
	outcome, count := -1, 0
	said := r.ReceiptOutcome()
	for i, e := range r.Events {
		if e.FromReceipt {
			count++
		}
		if e == said {
			outcome = i
		}
	}
	excess := count - maxReceiptEvents
	remaining := make([]Event, 0, len(r.Events))
	for i, e := range r.Events {
		if e.FromReceipt && i != outcome && excess > 0 {
			excess--
			continue
		}
		remaining = append(remaining, e)
	}
	r.Events = remaining
	return r
}

// onlyLastSent returns the record with the signed request of the last submission only.
func (r Record) onlyLastSent() Record {
	r.Events = slices.Clone(r.Events)
	last := true
	for i := len(r.Events) - 1; i >= 0; i-- {
		if r.Events[i].Sent != "" && !last {
			r.Events[i].Sent = ""
		}
		last = last && r.Events[i].Sent == ""
	}
	return r
}

// Text returns the record's file, for [Parse]. If it would be larger than 4 MiB, events are
// dropped. Tool names the program and its version.
func (r Record) Text(w *words.Words, tool string) []byte {
	_, text := r.limited(w, tool, 0)
	return text
}

// limited returns the record without the events that are too many, and its file. Audit is
// the number of lines that the audit chain has at least.
func (r Record) limited(w *words.Words, tool string, audit int64) (Record, []byte) {
	r = r.limitReceiptEvents().limitEvents(maxEvents)
	text := r.write(w, tool, audit)
	if len(text) > maxBytes {
		r = r.onlyLastSent()
		text = r.write(w, tool, audit)
	}
	for limit := maxEvents / 2; len(text) > maxBytes && limit > 1; limit /= 2 {
		r = r.limitEvents(limit)
		text = r.write(w, tool, audit)
	}
	return r, text
}
