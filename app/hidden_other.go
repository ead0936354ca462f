//go:build !windows

package app

import "io/fs"

// hidden returns false: on this system only names say whether a file is hidden.
func hidden(fs.DirEntry) bool { return false }
