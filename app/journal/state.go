package journal

import (
	"slices"
	"strings"

	"handback/app/request"
	"handback/app/words"
)

// State returns what became of the request: what this computer has seen, or what a receipt
// says if this computer has seen no answer. See [Record.ByReceipt].
func (r Record) State() request.State {
	if said := r.ReceiptOutcome(); r.byReceipt(said) {
		return said.What
	}
	return r.LocalState()
}

// ByReceipt reports whether [Record.State] comes from a receipt.
func (r Record) ByReceipt() bool { return r.byReceipt(r.ReceiptOutcome()) }

func (r Record) byReceipt(said Event) bool {
	return said.What != "" && !slices.Contains([]request.State{request.Submitting, request.Released, request.ProbablyReleased, request.Refused}, r.LocalState())
}

// LocalState returns what this computer has seen become of the request, without what
// receipts say.
func (r Record) LocalState() request.State {
	var state, before request.State
	for _, e := range r.Events {
		switch {
		case e.FromReceipt || state == request.Released:
			// A release is final.
		case e.What == request.NotSent:
			state = before
		case e.What == request.Submitting:
			if state != request.Submitting {
				before = state
			}
			state = request.Submitting
		case e.What == request.Exported && state != "" && state != request.Created:
			// It was exported again, which changes nothing.
		default:
			state = e.What
		}
	}
	return state
}

// ReceiptOutcome returns what receipts say became of the request: a release, else the last
// outcome. It is zero if there was no receipt.
func (r Record) ReceiptOutcome() Event {
	return outcomeOf(slices.DeleteFunc(slices.Clone(r.Events), func(e Event) bool { return !e.FromReceipt }))
}

// outcomeOf returns the first release among events, else the last outcome.
func outcomeOf(events []Event) (last Event) {
	for _, e := range events {
		if last.What != request.Released && e.What.IsAnswer() {
			last = e
		}
	}
	return last
}

// happened reports whether there is such an event that does not come from a receipt.
func (r Record) happened(what request.State) bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool { return !e.FromReceipt && e.What == what })
}

// Answered reports whether this computer has seen the License API answer that the license
// was released. Receipts do not count.
func (r Record) Answered() bool { return r.happened(request.Released) }

// Lost reports whether the answer to a submission from this computer was lost, and none
// said that the license was released. If the License API then does not find the device,
// the license was probably released by that submission.
func (r Record) Lost() bool { return r.happened(request.Unknown) && !r.Answered() }

// Last returns the last event of a kind that does not come from a receipt. It is zero if
// there is none.
func (r Record) Last(what request.State) Event {
	for _, e := range slices.Backward(r.Events) {
		if !e.FromReceipt && e.What == what {
			return e
		}
	}
	return Event{}
}

// Label returns the state in a few words. They say so if it comes from a receipt.
func (r Record) Label(w *words.Words) string {
	state := w.Text("journal.label." + string(r.State()))
	if r.ByReceipt() {
		return w.Text("journal.label.by_receipt", "state", state)
	}
	return state
}

// Headline returns a sentence for what this computer has seen, one for what receipts say,
// or both, on a line each.
func (r Record) Headline(w *words.Words) string {
	var lines []string
	said := r.ReceiptOutcome()
	if !r.byReceipt(said) {
		lines = append(lines, w.Text("journal.state."+string(r.LocalState())))
	}
	if said.What != "" && said.What != r.LocalState() {
		lines = append(lines, saidBy(said, w))
	}
	return strings.Join(lines, "\n")
}

// saidBy returns the sentence for what a receipt says.
func saidBy(said Event, w *words.Words) string {
	return w.Text("journal.by_receipt", "state", w.Text("journal.label."+string(said.What)))
}
