package main

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"testing"
)

// The icon stands upright in the middle, in its own colors, where the file says.
func TestTheIconStandsUpright(t *testing.T) {
	red, blue := color.RGBA{0xff, 0, 0, 0xff}, color.RGBA{0, 0, 0xff, 0xff}
	icon := image.NewRGBA(image.Rect(0, 0, 512, 512))
	draw.Draw(icon, icon.Bounds(), image.NewUniform(red), image.Point{}, draw.Src)
	draw.Draw(icon, image.Rect(0, 256, 512, 512), image.NewUniform(blue), image.Point{}, draw.Src)
	bmp := bitmap(picture(icon))
	if want := 54 + (width*3+3)/4*4*height; len(bmp) != want || int(binary.LittleEndian.Uint32(bmp[2:])) != want {
		t.Fatalf("%d bytes, and %d by its header; want %d", len(bmp), binary.LittleEndian.Uint32(bmp[2:]), want)
	}
	at := func(x, y int) color.RGBA {
		i := int(binary.LittleEndian.Uint32(bmp[10:])) + (height-1-y)*((width*3+3)/4*4) + 3*x
		return color.RGBA{bmp[i+2], bmp[i+1], bmp[i], 0xff}
	}
	for _, one := range []struct {
		what string
		x, y int
		want color.RGBA
	}{
		{"above", width / 2, height/3 - 130, ground},
		{"its upper half", width / 2, height/3 - 10, red},
		{"its lower half", width / 2, height/3 + 10, blue},
		{"its left", width/2 - 127, height/3 - 10, red},
		{"left of it", width/2 - 129, height/3 - 10, ground},
		{"right of it", width/2 + 129, height/3 - 10, ground},
	} {
		if got := at(one.x, one.y); got != one.want {
			t.Errorf("%s: %v, want %v", one.what, got, one.want)
		}
	}
}
