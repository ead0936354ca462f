package carry

import (
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// photographed is a picture of a page with codes, two in a row and four if there are many, with about so many
// pixels a module, taken by hand: from aside, out of focus, in the light of a lamp
// on the left, on a camera with grain.
func photographed(codes []*Code, pixels int, seed uint64) image.Image {
	const (
		gap           = 12 // modules between the codes
		margin        = 60
		tilt, turning = 0.06, 0.03
	)
	pitch := codes[0].Modules + gap
	across := min(2, len(codes))
	if len(codes) > 6 {
		across = 4
	}
	rows := ceilDiv(len(codes), across)
	width, height := across*pitch*pixels+2*margin, rows*pitch*pixels+2*margin
	grain := rand.New(rand.NewPCG(9, seed))
	dark := func(x, y float64) bool {
		// The place on the page that the camera sees here.
		x, y = x-float64(width)/2, y-float64(height)/2
		nearness := 1 + tilt*x/float64(width) + tilt*y/float64(height)
		x, y = (x-turning*y)/nearness, (y+turning*x)/nearness
		column, row := int(x/float64(pixels)+float64(across*pitch)/2), int(y/float64(pixels)+float64(rows*pitch)/2)
		i := row/pitch*across + column/pitch
		if column < 0 || row < 0 || column >= across*pitch || i >= len(codes) {
			return false
		}
		return codes[i].Dark(column%pitch-gap/2, row%pitch-gap/2)
	}
	picture := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			light := 0
			for i := range 9 { // over three pixels: the lens is out of focus
				if !dark(float64(x+i%3-1), float64(y+i/3-1)) {
					light++
				}
			}
			lamp := 200 - 90*float64(x)/float64(width)
			shade := 30 + lamp*float64(light)/9 + 8*grain.NormFloat64()
			picture.Pix[picture.PixOffset(x, y)] = byte(min(max(shade, 0), 255))
		}
	}
	return picture
}

func TestRequestsOfAnyLengthComeBackFromPhotographsOfSixCodesAPage(t *testing.T) {
	rows := []struct {
		size    int // of the JSON, in bytes; about a quarter less than its base64
		density Density
	}{
		{300, LowDensity}, {300, NormalDensity}, {2_000, LowDensity}, {5_000, NormalDensity}, {30_000, HighDensity},
	}
	for _, row := range rows {
		t.Run(fmt.Sprintf("%d bytes, %s density", row.size, row.density), func(t *testing.T) {
			carried := longRequest(row.size, false)
			var pages []Piece
			for page := range slices.Chunk(codesOf(t, carried, row.density), 6) {
				pieces, err := Read(t.Context(), jpegFile(t, photographed(page, 5, uint64(len(pages))), 70))
				if err != nil || len(pieces) != len(page) {
					t.Fatalf("after %d codes: %d of %d read, %v", len(pages), len(pieces), len(page), err)
				}
				pages = append(pages, pieces...)
			}
			got := pages[0].Text
			if pages[0].Part != nil {
				var parts []Part
				for _, piece := range pages {
					parts = append(parts, *piece.Part)
				}
				var err error
				if got, err = Join(parts, nil); err != nil {
					t.Fatal(err)
				}
			}
			if got != carried {
				t.Errorf("%d codes are read as %s…", len(pages), strings.ToValidUTF8(got[:min(40, len(got))], "?"))
			}
		})
	}
}

// withoutCode paints a picture by the shade at each place, with grain.
func withoutCode(width, height int, grain float64, shade func(x, y int) float64) image.Image {
	random := rand.New(rand.NewPCG(3, 3))
	picture := image.NewGray(image.Rect(0, 0, width, height))
	for i := range picture.Pix {
		picture.Pix[i] = byte(min(max(shade(i%width, i/width)+grain*random.NormFloat64(), 0), 255))
	}
	return picture
}

// printed is the shade of a page of letters, each of 5 by 7 dots, with a space after
// every sixth.
func printed(x, y int) float64 {
	const dot = 6 // pixels
	column, row := x/dot%6, y/dot%11
	letter := x / dot / 6
	if column == 5 || row > 6 || letter%6 == 5 {
		return 225
	}
	shapes := rand.New(rand.NewPCG(uint64(letter*7919+y/dot/11*104729)%40, 1))
	var dark bool
	for range column*7 + row + 1 {
		dark = shapes.IntN(2) == 0
	}
	if dark {
		return 40
	}
	return 225
}

// walled is the shade of a wall of bricks.
func walled(x, y int) float64 {
	if y%60 < 8 || (x+y/60%2*60)%120 < 8 {
		return 190
	}
	return 90 + 20*math.Sin(float64(x/120*7+y/60*3))
}

// clouded is the shade of soft shapes of all sizes.
func clouded(x, y int) float64 {
	shade := 128.0
	for size := 2000.0; size > 8; size /= 2.3 {
		shade += size / 40 * math.Sin(float64(x)/size*3+math.Cos(float64(y)/size*5)) * math.Cos(float64(y)/size*4-float64(x)/size)
	}
	return shade
}

func BenchmarkReadPicture(b *testing.B) {
	code := codesOf(b, requestText(480), NormalDensity)
	screen, err := code[0].PNG(ModulePixels)
	if err != nil {
		b.Fatal(err)
	}
	gray := func(int, int) float64 { return 128 }
	pictures := []struct {
		name string
		data []byte
		want error
	}{
		{"screen", screen, nil},
		{"photograph of 12 megapixels", jpegFile(b, photographed(code, 38, 1), 85), nil},
		{"photograph of six codes", jpegFile(b, photographed(codesOf(b, longRequest(5_000, false), LowDensity)[:6], 8, 1), 85), nil},
		{"photograph of 24 codes", jpegFile(b, photographed(codesOf(b, longRequest(8_000, false), LowDensity)[:24], 11, 1), 85), nil},
		{"12 megapixels of letters", jpegFile(b, withoutCode(4000, 3000, 8, printed), 85), ErrNoCode},
		{"12 megapixels of bricks", jpegFile(b, withoutCode(4000, 3000, 8, walled), 85), ErrNoCode},
		{"12 megapixels of clouds", jpegFile(b, withoutCode(4000, 3000, 8, clouded), 85), ErrNoCode},
		{"1 megapixel of noise", jpegFile(b, withoutCode(1000, 1000, 60, gray), 95), ErrNoCode},
		{"4 megapixels of noise", jpegFile(b, withoutCode(2000, 2000, 60, gray), 95), ErrNoCode},
	}
	for _, p := range pictures {
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := ReadPicture(b.Context(), p.data); !errors.Is(err, p.want) {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCodes(b *testing.B) {
	requests := []struct {
		name    string
		carried string
	}{
		{"plain", requestText(480)},
		{"20 KB", longRequest(20_000, true)},
	}
	for _, r := range requests {
		b.Run(r.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Codes(r.carried, Drawing{}, Reader{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
