package durable

import (
	"io/fs"
	"os"
)

// Append adds lines to the end of a regular file, in one write. If the file's last line
// is not complete, it ends that first. A missing file is created, readable by its owner
// alone. Append never follows a link, which could make an administrator's uninstaller
// write into another file, and never waits for a pipe's reader.
func Append(path string, data []byte) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return ErrNotRegular.With("path", path)
	}
	defer begin(path)()
	file, err := openAppend(path) // refuses a link that has replaced the file since
	if err != nil {
		return failed(path, len(data), err)
	}
	defer file.Close()
	var info fs.FileInfo
	if info, err = file.Stat(); err == nil && !info.Mode().IsRegular() {
		return ErrNotRegular.With("path", path)
	}
	if err == nil {
		if cutOff(file, info.Size()) {
			data = append([]byte("\n"), data...)
		}
		err = call("append", func() error { _, err := file.Write(data); return err })
	}
	if err != nil {
		return failed(path, len(data), err)
	}
	return nil
}

// cutOff reports whether the last line of a file is incomplete. It reports false if the
// file cannot be read.
func cutOff(file *os.File, size int64) bool {
	last := []byte{0}
	n, _ := file.ReadAt(last, max(0, size-1))
	return n == 1 && last[0] != '\n'
}
