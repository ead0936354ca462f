// Package durable writes a file whole or not at all: to a temporary file in
// the same folder, synchronized, read back and compared, then published under
// its name without replacing anything that was not meant to be replaced.
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
	"syscall"
	"unicode"

	"handback/app/fault"
)

// Errors that a caller decides on. All are of kind Write.
var (
	// ErrExists: there is a file of this name and replacing was not asked for.
	ErrExists = fault.New(fault.Write, "durable.exists")
	// ErrNotRegular: a link, also a dangling one, a folder or a device; never
	// replaced.
	ErrNotRegular = fault.New(fault.Write, "durable.not_regular")
	// ErrName: a name that some system reserves, or that is none.
	ErrName = fault.New(fault.Write, "durable.name")
)

// maxName is the longest file name, in bytes, that every system takes.
const maxName = 255

// Check tells, without writing, whether Write would refuse the target.
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

// Write writes the file whole or leaves nothing. With replace it takes the
// place of a regular file, atomically; without, it refuses an existing one.
// The file is readable by its owner alone.
func Write(path string, data []byte, replace bool) error {
	folder, name := filepath.Split(path)
	if err := checkName(name); err != nil {
		return err
	}
	root, err := openFolder(folder) // whatever the folder's path becomes meanwhile, this is the folder
	if err != nil {
		return err
	}
	defer root.Close()
	if err := checkTarget(root, path, replace); err != nil {
		return err
	}
	temporary := ".handback-" + rand.Text() + ".tmp"
	if err := create(root, temporary, data); err != nil {
		return failed(path, len(data), err)
	}
	defer root.Remove(temporary)
	if err := publish(root, temporary, name, data, replace); errors.Is(err, fs.ErrExist) {
		return exists(path)
	} else if err != nil {
		return failed(path, len(data), err)
	}
	syncFolder(root)
	return nil
}

// create writes a new file, synchronizes it and reads it back.
func create(root *os.Root, name string, data []byte) (err error) {
	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = root.Remove(name)
		}
	}()
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	written, err := root.ReadFile(name)
	if err == nil && !bytes.Equal(written, data) {
		err = errors.New("what was read back is not what was written")
	}
	return err
}

// publish gives the temporary file its name. A hard link refuses an existing
// name; where the file system has none (FAT, exFAT) the file is created anew,
// exclusively, which is not atomic but overwrites nothing either.
func publish(root *os.Root, temporary, name string, data []byte, replace bool) error {
	if replace {
		return root.Rename(temporary, name)
	}
	err := root.Link(temporary, name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return create(root, name, data)
}

// syncFolder makes the new name durable. Some file systems refuse to
// synchronize a folder; the file itself is safe by then.
func syncFolder(root *os.Root) {
	if folder, err := root.Open("."); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}

func openFolder(folder string) (*os.Root, error) {
	if folder == "" {
		folder = "."
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fault.New(fault.Write, "durable.folder", "folder", filepath.Clean(folder)).Because(err)
	}
	return root, nil
}

func checkTarget(root *os.Root, path string, replace bool) error {
	info, err := root.Lstat(filepath.Base(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fault.New(fault.Write, "durable.failed", "path", path, "bytes", 0).Because(err)
	case !info.Mode().IsRegular():
		return fault.New(fault.Write, ErrNotRegular.Key, "path", path)
	case !replace:
		return exists(path)
	}
	return nil
}

// reserved are the names of devices on Windows, refused on every system: the
// file may be carried there on a stick.
var reserved = "CON PRN AUX NUL COM0 COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 " +
	"LPT0 LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9 CONIN$ CONOUT$"

func checkName(name string) error {
	stem, _, _ := strings.Cut(name, ".")
	bad := name == "" || name == "." || name == ".." || len(name) > maxName ||
		strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsAny(name, `<>:"|?*\/`) ||
		strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ")
	for _, device := range strings.Fields(reserved) {
		bad = bad || strings.EqualFold(strings.TrimSpace(stem), device)
	}
	if bad {
		return fault.New(fault.Write, ErrName.Key, "name", name)
	}
	return nil
}

func exists(path string) error { return fault.New(fault.Write, ErrExists.Key, "path", path) }

func failed(path string, bytes int, err error) error {
	return fault.New(fault.Write, "durable.failed", "path", path, "bytes", bytes).Because(err)
}

// ErrFileTooLarge: a file has more bytes than its reader takes.
var ErrFileTooLarge = fault.New(fault.Input, "durable.too_large")

// Read reads a regular file, or a link to one, of at most limit bytes. What is
// larger, or no regular file, is refused before it is read: a pipe could make
// it wait for ever, and a device never end.
func Read(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if err := checkSource(path, info, limit); err != nil {
		return nil, err
	}
	// A pipe that took the file's place in between must not block.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer file.Close()
	if info, err = file.Stat(); err != nil {
		return nil, unreadable(path, err)
	}
	if err := checkSource(path, info, limit); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(file, limit+1)) // it may still grow
	if err != nil {
		return nil, unreadable(path, err)
	}
	if int64(len(data)) > limit {
		return nil, tooLarge(path, limit)
	}
	return data, nil
}

func checkSource(path string, info fs.FileInfo, limit int64) error {
	if !info.Mode().IsRegular() {
		return fault.New(fault.Input, "durable.not_a_file", "path", path)
	}
	if info.Size() > limit {
		return tooLarge(path, limit)
	}
	return nil
}

func unreadable(path string, err error) error {
	return fault.New(fault.Input, "durable.unreadable", "path", path).Because(err)
}

func tooLarge(path string, limit int64) error {
	return fault.New(fault.Input, ErrFileTooLarge.Key, "path", path, "limit", limit)
}
