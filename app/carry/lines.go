package carry

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"handback/app/fault"
	"handback/app/pattern"
	"handback/app/request"
)

const (
	lineVersion = 1
	lineHeader  = 7 // bytes: version, number of lines, CRC-32
	lineLetters = 25
	groupLength = 5
	lineChecks  = 2
	maxLines    = 9999
	maxDigits   = 4 // in a line's number
	maxOnes     = 4 // per line; each may be an I or an L
)

// Lines returns a carried text as lines to be typed, such as "01 ABCDE FGHIJ KLMNO PQRST
// UVWXY ZA": a number, groups of letters, and two check letters. known is as in
// [request.Request.Compact]. It fails with [ErrTooLong] if there would be more than 9,999.
func Lines(carried string, known []request.Common) ([]string, error) {
	a := newArmor(carried, known)
	count := ceilDiv(armorBase32.EncodedLen(lineHeader+len(a.packed)), lineLetters)
	if count > maxLines {
		return nil, ErrTooLong.With("characters", len(carried))
	}
	stream := binary.BigEndian.AppendUint16([]byte{lineVersion}, uint16(count))
	stream = binary.BigEndian.AppendUint32(stream, a.sum)
	return numberedLines(append(stream, a.packed...)), nil
}

// numberedLines returns the lines for a stream of bytes.
func numberedLines(stream []byte) (lines []string) {
	rest := armorBase32.EncodeToString(stream)
	digits := max(2, len(fmt.Sprint(ceilDiv(len(rest), lineLetters))))
	for rest != "" {
		one := line{len(lines) + 1, rest[:min(lineLetters, len(rest))]}
		lines = append(lines, one.text(digits))
		rest = rest[len(one.letters):]
	}
	return lines
}

type line struct {
	number  int // from 1
	letters string
}

// text returns the line as it is shown, its number padded to the given digits.
func (l line) text(digits int) string {
	text := fmt.Sprintf("%0*d", digits, l.number)
	for group := range slices.Chunk([]byte(l.letters), groupLength) {
		text += " " + string(group)
	}
	return text + " " + l.checks()
}

// symbols returns the numbers below 32 that the check letters cover: the line's number as
// three of them, then its letters.
func (l line) symbols() []byte {
	all := []byte{byte(l.number >> 10 & 31), byte(l.number >> 5 & 31), byte(l.number & 31)}
	for _, letter := range []byte(l.letters) {
		all = append(all, byte(strings.IndexByte(lettersOnly, letter)))
	}
	return all
}

// checks returns the letters that make the line a codeword of the Reed-Solomon code over
// GF(32) with the roots a and a². A codeword has up to 31 symbols, a line up to 30. Any
// two wrong letters are detected, and so are any two that were swapped.
func (l line) checks() string {
	// The remainder of the symbols, as a polynomial, divided by
	// (x-a)(x-a²) = x² + (a+a²)x + a³.
	var high, low byte
	for _, s := range l.symbols() {
		factor := s ^ high
		high, low = low^times32(factor, power32[1]^power32[2]), times32(factor, power32[3])
	}
	return string([]byte{lettersOnly[high], lettersOnly[low]})
}

// power32 are the powers of a in GF(32), where a⁵ = a² + 1.
var power32 = func() (powers [31]byte) {
	p := byte(1)
	for i := range powers {
		powers[i] = p
		if p <<= 1; p&32 != 0 {
			p ^= 0b100101
		}
	}
	return powers
}()

func times32(a, b byte) (product byte) {
	if a == 0 || b == 0 {
		return 0
	}
	return power32[(slices.Index(power32[:], a)+slices.Index(power32[:], b))%31]
}

var (
	// typedStart matches the start of typed lines: a line's number, then letters.
	typedStart = pattern.Lazy(`^[0-9]{1,4}[\s\p{Zs}.:)]+[A-Za-z0-9 \p{Zs}-]+`)
	// numbered separates a line's number, which may have letters that look like
	// digits, from the rest.
	numbered = pattern.Lazy(`^([0-9OoIiLl]{1,4})(?:[\s.:)-]+|$)(.*)$`)
	// unspaced matches a line with nothing between its number and its letters.
	unspaced = pattern.Lazy(`^[0-9OoIiLl]{1,4}[A-Za-z0-9][A-Za-z0-9\s.-]+$`)
	// between matches what is allowed anywhere between letters.
	between = pattern.Lazy(`[\s.-]+`)
	// likeDigits replaces letters that look like digits, in a line's number.
	likeDigits = strings.NewReplacer("O", "0", "I", "1", "L", "1")
)

// readLine reads a typed line. A character that looks like several letters is read as the
// one that passes the check, if only one does. So is a number that is not separated from
// the letters.
func readLine(text string) (l line, err error) {
	text = plainSpaces(text)
	if fields := numbered().FindStringSubmatch(text); fields != nil {
		return lettersOf(fields[1], fields[2])
	}
	var right []line
	if unspaced().MatchString(text) {
		for digits := 1; digits <= maxDigits; digits++ {
			if strings.Trim(text[:digits], "0123456789OoIiLl") != "" {
				break
			}
			if one, err := lettersOf(text[:digits], text[digits:]); err == nil {
				right = append(right, one)
			}
		}
	}
	if len(right) != 1 {
		return l, fault.New(fault.Input, "carry.line_number")
	}
	return right[0], nil
}

// plainSpaces returns a line with ordinary spaces and hyphens, without invisible
// characters around it.
func plainSpaces(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Dash, r):
			return '-'
		}
		return r
	}, strings.TrimFunc(text, invisible))
}

func lettersOf(number, rest string) (l line, err error) {
	if l.number, err = decimal(likeDigits.Replace(strings.ToUpper(number))); err != nil || l.number == 0 {
		return l, fault.New(fault.Input, "carry.line_number")
	}
	letters := strings.ToUpper(between().ReplaceAllString(rest, ""))
	letters = strings.NewReplacer("0", "O", "8", "B").Replace(letters)
	if at := strings.IndexFunc(letters, func(r rune) bool { return r != '1' && !strings.ContainsRune(lettersOnly, r) }); at >= 0 {
		return l, fault.New(fault.Input, "carry.line_letter", "character", escaped(letters[at:]), "number", l.number,
			"position", utf8.RuneCountInString(letters[:at])+1)
	}
	if len(letters) <= lineChecks || len(letters) > lineLetters+lineChecks {
		return l, fault.New(fault.Input, "carry.line_length", "number", l.number, "letters", len(letters), "limit", lineLetters+lineChecks)
	}
	var right []line
	for _, reading := range readings(letters) {
		end := len(reading) - lineChecks
		if one := (line{l.number, reading[:end]}); one.checks() == reading[end:] {
			right = append(right, one)
		}
	}
	if len(right) != 1 {
		return l, fault.New(fault.Input, "carry.line_wrong", "number", l.number)
	}
	return right[0], nil
}

// readings returns all texts that letters with ones in them may be.
func readings(letters string) []string {
	ones := strings.Count(letters, "1")
	if ones == 0 || ones > maxOnes {
		return []string{letters}
	}
	return append(readings(strings.Replace(letters, "1", "I", 1)), readings(strings.Replace(letters, "1", "L", 1))...)
}

// Typing is the state of lines that a person is typing.
type Typing struct {
	Wrong  []WrongLine
	Count  int    // of all lines; 0 until line 1 is typed
	Have   []int  // the numbers of the correct lines, ascending
	Brief  []byte // the content of lines made by [BriefLines], once all are correct
	packed armor  // the content of other lines, once all are correct
	err    error
}

// WrongLine is a line that differs from the sheet.
type WrongLine struct {
	Index int // of the line in the text, from 0
	Err   error
}

// Complete returns nil once all lines are correct. Until then it fails with the fault of
// the first wrong line, [ErrMissing], [ErrConflict], [ErrNewer] or [ErrSum].
func (t Typing) Complete() error { return t.err }

// part returns the content of complete lines as the only part of a request.
func (t Typing) part() Part {
	return Part{Set{1, t.packed.sum}, 1, armorBase32.EncodeToString(t.packed.packed)}
}

// Typed reads lines that a person types, in any order and in either case; blank lines are
// skipped. The last line may be incomplete: it is not wrong while it can still become
// right.
func Typed(text string) Typing {
	var t Typing
	right := map[int]string{}
	rows := textRows(text)
	if len(rows) > maxRows {
		t.err = ErrTooLong.With("characters", len(text))
		return t
	}
	for i, row := range rows {
		for _, row := range linesOfRow(row) {
			one, err := readLine(row)
			if before, seen := right[one.number]; err == nil && seen && before != one.letters {
				err = ErrConflict.With("number", one.number)
			}
			switch {
			case err == nil:
				right[one.number] = one.letters
			case i < len(rows)-1 || finished(row):
				t.Wrong = append(t.Wrong, WrongLine{i, err})
			default:
				t.err = err
			}
		}
	}
	for number := range right {
		t.Have = append(t.Have, number)
	}
	slices.Sort(t.Have)
	t.finish(right)
	return t
}

// finished reports whether a wrong line has its full length, so that typing on cannot
// make it right.
func finished(row string) bool {
	fields := numbered().FindStringSubmatch(row)
	return fields != nil && len(between().ReplaceAllString(fields[2], "")) >= lineLetters+lineChecks
}

// finish puts the lines together as far as possible.
func (t *Typing) finish(right map[int]string) {
	var set Set
	head, err := armorBase32.DecodeString(right[1][:len(right[1])/8*8])
	if err == nil && len(head) >= lineHeader {
		if head[0] != lineVersion && head[0] != briefVersion {
			t.err = ErrNewer
			return
		}
		set = Set{int(binary.BigEndian.Uint16(head[1:])), binary.BigEndian.Uint32(head[3:])}
	}
	t.Count = set.Count
	if len(t.Wrong) > 0 {
		t.err = t.Wrong[0].Err
		return
	}
	if t.err != nil {
		return
	}
	stream, err := joinLines(set, right)
	switch {
	case err != nil:
		t.err = err
	case stream[0] == briefVersion:
		t.Brief, t.err = decodeBrief(stream, set.Sum)
	default:
		t.packed = armor{stream[lineHeader:], set.Sum}
		_, t.err = t.packed.open()
	}
}

// joinLines returns the stream of bytes in the lines.
func joinLines(set Set, right map[int]string) ([]byte, error) {
	if len(right) == 0 {
		return nil, ErrEmpty
	}
	if right[1] == "" {
		return nil, fault.New(fault.Input, "carry.first_line")
	}
	var all strings.Builder
	var missing []int
	for number := 1; number <= set.Count; number++ {
		letters := right[number]
		if letters == "" {
			missing = append(missing, number)
		}
		if number < set.Count && letters != "" && len(letters) != lineLetters {
			return nil, fault.New(fault.Input, "carry.line_length", "number", number, "letters", len(letters)+lineChecks, "limit", lineLetters+lineChecks)
		}
		all.WriteString(letters)
	}
	if len(missing) > 0 {
		return nil, ErrMissing.With("count", set.Count, "missing", Numbers(missing))
	}
	if set.Count < len(right) || set.Count == 0 {
		return nil, errArmor
	}
	return decodeLetters(all.String())
}
