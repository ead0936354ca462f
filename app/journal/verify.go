package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"handback/app/durable"
	"handback/app/words"
)

// Finding is one thing that [Journal.Verify] found.
type Finding struct {
	Kind   FindingKind `json:"kind"`
	Line   int64       `json:"line,omitzero"`       // of the audit chain
	Record string      `json:"record,omitzero"`     // the name of the record's file, without its ending
	Code   string      `json:"check_code,omitzero"` // of the record's request
	Event  int         `json:"event,omitzero"`      // the first event of the record that is concerned, from 1
	Path   string      `json:"path,omitzero"`       // of a file
}

// FindingKind is what was found.
type FindingKind string

// What was changed, lost or exchanged.
const (
	BrokenLine    FindingKind = "broken_line"    // the line does not name the one before, or does not have its number
	ShortChain    FindingKind = "short_chain"    // the record knows of more lines than there are
	OtherChain    FindingKind = "other_chain"    // the record knows of a chain before this one
	MissingHead   FindingKind = "missing_head"   // no line has the digest that was given
	ChangedEvent  FindingKind = "changed_event"  // from this event on, the record is not what was written
	LostEvents    FindingKind = "lost_events"    // from this event on, the record's events are gone
	ChangedText   FindingKind = "changed_text"   // the record's events are right, but something else in its file is not
	ChangedLine   FindingKind = "changed_line"   // the line tells of other events than the record
	MissingRecord FindingKind = "missing_record" // there is no such record
	OtherRecord   FindingKind = "other_record"   // the record's file has another record
	Unreadable    FindingKind = "unreadable"     // the record cannot be read
	SetAside      FindingKind = "set_aside"      // the record was damaged and moved away
)

// What a crash leaves, or an earlier version.
const (
	OpenLine   FindingKind = "incomplete_line" // the program ended while it wrote the line
	LateEvents FindingKind = "late_events"     // from this event on, the chain has no line of its own
	NoChain    FindingKind = "no_chain"        // there are records and no chain
)

// Harmless reports whether a finding is what a crash or an earlier version leaves.
func (k FindingKind) Harmless() bool {
	return slices.Contains([]FindingKind{OpenLine, LateEvents, NoChain}, k)
}

// FindingKinds returns all kinds.
func FindingKinds() []FindingKind {
	return []FindingKind{BrokenLine, ShortChain, OtherChain, MissingHead, ChangedEvent, LostEvents, ChangedText, ChangedLine,
		MissingRecord, OtherRecord, Unreadable, SetAside, OpenLine, LateEvents, NoChain}
}

// Describe returns the finding as a sentence for people.
func (f Finding) Describe(w *words.Words) string {
	record := f.Record
	if f.Code != "" {
		record = f.Code + " (" + f.Record + ")"
	}
	text := w.Text("journal.finding."+string(f.Kind), "line", f.Line, "record", words.Visible(record, 300), "event", f.Event, "path", words.Visible(f.Path, 500))
	if f.Path != "" && f.Kind != NoChain {
		text += " " + w.Text("journal.finding.aside", "path", words.Visible(f.Path, 500))
	}
	return text
}

// Verification is the result of [Journal.Verify].
type Verification struct {
	Records  int       `json:"records"`
	Events   int       `json:"events"` // of all records
	Lines    int64     `json:"lines"`  // of the audit chain
	Head     string    `json:"head,omitzero"`
	Findings []Finding `json:"findings"`
}

// Intact reports whether nothing was changed, lost or exchanged.
func (v Verification) Intact() bool {
	return !slices.ContainsFunc(v.Findings, func(f Finding) bool { return !f.Kind.Harmless() })
}

// Verify compares the records with the audit chain. It changes nothing. Head is the digest
// of a line that the chain must have, from an earlier [Verification], or empty: without it,
// nobody can tell if the last lines are missing together with what they tell of. Verify
// fails if the chain cannot be read.
func (j *Journal) Verify(head string) (v Verification, err error) {
	var chained *chainedLines
	if v, chained, err = j.verifyChain(strings.ToLower(head)); err != nil {
		return v, err
	}
	knows := map[string]int64{} // of the records that know of more lines than there were
	for name, state := range j.allStates() {
		if name == "" {
			return v, state.err
		}
		v.Records++
		chained.see(name)
		v.Events += len(state.whats)
		found := state.compare(name, chained.of(name), v.Lines)
		if state.audit > v.Lines {
			knows[name] = state.audit
		}
		if v.Lines == 0 && state.err == nil && state.audit == 0 {
			found = nil // no chain is no finding of each record
		}
		v.Findings = append(v.Findings, found...)
	}
	grown, _ := j.readAuditLength() // by other programs' lines meanwhile
	v.Findings = slices.DeleteFunc(v.Findings, func(f Finding) bool { return f.Kind == ShortChain && knows[f.Record] <= grown })
	for name, last := range chained.unseen() {
		if last.what[0] != setAside {
			v.Findings = append(v.Findings, Finding{Kind: MissingRecord, Line: last.number, Record: name, Path: j.aside(name)})
		}
	}
	if v.Lines == 0 && v.Records > 0 {
		v.Findings = append(v.Findings, Finding{Kind: NoChain, Path: j.auditPath()})
	}
	slices.SortStableFunc(v.Findings, func(a, b Finding) int {
		return slices.CompareFunc([]string{fmt.Sprintf("%020d", a.Line), a.Record}, []string{fmt.Sprintf("%020d", b.Line), b.Record}, strings.Compare)
	})
	return v, nil
}

// verifyChain reads the audit chain, and returns the lines of each record.
func (j *Journal) verifyChain(head string) (v Verification, chained *chainedLines, err error) {
	chained = newChainedLines(0)
	if j.Store != nil {
		v, err = j.verifyLines(head, j.storedLines(), chained)
		return v, chained, err
	}
	file, err := j.openAudit()
	if j.Folder == "" || errors.Is(err, fs.ErrNotExist) {
		if head != "" {
			v.Findings = []Finding{{Kind: MissingHead}}
		}
		return v, chained, nil
	}
	if err != nil {
		return v, nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return v, nil, err
	}
	chained = newChainedLines(info.Size())
	v, err = j.verifyLines(head, auditLines(io.NewSectionReader(file, 0, info.Size())), chained)
	return v, chained, err
}

// verifyLines looks at the lines of the audit chain alone, and adds them to chained.
func (j *Journal) verifyLines(head string, lines iter.Seq2[textLine, error], chained *chainedLines) (v Verification, err error) {
	found, before, number := head == "", first, int64(0)
	for text, err := range lines {
		if err != nil {
			return v, err
		}
		v.Lines++
		number++
		line, ok := parseAuditLine(text.text)
		switch {
		case ok && (line.before != before || line.number != number):
			v.Findings = append(v.Findings, Finding{Kind: BrokenLine, Line: v.Lines, Record: line.record})
		case !ok || text.open:
			v.Findings = append(v.Findings, Finding{Kind: OpenLine, Line: v.Lines})
		}
		if ok {
			number = line.number
			chained.add(line)
			switch line.what[0] {
			case setAside:
				v.Findings = append(v.Findings, Finding{Kind: SetAside, Line: v.Lines, Record: line.record, Path: j.aside(line.record)})
			case takenInAgain:
				v.Findings = append(v.Findings, Finding{Kind: OtherChain, Line: v.Lines, Record: line.record})
			}
		}
		before, v.Head = text.sum, text.sum
		found = found || text.sum == head
	}
	if !found {
		v.Findings = append(v.Findings, Finding{Kind: MissingHead})
	}
	return v, nil
}

// aside returns the path of a record that was set aside, the last one, or "".
func (j *Journal) aside(name string) string {
	entries, _ := os.ReadDir(filepath.Join(j.Folder, damagedName))
	for _, entry := range slices.Backward(entries) {
		if strings.HasPrefix(entry.Name(), name+"-") {
			return filepath.Join(j.Folder, damagedName, entry.Name())
		}
	}
	return ""
}

// compare returns what is wrong between a record and its lines of the audit chain, which
// has length lines.
func (s recordState) compare(record string, lines []auditLine, length int64) (found []Finding) {
	if s.err != nil {
		return []Finding{{Kind: Unreadable, Record: record}}
	}
	add := func(kind FindingKind, line int64, event int) {
		found = append(found, Finding{Kind: kind, Line: line, Record: record, Code: s.request.CheckCode(), Event: event})
	}
	// The record of another journal counts the lines of that journal's chain.
	if s.audit > length && (len(lines) == 0 || !lines[len(lines)-1].isTakeover()) {
		add(ShortChain, 0, 0)
	}
	if ID(s.request) != record {
		add(OtherRecord, 0, 0)
		return found
	}
	known := 0  // events that the chain has
	wrong := -1 // the first line that the record contradicts
	begin := 0  // the first line that tells of the record as it is
	for i, line := range lines {
		switch what := line.what[0]; {
		case what == setAside:
			known, wrong, begin = 0, -1, i+1
			continue
		case what == trimmed:
			known, wrong, begin = line.count, -1, i
		case what == takenIn, what == takenInAgain, line.isTakeover():
			known = line.count
		default:
			if line.count-len(line.news()) > known {
				add(LateEvents, line.number, known+1)
			}
			known = max(known, line.count)
		}
		if wrong < 0 && (line.count >= len(s.digests) || s.digests[line.count] != line.events) {
			wrong = i
		}
	}
	if begin == len(lines) {
		add(LateEvents, 0, 1)
		return found
	}
	last := lines[len(lines)-1]
	switch {
	case wrong >= 0:
		kind, event := ChangedEvent, 1
		if wrong > begin {
			event = lines[wrong-1].count + 1
		}
		if event > len(s.whats) {
			kind, event = LostEvents, len(s.whats)+1
		}
		add(kind, lines[wrong].number, event)
	case len(s.whats) > last.count:
		add(LateEvents, 0, last.count+1)
	case s.file != last.file:
		add(ChangedText, last.number, 0)
	}
	news := last.news()
	if from := last.count - len(news); wrong < 0 && (from < 0 || !slices.Equal(news, s.whats[from:last.count])) {
		add(ChangedLine, last.number, 0)
	}
	return found
}

// allStates returns the state of each record. If they cannot be listed, the last name is
// empty.
func (j *Journal) allStates() iter.Seq2[string, recordState] {
	if j.Store != nil {
		return j.storedStates()
	}
	var names []string
	for entry := range entries(j.Folder) {
		if name, ok := recordName(entry); ok {
			names = append(names, name)
		}
	}
	return j.states(names)
}

// On Windows a file cannot be opened for a moment while another program replaces it.
const (
	replaceTries = 10
	replaceTime  = 20 * time.Millisecond
)

// states returns the state of each record with its name. Several are read at a time.
func (j *Journal) states(names []string) iter.Seq2[string, recordState] {
	return parallel(names, func(name string) (recordState, bool) {
		file, err := durable.ReadListed(j.path(name), maxBytes)
		for range replaceTries {
			if err == nil || errors.Is(err, fs.ErrNotExist) {
				break
			}
			time.Sleep(replaceTime)
			file, err = durable.ReadListed(j.path(name), maxBytes)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return recordState{}, false
		}
		if err != nil {
			return recordState{err: err}, true
		}
		return stateOf(file), true
	})
}
