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

// fewZeros is how many zero bytes after each other no text has, UTF-16 neither.
const fewZeros = 4

// written is the content of a file that was written to its end, without the zero bytes
// or the end-of-file mark that some programs fill it up with. It fails where zero bytes
// stand in the place of text: the file has its size, but not its content.
func written(data []byte) ([]byte, error) {
	filled := bytes.TrimRight(data, "\x00")
	switch at := bytes.Index(filled, make([]byte, fewZeros)); {
	case len(filled) == 0 && len(data) > 0:
		return nil, fault.New(fault.Input, "carry.zeros")
	case at >= 0 && plainText(bytes.ReplaceAll(filled, []byte{0}, nil)):
		return nil, fault.New(fault.Input, "carry.zeros_within", "position", at+1)
	case len(data)-len(filled) < fewZeros:
		return bytes.TrimRight(data, "\x1a"), nil // UTF-16 ends in a zero byte too
	}
	if len(filled)%2 == 1 && unmarked(filled) != nil {
		filled = data[:len(filled)+1]
	} else if !plainText(filled) {
		return data, nil
	}
	if pieces, err := readText(filled); err == nil && (len(pieces) > 1 || isObject(pieces)) {
		return filled, nil
	}
	return nil, fault.New(fault.Input, "carry.zeros_within", "position", len(filled)+1)
}

// plainText tells whether content is text and has no control characters in it.
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

// decoded is the content without its byte order mark, UTF-16 made UTF-8. What
// is no UTF-16 stays as bytes.
func decoded(data []byte) string {
	order, found := byteOrders[string(data[:min(2, len(data))])]
	if found {
		data = data[2:]
	} else if order = unmarked(data); order == nil {
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

// unmarked is the order of UTF-16 without a mark, of which most is ASCII: every other
// byte is zero. It is nil where the content is something else.
func unmarked(data []byte) binary.ByteOrder {
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
