//go:build !windows && !darwin

package machine

import "os"

// Here gives this machine.
func Here() *Computer { return onLinux(os.DirFS("/"), realLibrary) }
