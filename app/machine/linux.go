//go:build !windows && !darwin

package machine

import "os"

// Local returns this computer.
func Local() *Computer { return onLinux(os.DirFS("/"), realLibrary) }
