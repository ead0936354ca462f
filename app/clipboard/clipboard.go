// Package clipboard reads a picture from the system's clipboard: [Picture] returns it as a
// PNG file. The window's own clipboard has only text.
package clipboard

import "bytes"

const (
	// maxBytes limits a picture, in bytes, as package carry does.
	maxBytes = 20 << 20

	signature = "\x89PNG\r\n\x1a\n" // of PNG files
)

// Picture returns the picture in the clipboard as a PNG file. It returns nil if there is
// none, or no way to read it: on Linux it needs wl-paste or xclip.
func Picture() []byte {
	data := picture()
	if !bytes.HasPrefix(data, []byte(signature)) { // xclip returns any text as a picture
		return nil
	}
	return data
}
