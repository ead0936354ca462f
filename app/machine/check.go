package machine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"handback/app/fault"
	"handback/app/pattern"
	"handback/app/words"
)

// Doubt is a reason why a hardware ID may be the wrong one: a text of the catalogue named
// "machine.doubt.*".
type Doubt = words.Phrase

// shown limits a text from the machine in a message, in characters.
const shown = 64

// hashes maps what the licensespring sources make of texts that are not unique to a
// machine to these texts: the vendor's generator hashes anything that it reads, even an
// empty text.
var hashes = sync.OnceValue(func() map[string]string {
	hashes := map[string]string{hashed("uninitialized"): "uninitialized", hashed(""): `""`}
	for _, upper := range []string{
		"00000000-0000-0000-0000-000000000000",
		"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
		"03000200-0400-0500-0006-000700080009",
		"00020003-0004-0005-0006-000700080009",
		"12345678-1234-5678-90AB-CDDEEFAABBCC",
		"00112233-4455-6677-8899-AABBCCDDEEFF",
	} {
		for _, id := range []string{upper, strings.ReplaceAll(upper, "-", "")} {
			hashes[hashed(id)] = id
			hashes[hashed(strings.ToLower(id))] = id
		}
	}
	return hashes
})

// Check returns the doubts about an ID that a person typed. The ID is used unchanged
// anyway.
func Check(id string) []Doubt {
	var doubts []Doubt
	add := func(holds bool, key string, pairs ...any) {
		if holds {
			doubts = append(doubts, words.Say(key, pairs...))
		}
	}
	bare := strings.TrimSpace(id)
	hash := strings.ToLower(bare)
	add(bare == "", "machine.doubt.empty")
	add(bare != id, "machine.doubt.spaces")
	add(strings.ContainsFunc(bare, words.Hidden), "machine.doubt.hidden", "characters", named(bare, words.Hidden))
	add(uninitialized(bare), "machine.doubt.uninitialized")
	add(isJunk(bare), "machine.doubt.junk", "id", bare)
	add(hashes()[hash] != "", "machine.doubt.junk_hash", "id", hashes()[hash])
	return doubts
}

// refuse returns an error for a text that is not unique to a machine, from which no ID
// may be made.
func refuse(text, origin string) error {
	bare := strings.TrimSpace(text)
	switch {
	case bare == "":
		return fault.New(fault.Hardware, "machine.empty", "origin", origin)
	case uninitialized(bare):
		return fault.New(fault.Hardware, "machine.uninitialized", "origin", origin)
	case isJunk(bare):
		return fault.New(fault.Hardware, "machine.junk", "origin", origin, "id", bare)
	}
	return nil
}

// refuseID returns an error for an ID that a signature cannot cover: it has a control
// character or invalid UTF-8.
func refuseID(id, origin string) error {
	switch {
	case !utf8.ValidString(id):
		return fault.New(fault.Hardware, "machine.not_text", "origin", origin)
	case strings.ContainsFunc(id, unicode.IsControl):
		return fault.New(fault.Hardware, "machine.control", "origin", origin, "characters", named(id, unicode.IsControl))
	}
	return nil
}

// uninitialized reports whether id is what systemd writes to /etc/machine-id of an image
// that has not been started yet, machine-id(5).
func uninitialized(id string) bool { return strings.EqualFold(id, "uninitialized") }

// isJunk reports whether a UUID or machine ID was filled in carelessly by the maker. The
// chance that a random one matches is below one in a billion. One digit fills more than
// half of it, and of its end, where some makers put a card's address; or a short piece is
// repeated; or most digits, also at its end, are the previous one or the next after it.
func isJunk(id string) bool {
	digits := strings.ToLower(strings.ReplaceAll(strings.Trim(id, "{}"), "-", ""))
	if !likeMachineID.form().MatchString(digits) {
		return false
	}
	const node = 20 // where the last twelve digits begin
	for _, digit := range digits[node:] {
		if strings.Count(digits, string(digit)) > 16 && strings.Count(digits[node:], string(digit)) > 6 {
			return true
		}
	}
	return steps(digits) >= 20 && steps(digits[node:]) >= 6 || strings.Repeat(digits[:8], 4) == digits || strings.Repeat(digits[:16], 2) == digits
}

// steps counts the digits that equal the one before them or follow it in order.
func steps(digits string) (count int) {
	for i := 1; i < len(digits); i++ {
		const order = "0123456789abcdef0"
		if pair := digits[i-1 : i+1]; pair[0] == pair[1] || strings.Contains(order, pair) || pair == "90" {
			count++
		}
	}
	return count
}

// named returns the distinct characters of a kind as code points, at most eight: "U+000A,
// U+000D".
func named(text string, kind func(rune) bool) string {
	var names []string
	for _, r := range text {
		name := fmt.Sprintf("%U", r)
		if kind(r) && !slices.Contains(names, name) && len(names) < 8 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// shape is the form that an ID should have, with the doubt about one that does not.
type shape struct {
	form  func() *regexp.Regexp
	doubt string
}

var (
	// machine-id(5): 32 hex digits.
	likeMachineID = shape{pattern.Lazy(`^[0-9A-Fa-f]{32}$`), "machine.doubt.not_machine_id"}
	likeUUID      = shape{pattern.Lazy(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`), "machine.doubt.not_uuid"}
)

func (s shape) doubts(text, origin string) []Doubt {
	if s.form().MatchString(text) {
		return nil
	}
	return []Doubt{words.Say(s.doubt, "origin", origin, "id", words.Visible(text, shown))}
}
