package carry

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"handback/app/document"
	"handback/app/fault"
	"handback/app/pattern"
)

const (
	// maxTries limits the places in a text that are tried as the start of a request.
	maxTries = 1 << 14
	// maxWork limits the bytes that are examined in all: a text may be decoded in
	// several ways, and each possible start followed for a long way.
	maxWork = 4 * MaxFileBytes
	// maxEncodings is how many encodings may be around a request.
	maxEncodings = 3
)

// requestMember is in every request, signed or not. JSON without it is something else.
var requestMember = []byte(`"hardware_id"`)

// errCrowded means that too much of a text looks like the start of a request.
var errCrowded = fault.New(fault.Input, "carry.crowded")

// search finds requests within other text.
type search struct {
	tries, work int
}

// exceeds adds to the work and reports whether it is now over the limit.
func (s *search) exceeds(bytes int) bool {
	s.work += bytes
	return s.work > maxWork || s.tries > maxTries
}

// find searches the text as it is and, if nothing is found, as it may have been before it
// was encoded. It fails if two decodings hold different requests. It may return pieces
// together with an error about others that could not be read.
func (s *search) find(text string) ([]Piece, error) {
	level := []string{text}
	var first error
	for range maxEncodings {
		var found []Piece
		var wrong error
		for _, one := range level {
			pieces, err := s.findPlain(one)
			if len(pieces) == 0 {
				wrong = cmp.Or(wrong, err)
				continue
			}
			if found != nil && !slices.EqualFunc(found, pieces, samePiece) {
				return nil, fault.New(fault.Input, "carry.ambiguous")
			}
			found, wrong = pieces, err
		}
		if found != nil {
			return found, wrong
		}
		first = cmp.Or(first, wrong)
		if s.exceeds(0) {
			return nil, first
		}
		level = s.decode(level)
	}
	return nil, first
}

// samePiece reports whether two pieces have the same content.
func samePiece(a, b Piece) bool {
	return a.Text == b.Text && (a.Part == nil) == (b.Part == nil) && (a.Part == nil || *a.Part == *b.Part) &&
		bytes.Equal(a.Brief, b.Brief) && bytes.Equal(a.Receipt, b.Receipt)
}

// beginning matches the start of what may be carried, with a group for each kind: a
// document; a part; base64 of a JSON object; a JSON object. The last group is any base64,
// which may itself contain a request.
var beginning = pattern.Lazy(`(?:^|\n)(HANDBACK (?:RECORD|UNSIGNED REQUEST) )|` +
	`(?:^|[^A-Za-z0-9+/])((?i:HBK)[0-9])|` + base64Start + `|(\{)|([A-Za-z0-9+/_-]{40})`)

// base64Start matches the start of base64 of a JSON object, with no base64 before it.
const base64Start = `(?:^|[^A-Za-z0-9])(eyJ|eyA|ewo|ew0|ewk)`

var base64Object = pattern.Lazy(base64Start)

// findPlain searches the text as it is.
func (s *search) findPlain(text string) (found []Piece, err error) {
	if strings.Contains(text, ">") {
		text = mailQuoting().ReplaceAllString(text, "")
	}
	if s.exceeds(len(text)) {
		return nil, errCrowded
	}
	readers := []func(text string, start int) ([]Piece, int, error){documentIn, partIn, s.letters, s.object, s.block}
	for at := 0; at < len(text); {
		groups := beginning().FindStringSubmatchIndex(text[at:])
		if groups == nil {
			break
		}
		if s.tries++; s.exceeds(0) {
			return nil, errCrowded
		}
		for i, read := range readers {
			if start := groups[2*i+2]; start >= 0 {
				pieces, end, wrong := read(text, at+start)
				found, err = append(found, pieces...), cmp.Or(err, wrong)
				at = end
				break
			}
		}
	}
	if len(found) == 0 {
		typed, wrong := linesIn(text)
		return typed, cmp.Or(wrong, err)
	}
	return found, err
}

// documentIn reads a document within a text.
func documentIn(text string, start int) ([]Piece, int, error) {
	for _, kind := range []document.Kind{document.Record, document.Unsigned} {
		if !kind.Matches([]byte(text[start:])) {
			continue
		}
		end := start + kind.Length(text[start:])
		if kind == document.Record {
			return []Piece{{Receipt: []byte(text[start:end])}}, end, nil
		}
		found, err := readHandoff([]byte(text[start:end]))
		return found, end, err
	}
	return nil, start + 1, nil
}

var (
	partText = pattern.Lazy(`^(?i:` + partMagic + `)[0-9]{6}[0-9A-Fa-f]{8}[A-Za-z2-7]+`)
	partLine = pattern.Lazy(`^\r?\n([A-Za-z2-7]+)[ \t]*(?:\r?\n|$)`)
)

// partIn reads a part within a text, up to the end of its line and including the lines
// into which a mail wrapped it.
func partIn(text string, start int) ([]Piece, int, error) {
	own := partText().FindString(text[start:])
	end := start + len(own)
	switch {
	case own == "" && text[start+len(magic)] != partMagic[len(magic)]:
		return nil, start + len(partMagic), ErrNewer
	case own == "":
		return nil, start + len(partMagic), fault.New(fault.Input, "carry.part_cut")
	case strings.HasPrefix(text[end:], "1") && strings.EqualFold(own[len(own)-len(magic):], magic): // the next part begins
		own = own[:len(own)-len(magic)]
		end -= len(magic)
	}
	for width := len(own); width <= wrapWidth; {
		more := partLine().FindStringSubmatchIndex(text[end:])
		if more == nil {
			break
		}
		letters := text[end+more[2] : end+more[3]]
		if len(letters) > width || strings.ToUpper(own) == own && strings.ToUpper(letters) != letters {
			break
		}
		own += letters
		end += more[3]
		if len(letters) < width {
			break
		}
	}
	part, err := readPart(strings.ToUpper(own[len(partMagic):]))
	if err != nil {
		return nil, end, err
	}
	return []Piece{{Part: &part}}, end, nil
}

// wrapWidth is the longest line of a wrapped mail.
const wrapWidth = 100

// object reads the JSON of a request that starts there.
func (s *search) object(text string, start int) ([]Piece, int, error) {
	value, _, read, err := first(strings.NewReader(text[start:]))
	s.work += read
	if err != nil || !bytes.Contains(value, requestMember) {
		return nil, start + 1, nil // much other text has braces
	}
	carried, err := encoded(string(value), string(value))
	return []Piece{{Text: carried}}, start + len(value), err
}

// first reads the first JSON value and also returns how many bytes it had to read.
func first(r io.Reader) (value json.RawMessage, end, read int, err error) {
	few := &fewReader{r: r, next: 24}
	d := json.NewDecoder(few)
	err = d.Decode(&value)
	return value, int(d.InputOffset()), few.read, err
}

// fewReader reads a little first and doubles the size each time: most of what looks like
// the start of a request turns out to be none after a few bytes.
type fewReader struct {
	r          io.Reader
	next, read int
}

func (f *fewReader) Read(p []byte) (int, error) {
	n, err := f.r.Read(p[:min(len(p), f.next)])
	f.next *= 2
	f.read += n
	return n, err
}

// letters reads the base64 of a request's JSON that starts there.
func (s *search) letters(text string, start int) ([]Piece, int, error) {
	run := &lettersReader{text: text[start:]}
	value, size, read, err := first(base64.NewDecoder(base64.RawStdEncoding, run))
	s.work += read
	if err != nil {
		end := start + len(contiguous().FindString(text[start:]))
		if s.beginsRequest(text[start:]) {
			return nil, end, fault.New(fault.Input, "carry.broken", "line", 1+strings.Count(text[:start], "\n"))
		}
		return nil, end, nil
	}
	carried, after := cutBase64(text[start:], size)
	end := start + after
	if !bytes.Contains(value, requestMember) {
		return nil, end, nil
	}
	if carried == "" {
		return nil, end, fault.New(fault.Input, "carry.joined", "position", utf8.RuneCountInString(text[:end])+1)
	}
	return []Piece{{Text: carried}}, end, nil
}

// beginsRequest reports whether a text that could not be read as a request is surely the
// start of one, in base64.
func (s *search) beginsRequest(text string) bool {
	const enough = 200 // bytes of a request have one of these
	head, _ := io.ReadAll(io.LimitReader(base64.NewDecoder(base64.RawStdEncoding, &lettersReader{text: text}), enough))
	s.work += len(head)
	for _, member := range []string{`"hardware_id"`, `"request"`, `"request_id"`, `"license_key"`, `"handoff"`} {
		if bytes.Contains(head, []byte(member)) {
			return true
		}
	}
	return false
}

// lettersReader reads the base64 letters of a text, in the standard alphabet, up to the
// first character that is neither a letter nor invisible.
type lettersReader struct {
	text string
	at   int // read so far
}

func (l *lettersReader) Read(p []byte) (n int, err error) {
	for n < len(p) && l.at < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.at:])
		switch {
		case r < utf8.RuneSelf && letters[r] != 0:
			p[n] = letters[r]
			n++
		case !invisible(r):
			return n, io.EOF
		}
		l.at += size
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// cutBase64 cuts the base64 of size bytes off the start of a text, with the padding after
// it, and returns its carried text. White space within the base64 belongs to the JSON.
// The carried text is empty if the base64 goes on after that.
func cutBase64(text string, size int) (carried string, end int) {
	own := make([]byte, base64.RawStdEncoding.EncodedLen(size))
	run := &lettersReader{text: text}
	_, _ = io.ReadFull(run, own) // cannot fail: they were decoded before
	end = run.at
	for end < len(text) && text[end] < utf8.RuneSelf && letters[text[end]] != 0 {
		own = append(own, letters[text[end]])
		end++
	}
	json, err := base64.RawStdEncoding.Strict().DecodeString(string(own))
	if err != nil || len(bytes.TrimSpace(json[size:])) > 0 {
		return "", end
	}
	for next := end; next < len(text); {
		r, width := utf8.DecodeRuneInString(text[next:])
		if next += width; r == '=' {
			end = next
		} else if !invisible(r) {
			break
		}
	}
	if end < len(text) && text[end-1] == '=' && text[end] < utf8.RuneSelf && letters[text[end]] != 0 {
		return "", end
	}
	return base64.StdEncoding.EncodeToString(json), end
}

// contiguous matches base64 without white space, blockIn base64 over several lines.
var (
	contiguous = pattern.Lazy(`^[A-Za-z0-9+/_-]+`)
	blockIn    = pattern.Lazy(`^[A-Za-z0-9+/_-]+(?:\r?\n[A-Za-z0-9+/_-]+)*`)
)

// block searches the content of base64: a mail's text and attachments, or a request that
// was encoded twice.
func (s *search) block(text string, start int) ([]Piece, int, error) {
	block := blockIn().FindString(text[start:])
	end := start + len(block)
	inner, _ := io.ReadAll(base64.NewDecoder(base64.RawStdEncoding, &lettersReader{text: block}))
	content := decoded(inner)
	if !legible(content) {
		if inside := base64Object().FindStringSubmatchIndex(block[1:]); inside != nil { // after a slash or hyphen
			end = start + 1 + inside[2]
		}
		return nil, end, nil
	}
	found, err := s.find(content)
	return found, end, err
}

// legible reports whether content may be text, by its first characters: what follows a
// text's base64 may have been decoded with it.
func legible(content string) bool {
	const enough = 24
	head := content[:min(enough, len(content))]
	return len(head) == enough && !strings.ContainsFunc(head[:enough-utf8.UTFMax], func(r rune) bool {
		return r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\t\r\n", r)
	})
}
