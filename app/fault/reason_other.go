//go:build !windows

package fault

// here are what this system alone says: nothing.
var here []system
