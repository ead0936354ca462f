package scan

import "math"

// pattern is a square of modules that is in every code: rings, alternately dark and
// light.
type pattern struct {
	reach  int       // number of modules from the center to the edge
	shape  []float64 // row by row, dark is negative, with a mean of zero
	spread float64   // the sum of the squares
}

var (
	finderPattern    = rings(1, 1, 0, 1)
	alignmentPattern = rings(1, 0, 1)
)

// rings returns a pattern of rings, from the center out, 1 for dark.
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

// each calls module for all modules, row by row; 0, 0 is the center.
func (p pattern) each(module func(x, y int)) {
	for y := -p.reach; y <= p.reach; y++ {
		for x := -p.reach; x <= p.reach; x++ {
			module(x, y)
		}
	}
}

// likeness returns how alike the picture and the pattern are, given the pattern's center
// and the steps to the next modules: 1 for perfectly, 0 for not at all, -1 for the
// opposite.
func (p pattern) likeness(g Gray, middle, right, down point) float64 {
	const flat = 1 // variance per module below which nothing can be seen
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
