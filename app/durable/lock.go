package durable

import (
	"os"

	"github.com/gofrs/flock"
)

// Lock is a file lock that one program at a time can hold.
type Lock = flock.Flock

// NewLock returns the lock at path, a file that only its owner can read. It never follows
// a link there, which could lead to another user's file.
func NewLock(path string) *Lock {
	return flock.New(path, flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDONLY|noFollow))
}
