package app

import (
	"strings"
	"unicode/utf8"

	"handback/app/profile"
	"handback/app/request"
	"handback/app/words"
)

// handoffText returns the text for people in an unsigned request's file.
func handoffText(w *words.Words, r *request.Request, contact string, practice bool) string {
	lines := []string{w.Text("handoff.title"), w.Text("handoff.use", "contact", contact), ""}
	if practice {
		lines = append(lines, w.Text("handoff.practice"), "")
	}
	for _, m := range r.Members {
		lines = append(lines, MemberName(w, m.Name)+": "+MemberText(m))
	}
	return strings.Join(append(lines, w.Text("sheet.check_code")+": "+r.CheckCode()), "\n") + "\n"
}

// maxContact is the maximum length of the contact in an unsigned request's file, in
// characters.
const maxContact = 200

// saysHandoff reports whether the text for people in an unsigned request's file is what
// this program writes for the request, in one of its languages. The contact, which the
// request does not have, may be any single line without invisible characters.
func saysHandoff(people string, r *request.Request) bool {
	const anyone = "\ue000"
	for _, language := range words.Languages() {
		for _, practice := range []bool{false, belongsTo(profile.Practice(), r)} {
			before, after, _ := strings.Cut(handoffText(words.For(language), r, anyone, practice), anyone)
			rest, begins := strings.CutPrefix(people, before)
			contact, ends := strings.CutSuffix(rest, after)
			if begins && ends && utf8.RuneCountInString(contact) <= maxContact && words.Exact(contact, 0) == contact {
				return true
			}
		}
	}
	return false
}
