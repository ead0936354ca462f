package durable

import "sync/atomic"

var injected atomic.Pointer[func(name string) error]

// Inject makes calls on the file system fail, for tests. Before each call that writes,
// fail gets the call's name; if it returns an error, the call is not made and returns
// that error.
func Inject(fail func(name string) error) (restore func()) {
	injected.Store(&fail)
	return func() { injected.Store(nil) }
}

// call makes a call on the file system, unless [Inject] makes it fail.
func call(name string, do func() error) error {
	if fail := injected.Load(); fail != nil {
		if err := (*fail)(name); err != nil {
			return err
		}
	}
	return do()
}
