//go:build unix

package durable

import (
	"errors"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// lock marks a new file as one that a program is writing. It lets go of it with the
// program, however that ends. Where the file system has no locks there is none. It is
// false where another program has swept the file away before it was marked.
func lock(root *os.Root, name string, written *os.File) (unlock func(), ok bool) {
	file, err := root.Open(name) // of its own: the writer's ends before the file is published
	if err != nil {
		return nil, false
	}
	unlock = func() { _ = file.Close() }
	if unix.Flock(int(file.Fd()), unix.LOCK_EX) != nil { // waits for one that is just sweeping
		return unlock, true
	}
	there, err := root.Lstat(name)
	ours, statErr := written.Stat()
	if err != nil || statErr != nil || !os.SameFile(there, ours) {
		unlock()
		return nil, false
	}
	return unlock, true
}

// removeAbandoned removes a temporary file that nobody writes any more, while it
// holds the lock. Where that cannot be told, somebody may.
func removeAbandoned(root *os.Root, name string) {
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	file, err := root.Open(name)
	if err != nil {
		return
	}
	defer file.Close()
	if unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
		_ = remove(root, name)
	}
}

func remove(root *os.Root, name string) error { return root.Remove(name) }

func link(root *os.Root, from, to string) error { return root.Link(from, to) }

func rename(root *os.Root, from, to string, replace bool) error {
	if replace {
		return root.Rename(from, to)
	}
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	defer folder.Close()
	return renameNew(int(folder.Fd()), from, to)
}

// refusals are what file systems answer to what they cannot do.
var refusals = []error{unix.EINVAL, unix.ENOTSUP, unix.EOPNOTSUPP, unix.ENOSYS, unix.EPERM, unix.EACCES, unix.ENOTTY}

// unsupported tells whether a file system cannot do what it was asked, so that
// there may be another way.
func unsupported(err error) bool {
	return slices.ContainsFunc(refusals, func(refusal error) bool { return errors.Is(err, refusal) })
}

// Exposed tells whether others can read a file: a stick may not know owners.
func Exposed(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o077 != 0
}
