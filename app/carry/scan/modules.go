package scan

import (
	"context"

	"handback/app/carry/scan/qr"
)

// shades are the modules of a code as the picture shows them, row by row, 0
// black and 255 white.
type shades struct {
	values  []float32
	modules int
}

// sampled takes each module's shade from its middle.
func (s *sheet) sampled(g Gray) shades {
	all := shades{make([]float32, 0, s.modules*s.modules), s.modules}
	for y := range s.modules {
		for x := range s.modules {
			cx, cy := float64(x)+0.5, float64(y)+0.5
			p := s.place(cx, cy)
			const aside = 0.2
			right := s.at(cx+aside, cy).sub(s.at(cx-aside, cy)).times(0.5)
			down := s.at(cx, cy+aside).sub(s.at(cx, cy-aside)).times(0.5)
			v := 2*g.at(p) + g.at(p.add(right)) + g.at(p.sub(right)) + g.at(p.add(down)) + g.at(p.sub(down))
			all.values = append(all.values, float32(v/6))
		}
	}
	return all
}

// at is a module's shade; outside it is that of the nearest edge.
func (s shades) at(x, y int) float32 {
	x, y = min(max(x, 0), s.modules-1), min(max(y, 0), s.modules-1)
	return s.values[y*s.modules+x]
}

// crisp takes out what blur let flow over from the neighbors.
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

// sums are, for each corner between modules, the sum of all shades above and left
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

// mean is that of the square of a radius around a module, as far as it lies on
// the code.
func (s sums) mean(x, y, radius int) float32 {
	left, right := max(x-radius, 0), min(x+radius+1, s.modules)
	top, bottom := max(y-radius, 0), min(y+radius+1, s.modules)
	width := s.modules + 1
	sum := s.values[bottom*width+right] - s.values[top*width+right] - s.values[bottom*width+left] + s.values[top*width+left]
	return sum / float32((bottom-top)*(right-left))
}

// bits tells dark from light: each module against those around it, half of which
// are dark in any code.
func (s shades) bits() qr.Matrix {
	const radius = 5
	around := s.sums()
	dark := make([]bool, 0, len(s.values))
	for y := range s.modules {
		for x := range s.modules {
			dark = append(dark, s.at(x, y) < around.mean(x, y, radius))
		}
	}
	return qr.Matrix{Dark: dark, Size: s.modules}
}

// few is how many of the restorations are tried where it is doubtful that there
// is a code.
const few = 3

// restorations are ways of taking the blur out, tried one after the other.
var restorations = func() []func(shades) shades {
	all := []func(shades) shades{
		func(s shades) shades { return s },
		func(s shades) shades { return s.crisp(1) },
		func(s shades) shades { return s.crisp(2.5) },
	}
	for _, blur := range blurs {
		all = append(all, func(s shades) shades { return s.deblurred(blur) })
	}
	return all
}()

// text decodes the modules, with so many restorations.
func (s shades) text(ctx context.Context, restorations []func(shades) shades) (string, bool) {
	for _, restored := range restorations {
		if ctx.Err() != nil {
			break
		}
		if text, ok := qr.Decode(restored(s).bits()); ok {
			return text, true
		}
	}
	return "", false
}
