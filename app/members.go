package app

import (
	"handback/app/request"
	"handback/app/words"
)

// MemberText returns a member's value for people to compare, as words.Exact writes it:
// whole in all that is still to be signed, since an unsigned request of more is refused.
func MemberText(m request.Member) string { return words.Exact(m.Text(), request.MaxShown) }

// MemberName is a request's member in words, or its own name where there are
// none.
func MemberName(w *words.Words, name string) string {
	if key := "member." + name; w.Has(key) {
		return w.Text(key)
	}
	return words.Exact(name, 60)
}
