package journal

import (
	"cmp"
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
		case e.Holds != "" && state != "" && !e.What.IsAnswer():
			// It was asked, which changed nothing.
		case e.What == request.NotSent:
			state = cmp.Or(before, request.NotSent)
		case e.What == request.Submitting:
			if state != request.Submitting {
				before = state // empty if it was made elsewhere
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
		if last.What != request.Released && e.What.IsAnswer() && e.Holds != request.Untold {
			last = e
		}
	}
	return last
}

// happened reports whether there is such an event that does not come from a receipt.
func (r Record) happened(what request.State) bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool { return !e.FromReceipt && e.What == what && e.Holds != request.Untold })
}

// Answered reports whether this computer has seen the License API answer that the license
// was released, or the vendor's record say so after an answer was lost. Receipts do not
// count.
func (r Record) Answered() bool { return r.happened(request.Released) }

// Lost reports whether the answer to a submission from this computer was lost, and none
// said that the license was released. If the License API then does not find the device,
// the license was probably released by that submission.
func (r Record) Lost() bool { return r.happened(request.Unknown) && !r.Answered() }

// Last returns the last event of a kind that does not come from a receipt, an answer rather
// than what the vendor's record said. It is zero if there is none.
func (r Record) Last(what request.State) (last Event) {
	for _, e := range slices.Backward(r.Events) {
		switch {
		case e.FromReceipt || e.What != what:
		case e.Holds == "":
			return e
		case last.What == "":
			last = e
		}
	}
	return last
}

// After returns the What of an event that says what the vendor's record at an address said:
// the state of the request from then on. If an answer from there was lost, the record
// settles whether the license was released. A license that the device does not hold
// cannot be released. Otherwise nothing changes.
func (r Record) After(h request.Holds, endpoint string) request.State {
	state := r.State()
	lost := state == request.Unknown || state == request.ProbablyReleased
	elsewhere := r.happened(request.Submitting) && !r.At(endpoint).happened(request.Submitting)
	switch {
	case elsewhere:
	case h == request.NotHeld && (lost || state == request.Released):
		return request.Released
	case h == request.NotHeld, h == request.Held && lost:
		return request.Refused
	}
	if state = r.LocalState(); state == "" || state == request.Exported {
		return request.Created // the least that a record says
	}
	return state
}

// Told returns the last event in which the vendor's record said whether the device holds
// the license, if nothing was sent or answered since. It is zero if there is none. A record
// at another address than the one submitted to says nothing.
func (r Record) Told() Event {
	sent := r.Last(request.Submitting)
	for _, e := range slices.Backward(r.Events) {
		switch {
		case e.FromReceipt:
		case e.Holds != "" && sent.What != "" && !sameAddress(e.Endpoint, sent.Endpoint):
		case e.Holds.Told():
			return e
		case e.Holds == "" && e.What != request.Created && e.What != request.Exported:
			return Event{}
		}
	}
	return Event{}
}

// Standing is what the vendor's record adds to a state. Empty means nothing.
type Standing string

// The standings.
const (
	Confirmed   Standing = "confirmed"    // released, and the device no longer holds the license
	StillListed Standing = "still_listed" // released, but the device still holds the license
	StillHeld   Standing = "still_held"   // not released: the device still holds the license
	NeverHeld   Standing = "not_held"     // there is nothing to release
)

// Standings returns all standings.
func Standings() []Standing { return []Standing{Confirmed, StillListed, StillHeld, NeverHeld} }

// Standing returns what the vendor's record adds to [Record.State].
func (r Record) Standing() Standing {
	holds := r.Told().Holds
	switch state := r.State(); {
	case state == request.Released && holds == request.NotHeld:
		return Confirmed
	case state == request.Released && holds == request.Held:
		return StillListed
	case state == request.Refused && holds == request.NotHeld:
		return NeverHeld
	case state == request.Refused && holds == request.Held:
		return StillHeld
	}
	return ""
}

// Label returns the state in a few words. They say so if it comes from a receipt, and what
// the vendor's record adds to it.
func (r Record) Label(w *words.Words) string {
	if standing := r.Standing(); standing != "" {
		return w.Text("journal.standing." + string(standing))
	}
	state := w.Text("journal.label." + string(r.State()))
	if r.ByReceipt() {
		return w.Text("journal.label.by_receipt", "state", state)
	}
	return state
}

// Headline returns a sentence for what this computer has seen, or was told by the vendor's
// record, one for what receipts say, or both, on a line each.
func (r Record) Headline(w *words.Words) string {
	var lines []string
	said := r.ReceiptOutcome()
	if standing := r.Standing(); standing != "" {
		lines = append(lines, w.Text("journal.told."+string(standing)))
	} else if !r.byReceipt(said) {
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
