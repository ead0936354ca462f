package secret

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"handback/app/pattern"
	"handback/app/words"
)

// named matches what a line of a settings file or a script has before a key. It does not
// match padding, with which a key in base64 ends.
var named = pattern.Lazy(`^[A-Za-z_][A-Za-z0-9_.-]*[=:][^=]`)

// unfit returns the reason why a text is obviously not a key, or nil. The vendor's keys
// and OAuth client secrets have ASCII letters, digits and signs, without spaces and
// quotes. Checking this here avoids a wrong signature; there is no way to insist. The
// reason has nothing of the key in it.
func unfit(text string) *words.Phrase {
	say := func(key string, pairs ...any) *words.Phrase {
		p := words.Say(key, pairs...)
		return &p
	}
	unseen := func(r rune) bool { return words.Blank(r) || words.Hidden(r) }
	if !utf8.ValidString(text) {
		return say("secret.why.bytes")
	}
	if strings.TrimFunc(text, unseen) == "" {
		return say("secret.why.blank")
	}
	if i := strings.IndexFunc(text, unseen); i >= 0 {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch character := fmt.Sprintf("%U", r); {
		case i == 0:
			return say("secret.why.before", "character", character)
		case strings.TrimFunc(text[i+size:], unseen) == "":
			return say("secret.why.behind", "character", character)
		default:
			return say("secret.why.inside", "character", character)
		}
	}
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	const marks = "\"'`“”„‟«»‘’‚‹›「」"
	switch {
	case strings.ContainsRune(marks, first) || strings.ContainsRune(marks, last):
		return say("secret.why.quotes")
	case strings.ContainsRune("([{<", first) && strings.ContainsRune(")]}>", last):
		return say("secret.why.brackets")
	case named().MatchString(text):
		return say("secret.why.named")
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
		return say("secret.why.letter", "position", utf8.RuneCountInString(text[:i])+1)
	}
	return nil
}
