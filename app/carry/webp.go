package carry

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"

	"golang.org/x/image/webp"
)

// webpLossless reports whether a WebP picture may have a part without loss, a whole one
// or its transparency.
func webpLossless(data []byte) bool {
	const chunks = 12
	return !bytes.HasPrefix(data[min(chunks, len(data)):], []byte("VP8 ")) && !webpPlain(data)
}

// Places in a WebP file with an extended header.
const (
	webpFlags = 20
	webpAlpha = 0x10 // one of the flags
	webpBody  = 30
)

// webpPlain reports whether a picture with an extended header has no transparency, and
// its first picture is one with loss.
func webpPlain(data []byte) bool {
	if len(data) < webpBody || data[webpFlags]&webpAlpha != 0 {
		return false
	}
	name, _ := webpFrame(data)
	return name == "VP8 "
}

// webpFrame returns the first picture in a WebP file, by the name of its chunk.
func webpFrame(data []byte) (name string, frame []byte) {
	for at := 12; at+8 <= len(data); {
		name, size := string(data[at:at+4]), int(binary.LittleEndian.Uint32(data[at+4:]))
		if name == "VP8 " || name == "VP8L" {
			return name, data[at+8:]
		}
		at += 8 + size + size%2
	}
	return "", nil
}

// webpConfig refuses files whose picture is not as large as the header says: the decoder
// does not compare them.
func webpConfig(r io.Reader) (image.Config, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return image.Config{}, err
	}
	config, err := webp.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return config, err
	}
	name, frame := webpFrame(data)
	const size14 = 1<<14 - 1
	var width, height int
	switch {
	case name == "VP8 " && len(frame) >= 10:
		width = int(binary.LittleEndian.Uint16(frame[6:])) & size14
		height = int(binary.LittleEndian.Uint16(frame[8:])) & size14
	case name == "VP8L" && len(frame) >= 5:
		size := binary.LittleEndian.Uint32(frame[1:])
		width, height = int(size&size14)+1, int(size>>14&size14)+1
	}
	if width != config.Width || height != config.Height {
		return config, errors.New("webp: the picture's size is not that of the header")
	}
	return config, nil
}

// webpWeight counts, without loss, two pictures in color.
func webpWeight(data []byte, _ color.Model) int64 {
	if webpLossless(data) {
		return 2*4 + 3
	}
	return 2
}

// webpExtra counts the tables of Huffman codes of a picture without loss: up to 65,536
// groups, however small the file, and their trees, of which a bit may make two nodes.
func webpExtra(data []byte) int64 {
	const group, groups, perByte = 5 * 536, 1 << 16, 384
	if webpLossless(data) {
		return groups*group + perByte*int64(len(data))
	}
	return 0
}

// webpPacked: without loss, one bit or none may stand for all pixels.
func webpPacked([]byte) int64 { return maxPixels }
