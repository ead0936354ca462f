package carry

import (
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// format is a picture format that can be read.
type format struct {
	sign
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	weight func(data []byte, model color.Model) int64 // memory per pixel while decoding, in bytes
	packed func(data []byte) int64                    // the most pixels that one byte of the file can stand for
	extra  func(data []byte) int64                    // memory while decoding, in bytes, whatever the size; nil for none
}

// Only the first image of an animation is decoded.
var formats = []format{
	{sign{start: "\x89PNG\r\n\x1a\n"}, png.DecodeConfig, png.Decode, pngWeight, pngPacked, nil},
	{sign{start: "\xff\xd8\xff"}, jpeg.DecodeConfig, jpeg.Decode, jpegWeight, jpegPacked, nil},
	{sign{start: "GIF87a"}, gif.DecodeConfig, gif.Decode, gifWeight, gifPacked, nil},
	{sign{start: "GIF89a"}, gif.DecodeConfig, gif.Decode, gifWeight, gifPacked, nil},
	{sign{start: "RIFF", at: 7, then: "\x00WEBP"}, webpConfig, webp.Decode, webpWeight, webpPacked, webpExtra}, // up to 16 MiB; base64 has no zero
	{sign{start: "BM", at: 6, then: "\x00\x00\x00\x00"}, bmp.DecodeConfig, bmp.Decode, bmpWeight, bmpPacked, nil},
	{sign{start: "II*\x00"}, tiffConfig, tiff.Decode, tiffWeight, tiffPacked, tiffExtra},
	{sign{start: "MM\x00*"}, tiffConfig, tiff.Decode, tiffWeight, tiffPacked, tiffExtra},
}

func formatOf(data []byte) (format, bool) {
	for _, f := range formats {
		if f.begins(data) {
			return f, true
		}
	}
	return format{}, false
}

// modelBytes are the bytes per pixel of the images that Go decodes to. A gray PNG with a
// transparent color has four channels in memory, which its header does not tell.
var modelBytes = []struct {
	model           color.Model
	png, jpeg, tiff int64
}{
	{model: color.GrayModel, png: 4, jpeg: 1, tiff: 1},
	{model: color.Gray16Model, png: 8, tiff: 2},
	{model: color.YCbCrModel, jpeg: 3},
	{model: color.RGBAModel, png: 4, jpeg: 3, tiff: 4},
	{model: color.NRGBAModel, png: 4, tiff: 4},
	{model: color.CMYKModel, jpeg: 4},
	{model: color.RGBA64Model, png: 8, tiff: 8},
	{model: color.NRGBA64Model, png: 8, tiff: 8},
}

// pngWeight counts a second image for an interlaced PNG, which is composed of passes.
func pngWeight(data []byte, model color.Model) int64 {
	weight := int64(1) // with a palette
	for _, m := range modelBytes {
		if m.model == model {
			weight = m.png
		}
	}
	if data[pngInterlace] != 0 {
		weight *= 2
	}
	return weight
}

// Offsets in a PNG file of fields of the header chunk, which comes first.
const (
	pngDepth     = 24 // bits per channel
	pngColorType = 25
	pngInterlace = 28
)

// pngChannels are the channels per pixel, by color type.
var pngChannels = map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

// pngPacked: deflate compresses at most 1,032 bytes into one.
func pngPacked(data []byte) int64 {
	return 1032 * 8 / (int64(data[pngDepth]) * pngChannels[data[pngColorType]])
}

// jpegWeight counts the planes, the image converted from them if it is not YCbCr, and the
// coefficients that a progressive JPEG keeps in memory, 4 bytes each.
func jpegWeight(data []byte, model color.Model) int64 {
	var planes int64
	for _, m := range modelBytes {
		if m.model == model {
			planes = m.jpeg
		}
	}
	weight := planes
	if model == color.RGBAModel || model == color.CMYKModel {
		weight += 4
	}
	if progressive(data) {
		weight += 4 * planes
	}
	return weight
}

// progressive reports whether the frame header of a JPEG says that it is progressive. It
// walks the segments before that header. If it gets lost, it reports true: the decoder
// skips what lies between segments, which could hide the real header.
func progressive(data []byte) bool {
	const baseline, huffman, scan = 0xc0, 0xc4, 0xda
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker := data[at+1]
		if marker == baseline || marker == baseline+1 {
			return false
		}
		if marker != huffman && marker <= scan {
			return true
		}
		at += 2 + int(data[at+2])<<8 + int(data[at+3])
	}
	return true
}

// jpegPacked: a block of 64 pixels takes at least one bit, and stands for four times as
// many pixels if the brightness has a lower resolution than the colors.
func jpegPacked([]byte) int64 { return 4 * 8 * 64 }

// gifWeight counts a copy in which interlaced rows are put in order.
func gifWeight([]byte, color.Model) int64 { return 2 }

// gifPacked: a code of 12 bits stands for fewer than 4,096 pixels.
func gifPacked([]byte) int64 { return 4096 }

// bmpWeight counts four bytes for each pixel, and one with a palette.
func bmpWeight(_ []byte, model color.Model) int64 {
	if _, palette := model.(color.Palette); palette {
		return 1
	}
	return 4
}

// bmpPacked: packed pictures are not decoded.
func bmpPacked([]byte) int64 { return 1 }
