// Sidebar draws the picture on the setup's last page: the icon on a plain ground.
//
//	go run ./assets/packaging/windows/sidebar ICON.png SIDEBAR.bmp
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"

	"handback/app/durable"
)

// Three times the 164 × 314 of the page, for screens of up to 300 %: Windows shrinks it.
const width, height = 492, 942

var ground = color.RGBA{0xe9, 0xec, 0xf0, 0xff}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "sidebar: usage: sidebar ICON.png SIDEBAR.bmp")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "sidebar:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	icon, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	return durable.Write(to, bitmap(picture(icon)), false)
}

// picture has the icon at half its size in the middle, a third down.
func picture(icon image.Image) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(p, p.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	half := halved(icon)
	size := half.Bounds().Size()
	at := image.Pt((width-size.X)/2, (height/3)-size.Y/2)
	draw.Draw(p, half.Bounds().Add(at), half, image.Point{}, draw.Over)
	return p
}

// halved makes one pixel of four.
func halved(icon image.Image) *image.RGBA64 {
	b := icon.Bounds()
	small := image.NewRGBA64(image.Rect(0, 0, b.Dx()/2, b.Dy()/2))
	for y := range b.Dy() / 2 {
		for x := range b.Dx() / 2 {
			var sum [4]uint32
			for i := range 4 {
				red, green, blue, alpha := icon.At(b.Min.X+2*x+i%2, b.Min.Y+2*y+i/2).RGBA()
				for n, value := range [4]uint32{red, green, blue, alpha} {
					sum[n] += value
				}
			}
			small.SetRGBA64(x, y, color.RGBA64{uint16(sum[0] / 4 & 0xffff), uint16(sum[1] / 4 & 0xffff), uint16(sum[2] / 4 & 0xffff), uint16(sum[3] / 4 & 0xffff)})
		}
	}
	return small
}

// bitmap is a BMP of 24 bits a pixel with the oldest header, all that NSIS reads.
func bitmap(p *image.RGBA) []byte {
	const header, row = 14 + 40, (width*3 + 3) &^ 3
	const whole = header + row*height
	little := binary.LittleEndian
	out := little.AppendUint32([]byte("BM"), whole)
	for _, value := range []uint32{0, header, 40, width, height, 1 | 24<<16, 0, 0, 0, 0, 0, 0} {
		out = little.AppendUint32(out, value)
	}
	for y := height - 1; y >= 0; y-- { // from below
		line := make([]byte, row)
		for x := range width {
			c := p.RGBAAt(x, y)
			line[3*x], line[3*x+1], line[3*x+2] = c.B, c.G, c.R
		}
		out = append(out, line...)
	}
	return out
}
