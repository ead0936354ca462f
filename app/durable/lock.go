package durable

import (
	"os"

	"github.com/gofrs/flock"
)

// Lock is a file that one program at a time has locked.
type Lock = flock.Flock

// NewLock returns the lock that lies at path, for this user alone. It never follows a
// link there, which could lead into somebody else's file.
func NewLock(path string) *Lock {
	return flock.New(path, flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDONLY|noFollow))
}
