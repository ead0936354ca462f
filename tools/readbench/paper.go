package main

import (
	"fmt"
	"math"
)

// on puts the code on a surface before ImageMagick sees it.
func (s *shot) on(surface surface) []string {
	surface.Code = s.code.file
	s.surface = &surface
	side := fmt.Sprint(math.Round(float64(s.code.modules) * surface.Pixels))
	s.size = side + "x" + side
	return []string{paperStdin, "-colorspace", "Gray"}
}

// seenByPhone adds light, lens, sensor and compression, so little that they alone would
// not matter.
func (s *shot) seenByPhone(args []string) []string {
	return append(args, "+level", "14%,88%", "-blur", "0x0.7", "-attenuate", "0.25", "+noise", "Gaussian", "-quality", "85")
}

// curved is a code around a bottle, by 40 to 130 degrees, or on a page that curls by so
// much at one side.
func curved(s *shot) []string {
	angle := s.between(40, 130)
	page := surface{
		Pixels: s.random(4, 8), Across: 90*float64(s.IntN(2)) + s.random(-12, 12),
		Tilt: s.random(0, 15), Toward: s.random(0, 360), Roll: s.random(-10, 10), Distance: s.random(2, 4),
	}
	if s.IntN(4) == 0 {
		angle *= -1 // into a hollow
	}
	if s.number%2 == 0 {
		page.Bends = []bend{{0, 1, angle}}
	} else {
		page.Bends = []bend{{s.random(-0.3, 0.3), 0.6, angle / 2}}
	}
	return s.seenByPhone(s.on(page))
}

// folded is a letter with one or two folds of 10 to 45 degrees.
func folded(s *shot) []string {
	page := surface{
		Pixels: s.random(4, 8), Across: 90*float64(s.IntN(2)) + s.random(-8, 8),
		Tilt: s.random(0, 15), Toward: s.random(0, 360), Roll: s.random(-10, 10), Distance: s.random(2, 4),
	}
	if s.IntN(3) == 0 {
		page.Across = s.random(0, 180)
	}
	angle := s.between(10, 45)
	page.Bends = []bend{{s.random(-0.3, 0.3), 0.01, angle}}
	if s.number%2 == 0 {
		page.Bends = []bend{{s.random(-0.35, -0.1), 0.01, angle}, {s.random(0.1, 0.35), 0.01, -angle * s.random(0.5, 1.2)}}
	}
	return s.seenByPhone(s.on(page))
}

// tilted is paper that lies flat before the camera, tilted by 25 to 50 degrees.
func tilted(s *shot) []string {
	return s.seenByPhone(s.on(surface{
		Pixels: s.random(5, 9), Tilt: s.between(25, 50), Toward: s.random(0, 360),
		Roll: s.random(0, 360), Distance: s.random(1.5, 3),
	}))
}

// torn is a page of which a corner is missing, up to a tenth of the code's side.
func torn(s *shot) []string {
	args := s.seen(s.random(4, 8), s.random(-6, 6), 0.02)
	reach := s.between(2, 10)
	corner := [][2]float64{{100, 100}, {100, 100}, {100, 0}, {0, 100}, {0, 0}}[s.number%5]
	if corner != [2]float64{100, 100} {
		reach *= 0.5 // a finder pattern
	}
	edge := 3 + reach + 100*4/float64(s.code.modules)
	x, y := math.Abs(corner[0]-edge), math.Abs(corner[1]-edge)
	args = append(args, s.over("Multiply", "-fill", fmt.Sprintf("gray(%d%%)", 20+s.IntN(50)),
		"-draw", fmt.Sprintf("polygon %.1f,%.1f %.1f,%.1f %.1f,%.1f", corner[0], corner[1], x, corner[1], corner[0], y))...)
	return s.seenByPhone(args)
}

// glare is a lamp that a glossy page reflects, with white in the middle.
func glare(s *shot) []string {
	args := append(s.seen(s.random(4, 8), s.random(-6, 6), 0.03), "+level", "10%,75%")
	args = append(args, s.over("Screen",
		"-fill", "black", "-colorize", "100", "-fill", "white",
		"-draw", fmt.Sprintf("translate %d,%d circle 0,0 0,%.1f", 25+s.IntN(50), 25+s.IntN(50), s.between(5, 14)),
		"-blur", "0x"+num(s.random(3, 7)))...)
	return s.seenByPhone(args)
}

// thermal is a receipt: the printer's head has dots that are worn out, and leaves light
// lines along the paper; the ink is faint.
func thermal(s *shot) []string {
	pixels := s.random(4, 7)
	lines := []string{"-fill", "white"}
	args := append(s.seen(pixels, 0, 0), "+level", fmt.Sprintf("%.0f%%,95%%", s.between(20, 55)))
	small := []string{"-fill", "black", "-colorize", "100"}
	for range int(s.between(2, 9)) {
		x := s.random(5, 95)
		width := s.between(0.3, 1.1) * 100 / float64(s.code.modules)
		lines = append(lines, "-draw", fmt.Sprintf("rectangle %.2f,0 %.2f,100", x, x+width))
	}
	args = append(args, s.over("Screen", append(small, lines...)...)...)
	return s.seenByPhone(args)
}
