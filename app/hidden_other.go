//go:build !windows

package app

import "io/fs"

// hidden is false where names alone say it.
func hidden(fs.DirEntry) bool { return false }
