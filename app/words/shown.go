package words

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Phrase is a text not yet put into a language: a key and its placeholders.
// The rooms hand phrases up, so that both faces say the same.
type Phrase struct {
	Key   string
	Pairs []any // placeholder names and values, in turn
}

// Say makes a phrase.
func Say(key string, pairs ...any) Phrase { return Phrase{key, pairs} }

// Localize puts the phrase into a language.
func (p Phrase) Localize(w *Words) string { return w.Text(p.Key, p.Pairs...) }

// Sentence makes a message, which is in lower case for a line on a terminal, a
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

// Sentences sets sentences one after the other, as their writing does: with a space
// where the first ends in a period of ours.
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

// Hidden tells of a character that would not be seen on a screen, or would
// change what is seen around it: control and format characters, direction
// overrides and zero-width ones among them, line and paragraph separators,
// and what Unicode calls default ignorable.
func Hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Visible makes foreign text safe to show: hidden characters are written as
// \u{HEX}, and what is longer than limit characters is cut, with an ellipsis.
func Visible(text string, limit int) string {
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

// VisibleJSON is JSON with its hidden characters escaped: the same value, and
// harmless on a screen.
func VisibleJSON(text string) string {
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
