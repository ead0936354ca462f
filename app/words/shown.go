package words

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Phrase is a text that is not localized yet: a key and its placeholders. Packages return
// phrases so that the window and the command show the same texts.
type Phrase struct {
	Key   string
	Pairs []any // names and values of placeholders, alternately
}

// Say returns a phrase.
func Say(key string, pairs ...any) Phrase { return Phrase{key, pairs} }

// Localize returns the text in the language of w.
func (p Phrase) Localize(w *Words) string { return w.Text(p.Key, p.Pairs...) }

// Sentence turns a message, which starts in lower case for a line on a terminal, into a
// sentence for a page.
func Sentence(message string) string {
	first, size := utf8.DecodeRuneInString(message)
	if size == 0 {
		return ""
	}
	message = string(unicode.ToUpper(first)) + message[size:]
	last, _ := utf8.DecodeLastRuneInString(message)
	switch {
	case strings.ContainsRune("）」", last) || unicode.In(last, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return message + "。"
	case unicode.IsPunct(last) && !strings.ContainsRune(`)"“”»`, last):
		return message
	}
	return message + "."
}

// Sentences joins sentences as their script does: with a space unless the first ends in
// an ideographic full stop.
func Sentences(all ...string) string {
	text := ""
	for _, one := range all {
		if text != "" && one != "" && !strings.HasSuffix(text, "。") {
			text += " "
		}
		text += one
	}
	return text
}

// Hidden reports whether r is invisible or changes what is shown around it: control and
// format characters, including direction overrides and zero-width characters, line and
// paragraph separators, and what Unicode calls default ignorable.
func Hidden(r rune) bool {
	if ' ' <= r && r <= '~' {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// plain reports whether a text has printable ASCII characters only, as most texts.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// Visible returns foreign text in a form that is safe to show: hidden characters are
// written as \u{HEX}, and what exceeds limit characters is replaced by an ellipsis.
func Visible(text string, limit int) string {
	if len(text) <= limit && plain(text) {
		return text
	}
	var b strings.Builder
	count := 0
	for _, r := range text {
		if count == limit {
			b.WriteString("…")
			break
		}
		count++
		if Hidden(r) || r == unicode.ReplacementChar {
			fmt.Fprintf(&b, `\u{%X}`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// VisibleJSON returns JSON with hidden characters escaped. It has the same value and is
// safe to show.
func VisibleJSON(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if !Hidden(r) || r == '\n' {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
