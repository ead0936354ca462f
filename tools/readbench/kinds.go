package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
)

// A kind is one way in which pictures are bad. Lengths are in modules of the code, so
// that a severity means the same at every size.
type kind struct {
	name   string
	count  int
	format string
	recipe func(*shot) []string // ImageMagick's arguments without the output file
}

// A shot is a picture that is being planned.
type shot struct {
	*rand.Rand
	number   int
	severity float64 // 0 is the easiest of its kind, 1 the hardest
	code     *drawing
	singles  []*drawing // for pictures of two codes
	frames   []*drawing // for sheets
	small    []*drawing // for pages
	texts    []string   // of the codes in it, if not only that of code
	surface  *surface   // that the code is on, if it is not flat
	size     string     // of the picture so far, as ImageMagick's argument
}

var kinds = []kind{
	{"clean", 33, "png", clean},
	{"scale", 66, "png", scale},
	{"rotation", 33, "png", rotation},
	{"blur", 66, "png", blur},
	{"motion", 33, "png", motion},
	{"jpeg", 33, "jpg", compression},
	{"noise", 66, "png", noise},
	{"perspective-5", 66, "png", perspective(0.05)},
	{"perspective-12", 33, "png", perspective(0.12)},
	{"light", 66, "png", light},
	{"inverted", 33, "png", inverted},
	{"photograph", 99, "jpg", photograph},
	{"sheet", 33, "jpg", sheet},
	{"curved", 24, "jpg", curved},
	{"folded", 24, "jpg", folded},
	{"tilted", 24, "jpg", tilted},
	{"torn", 24, "jpg", torn},
	{"glare", 24, "jpg", glare},
	{"thermal", 24, "jpg", thermal},
	{"sizes", 24, "jpg", sizes},
	{"page-12", 12, "jpg", page(3, 4)},
	{"page-24", 12, "jpg", page(4, 6)},
	{"moire", 24, "jpg", moire},
	{"banding", 24, "jpg", banding},
	{"dim", 24, "jpg", dim},
}

func kindNames() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// between returns a value between easy and hard, linear in the severity.
func (s *shot) between(easy, hard float64) float64 { return easy + (hard-easy)*s.severity }

// ratio is like between, but geometric instead of linear.
func (s *shot) ratio(easy, hard float64) float64 { return easy * math.Pow(hard/easy, s.severity) }

// random returns a random number between least and most.
func (s *shot) random(least, most float64) float64 { return least + (most-least)*s.Float64() }

// num formats a number for ImageMagick.
func num(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }

// whole draws the code with a whole number of pixels per module.
func (s *shot) whole(pixels int) []string {
	return []string{s.code.file, "-colorspace", "Gray", "-scale", fmt.Sprintf("%d%%", 100*pixels)}
}

// seen draws the code on white at a scale in pixels per module, turned by angle degrees,
// with its corners moved by up to slant times its side.
func (s *shot) seen(pixels, angle, slant float64) []string {
	const fine = 8 // pixels per module before
	side := float64(s.code.modules) * pixels
	q := rectangle(side, side, angle).slanted(s.Rand, slant*side)
	least, most := q.bounds()
	const margin = 8
	q = q.moved(margin-least.x, margin-least.y)
	s.size = fmt.Sprintf("%.0fx%.0f", most.x-least.x+2*margin, most.y-least.y+2*margin)
	before := float64(s.code.modules * fine)
	return append(s.whole(fine), "-virtual-pixel", "white",
		"-define", "distort:viewport="+s.size+"+0+0",
		"-distort", "Perspective", q.from(before, before), "+repage")
}

func clean(s *shot) []string { return s.whole(3 + s.IntN(8)) }

// scale makes modules of 12 to 1.8 pixels smoothly, or of 12 to 2.2 pixels unevenly, like
// programs that drop pixels.
func scale(s *shot) []string {
	ways := []struct {
		filter string
		least  float64
	}{{"Lanczos", 1.8}, {"Triangle", 1.8}, {"Point", 2.2}}
	way := ways[s.number/3%len(ways)]
	side := float64(s.code.modules) * s.ratio(12, way.least)
	return append(s.whole(12), "-filter", way.filter, "-resize", fmt.Sprintf("%.0fx", side))
}

func rotation(s *shot) []string { return s.seen(s.ratio(8, 2.1), s.random(0, 360), 0) }

// blur is Gaussian, with a sigma of 0.15 to 0.8 modules.
func blur(s *shot) []string {
	pixels := s.random(3, 8)
	return append(s.seen(pixels, s.random(-3, 3), 0), "-blur", "0x"+num(pixels*s.between(0.15, 0.8)))
}

// motion is a blur in one direction, with a sigma of 0.3 to 1.6 modules.
func motion(s *shot) []string {
	pixels := s.random(3, 8)
	return append(s.seen(pixels, s.random(-3, 3), 0),
		"-motion-blur", fmt.Sprintf("0x%s%+.0f", num(pixels*s.between(0.3, 1.6)), s.random(0, 360)))
}

func compression(s *shot) []string {
	return append(s.seen(s.random(2.5, 6), s.random(-3, 3), 0), "-quality", num(s.between(40, 5)))
}

// noise is like a sensor's or like broken pixels, in turn.
func noise(s *shot) []string {
	ways := [][]string{
		{"-attenuate", num(s.between(0.5, 5)), "+noise", "Gaussian"},
		{"-attenuate", num(s.between(0.5, 5)), "+noise", "Impulse"},
	}
	return append(append(s.seen(s.random(3, 8), s.random(-3, 3), 0), "+level", "15%,85%"), ways[s.number/3%len(ways)]...)
}

// perspective moves each corner by up to share times the side, and in the easiest
// pictures by up to a third of that.
func perspective(share float64) func(*shot) []string {
	return func(s *shot) []string {
		return s.seen(s.random(3.5, 8), s.random(-10, 10), s.between(share/3, share))
	}
}

func light(s *shot) []string {
	pixels := s.random(3, 8)
	return append(append(s.seen(pixels, s.random(-3, 3), 0), "+level", "8%,92%"), s.lit(s.number/3)...)
}

// lit adds one of several lights or shadows to the picture.
func (s *shot) lit(way int) []string {
	dark := fmt.Sprintf("gray(%.0f%%)", s.between(70, 6))
	ways := [][]string{
		s.over("Multiply", // a shadow with a linear gradient
			"-sparse-color", "Barycentric", fmt.Sprintf("0,0 %s %d,100 white 100,%d white", dark, s.IntN(100), s.IntN(100))),
		s.over("Multiply", // a vignette
			"-sparse-color", "Shepards", fmt.Sprintf("50,50 white 0,0 %[1]s 99,0 %[1]s 0,99 %[1]s 99,99 %[1]s", dark)),
		s.over("Multiply", // the shadow of a hand with a clear edge
			"-fill", dark, "-draw", fmt.Sprintf("polygon 0,0 %d,0 %d,100 0,100", 20+s.IntN(60), 20+s.IntN(60)),
			"-blur", "0x"+num(s.random(0.7, 4))),
		s.over("Screen", // the glare of a lamp
			"-fill", "black", "-colorize", "100", "-fill", fmt.Sprintf("gray(%.0f%%)", s.between(40, 95)),
			"-draw", fmt.Sprintf("translate %d,%d circle 0,0 0,%d", 25+s.IntN(50), 25+s.IntN(50), 10+s.IntN(12)),
			"-blur", "0x"+num(s.random(6, 12))),
		{"+level", fmt.Sprintf("%.0f%%,%.0f%%", 50-s.between(20, 1.5), 50+s.between(20, 1.5))}, // low contrast
	}
	return ways[way%len(ways)]
}

// over draws a small picture, and combines it with the whole picture by ImageMagick's
// compose operator.
func (s *shot) over(operator string, small ...string) []string {
	args := append([]string{"(", "-size", "100x100", "xc:white", "-colorspace", "Gray"}, small...)
	return append(args, "-filter", "Triangle", "-resize", s.size+"!", ")", "-compose", operator, "-composite")
}

func inverted(s *shot) []string {
	return append(s.seen(s.ratio(8, 2.5), s.random(-5, 5), s.between(0, 0.03)), "-negate")
}
