package main

import (
	"fmt"
	"math"
)

// sizes are two screens in one picture, of which one shows modules one to three times as
// large as the other. The second code is the one drawn after the first.
func sizes(s *shot) []string {
	small := s.random(3, 4.5)
	large := small * s.ratio(1, 3.2)
	other := s.singles[(s.number+1)%len(s.singles)]
	s.texts = []string{s.code.text, other.text}
	first := s.seen(large, s.random(-8, 8), 0.02)
	second := (&shot{Rand: s.Rand, code: other}).seen(small, s.random(-8, 8), 0.02)
	args := append([]string{"-background", "gray40", "("}, first...)
	args = append(append(args, "-bordercolor", "gray40", "-border", "20", ")", "("), second...)
	return s.seenByPhone(append(args, "-bordercolor", "gray40", "-border", "30", ")", "-gravity", "Center", "+append", "+repage"))
}

// page returns a kind: a page of so many codes of version 10, in 12 megapixels.
func page(across, down int) func(*shot) []string {
	return func(s *shot) []string {
		const fine = 4 // pixels per module before
		gap := 8 + s.IntN(16)
		pitch := s.small[0].modules + gap
		wide, tall := across*pitch+2*gap, down*pitch+2*gap
		args := []string{"-size", fmt.Sprintf("%dx%d", wide, tall), "xc:white", "-colorspace", "Gray"}
		for i := range across * down {
			code := s.small[(s.number+i)%len(s.small)]
			s.texts = append(s.texts, code.text)
			args = append(args, code.file, "-geometry",
				fmt.Sprintf("+%d+%d", gap+i%across*pitch, gap+i/across*pitch), "-compose", "Over", "-composite")
		}
		args = append(args, "-scale", fmt.Sprintf("%d%%", 100*fine))
		s.size = fmt.Sprintf("%dx%d", wide*fine, tall*fine)
		args = append(args, s.taken(fine*0.6)...)
		const width, height = 3000, 4000
		side := min(width*0.92/float64(wide), height*0.92/float64(tall)) * s.random(0.85, 1)
		w, h := side*float64(wide), side*float64(tall)
		q := rectangle(w, h, s.random(-5, 5)).slanted(s.Rand, s.between(0, 0.04)*w).moved(width/2, height/2)
		return s.camera(width, height, args, q, float64(wide*fine), float64(tall*fine))
	}
}

// moire is a screen's grid of pixels, photographed by a camera that has one too.
func moire(s *shot) []string {
	pixels := s.random(4, 7)
	args := s.seen(pixels, s.random(-5, 5), 0.02)
	period := s.random(1.6, 3.2) // of the screen's pixels in the picture's
	angle := s.random(-0.1, 0.1)
	wave := func(along, across string, turn float64) string {
		return fmt.Sprintf("(0.5+0.5*sin(6.2832*(%s+%.4f*%s)/%.4f))", along, turn, across, period)
	}
	depth := s.between(0.2, 0.75)
	return s.seenByPhone(append(args, "-fx", fmt.Sprintf("(0.1+0.75*u)*(1-%.3f*%s*%s)", depth, wave("i", "j", angle), wave("j", "i", -angle))))
}

// banding is a screen that flickers, which a rolling shutter shows as dark bands.
func banding(s *shot) []string {
	args := append(s.seen(s.random(4, 7), s.random(-5, 5), 0.02), "+level", "8%,92%")
	period := s.random(12, 60)
	depth := s.between(0.4, 0.93)
	return s.seenByPhone(append(args, "-fx", fmt.Sprintf("u*(1-%.3f*(0.5+0.5*sin(6.2832*j/%.2f)))", depth, period*math.Pi)))
}

// dim is a picture by night: dark, full of noise, and compressed.
func dim(s *shot) []string {
	args := append(s.seen(s.random(4, 7), s.random(-6, 6), 0.03), "-blur", "0x0.9",
		"+level", fmt.Sprintf("3%%,%.0f%%", s.between(30, 10)))
	return append(args, "-attenuate", num(s.between(0.4, 1.1)), "+noise", "Gaussian", "-quality", num(s.between(80, 40)))
}
