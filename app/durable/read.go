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

// ErrFileTooLarge means that a file is larger than its reader's limit.
var ErrFileTooLarge = fault.New(fault.Input, "durable.too_large")

// readTime is the time limit for reading a file that has no data yet. Some files of the
// system, such as /proc/kmsg, only look like regular ones.
const readTime = time.Second

// Read reads a regular file, or a link to one, of at most limit bytes. It refuses larger
// files and other kinds before it reads: reading a pipe might wait forever, and a device
// might never end.
func Read(path string, limit int64) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && checkSource(path, info, limit) == nil {
		if data, ok := readQuickly(path, limit); ok {
			return data, nil
		}
	} else if err != nil {
		return nil, unreadable(path, err)
	}
	data, err := head(path, limit, limit+1) // it may still grow
	if err == nil && int64(len(data)) > limit {
		return nil, tooLarge(path, limit)
	}
	return data, err
}

// ReadListed is like [Read], for a file that a folder's listing has as a regular one: it is
// not looked at again before it is opened, which saves time where there are thousands.
func ReadListed(path string, limit int64) ([]byte, error) {
	if data, ok := readQuickly(path, limit); ok {
		return data, nil
	}
	return Read(path, limit)
}

// Head reads at most the first most bytes of a regular file of any size.
func Head(path string, most int64) ([]byte, error) { return head(path, math.MaxInt64, most) }

// Open opens a regular file, or a link to one, of any size, and returns its size in bytes.
func Open(path string) (file *os.File, size int64, err error) { return open(path, math.MaxInt64) }

// open opens a regular file of at most limit bytes.
func open(path string, limit int64) (file *os.File, size int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, unreadable(path, err)
	}
	if err := checkSource(path, info, limit); err != nil {
		return nil, 0, err
	}
	if file, err = openSource(path); err != nil {
		return nil, 0, unreadable(path, err)
	}
	if info, err = file.Stat(); err != nil {
		err = unreadable(path, err)
	} else {
		err = checkSource(path, info, limit)
	}
	if err != nil {
		_ = file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// head reads at most the first most bytes of a regular file of at most limit bytes.
func head(path string, limit, most int64) ([]byte, error) {
	file, size, err := open(path, limit)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	_ = file.SetReadDeadline(time.Now().Add(readTime)) // fails for regular files, which have no deadline
	data := bytes.NewBuffer(make([]byte, 0, min(size, most)+bytes.MinRead))
	_, err = data.ReadFrom(io.LimitReader(file, most))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, notAFile(path)
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	return data.Bytes(), nil
}

// openSource opens a file for reading. If a pipe has replaced it in the meantime, it does
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
	return ErrFileTooLarge.With("path", path, "limit", limit)
}
