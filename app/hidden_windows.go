package app

import (
	"io/fs"
	"syscall"
)

// hidden reports whether Windows hides a file, such as AppData in a home folder.
func hidden(entry fs.DirEntry) bool {
	info, err := entry.Info()
	if err != nil {
		return false
	}
	data, ok := info.Sys().(*syscall.Win32FileAttributeData)
	return ok && data.FileAttributes&syscall.FILE_ATTRIBUTE_HIDDEN != 0
}
