//go:build unix

package durable

import (
	"errors"
	"math"

	"golang.org/x/sys/unix"
)

// readQuickly reads a regular file of at most limit bytes with four system calls. It reports
// false if that fails or may take longer, as with a file of the system that says to be
// empty; [Read] then reads the file, or says why not.
func readQuickly(path string, limit int64) (data []byte, ok bool) {
	fd, err := again(func() (int, error) { return unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0) })
	if err != nil {
		return nil, false
	}
	defer func() { _ = unix.Close(fd) }() // nothing was written
	var info unix.Stat_t
	if unix.Fstat(fd, &info) != nil || info.Mode&unix.S_IFMT != unix.S_IFREG || info.Size == 0 || info.Size > min(limit, math.MaxInt32) {
		return nil, false
	}
	data = make([]byte, info.Size+1) // one more, which shows that the file has grown
	n := 0
	for n < int(info.Size) {
		more, err := again(func() (int, error) { return unix.Read(fd, data[n:]) })
		if err != nil || more == 0 {
			return nil, false
		}
		n += more
	}
	return data[:n:n], n == int(info.Size)
}

// again makes a system call again that a signal has interrupted.
func again(call func() (int, error)) (n int, err error) {
	for n, err = call(); errors.Is(err, unix.EINTR); {
		n, err = call()
	}
	return n, err
}
