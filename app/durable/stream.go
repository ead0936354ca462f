package durable

import (
	"bufio"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Stream is a file that is written piece by piece, and appears whole or not at all. Close
// it in any case.
type Stream struct {
	path    string
	replace bool
	root    *os.Root
	made    *newFile
	file    *os.File
	buffer  *bufio.Writer
}

// NewStream begins a file under the rules of [Write].
func NewStream(path string, replace bool) (*Stream, error) {
	folder, name := filepath.Split(path)
	if err := checkName(name); err != nil {
		return nil, err
	}
	root, err := openFolder(folder)
	if err != nil {
		return nil, err
	}
	s := &Stream{path: path, replace: replace, root: root}
	if err := checkTarget(root, path, replace); err != nil {
		s.Close()
		return nil, err
	}
	if sweepDue(folder) {
		sweep(root)
	}
	temporary := prefix + rand.Text() + suffix
	if err := call("create", func() (err error) {
		s.file, err = root.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		return err
	}); err != nil {
		s.Close()
		return nil, failed(path, 0, err)
	}
	unlock, ok := lock(root, temporary, s.file)
	if !ok {
		s.Close()
		return nil, failed(path, 0, errSwept)
	}
	s.made, s.buffer = &newFile{root: root, name: temporary, unlock: unlock}, bufio.NewWriter(s.file)
	return s, nil
}

// Write adds to the file. An error comes at the latest from Commit.
func (s *Stream) Write(data []byte) (int, error) { return s.buffer.Write(data) }

// Commit makes the file appear under its name. It fails as [Write] does.
func (s *Stream) Commit() error {
	defer begin(s.path)()
	err := call("write", s.buffer.Flush)
	if err == nil {
		err = call("sync", s.file.Sync)
	}
	if unsupported(err) {
		err = nil
	}
	err = errors.Join(err, s.file.Close())
	if err == nil {
		err = s.made.named(filepath.Base(s.path), s.replace)
	}
	if errors.Is(err, fs.ErrExist) {
		return exists(s.path)
	}
	if err != nil {
		return failed(s.path, 0, err)
	}
	if err = syncFolder(s.root); err != nil {
		return ErrNotFlushed.With("path", s.path).Because(err)
	}
	return nil
}

// Close removes what was written, if it was not committed.
func (s *Stream) Close() {
	if s.file != nil {
		_ = s.file.Close() // closed already after Commit
	}
	if s.made != nil {
		s.made.remove()
	}
	_ = s.root.Close()
}
