// Package qr decodes the modules of a QR code (ISO/IEC 18004), which package
// [handback/app/carry/scan] finds in pictures.
//
// [Decode] takes the modules as a [Matrix] and returns the text. It reads versions 1 to
// 40 with all levels of error correction, and mirrored codes. Texts may be numeric,
// alphanumeric, or bytes in UTF-8 or ISO-8859-1. Codes in other character sets are
// rejected.
package qr

import "math/bits"

// Matrix holds the modules of a code, row by row.
type Matrix struct {
	Dark []bool
	Size int // along one side
}

func (m Matrix) at(x, y uint8) bool { return m.Dark[int(y)*m.Size+int(x)] }

// mirrored returns the code as seen from behind.
func (m Matrix) mirrored() Matrix {
	behind := Matrix{make([]bool, 0, len(m.Dark)), m.Size}
	for y := range m.Size {
		for x := range m.Size {
			behind.Dark = append(behind.Dark, m.Dark[x*m.Size+y])
		}
	}
	return behind
}

// Decode returns the text of a code and reports whether it could be decoded. The version
// follows from the size; the modules that repeat it are ignored.
func Decode(m Matrix) (text string, ok bool) {
	version := (m.Size - sizeless) / 4
	if version < 1 || version > 40 || m.Size != sizeOf(version) || len(m.Dark) != m.Size*m.Size {
		return "", false
	}
	if text, ok = m.text(version); ok {
		return text, true
	}
	return m.mirrored().text(version)
}

func (m Matrix) text(version int) (string, bool) {
	level, mask, ok := m.format()
	if !ok {
		return "", false
	}
	data, ok := corrected(m.codewords(version, mask), version, level)
	if !ok {
		return "", false
	}
	return textOf(data, version)
}

// formatMask masks a code's format. Some programs do not apply it.
const formatMask = 0b101010000010010

// format returns the level of error correction and the mask. It takes the copy of the
// format that is nearest to a valid one, with at most three wrong modules.
func (m Matrix) format() (level, mask int, ok bool) {
	var copies [2]uint
	for i, places := range formatPlaces(m.Size) {
		for _, p := range places {
			copies[i] = copies[i]<<1 | bit[m.at(p.x, p.y)]
		}
	}
	for _, masked := range []uint{formatMask, 0} {
		nearest := 4
		for format := range 32 {
			for _, seen := range copies {
				if off := bits.OnesCount(seen ^ masked ^ formatWord(uint(format))); off < nearest {
					level, mask, nearest = format>>3, format&7, off
				}
			}
		}
		if nearest < 4 {
			return level, mask, true
		}
	}
	return 0, 0, false
}

var bit = map[bool]uint{true: 1}

// formatWord returns a format with its error correction (annex C).
func formatWord(format uint) uint {
	remainder := format
	for range 10 {
		remainder = remainder<<1 ^ remainder>>9*0x537
	}
	return format<<10 | remainder
}

// masks report which modules are inverted, by row and column.
var masks = [8]func(y, x int) bool{
	func(y, x int) bool { return (y+x)%2 == 0 },
	func(y, _ int) bool { return y%2 == 0 },
	func(_, x int) bool { return x%3 == 0 },
	func(y, x int) bool { return (y+x)%3 == 0 },
	func(y, x int) bool { return (y/2+x/3)%2 == 0 },
	func(y, x int) bool { return y*x%2+y*x%3 == 0 },
	func(y, x int) bool { return (y*x%2+y*x%3)%2 == 0 },
	func(y, x int) bool { return ((y+x)%2+y*x%3)%2 == 0 },
}

// codewords returns the bytes of data and error correction.
func (m Matrix) codewords(version, mask int) []byte {
	places, inverted := orders[version](), masks[mask]
	words := make([]byte, len(places)/8)
	for i := range words {
		for _, p := range places[8*i : 8*i+8] {
			words[i] <<= 1
			if m.at(p.x, p.y) != inverted(int(p.y), int(p.x)) {
				words[i] |= 1
			}
		}
	}
	return words
}

// corrected separates the codewords into blocks, corrects these and returns their data.
func corrected(words []byte, version, level int) (data []byte, ok bool) {
	count, parity := int(blocks[level][version-1]), int(parities[level][version-1])
	short := len(words)/count - parity // bytes of data per block; the last blocks have one more
	longer := count - len(words)%count
	checks := words[len(words)-count*parity:]
	block := make([]byte, 0, short+1+parity)
	for i := range count {
		block = block[:0]
		for j := range short {
			block = append(block, words[j*count+i])
		}
		if i >= longer {
			block = append(block, words[short*count+i-longer])
		}
		length := len(block)
		for j := range parity {
			block = append(block, checks[j*count+i])
		}
		if !correct(block, parity) {
			return nil, false
		}
		data = append(data, block[:length]...)
	}
	return data, true
}
