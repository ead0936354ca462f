package carry

import (
	"fmt"
	"hash/crc32"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"handback/app/fault"
)

const (
	magic       = "HBK"
	partMagic   = magic + "1" // with the version of the format
	partHeader  = len(partMagic) + 3 + 3 + 8
	maxParts    = 999
	lettersOnly = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

// The faults of parts that callers decide on.
var (
	// ErrMissing says that parts of a request are not there; its text names them.
	ErrMissing = fault.New(fault.Input, "carry.parts_missing")
	// ErrConflict says that two parts of one number differ.
	ErrConflict = fault.New(fault.Input, "carry.parts_conflict")
	// ErrSum says that all is there, but is not what was sent.
	ErrSum = fault.New(fault.Input, "carry.sum")
	// ErrNewer says that the form is one of a newer version.
	ErrNewer = fault.New(fault.Input, "carry.newer")
)

// Part is one of the numbered pieces that a long request is carried in.
type Part struct {
	Set
	Number  int    // from 1
	Letters string // its share of the armor, in base32
}

// Set is what the parts of one request have in common.
type Set struct {
	Count int    // of parts, 1 to 999
	Sum   uint32 // CRC-32 (IEEE 802.3) of the request's JSON
}

// String is the part as it stands in a code: characters of a code's
// alphanumeric mode only.
func (p Part) String() string {
	return fmt.Sprintf("%s%03d%03d%08X%s", partMagic, p.Number, p.Count, p.Sum, p.Letters)
}

// split cuts a carried text into equal parts of at most so many characters.
func split(carried string, room int) ([]Part, error) {
	json := bytesOf(carried)
	letters := letters32.EncodeToString(pack(json))
	share := shared(len(letters), shared(len(letters), room-partHeader))
	set := Set{shared(len(letters), share), crc32.ChecksumIEEE(json)}
	if set.Count > maxParts {
		return nil, with(ErrTooLong, "characters", len(carried))
	}
	var parts []Part
	for rest := letters; rest != ""; {
		n := min(share, len(rest))
		parts = append(parts, Part{set, len(parts) + 1, rest[:n]})
		rest = rest[n:]
	}
	return parts, nil
}

// shared is a number divided by another one, rounded up.
func shared(all, by int) int { return (all + by - 1) / by }

// partsStart is how a text of parts begins, once what surrounds it is gone.
var partsStart = regexp.MustCompile(`(?i)^` + magic + `[0-9]`)

// parts reads all parts of a text: one a line, or run together, in lines that a
// mail wrapped or quoted.
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
	// The digit 1 is none of the letters, so the magic is never within a part.
	for _, one := range strings.Split(plain, partMagic)[1:] {
		part, err := readPart(one)
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	return all, nil
}

// readPart reads one part after its magic.
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
	letters := strings.TrimRight(text[fields:], "=") // padding of who takes it for base32
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

// Missing are the numbers of a set's parts that are not among those given, in
// order.
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

// Join puts the parts of one set together, in any order, to the carried text.
// A part may be there more than once. Letters that a scanner typed through another
// keyboard are read where the sum proves it. It fails with ErrMissing, ErrConflict or
// ErrSum, or a fault that says how the parts are damaged.
func Join(parts []Part) (carried string, err error) {
	letters := map[int]string{}
	for _, p := range parts {
		if before, seen := letters[p.Number]; seen && before != p.Letters {
			return "", with(ErrConflict, "number", p.Number)
		}
		letters[p.Number] = p.Letters
	}
	if missing := Missing(parts); len(missing) > 0 || len(parts) == 0 {
		return "", missingFault(parts, missing)
	}
	var all strings.Builder
	for _, number := range slices.Sorted(maps.Keys(letters)) {
		all.WriteString(letters[number])
	}
	for i, meant := range lettersMeant(all.String()) {
		packed, wrong := unlettered(meant)
		if wrong == nil {
			carried, wrong = unpack(packed, parts[0].Sum)
		}
		if wrong == nil {
			return carried, nil
		}
		if i == 0 {
			err = wrong
		}
	}
	return "", err
}

func missingFault(parts []Part, missing []int) error {
	count := 0
	if len(parts) > 0 {
		count = parts[0].Count
	}
	return with(ErrMissing, "count", count, "missing", Numbers(missing))
}

// Numbers lists ascending numbers as a person would: "2, 5–7, 9".
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
