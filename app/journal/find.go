package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unique"

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
	code := normalize(named)
	if len(code) < minCode {
		return Record{}, ErrNoRecord.With("name", named)
	}
	var found Record
	for r := range j.withCode(code) {
		switch {
		case r.Request == nil || !strings.HasPrefix(normalize(r.Request.CheckCode()), code) && !strings.HasPrefix(normalize(r.Request.RequestID), code):
		case found.Request != nil:
			return Record{}, fault.New(fault.Usage, "journal.several", "name", named)
		default:
			found = r
		}
	}
	if found.Request == nil {
		return Record{}, ErrNoRecord.With("name", named)
	}
	return found, nil
}

// withCode returns the readable records that may have a code that begins with a normalized
// text.
func (j *Journal) withCode(code string) iter.Seq[Record] {
	if j.Store == nil {
		return j.Readable()
	}
	return readable(eachStored(j.Store.Find(cut(code, maxCode)), j, func(r Record) Record { return r }))
}

// EachNamed yields what do returns for each record whose check code, request ID, license key,
// username or hardware ID begins with a text of at least four letters and digits. Only a
// Store finds them at once: without one it yields nothing.
func EachNamed[T any](j *Journal, text string, do func(Record) T) iter.Seq2[T, error] {
	code := normalize(text)
	if j.Store == nil || len(code) < minCode {
		return func(func(T, error) bool) {}
	}
	return eachStored(j.Store.Find(cut(code, maxCode)), j, do)
}

// Finder finds a record by what lists and details show of it. A journal of thousands of
// records is searched with each letter that is typed, so its texts are made once.
type Finder struct {
	shown string                // the words, in small letters
	codes string                // those that may be codes, as normalize returns them
	sums  [][sha256.Size]byte   // found by the beginning of their hex digits
	more  unique.Handle[string] // words that many records have, in small letters
}

// Finder returns the record's finder. It also finds the texts of more.
func (r Record) Finder(w *words.Words, more ...string) Finder {
	q, at := r.Request, r.Updated()
	named := []string{q.Owner(), q.HardwareID, q.CheckCode(), q.RequestID}
	texts := append(slices.Clone(named), q.Product, w.Date(at))
	times := []time.Time{at}
	f := Finder{sums: [][sha256.Size]byte{sha256.Sum256([]byte(q.Encode()))}, more: r.commonWords(w, more)}
	for _, e := range r.Events {
		texts = append(texts, words.Visible(e.Path, 500), e.SHA256, words.Visible(e.Endpoint, 200), words.Visible(e.Code, 80), words.Visible(e.Message, 500))
		times = append(times, e.At)
		if e.Sent != "" {
			f.sums = append(f.sums, sha256.Sum256([]byte(e.Sent)))
		}
		if !e.ServerDate.IsZero() {
			times = append(times, e.ServerDate)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	for _, at := range slices.CompactFunc(times, time.Time.Equal) {
		texts = append(texts, local(w)(at), at.Local().Format(time.DateOnly))
	}
	var shown, codes []string
	for _, value := range named {
		codes = append(codes, normalize(value))
	}
	all := strings.Fields(strings.ToLower(strings.Join(texts, "\n")))
	slices.Sort(all)
	for _, word := range slices.Compact(all) {
		if sum, err := hex.DecodeString(strings.Trim(word, "()")); err == nil && len(sum) == sha256.Size {
			f.sums = append(f.sums, [sha256.Size]byte(sum))
			continue
		}
		shown = append(shown, word)
		if strings.ContainsFunc(word, unicode.IsDigit) || strings.ContainsFunc(word, unicode.IsPunct) {
			codes = append(codes, normalize(word))
		}
	}
	f.shown, f.codes = strings.Join(shown, " "), strings.Join(codes, "\n")
	return f
}

// common has what commonWords returned, by a commonKey.
var common sync.Map

// commonKey is what the words for a record's state and events depend on.
type commonKey struct {
	words *words.Words
	text  string
}

// commonWords returns the words that the record has like many others: for its state, for
// what happened, and those of more. To find them for each record would take longer than to
// read it.
func (r Record) commonWords(w *words.Words, more []string) unique.Handle[string] {
	var events []Event // without what only this record has
	for _, e := range r.Events {
		mark := func(text string) string { return text[:min(1, len(text))] }
		e = Event{What: e.What, FromReceipt: e.FromReceipt, Status: e.Status, Holds: e.Holds, Sent: mark(e.Sent), Code: mark(e.Code), Message: mark(e.Message)}
		if !slices.Contains(events, e) {
			events = append(events, e)
		}
	}
	key := commonKey{w, fmt.Sprint(r.LocalState(), r.Standing(), r.ReceiptOutcome().What, more, events)}
	if found, ok := common.Load(key); ok {
		return found.(unique.Handle[string])
	}
	texts := append([]string{r.Label(w), r.Headline(w)}, more...)
	for _, e := range events {
		texts = append(texts, e.what(w, "journal.event."+string(e.What)), e.Brief(w))
		if e.Sent != "" {
			texts = append(texts, w.Text("journal.event.signed", "sum", ""))
		}
	}
	texts = append(texts, w.Text("journal.event.server_date", "date", ""))
	made := unique.Make(strings.ToLower(strings.Join(texts, " ")))
	common.Store(key, made)
	return made
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
		return !strings.Contains(f.shown, w.text) && !inCodes(w.code) && !f.hasSum(w.text) && !strings.Contains(f.more.Value(), w.text)
	})
}

func (f Finder) hasSum(word string) bool {
	if len(word) < minCode || strings.Trim(word, "0123456789abcdef") != "" {
		return false
	}
	return slices.ContainsFunc(f.sums, func(sum [sha256.Size]byte) bool { return strings.HasPrefix(hex.EncodeToString(sum[:]), word) })
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
