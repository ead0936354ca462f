// Package journal keeps what was made on this computer and what became of it:
// one record a request, written before the request leaves. Records hold no
// secret; they hold the request's bytes, so that it can be carried again as it
// was.
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
	"strings"
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

	// patience is how long a change waits for another program that has the
	// record.
	patience = 3 * time.Second
	retry    = 20 * time.Millisecond
)

// The faults that callers decide on.
var (
	// ErrBusy says that another program, or another window, has the request.
	ErrBusy = fault.New(fault.Connection, "journal.busy")
	// ErrUnwritable says that the journal could not be written.
	ErrUnwritable = fault.New(fault.Write, "journal.unwritable")
	// ErrNoRecord says that there is no such request in the journal.
	ErrNoRecord = fault.New(fault.Usage, "journal.none")

	errSetAside = fault.New(fault.Input, "journal.set_aside")
)

// Journal is a folder of records. Where the folder cannot be made, records are
// kept in memory, for this run. It may be used by several goroutines and several
// programs at once.
type Journal struct {
	Folder string
	Words  *words.Words
	Tool   string // the program and its version, for the records
	Now    func() time.Time

	mu     sync.Mutex
	memory map[string]Record // by name
	held   map[string]bool
}

// name is a record's, without its ending: the same for one request however it
// was written down, and nothing in it tells the license key.
func name(r *request.Request) string {
	sum := sha256.Sum256([]byte(r.Identity()))
	return hex.EncodeToString(sum[:16])
}

// Hold gives a request to this program alone, until it is let go. It fails with
// ErrBusy where another one has it for longer than three seconds, and with the
// context's error where that ends first.
func (j *Journal) Hold(ctx context.Context, r *request.Request) (*Held, error) {
	h := &Held{journal: j, name: name(r), request: r}
	if err := j.take(ctx, h.name); err != nil {
		return nil, err
	}
	h.file = j.lock(h.name)
	if h.file == nil {
		return h, nil // in memory: nobody else can see the record
	}
	if info, err := os.Lstat(h.file.Path()); err == nil && !info.Mode().IsRegular() { // what it leads to is nobody's to lock
		j.release(h.name)
		return nil, durable.ErrNotRegular.With("path", h.file.Path())
	}
	patient, stop := context.WithTimeout(ctx, patience)
	defer stop()
	locked, err := h.file.TryLockContext(patient, retry)
	switch {
	case locked:
		return h, nil
	case patient.Err() != nil:
		j.release(h.name)
		return nil, cmp.Or(ctx.Err(), error(ErrBusy))
	case err != nil: // a file system without locks, or a folder that is read-only
		h.file = nil
	}
	return h, nil
}

// take waits for the other goroutines of this program.
func (j *Journal) take(ctx context.Context, name string) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(retry) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		j.mu.Lock()
		if !j.held[name] {
			if j.held == nil {
				j.held = map[string]bool{}
			}
			j.held[name] = true
			j.mu.Unlock()
			return nil
		}
		j.mu.Unlock()
		if time.Now().After(deadline) {
			return ErrBusy
		}
	}
}

func (j *Journal) release(name string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.held, name)
}

// lock is the file whose lock keeps other programs off a record; nil where there
// can be none. The lock goes with the program, however it ends.
func (j *Journal) lock(name string) *durable.Lock {
	folder := filepath.Join(j.Folder, locksName)
	if j.Folder == "" || durable.Folder(folder) != nil {
		return nil
	}
	return durable.NewLock(filepath.Join(folder, name))
}

// Known is what is kept of a request, whoever has it; without events where there
// is nothing, or nothing that can be read.
func (j *Journal) Known(r *request.Request) Record {
	kept, _ := j.current(name(r))
	return kept
}

// Held is a request that this program has for itself.
type Held struct {
	journal *Journal
	name    string
	request *request.Request
	file    *durable.Lock

	read   bool // record and err are what was found
	record Record
	err    error
}

// Release lets others have the request.
func (h *Held) Release() {
	if h.file != nil {
		_ = h.file.Close() // unlocks
	}
	h.journal.release(h.name)
}

// Record is what is kept of the request; without events where there is nothing. A
// submission that a program did not live to see the end of is unknown. A damaged
// record is set aside, and the error says so; the record is then a new one.
func (h *Held) Record() (Record, error) {
	if !h.read {
		h.read = true
		h.record, h.err = h.journal.load(h.name)
		if h.err != nil || h.record.Request == nil {
			h.record = Record{Request: h.request}
		}
		h.record = interrupted(h.record)
	}
	return h.record, h.err
}

// interrupted closes a submission that nobody is busy with any more.
func interrupted(r Record) Record {
	if r.Seen() == request.Submitting {
		r.Events = append(slices.Clone(r.Events), Event{At: r.Events[len(r.Events)-1].At, What: request.Unknown})
	}
	return r
}

// Add writes what happened into the record, durably. Where that fails the events
// are kept in memory for this run, and the error, ErrUnwritable, says so.
func (h *Held) Add(practice bool, events ...Event) error {
	r, err := h.Record()
	r.Practice = practice
	r.Events = slices.Clone(r.Events)
	for _, e := range events {
		if e.At.IsZero() {
			e.At = h.journal.Now()
		}
		e.At = e.At.UTC().Truncate(time.Second)
		r.Events = append(r.Events, e.bounded())
	}
	h.record = r
	if err != nil && !errors.Is(err, errSetAside) { // what stands there is not to be written over
		h.journal.remember(h.name, r)
		return err
	}
	h.err = nil // told once
	return errors.Join(err, h.journal.store(h.name, r))
}

// Note is Add for a request that nobody holds.
func (j *Journal) Note(r *request.Request, practice bool, events ...Event) error {
	held, err := j.Hold(context.Background(), r)
	if err != nil {
		return err
	}
	defer held.Release()
	return held.Add(practice, events...)
}

func (j *Journal) path(name string) string { return filepath.Join(j.Folder, name+recordEnding) }

// load reads a record; one without a request where there is none.
func (j *Journal) load(name string) (Record, error) {
	j.mu.Lock()
	kept, ok := j.memory[name]
	j.mu.Unlock()
	if ok || j.Folder == "" {
		return kept, nil
	}
	data, err := durable.Read(j.path(name), MaxBytes)
	if info, missing := os.Stat(j.Folder); missing != nil || !info.IsDir() || errors.Is(err, fs.ErrNotExist) {
		return Record{}, nil
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

// setAside moves a damaged record out of the way, and says where.
func (j *Journal) setAside(name string, cause error) error {
	folder := filepath.Join(j.Folder, damagedName)
	aside := filepath.Join(folder, name+j.Now().UTC().Format("-20060102-150405")+recordEnding)
	if err := durable.Folder(folder); err == nil {
		if err := durable.Move(j.path(name), aside); err == nil {
			return errSetAside.With("path", aside).Because(cause)
		}
	}
	return fault.Named(j.path(name), cause)
}

// store writes a record, or keeps it in memory where it cannot be written.
func (j *Journal) store(name string, r Record) error {
	err := j.write(name, r)
	if unsettled := errors.Is(err, durable.ErrNotFlushed); err != nil && !unsettled || j.Folder == "" {
		j.remember(name, r)
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.memory, name)
	return err
}

func (j *Journal) remember(name string, r Record) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.memory == nil {
		j.memory = map[string]Record{}
	}
	j.memory[name] = r
}

// SetWords has what is written from now on in another language.
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

func (j *Journal) write(name string, r Record) error {
	if j.Folder == "" {
		return nil
	}
	text := r.Text(j.words(), j.Tool)
	_, err := Parse(text) // a record that could not be read back would be taken for none
	if err == nil {
		err = durable.Folder(j.Folder)
	}
	if err == nil {
		err = durable.Write(j.path(name), text, true)
	}
	if err == nil || errors.Is(err, durable.ErrNotFlushed) {
		return err
	}
	return ErrUnwritable.With("folder", j.Folder).Because(err)
}

// Records are all there are, those first to which something happened last. The
// errors say which could not be read; damaged ones are set aside.
func (j *Journal) Records() ([]Record, []error) {
	var all []Record
	var errs []error
	for _, name := range j.names() {
		r, err := j.current(name)
		if err != nil {
			errs = append(errs, err)
		}
		if r.Request != nil {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b Record) int { return b.Touched().Compare(a.Touched()) })
	return all, errs
}

func (j *Journal) names() []string {
	var names []string
	j.mu.Lock()
	for name := range j.memory {
		names = append(names, name)
	}
	j.mu.Unlock()
	if j.Folder == "" {
		return names
	}
	entries, _ := os.ReadDir(j.Folder) // none where there is no journal yet
	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), recordEnding); ok && entry.Type().IsRegular() && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// current is a record as it stands now: one that is being submitted is held by
// somebody, or else that program has ended.
func (j *Journal) current(name string) (Record, error) {
	r, err := j.load(name)
	if err != nil || r.Request == nil || r.Seen() != request.Submitting {
		return r, err
	}
	j.mu.Lock()
	ours := j.held[name]
	j.mu.Unlock()
	if file := j.lock(name); !ours && file != nil {
		if locked, err := file.TryLock(); err == nil && locked {
			_ = file.Close()
			return interrupted(r), nil
		}
	}
	return r, nil
}
