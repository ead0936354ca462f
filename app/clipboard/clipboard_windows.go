package clipboard

import (
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	getClipboardData = user32.NewProc("GetClipboardData")
	registerFormat   = user32.NewProc("RegisterClipboardFormatW")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
	globalSize       = kernel32.NewProc("GlobalSize")
)

// formats are CF_DIB and CF_DIBV5, bitmaps without a file header. Windows converts any
// picture to each of them, though not always well from the other.
var formats = []uintptr{8, 17}

// picture returns the clipboard's PNG, which some programs provide, or else its bitmap.
func picture() []byte {
	runtime.LockOSThread() // the clipboard is opened for one thread
	defer runtime.UnlockOSThread()
	if opened, _, _ := openClipboard.Call(0); opened == 0 {
		return nil
	}
	defer func() { _, _, _ = closeClipboard.Call() }()
	format, _, _ := registerFormat.Call(uintptr(unsafe.Pointer(windows.StringToUTF16Ptr("PNG"))))
	if data := read(format); data != nil {
		return data
	}
	for _, format := range formats {
		if data := fromBitmap(read(format)); data != nil {
			return data
		}
	}
	return nil
}

// read returns a copy of the clipboard's data in a format, or nil.
func read(format uintptr) []byte {
	handle, _, _ := getClipboardData.Call(format)
	if handle == 0 {
		return nil
	}
	size, _, _ := globalSize.Call(handle)
	address, _, _ := globalLock.Call(handle)
	if address == 0 || size == 0 || size > 8*maxBytes {
		return nil
	}
	defer func() { _, _, _ = globalUnlock.Call(handle) }()
	return slices.Clone(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&address))), size))
}
