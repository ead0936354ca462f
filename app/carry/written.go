package carry

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"handback/app/fault"
)

// minZeros is a number of consecutive zero bytes that no text has, not even UTF-16.
const minZeros = 4

// trimFill returns the content of a file without the zero bytes or the end-of-file mark
// that some programs fill it up with. It fails if zero bytes are in the place of text:
// the file got its size, but not its content.
func trimFill(data []byte) ([]byte, error) {
	filled := bytes.TrimRight(data, "\x00")
	switch at := bytes.Index(filled, make([]byte, minZeros)); {
	case len(filled) == 0 && len(data) > 0:
		return nil, fault.New(fault.Input, "carry.zeros")
	case at >= 0 && plainText(bytes.ReplaceAll(filled, []byte{0}, nil)):
		return nil, fault.New(fault.Input, "carry.zeros_within", "position", at+1)
	case len(data)-len(filled) < minZeros:
		return bytes.TrimRight(data, "\x1a"), nil // UTF-16 ends in a zero byte too
	}
	if len(filled)%2 == 1 && guessByteOrder(filled) != nil {
		filled = data[:len(filled)+1]
	} else if !plainText(filled) {
		return data, nil
	}
	if pieces, err := readText(filled); err == nil && (len(pieces) > 1 || isObject(pieces)) {
		return filled, nil
	}
	return nil, fault.New(fault.Input, "carry.zeros_within", "position", len(filled)+1)
}

// plainText reports whether content is text without control characters.
func plainText(content []byte) bool {
	return utf8.Valid(content) && !bytes.ContainsFunc(content, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r)
	})
}

// byteOrders are the UTF-16 encodings by their byte order marks.
var byteOrders = map[string]binary.ByteOrder{
	"\xff\xfe": binary.LittleEndian,
	"\xfe\xff": binary.BigEndian,
}

// decoded returns the content as UTF-8 without its byte order mark. Content that is not
// UTF-16 keeps its bytes.
func decoded(data []byte) string {
	order, found := byteOrders[string(data[:min(2, len(data))])]
	if found {
		data = data[2:]
	} else if order = guessByteOrder(data); order == nil {
		return strings.TrimPrefix(string(data), "\ufeff")
	}
	var units []uint16
	for rest := data; len(rest) > 0; rest = rest[2:] {
		if len(rest) == 1 {
			units = append(units, utf8.RuneError)
			break
		}
		units = append(units, order.Uint16(rest))
	}
	return string(utf16.Decode(units))
}

// guessByteOrder returns the byte order of UTF-16 without a byte order mark that is
// mostly ASCII: every other byte is zero. It returns nil for other content.
func guessByteOrder(data []byte) binary.ByteOrder {
	var zeros [2]int
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	most := len(data) * 3 / 8 // three quarters of one half
	switch {
	case len(data) < 8 || zeros[0] > 0 && zeros[1] > 0:
	case zeros[1] > most:
		return binary.LittleEndian
	case zeros[0] > most:
		return binary.BigEndian
	}
	return nil
}
