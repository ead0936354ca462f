//go:build !windows

package window

import (
	"fmt"
	"os"
)

// complain says why there is no window, where there is only a terminal to say
// it on.
func complain(text string) { fmt.Fprintln(os.Stderr, text) }
