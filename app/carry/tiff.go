package carry

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"

	"golang.org/x/image/tiff"
)

// tiffHeader is what bounds the memory for a TIFF picture.
type tiffHeader struct {
	width, height           uint64
	blockWidth, blockHeight uint64 // of a strip or tile
	values                  uint64 // in all fields together
	compression             uint64
}

// The fields of a TIFF directory that count here (TIFF 6.0).
const (
	tiffWidth        = 256
	tiffHeight       = 257
	tiffCompression  = 259
	tiffRowsPerStrip = 278
	tiffTileWidth    = 322
	tiffTileHeight   = 323

	tiffUnpacked = 1 // a compression, also if it is missing
	tiffPackBits = 32773
)

// tiffHeaderOf reads the first directory of a TIFF file.
func tiffHeaderOf(data []byte) (h tiffHeader, ok bool) {
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(data, []byte("MM")) {
		order = binary.BigEndian
	}
	if len(data) < 8 {
		return h, false
	}
	at := uint64(order.Uint32(data[4:]))
	if at+2 > uint64(len(data)) {
		return h, false
	}
	count := uint64(order.Uint16(data[at:]))
	const size = 12 // of a field
	if at+2+count*size > uint64(len(data)) {
		return h, false
	}
	for i := range count {
		field := data[at+2+i*size:]
		kind, values := order.Uint16(field[2:]), uint64(order.Uint32(field[4:]))
		h.values += values
		place, counts := map[uint16]*uint64{
			tiffWidth: &h.width, tiffHeight: &h.height, tiffCompression: &h.compression,
			tiffRowsPerStrip: &h.blockHeight, tiffTileWidth: &h.blockWidth, tiffTileHeight: &h.blockHeight,
		}[order.Uint16(field)]
		if !counts {
			continue
		}
		const short, long = 3, 4
		switch {
		case kind == short && values == 1:
			*place = uint64(order.Uint16(field[8:]))
		case kind == long && values == 1:
			*place = uint64(order.Uint32(field[8:]))
		default:
			return h, false
		}
	}
	if h.blockWidth == 0 {
		h.blockWidth = h.width
	}
	if h.blockHeight == 0 {
		h.blockHeight = h.height
	}
	return h, true
}

// tiffConfig refuses directories with more values than the strips of any picture need,
// before they are read: several fields may have the whole file for their value.
func tiffConfig(r io.Reader) (image.Config, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return image.Config{}, err
	}
	const mostValues = 1 << 18
	h, ok := tiffHeaderOf(data)
	if !ok || h.values > mostValues {
		return image.Config{}, errors.New("tiff: invalid directory")
	}
	return tiff.DecodeConfig(bytes.NewReader(data))
}

// tiffWeight counts a strip or tile, which is unpacked to up to 8 bytes a pixel in a
// buffer that grows by doubling. A strip may have more rows than the picture.
func tiffWeight(data []byte, model color.Model) int64 {
	weight := int64(1) // with a palette
	for _, m := range modelBytes {
		if m.model == model {
			weight = m.tiff
		}
	}
	h, _ := tiffHeaderOf(data)
	pixels := h.width * h.height
	if h.compression <= tiffUnpacked || pixels == 0 {
		return weight
	}
	const unpacked = 3 * 8
	return weight + 1 + int64(min(h.blockWidth*h.blockHeight, maxMemory*pixels)*unpacked/pixels) //nolint:gosec // at most maxMemory times a few bytes
}

// tiffExtra counts a copy of the file, and what PackBits unpacks, which no block bounds:
// up to 64 bytes for one.
func tiffExtra(data []byte) int64 {
	size := int64(len(data))
	if h, _ := tiffHeaderOf(data); h.compression == tiffPackBits {
		return (2 + 2*64) * size
	}
	return 2 * size
}

// tiffPacked: a row of a fax takes one bit, and several strips may be one place in the
// file.
func tiffPacked([]byte) int64 { return maxPixels }
