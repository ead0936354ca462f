package durable

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/windows"
)

const unblocked = 0

// lock does nothing: on Windows a file that is open can only be removed if it was opened
// with permission for that, and the writer's handle is closed before the file is published.
func lock(*os.Root, string, *os.File) (unlock func(), ok bool) { return func() {}, true }

// abandonedAfter is the age at which a temporary file cannot be in use any more.
const abandonedAfter = time.Hour

func removeAbandoned(root *os.Root, name string) {
	info, err := root.Lstat(name)
	if err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > abandonedAfter {
		_ = remove(root, name)
	}
}

// remove uses the folder's path, as rename does: Wine does not support what Root.Remove
// needs.
func remove(root *os.Root, name string) error { return os.Remove(filepath.Join(root.Name(), name)) }

// link is not used on Windows, which has a rename that does not replace and writes
// through.
func link(*os.Root, string, string) error { return windows.ERROR_NOT_SUPPORTED }

// A rename is retried for sharingTime, every sharingPause, while a virus scanner or an
// indexer has the file open.
const (
	sharingTime  = time.Second
	sharingPause = 20 * time.Millisecond
)

// rename calls MoveFileEx, which returns when the rename is on the medium. It uses the
// folder's path: on Windows a folder cannot be moved while it is open.
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

// refusals are the errors for what a file system does not support.
var refusals = []error{windows.ERROR_NOT_SUPPORTED, windows.ERROR_INVALID_FUNCTION, windows.ERROR_ACCESS_DENIED, windows.ERROR_INVALID_HANDLE}

// unsupported reports whether err says that the file system does not support an
// operation, so that another way may work.
func unsupported(err error) bool {
	return slices.ContainsFunc(refusals, func(refusal error) bool { return errors.Is(err, refusal) })
}

// Exposed always reports false: access lists on Windows are left to whoever made the
// folder.
func Exposed(string) bool { return false }
