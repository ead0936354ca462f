package main

import (
	"fmt"
	"math"
)

// photograph is a code on paper before a textured ground, in 1 to 12 megapixels.
func photograph(s *shot) []string {
	const fine = 6 // pixels per module before
	megapixels := []float64{1, 2, 3, 5, 8, 12}[s.number/3%6]
	width, height := math.Sqrt(megapixels*1e6*4/3), math.Sqrt(megapixels*1e6*3/4)
	if s.IntN(2) == 0 {
		width, height = height, width
	}
	// side includes the quiet zone and a rim of paper.
	const rim = 6
	modules := float64(s.code.modules + 2*rim)
	side := min(height*s.random(0.3, 0.8), 0.8*width)
	side = max(side, modules*s.ratio(3.2, 2.3)) // with fewer pixels no camera could show the modules
	tilt := s.random(-20, 20)
	if s.IntN(4) == 0 {
		tilt = s.random(0, 360)
	}
	q := rectangle(side, side, tilt).slanted(s.Rand, s.between(0.02, 0.09)*side)
	q = q.moved(width/2+s.random(-0.08, 0.08)*width, height/2+s.random(-0.08, 0.08)*height)

	paper := append(s.whole(1), "-bordercolor", "white", "-border", fmt.Sprint(rim), "-scale", fmt.Sprintf("%d%%", 100*fine))
	s.size = fmt.Sprintf("%.0fx%.0f", modules*fine, modules*fine)
	paper = append(paper, s.taken(fine)...)
	return s.camera(width, height, paper, q, modules*fine, modules*fine)
}

// sheet is an A4 page with six frames of version 15 and modules of 0.6 mm, in 12
// megapixels.
func sheet(s *shot) []string {
	const (
		across, down  = 350, 495 // modules of 0.6 mm
		fine          = 4        // pixels per module before
		width, height = 3000, 4000
	)
	page := []string{"-size", fmt.Sprintf("%dx%d", across, down), "xc:white", "-colorspace", "Gray"}
	for i := range 6 {
		code := s.frames[(s.number+i)%len(s.frames)]
		s.texts = append(s.texts, code.text)
		gap := (across - 2*code.modules) / 3
		x, y := gap+i%2*(code.modules+gap), 60+i/2*(code.modules+45)
		page = append(page, code.file, "-geometry", fmt.Sprintf("+%d+%d", x, y), "-compose", "Over", "-composite")
		// A bar in place of the number below the code.
		page = append(page, "-fill", "black", "-draw", fmt.Sprintf("rectangle %d,%d %d,%d", x+30, y+code.modules+4, x+60, y+code.modules+8))
	}
	page = append(page, "-scale", fmt.Sprintf("%d%%", 100*fine))
	s.size = fmt.Sprintf("%dx%d", across*fine, down*fine)
	page = append(page, s.taken(fine)...)

	tall := height * s.random(0.78, 0.92)
	wide := tall * across / down
	q := rectangle(wide, tall, s.random(-6, 6)).slanted(s.Rand, s.between(0.01, 0.06)*wide).moved(width/2, height/2)
	return s.camera(width, height, page, q, across*fine, down*fine)
}

// taken adds the effects of paper, light and lens to a code with so many pixels per
// module.
func (s *shot) taken(pixels float64) []string {
	hard := s.severity
	s.severity *= 0.75 // less of each, since several come together
	args := append([]string{"+level", fmt.Sprintf("%.0f%%,%.0f%%", s.between(8, 25), s.between(95, 80))}, s.lit(s.IntN(4))...)
	s.severity = hard
	return append(args, "-blur", "0x"+num(pixels*s.between(0.1, 0.6)))
}

// camera puts a plane of planeWidth by planeHeight pixels before a textured ground, as
// the quad q, and makes a JPEG of the picture.
func (s *shot) camera(width, height float64, plane []string, q quad, planeWidth, planeHeight float64) []string {
	ground := fmt.Sprintf("%.0fx%.0f", width, height)
	args := []string{
		"(", "-size", "512x512", "plasma:gray" + fmt.Sprint(20+s.IntN(30)) + "-gray" + fmt.Sprint(50+s.IntN(30)), "-colorspace", "Gray",
		"-attenuate", "0.7", "+noise", "Gaussian", "-blur", "0x1.5", "-write", "mpr:ground", "+delete", ")",
		"-size", ground, "tile:mpr:ground",
		"(",
	}
	args = append(args, plane...)
	return append(args,
		"-alpha", "set", "-virtual-pixel", "transparent", "-filter", "Point", "-interpolate", "Bilinear",
		"+distort", "Perspective", q.from(planeWidth, planeHeight), ")",
		"-compose", "Over", "-flatten", "-alpha", "off",
		"-attenuate", num(s.ratio(0.1, 1.2)), "+noise", "Gaussian",
		"-type", "TrueColor", "-sampling-factor", "2x2", "-quality", num(s.between(90, 35)))
}
