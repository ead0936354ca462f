//go:build !windows && !darwin

package machine

import "os"

// Local gives this machine.
func Local() *Computer { return onLinux(os.DirFS("/"), realLibrary) }
