package scan

import "math"

// pattern is a square of modules that stands in every code: rings, dark and
// light in turn.
type pattern struct {
	reach  int       // the modules from its middle to its edge
	shape  []float64 // row by row, dark negative, with the mean taken off
	spread float64   // the sum of the squares
}

var (
	finderPattern    = rings(1, 1, 0, 1)
	alignmentPattern = rings(1, 0, 1)
)

// rings makes a pattern of its rings, from the middle out, 1 for dark.
func rings(dark ...int) pattern {
	p := pattern{reach: len(dark) - 1}
	mean := 0.0
	p.each(func(x, y int) {
		shade := 1 - float64(dark[max(x, -x, y, -y)])
		p.shape = append(p.shape, shade)
		mean += shade
	})
	mean /= float64(len(p.shape))
	for i := range p.shape {
		p.shape[i] -= mean
		p.spread += p.shape[i] * p.shape[i]
	}
	return p
}

// each goes through the modules, row by row; 0, 0 is the middle.
func (p pattern) each(module func(x, y int)) {
	for y := -p.reach; y <= p.reach; y++ {
		for x := -p.reach; x <= p.reach; x++ {
			module(x, y)
		}
	}
}

// likeness is how alike the picture is to the pattern around a place, with the
// steps to the next modules: 1 perfectly, 0 not at all, -1 to its opposite.
func (p pattern) likeness(g Gray, middle, right, down point) float64 {
	const flat = 1 // of the squares' sum, a module: nothing is to be seen there
	var sum, squares, product float64
	i := 0
	p.each(func(x, y int) {
		v := g.at(middle.add(right.times(float64(x))).add(down.times(float64(y))))
		sum += v
		squares += v * v
		product += v * p.shape[i]
		i++
	})
	n := float64(len(p.shape))
	spread := squares - sum*sum/n
	if spread < flat*n {
		return 0
	}
	return product / math.Sqrt(spread*p.spread)
}
