//go:build !windows

package window

import (
	"fmt"
	"os"
)

// complain prints why there is no window on standard error.
func complain(text string) { fmt.Fprintln(os.Stderr, text) }
