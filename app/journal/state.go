package journal

import (
	"slices"
	"strings"

	"handback/app/request"
	"handback/app/words"
)

// State returns how far the request has come: as this computer has seen it, or, where it
// has seen no answer, as a receipt says. See [Record.ByReceipt].
func (r Record) State() request.State {
	if said := r.Said(); r.byReceipt(said) {
		return said.What
	}
	return r.Seen()
}

// ByReceipt reports whether State is what a receipt says: this computer has not seen it.
func (r Record) ByReceipt() bool { return r.byReceipt(r.Said()) }

func (r Record) byReceipt(said Event) bool {
	return said.What != "" && !slices.Contains([]request.State{request.Submitting, request.Released, request.ProbablyReleased, request.Refused}, r.Seen())
}

// Seen returns how far the request has come as this computer has seen it, whatever
// receipts say.
func (r Record) Seen() request.State {
	var state, before request.State
	for _, e := range r.Events {
		switch {
		case e.FromReceipt || state == request.Released:
			// Nothing that happens later takes a release back.
		case e.What == request.NotSent:
			state = before
		case e.What == request.Submitting:
			if state != request.Submitting {
				before = state
			}
			state = request.Submitting
		case e.What == request.Exported && state != "" && state != request.Created:
			// Carried again: what became of it stays.
		default:
			state = e.What
		}
	}
	return state
}

// Said returns what receipts say became of the request: that it was released, else the
// last outcome. It is zero where there is no receipt.
func (r Record) Said() Event {
	return outcomeOf(slices.DeleteFunc(slices.Clone(r.Events), func(e Event) bool { return !e.FromReceipt }))
}

// outcomeOf returns the release among events, whatever came later, else the last outcome.
func outcomeOf(events []Event) (last Event) {
	for _, e := range events {
		if last.What != request.Released && e.What.IsAnswer() {
			last = e
		}
	}
	return last
}

// happened reports whether this computer has seen it happen, whatever receipts say.
func (r Record) happened(what request.State) bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool { return !e.FromReceipt && e.What == what })
}

// Answered reports whether this computer has seen the License API say that it released
// the license. What a receipt says does not count.
func (r Record) Answered() bool { return r.happened(request.Released) }

// Lost reports whether the answer to a submission from here was lost, and no later one
// said that the license was released: "no such device" may then mean that it was.
func (r Record) Lost() bool { return r.happened(request.Unknown) && !r.Answered() }

// Submissions returns how often the request was about to leave this computer.
func (r Record) Submissions() int {
	n := r.Earlier
	for _, e := range r.Events {
		if !e.FromReceipt && e.What == request.Submitting {
			n++
		}
	}
	return n
}

// Last returns the last event of a kind that this computer has seen; zero where there is
// none.
func (r Record) Last(what request.State) Event {
	for _, e := range slices.Backward(r.Events) {
		if !e.FromReceipt && e.What == what {
			return e
		}
	}
	return Event{}
}

// Label returns the state in a few words, which say so where it is a receipt's.
func (r Record) Label(w *words.Words) string {
	state := w.Text("journal.label." + string(r.State()))
	if r.ByReceipt() {
		return w.Text("journal.label.by_receipt", "state", state)
	}
	return state
}

// Headline returns the state in a sentence, and what receipts say in another.
func (r Record) Headline(w *words.Words) string {
	var lines []string
	said := r.Said()
	if !r.byReceipt(said) {
		lines = append(lines, w.Text("journal.state."+string(r.Seen())))
	}
	if said.What != "" && said.What != r.Seen() {
		lines = append(lines, saidBy(said, w))
	}
	return strings.Join(lines, "\n")
}

// saidBy says that a receipt says what became of the request.
func saidBy(said Event, w *words.Words) string {
	return w.Text("journal.by_receipt", "state", w.Text("journal.label."+string(said.What)))
}
