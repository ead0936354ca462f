// Package drives finds the sticks and cards of this computer, so that a person
// need not know where the system put them.
package drives

// Drive is a removable drive that is mounted and can be written to.
type Drive struct {
	Path string // where it is mounted, such as /media/user/STICK or E:\
	Name string // its label, or what its path ends in
}

// Removable gives the removable drives, in the order in which they were mounted;
// none where the system does not tell.
func Removable() []Drive { return removable() }

// Flush hands all that was written to a drive over to it, so that it may be
// taken out. What a drive keeps in memory of its own it cannot know; the
// system's own "eject" stays the safer way.
func Flush(path string) error { return flush(path) }
