package carry

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// coding is a way in which a program may write a text that it passes on.
type coding struct {
	mark string         // one of these characters is in all that it writes
	sign *regexp.Regexp // what it writes
	undo func(found string) string
}

// codings are quoted-printable (RFC 2045 section 6.7), the percent signs of a URL, HTML,
// and the escapes of a JSON string.
var codings = []coding{
	{"=", regexp.MustCompile(`=(?:[ \t]*\r?\n|[0-9A-Fa-f]{2})`), hexed},
	{"%", regexp.MustCompile(`%[0-9A-Fa-f]{2}`), hexed},
	{"<&", regexp.MustCompile(`<[^<>]*>|&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});`), func(found string) string {
		switch {
		case strings.HasPrefix(found, "&"):
			return html.UnescapeString(found)
		case breaks.MatchString(found):
			return "\n"
		}
		return ""
	}},
	{`\`, regexp.MustCompile(`\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])`), func(found string) string {
		plain, err := strconv.Unquote(`"` + strings.Replace(found, `\/`, "/", 1) + `"`)
		if err != nil {
			return ""
		}
		return plain
	}},
}

// breaks are the tags of HTML that end a line.
var breaks = regexp.MustCompile(`(?i)^</?(?:br|p|div|td|th|tr|li|pre|h[1-6])\b`)

// hexed is the byte that two hexadecimal digits stand for; empty for the soft end of a
// line.
func hexed(found string) string {
	value, err := strconv.ParseUint(found[1:], 16, 8)
	if err != nil {
		return ""
	}
	return string([]byte{byte(value)})
}

// uncoded are the texts that those given may have been before they were coded, as far
// as there is room for the work.
func (s *search) uncoded(texts []string) (before []string) {
	for _, text := range texts {
		for _, c := range codings {
			if !strings.ContainsAny(text, c.mark) || s.spent(len(text)) {
				continue
			}
			plain := decoded([]byte(c.sign.ReplaceAllStringFunc(text, c.undo)))
			if plain != text && !slices.Contains(before, plain) {
				before = append(before, plain)
			}
		}
	}
	return before
}
