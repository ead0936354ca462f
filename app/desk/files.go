package desk

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"handback/app/durable"
)

const (
	waitingName  = "waiting"
	settledName  = "settled"
	peopleName   = "people"
	sessionsName = "sessions"
	profilesName = "profiles"
	boundName    = "destinations"
	actionsName  = "actions"

	ending  = ".json"
	maxFile = 4 << 20 // bytes
)

// Files is a Store in a folder, for one program; while it is being replaced by a newer one,
// for both. Visits are counted in memory.
//
// A filing, a person, a session, a profile and a secret's destination is a file of JSON each,
// named by the ID, the digest of the name, or the session's digest. A filing moves to another folder when it is settled.
// Actions are lines of one file.
type Files struct {
	folder string

	mu     sync.Mutex                  // guards what is in the folder, and what follows
	visits map[string]map[string]visit // by kind and key
	from   map[string]string           // Filing.From of what waits, by its file's name
}

// visit is how often a key was counted in the window that ends at a time.
type visit struct {
	ends  time.Time
	count int
}

// OpenFiles returns the Store in a folder, and makes the folder if it is missing. It fails
// with [ErrUnavailable].
func OpenFiles(folder string) (*Files, error) {
	for _, name := range []string{waitingName, settledName, peopleName, sessionsName, profilesName, boundName} {
		if err := durable.Folder(filepath.Join(folder, name)); err != nil {
			return nil, ErrUnavailable.Because(err)
		}
	}
	return &Files{folder: folder, visits: map[string]map[string]visit{}}, nil
}

func (s *Files) path(kind, name string) string { return filepath.Join(s.folder, kind, name+ending) }

// lock locks the folder against other goroutines and, as far as the file system can, other
// programs.
func (s *Files) lock(ctx context.Context) (unlock func(), err error) {
	s.mu.Lock()
	file := durable.NewLock(filepath.Join(s.folder, "lock"))
	timed, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if locked, err := file.TryLockContext(timed, 5*time.Millisecond); !locked && timed.Err() != nil {
		s.mu.Unlock()
		return nil, ErrUnavailable.Because(cmp.Or(err, timed.Err()))
	}
	return func() {
		_ = file.Close()
		s.mu.Unlock()
	}, nil
}

// read reads a file of JSON. It fails with ErrNone or ErrUnavailable.
func read[T any](path string) (value T, err error) {
	data, err := durable.Read(path, maxFile)
	if err == nil {
		err = json.Unmarshal(data, &value)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return value, ErrNone
	case err != nil:
		return value, ErrUnavailable.Because(err)
	}
	return value, nil
}

func write(path string, value any) error {
	data, err := json.Marshal(value)
	if err == nil {
		err = durable.Write(path, data, true)
	}
	if err != nil && !errors.Is(err, durable.ErrNotFlushed) {
		return ErrUnavailable.Because(err)
	}
	return nil
}

func remove(path string) error {
	switch err := durable.Remove(path); {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNone
	case err != nil:
		return ErrUnavailable.Because(err)
	}
	return nil
}

// all reads all files of a kind. One that another program has just removed is passed over.
func all[T any](s *Files, kind string) (values []T, err error) {
	entries, err := os.ReadDir(filepath.Join(s.folder, kind))
	if err != nil {
		return nil, ErrUnavailable.Because(err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ending) {
			continue
		}
		value, err := read[T](filepath.Join(s.folder, kind, entry.Name()))
		switch {
		case errors.Is(err, ErrNone):
		case err != nil:
			return nil, err
		default:
			values = append(values, value)
		}
	}
	return values, nil
}

func (s *Files) profilePath(name string) string { return s.path(profilesName, Digest(name)) }

// Profiles implements Store.
func (s *Files) Profiles(context.Context) ([]Profile, error) {
	profiles, err := all[Profile](s, profilesName)
	slices.SortFunc(profiles, func(a, b Profile) int { return strings.Compare(a.Name, b.Name) })
	return profiles, err
}

// AddProfile implements Store.
func (s *Files) AddProfile(ctx context.Context, p Profile) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := read[Profile](s.profilePath(p.Name)); !errors.Is(err, ErrNone) {
		return cmp.Or(err, error(ErrProfileExists))
	}
	return write(s.profilePath(p.Name), p)
}

// RemoveProfile implements Store.
func (s *Files) RemoveProfile(_ context.Context, name string) error {
	return remove(s.profilePath(name))
}

// bound is to which destination a secret belongs.
type bound struct {
	Secret      string `json:"secret"` // its name
	Destination string `json:"destination"`
}

func (s *Files) boundPath(name string) string { return s.path(boundName, Digest(name)) }

// BindSecret implements Store.
func (s *Files) BindSecret(ctx context.Context, name, destination string) (string, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	stored, err := read[bound](s.boundPath(name))
	if errors.Is(err, ErrNone) {
		stored = bound{name, destination}
		err = write(s.boundPath(name), stored)
	}
	if err != nil {
		return "", err
	}
	return stored.Destination, nil
}

// UnbindSecret implements Store.
func (s *Files) UnbindSecret(_ context.Context, name string) error {
	return remove(s.boundPath(name))
}

// maxVisits is how many keys of a kind are counted at most: more would fill the memory.
const maxVisits = 50_000

// Count implements Store. When as many keys of a kind are counted as may, another one is
// forgotten for each that is new.
func (s *Files) Count(_ context.Context, l Limit, key string, count int, now time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	visits := s.visits[l.Kind]
	if visits == nil {
		visits = map[string]visit{}
		s.visits[l.Kind] = visits
	}
	v, known := visits[key]
	if ends := l.Ends(now); !v.ends.Equal(ends) {
		v = visit{ends: ends}
	}
	if v.count = max(0, v.count+count); v.count > l.Most {
		return false, nil
	}
	if !known && len(visits) >= maxVisits {
		forget(visits, now)
	}
	visits[key] = v
	return true, nil
}

// forget removes visits: of a few, those whose window has ended, and at least one.
func forget(visits map[string]visit, now time.Time) {
	looked, last := 0, ""
	for key, v := range visits {
		if last = key; !now.Before(v.ends) {
			delete(visits, key)
		}
		if looked++; looked == 8 {
			break
		}
	}
	if len(visits) >= maxVisits {
		delete(visits, last)
	}
}

// Note implements Store.
func (s *Files) Note(ctx context.Context, a Action) error {
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	line, err := json.Marshal(a)
	if err == nil {
		err = durable.Extend(filepath.Join(s.folder, actionsName), func(io.ReaderAt, int64) ([]byte, error) { return append(line, '\n'), nil })
	}
	if err != nil {
		return ErrUnavailable.Because(err)
	}
	return nil
}

// Actions implements Store. A line that was cut by a crash is passed over.
func (s *Files) Actions(_ context.Context, q ActionQuery) (page ActionPage, err error) {
	file, err := os.Open(filepath.Join(s.folder, actionsName))
	if errors.Is(err, fs.ErrNotExist) {
		return page, nil
	}
	if err != nil {
		return page, ErrUnavailable.Because(err)
	}
	defer file.Close()
	type numbered struct {
		Action
		number int64 // of the line
	}
	var latest []numbered
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxFile)
	for n := int64(1); lines.Scan() && (q.Before <= 0 || n < q.Before); n++ {
		var a Action
		if json.Unmarshal(bytes.TrimSpace(lines.Bytes()), &a) != nil || slices.Contains(q.Without, a.What) {
			continue
		}
		if latest = append(latest, numbered{a, n}); len(latest) > 2*(q.Most+1) {
			latest = slices.Clone(latest[len(latest)-q.Most-1:])
		}
	}
	for i, a := range slices.Backward(latest) {
		if page.Actions = append(page.Actions, a.Action); len(page.Actions) == q.Most {
			if i > 0 {
				page.Older = a.number
			}
			break
		}
	}
	return page, nil
}

// Ready implements Store.
func (s *Files) Ready(context.Context) error {
	if info, err := os.Stat(filepath.Join(s.folder, waitingName)); err != nil || !info.IsDir() {
		return ErrUnavailable.Because(err)
	}
	return nil
}

// Close implements Store.
func (s *Files) Close() error { return nil }
