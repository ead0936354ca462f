package durable

import "sync/atomic"

var injected atomic.Pointer[func(name string) error]

// Inject makes calls on the file system fail, for tests: fail is asked before each
// one that writes, by its name, and an error of it is what the call gives.
func Inject(fail func(name string) error) (restore func()) {
	injected.Store(&fail)
	return func() { injected.Store(nil) }
}

// call makes a call on the file system.
func call(name string, do func() error) error {
	if fail := injected.Load(); fail != nil {
		if err := (*fail)(name); err != nil {
			return err
		}
	}
	return do()
}
