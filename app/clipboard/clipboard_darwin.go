package clipboard

import (
	"bytes"
	"encoding/hex"
)

// picture runs AppleScript, which prints «data PNGf89504E47…».
func picture() []byte {
	printed := output("osascript", "-e", "the clipboard as «class PNGf»")
	_, digits, ok := bytes.Cut(printed, []byte("PNGf"))
	if !ok {
		return nil
	}
	digits, _, _ = bytes.Cut(digits, []byte("»"))
	data := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(data, digits); err != nil {
		return nil
	}
	return data
}
