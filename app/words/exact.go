package words

import (
	"fmt"
	"strings"
	"unicode"
)

// Exact is like [Visible], for texts that people compare. It also writes as \u{HEX} what
// cannot be seen or looks like something else: spaces at either end or next to another
// space, all spaces but the usual one, combining marks, letters in another width or
// style, and non-ASCII letters in a word of two scripts. If limit is 0 or less, all of
// the text is shown.
func Exact(text string, limit int) string {
	if (len(text) <= limit || limit <= 0) && plain(text) && !strings.Contains(text, "  ") && strings.Trim(text, " ") == text {
		return text
	}
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

// deceptive reports whether r cannot be seen, or looks like another character anywhere.
func deceptive(r rune) bool {
	const blankBraille = '\u2800'
	return Hidden(r) || r == unicode.ReplacementChar || r == blankBraille ||
		r != ' ' && unicode.Is(unicode.Zs, r) ||
		unicode.In(r, unicode.Mn, unicode.Me) && unicode.Is(unicode.Inherited, r) ||
		unicode.Is(styled, r)
}

// styled are letters and digits that Unicode repeats in another width or style.
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

// mixable are scripts that are often mixed with others in one word.
var mixable = []*unicode.RangeTable{unicode.Common, unicode.Inherited,
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo}

// twoScripts reports whether a word has letters of two scripts, not counting those in
// mixable.
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
