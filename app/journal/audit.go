package journal

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"handback/app/document"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/request"
)

const (
	auditName = "audit"
	auditLock = "audit.lock"

	auditTimeout = 10 * time.Second // how long an event waits for another program's
	auditRetry   = 2 * time.Millisecond
	auditTail    = 4 << 10 // bytes in which the last line is looked for first
)

// What a line of the audit chain has for what is no event.
const (
	takenIn      = "taken-in"       // the record is older than the chain
	takenInAgain = "taken-in-again" // the record knows of another chain, which is gone
	trimmed      = "trimmed"        // events were dropped to keep the record short
	setAside     = "set-aside"      // the record was damaged
)

// ErrUnaudited means that a record was written, but not its line of the audit chain.
var ErrUnaudited = fault.New(fault.Write, "journal.unaudited")

// auditLine is a line of the audit chain: that a record was written.
type auditLine struct {
	number int64     // of the line, from 1
	at     time.Time // in whole seconds
	record string    // the name of the record's file, without its ending
	count  int       // of the record's events
	what   []string  // the states of the events that are new, and what else happened
	file   string    // SHA-256 of the record's file
	events string    // digest of the request and its events; see eventDigests
	before string    // SHA-256 of the line before, with its line end
}

func (l auditLine) String() string {
	return fmt.Sprintf("%d %s %s %d %s %s %s %s\n", l.number, l.at.UTC().Format(time.RFC3339), l.record, l.count, strings.Join(l.what, ","), l.file, l.events, l.before)
}

// news returns the states of the events that are new.
func (l auditLine) news() []string {
	return slices.DeleteFunc(slices.Clone(l.what), func(what string) bool {
		return slices.Contains([]string{"", trimmed, takenIn, takenInAgain, setAside}, what) || strings.HasPrefix(what, takenOver)
	})
}

// first is what stands in the place of a digest where there is none.
var first = strings.Repeat("0", 2*sha256.Size)

// maxRecordName is the longest name of a record that a line may have.
const maxRecordName = 200

// parseAuditLine reads a line without its line end. It accepts only what String writes.
func parseAuditLine(line string) (l auditLine, ok bool) {
	fields := strings.Split(line, " ")
	if len(fields) != 8 {
		return auditLine{}, false
	}
	number, err1 := strconv.ParseInt(fields[0], 10, 64)
	at, err2 := time.Parse(time.RFC3339, fields[1])
	count, err3 := strconv.Atoi(fields[3])
	l = auditLine{number, at, fields[2], count, strings.Split(fields[4], ","), fields[5], fields[6], fields[7]}
	if cmp.Or(err1, err2, err3) != nil || number < 1 || count < 0 || l.record == "" || len(l.record) > maxRecordName || strings.ContainsAny(l.record, `/\`) || l.String() != line+"\n" {
		return auditLine{}, false
	}
	for _, sum := range fields[5:] {
		if _, err := hex.DecodeString(sum); err != nil || len(sum) != len(first) {
			return auditLine{}, false
		}
	}
	return l, true
}

// chain appends lines to the audit chain. Those of goroutines that wait at the same time
// are written and synchronized together.
type chain struct {
	mu      sync.Mutex
	batch   *auditBatch // which nobody writes yet, or nil
	writing sync.Mutex  // held by the goroutine that writes a batch
	length  int64       // lines that are known to be on the medium, guarded by writing
}

type auditBatch struct {
	lines []auditLine
	done  bool // guarded by chain.writing
	err   error
}

// audit adds a line to the audit chain.
func (j *Journal) audit(line auditLine) error {
	c := &j.chain
	c.mu.Lock()
	if c.batch == nil {
		c.batch = &auditBatch{}
	}
	mine := c.batch
	mine.lines = append(mine.lines, line)
	c.mu.Unlock()

	c.writing.Lock()
	defer c.writing.Unlock()
	if mine.done {
		return mine.err
	}
	c.mu.Lock()
	c.batch = nil
	c.mu.Unlock()
	mine.done = true
	if mine.err = j.extendAudit(mine.lines); mine.err != nil {
		mine.err = ErrUnaudited.With("path", j.auditPath()).Because(mine.err)
	}
	return mine.err
}

func (j *Journal) auditPath() string { return filepath.Join(j.Folder, auditName) }

// auditLength returns how many lines the audit chain has at least.
func (j *Journal) auditLength() int64 {
	j.chain.writing.Lock()
	defer j.chain.writing.Unlock()
	if j.chain.length == 0 {
		j.chain.length, _ = j.readAuditLength()
	}
	return j.chain.length
}

func (j *Journal) readAuditLength() (int64, error) {
	if j.Store != nil {
		return j.Store.Length(), nil
	}
	file, err := j.openAudit()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	number, _, _, err := lastAuditLine(file, info.Size())
	return number, err
}

// openAudit opens the audit chain while nobody writes it.
func (j *Journal) openAudit() (*os.File, error) {
	info, err := os.Lstat(j.auditPath())
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, durable.ErrNotRegular.With("path", j.auditPath())
	}
	if unlock, err := j.lockAudit(); err == nil { // not in a folder that cannot be written
		defer unlock()
	}
	return os.Open(j.auditPath())
}

// extendAudit writes lines after the last line of the audit chain, under the chain's lock.
// If there is no chain yet, it takes in the records that there are.
func (j *Journal) extendAudit(lines []auditLine) error {
	unlock, err := j.lockAudit()
	if err != nil {
		return err
	}
	defer unlock()
	length := int64(0)
	err = durable.Extend(j.auditPath(), func(file io.ReaderAt, size int64) ([]byte, error) {
		number, before, open, err := lastAuditLine(file, size)
		if err != nil {
			return nil, err
		}
		length = number
		if size == 0 && len(lines) > 0 {
			lines = append(j.unchained(lines), lines...)
		}
		var text bytes.Buffer
		if open && len(lines) > 0 {
			text.WriteByte('\n') // a program ended while it wrote the line
		}
		for _, line := range lines {
			length++
			line.number, line.at, line.before = length, j.Now().UTC().Truncate(time.Second), before
			written := line.String()
			before = hash(written)
			text.WriteString(written)
		}
		return text.Bytes(), nil
	})
	if err == nil {
		j.chain.length = length
	}
	return err
}

// lockAudit locks the audit chain against other programs.
func (j *Journal) lockAudit() (unlock func(), err error) {
	folder := filepath.Join(j.Folder, locksName)
	if err := durable.Folder(folder); err != nil {
		return nil, err
	}
	lock := durable.NewLock(filepath.Join(folder, auditLock))
	if info, err := os.Lstat(lock.Path()); err == nil && !info.Mode().IsRegular() {
		return nil, durable.ErrNotRegular.With("path", lock.Path())
	}
	timed, cancel := context.WithTimeout(context.Background(), auditTimeout)
	defer cancel()
	locked, err := lock.TryLockContext(timed, auditRetry)
	switch {
	case locked:
		return func() { _ = lock.Close() }, nil
	case timed.Err() != nil:
		return nil, ErrBusy
	}
	return func() {}, nil // a file system without locks
}

// lastAuditLine returns the number of the last line of the chain and its SHA-256. Open
// reports that the line has no end, which the SHA-256 includes.
func lastAuditLine(file io.ReaderAt, size int64) (number int64, sum string, open bool, err error) {
	if size == 0 {
		return 0, first, false, nil
	}
	tail := make([]byte, min(size, auditTail))
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return 0, "", false, err
	}
	text := strings.TrimSuffix(string(tail), "\n")
	open = len(text) == len(tail)
	if at := strings.LastIndexByte(text, '\n'); at >= 0 || int64(len(tail)) == size {
		if line, ok := parseAuditLine(text[at+1:]); ok {
			return line.number, hash(text[at+1:] + "\n"), open, nil
		}
	}
	for line, err := range auditLines(io.NewSectionReader(file, 0, size)) { // an incomplete line, or a long one
		if err != nil {
			return 0, "", false, err
		}
		number, sum = number+1, line.sum
	}
	return number, sum, open, nil
}

// textLine is a line of the audit chain as it stands in the file.
type textLine struct {
	text string // without line end; empty if it is too long for a line of this program
	sum  string // SHA-256 with line end, even where that is missing
	open bool   // the line end is missing
}

// auditLines reads the lines of an audit chain.
func auditLines(r io.Reader) iter.Seq2[textLine, error] {
	return func(yield func(textLine, error) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		for {
			part, err := in.ReadSlice('\n')
			if err == io.EOF && len(part) == 0 {
				return
			}
			text, digest := string(part), sha256.New()
			digest.Write(part)
			for errors.Is(err, bufio.ErrBufferFull) {
				text = "\n"
				part, err = in.ReadSlice('\n')
				digest.Write(part)
			}
			if err != nil && err != io.EOF {
				yield(textLine{}, err)
				return
			}
			if err == io.EOF {
				digest.Write([]byte{'\n'})
			}
			if !yield(textLine{strings.TrimSuffix(text, "\n"), hex.EncodeToString(digest.Sum(nil)), err == io.EOF}, nil) {
				return
			}
		}
	}
}

// unchained returns a line for each record that there is, for a new chain, unless one of
// lines tells of all its events.
func (j *Journal) unchained(lines []auditLine) []auditLine {
	whole := map[string]bool{}
	for _, line := range lines {
		whole[line.record] = whole[line.record] || line.count == len(line.news())
	}
	type old struct {
		line    auditLine
		updated time.Time
	}
	var all []old
	for name, state := range j.states(j.names()) {
		if state.err != nil || whole[name] { // an unreadable one is set aside when it is read
			continue
		}
		what := takenIn
		if state.audit > 0 {
			what = takenInAgain
		}
		all = append(all, old{auditLine{record: name, count: len(state.digests) - 1, what: []string{what}, file: state.file, events: state.last()}, state.updated})
	}
	slices.SortFunc(all, func(a, b old) int {
		return cmp.Or(a.updated.Compare(b.updated), strings.Compare(a.line.record, b.line.record))
	})
	var taken []auditLine
	for _, one := range all {
		taken = append(taken, one.line)
	}
	return taken
}

// recordState is what the audit chain says of a record's file.
type recordState struct {
	file    string   // SHA-256 of the file
	digests []string // after each number of events, from 0; see eventDigests
	whats   []string // of the events
	audit   int64    // how many lines the chain had at least when the file was written
	request *request.Request
	updated time.Time
	err     error // if the file cannot be read as a record
}

func (s recordState) last() string { return s.digests[len(s.digests)-1] }

// stateOf returns the state of a record's file.
func stateOf(file []byte) (s recordState) {
	s.file = sum(file)
	_, machine, err := document.Record.Parts(file)
	if err != nil {
		s.err = err
		return s
	}
	var raw struct {
		Request string           `json:"request"`
		Audit   int64            `json:"audit"`
		Events  []jsontext.Value `json:"events"`
	}
	if err := json.Unmarshal([]byte(machine), &raw); err != nil {
		s.err = document.ErrDamaged.Because(err)
		return s
	}
	s.audit = raw.Audit
	if s.digests, s.err = eventDigests(raw.Request, raw.Events); s.err != nil {
		return s
	}
	for _, one := range raw.Events {
		var e Event
		if s.err = json.Unmarshal(one, &e); s.err != nil {
			return s
		}
		s.whats, s.updated = append(s.whats, e.label()), e.At
	}
	if s.request, s.err = request.Decode(raw.Request); s.err == nil && len(raw.Events) == 0 {
		s.err = document.ErrDamaged
	}
	return s
}

// label is what the audit chain calls an event.
func (e Event) label() string {
	if e.FromReceipt {
		return "receipt:" + string(e.What)
	}
	return string(e.What)
}

// eventDigests returns a digest for the request as it is carried, and one for each event,
// of the text of the digest before and the event's canonical JSON (RFC 8785). So each
// covers the request and all events so far.
func eventDigests(carried string, events []jsontext.Value) ([]string, error) {
	digests := make([]string, 1, len(events)+1)
	digests[0] = hash(carried)
	for _, e := range events {
		e = e.Clone()
		if err := e.Canonicalize(); err != nil {
			return nil, err
		}
		digests = append(digests, hash(digests[len(digests)-1]+string(e)))
	}
	return digests, nil
}

func sum(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

// noteWritten adds a line to the audit chain for a record that was written: with how many
// of its events are new, and whether older ones were dropped.
func (j *Journal) noteWritten(name string, file []byte, added int, dropped bool) error {
	line, err := lineOf(name, file, added, dropped)
	if err != nil {
		return err
	}
	return j.audit(line)
}

// lineOf returns the line for a record that is written, without its number, its time and
// the digest of the line before.
func lineOf(name string, file []byte, added int, dropped bool) (auditLine, error) {
	s := stateOf(file)
	if s.err != nil {
		return auditLine{}, s.err
	}
	what := slices.Clone(s.whats[max(0, len(s.whats)-added):])
	if dropped {
		what = append([]string{trimmed}, what...)
	}
	return auditLine{record: name, count: len(s.whats), what: what, file: s.file, events: s.last()}, nil
}

// noteSetAside adds a line to the audit chain for a damaged record that was moved to path.
func (j *Journal) noteSetAside(name, path string) {
	file, err := durable.Head(path, maxBytes)
	if err == nil {
		_ = j.audit(auditLine{record: name, what: []string{setAside}, file: sum(file), events: first}) // else verifying finds no file
	}
}
