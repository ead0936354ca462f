package scan

import "sync"

// together does parts of some work at the same time, and panics where one of them does: the
// caller may recover from it.
func together(parts int, work func(part int)) {
	var working sync.WaitGroup
	panics := make(chan any, parts)
	for part := range parts {
		working.Go(func() {
			defer func() { panics <- recover() }()
			work(part)
		})
	}
	working.Wait()
	for range parts {
		if cause := <-panics; cause != nil {
			panic(cause)
		}
	}
}
