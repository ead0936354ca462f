package desk

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// File implements Store.
func (s *Files) File(ctx context.Context, f Filing, most, each int) (Filing, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return Filing{}, err
	}
	defer unlock()
	stored, kind, err := s.find(f.ID)
	switch {
	case errors.Is(err, ErrNone):
		waiting, same, err := s.waitingFrom(f.From)
		switch {
		case err != nil:
			return Filing{}, err
		case waiting >= most:
			return Filing{}, ErrFull
		case same >= each:
			return Filing{}, ErrAddressFull
		}
		stored, kind = f, waitingName
	case err != nil:
		return Filing{}, err
	default:
		stored = stored.WithVisitors(f.Visitors)
	}
	return stored, write(s.path(kind, f.ID), stored)
}

// waitingFrom returns how many filings wait, and how many of them are from an address. Each
// file is read once.
func (s *Files) waitingFrom(address string) (waiting, same int, err error) {
	entries, err := os.ReadDir(filepath.Join(s.folder, waitingName))
	if err != nil {
		return 0, 0, ErrUnavailable.Because(err)
	}
	before := s.from
	s.from = make(map[string]string, len(entries))
	for _, entry := range entries {
		name := entry.Name()
		from, known := before[name]
		if !known {
			f, _ := read[Filing](filepath.Join(s.folder, waitingName, name)) // one that cannot be read is from nowhere
			from = f.From
		}
		if s.from[name] = from; from != "" && from == address {
			same++
		}
	}
	return len(entries), same, nil
}

// find returns a filing, and whether it waits or is settled. A crash between the two leaves
// both: the settled one counts.
func (s *Files) find(id string) (f Filing, kind string, err error) {
	if !plain(id) {
		return Filing{}, "", ErrNone
	}
	for _, kind = range []string{settledName, waitingName} {
		if f, err = read[Filing](s.path(kind, id)); !errors.Is(err, ErrNone) {
			break
		}
	}
	return f, kind, err
}

// Filing implements Store.
func (s *Files) Filing(_ context.Context, id string) (Filing, error) {
	f, kind, err := s.find(id)
	if errors.Is(err, ErrNone) && kind != "" { // settled between the two looks
		f, _, err = s.find(id)
	}
	return f, err
}

// plain reports whether a name is that of a file in a folder and nothing else.
func plain(name string) bool {
	return name != "" && len(name) <= 200 && strings.Trim(name, "0123456789abcdef") == ""
}

// Waiting implements Store.
func (s *Files) Waiting(_ context.Context, limit int) ([]Filing, error) {
	filings, err := all[Filing](s, waitingName)
	slices.SortStableFunc(filings, func(a, b Filing) int { return a.At.Compare(b.At) })
	return filings[:min(limit, len(filings))], err
}

// Decide implements Store.
func (s *Files) Decide(ctx context.Context, id string, d Decision) (Filing, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return Filing{}, err
	}
	defer unlock()
	f, _, err := s.find(id)
	if err != nil {
		return Filing{}, err
	}
	if !f.Decision.IsZero() {
		return f, ErrDecided
	}
	f.Decision = d
	if d.Confirmed {
		return f, write(s.path(waitingName, id), f)
	}
	return s.settle(f)
}

// Tried implements Store.
func (s *Files) Tried(ctx context.Context, id, trouble string) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	f, kind, err := s.find(id)
	if err != nil {
		return err
	}
	if f.Trouble = trouble; trouble != "" {
		return write(s.path(kind, id), f)
	}
	_, err = s.settle(f)
	return err
}

// Reopen implements Store.
func (s *Files) Reopen(ctx context.Context, id string) (Filing, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return Filing{}, err
	}
	defer unlock()
	f, kind, err := s.find(id)
	if err != nil {
		return Filing{}, err
	}
	f.Decision, f.Settled, f.Trouble = Decision{}, false, ""
	if err := write(s.path(waitingName, id), f); err != nil || kind == waitingName {
		return f, err
	}
	return f, remove(s.path(settledName, id))
}

// Filings implements Store.
func (s *Files) Filings(context.Context) iter.Seq2[Filing, error] {
	return func(yield func(Filing, error) bool) {
		for _, kind := range []string{waitingName, settledName} {
			filings, err := all[Filing](s, kind)
			if err != nil && !yield(Filing{}, err) {
				return
			}
			for _, f := range filings {
				if !yield(f, nil) {
					return
				}
			}
		}
	}
}

func (s *Files) settle(f Filing) (Filing, error) {
	f.Settled, f.From = true, ""
	if err := write(s.path(settledName, f.ID), f); err != nil {
		return Filing{}, err
	}
	if err := remove(s.path(waitingName, f.ID)); err != nil && !errors.Is(err, ErrNone) {
		return Filing{}, err
	}
	return f, nil
}
