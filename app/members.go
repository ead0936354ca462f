package app

import (
	"handback/app/request"
	"handback/app/words"
)

// MemberText returns a member's value for people to compare, as [words.Exact] writes it.
// It is cut after [request.MaxShown] characters. All members of an unsigned request
// together have no more than that, so everything can be read before it is signed.
func MemberText(m request.Member) string { return words.Exact(m.Text(), request.MaxShown) }

// MemberName returns the translated name of a member, or its own name if there is none.
func MemberName(w *words.Words, name string) string {
	if key := "member." + name; w.Has(key) {
		return w.Text(key)
	}
	return words.Exact(name, 60)
}
