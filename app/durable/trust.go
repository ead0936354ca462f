package durable

import (
	"os"

	"handback/app/fault"
)

// ErrOpen: other users of this computer can change what is to be believed.
var ErrOpen = fault.New(fault.Input, "durable.open")

// CheckPrivate fails with ErrOpen where anybody but this user and the system's
// administrator can change a file or folder. What is missing, or lies on a medium
// without owners, such as a stick with FAT, is nobody else's.
func CheckPrivate(path string) error { return checkTrust(path, false) }

// CheckShared is CheckPrivate for a folder that somebody chose: a group that this user
// belongs to may share it, but not everybody.
func CheckShared(path string) error { return checkTrust(path, true) }

func checkTrust(path string, shared bool) error {
	info, err := os.Stat(path)
	if err != nil || ownerless(path) || trusted(path, info, shared) {
		return nil
	}
	return fault.New(fault.Input, ErrOpen.Key, "path", path)
}
