package request

import "slices"

// State is how far a request has come, and at the end what became of it. The names are
// those of files and of the command's JSON.
type State string

// The states, in their order.
const (
	Created          State = "created"
	Exported         State = "exported"
	Submitting       State = "submitting"        // on its way to the License API
	Released         State = "released"          // the License API released the device
	ProbablyReleased State = "probably_released" // by an earlier attempt whose answer was lost
	Refused          State = "refused"           // by the License API, which released nothing
	Unknown          State = "unknown"           // the License API may have processed it
	NotSent          State = "not_sent"          // an attempt that the License API did not process
	Cancelled        State = "cancelled"         // an attempt that ended before anything was sent
)

// States returns the states of a record. After an attempt that was not sent a request is in
// the state in which it was before, and NotSent only if it had none. Cancelled is recorded
// as NotSent.
func States() []State {
	return []State{Created, Exported, Submitting, Released, ProbablyReleased, Refused, Unknown, NotSent}
}

// Answers are the states that tell what became of a request, in the order of the numbers
// that stand for them in a receipt's brief form, from 1.
func Answers() []State { return []State{Released, ProbablyReleased, Refused, Unknown} }

// IsAnswer reports whether the state is one of Answers.
func (s State) IsAnswer() bool { return slices.Contains(Answers(), s) }
