package carry

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"handback/app/fault"
)

// Text finds the carried text in what a file, a paste or a phone's scanner
// gives: padded standard base64 on one line. It forgives a byte order mark,
// UTF-16, white space and invisible characters anywhere, wrapped
// lines, mail quoting, quotes around the text, a JSON string, a data URI, the
// URL-safe alphabet and missing padding. A request's JSON itself is accepted as
// it stands, but for what surrounds it. Everything else is a fault: ErrEmpty,
// ErrTooLarge above MaxFileBytes, one that names what was given instead, or one
// that says where the base64 is wrong.
func Text(data []byte) (string, error) {
	if len(data) > MaxFileBytes {
		return "", tooLarge()
	}
	return unwrap(decoded(data), maxWrappings)
}

func tooLarge() error {
	return with(ErrTooLarge, "limit", MaxFileBytes>>20)
}

// invisible are the characters that mean nothing in base64: white space of every
// kind, and the zero-width and direction characters that programs slip in.
func invisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// wrapping are the characters that may surround a text: quotes and mail quoting.
func wrapping(r rune) bool {
	return invisible(r) || strings.ContainsRune("\"'`“”„‟‘’‚‛«»‹›>", r)
}

// maxWrappings is how many JSON strings and data URIs may surround a request:
// an endless nest would be taken apart for ever.
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
	if f := known(text); f != nil {
		return "", f
	}
	if strings.HasPrefix(text, "{") {
		return encoded(strings.TrimFunc(given, invisible), text)
	}
	if head, payload, ok := strings.Cut(text, ","); ok && strings.HasPrefix(strings.ToLower(head), "data:") {
		return fromDataURI(head, payload, wrappings-1, utf8.RuneCountInString(given)-utf8.RuneCountInString(payload))
	}
	return standard(text, utf8.RuneCountInString(given[:len(given)-len(left)]))
}

// jsonString takes the text out of a JSON string with escapes: some programs
// write / as \/ and + as \u002B.
func jsonString(given string) (inner string, ok bool) {
	given = strings.TrimFunc(given, invisible)
	if !strings.HasPrefix(given, `"`) || !strings.Contains(given, `\`) {
		return "", false
	}
	err := json.Unmarshal([]byte(given), &inner)
	return inner, err == nil
}

// mailQuoting is what mail programs put at the beginning of lines. JSON has no
// line that begins with it.
var mailQuoting = regexp.MustCompile(`(?m)^[ \t]*>[> \t]*`)

// encoded is the carried text of a request's JSON: of what was given where that
// begins with it, else of the text within the quotes.
func encoded(given, text string) (string, error) {
	if strings.HasPrefix(given, "{") {
		text = given
	}
	if strings.HasPrefix(given, ">") {
		text = mailQuoting.ReplaceAllString(text, "")
	}
	if base64.StdEncoding.EncodedLen(len(text)) > MaxFileBytes {
		return "", tooLarge()
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

// fromDataURI reads a data URI (RFC 2397) of a request's JSON or of a request
// file, which is base64 itself and so encoded twice.
func fromDataURI(head, payload string, wrappings, before int) (string, error) {
	if plain, err := url.PathUnescape(payload); err == nil {
		payload = plain
	}
	if !strings.HasSuffix(strings.ToLower(head), ";base64") {
		return unwrap(payload, wrappings)
	}
	outer, err := standard(payload, before)
	if err != nil {
		return "", err
	}
	inner, err := unwrap(decoded(bytesOf(outer)), wrappings)
	if err == nil && strings.HasPrefix(string(bytesOf(inner)), "{") {
		return inner, nil
	}
	return outer, nil
}

// bytesOf decodes a carried text.
func bytesOf(carried string) []byte {
	data, _ := base64.StdEncoding.DecodeString(carried)
	return data
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// letters gives the standard letter of each letter of both alphabets, else 0.
var letters = func() (table [utf8.RuneSelf]byte) {
	for _, letter := range []byte(alphabet) {
		table[letter] = letter
	}
	table['-'], table['_'] = '+', '/'
	return table
}()

// standard gives base64 its standard form and decodes it strictly. before is the
// number of characters that precede the text in what was given, for positions.
func standard(text string, before int) (string, error) {
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
	if f := known(string(content)); f != nil {
		return "", f
	}
	return carried, nil
}

// escaped shows the first character of a text so that it cannot disturb a screen.
func escaped(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf(`'\x%02x'`, text[0])
	}
	return strconv.QuoteRune(r)
}
