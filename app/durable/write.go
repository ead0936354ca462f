package durable

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"handback/app/fault"
)

// Errors to compare with errors.Is. All are faults of kind fault.Write.
var (
	// ErrExists means that the file exists, and was not to be replaced.
	ErrExists = fault.New(fault.Write, "durable.exists")
	// ErrNotRegular means that the target is a link, even a dangling one, a folder or
	// a device, which are never replaced.
	ErrNotRegular = fault.New(fault.Write, "durable.not_regular")
	// ErrNotFlushed means that the file is complete, but that its name may not be on the
	// medium yet: after a power cut it may be gone.
	ErrNotFlushed = fault.New(fault.Write, "durable.unsettled")
)

// Check returns the error with which [Write] would refuse the target. It writes nothing.
func Check(path string, replace bool) error {
	folder, name := filepath.Split(path)
	if err := checkName(name); err != nil {
		return err
	}
	root, err := openFolder(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	return checkTarget(root, path, replace)
}

// Write writes a file completely or leaves nothing, except with [ErrNotFlushed]. With
// replace it atomically replaces a regular file; without, it refuses an existing one.
// Only the owner can read the file, if the medium has owners. Once a minute,
// Write also removes temporary files that killed programs left in the folder.
func Write(path string, data []byte, replace bool) error {
	folder, name := filepath.Split(path)
	if err := checkName(name); err != nil {
		return err
	}
	root, err := openFolder(folder) // the same folder, even if its path changes meanwhile
	if err != nil {
		return err
	}
	defer root.Close()
	if err := checkTarget(root, path, replace); err != nil {
		return err
	}
	defer begin(path)()
	if sweepDue(folder) {
		sweep(root)
	}
	temporary, err := createTemporary(root, data)
	if err != nil {
		return failed(path, len(data), err)
	}
	defer temporary.remove()
	err = temporary.publish(name, data, replace)
	switch {
	case errors.Is(err, fs.ErrExist):
		return exists(path)
	case err != nil:
		return failed(path, len(data), err)
	}
	err = syncFolder(root)
	switch {
	case err == nil:
		return nil
	case !replace && call("take back", func() error { return remove(root, name) }) == nil:
		return failed(path, len(data), err)
	}
	return ErrNotFlushed.With("path", path).Because(err)
}

// newFile is a file that this program has created.
type newFile struct {
	root    *os.Root
	name    string
	unlock  func() // from then on others may remove it as abandoned
	renamed bool   // nothing is left under its name
}

func (f *newFile) remove() {
	defer f.unlock()
	if f.renamed {
		return
	}
	_ = call("remove", func() error { return remove(f.root, f.name) }) // ignored: the next Write removes it
}

// errSwept means that another program removed a new file as abandoned before it was
// locked.
var errSwept = fault.New(fault.Write, "reason.swept")

// createTemporary calls create with a unique name.
func createTemporary(root *os.Root, data []byte) (made *newFile, err error) {
	for range 100 { // a busy computer may be slow to lock the file
		if made, err = create(root, prefix+rand.Text()+suffix, data); !errors.Is(err, errSwept) {
			break
		}
	}
	return made, err
}

// create creates a file, writes and synchronizes it, and reads it back.
func create(root *os.Root, name string, data []byte) (_ *newFile, err error) {
	var file *os.File
	if err := call("create", func() (err error) {
		file, err = root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR|unblocked, 0o600)
		return err
	}); err != nil {
		return nil, err
	}
	unlock, ok := lock(root, name, file)
	if !ok {
		_ = file.Close()
		return nil, errSwept
	}
	made := &newFile{root: root, name: name, unlock: unlock}
	defer func() {
		if err != nil {
			made.remove()
		}
	}()
	err = call("write", func() error { _, err := file.Write(data); return err })
	if err == nil {
		err = call("sync", file.Sync)
	}
	if unsupported(err) {
		err = nil
	}
	closed := file.Close()
	if err = errors.Join(err, closed, call("close", func() error { return nil })); err != nil {
		return nil, err
	}
	return made, readBack(root, name, data)
}

// readBack compares a file with what was written to it.
func readBack(root *os.Root, name string, data []byte) error {
	var written []byte
	err := call("read back", func() error {
		file, err := root.OpenFile(name, os.O_RDONLY|unblocked, 0)
		if err != nil {
			return err
		}
		defer file.Close()
		written = make([]byte, len(data)+1) // one more than there may be
		n, err := io.ReadFull(file, written)
		written = written[:n]
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			err = nil
		}
		return err
	})
	if err == nil && !bytes.Equal(written, data) {
		err = fault.New(fault.Write, "reason.read_back")
	}
	return err
}

// publish gives the file its name. Without replace, a hard link refuses an existing name,
// and so does a rename that must not replace. If the file system supports neither,
// publish creates the file again, exclusively: that is not atomic, but overwrites nothing
// either.
func (f *newFile) publish(name string, data []byte, replace bool) error {
	err := f.named(name, replace)
	if err == nil || replace || errors.Is(err, fs.ErrExist) || !unsupported(err) {
		return err
	}
	made, err := create(f.root, name, data)
	if err == nil {
		made.unlock()
	}
	return err
}

// named gives the file its name, if the file system can do that at once.
func (f *newFile) named(name string, replace bool) error {
	if replace {
		err := call("replace", func() error { return rename(f.root, f.name, name, true) })
		f.renamed = err == nil
		return err
	}
	err := call("link", func() error { return link(f.root, f.name, name) })
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	err = call("rename", func() error { return rename(f.root, f.name, name, false) })
	f.renamed = err == nil
	return err
}

// syncFolder makes a new name durable. Some file systems, and Windows, do not synchronize
// folders; the file itself is on the medium by then. Goroutines that wait for the same
// folder are served together: one synchronization begins after all their names were given.
func syncFolder(root *os.Root) error {
	found, _ := folderSyncs.LoadOrStore(root.Name(), &folderSync{})
	s := found.(*folderSync)
	here, err := root.Stat(".")
	if err != nil {
		return syncOnce(root)
	}
	s.mu.Lock()
	if s.next == nil || !os.SameFile(s.next.folder, here) { // another folder has its path now
		s.next = &syncGroup{folder: here}
	}
	mine := s.next
	s.mu.Unlock()

	s.running.Lock()
	defer s.running.Unlock()
	if mine.done {
		return mine.err
	}
	s.mu.Lock()
	if s.next == mine {
		s.next = nil
	}
	s.mu.Unlock()
	mine.done, mine.err = true, syncOnce(root)
	return mine.err
}

// folderSyncs has a folderSync for each path of a folder.
var folderSyncs sync.Map

// folderSync synchronizes a folder for several goroutines at a time.
type folderSync struct {
	mu      sync.Mutex
	next    *syncGroup // which nobody serves yet, or nil
	running sync.Mutex // held by the goroutine that synchronizes
}

// syncGroup is who waits for the same synchronization.
type syncGroup struct {
	folder fs.FileInfo
	done   bool // guarded by running
	err    error
}

func syncOnce(root *os.Root) error {
	err := call("sync folder", func() error {
		folder, err := root.OpenFile(".", os.O_RDONLY|unblocked, 0)
		if err != nil {
			return nil // a folder that can be written but not read
		}
		defer folder.Close()
		return folder.Sync()
	})
	if unsupported(err) {
		return nil
	}
	return err
}

// The start and the end of a temporary file's name.
const (
	prefix = ".handback-"
	suffix = ".tmp"
)

// sweepEvery is how often Write sweeps a folder: one with a hundred thousand files takes
// longer to read than a file to write.
const sweepEvery = time.Minute

var lastSweeps sync.Map // when a folder was swept last, by its path

func sweepDue(folder string) bool {
	last, ok := lastSweeps.Load(folder)
	if ok && time.Since(last.(time.Time)) < sweepEvery {
		return false
	}
	lastSweeps.Store(folder, time.Now())
	return true
}

// sweep removes temporary files of programs that were killed. Those of running programs
// are locked.
func sweep(root *os.Root) {
	folder, err := root.Open(".")
	if err != nil {
		return
	}
	defer folder.Close()
	for {
		names, err := folder.Readdirnames(256)
		for _, name := range names {
			if strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
				removeAbandoned(root, name)
			}
		}
		if err != nil {
			return
		}
	}
}

// Sweep removes temporary files of killed programs from a folder.
func Sweep(folder string) {
	if root, err := os.OpenRoot(folder); err == nil {
		defer root.Close()
		sweep(root)
	}
}

// Folder creates a folder and its missing parents, for their owner alone.
func Folder(path string) error {
	if err := call("folder", func() error { return os.MkdirAll(path, 0o700) }); err != nil {
		return fault.New(fault.Write, "durable.folder", "folder", path).Because(err)
	}
	return nil
}

// Move renames a file into a folder that exists. It does not replace an existing file.
func Move(from, to string) error {
	root, err := openFolder(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer root.Close()
	if err := checkTarget(root, to, false); err != nil {
		return err
	}
	if err := call("move", func() error { return os.Rename(from, to) }); err != nil {
		return failed(to, 0, err)
	}
	return nil
}

// Remove removes a file.
func Remove(path string) error { return call("remove", func() error { return os.Remove(path) }) }

func openFolder(folder string) (*os.Root, error) {
	if folder == "" {
		folder = "."
	}
	var root *os.Root
	if err := call("open folder", func() (err error) {
		root, err = os.OpenRoot(folder)
		return err
	}); err != nil {
		return nil, fault.New(fault.Write, "durable.folder", "folder", filepath.Clean(folder)).Because(err)
	}
	return root, nil
}

func checkTarget(root *os.Root, path string, replace bool) error {
	var info fs.FileInfo
	err := call("look", func() (err error) {
		info, err = root.Lstat(filepath.Base(path))
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return failed(path, 0, err)
	case !info.Mode().IsRegular():
		return ErrNotRegular.With("path", path)
	case !replace:
		return exists(path)
	}
	return nil
}

func exists(path string) error { return ErrExists.With("path", path) }

func failed(path string, bytes int, err error) error {
	return fault.New(fault.Write, "durable.failed", "path", path, "bytes", bytes).Because(err)
}
