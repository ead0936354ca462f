package durable

import (
	"io"
	"io/fs"
	"os"
	"syscall"

	"handback/app/fault"
)

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
