package carry

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"handback/app/fault"
	"handback/app/pattern"
)

// Text returns the carried text in a file, a paste or the output of a phone's scanner. It
// accepts a byte order mark, UTF-16, white space and invisible characters anywhere,
// wrapped lines, mail quoting, quotes around the text, a JSON string, a data URI, the
// URL-safe alphabet and missing padding. It accepts a request's JSON too, unchanged
// except for what surrounds it.
//
// It fails with [ErrEmpty], with [ErrTooLarge] above [MaxFileBytes], or with a fault that
// says what was given instead or where the base64 is wrong.
func Text(data []byte) (string, error) {
	if len(data) > MaxFileBytes {
		return "", tooLarge()
	}
	return unwrap(decoded(data), maxWrappings)
}

func tooLarge() error {
	return ErrTooLarge.With("limit", MaxFileBytes>>20)
}

// invisible reports whether r means nothing in base64: white space of any kind, and the
// zero-width and direction characters that programs insert.
func invisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// wrapping reports whether r may surround a text: quotes, and marks of mail quoting.
func wrapping(r rune) bool {
	return invisible(r) || strings.ContainsRune("\"'`“”„‟‘’‚‛«»‹›>", r)
}

// maxWrappings is how many JSON strings and data URIs may be around a request. Without a
// limit, unwrapping a nest of them would not end.
const maxWrappings = 3

func unwrap(given string, wrappings int) (string, error) {
	if wrappings < 0 {
		return "", fault.New(fault.Input, "carry.nested")
	}
	if inner, ok := jsonString(given); ok {
		return unwrap(inner, wrappings-1)
	}
	left := strings.TrimLeftFunc(given, wrapping)
	text := strings.TrimRightFunc(left, wrapping)
	if text == "" {
		return "", ErrEmpty
	}
	if f := wrongKind(text); f != nil {
		return "", f
	}
	if strings.HasPrefix(text, "{") {
		return encoded(strings.TrimFunc(given, invisible), text)
	}
	if head, payload, ok := strings.Cut(text, ","); ok && strings.HasPrefix(strings.ToLower(head), "data:") {
		return fromDataURI(head, payload, wrappings-1, utf8.RuneCountInString(given)-utf8.RuneCountInString(payload))
	}
	return normalize(text, utf8.RuneCountInString(given[:len(given)-len(left)]))
}

// jsonString returns the text of a JSON string with escapes: some programs write / as \/
// and + as \u002B.
func jsonString(given string) (inner string, ok bool) {
	given = strings.TrimFunc(given, invisible)
	if !strings.HasPrefix(given, `"`) || !strings.Contains(given, `\`) {
		return "", false
	}
	err := json.Unmarshal([]byte(given), &inner)
	return inner, err == nil
}

// mailQuoting matches what mail programs put at the start of lines. No line of JSON
// starts with it.
var mailQuoting = pattern.Lazy(`(?m)^[ \t]*>[> \t]*`)

// encoded returns the carried text of a request's JSON: of given if that starts with the
// JSON, otherwise of text, which is without quotes.
func encoded(given, text string) (string, error) {
	if strings.HasPrefix(given, "{") {
		text = given
	}
	if strings.HasPrefix(given, ">") {
		text = mailQuoting().ReplaceAllString(text, "")
	}
	if base64.StdEncoding.EncodedLen(len(text)) > MaxFileBytes {
		return "", tooLarge()
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

// fromDataURI reads a data URI (RFC 2397) of a request's JSON, or of a request file,
// which is base64 itself and so is encoded twice.
func fromDataURI(head, payload string, wrappings, before int) (string, error) {
	if plain, err := url.PathUnescape(payload); err == nil {
		payload = plain
	}
	if !strings.HasSuffix(strings.ToLower(head), ";base64") {
		return unwrap(payload, wrappings)
	}
	outer, err := normalize(payload, before)
	if err != nil {
		return "", err
	}
	inner, err := unwrap(decoded(bytesOf(outer)), wrappings)
	if err == nil && strings.HasPrefix(string(bytesOf(inner)), "{") {
		return inner, nil
	}
	return outer, nil
}

func bytesOf(carried string) []byte {
	data, _ := base64.StdEncoding.DecodeString(carried)
	return data
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// letters maps the letters of both base64 alphabets to the standard one; others are 0.
var letters = func() (table [utf8.RuneSelf]byte) {
	for _, letter := range []byte(alphabet) {
		table[letter] = letter
	}
	table['-'], table['_'] = '+', '/'
	return table
}()

// normalize returns base64 in its standard form, after decoding it strictly. before is
// the number of characters before the text in the input, for positions in faults.
func normalize(text string, before int) (string, error) {
	var out []byte
	padding, position, lineStart := 0, before, true
	for i, r := range text {
		position++
		if invisible(r) {
			lineStart = lineStart || r == '\n' || r == '\r'
			continue
		}
		if lineStart && r == '>' {
			continue
		}
		lineStart = false
		if r == '=' {
			padding++
			continue
		}
		if r >= utf8.RuneSelf || letters[r] == 0 {
			return "", fault.New(fault.Input, "carry.character", "character", escaped(text[i:]), "position", position)
		}
		if padding > 0 {
			return "", fault.New(fault.Input, "carry.joined", "position", position)
		}
		out = append(out, letters[r])
	}
	missing := -len(out) & 3
	if missing == 3 || padding > missing {
		return "", fault.New(fault.Input, "carry.length", "characters", len(out)+padding)
	}
	carried := string(out) + strings.Repeat("=", missing)
	content, err := base64.StdEncoding.Strict().DecodeString(carried)
	if err != nil {
		return "", fault.New(fault.Input, "carry.trailing_bits")
	}
	if len(content) == 0 {
		return "", ErrEmpty
	}
	if f := wrongKind(string(content)); f != nil {
		return "", f
	}
	return carried, nil
}

// escaped returns the first character of a text, quoted so that it is safe to show.
func escaped(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf(`'\x%02x'`, text[0])
	}
	return strconv.QuoteRune(r)
}
