package scan

import (
	"context"
	"slices"

	"handback/app/carry/scan/qr"
)

// shades are the modules of a code as the picture shows them, row by row, from 0 for
// black to 255 for white.
type shades struct {
	values  []float32
	modules int
}

// sampled returns the shade of each module around its center, of a code whose places, in
// modules, are at these in the picture.
func sampled(g Gray, modules int, place func(x, y float64) point) shades {
	all := shades{make([]float32, 0, modules*modules), modules}
	for y := range modules {
		for x := range modules {
			const aside = 0.2
			cx, cy := float64(x)+0.5, float64(y)+0.5
			v := 2*g.at(place(cx, cy)) + g.at(place(cx-aside, cy)) + g.at(place(cx+aside, cy)) +
				g.at(place(cx, cy-aside)) + g.at(place(cx, cy+aside))
			all.values = append(all.values, float32(v/6))
		}
	}
	return all
}

// at returns a module's shade, or that of the nearest edge outside.
func (s shades) at(x, y int) float32 {
	x, y = min(max(x, 0), s.modules-1), min(max(y, 0), s.modules-1)
	return s.values[y*s.modules+x]
}

// crisp removes the blur from the neighboring modules.
func (s shades) crisp(strength float32) shades {
	sharp := shades{make([]float32, 0, len(s.values)), s.modules}
	for y := range s.modules {
		for x := range s.modules {
			sides := s.at(x-1, y) + s.at(x+1, y) + s.at(x, y-1) + s.at(x, y+1)
			diagonals := s.at(x-1, y-1) + s.at(x+1, y-1) + s.at(x-1, y+1) + s.at(x+1, y+1)
			around := sides/6 + diagonals/12
			sharp.values = append(sharp.values, s.at(x, y)+strength*(s.at(x, y)-around))
		}
	}
	return sharp
}

// sums are, for each corner between modules, the sum of all shades above and to the left
// of it.
type sums struct {
	values  []float32
	modules int
}

func (s shades) sums() sums {
	width := s.modules + 1
	all := make([]float32, width*width)
	for y := range s.modules {
		for x := range s.modules {
			all[(y+1)*width+x+1] = s.at(x, y) + all[y*width+x+1] + all[(y+1)*width+x] - all[y*width+x]
		}
	}
	return sums{all, s.modules}
}

// mean returns the mean of the square of a radius around a module, as far as it is on the
// code.
func (s sums) mean(x, y, radius int) float32 {
	left, right := max(x-radius, 0), min(x+radius+1, s.modules)
	top, bottom := max(y-radius, 0), min(y+radius+1, s.modules)
	width := s.modules + 1
	sum := s.values[bottom*width+right] - s.values[top*width+right] - s.values[bottom*width+left] + s.values[top*width+left]
	return sum / float32((bottom-top)*(right-left))
}

// bits separates dark from light modules by comparing each with those around it, of which
// about half are dark in any code. The difference is how sure a module is.
func (s shades) bits() qr.Matrix {
	const radius = 5
	around := s.sums()
	m := qr.Matrix{Dark: make([]bool, 0, len(s.values)), Size: s.modules, Sureness: make([]float32, 0, len(s.values))}
	for y := range s.modules {
		for x := range s.modules {
			off := s.at(x, y) - around.mean(x, y, radius)
			m.Dark = append(m.Dark, off < 0)
			m.Sureness = append(m.Sureness, max(off, -off))
		}
	}
	return m
}

// restorations are the ways of removing a little blur, tried in order.
var restorations = []func(shades) shades{
	func(s shades) shades { return s },
	func(s shades) shades { return s.crisp(1) },
	func(s shades) shades { return s.crisp(2.5) },
}

// text decodes the modules, also after removing a little blur.
func (s shades) text() (string, bool) {
	for _, restored := range restorations {
		m := restored(s).bits()
		m.Sureness = nil
		if text, ok := qr.Decode(m); ok {
			return text, true
		}
	}
	return "", false
}

// unsureRestorations are the ways of removing what makes whole rows or columns unsure.
var unsureRestorations = append(slices.Clone(restorations),
	func(s shades) shades { return s.unstriped() },
	func(s shades) shades { return s.transposed().unstriped().transposed() },
)

// unsureText decodes the modules if those that are wrong are unsure.
func (s shades) unsureText() (string, bool) {
	for _, restored := range unsureRestorations {
		if text, ok := qr.Decode(restored(s).bits()); ok {
			return text, true
		}
	}
	return "", false
}

// unstriped removes stripes along the columns, like those of a worn printer: it subtracts
// from each module the mean of those above and below it. A column that is a stripe from
// edge to edge is unsure then.
func (s shades) unstriped() shades {
	const radius = 16
	even := shades{make([]float32, len(s.values)), s.modules}
	for x := range s.modules {
		for y := range s.modules {
			first, last := max(y-radius, 0), min(y+radius, s.modules-1)
			sum := float32(0)
			for i := first; i <= last; i++ {
				sum += s.at(x, i)
			}
			even.values[y*s.modules+x] = s.at(x, y) - sum/float32(last-first+1)
		}
	}
	return even
}

// blurredText decodes the modules after undoing more blur.
func (s shades) blurredText(ctx context.Context) (string, bool) {
	even := s.evened()
	for _, blur := range blurs {
		if ctx.Err() != nil {
			break
		}
		if text, ok := qr.Decode(even.deblurred(blur).bits()); ok {
			return text, true
		}
	}
	return "", false
}
