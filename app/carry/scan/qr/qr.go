// Package qr decodes the modules of a QR code (ISO/IEC 18004), which package
// [handback/app/carry/scan] finds in pictures.
//
// [Decode] takes the modules as a [Matrix] and returns the text. It reads versions 1 to
// 40 with all levels of error correction, and mirrored codes. Texts may be numeric,
// alphanumeric, or bytes in UTF-8 or ISO-8859-1. Codes in other character sets are
// rejected.
package qr

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Matrix holds the modules of a code, row by row.
type Matrix struct {
	Dark []bool
	Size int // along one side
	// Sureness says how far each module is from being of the other shade, on any scale.
	// With it, more unsure modules than sure ones may be wrong. It is optional.
	Sureness []float32
}

func (m Matrix) at(x, y uint8) bool { return m.Dark[int(y)*m.Size+int(x)] }

// mirrored returns the code as seen from behind.
func (m Matrix) mirrored() Matrix {
	behind := Matrix{Dark: make([]bool, 0, len(m.Dark)), Size: m.Size}
	for y := range m.Size {
		for x := range m.Size {
			behind.Dark = append(behind.Dark, m.Dark[x*m.Size+y])
			if m.Sureness != nil {
				behind.Sureness = append(behind.Sureness, m.Sureness[x*m.Size+y])
			}
		}
	}
	return behind
}

// Decode returns the text of a code and reports whether it could be decoded. The version
// follows from the size; the modules that repeat it are ignored.
func Decode(m Matrix) (text string, ok bool) {
	version := (m.Size - sizeless) / 4
	if version < 1 || version > 40 || m.Size != sizeOf(version) || len(m.Dark) != m.Size*m.Size ||
		m.Sureness != nil && len(m.Sureness) != len(m.Dark) {
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
	data, ok := corrected(m.codewords(version, mask), m.surenesses(version), version, level)
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

// surenesses returns the sureness of each codeword, that of its least sure module; nil if
// it is not known.
func (m Matrix) surenesses(version int) []float32 {
	if m.Sureness == nil {
		return nil
	}
	places := orders[version]()
	all := make([]float32, len(places)/8)
	for i := range all {
		all[i] = float32(math.Inf(1))
		for _, p := range places[8*i : 8*i+8] {
			all[i] = min(all[i], m.Sureness[int(p.y)*m.Size+int(p.x)])
		}
	}
	return all
}

// corrected separates the codewords into blocks, corrects these and returns their data.
func corrected(words []byte, sureness []float32, version, level int) (data []byte, ok bool) {
	count, parity := int(blocks[level][version-1]), int(parities[level][version-1])
	short := len(words)/count - parity // bytes of data per block; the last blocks have one more
	longer := count - len(words)%count
	checks := len(words) - count*parity
	for i := range count {
		var order []int // of the block's codewords among all
		for j := range short {
			order = append(order, j*count+i)
		}
		if i >= longer {
			order = append(order, short*count+i-longer)
		}
		length := len(order)
		for j := range parity {
			order = append(order, checks+j*count+i)
		}
		block := make([]byte, len(order))
		for j, at := range order {
			block[j] = words[at]
		}
		if !correct(block, parity, nil) && (sureness == nil || !mended(block, parity, order, sureness)) {
			return nil, false
		}
		data = append(data, block[:length]...)
	}
	return data, true
}

// mended corrects a block with its least sure codewords as erasures: few, then more. Each
// that is wrong saves the parity of half an error, each that is right costs as much.
func mended(block []byte, parity int, order []int, sureness []float32) bool {
	unsure := make([]int, len(block))
	for i := range unsure {
		unsure[i] = i
	}
	slices.SortStableFunc(unsure, func(a, b int) int { return cmp.Compare(sureness[order[a]], sureness[order[b]]) })
	for _, quarters := range []int{1, 2, 3} {
		if correct(block, parity, unsure[:parity*quarters/4]) {
			return true
		}
	}
	return false
}
