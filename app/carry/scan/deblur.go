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
// picture once blurred (Van Cittert's iteration, clamped). The picture is even.
func (s shades) deblurred(blur float64) shades {
	code := shades{slices.Clone(s.values), s.modules}
	again := shades{make([]float32, len(s.values)), s.modules}
	shares := sharesOf(blur)
	for range deblurSteps {
		code.blur(&again, shares)
		for i, seen := range again.values {
			v := code.values[i] + deblurPace*(s.values[i]-seen)
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

// blurReach is how far a module's light is spread, in modules.
const blurReach = 2

// sharesOf returns the share of a module's light that it keeps, and that each neighbor on
// one line gets, the nearest first.
func sharesOf(blur float64) (shares [blurReach + 1]float32) {
	total := 0.0
	for i := range shares {
		from, to := (float64(i)-0.5)/(blur*math.Sqrt2), (float64(i)+0.5)/(blur*math.Sqrt2)
		share := math.Erf(to) - math.Erf(from)
		shares[i] = float32(share)
		total += share
		if i > 0 {
			total += share
		}
	}
	for i := range shares {
		shares[i] /= float32(total)
	}
	return shares
}

// blur stores the modules as a camera out of focus shows them, on white paper.
func (s shades) blur(out *shades, shares [blurReach + 1]float32) {
	n := s.modules
	paper := slices.Repeat([]float32{1}, n+2*blurReach)
	line := slices.Clone(paper)
	spread := func(y int) []float32 { return out.values[y*n : (y+1)*n] }
	for y := range n {
		copy(line[blurReach:], s.values[y*n:(y+1)*n])
		for x, row := 0, spread(y); x < len(row); x++ {
			at := line[x : x+2*blurReach+1]
			row[x] = shares[0]*at[2] + shares[1]*(at[1]+at[3]) + shares[2]*(at[0]+at[4])
		}
	}
	// The rows above are those before they were spread down.
	above := [blurReach][]float32{slices.Clone(paper[:n]), slices.Clone(paper[:n])}
	for y := range n {
		below := [blurReach][]float32{paper[:n], paper[:n]}
		for i := range below {
			if y+1+i < n {
				below[i] = spread(y + 1 + i)
			}
		}
		row, a, b, c, d := spread(y), above[0], above[1], below[0], below[1]
		for x, here := range row {
			row[x] = shares[0]*here + shares[1]*(b[x]+c[x]) + shares[2]*(a[x]+d[x])
			a[x] = here
		}
		above[0], above[1] = b, a
	}
}

// extremes returns for each module the least or greatest shade around it.
func (s shades) extremes(radius int, extreme func(a, b float32) float32) shades {
	return s.extremesAcross(radius, extreme).transposed().extremesAcross(radius, extreme).transposed()
}

// extremesAcross returns for each module the least or greatest shade of those in its row
// that are within the radius. A row is compared with itself at distances that double.
func (s shades) extremesAcross(radius int, extreme func(a, b float32) float32) shades {
	out := shades{make([]float32, 0, len(s.values)), s.modules}
	line := make([]float32, s.modules+2*radius)
	for y := range s.modules {
		for i := range line {
			line[i] = s.at(i-radius, y)
		}
		width := 1 // of what each place of the line stands for, to the right
		for ; 2*width <= 2*radius+1; width *= 2 {
			for i := range len(line) - width {
				line[i] = extreme(line[i], line[i+width])
			}
		}
		for i := range s.modules {
			out.values = append(out.values, extreme(line[i], line[i+2*radius+1-width]))
		}
	}
	return out
}

// transposed returns the modules with rows and columns swapped.
func (s shades) transposed() shades {
	out := shades{make([]float32, 0, len(s.values)), s.modules}
	for x := range s.modules {
		for y := range s.modules {
			out.values = append(out.values, s.values[y*s.modules+x])
		}
	}
	return out
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
