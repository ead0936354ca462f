package words

import (
	"strings"
	"sync"
	"unicode"
)

// lookAlikes are letters of the Cyrillic, Greek, Armenian and Cherokee scripts, each
// followed by the ASCII letter or digit that looks the same.
const lookAlikes = "АAВBЕEКKМMНHОOРPСCТTУYҮYХXІIЇIЈJЅSԌGԚQԜWЗ3аaеeоoрpсcуyүyхxіiјjѕsԁdԛqԝwһhӏl" +
	"ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXϹCϺMαaιiκkνvοoρpυuχxϲcϳj" +
	"ՕOՏSՍUԼLօoոnսuհhզqցgյj" +
	"ᎪAᏴBᏟCᎠDᎬEᏀGᎻHᎥiᎫJᏦKᏞLᎷMᏢPᎡRᏚSᎢTᏙVᎳWᏃZ"

// dashes are characters that are typed or drawn like a hyphen but are no dashes in
// Unicode: long-vowel marks of Japanese, and lines for drawing boxes.
const dashes = "ーｰ─━"

var looksLike = sync.OnceValue(func() map[rune]rune {
	pairs := []rune(lookAlikes)
	table := map[rune]rune{}
	for i := 0; i < len(pairs); i += 2 {
		table[pairs[i]] = pairs[i+1]
	}
	return table
})

// Narrow returns text with full-width letters, digits and signs of East Asian keyboards,
// and with mathematical letters and digits, as ASCII.
func Narrow(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u3000':
			return ' '
		case r >= 0x1D400 && r < 0x1D6A4: // alphabets in thirteen typefaces
			return []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")[(r-0x1D400)%52]
		case r >= 0x1D7CE && r <= 0x1D7FF: // digits in five
			return '0' + (r-0x1D7CE)%10
		}
		return r
	}, text)
}

// Latin returns text with letters of other scripts that look like an ASCII letter
// replaced by that letter. It includes [Narrow].
func Latin(text string) string {
	table := looksLike()
	return strings.Map(func(r rune) rune {
		if like, ok := table[r]; ok {
			return like
		}
		return r
	}, Narrow(text))
}

// Hyphen reports whether r is a hyphen or looks like one.
func Hyphen(r rune) bool { return unicode.Is(unicode.Dash, r) || strings.ContainsRune(dashes, r) }

// Blank reports whether r looks like a space: white space of any kind, and letters and
// patterns of Unicode that are empty.
func Blank(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\u2800\u115F\u1160\u3164\uFFA0\u17B4\u17B5", r)
}

// scripts are those that have letters in common by their looks.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee}

// Mixed returns the first word of text that has letters of two of the scripts that look
// alike, such as a Cyrillic letter among Latin ones, or "" if there is none.
func Mixed(text string) string {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) }) {
		found := 0
		for _, script := range scripts {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(script, r) }) {
				found++
			}
		}
		if found > 1 {
			return word
		}
	}
	return ""
}

// Alike reports whether people could take two names for the same: they differ only in
// case, white space, hidden characters, full-width forms, composed or separate marks, or
// letters of other scripts that look the same.
func Alike(a, b string) bool { return skeleton(a) == skeleton(b) }

func skeleton(name string) string {
	fold := func(text string) string { return strings.ToLower(Latin(text)) }
	name = strings.Map(func(r rune) rune {
		switch {
		case Blank(r):
			return ' '
		case Hidden(r):
			return -1
		case Hyphen(r):
			return '-'
		}
		return r
	}, Composed(name))
	return strings.Join(strings.Fields(fold(fold(name))), " ") // twice: a capital may look like a letter that its small form does not
}
