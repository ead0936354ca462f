package scan

import (
	"math"
	"slices"
)

// blurs are the amounts of blur to undo, each the standard deviation of a Gaussian in
// modules. They are for pictures that sharpening does not make readable. With more than
// about one module of blur, a code is lost.
var blurs = []float64{0.5, 0.65, 0.8, 0.95}

const (
	deblurSteps = 24
	deblurPace  = 1.6 // step size; from 2 on the iteration diverges
)

// deblurred returns the modules, each between black and white, that would look like the
// picture once blurred (Van Cittert's iteration, clamped).
func (s shades) deblurred(blur float64) shades {
	picture := s.evened()
	code := shades{slices.Clone(picture.values), s.modules}
	for range deblurSteps {
		again := code.blurred(blur)
		for i := range code.values {
			v := code.values[i] + deblurPace*(picture.values[i]-again.values[i])
			code.values[i] = min(max(v, 0), 1)
		}
	}
	return code
}

// evened removes differences of light: black is 0 and white is 1 everywhere.
func (s shades) evened() shades {
	const radius = 8
	black := s.extremes(radius, func(a, b float32) float32 { return min(a, b) }).averaged(radius)
	white := s.extremes(radius, func(a, b float32) float32 { return max(a, b) }).averaged(radius)
	even := shades{make([]float32, len(s.values)), s.modules}
	for i, v := range s.values {
		even.values[i] = min(max((v-black.values[i])/max(white.values[i]-black.values[i], 1), 0), 1)
	}
	return even
}

// blurred returns the modules as a camera out of focus shows them, on white paper.
func (s shades) blurred(blur float64) shades {
	const reach = 2
	var share [2*reach + 1]float32 // of a module's light on each of its neighbors
	total := float32(0)
	for i := range share {
		from := (float64(i-reach) - 0.5) / (blur * math.Sqrt2)
		to := (float64(i-reach) + 0.5) / (blur * math.Sqrt2)
		share[i] = float32(math.Erf(to) - math.Erf(from))
		total += share[i]
	}
	for i := range share {
		share[i] /= total
	}
	pass := func(in shades, dx, dy int) shades {
		out := shades{make([]float32, 0, len(in.values)), in.modules}
		for y := range in.modules {
			for x := range in.modules {
				sum := float32(0)
				for i, part := range share {
					px, py := x+dx*(i-reach), y+dy*(i-reach)
					if px < 0 || py < 0 || px >= in.modules || py >= in.modules {
						sum += part // paper
						continue
					}
					sum += part * in.values[py*in.modules+px]
				}
				out.values = append(out.values, sum)
			}
		}
		return out
	}
	return pass(pass(s, 1, 0), 0, 1)
}

// extremes returns for each module the least or greatest shade around it.
func (s shades) extremes(radius int, extreme func(a, b float32) float32) shades {
	pass := func(in shades, dx, dy int) shades {
		out := shades{make([]float32, 0, len(in.values)), in.modules}
		for y := range in.modules {
			for x := range in.modules {
				v := in.at(x, y)
				for i := -radius; i <= radius; i++ {
					v = extreme(v, in.at(x+i*dx, y+i*dy))
				}
				out.values = append(out.values, v)
			}
		}
		return out
	}
	return pass(pass(s, 1, 0), 0, 1)
}

// averaged returns for each module the mean of the shades around it.
func (s shades) averaged(radius int) shades {
	sums := s.sums()
	mean := shades{make([]float32, 0, len(s.values)), s.modules}
	for y := range s.modules {
		for x := range s.modules {
			mean.values = append(mean.values, sums.mean(x, y, radius))
		}
	}
	return mean
}
