package journal

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"handback/app/fault"
	"handback/app/request"
)

// Store is where several programs, also on several computers, have the records of one
// Journal. Without one a Journal has files in its folder. Its errors are faults; what fails
// with [ErrStore] may work later.
type Store interface {
	// TryLock locks a record against all other programs, until unlock is called or the
	// program ends. It reports false if another program has locked it.
	TryLock(ctx context.Context, name string) (unlock func(), ok bool, err error)
	// Read returns a record, or the zero StoredRecord if there is none.
	Read(name string) (StoredRecord, error)
	// Write stores a record and its line of the audit chain, both or neither. It fails with
	// ErrOvertaken, and stores nothing, if another version than the one before is stored.
	// It tries for a while before it fails with ErrStore; then the record may be stored.
	Write(Writing) error
	// WriteAll is like Write for several records, which get their lines in this order. It
	// returns an error for each that has failed, or nil.
	WriteAll([]Writing) []error
	// All returns all records, the one that was written last first; if after is the name of
	// one, those that come after it.
	All(after string) iter.Seq2[StoredRecord, error]
	// Find returns the records with a code that begins with a text, as [Writing] has them.
	Find(code string) iter.Seq2[StoredRecord, error]
	// Lines returns the lines of the audit chain, without line ends.
	Lines() iter.Seq2[string, error]
	// Length returns how many lines the audit chain has at least.
	Length() int64
	// Ready fails if the store cannot be used now.
	Ready(context.Context) error
}

// Errors of a Store to compare with.
var (
	// ErrStore means that records cannot be read or written now.
	ErrStore = fault.New(fault.Connection, "journal.store")
	// ErrOvertaken means that another program has written the record.
	ErrOvertaken = fault.New(fault.Connection, "journal.changed")
)

// StoredRecord is a record as a Store has it.
type StoredRecord struct {
	Name    string
	Text    []byte // of the record's file; nil if there is none
	Version int64  // from 1, one more each time it is written; 0 if there is none
}

// Writing is a record that is to be stored.
type Writing struct {
	StoredRecord          // with its new version
	Codes        []string // by which Find finds it: plain letters and digits
	Updated      time.Time
	// Line returns the line of the audit chain with a number, without line end. Before is
	// the digest of the line before it.
	Line func(number int64, before string) string
}

// Ready fails if the Store, if there is one, cannot be used now.
func (j *Journal) Ready(ctx context.Context) error {
	if j.Store == nil {
		return nil
	}
	return j.Store.Ready(ctx)
}

// LineDigest returns the digest of a line of the audit chain.
func LineDigest(line string) string { return hash(line + "\n") }

// parseStored reads a record of the Store. It is the zero Record if there is none.
func parseStored(one StoredRecord) (Record, error) {
	if one.Text == nil {
		return Record{}, nil
	}
	r, err := Parse(one.Text)
	if err != nil {
		err = fault.Named(one.Name, err)
	}
	return r, err
}

// lockStored is the part of Lock after lockHere.
func (l *LockedRecord) lockStored(ctx context.Context) error {
	timed, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	for {
		unlock, ok, err := l.journal.Store.TryLock(timed, l.name)
		if ok {
			l.unlock = unlock
			return nil
		}
		if timed.Err() != nil {
			return cmp.Or(ctx.Err(), err, error(ErrBusy))
		}
		if err != nil && !errors.Is(err, ErrStore) {
			return err
		}
		select {
		case <-timed.Done():
		case <-time.After(lockRetry):
		}
	}
}

// currentStored is current for a record of the Store.
func (j *Journal) currentStored(one StoredRecord) (Record, error) {
	r, err := parseStored(one)
	if err != nil || r.Request == nil || r.LocalState() != request.Submitting || j.lockedHere(one.Name) {
		return r, err
	}
	unlock, ok, err := j.Store.TryLock(context.Background(), one.Name)
	if err != nil || !ok {
		return r, err
	}
	defer unlock()
	if one, err = j.Store.Read(one.Name); err != nil { // the program may have ended since
		return r, err
	}
	r, err = parseStored(one)
	return interrupted(r), err
}

// eachStored is Each for a Journal with a Store.
func eachStored[T any](all iter.Seq2[StoredRecord, error], j *Journal, do func(Record) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for one, err := range all {
			var value T
			var r Record
			if err == nil {
				r, err = j.currentStored(one)
			}
			if r.Request != nil {
				value = do(r)
			}
			if (r.Request != nil || err != nil) && !yield(value, err) {
				return
			}
		}
	}
}

// beginStored is the part of Begin after the events were added, for a Journal with a Store.
// If another program has written the record, because this one lost its lock together with
// the connection, then the events are added to what the other one wrote. Only Submitting is
// not: the other program may have submitted the request.
func (l *LockedRecord) beginStored(s *Storing, r Record, version int64, news []Event) {
	defer close(s.stored)
	defer close(s.written)
	leaving := slices.ContainsFunc(news, func(e Event) bool { return e.What == request.Submitting && e.Holds == "" })
	added := len(news)
	for {
		err := l.journal.writeStored(l.name, r, version, added)
		if err == nil {
			s.record, s.version = r, version+1
			return
		}
		if s.writeErr = err; !errors.Is(err, ErrOvertaken) || leaving {
			return
		}
		one, err := l.journal.Store.Read(l.name)
		var other Record
		if err == nil {
			other, err = parseStored(one)
		}
		if err != nil || other.Request == nil {
			return
		}
		s.writeErr = nil
		r = interrupted(other)
		r.Events = append(slices.Clip(r.Events), news...)
		version, added = one.Version, len(r.Events)-len(other.Events)
	}
}

// settle waits until what was begun is stored, and takes over what another program has added.
func (l *LockedRecord) settle() {
	if l.storing == nil {
		return
	}
	<-l.storing.stored
	if s := l.storing; s.version > l.version {
		l.record, l.stored, l.version = s.record, len(s.record.Events), s.version
	}
}

func (j *Journal) writeStored(name string, r Record, version int64, added int) error {
	limited, text := r.limited(j.words(), j.Tool, j.Store.Length())
	if _, err := Parse(text); err != nil { // a record that could not be read back would count as none
		return err
	}
	line, err := lineOf(name, text, added, !slices.Equal(limited.Events, r.Events))
	if err != nil {
		return err
	}
	w := Writing{StoredRecord: StoredRecord{name, text, version + 1}, Codes: codesOf(r.Request), Updated: r.Events[len(r.Events)-1].At}
	w.Line = func(number int64, before string) string {
		line := line
		line.number, line.before, line.at = number, before, j.Now().UTC().Truncate(time.Second)
		return strings.TrimSuffix(line.String(), "\n")
	}
	return j.Store.Write(w)
}

// codesOf returns what Find looks for.
func codesOf(r *request.Request) []string {
	var codes []string
	for _, text := range []string{r.CheckCode(), r.RequestID, r.Owner(), r.HardwareID} {
		if code := normalize(text); len(code) >= minCode {
			codes = append(codes, cut(code, maxCode))
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// storedLines returns the lines of the Store's audit chain as Verify reads them.
func (j *Journal) storedLines() iter.Seq2[textLine, error] {
	return func(yield func(textLine, error) bool) {
		for line, err := range j.Store.Lines() {
			if !yield(textLine{text: line, sum: LineDigest(line)}, err) {
				return
			}
		}
	}
}

// storedStates is states for the records of the Store. One that cannot be read has an error.
func (j *Journal) storedStates() iter.Seq2[string, recordState] {
	return func(yield func(string, recordState) bool) {
		for one, err := range j.Store.All("") {
			state := recordState{err: err}
			if err == nil {
				state = stateOf(one.Text)
			}
			if !yield(one.Name, state) {
				return
			}
		}
	}
}
