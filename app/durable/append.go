package durable

import (
	"errors"
	"io"
	"os"

	"handback/app/fault"
)

// Append adds lines to the end of a regular file, in one write. If the file's last line
// is not complete, it ends that first. A missing file is created, readable by its owner
// alone. Append never follows a link, which could make an administrator's uninstaller
// write into another file, and never waits for a pipe's reader.
func Append(path string, data []byte) error {
	defer begin(path)()
	return appendTo(path, len(data), func(file *os.File, size int64) error {
		if cutOff(file, size) {
			data = append([]byte("\n"), data...)
		}
		return call("append", func() error { _, err := file.Write(data); return err })
	})
}

// Extend is like [Append], but appends what next returns, which may read the file as it is,
// of size bytes. It synchronizes the file.
func Extend(path string, next func(file io.ReaderAt, size int64) ([]byte, error)) error {
	defer begin(path)()
	return appendTo(path, 0, func(file *os.File, size int64) error {
		data, err := next(file, size)
		if err != nil || len(data) == 0 {
			return err
		}
		if err := call("append", func() error { _, err := file.Write(data); return err }); err != nil {
			return failed(path, len(data), err)
		}
		if err := call("sync", file.Sync); !unsupported(err) {
			return err
		}
		return nil
	})
}

// appendTo opens a regular file for appending and calls add. Needed is how many bytes the
// error names.
func appendTo(path string, needed int, add func(file *os.File, size int64) error) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return ErrNotRegular.With("path", path)
	}
	file, err := openAppend(path) // refuses a link that has replaced the file since
	if err != nil {
		return failed(path, needed, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		return ErrNotRegular.With("path", path)
	}
	if err == nil {
		err = add(file, info.Size())
	}
	if _, ours := errors.AsType[*fault.Fault](err); err == nil || ours {
		return err
	}
	return failed(path, needed, err)
}

// cutOff reports whether the last line of a file is incomplete. It reports false if the
// file cannot be read.
func cutOff(file *os.File, size int64) bool {
	last := []byte{0}
	n, _ := file.ReadAt(last, max(0, size-1))
	return n == 1 && last[0] != '\n'
}
