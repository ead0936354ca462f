package durable

import (
	"os"

	"handback/app/fault"
)

// ErrOpen means that other users of the computer can change a file that has to be
// trusted.
var ErrOpen = fault.New(fault.Input, "durable.open")

// CheckPrivate fails with [ErrOpen] if anybody but this user and the administrator can
// change a file or folder. It accepts a missing one, and one on a medium without owners,
// such as a FAT stick.
func CheckPrivate(path string) error { return checkTrust(path, false) }

// CheckShared is like [CheckPrivate], but for a folder that a person chose: a group of
// this user may share it, though not everybody.
func CheckShared(path string) error { return checkTrust(path, true) }

func checkTrust(path string, shared bool) error {
	info, err := os.Stat(path)
	if err != nil || ownerless(path) || trusted(path, info, shared) {
		return nil
	}
	return ErrOpen.With("path", path)
}
