package durable

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"syscall"
	"time"

	"handback/app/fault"
)

// ErrFileTooLarge: a file has more bytes than its reader takes.
var ErrFileTooLarge = fault.New(fault.Input, "durable.too_large")

// patience is how long a file that has nothing to read yet is waited for: the
// system has some, such as /proc/kmsg, that only look like regular ones.
const patience = time.Second

// Read reads a regular file, or a link to one, of at most limit bytes. What is
// larger, or no regular file, is refused before it is read: a pipe could make
// it wait for ever, and a device never end.
func Read(path string, limit int64) ([]byte, error) {
	data, err := head(path, limit, limit+1) // it may still grow
	if err == nil && int64(len(data)) > limit {
		return nil, tooLarge(path, limit)
	}
	return data, err
}

// Head reads the beginning of a regular file of any size, at most so many bytes of it.
func Head(path string, most int64) ([]byte, error) { return head(path, math.MaxInt64, most) }

// head reads the beginning of a regular file that has at most limit bytes.
func head(path string, limit, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if err := checkSource(path, info, limit); err != nil {
		return nil, err
	}
	file, err := openSource(path)
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
	_ = file.SetReadDeadline(time.Now().Add(patience)) // regular files have none
	data := bytes.NewBuffer(make([]byte, 0, min(info.Size(), most)+bytes.MinRead))
	_, err = data.ReadFrom(io.LimitReader(file, most))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, notAFile(path)
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	return data.Bytes(), nil
}

// openSource opens a file to be read. A pipe that took its place in between does
// not block.
func openSource(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

func checkSource(path string, info fs.FileInfo, limit int64) error {
	if !info.Mode().IsRegular() {
		return notAFile(path)
	}
	if info.Size() > limit {
		return tooLarge(path, limit)
	}
	return nil
}

func notAFile(path string) error {
	return fault.New(fault.Input, "durable.not_a_file", "path", path)
}

func unreadable(path string, err error) error {
	return fault.New(fault.Input, "durable.unreadable", "path", path).Because(err)
}

func tooLarge(path string, limit int64) error {
	return fault.New(fault.Input, ErrFileTooLarge.Key, "path", path, "limit", limit)
}
