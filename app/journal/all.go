package journal

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
)

// Records returns all records, the one with the newest event first. The errors name those
// that could not be read; damaged ones are moved to another folder. [Journal.All] takes
// less memory.
func (j *Journal) Records() ([]Record, []error) {
	var all []Record
	var errs []error
	for r, err := range j.All() {
		if err != nil {
			errs = append(errs, err)
		}
		if r.Request != nil {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b Record) int { return b.Updated().Compare(a.Updated()) })
	return all, errs
}

// All returns the records one after another, the one that was written last first. It yields
// an error for each record that could not be read; damaged ones are moved to another
// folder. Of a hundred thousand records the first comes at once.
func (j *Journal) All() iter.Seq2[Record, error] {
	return Each(j, func(r Record) Record { return r })
}

// Readable is like [Journal.All], without the records that cannot be read.
func (j *Journal) Readable() iter.Seq[Record] { return readable(j.All()) }

func readable(all iter.Seq2[Record, error]) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for r, err := range all {
			if err == nil && r.Request != nil && !yield(r) {
				return
			}
		}
	}
}

// Each is like [Journal.All], but yields what do returns for each record that could be
// read. Several goroutines call do.
func Each[T any](j *Journal, do func(Record) T) iter.Seq2[T, error] { return EachAfter(j, "", do) }

// EachAfter is like [Each], but begins after the record with an ID, if there is one.
func EachAfter[T any](j *Journal, id string, do func(Record) T) iter.Seq2[T, error] {
	type done struct {
		value T
		err   error
	}
	if j.Store != nil {
		return eachStored(j.Store.All(id), j, do)
	}
	return func(yield func(T, error) bool) {
		names := j.names()
		for _, one := range parallel(names[slices.Index(names, id)+1:], func(name string) (one done, ok bool) {
			r, err := j.listed(name)
			if r.Request != nil {
				one.value = do(r)
			}
			one.err = err
			return one, r.Request != nil || err != nil
		}) {
			if !yield(one.value, one.err) {
				return
			}
		}
	}
}

// Stored returns the record with an ID. It fails with ErrNoRecord if there is none.
func (j *Journal) Stored(id string) (Record, error) {
	r, err := j.current(id)
	if err == nil && r.Request == nil {
		err = ErrNoRecord.With("name", id)
	}
	return r, err
}

// names returns the names of all records, the one that was written last first.
func (j *Journal) names() []string {
	var names []string
	j.mu.Lock()
	for name := range j.memory {
		names = append(names, name)
	}
	j.mu.Unlock()
	files := j.fileNames()
	if len(names) == 0 {
		return files
	}
	inMemory := map[string]bool{}
	for _, name := range names {
		inMemory[name] = true
	}
	return append(names, slices.DeleteFunc(files, func(name string) bool { return inMemory[name] })...)
}

// fileNames returns the names of the records that are files: first those that the audit
// chain does not have, by the time of their file, then the others by their last line.
func (j *Journal) fileNames() []string {
	lines := j.lastLines()
	type file struct {
		name string
		last int64 // its line, or the time of the file
	}
	chained, others := make([]file, 0, len(lines)), []file(nil)
	for entry := range entries(j.Folder) {
		name, ok := recordName(entry)
		if !ok {
			continue
		}
		if line, ok := lines[name]; ok {
			chained = append(chained, file{name, line})
		} else if info, err := entry.Info(); err == nil {
			others = append(others, file{name, info.ModTime().UnixNano()})
		}
	}
	names := make([]string, 0, len(others)+len(chained))
	for _, files := range [][]file{others, chained} {
		slices.SortFunc(files, func(a, b file) int {
			if a.last != b.last {
				return -cmp.Compare(a.last, b.last)
			}
			return strings.Compare(a.name, b.name)
		})
		for _, one := range files {
			names = append(names, one.name)
		}
	}
	return names
}

// recordName returns the name of a record's file without its ending.
func recordName(entry os.DirEntry) (name string, ok bool) {
	name, ok = strings.CutSuffix(entry.Name(), recordEnding)
	return name, ok && entry.Type().IsRegular()
}

// entries returns what is in a folder, without holding all of it. A missing folder is
// empty.
func entries(folder string) iter.Seq[os.DirEntry] {
	return func(yield func(os.DirEntry) bool) {
		if folder == "" {
			return
		}
		dir, err := os.Open(folder)
		if err != nil {
			return
		}
		defer dir.Close()
		for {
			some, err := dir.ReadDir(256)
			for _, entry := range some {
				if !yield(entry) {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}
}

// lastLines returns the number of each record's last line in the audit chain.
func (j *Journal) lastLines() map[string]int64 {
	lines := map[string]int64{}
	info, err := os.Lstat(j.auditPath())
	if j.Folder == "" || err != nil || !info.Mode().IsRegular() {
		return lines
	}
	file, err := os.Open(j.auditPath())
	if err != nil {
		return lines
	}
	defer file.Close()
	in, number := bufio.NewReaderSize(file, 256<<10), int64(0)
	for {
		line, err := in.ReadSlice('\n')
		number++
		if _, rest, ok := bytes.Cut(line, []byte{' '}); ok { // its number and time are not looked at
			if _, rest, ok = bytes.Cut(rest, []byte{' '}); ok {
				if name, _, ok := bytes.Cut(rest, []byte{' '}); ok && len(name) <= maxRecordName {
					lines[string(name)] = number
				}
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return lines
		}
	}
}

// parallel calls do for each key, for several at a time, and yields the results in the
// order of the keys, without those that are not ok.
func parallel[T any](keys []string, do func(string) (T, bool)) iter.Seq2[string, T] {
	const chunk = 16
	type result struct {
		values [chunk]T
		ok     [chunk]bool
	}
	return func(yield func(string, T) bool) {
		workers := 2 * runtime.GOMAXPROCS(0)
		pending := make(chan chan *result, workers)
		stop, starts := make(chan struct{}), slices.Collect(slices.Chunk(keys, chunk))
		defer close(stop)
		free := make(chan struct{}, runtime.GOMAXPROCS(0))
		go func() {
			defer close(pending)
			for _, some := range starts {
				done := make(chan *result, 1)
				select {
				case pending <- done:
				case <-stop:
					return
				}
				free <- struct{}{}
				go func() {
					defer func() { <-free }()
					r := &result{}
					for i, key := range some {
						r.values[i], r.ok[i] = do(key)
					}
					done <- r
				}()
			}
		}()
		n := 0
		for done := range pending {
			r := <-done
			for i := range min(chunk, len(keys)-n) {
				if r.ok[i] && !yield(keys[n+i], r.values[i]) {
					return
				}
			}
			n += chunk
		}
	}
}
