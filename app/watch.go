package app

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"handback/app/durable"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// Sorted is where a watched folder's file goes.
type Sorted string

// The folders, in the watched one. A file that waits stays where it is: parts are missing,
// or the License API could not be reached.
const (
	WaitingFile Sorted = ""
	DoneFile    Sorted = "done"   // all of its requests are released
	AsksFile    Sorted = "asks"   // somebody has to decide or to answer
	FailedFile  Sorted = "failed" // refused, or no request
)

// pace says how often a folder is looked at.
type pace struct {
	every  time.Duration // network folders send no notice of changes
	settle time.Duration // a file that has not changed for so long is complete
	retry  time.Duration // before what could not be sent is tried again
}

var watchPace = pace{5 * time.Second, 2 * time.Second, time.Minute}

// Watched is one request from a watched folder.
type Watched struct {
	Row
	File string // its path now
	To   Sorted
}

// Watch submits the requests in files that are put into a folder, until the context ends,
// and moves each file, once it is complete, to a folder in it that says what became of it:
// done, asks or failed. Beside it lie the receipts, and a text that says what happened. It
// calls said once for each request, and again if its state changes. What a killed program
// left in the folder is taken up again; nothing is sent twice. Watch returns nil soon after
// the context ends; the outcome of a request that is then on its way is unknown.
func (b *Batch) Watch(ctx context.Context, folder string, said func(Watched)) error {
	return b.watch(ctx, folder, watchPace, said)
}

func (b *Batch) watch(ctx context.Context, folder string, p pace, said func(Watched)) error {
	for _, to := range []Sorted{DoneFile, AsksFile, FailedFile} {
		if err := durable.Folder(filepath.Join(folder, string(to))); err != nil {
			return err
		}
	}
	w := &watch{pace: p, batch: b, folder: folder, said: said, seen: map[string]sight{}, told: map[string]string{}}
	var notices chan fsnotify.Event // nil: there are none, and the folder is looked at all the same
	if watcher, err := fsnotify.NewWatcher(); err == nil {
		defer watcher.Close()
		if watcher.Add(folder) == nil {
			notices = watcher.Events
		}
		go func() {
			for range watcher.Errors { // until it is closed
			}
		}()
	}
	for {
		wait, err := w.look(ctx)
		if err != nil {
			return err
		}
		timer := time.NewTimer(wait)
		for noticed := false; ctx.Err() == nil; {
			select {
			case <-ctx.Done():
			case <-notices:
				if !noticed { // a file that is being written gives many
					noticed = true
					timer.Reset(min(wait, p.settle/4))
				}
				continue
			case <-timer.C:
			}
			break
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil
		}
	}
}

type watch struct {
	pace
	batch  *Batch
	folder string
	said   func(Watched)
	seen   map[string]sight  // files in the folder, by name
	told   map[string]string // what was said of requests that wait, by file and request
	tried  time.Time         // the last run over files that wait
}

// sight is what a file was like when it was last changed.
type sight struct {
	size    int64
	changed time.Time // on the file
	since   time.Time // when it was first seen like this
	waits   bool      // it was read, and stays
}

// look reads the complete files in the folder, and returns how long to wait before the next
// look.
func (w *watch) look(ctx context.Context) (wait time.Duration, err error) {
	names, err := w.complete()
	if err != nil || len(names) == 0 || ctx.Err() != nil {
		return w.wait(), err
	}
	w.tried = time.Now()
	var inputs []Input
	for _, name := range names {
		inputs = append(inputs, Input{Name: filepath.Join(w.folder, name), apart: true})
	}
	var rows []Row
	err = w.batch.Run(ctx, Run{Inputs: slices.Values(inputs), Send: true, Done: func(r Row) { rows = append(rows, r) }})
	if ctx.Err() != nil {
		return 0, nil // some were not read to their end: the next start takes all of them up
	}
	if err != nil {
		return 0, err
	}
	for _, input := range inputs {
		if err := w.sort(input.Name, rows); err != nil {
			return 0, err
		}
	}
	return w.wait(), nil
}

// wait returns the time until the next look: short while a file is being written.
func (w *watch) wait() time.Duration {
	for _, s := range w.seen {
		if !s.waits {
			return w.settle / 2
		}
	}
	return w.every
}

// complete returns the names of the files that are complete, and that are new or have
// waited long enough, of a group at most: the new ones first. If there is a new one, those
// that wait come along: they may be parts of one request.
func (w *watch) complete() (names []string, err error) {
	entries, err := os.ReadDir(w.folder)
	if err != nil {
		return nil, unreadable(w.folder, err)
	}
	now, seen := time.Now(), map[string]sight{}
	var waiting []string
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !entry.Type().IsRegular() || isSystemFile(entry) || unfinished(entry.Name()) {
			continue
		}
		s, ok := w.seen[entry.Name()]
		if !ok || s.size != info.Size() || !s.changed.Equal(info.ModTime()) {
			s = sight{size: info.Size(), changed: info.ModTime(), since: now}
		}
		seen[entry.Name()] = s
		switch {
		case now.Sub(s.since) < w.settle:
		case s.waits:
			waiting = append(waiting, entry.Name())
		default:
			names = append(names, entry.Name())
		}
	}
	w.seen = seen
	if len(names) == 0 && now.Sub(w.tried) < w.retry {
		return nil, nil
	}
	names = append(names, waiting...)
	return names[:min(len(names), group)], nil
}

// unfinished reports whether programs give such names to files that they are writing.
func unfinished(name string) bool {
	ending := strings.ToLower(filepath.Ext(name))
	return slices.Contains([]string{".part", ".partial", ".crdownload", ".tmp", ".filepart", ".download"}, ending) || strings.HasSuffix(name, "~")
}

// sort moves a file to where its requests belong, and says what became of them.
func (w *watch) sort(path string, rows []Row) error {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return !r.from(path) })
	if len(rows) == 0 { // an archive of receipts
		rows = []Row{{Inspection: Inspection{Sources: []string{path}, Err: errIsReceipt}, Why: errIsReceipt}}
	}
	to := DoneFile
	for _, r := range rows {
		to = worse(to, r.sorted())
	}
	name := filepath.Base(path)
	if to == WaitingFile {
		s := w.seen[name]
		s.waits = true
		w.seen[name] = s
	} else {
		folder := filepath.Join(w.folder, string(to))
		if err := w.file(path, filepath.Join(folder, name), rows); err != nil {
			return err
		}
		delete(w.seen, name)
	}
	for _, r := range rows {
		now := path
		if to != WaitingFile {
			now = filepath.Join(w.folder, string(to), name)
		}
		key, state := path+"\n"+r.identityShown(), string(to)+string(r.Result().Outcome)
		if w.told[key] != state {
			w.said(Watched{r, now, to})
			w.told[key] = state
		}
		if to != WaitingFile {
			delete(w.told, key)
		}
	}
	return nil
}

// identityShown tells the rows of one file apart.
func (r Row) identityShown() string {
	if r.Request == nil {
		return ""
	}
	return r.Request.CheckCode()
}

// from reports whether the row came from a file, or from an archive in its place.
func (r Row) from(path string) bool {
	return slices.ContainsFunc(r.Sources, func(source string) bool {
		return source == path || strings.HasPrefix(source, filepath.ToSlash(path)+"/")
	})
}

// sorted returns where a file with this row alone goes.
func (r Row) sorted() Sorted {
	s := r.Result()
	switch kind := s.Kind(); {
	case s.Outcome == request.Released:
		return DoneFile
	case slices.Contains(r.Needs, NeedPart), kind == fault.Connection, s.Outcome == request.Cancelled:
		return WaitingFile
	case kind == fault.Unknown, kind == fault.Secret, len(r.Needs) > 0, r.Request != nil && r.App == nil:
		return AsksFile
	}
	return FailedFile
}

// worse returns which of two folders is for a file that has requests of both.
func worse(a, b Sorted) Sorted {
	order := []Sorted{DoneFile, FailedFile, AsksFile, WaitingFile}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// file writes the receipts of rows and what happened beside the new place of a file, and
// then moves it there.
func (w *watch) file(path, to string, rows []Row) error {
	a := w.batch.App()
	var text strings.Builder
	for _, r := range rows {
		s := r.Result()
		text.WriteString(s.Sentences(a.Words) + "\n")
		if _, err := s.Record.MakeReceipt(); err != nil {
			continue // there was no answer
		}
		if _, err := a.SaveReceipt(s.Record, filepath.Dir(to)); err != nil {
			text.WriteString(words.Sentence(fault.Explain(err, a.Words).Message) + "\n")
		}
	}
	for n := 1; ; n++ {
		free := another(to, n)
		if IsThere(free) {
			continue
		}
		err := durable.Write(free+".txt", []byte(text.String()), false) // before the file: a killed program leaves no file without it
		if errors.Is(err, durable.ErrExists) {
			continue
		}
		if err == nil {
			err = durable.Move(path, free)
		}
		if errors.Is(err, fs.ErrNotExist) { // another program has it
			_ = durable.Remove(free + ".txt")
			return nil
		}
		return err
	}
}

// another returns the path for the n-th file of a name.
func another(path string, n int) string {
	if n == 1 {
		return path
	}
	ending := filepath.Ext(path)
	return strings.TrimSuffix(path, ending) + "-" + strconv.Itoa(n) + ending
}

// Sentences says what became of a request, for people, in one line.
func (s Submission) Sentences(w *words.Words) string {
	message, advice := s.Explain(w)
	var parts []string
	if s.Request != nil {
		parts = append(parts, s.Request.CheckCode()+":", s.Headline(w))
	}
	for _, text := range []string{message, advice} {
		if text != "" {
			parts = append(parts, words.Sentence(text))
		}
	}
	return cmp.Or(strings.Join(parts, " "), "-")
}
