package words

import (
	"fmt"
	"strings"
	"unicode"
)

// Exact is Visible for what people compare: it also writes as \u{HEX} what an eye
// takes for something else, or does not see. These are spaces at either end or
// beside another space, all spaces but the usual one, combining marks, letters in
// another width or style, and letters beyond ASCII in a word of two scripts. A limit of 0
// or less is none: everything is shown.
func Exact(text string, limit int) string {
	var b strings.Builder
	count := 0
	before := ' '
	for word := range strings.SplitAfterSeq(text, " ") {
		mixed := twoScripts(word)
		for _, r := range word {
			if count == limit && limit > 0 {
				return b.String() + "…"
			}
			count++
			rest := r == ' ' && (before == ' ' || b.Len() == 0)
			if rest || deceptive(r) || mixed && r > unicode.MaxASCII && unicode.IsLetter(r) {
				fmt.Fprintf(&b, `\u{%X}`, r)
			} else {
				b.WriteRune(r)
			}
			before = r
		}
	}
	if shown, cut := strings.CutSuffix(b.String(), " "); cut {
		return shown + `\u{20}`
	}
	return b.String()
}

// deceptive tells of a character that is not seen, or looks like another one
// wherever it stands.
func deceptive(r rune) bool {
	const blankBraille = '\u2800'
	return Hidden(r) || r == unicode.ReplacementChar || r == blankBraille ||
		r != ' ' && unicode.Is(unicode.Zs, r) ||
		unicode.In(r, unicode.Mn, unicode.Me) && unicode.Is(unicode.Inherited, r) ||
		unicode.Is(styled, r)
}

// styled are the letters and digits that Unicode has once more in another width or
// style.
var styled = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x2100, Hi: 0x214f, Stride: 1}, // letterlike symbols
		{Lo: 0x2460, Hi: 0x24ff, Stride: 1}, // enclosed
		{Lo: 0xfb00, Hi: 0xfb06, Stride: 1}, // ligatures
		{Lo: 0xff01, Hi: 0xff5e, Stride: 1}, // full width
	},
	R32: []unicode.Range32{
		{Lo: 0x1d400, Hi: 0x1d7ff, Stride: 1}, // mathematical
		{Lo: 0x1f100, Hi: 0x1f189, Stride: 1}, // enclosed
	},
}

// mixable are the scripts that one word may well have beside another one.
var mixable = []*unicode.RangeTable{unicode.Common, unicode.Inherited,
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo}

// twoScripts tells whether a word has letters of two scripts, of those whose letters
// look like each other's.
func twoScripts(word string) bool {
	var first *unicode.RangeTable
	for _, r := range word {
		if unicode.In(r, mixable...) || first != nil && unicode.Is(first, r) {
			continue
		}
		if first != nil {
			return true
		}
		first = scriptOf(r)
	}
	return false
}

func scriptOf(r rune) *unicode.RangeTable {
	if unicode.Is(unicode.Latin, r) {
		return unicode.Latin
	}
	for _, script := range unicode.Scripts {
		if unicode.Is(script, r) {
			return script
		}
	}
	return nil
}
