// Package fault defines the errors that people are told about.
//
// A [Fault] has a kind, which is the exit status of the command, and the key of a text in
// the catalogue. The text under the key says what happened; the text under KEY.advice says
// what was stored and what to do next. [New] returns one, [Fault.Because] adds its cause,
// and [Explain] puts any error into a person's language.
package fault

import (
	"errors"
	"slices"
	"strings"

	"handback/app/words"
)

// Kind is what a fault means to a caller, one for each exit status.
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

// Kinds returns all kinds, in the order of their exit statuses.
func Kinds() []Kind { return slices.Clone(kinds) }

var kinds = []Kind{Unexpected, Usage, Input, Hardware, Secret, Write, Connection, Refused, Unknown}

// ExitStatus returns the command's exit status for a fault of this kind, 1 to 9, or 0 for
// the empty kind.
func (k Kind) ExitStatus() int {
	if k == "" {
		return 0
	}
	return max(1, slices.Index(kinds, k)+1)
}

// Fault is an error with words. It never holds a secret.
type Fault struct {
	Kind  Kind
	Key   string // of the text in the catalogue
	Pairs []any  // the text's placeholders, names and values in turn
	Cause error  // may be nil
}

// New returns a fault. The pairs are the names and values of the text's placeholders.
func New(kind Kind, key string, pairs ...any) *Fault {
	return &Fault{Kind: kind, Key: key, Pairs: pairs}
}

// With returns the fault with its placeholders filled. Errors to compare with errors.Is are
// variables without placeholders; this is how one of them is returned.
func (f *Fault) With(pairs ...any) *Fault {
	with := *f
	with.Pairs = pairs
	return &with
}

// Because returns the fault with its cause, which is shown after its text. Of an error of
// the system only the reason is shown: the fault's own text names the path.
func (f *Fault) Because(cause error) *Fault {
	with := *f
	with.Cause = cause
	return &with
}

// Named returns an error that has the name of what it is about before its text.
func Named(name string, err error) error { return &named{name, err} }

type named struct {
	name string
	err  error
}

func (n *named) Error() string { return n.name + ": " + n.err.Error() }
func (n *named) Unwrap() error { return n.err }

// Error returns what happened, in English and lower case.
func (f *Fault) Error() string { return f.message(words.English()) }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Is reports whether target is a fault with the same key, whatever its placeholders, so
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

// Explain returns an error in the words of a language. An error that is not a fault is
// unexpected, and has its own text unless it is one of the usual reasons.
func Explain(err error, w *words.Words) Explanation {
	if n, ok := errors.AsType[*named](err); ok {
		e := Explain(n.err, w)
		if !strings.Contains(e.Message, n.name) {
			e.Message = n.name + ": " + e.Message
		}
		return e
	}
	f, ok := errors.AsType[*Fault](err)
	if !ok {
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
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Kind
	}
	return Unexpected
}
