package journal

import (
	"crypto/sha256"
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

// Finder finds a record by what lists and details show of it. A journal of thousands of
// records is searched with each letter that is typed, so its texts are made once.
type Finder struct {
	shown string   // in small letters
	codes string   // the same, as normalize returns it
	sums  []string // SHA-256, in small letters; found by their beginning
}

// Finder returns the record's finder. It also finds the texts of more.
func (r Record) Finder(w *words.Words, more ...string) Finder {
	q, at := r.Request, r.Updated()
	named := []string{q.Owner(), q.HardwareID, q.CheckCode(), q.RequestID}
	texts := append(slices.Clone(named), q.Product, r.Label(w), r.Headline(w), w.Date(at), w.Stamp(at), at.Format(time.DateOnly))
	for _, e := range r.Events {
		texts = append(texts, e.text(w, local(w)), e.At.Local().Format(time.DateOnly))
	}
	f := Finder{sums: []string{hash(q.Encode())}}
	var shown, codes []string
	for _, value := range named {
		codes = append(codes, normalize(value))
	}
	for _, word := range strings.Fields(strings.ToLower(strings.Join(append(texts, more...), "\n"))) {
		if sum := strings.Trim(word, "()"); len(sum) == 2*sha256.Size {
			f.sums = append(f.sums, sum)
			continue
		}
		shown, codes = append(shown, word), append(codes, normalize(word))
	}
	f.shown, f.codes = strings.Join(shown, " "), strings.Join(codes, "\n")
	return f
}

// Query is a text to search for, prepared once for many records.
type Query struct {
	code  string // the whole text as a code; empty if it is too short for one
	words []queryWord
}

type queryWord struct{ text, code string }

// NewQuery returns the query for a text that somebody typed.
func NewQuery(text string) Query {
	code := func(text string) string {
		if code := normalize(text); len(code) >= minCode {
			return code
		}
		return ""
	}
	q := Query{code: code(text)}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		if strings.ContainsFunc(word, isPlain) {
			q.words = append(q.words, queryWord{word, code(word)})
		}
	}
	return q
}

// Matches reports whether each word of a query is found in what is shown of the record.
// Codes are found as somebody wrote them down or heard them; see [Journal.Find].
func (f Finder) Matches(q Query) bool {
	inCodes := func(code string) bool { return code != "" && strings.Contains(f.codes, code) }
	return inCodes(q.code) || !slices.ContainsFunc(q.words, func(w queryWord) bool {
		return !strings.Contains(f.shown, w.text) && !inCodes(w.code) && !f.hasSum(w.text)
	})
}

func (f Finder) hasSum(word string) bool {
	return len(word) >= minCode && slices.ContainsFunc(f.sums, func(sum string) bool { return strings.HasPrefix(sum, word) })
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
