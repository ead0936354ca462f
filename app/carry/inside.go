package carry

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"handback/app/document"
	"handback/app/fault"
)

const (
	// maxTries bounds how many places of a text may begin a request.
	maxTries = 1 << 14
	// maxWork bounds what is looked through in all, in bytes: a text may be decoded in
	// several ways, and each beginning of a request be followed for long.
	maxWork = 4 * MaxFileBytes
	// maxCoded is how many times a text may have been coded over a request.
	maxCoded = 3
)

// mark is a member that every request, signed or not, has: JSON without it is
// something else.
var mark = []byte(`"hardware_id"`)

// errCrowded says that too much of a text might be a request.
var errCrowded = fault.New(fault.Input, "carry.crowded")

// search finds requests in a text among others: each where it begins, and as far as
// its JSON goes.
type search struct {
	tries, work int
}

func newSearch() *search { return &search{} }

// spent counts work. It tells whether there was too much.
func (s *search) spent(bytes int) bool {
	s.work += bytes
	return s.work > maxWork || s.tries > maxTries
}

// find looks in the text as it stands, and where nothing is found in what it may have
// been before it was coded. It fails where decodings differ in what they hold. What
// it found stands beside an error that says what else could not be read.
func (s *search) find(text string) ([]Piece, error) {
	level := []string{text}
	var first error
	for range maxCoded {
		var found []Piece
		var wrong error
		for _, one := range level {
			pieces, err := s.direct(one)
			if len(pieces) == 0 {
				wrong = keepFirst(wrong, err)
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
		first = keepFirst(first, wrong)
		if s.spent(0) {
			return nil, first
		}
		level = s.uncoded(level)
	}
	return nil, first
}

func keepFirst(first, next error) error {
	if first != nil {
		return first
	}
	return next
}

// samePiece tells whether two pieces hold the same.
func samePiece(a, b Piece) bool {
	return a.Text == b.Text && (a.Part == nil) == (b.Part == nil) && (a.Part == nil || *a.Part == *b.Part) &&
		bytes.Equal(a.Brief, b.Brief) && bytes.Equal(a.Record, b.Record)
}

// beginning is where something that is carried may begin, a group each: a document; a
// part; the base64 of a brace and of what may follow it; a brace. The last is base64 of
// anything, which may hold a request in its turn.
var beginning = regexp.MustCompile(`(?:^|\n)(HANDBACK (?:RECORD|UNSIGNED REQUEST) )|` +
	`(?:^|[^A-Za-z0-9+/])((?i:HBK)[0-9])|` + anchor + `|(\{)|([A-Za-z0-9+/_-]{40})`)

// anchor begins the base64 of a JSON object, which does not go on before it.
const anchor = `(?:^|[^A-Za-z0-9])(eyJ|eyA|ewo|ew0|ewk)`

var anchored = regexp.MustCompile(anchor)

// direct finds what the text holds as it stands.
func (s *search) direct(text string) (found []Piece, err error) {
	if strings.Contains(text, ">") {
		text = mailQuoting.ReplaceAllString(text, "")
	}
	if s.spent(len(text)) {
		return nil, errCrowded
	}
	readers := []func(text string, start int) ([]Piece, int, error){documentIn, partIn, s.letters, s.object, s.block}
	for at := 0; at < len(text); {
		groups := beginning.FindStringSubmatchIndex(text[at:])
		if groups == nil {
			break
		}
		if s.tries++; s.spent(0) {
			return nil, errCrowded
		}
		for i, read := range readers {
			if start := groups[2*i+2]; start >= 0 {
				pieces, end, wrong := read(text, at+start)
				found, err = append(found, pieces...), keepFirst(err, wrong)
				at = end
				break
			}
		}
	}
	if len(found) == 0 {
		typed, wrong := linesIn(text)
		return typed, keepFirst(wrong, err)
	}
	return found, err
}

// documentIn reads a document that stands in a text.
func documentIn(text string, start int) ([]Piece, int, error) {
	for _, kind := range []document.Kind{document.Record, document.Unsigned} {
		if !kind.Matches([]byte(text[start:])) {
			continue
		}
		end := start + kind.Length(text[start:])
		if kind == document.Record {
			return []Piece{{Record: []byte(text[start:end])}}, end, nil
		}
		found, err := readHandoff([]byte(text[start:end]))
		return found, end, err
	}
	return nil, start + 1, nil
}

var (
	partText = regexp.MustCompile(`^(?i:` + partMagic + `)[0-9]{6}[0-9A-Fa-f]{8}[A-Za-z2-7]+`)
	partLine = regexp.MustCompile(`^\r?\n([A-Za-z2-7]+)[ \t]*(?:\r?\n|$)`)
)

// partIn reads a part that stands in a text: to the end of its line, and as many
// lines more as a mail wrapped.
func partIn(text string, start int) ([]Piece, int, error) {
	own := partText.FindString(text[start:])
	end := start + len(own)
	switch {
	case own == "" && text[start+len(magic)] != partMagic[len(magic)]:
		return nil, start + len(partMagic), ErrNewer
	case own == "":
		return nil, start + len(partMagic), fault.New(fault.Input, "carry.part_cut")
	case strings.HasPrefix(text[end:], "1") && strings.EqualFold(own[len(own)-len(magic):], magic): // the next part
		own = own[:len(own)-len(magic)]
		end -= len(magic)
	}
	for width := len(own); width <= wrapWidth; {
		more := partLine.FindStringSubmatchIndex(text[end:])
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

// wrapWidth is the most that a mail's lines have where they are wrapped.
const wrapWidth = 100

// object reads the JSON of a request that begins in the text there.
func (s *search) object(text string, start int) ([]Piece, int, error) {
	value, _, read, err := first(strings.NewReader(text[start:]))
	s.work += read
	if err != nil || !bytes.Contains(value, mark) {
		return nil, start + 1, nil // braces stand in much that is no request
	}
	carried, err := encoded(string(value), string(value))
	return []Piece{{Text: carried}}, start + len(value), err
}

// first reads the first JSON value, and says how many bytes it had to look at.
func first(r io.Reader) (value json.RawMessage, end, read int, err error) {
	few := &fewReader{r: r, next: 24}
	d := json.NewDecoder(few)
	err = d.Decode(&value)
	return value, int(d.InputOffset()), few.read, err
}

// fewReader gives a little first, and more only to who asks again: most of what looks
// like the beginning of a request is none after a few bytes.
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

// letters reads the base64 of a request's JSON that begins in the text there.
func (s *search) letters(text string, start int) ([]Piece, int, error) {
	run := &lettersReader{text: text[start:]}
	value, size, read, err := first(base64.NewDecoder(base64.RawStdEncoding, run))
	s.work += read
	if err != nil {
		end := start + len(contiguous.FindString(text[start:]))
		if s.begun(text[start:]) {
			return nil, end, fault.New(fault.Input, "carry.broken", "line", 1+strings.Count(text[:start], "\n"))
		}
		return nil, end, nil
	}
	carried, after := exactly(text[start:], size)
	end := start + after
	if !bytes.Contains(value, mark) {
		return nil, end, nil
	}
	if carried == "" {
		return nil, end, fault.New(fault.Input, "carry.joined", "position", utf8.RuneCountInString(text[:end])+1)
	}
	return []Piece{{Text: carried}}, end, nil
}

// begun tells whether the base64 of what is surely a request begins a text that could
// not be read as one.
func (s *search) begun(text string) bool {
	const enough = 200 // bytes of a request, among which is one of these
	head, _ := io.ReadAll(io.LimitReader(base64.NewDecoder(base64.RawStdEncoding, &lettersReader{text: text}), enough))
	s.work += len(head)
	for _, member := range []string{`"hardware_id"`, `"request"`, `"request_id"`, `"license_key"`, `"handoff"`} {
		if bytes.Contains(head, []byte(member)) {
			return true
		}
	}
	return false
}

// lettersReader gives the base64 letters of a text, in the standard alphabet, up to
// what is neither a letter nor invisible.
type lettersReader struct {
	text string
	at   int // how far it was read
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

// exactly takes the base64 of so many bytes off the beginning of a text, with the
// padding behind it, and gives their carried text. White space within the base64
// belongs to the JSON. The carried text is empty where the base64 goes on beyond that.
func exactly(text string, size int) (carried string, end int) {
	own := make([]byte, base64.RawStdEncoding.EncodedLen(size))
	run := &lettersReader{text: text}
	_, _ = io.ReadFull(run, own) // as many were decoded
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

// contiguous is base64 without white space in it; blockIn may go over lines.
var (
	contiguous = regexp.MustCompile(`^[A-Za-z0-9+/_-]+`)
	blockIn    = regexp.MustCompile(`^[A-Za-z0-9+/_-]+(?:\r?\n[A-Za-z0-9+/_-]+)*`)
)

// block looks for requests in what base64 stands for: a mail's text and attachments,
// or a request that was coded once more.
func (s *search) block(text string, start int) ([]Piece, int, error) {
	block := blockIn.FindString(text[start:])
	end := start + len(block)
	inner, _ := io.ReadAll(base64.NewDecoder(base64.RawStdEncoding, &lettersReader{text: block}))
	content := decoded(inner)
	if !legible(content) {
		if inside := anchored.FindStringSubmatchIndex(block[1:]); inside != nil { // after a slash or hyphen
			end = start + 1 + inside[2]
		}
		return nil, end, nil
	}
	found, err := s.find(content)
	return found, end, err
}

// legible tells whether content may be text, by its beginning: what follows the base64
// of a text may have been decoded along with it.
func legible(content string) bool {
	const enough = 24
	head := content[:min(enough, len(content))]
	return len(head) == enough && !strings.ContainsFunc(head[:enough-utf8.UTFMax], func(r rune) bool {
		return r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\t\r\n", r)
	})
}
