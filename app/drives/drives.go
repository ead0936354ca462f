// Package drives finds the USB sticks and memory cards of this computer, so that a person
// need not know their paths.
//
// [Removable] returns them, and [Flush] makes one safe to unplug after writing.
package drives

// Drive is a removable drive that is mounted and writable.
type Drive struct {
	Path string // mount point, such as /media/user/STICK or E:\
	Name string // label, or last element of Path
}

// Removable returns the removable drives in the order in which they were mounted, or none
// if the system does not list them.
func Removable() []Drive { return removable() }

// Flush writes the system's caches of the drive at path to it, so that it may be
// unplugged. It cannot flush a cache within the drive itself; the system's own "eject"
// remains safer.
func Flush(path string) error { return flush(path) }
