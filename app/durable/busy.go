package durable

import "sync"

// writing has the paths of files that are being written. Each writer holds a read lock
// of gate.
var (
	gate    sync.RWMutex
	writing sync.Map
)

// begin marks a file as being written, until end is called.
func begin(path string) (end func()) {
	gate.RLock()
	writing.Store(path, true)
	return func() {
		writing.Delete(path)
		gate.RUnlock()
	}
}

// Writing returns the path of a file that is being written, or "" if there is none.
func Writing() (path string) {
	writing.Range(func(key, _ any) bool {
		path = key.(string)
		return false
	})
	return path
}

// Stop waits until no file is being written and blocks all later writes. Call it before
// the program ends.
func Stop() { gate.Lock() }
