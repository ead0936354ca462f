package durable

import "sync"

// writing are the paths of the files that are being written; gate is held by each
// writer, shared.
var (
	gate    sync.RWMutex
	writing sync.Map
)

// begin marks a file as being written.
func begin(path string) (end func()) {
	gate.RLock()
	writing.Store(path, true)
	return func() {
		writing.Delete(path)
		gate.RUnlock()
	}
}

// Writing returns the path of a file that is being written, "" if there is none.
func Writing() (path string) {
	writing.Range(func(key, _ any) bool {
		path = key.(string)
		return false
	})
	return path
}

// Stop waits until nothing is being written, and lets nothing be written from then
// on: the program is about to end.
func Stop() { gate.Lock() }
