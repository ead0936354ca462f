package journal

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"handback/app/fault"
	"handback/app/words"
)

// Updated returns the time of the last event, in the computer's time zone.
func (r Record) Updated() time.Time { return r.Events[len(r.Events)-1].At.Local() }

// minCode is the minimum number of characters of a check code or request ID to search for.
const minCode = 4

// Find returns the record whose check code or request ID begins with a text of at least
// four letters and digits, as somebody wrote it down or heard it. Check codes of version
// 0.1.0 are the first eight letters of those of today. It fails with ErrNoRecord, or with
// a fault of kind [fault.Usage] if several records match.
func (j *Journal) Find(named string) (Record, error) {
	all, _ := j.Records()
	code := normalize(named)
	all = slices.DeleteFunc(all, func(r Record) bool {
		return len(code) < minCode || !strings.HasPrefix(normalize(r.Request.CheckCode()), code) && !strings.HasPrefix(normalize(r.Request.RequestID), code)
	})
	switch len(all) {
	case 0:
		return Record{}, ErrNoRecord.With("name", named)
	case 1:
		return all[0], nil
	}
	return Record{}, fault.New(fault.Usage, "journal.several", "name", named)
}

// Matches reports whether each word of a text is found in what lists and details show of
// the record. Codes are found as somebody wrote them down or heard them; see [Journal.Find].
func (r Record) Matches(text string, w *words.Words) bool {
	q := r.Request
	shown := strings.ToLower(strings.Join([]string{q.Owner(), q.Product, q.HardwareID, q.CheckCode(), q.RequestID, r.Label(w),
		w.Date(r.Updated()), w.Stamp(r.Updated()), r.Updated().Format(time.DateOnly)}, "\n"))
	codes := strings.Join([]string{normalize(q.Owner()), normalize(q.HardwareID), normalize(q.CheckCode()), normalize(q.RequestID)}, "\n")
	inCodes := func(text string) bool {
		code := normalize(text)
		return len(code) >= minCode && strings.Contains(codes, code)
	}
	return inCodes(text) || !slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(word string) bool {
		return strings.ContainsFunc(word, isPlain) && !strings.Contains(shown, word) && !inCodes(word)
	})
}

func isPlain(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// lookAlikes replaces the characters of codes that people take for another one.
var lookAlikes = strings.NewReplacer("0", "o", "1", "i", "l", "i", "8", "b", "5", "s", "2", "z")

// normalize returns the same text for codes that people take for each other, on paper or
// on the telephone: without hyphens and blanks, in small letters of one width.
func normalize(code string) string {
	plain := strings.Map(func(r rune) rune {
		if !isPlain(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, words.Narrow(code))
	return lookAlikes.Replace(plain)
}
