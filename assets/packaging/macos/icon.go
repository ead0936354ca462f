package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"io"

	"golang.org/x/image/draw"
)

// The pictures of an .icns, each of which is a PNG: their side in pixels, by the name
// that tells for which size and resolution they are. Where one is missing, macOS
// scales another.
var pictures = []struct {
	kind string
	side int
}{
	{"ic11", 32},  // 16 points on a fine screen
	{"ic12", 64},  // 32 on a fine one
	{"ic07", 128}, // 128
	{"ic13", 256}, // 128 on a fine one
	{"ic08", 256}, // 256
	{"ic14", 512}, // 256 on a fine one
	{"ic09", 512}, // 512
}

// writeIcon makes an .icns of a PNG of 512 × 512 pixels.
func writeIcon(out io.Writer, icon []byte) error {
	whole, err := png.Decode(bytes.NewReader(icon))
	if err != nil {
		return err
	}
	if side := whole.Bounds().Size(); side != image.Pt(512, 512) {
		return fmt.Errorf("the icon has %d × %d pixels, not 512 × 512", side.X, side.Y)
	}
	var body bytes.Buffer
	for _, picture := range pictures {
		scaled := image.NewNRGBA(image.Rect(0, 0, picture.side, picture.side))
		draw.CatmullRom.Scale(scaled, scaled.Bounds(), whole, whole.Bounds(), draw.Src, nil)
		var content bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&content, scaled); err != nil {
			return err
		}
		appendBlock(&body, picture.kind, content.Bytes())
	}
	var file bytes.Buffer
	appendBlock(&file, "icns", body.Bytes())
	_, err = out.Write(file.Bytes())
	return err
}

// appendBlock writes a name, the length of all of the block, and its content.
func appendBlock(to *bytes.Buffer, name string, content []byte) {
	to.WriteString(name)
	to.Write(binary.BigEndian.AppendUint32(nil, uint32(8+len(content)))) // #nosec G115 -- pictures of 512 × 512 pixels
	to.Write(content)
}
