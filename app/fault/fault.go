// Package fault is the one form of error that people are told about. A fault
// names its text in the catalogue (what happened, and under KEY.advice what was
// kept and what to do next) and its kind, which is the exit status.
package fault

import (
	"errors"
	"slices"
	"strings"

	"handback/app/words"
)

// Kind is what a fault means to a caller: one word for each exit status.
type Kind string

// The kinds, in the order of their exit statuses, which begin at 1. What each means is
// said by cmd.exit.KIND of the catalogue.
const (
	Unexpected Kind = "unexpected"
	Usage      Kind = "usage"
	Input      Kind = "input"
	Hardware   Kind = "hardware"
	Secret     Kind = "secret"
	Write      Kind = "write"
	Connection Kind = "connection"
	Refused    Kind = "refused"
	Unknown    Kind = "unknown"
)

// Kinds are all kinds, in the order of their exit statuses.
func Kinds() []Kind { return slices.Clone(kinds) }

var kinds = []Kind{Unexpected, Usage, Input, Hardware, Secret, Write, Connection, Refused, Unknown}

// ExitStatus is the command's exit status for a fault of this kind, 1 to 9; 0
// for none.
func (k Kind) ExitStatus() int {
	if k == "" {
		return 0
	}
	for i, kind := range kinds {
		if kind == k {
			return i + 1
		}
	}
	return 1
}

// Fault is an error with words. It never holds a secret.
type Fault struct {
	Kind  Kind
	Key   string // of the text in the catalogue
	Pairs []any  // the text's placeholders, names and values in turn
	Cause error  // may be nil
}

// New makes a fault. Pairs fill the text's placeholders.
func New(kind Kind, key string, pairs ...any) *Fault {
	return &Fault{Kind: kind, Key: key, Pairs: pairs}
}

// Because gives the same fault with its cause, which is shown after its text.
// Of an error of the system only the reason is shown: the fault's own text names the
// path.
func (f *Fault) Because(cause error) *Fault {
	with := *f
	with.Cause = cause
	return &with
}

// Named gives an error with the name of what it is about before its text.
func Named(name string, err error) error { return &named{name, err} }

type named struct {
	name string
	err  error
}

func (n *named) Error() string { return n.name + ": " + n.err.Error() }
func (n *named) Unwrap() error { return n.err }

// Error is what happened, in English, in lower case.
func (f *Fault) Error() string { return f.message(words.English()) }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Is holds for faults of the same key, whatever fills their placeholders, so
// that a caller can write errors.Is(err, durable.ErrExists).
func (f *Fault) Is(target error) bool {
	other, ok := target.(*Fault)
	return ok && other.Key == f.Key
}

func (f *Fault) message(w *words.Words) string {
	text := w.Text(f.Key, f.Pairs...)
	if f.Cause != nil {
		cause, _ := Reason(f.Cause)
		text += ": " + Explain(cause, w).Message
	}
	return text
}

// Explanation is an error in words for people.
type Explanation struct {
	Kind    Kind   `json:"kind"`
	Message string `json:"message"`          // what happened
	Advice  string `json:"advice,omitempty"` // what was kept, what to do next; may be empty
}

// Title is the kind in a few words, for the head of a dialog.
func (e Explanation) Title(w *words.Words) string { return w.Text("fault.title." + string(e.Kind)) }

// Paragraph is the whole explanation as running text.
func (e Explanation) Paragraph() string {
	return words.Sentences(words.Sentence(e.Message), e.Advice)
}

// Explain puts any error into words. An error that is no fault is unexpected; it keeps
// its own text where it is not one of the usual reasons.
func Explain(err error, w *words.Words) Explanation {
	var n *named
	if errors.As(err, &n) {
		e := Explain(n.err, w)
		if !strings.Contains(e.Message, n.name) {
			e.Message = n.name + ": " + e.Message
		}
		return e
	}
	var f *Fault
	if !errors.As(err, &f) {
		e := Explanation{Unexpected, err.Error(), w.Text("fault.unexpected.advice")}
		if cause, known := Reason(err); known {
			e.Message = Explain(cause, w).Message
			if path := pathOf(err); path != "" {
				e.Message = path + ": " + e.Message
			}
		}
		return e
	}
	e := Explanation{Kind: f.Kind, Message: f.message(w)}
	if advice := f.Key + ".advice"; w.Has(advice) {
		e.Advice = w.Text(advice, f.Pairs...)
	}
	return e
}

// KindOf is the kind of any error: Unexpected for one that is no fault.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return Unexpected
}
