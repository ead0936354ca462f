package carry

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"handback/app/fault"
	"handback/app/pattern"
	"handback/app/request"
)

const (
	magic       = "HBK"
	partMagic   = magic + "1" // magic, and the version of the format
	partHeader  = len(partMagic) + 3 + 3 + 8
	maxParts    = 999
	lettersOnly = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// Errors of parts and typed lines, to compare with errors.Is.
var (
	// ErrMissing means that parts or lines of a request are missing; its text lists them.
	ErrMissing = fault.New(fault.Input, "carry.parts_missing")
	// ErrConflict means that two parts or lines of the same number differ.
	ErrConflict = fault.New(fault.Input, "carry.parts_conflict")
	// ErrSum means that nothing is missing, but the checksum does not match.
	ErrSum = fault.New(fault.Input, "carry.sum")
	// ErrNewer means that the format is a newer version's.
	ErrNewer = fault.New(fault.Input, "carry.newer")
)

// Part is one of the numbered pieces of a long request.
type Part struct {
	Set
	Number  int    // from 1
	Letters string // its piece of the armor, in base32
}

// Set is what the parts of one request have in common.
type Set struct {
	Count int    // number of parts, 1 to 999
	Sum   uint32 // CRC-32 (IEEE 802.3) of the request's compact form, or of its JSON
}

// String returns the text of the part's code, which has only characters of the
// alphanumeric mode.
func (p Part) String() string {
	return fmt.Sprintf("%s%03d%03d%08X%s", partMagic, p.Number, p.Count, p.Sum, p.Letters)
}

// split packs a carried text into parts of equal length, each at most room characters.
func split(carried string, room int, known []request.Common) ([]Part, error) {
	packed := newArmor(carried, known)
	letters := armorBase32.EncodeToString(packed.packed)
	share := ceilDiv(len(letters), ceilDiv(len(letters), room-partHeader))
	set := Set{ceilDiv(len(letters), share), packed.sum}
	if set.Count > maxParts {
		return nil, ErrTooLong.With("characters", len(carried))
	}
	var parts []Part
	for rest := letters; rest != ""; {
		n := min(share, len(rest))
		parts = append(parts, Part{set, len(parts) + 1, rest[:n]})
		rest = rest[n:]
	}
	return parts, nil
}

// ceilDiv returns all divided by by, rounded up.
func ceilDiv(all, by int) int { return (all + by - 1) / by }

// partsStart matches the start of a text of parts.
var partsStart = pattern.Lazy(`(?i)^` + magic + `[0-9]`)

// parts reads all parts in a text: one per line, or run together, in lines that a mail
// wrapped or quoted.
func parts(text string) ([]Part, error) {
	var all []Part
	plain := strings.ToUpper(strings.Map(func(r rune) rune {
		if wrapping(r) {
			return -1
		}
		return r
	}, text))
	if !strings.HasPrefix(plain, partMagic) {
		return nil, ErrNewer
	}
	// Base32 has no digit 1, so partMagic is never within a part.
	for _, one := range strings.Split(plain, partMagic)[1:] {
		part, err := readPart(one)
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	return all, nil
}

// readPart reads one part, without its magic.
func readPart(text string) (p Part, err error) {
	const fields = partHeader - len(partMagic)
	if len(text) < fields {
		return p, fault.New(fault.Input, "carry.part_cut")
	}
	number, err1 := decimal(text[0:3])
	count, err2 := decimal(text[3:6])
	sum, err3 := strconv.ParseUint(text[6:fields], 16, 32)
	if err1 != nil || err2 != nil || err3 != nil || number < 1 || number > count {
		return p, fault.New(fault.Input, "carry.part_header", "header", partMagic+strings.ToValidUTF8(text[:fields], "?"))
	}
	letters := strings.TrimRight(text[fields:], "=") // padding that a program added because it looks like base32
	if at := strings.IndexFunc(letters, func(r rune) bool { return !strings.ContainsRune(lettersOnly, r) }); at >= 0 {
		return p, fault.New(fault.Input, "carry.part_letter", "character", escaped(letters[at:]), "number", number,
			"position", utf8.RuneCountInString(letters[:at])+1)
	}
	if letters == "" {
		return p, fault.New(fault.Input, "carry.part_cut")
	}
	return Part{Set{count, uint32(sum)}, number, letters}, nil
}

func decimal(digits string) (int, error) {
	n, err := strconv.ParseUint(digits, 10, 16)
	return int(n), err
}

// Missing returns the numbers of the set's parts that are not among those given,
// ascending.
func Missing(parts []Part) []int {
	if len(parts) == 0 {
		return nil
	}
	have := map[int]bool{}
	for _, p := range parts {
		have[p.Number] = true
	}
	var missing []int
	for n := 1; n <= parts[0].Count; n++ {
		if !have[n] {
			missing = append(missing, n)
		}
	}
	return missing
}

// Join puts the parts of one set together, given in any order and possibly more than
// once, and returns the carried text. known are the profiles on this computer, some of
// whose values the parts may leave out. It corrects letters that a scanner typed through
// another keyboard layout if the checksum then matches. It fails with [ErrMissing],
// [ErrConflict], [ErrSum], [request.ErrUnknownTag], or a fault that says how the parts are
// damaged.
func Join(parts []Part, known []request.Common) (carried string, err error) {
	content, err := joined(parts)
	if err != nil {
		return "", err
	}
	return carriedText(content, known)
}

// joined returns the content of the armor in parts.
func joined(parts []Part) (content []byte, err error) {
	letters := map[int]string{}
	for _, p := range parts {
		if before, seen := letters[p.Number]; seen && before != p.Letters {
			return nil, ErrConflict.With("number", p.Number)
		}
		letters[p.Number] = p.Letters
	}
	if missing := Missing(parts); len(missing) > 0 || len(parts) == 0 {
		return nil, missingFault(parts, missing)
	}
	var all strings.Builder
	for _, number := range slices.Sorted(maps.Keys(letters)) {
		all.WriteString(letters[number])
	}
	for i, meant := range possibleLetters(all.String()) {
		packed, wrong := decodeLetters(meant)
		if wrong == nil {
			content, wrong = armor{packed, parts[0].Sum}.open()
		}
		if wrong == nil {
			return content, nil
		}
		if i == 0 {
			err = wrong
		}
	}
	return nil, err
}

func missingFault(parts []Part, missing []int) error {
	count := 0
	if len(parts) > 0 {
		count = parts[0].Count
	}
	return ErrMissing.With("count", count, "missing", Numbers(missing))
}

// Numbers returns ascending numbers as a person would list them: "2, 5–7, 9".
func Numbers(numbers []int) string {
	var runs []string
	for i := 0; i < len(numbers); {
		end := i
		for end+1 < len(numbers) && numbers[end+1] == numbers[end]+1 {
			end++
		}
		switch end - i {
		case 0:
			runs = append(runs, strconv.Itoa(numbers[i]))
		case 1:
			runs = append(runs, strconv.Itoa(numbers[i]), strconv.Itoa(numbers[end]))
		default:
			runs = append(runs, fmt.Sprintf("%d–%d", numbers[i], numbers[end]))
		}
		i = end + 1
	}
	return strings.Join(runs, ", ")
}
