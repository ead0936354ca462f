package profile

import (
	"bytes"
	"unicode"

	"handback/app/pattern"
	"handback/app/words"
)

// strange returns the first character of a line, outside of strings and comments, that
// TOML does not allow there but that looks like one that it does: curly quotes and wide
// signs from a word processor or mail. straight is the right character, or "" if there is
// none.
func strange(text []byte, line int) (r rune, straight string) {
	lines := bytes.Split(text, []byte("\n"))
	if line < 1 || line > len(lines) {
		return 0, ""
	}
	for _, r := range string(quoted().ReplaceAll(lines[line-1], nil)) {
		narrow := words.Narrow(string(r))
		switch {
		case r <= unicode.MaxASCII:
		case unicode.In(r, unicode.Pi, unicode.Pf) || bytes.ContainsRune([]byte("„‟‚‛″′「」『』《》〝〞＂＇´"), r):
			return r, `"`
		case words.Hyphen(r):
			return r, "-"
		case words.Blank(r) || words.Hidden(r):
			return r, " "
		case narrow != string(r):
			return r, narrow
		case bytes.ContainsRune([]byte("【】〔〕"), r):
			return r, "[ ]"
		case bytes.ContainsRune([]byte("、，"), r):
			return r, ","
		}
	}
	return 0, ""
}

// quoted matches the strings and the comment of a line.
var quoted = pattern.Lazy(`"(?:[^"\\]|\\.)*"|'[^']*'|#.*`)
