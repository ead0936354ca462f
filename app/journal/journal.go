// Package journal stores what happened to each deactivation request on this computer:
// that it was made and exported, each submission, and what the License API answered.
//
// # Records
//
// A [Journal] is a folder of records, one text file for each request. [Journal.Note]
// adds events to a request's record. Before a request is submitted, [Journal.Lock] locks
// its record, so that no other program submits it at the same time, and [LockedRecord.Add]
// adds [request.Submitting] to it: after a crash the outcome is then [request.Unknown], not
// forgotten. [Journal.Known] returns the record of one request, [Journal.All] one after
// another, and [Journal.Find] the one whose check code somebody reads aloud.
//
// [Record.State] says what became of a request. A record has no secret, but it has the
// request's bytes, so that the request can be exported again unchanged.
//
// # Audit
//
// Each time a record is written, a line is appended to the audit chain, a file in the same
// folder. It has digests of the record and of the line before. [Journal.Verify] compares
// chain and records, and finds what was changed, lost or exchanged. docs/administrators.md
// has the format.
//
// # Receipts
//
// A [Receipt] goes back to the computer on which the request was made. [Record.Text] is
// its file, [ParseReceipt] reads it, and [Journal.ApplyReceipt] adds what it says to the
// record there. [Receipt.Brief] is short enough to be typed. Anybody can write a receipt:
// events that come from one are marked, and never count as seen by this computer.
package journal

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"handback/app/document"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

const (
	recordEnding = ".txt"
	damagedName  = "damaged"
	locksName    = "locks"

	lockTimeout = 3 * time.Second // how long Lock waits for another program
	lockRetry   = 20 * time.Millisecond
)

// Errors to compare with.
var (
	// ErrBusy means that another program, or another window, has locked the record.
	ErrBusy = fault.New(fault.Connection, "journal.busy")
	// ErrUnwritable means that the journal could not be written.
	ErrUnwritable = fault.New(fault.Write, "journal.unwritable")
	// ErrNoRecord means that the request is not in the journal.
	ErrNoRecord = fault.New(fault.Usage, "journal.none")

	errSetAside = fault.New(fault.Input, "journal.set_aside")
)

// Journal is a folder of records, or a Store. A record that cannot be written to a folder is
// kept in memory until the program ends. Several goroutines and several programs may use one at the
// same time.
type Journal struct {
	Folder string       // made when it is needed; empty: records are kept in memory only
	Words  *words.Words // in which records are written for people; see SetWords
	Tool   string       // the program and its version, for the records
	Now    func() time.Time
	Store  Store // has the records, if it is not nil; Folder is then without meaning

	chain chain // the audit chain

	mu     sync.Mutex        // guards Words and what follows
	memory map[string]Record // the records that could not be written, by name
	locked map[string]bool   // the records that this program has locked, by name
}

// ID returns the name of a request's record file, without its ending. It is the same in
// whatever form the request was read, and does not reveal the license key.
func ID(r *request.Request) string {
	sum := sha256.Sum256([]byte(r.Identity()))
	return hex.EncodeToString(sum[:16])
}

// Lock locks the record of a request, which need not exist yet, against other goroutines
// and programs, until [LockedRecord.Unlock]. It waits for at most three seconds. It fails
// with ErrBusy if the record is still locked then, with the context's error if the context
// ends first, and with [durable.ErrNotRegular] if something else lies in the place of the
// lock's file.
func (j *Journal) Lock(ctx context.Context, r *request.Request) (*LockedRecord, error) {
	l := &LockedRecord{journal: j, name: ID(r), request: r}
	if err := j.lockHere(ctx, l.name); err != nil {
		return nil, err
	}
	if j.Store != nil {
		if err := l.lockStored(ctx); err != nil {
			j.unlockHere(l.name)
			return nil, err
		}
		return l, nil
	}
	l.file = j.lockFile(l.name)
	if l.file == nil {
		return l, nil // no other program can see a record in memory
	}
	if info, err := os.Lstat(l.file.Path()); err == nil && !info.Mode().IsRegular() { // a link may lead to anybody's file
		j.unlockHere(l.name)
		return nil, durable.ErrNotRegular.With("path", l.file.Path())
	}
	timed, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	locked, err := l.file.TryLockContext(timed, lockRetry)
	switch {
	case locked:
		return l, nil
	case timed.Err() != nil:
		j.unlockHere(l.name)
		return nil, cmp.Or(ctx.Err(), error(ErrBusy))
	case err != nil: // a file system without locks, or a folder that is read-only
		l.file = nil
	}
	return l, nil
}

// lockHere locks a record against the other goroutines of this program.
func (j *Journal) lockHere(ctx context.Context, name string) error {
	for deadline := time.Now().Add(lockTimeout); ; time.Sleep(lockRetry) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		j.mu.Lock()
		if !j.locked[name] {
			if j.locked == nil {
				j.locked = map[string]bool{}
			}
			j.locked[name] = true
			j.mu.Unlock()
			return nil
		}
		j.mu.Unlock()
		if time.Now().After(deadline) {
			return ErrBusy
		}
	}
}

// lockedHere reports whether this program has locked a record.
func (j *Journal) lockedHere(name string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.locked[name]
}

func (j *Journal) unlockHere(name string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.locked, name)
}

// lockFile returns the file by which programs lock a record, or nil if it cannot be made.
// The system unlocks it when the program ends, even in a crash.
func (j *Journal) lockFile(name string) *durable.Lock {
	folder := filepath.Join(j.Folder, locksName)
	if j.Folder == "" || durable.Folder(folder) != nil {
		return nil
	}
	return durable.NewLock(filepath.Join(folder, name))
}

// Known returns the stored record of r without locking it. It is the zero Record if none
// is stored, or none that can be read.
func (j *Journal) Known(r *request.Request) Record {
	record, _ := j.current(ID(r))
	return record
}

// LockedRecord is a record that this program alone may change, from [Journal.Lock] on.
type LockedRecord struct {
	journal *Journal
	name    string
	request *request.Request
	file    *durable.Lock // nil: only this program can see the record, or files cannot be locked there
	unlock  func()        // of the Store, if there is one

	read   bool // record, stored and err are set
	record Record
	stored int // how many events of record are stored
	err    error

	version int64 // of the record in the Store

	storing *Storing // the last that was begun
}

// Unlock lets others lock the record. It waits until what was begun is stored.
func (l *LockedRecord) Unlock() {
	l.settle()
	if l.file != nil {
		_ = l.file.Close() // unlocks
	}
	if l.unlock != nil {
		l.unlock()
	}
	l.journal.unlockHere(l.name)
}

// Record returns the stored record, without events if none is stored. A submission
// interrupted by a crash is reported as Unknown. If the record cannot be read, Record
// returns one without events and an error. A damaged record is moved to another folder,
// and the error names its file.
func (l *LockedRecord) Record() (Record, error) {
	if !l.read {
		l.read = true
		if l.journal.Store != nil {
			var one StoredRecord
			if one, l.err = l.journal.Store.Read(l.name); l.err == nil {
				l.record, l.err = parseStored(one)
			}
			l.version = one.Version
		} else {
			l.record, l.err = l.journal.load(l.name)
		}
		if l.err != nil || l.record.Request == nil {
			l.record = Record{Request: l.request}
		}
		l.stored = len(l.record.Events)
		l.record = interrupted(l.record)
	}
	return l.record, l.err
}

// interrupted returns the record of a program that has ended: if it was submitting, the
// outcome is unknown.
func interrupted(r Record) Record {
	if r.LocalState() == request.Submitting {
		r.Events = append(slices.Clone(r.Events), Event{At: r.Events[len(r.Events)-1].At, What: request.Unknown})
	}
	return r
}

// Add adds events to the record and writes it durably. An event without a time gets the
// time of now; times are stored in whole seconds. If the record cannot be written, it
// stays in memory until the program ends, and Add fails with ErrUnwritable; with a Store
// nothing stays, and Add fails with ErrStore or ErrOvertaken. It fails with
// ErrUnaudited if only the audit chain could not be written. If a damaged record had to be
// moved first, the error of the first Add names its file.
func (l *LockedRecord) Add(practice bool, events ...Event) error {
	return l.Begin(practice, events...).Stored()
}

// Begin is like [LockedRecord.Add], but only begins to write; [LockedRecord.Record] returns
// the events already. What was begun before is stored first. Whoever begins waits for the
// end before the record is unlocked.
func (l *LockedRecord) Begin(practice bool, events ...Event) *Storing {
	l.settle()
	r, err := l.Record()
	r.Practice = practice
	r.Events = slices.Clone(r.Events)
	for _, e := range events {
		if e.At.IsZero() {
			e.At = l.journal.Now()
		}
		e.At = e.At.UTC().Truncate(time.Second)
		r.Events = append(r.Events, e.bounded())
	}
	l.record = r
	s := &Storing{written: make(chan struct{}), stored: make(chan struct{})}
	if l.journal.Store != nil && err == nil {
		l.storing = s
		go l.beginStored(s, r, l.version, slices.Clone(r.Events[l.stored:]))
		return s
	}
	if err != nil && !errors.Is(err, errSetAside) { // a newer version's file, or one that cannot be read: do not overwrite it
		if l.journal.Store == nil {
			l.journal.remember(l.name, r)
		}
		s.writeErr = err
		close(s.written)
		close(s.stored)
		return s
	}
	l.err = nil // is reported once
	added := len(r.Events) - l.stored
	l.stored, l.storing = len(r.Events), s
	go func() {
		defer close(s.stored)
		file, unwritten := l.journal.store(l.name, r)
		s.writeErr = errors.Join(err, unwritten)
		close(s.written)
		if file != nil {
			s.auditErr = l.journal.noteWritten(l.name, file.text, added, file.dropped)
		}
	}()
	return s
}

// Note locks the record of a request, adds events to it as [LockedRecord.Add] does, and
// unlocks it.
func (j *Journal) Note(r *request.Request, practice bool, events ...Event) error {
	locked, err := j.Lock(context.Background(), r)
	if err != nil {
		return err
	}
	defer locked.Unlock()
	return locked.Add(practice, events...)
}

func (j *Journal) path(name string) string { return filepath.Join(j.Folder, name+recordEnding) }

// load reads a record. It returns the zero Record if none is stored.
func (j *Journal) load(name string) (Record, error) {
	j.mu.Lock()
	record, ok := j.memory[name]
	j.mu.Unlock()
	if ok || j.Folder == "" {
		return record, nil
	}
	return j.read(name, durable.Read)
}

// read reads a record's file by one of durable's calls.
func (j *Journal) read(name string, file func(path string, limit int64) ([]byte, error)) (Record, error) {
	data, err := file(j.path(name), maxBytes)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return Record{}, nil
		}
		if info, missing := os.Stat(j.Folder); missing != nil || !info.IsDir() {
			return Record{}, nil
		}
	}
	if errors.Is(err, durable.ErrFileTooLarge) {
		return Record{}, j.setAside(name, err)
	}
	if err != nil {
		return Record{}, err
	}
	r, err := Parse(data)
	if errors.Is(err, document.ErrDamaged) {
		return Record{}, j.setAside(name, err)
	}
	return r, err
}

// setAside moves a damaged record to the folder "damaged". It returns an error that names
// the new file, or, if it could not be moved, the old one.
func (j *Journal) setAside(name string, cause error) error {
	folder := filepath.Join(j.Folder, damagedName)
	aside := filepath.Join(folder, name+j.Now().UTC().Format("-20060102-150405")+recordEnding)
	if err := durable.Folder(folder); err == nil {
		if err := durable.Move(j.path(name), aside); err == nil {
			j.noteSetAside(name, aside)
			return errSetAside.With("path", aside).Because(cause)
		}
	}
	return fault.Named(j.path(name), cause)
}

// store writes a record, or keeps it in memory if it cannot be written. It returns the file
// for the audit chain, or nil if none was written.
func (j *Journal) store(name string, r Record) (*writtenRecord, error) {
	file, err := j.write(name, r)
	if file == nil {
		j.remember(name, r)
		return nil, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.memory, name)
	return file, err
}

// writtenRecord is a record's file as it was written.
type writtenRecord struct {
	text    []byte
	dropped bool // events were dropped to keep it short
}

func (j *Journal) remember(name string, r Record) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.memory == nil {
		j.memory = map[string]Record{}
	}
	j.memory[name] = r
}

// SetWords sets the language in which records are written from now on.
func (j *Journal) SetWords(w *words.Words) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.Words = w
}

func (j *Journal) words() *words.Words {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.Words
}

// write writes a record. Its line of the audit chain comes after it: in this order a crash
// leaves the chain behind the record, which the record's next line mends; the other way
// around it would look as if somebody had put back an older record. It returns no file if
// none was written.
func (j *Journal) write(name string, r Record) (*writtenRecord, error) {
	if j.Folder == "" {
		return nil, nil
	}
	limited, text := r.limited(j.words(), j.Tool, j.auditLength())
	_, err := Parse(text) // a record that could not be read back would count as none
	if err == nil {
		err = durable.Folder(j.Folder)
	}
	if err == nil {
		err = durable.Write(j.path(name), text, true)
	}
	if err != nil && !errors.Is(err, durable.ErrNotFlushed) {
		return nil, ErrUnwritable.With("folder", j.Folder).Because(err)
	}
	return &writtenRecord{text, !slices.Equal(limited.Events, r.Events)}, err
}

// listed is current for a record that names has returned.
func (j *Journal) listed(name string) (Record, error) {
	j.mu.Lock()
	_, inMemory := j.memory[name]
	j.mu.Unlock()
	if !inMemory && j.Folder != "" {
		if r, err := j.read(name, durable.ReadListed); err != nil || r.Request == nil || r.LocalState() != request.Submitting {
			return r, err
		}
	}
	return j.current(name)
}

// current returns a record as it is now: if it says that it is being submitted and nobody
// has locked it, the program that did has ended.
func (j *Journal) current(name string) (Record, error) {
	if j.Store != nil {
		one, err := j.Store.Read(name)
		if err != nil {
			return Record{}, err
		}
		return j.currentStored(one)
	}
	r, err := j.load(name)
	if err != nil || r.Request == nil || r.LocalState() != request.Submitting {
		return r, err
	}
	if file := j.lockFile(name); !j.lockedHere(name) && file != nil {
		if locked, err := file.TryLock(); err == nil && locked {
			r, err := j.load(name) // the program may have ended since
			_ = file.Close()
			return interrupted(r), err
		}
	}
	return r, nil
}
