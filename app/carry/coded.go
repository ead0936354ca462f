package carry

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"handback/app/pattern"
)

// coding is an encoding that programs apply to text that they pass on.
type coding struct {
	mark string                // one of these characters is in every encoded text
	sign func() *regexp.Regexp // an encoded sequence
	undo func(found string) string
}

// codings are quoted-printable (RFC 2045 section 6.7), percent-encoding as in URLs, HTML,
// and the escapes of JSON strings.
var codings = []coding{
	{"=", pattern.Lazy(`=(?:[ \t]*\r?\n|[0-9A-Fa-f]{2})`), hexByte},
	{"%", pattern.Lazy(`%[0-9A-Fa-f]{2}`), hexByte},
	{"<&", pattern.Lazy(`<[^<>]*>|&(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});`), func(found string) string {
		switch {
		case strings.HasPrefix(found, "&"):
			return html.UnescapeString(found)
		case breaks().MatchString(found):
			return "\n"
		}
		return ""
	}},
	{`\`, pattern.Lazy(`\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])`), func(found string) string {
		plain, err := strconv.Unquote(`"` + strings.Replace(found, `\/`, "/", 1) + `"`)
		if err != nil {
			return ""
		}
		return plain
	}},
}

// breaks matches the HTML tags that end a line.
var breaks = pattern.Lazy(`(?i)^</?(?:br|p|div|td|th|tr|li|pre|h[1-6])\b`)

// hexByte returns the byte for two hexadecimal digits, or nothing for a soft line break.
func hexByte(found string) string {
	value, err := strconv.ParseUint(found[1:], 16, 8)
	if err != nil {
		return ""
	}
	return string([]byte{byte(value)})
}

// decode returns the texts that the given ones may have been before they were encoded, as
// long as the search may go on.
func (s *search) decode(texts []string) (before []string) {
	for _, text := range texts {
		for _, c := range codings {
			if !strings.ContainsAny(text, c.mark) || s.exceeds(len(text)) {
				continue
			}
			plain := decoded([]byte(c.sign().ReplaceAllStringFunc(text, c.undo)))
			if plain != text && !slices.Contains(before, plain) {
				before = append(before, plain)
			}
		}
	}
	return before
}
