//go:build unix

package durable

import (
	"errors"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// unblocked opens a file for [os.File] as it is: for a regular file and a folder it means
// nothing, but spares finding out.
const unblocked = unix.O_NONBLOCK

// lock marks a new file as being written by this program. The mark ends with the program,
// however that ends. Without locks in the file system there is no mark. ok is false if
// another program swept the file away before it was marked.
func lock(root *os.Root, name string, written *os.File) (unlock func(), ok bool) {
	file, err := root.OpenFile(name, os.O_RDONLY|unblocked, 0) // separate, because the writer's is closed before the file is published
	if err != nil {
		return nil, false
	}
	unlock = func() { _ = file.Close() }
	if unix.Flock(int(file.Fd()), unix.LOCK_EX) != nil { // waits for a program that is sweeping
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

// removeAbandoned removes a temporary file that no program is writing any more, while
// holding its lock. If locks do not work, it leaves the file.
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

// refusals are the errors for what a file system does not support.
var refusals = []error{unix.EINVAL, unix.ENOTSUP, unix.EOPNOTSUPP, unix.ENOSYS, unix.EPERM, unix.EACCES, unix.ENOTTY}

// unsupported reports whether err says that the file system does not support an
// operation, so that another way may work.
func unsupported(err error) bool {
	return slices.ContainsFunc(refusals, func(refusal error) bool { return errors.Is(err, refusal) })
}

// Exposed reports whether others can read a file: on a stick, files may have no owners.
func Exposed(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o077 != 0
}
