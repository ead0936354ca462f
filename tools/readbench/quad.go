package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

type point struct{ x, y float64 }

// quad is a rectangle as seen in perspective: its corners top left, top right, bottom
// right and bottom left.
type quad [4]point

// rectangle returns a rectangle around the origin, turned by an angle in degrees.
func rectangle(width, height, angle float64) quad {
	sin, cos := math.Sincos(angle * math.Pi / 180)
	var q quad
	for i, corner := range [4]point{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		x, y := corner.x*width/2, corner.y*height/2
		q[i] = point{x*cos - y*sin, x*sin + y*cos}
	}
	return q
}

// slanted moves each corner at random, by at most most along x and y.
func (q quad) slanted(r *rand.Rand, most float64) quad {
	for i := range q {
		q[i].x += most * (2*r.Float64() - 1)
		q[i].y += most * (2*r.Float64() - 1)
	}
	return q
}

// moved moves all corners.
func (q quad) moved(x, y float64) quad {
	for i := range q {
		q[i].x += x
		q[i].y += y
	}
	return q
}

// bounds returns the least and the greatest coordinates.
func (q quad) bounds() (least, most point) {
	least, most = q[0], q[0]
	for _, p := range q {
		least = point{min(least.x, p.x), min(least.y, p.y)}
		most = point{max(most.x, p.x), max(most.y, p.y)}
	}
	return least, most
}

// from returns the argument of ImageMagick's perspective distortion that maps a rectangle
// to q.
func (q quad) from(width, height float64) string {
	var pairs strings.Builder
	for i, corner := range [4]point{{0, 0}, {width, 0}, {width, height}, {0, height}} {
		fmt.Fprintf(&pairs, "%g,%g %.2f,%.2f ", corner.x, corner.y, q[i].x, q[i].y)
	}
	return strings.TrimSpace(pairs.String())
}
