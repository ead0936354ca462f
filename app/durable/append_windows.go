package durable

import (
	"os"

	"golang.org/x/sys/windows"
)

// openAppend opens a file for appending, and for reading if that is allowed. It opens a
// reparse point itself, so that Append sees that it is not a regular file.
func openAppend(path string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	const how = windows.FILE_APPEND_DATA | windows.FILE_READ_ATTRIBUTES | windows.SYNCHRONIZE
	for _, access := range []uint32{how | windows.FILE_READ_DATA, how} {
		var handle windows.Handle
		handle, err = windows.CreateFile(name, access, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, nil, windows.OPEN_ALWAYS,
			windows.FILE_ATTRIBUTE_NORMAL|windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
		if err == nil {
			return os.NewFile(uintptr(handle), path), nil
		}
	}
	return nil, err
}
