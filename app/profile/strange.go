package profile

import (
	"bytes"
	"regexp"
	"unicode"

	"handback/app/words"
)

// strange finds, outside of strings and comments, the first character of a line that no
// TOML has there, though it looks like one that it has: the curly quotes and wide signs
// of a word processor or of mail. Straight is what belongs there; empty if there is none.
func strange(text []byte, line int) (r rune, straight string) {
	lines := bytes.Split(text, []byte("\n"))
	if line < 1 || line > len(lines) {
		return 0, ""
	}
	for _, r := range string(quoted.ReplaceAll(lines[line-1], nil)) {
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

// quoted are the strings and the comment of a line.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']*'|#.*`)
