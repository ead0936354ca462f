// Package scan reads QR codes in pictures: turned, at a slant, bent, blurred,
// badly lit, and several in one picture. It finds the codes and their modules
// itself; what the modules say is decoded by gozxing.
//
// It looks at the picture at several sizes, from small to large, and in several
// ways, from the quick to the thorough. All of it ends with its context, and
// takes time and memory in proportion to the picture.
package scan

import (
	"context"
)

const (
	// minSide is the least side of a picture that is looked at.
	minSide = 24
	// maxPixels bounds the largest size that is looked at. Codes in larger
	// pictures are large themselves.
	maxPixels = 16_000_000
	// thoroughPixels bounds the sizes on which the slow ways are tried.
	thoroughPixels = 4_000_000
	// surely is how well timing patterns alternate where there is a code.
	surely = 0.5
)

// way is one way of looking at a picture.
type way struct {
	thorough bool // only up to thoroughPixels
	prepare  func(Gray) Gray
}

var ways = []way{
	{prepare: func(g Gray) Gray { return g }},
	{thorough: true, prepare: func(g Gray) Gray { return g.sharpened(2, 2) }},
	{thorough: true, prepare: Gray.median},
	{thorough: true, prepare: Gray.inverted},
}

// Texts reads the codes in a picture, each once, those found first in front. It
// ends early, with what it has, when the context does.
func Texts(ctx context.Context, g Gray) []string {
	var sizes []Gray // from large to small
	for ; min(g.Width, g.Height) >= minSide; g = g.half() {
		if len(g.Pix) <= maxPixels {
			sizes = append(sizes, g)
		}
	}
	if len(sizes) > 0 && len(sizes[0].Pix) < 1_000_000 {
		sizes = append([]Gray{sizes[0].double()}, sizes...)
	}
	var found search
	for _, w := range ways {
		found.left = 0
		for i := len(sizes) - 1; i >= 0 && ctx.Err() == nil; i-- {
			if w.thorough && len(sizes[i].Pix) > thoroughPixels {
				break
			}
			if i == len(sizes)-1 {
				found.left = 0
			}
			found.scale = float64(sizes[i].Width) / float64(sizes[0].Width)
			found.look(ctx, w.prepare(sizes[i]))
			if len(found.texts) > 0 && found.left == 0 {
				return found.texts
			}
		}
		if len(found.texts) > 0 {
			return found.texts
		}
	}
	return found.texts
}

// search is what was found so far.
type search struct {
	texts []string
	areas []area
	scale float64 // of the size that is looked at, to the largest one
	left  int     // places of this size that are surely codes but were not read
}

// area is where a code lies, by its corners in pixels of the largest size.
type area [4]point

func (a area) holds(p point) bool {
	for i, corner := range a {
		if cross(a[(i+1)%4].sub(corner), p.sub(corner)) < 0 {
			return false
		}
	}
	return true
}

// look reads the codes that can be read in a picture of one size.
func (s *search) look(ctx context.Context, g Gray) {
	bits := g.dark()
	if ctx.Err() != nil {
		return
	}
	s.left = 0
	used := map[point]bool{}
	for _, c := range triples(finders(bits)) {
		if ctx.Err() != nil {
			return
		}
		if used[c.a.point] || used[c.b.point] || used[c.c.point] || s.known(c) {
			continue
		}
		sure := false
		for _, sheet := range c.sheets(g, bits) {
			sheet.settle(g, c)
			tries := restorations
			if sheet.timing < surely {
				tries = restorations[:quick]
			}
			if text, ok := sheet.sampled(g).text(tries); ok {
				s.add(text, &sheet)
				used[c.a.point], used[c.b.point], used[c.c.point] = true, true, true
				sure = false
				break
			}
			sure = sure || sheet.timing >= surely
		}
		if sure {
			s.left++
		}
	}
}

// known tells whether a corner lies in a code that was read.
func (s *search) known(c corners) bool {
	for _, a := range s.areas {
		for _, f := range []finder{c.a, c.b, c.c} {
			if a.holds(f.point.times(1 / s.scale)) {
				return true
			}
		}
	}
	return false
}

// add notes a text and where its code lies.
func (s *search) add(text string, sheet *sheet) {
	n := float64(sheet.modules)
	var a area
	for i, corner := range []point{{0, 0}, {n, 0}, {n, n}, {0, n}} {
		a[i] = sheet.at(corner.x, corner.y).times(1 / s.scale)
	}
	s.areas = append(s.areas, a)
	for _, t := range s.texts {
		if t == text {
			return
		}
	}
	s.texts = append(s.texts, text)
}
