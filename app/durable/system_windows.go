package durable

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/windows"
)

// lock: Windows does not let a file be removed that is open without leave. The
// writer's handle ends before the file is published, so that this one has to stay.
func lock(*os.Root, string, *os.File) (unlock func(), ok bool) { return func() {}, true }

// abandonedAfter is how old a temporary file has to be before nobody can be
// writing it any more.
const abandonedAfter = time.Hour

func removeAbandoned(root *os.Root, name string) {
	info, err := root.Lstat(name)
	if err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > abandonedAfter {
		_ = remove(root, name)
	}
}

// remove goes by the folder's path, as rename does: Root.Remove asks for what Wine
// does not know.
func remove(root *os.Root, name string) error { return os.Remove(filepath.Join(root.Name(), name)) }

// link is not used on Windows: a rename that does not replace is at hand, and
// writes through.
func link(*os.Root, string, string) error { return windows.ERROR_NOT_SUPPORTED }

// How long, and how often, a rename is tried while a scanner or an indexer has the
// file open.
const (
	sharingTime  = time.Second
	sharingPause = 20 * time.Millisecond
)

// rename is MoveFileEx, which is done when it returns. It goes by the folder's
// path: Windows keeps a folder in its place while it is open.
func rename(root *os.Root, from, to string, replace bool) error {
	flags := uint32(windows.MOVEFILE_WRITE_THROUGH)
	if replace {
		flags |= windows.MOVEFILE_REPLACE_EXISTING
	}
	source, err := windows.UTF16PtrFromString(filepath.Join(root.Name(), from))
	if err != nil {
		return err
	}
	target, err := windows.UTF16PtrFromString(filepath.Join(root.Name(), to))
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(sharingTime); ; time.Sleep(sharingPause) {
		err = windows.MoveFileEx(source, target, flags)
		busy := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !busy || time.Now().After(deadline) {
			return err
		}
	}
}

// refusals are what file systems answer to what they cannot do.
var refusals = []error{windows.ERROR_NOT_SUPPORTED, windows.ERROR_INVALID_FUNCTION, windows.ERROR_ACCESS_DENIED, windows.ERROR_INVALID_HANDLE}

// unsupported tells whether a file system cannot do what it was asked, so that
// there may be another way.
func unsupported(err error) bool {
	return slices.ContainsFunc(refusals, func(refusal error) bool { return errors.Is(err, refusal) })
}

// Exposed tells whether others can read a file. What Windows' access lists say is
// left to whoever made the folder.
func Exposed(string) bool { return false }
