package journal

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"handback/app/document"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/request"
)

// takenOver begins what a line of the audit chain has for a record that comes from another
// journal. The head of that journal's chain follows.
const takenOver = "taken-over:"

// ErrDiffers means that two journals have different records of one request.
var ErrDiffers = fault.New(fault.Input, "journal.differs")

// Takeover is the result of [TakeOver].
type Takeover struct {
	Taken int     // records that were stored, or got the events that are new
	Known int     // records that were there, with these events at least
	Lost  []error // name the records that cannot be read
}

// takenTogether is how many records are stored in one transaction, and takenBytes from which
// size of all of them no more are.
const (
	takenTogether = 200
	takenBytes    = 8 << 20
)

// TakeOver stores the records of a journal of files in the Store of j, as they are. The one
// that was written first comes first. The Store's audit chain gets a line for each record,
// which names the head of the files' chain as it was verified. Files are not changed.
//
// It may be repeated, after a crash too: records that are stored already are passed over. If
// the Store has another record of one request it fails with ErrDiffers before it stores any,
// and with ErrBusy if a program is submitting a request.
func TakeOver(j, files *Journal, verified Verification) (t Takeover, err error) {
	head := cmp.Or(verified.Head, first)
	versions, err := j.compareStored(files)
	if err != nil {
		return t, err
	}
	names := files.fileNames()
	slices.Reverse(names)
	var differs []string
	var batch []Writing
	size := 0
	flush := func() error {
		for i, err := range j.Store.WriteAll(batch) {
			switch {
			case err == nil:
				t.Taken++
			case errors.Is(err, ErrOvertaken):
				differs = append(differs, codeOf(stateOf(batch[i].Text), batch[i].Name))
			default:
				return err
			}
		}
		batch, size = batch[:0], 0
		return nil
	}
	for _, name := range names {
		version, stored := versions[name]
		if version == known {
			t.Known++
			continue
		}
		w, err := j.takeover(files, name, head)
		switch {
		case errors.Is(err, ErrBusy):
			return t, err
		case err != nil:
			t.Lost = append(t.Lost, fault.Named(files.path(name), err))
			continue
		}
		if w.Version = 1; stored {
			w.Version = version + 1
		}
		batch, size = append(batch, w), size+len(w.Text)
		if len(batch) >= takenTogether || size > takenBytes {
			if err := flush(); err != nil {
				return t, err
			}
		}
	}
	if err := flush(); err != nil {
		return t, err
	}
	return t, differ(differs)
}

// known stands for the version of a record that need not be taken over.
const known = -1

// compareStored compares the records of the Store with those of the same names in files. It
// returns their versions, or known. It fails with ErrDiffers.
func (j *Journal) compareStored(files *Journal) (versions map[string]int64, err error) {
	versions = map[string]int64{}
	var differs []string
	for one, err := range j.Store.All("") {
		if err != nil {
			return nil, err
		}
		file, err := durable.ReadListed(files.path(one.Name), maxBytes)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		old, now := stateOf(file), stateOf(one.Text)
		switch {
		case err == nil && bytes.Equal(file, one.Text), now.continues(old):
			versions[one.Name] = known
		case old.continues(now):
			versions[one.Name] = one.Version
		default:
			differs = append(differs, codeOf(now, one.Name))
		}
	}
	return versions, differ(differs)
}

// continues reports whether a record has the events of an earlier one and no others before
// them.
func (s recordState) continues(earlier recordState) bool {
	return s.err == nil && earlier.err == nil && len(s.digests) >= len(earlier.digests) && s.digests[len(earlier.digests)-1] == earlier.last()
}

// codeOf returns the check code of a record, or its name if it cannot be read.
func codeOf(s recordState, name string) string {
	if s.err != nil {
		return name
	}
	return s.request.CheckCode()
}

// differ returns ErrDiffers with the names of records, or nil if there is none.
func differ(names []string) error {
	if len(names) == 0 {
		return nil
	}
	const shown = 10
	listed := strings.Join(names[:min(shown, len(names))], ", ")
	if len(names) > shown {
		listed += ", …"
	}
	return ErrDiffers.With("count", len(names), "records", listed)
}

// takeover returns a record of files as it is to be stored, without its version.
func (j *Journal) takeover(files *Journal, name, head string) (Writing, error) {
	text, err := durable.ReadListed(files.path(name), maxBytes)
	if err != nil {
		return Writing{}, err
	}
	r, err := Parse(text)
	if err != nil {
		return Writing{}, err
	}
	if r.LocalState() == request.Submitting {
		if lock := files.lockFile(name); lock != nil {
			locked, err := lock.TryLock()
			_ = lock.Close()
			if err == nil && !locked {
				return Writing{}, ErrBusy
			}
		}
	}
	s := stateOf(text)
	if s.err == nil && ID(s.request) != name {
		s.err = document.ErrDamaged
	}
	if s.err != nil {
		return Writing{}, s.err
	}
	line := auditLine{record: name, count: len(s.whats), what: []string{takenOver + head}, file: s.file, events: s.last()}
	return Writing{StoredRecord: StoredRecord{Name: name, Text: text}, Codes: codesOf(r.Request), Updated: s.updated,
		Line: func(number int64, before string) string {
			line := line
			line.number, line.before, line.at = number, before, j.Now().UTC().Truncate(time.Second)
			return strings.TrimSuffix(line.String(), "\n")
		}}, nil
}

// isTakeover reports whether the line is that of a record from another journal.
func (l auditLine) isTakeover() bool { return strings.HasPrefix(l.what[0], takenOver) }
