package clipboard

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/png"
	"math/bits"
)

// The bitmaps of Windows' clipboard, CF_DIB and CF_DIBV5, begin with a BITMAPINFOHEADER of
// 40 bytes, or with one of its successors of up to 124.
const (
	infoHeader = 40
	v3Header   = 52      // the first header that has the color masks in it
	masksSize  = 3 * 4   // after a BITMAPINFOHEADER
	bitFields  = 3       // BI_BITFIELDS: masks say which bits are which color
	maxSide    = 1 << 16 // pixels
	maxPixels  = 50_000_000
)

var errBitmap = errors.New("no bitmap of a kind that is read")

// fromBitmap converts a bitmap to a PNG in grayscale, which is enough to read codes. It
// returns nil if dib is not a bitmap that it can read.
func fromBitmap(dib []byte) []byte {
	picture, err := bitmap(dib)
	if err != nil {
		return nil
	}
	var file bytes.Buffer
	if png.Encode(&file, picture) != nil {
		return nil
	}
	return file.Bytes()
}

// bitmap decodes an uncompressed bitmap. It ignores transparency, which most programs
// leave empty.
func bitmap(dib []byte) (*image.Gray, error) {
	if len(dib) < infoHeader {
		return nil, errBitmap
	}
	long := func(at int) int { return int(int32(binary.LittleEndian.Uint32(dib[at:]))) } //nolint:gosec // signed, as Windows writes it
	header, width, height := long(0), long(4), long(8)
	depth, compression, colors := int(binary.LittleEndian.Uint16(dib[14:])), long(16), long(32)
	topDown := height < 0
	height = max(height, -height)
	known := header >= infoHeader && header <= len(dib) && (compression == 0 || compression == bitFields && depth > 8)
	if !known || width < 1 || width > maxSide || height < 1 || height > maxSide || width > maxPixels/height || colors < 0 || colors > 256 {
		return nil, errBitmap
	}
	if depth <= 8 && colors == 0 {
		colors = 1 << depth
	}
	pixels := header
	fields := [3]uint32{0xff0000, 0xff00, 0xff} // of red, green and blue
	if depth == 16 {
		fields = [3]uint32{0x7c00, 0x3e0, 0x1f}
	}
	if compression == bitFields {
		if len(dib) < infoHeader+masksSize {
			return nil, errBitmap
		}
		masks := dib[infoHeader : infoHeader+masksSize]
		for i := range fields {
			fields[i] = binary.LittleEndian.Uint32(masks[4*i:])
		}
		// After a longer header that Windows made itself, it repeats the masks.
		if header < v3Header || bytes.HasPrefix(dib[header:], masks) {
			pixels += masksSize
		}
	}
	palette := pixels
	pixels += 4 * colors
	stride := (width*depth + 31) / 32 * 4
	if len(dib) < pixels+stride*height {
		return nil, errBitmap
	}
	shade := map[int]func(row []byte, x int) byte{
		1:  func(row []byte, x int) byte { return indexed(dib[palette:pixels], row[x/8]>>(7-x%8)&1) },
		4:  func(row []byte, x int) byte { return indexed(dib[palette:pixels], row[x/2]>>(4-x%2*4)&15) },
		8:  func(row []byte, x int) byte { return indexed(dib[palette:pixels], row[x]) },
		16: func(row []byte, x int) byte { return masked(uint32(binary.LittleEndian.Uint16(row[2*x:])), fields) },
		24: func(row []byte, x int) byte { return luma(row[3*x+2], row[3*x+1], row[3*x]) },
		32: func(row []byte, x int) byte { return masked(binary.LittleEndian.Uint32(row[4*x:]), fields) },
	}[depth]
	if shade == nil {
		return nil, errBitmap
	}
	picture := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		line := y
		if !topDown {
			line = height - 1 - y
		}
		row := dib[pixels+stride*line:][:stride]
		for x := range width {
			picture.Pix[y*picture.Stride+x] = shade(row, x)
		}
	}
	return picture, nil
}

// indexed returns the shade of a palette's color, or black if the palette is too short.
func indexed(palette []byte, index byte) byte {
	at := 4 * int(index)
	if at+4 > len(palette) {
		return 0
	}
	return luma(palette[at+2], palette[at+1], palette[at])
}

// masked returns the shade of a pixel whose colors are bit fields.
func masked(pixel uint32, fields [3]uint32) byte {
	var colors [3]byte
	for i, field := range fields {
		if field != 0 {
			shift := bits.TrailingZeros32(field)
			colors[i] = byte(uint64(pixel&field) >> shift * 255 / uint64(field>>shift)) //nolint:gosec // at most 255
		}
	}
	return luma(colors[0], colors[1], colors[2])
}

func luma(red, green, blue byte) byte {
	return byte((299*int(red) + 587*int(green) + 114*int(blue)) / 1000) //nolint:gosec // at most 255
}
