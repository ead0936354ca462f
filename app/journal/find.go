package journal

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"handback/app/fault"
	"handback/app/words"
)

// Touched returns when something happened to the request last, in the computer's time
// zone.
func (r Record) Touched() time.Time { return r.Events[len(r.Events)-1].At.Local() }

// shortest is how many characters of a check code or request ID name a request.
const shortest = 4

// Find returns the request that a person means by the beginning of its check code or of
// its request ID, as it was written down or heard. The codes of 0.1.0 are the first eight
// letters of those of today.
func (j *Journal) Find(named string) (Record, error) {
	all, _ := j.Records()
	meant := alike(named)
	all = slices.DeleteFunc(all, func(r Record) bool {
		return len(meant) < shortest || !strings.HasPrefix(alike(r.Request.CheckCode()), meant) && !strings.HasPrefix(alike(r.Request.RequestID), meant)
	})
	switch len(all) {
	case 0:
		return Record{}, ErrNoRecord.With("name", named)
	case 1:
		return all[0], nil
	}
	return Record{}, fault.New(fault.Usage, "journal.several", "name", named)
}

// Matches reports whether a person finds a text in the record: each of its words in what
// lists and details show of it. Codes are found as they were written down or heard.
func (r Record) Matches(text string, w *words.Words) bool {
	q := r.Request
	shown := strings.ToLower(strings.Join([]string{q.Owner(), q.Product, q.HardwareID, q.CheckCode(), q.RequestID, r.Label(w),
		w.Date(r.Touched()), w.Stamp(r.Touched()), r.Touched().Format(time.DateOnly)}, "\n"))
	codes := strings.Join([]string{alike(q.Owner()), alike(q.HardwareID), alike(q.CheckCode()), alike(q.RequestID)}, "\n")
	inCodes := func(text string) bool { return len(alike(text)) >= shortest && strings.Contains(codes, alike(text)) }
	return inCodes(text) || !slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(word string) bool {
		return strings.ContainsFunc(word, isPlain) && !strings.Contains(shown, word) && !inCodes(word)
	})
}

func isPlain(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// lookAlikes are the characters of codes that are taken for each other.
var lookAlikes = strings.NewReplacer("0", "o", "1", "i", "l", "i", "8", "b", "5", "s", "2", "z")

// alike returns a code so that two are equal which are taken for each other, on paper or
// on the telephone: without hyphens and blanks, in small letters of one width.
func alike(code string) string {
	plain := strings.Map(func(r rune) rune {
		if '！' <= r && r <= '～' { // full-width
			r -= '！' - '!'
		}
		if !isPlain(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, code)
	return lookAlikes.Replace(plain)
}
