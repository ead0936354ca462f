package qr

import (
	"math/bits"
	"slices"
	"sync"
)

// sizeless is a version's size without its four modules per version.
const sizeless = 17

func sizeOf(version int) int { return sizeless + 4*version }

// Alignments returns the rows, which are also the columns, of the centers of a version's
// alignment patterns (annex E). It returns none if there is no such version.
func Alignments(version int) []int {
	if version < 2 || version > 40 {
		return nil
	}
	count := version/7 + 2
	step := (version*8 + count*3 + 5) / (count*4 - 4) * 2
	centers := []int{6}
	for i := range count - 1 {
		centers = append(centers, sizeOf(version)-7-i*step)
	}
	slices.Sort(centers)
	return centers
}

// Version returns the version whose word, with its error correction (annex D), is nearest
// to the 18 modules in which a code repeats it, and the number of modules that differ. Two
// versions differ in at least eight.
func Version(word int) (version, off int) {
	off = 19
	for v := 7; v <= 40; v++ {
		if wrong := bits.OnesCount(uint(word ^ versionWord(v))); wrong < off {
			version, off = v, wrong
		}
	}
	return version, off
}

func versionWord(version int) int {
	remainder := version
	for range 12 {
		remainder = remainder<<1 ^ remainder>>11*0x1f25
	}
	return version<<12 | remainder
}

// place is a module's column and row.
type place struct{ x, y uint8 }

// formatPlaces returns the places of the two copies of the format, one around the first
// corner and one along the two others.
func formatPlaces(size int) (copies [2][15]place) {
	along := [15]uint8{0, 1, 2, 3, 4, 5, 7, 8, 7, 5, 4, 3, 2, 1, 0} // skipping the timing patterns
	for i, near := range along {
		if i < 8 {
			copies[0][i] = place{near, 8}
		} else {
			copies[0][i] = place{8, near}
		}
		if i < 7 {
			copies[1][i] = place{8, uint8(size - 1 - i)}
		} else {
			copies[1][i] = place{uint8(size - 15 + i), 8}
		}
	}
	return copies
}

// orders are, by version, the places of the codewords' bits in order.
var orders = func() (all [41]func() []place) {
	for version := 1; version <= 40; version++ {
		all[version] = sync.OnceValue(func() []place { return order(version) })
	}
	return all
}()

// order returns the places of data in pairs of columns, from right to left, up and down
// in turn.
func order(version int) []place {
	size, fixed := sizeOf(version), patterns(version)
	var all []place
	up := true
	for right := size - 1; right > 0; right -= 2 {
		if right == 6 {
			right-- // the column of the timing pattern
		}
		for i := range size {
			y := i
			if up {
				y = size - 1 - i
			}
			for _, x := range []int{right, right - 1} {
				if p := (place{uint8(x), uint8(y)}); !fixed.at(p.x, p.y) {
					all = append(all, p)
				}
			}
		}
		up = !up
	}
	return all
}

// patterns marks the modules that are neither data nor error correction.
func patterns(version int) Matrix {
	size := sizeOf(version)
	fixed := Matrix{Dark: make([]bool, size*size), Size: size}
	fill := func(left, top, width, height int) {
		for y := top; y < top+height; y++ {
			for x := left; x < left+width; x++ {
				fixed.Dark[y*size+x] = true
			}
		}
	}
	fill(0, 0, 9, 9) // the finder patterns with the format
	fill(size-8, 0, 8, 9)
	fill(0, size-8, 9, 8)
	fill(6, 0, 1, size) // the timing patterns
	fill(0, 6, size, 1)
	centers := Alignments(version)
	for i, y := range centers {
		for j, x := range centers {
			last := len(centers) - 1
			if i == 0 && (j == 0 || j == last) || i == last && j == 0 {
				continue // a finder pattern
			}
			fill(x-2, y-2, 5, 5)
		}
	}
	if version >= 7 {
		fill(size-11, 0, 3, 6)
		fill(0, size-11, 6, 3)
	}
	return fixed
}

// parities are the bytes of error correction per block, by version and by level: M, L, H
// and Q, as the format numbers them (table 9).
var parities = [4][40]byte{
	{10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
	{7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	{17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	{13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
}

// blocks are the numbers of blocks, by level and version like parities.
var blocks = [4][40]byte{
	{1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
	{1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
	{1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81},
	{1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
}
