package clipboard

import (
	"bytes"
	"encoding/binary"
	"image/png"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/image/bmp"
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

// formatDIB is CF_DIB, a bitmap without the header of a file, which Windows makes
// of any picture.
const formatDIB = 8

// picture takes the PNG that some programs give, else the bitmap.
func picture() []byte {
	runtime.LockOSThread() // which owns the open clipboard
	defer runtime.UnlockOSThread()
	if opened, _, _ := openClipboard.Call(0); opened == 0 {
		return nil
	}
	defer closeClipboard.Call()
	format, _, _ := registerFormat.Call(uintptr(unsafe.Pointer(windows.StringToUTF16Ptr("PNG"))))
	if data := held(format); data != nil {
		return data
	}
	return fromBitmap(held(formatDIB))
}

// held copies what the clipboard holds in a format.
func held(format uintptr) []byte {
	handle, _, _ := getClipboardData.Call(format)
	if handle == 0 {
		return nil
	}
	size, _, _ := globalSize.Call(handle)
	address, _, _ := globalLock.Call(handle)
	if address == 0 || size == 0 || size > 8*maxBytes {
		return nil
	}
	defer globalUnlock.Call(handle)
	return slices.Clone(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&address))), size))
}

// fromBitmap makes a PNG of a bitmap by giving it the header of a file
// (BITMAPFILEHEADER), which says where the pixels begin.
func fromBitmap(dib []byte) []byte {
	const fileHeader, infoHeader = 14, 40
	if len(dib) < infoHeader {
		return nil
	}
	colors := 0
	if depth := binary.LittleEndian.Uint16(dib[14:]); depth <= 8 {
		colors = 4 << depth
	}
	masks := 0
	if compression := binary.LittleEndian.Uint32(dib[16:]); compression == 3 && binary.LittleEndian.Uint32(dib) == infoHeader {
		masks = 12
	}
	pixels := fileHeader + int(binary.LittleEndian.Uint32(dib)) + colors + masks
	header := append([]byte("BM"), make([]byte, fileHeader-2)...)
	binary.LittleEndian.PutUint32(header[2:], uint32(fileHeader+len(dib)))
	binary.LittleEndian.PutUint32(header[10:], uint32(pixels))
	decoded, err := bmp.Decode(bytes.NewReader(append(header, dib...)))
	if err != nil {
		return nil
	}
	var file bytes.Buffer
	if png.Encode(&file, decoded) != nil {
		return nil
	}
	return file.Bytes()
}
