package journal

import (
	"slices"
	"unicode/utf8"

	"handback/app/request"
	"handback/app/words"
)

// What a record holds at most, so that its file stays within MaxBytes.
const (
	maxSaid   = 64  // events that receipts say
	maxEvents = 500 // events of this computer

	// Texts, in bytes.
	maxCode    = 200
	maxPath    = 4096
	maxAddress = 2000
	maxMessage = 4000
)

// bounded returns the event with its texts cut, as they may come from anywhere.
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
		e.Sent = "" // whoever sent it has it
	}
	return e
}

// cut shortens a text to at most so many bytes, between two characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// within returns the record with at most so many events of this computer, and of them
// the signed request of the last submission alone. What the record says of the request
// stays: its beginning, a release, the last lost answer, and how often it was submitted.
func (r Record) within(most int) Record {
	own := 0
	for _, e := range r.Events {
		if !e.FromReceipt {
			own++
		}
	}
	if own <= most {
		return r
	}
	last := func(what request.State) int {
		i := len(r.Events) - 1
		for i >= 0 && (r.Events[i].FromReceipt || r.Events[i].What != what) {
			i--
		}
		return i
	}
	stays := []int{last(request.Created), last(request.Released), last(request.Unknown), last(request.ProbablyReleased)}
	dropped := own - most/2 // half, so that the next one does not have to
	kept := make([]Event, 0, len(r.Events))
	for i, e := range r.Events {
		if e.FromReceipt || slices.Contains(stays, i) || dropped <= 0 {
			kept = append(kept, e)
			continue
		}
		dropped--
		if e.What == request.Submitting {
			r.Earlier++
		}
	}
	r.Events = kept
	return r
}

// saidWithin returns the record with at most maxSaid events of receipts: the outcome and
// those that were noted last.
func (r Record) saidWithin() Record {
	outcome, said := -1, 0
	stays := r.Said()
	for i, e := range r.Events {
		if e.FromReceipt {
			said++
		}
		if e == stays {
			outcome = i
		}
	}
	dropped := said - maxSaid
	kept := make([]Event, 0, len(r.Events))
	for i, e := range r.Events {
		if e.FromReceipt && i != outcome && dropped > 0 {
			dropped--
			continue
		}
		kept = append(kept, e)
	}
	r.Events = kept
	return r
}

// withoutSent returns the record with the signed request of the last submission alone.
func (r Record) withoutSent() Record {
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

// Text returns the record as a file, which Parse reads: with fewer events where all of
// them would be too long. Tool names the program and its version.
func (r Record) Text(w *words.Words, tool string) []byte {
	r = r.saidWithin().within(maxEvents)
	text := r.write(w, tool)
	if len(text) > MaxBytes {
		r = r.withoutSent()
		text = r.write(w, tool)
	}
	for most := maxEvents / 2; len(text) > MaxBytes && most > 1; most /= 2 {
		r = r.within(most)
		text = r.write(w, tool)
	}
	return text
}
