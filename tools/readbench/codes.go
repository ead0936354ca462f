package main

import (
	"bytes"
	"context"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os/exec"
	"strings"

	"handback/app/carry"
)

// A drawing is an undamaged code. Its file is a PNG with one pixel per module and the
// quiet zone.
type drawing struct {
	file    string // its path in the corpus folder
	text    string
	modules int // along one side, with the quiet zone
	png     []byte
}

// frameLetters is the number of base32 letters after the header that fill a frame, by QR
// version, at error correction level L.
var frameLetters = map[int]int{10: 377, 15: 740, 20: 1231}

const (
	plainCodes   = 11 // drawn by Handback, 400 to 858 characters: versions 13 to 20
	foreignCodes = 11 // drawn by qrencode, 900 to 1,700 characters: versions 21 to 30
	sheetFrames  = 12 // version 15; six make a sheet
	pageFrames   = 24 // version 10; 12 or 24 make a page
)

// frameVersions are the QR versions of the single frames.
var frameVersions = []int{10, 10, 10, 10, 15, 15, 15, 15, 20, 20, 20}

// drawSingles draws the codes that are alone in a picture.
func drawSingles(ctx context.Context, r *rand.Rand) ([]*drawing, error) {
	var drawings []*drawing
	add := func(d *drawing, err error) error {
		if err != nil {
			return err
		}
		d.file = fmt.Sprintf("codes/%02d.png", len(drawings))
		drawings = append(drawings, d)
		return nil
	}
	for i := range plainCodes {
		length := 400 + (858-400)*i/(plainCodes-1)
		if err := add(draw(letters(r, base64.StdEncoding.EncodeToString, length), 0)); err != nil {
			return nil, err
		}
		if err := add(draw(frame(r, frameVersions[i]), frameVersions[i])); err != nil {
			return nil, err
		}
		length = 900 + (1700-900)*i/(foreignCodes-1)
		if err := add(drawForeign(ctx, letters(r, base64.StdEncoding.EncodeToString, length))); err != nil {
			return nil, err
		}
	}
	return drawings, nil
}

// drawFrames draws the frames on sheets or pages, which are numbered after name.
func drawFrames(r *rand.Rand, name string, count, version int) ([]*drawing, error) {
	var drawings []*drawing
	for i := range count {
		d, err := draw(frame(r, version), version)
		if err != nil {
			return nil, err
		}
		d.file = fmt.Sprintf("codes/%s-%02d.png", name, i)
		drawings = append(drawings, d)
	}
	return drawings, nil
}

// letters returns count characters of random bytes in an encoding.
func letters(r *rand.Rand, encode func([]byte) string, count int) string {
	content := make([]byte, count)
	for i := range content {
		content[i] = byte(r.UintN(256))
	}
	return encode(content)[:count]
}

// frame returns a text like that of a numbered part: a header of 18 characters, and as
// many base32 letters as fit into the version.
func frame(r *rand.Rand, version int) string {
	return fmt.Sprintf("HBK1%03d%03d%08X", 1+r.UintN(12), 12, r.Uint32()) +
		letters(r, base32.StdEncoding.EncodeToString, frameLetters[version])
}

// draw draws a text with Handback's own code. It fails if version is not 0 and the code
// has another one.
func draw(text string, version int) (*drawing, error) {
	code, err := carry.NewCode(text)
	if err != nil {
		return nil, err
	}
	if version != 0 && code.Version != version {
		return nil, fmt.Errorf("a frame of version %d was drawn in version %d", version, code.Version)
	}
	side := code.Modules + 2*carry.QuietZone
	picture := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !code.Dark(x-carry.QuietZone, y-carry.QuietZone) {
				picture.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		return nil, err
	}
	return &drawing{text: text, modules: side, png: file.Bytes()}, nil
}

// drawForeign draws a text with qrencode, in byte mode at level L.
func drawForeign(ctx context.Context, text string) (*drawing, error) {
	path, err := tool("qrencode", "qrencode")
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, path, "-8", "-l", "L", "-s", "1", "-m", "4", "-o", "-")
	command.Stdin = strings.NewReader(text)
	file, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("qrencode: %w", err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("qrencode: %w", err)
	}
	return &drawing{text: text, modules: config.Width, png: file}, nil
}
