// Package scan reads QR codes in pictures: turned, at a slant, bent, blurred,
// badly lit, and several in one picture. It finds the codes and their modules; the
// package qr decodes these.
//
// It looks at the picture at several sizes, from small to large, and in several
// ways, from the quick to the thorough. All of it ends with its context, and
// takes time and memory in proportion to the picture.
package scan

import (
	"context"
	"slices"
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
	// plausible is how alike a code's corners are at least to finder patterns. Of
	// 432 codes read in bad pictures the least was 0.62, and of 44,211 places
	// without one 99 % were below 0.27.
	plausible = 0.45
)

// way is one way of looking at a picture.
type way struct {
	prepare func(context.Context, Gray) Gray
	radius  int // of the surroundings that tell dark from light
}

// quick ways are tried at each size before the next.
var quick = []way{
	{func(ctx context.Context, g Gray) Gray { return g.smoothed(ctx, 1) }, narrow},
	{func(_ context.Context, g Gray) Gray { return g }, wide},
}

// thorough ways are tried where the quick ones found nothing.
var thorough = []way{
	{func(ctx context.Context, g Gray) Gray { return g.smoothed(ctx, 1).smoothed(ctx, 1) }, narrow},
	{func(ctx context.Context, g Gray) Gray { return g.sharpened(ctx, 2, 2) }, wide},
	{func(ctx context.Context, g Gray) Gray { return g.median(ctx) }, wide},
	{func(ctx context.Context, g Gray) Gray { return g.inverted(ctx) }, wide},
}

// Texts reads the codes in a picture, each once, those found first in front. It
// ends early, with what it has, when the context does.
func Texts(ctx context.Context, g Gray) []string {
	var sizes []Gray // from large to small
	for ; min(g.Width, g.Height) >= minSide; g = g.half(ctx) {
		if len(g.Pix) <= maxPixels {
			sizes = append(sizes, g)
		}
	}
	if len(sizes) > 0 && len(sizes[0].Pix) < 1_000_000 {
		sizes = append([]Gray{sizes[0].double(ctx)}, sizes...)
	}
	slices.Reverse(sizes)
	var found search
	for _, size := range sizes {
		known := len(found.texts)
		left := false
		found.scale = float64(size.Width) / float64(sizes[len(sizes)-1].Width)
		for _, w := range quick {
			left = found.look(ctx, w, size) || left
			if len(found.texts) > 0 && !left {
				break
			}
		}
		// Where a code was just read, others may lie at the next size.
		if len(found.texts) > 0 && len(found.texts) == known && !left {
			return found.texts
		}
	}
	for _, w := range thorough {
		for _, size := range sizes {
			if len(found.texts) > 0 || len(size.Pix) > thoroughPixels {
				break
			}
			found.scale = float64(size.Width) / float64(sizes[len(sizes)-1].Width)
			found.look(ctx, w, size)
		}
	}
	return found.texts
}

// search is what was found so far.
type search struct {
	texts []string
	areas []area
	scale float64 // of the size that is looked at, to the largest one
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

// look reads the codes that can be read in a picture of one size, and tells
// whether there is surely one left that was not.
func (s *search) look(ctx context.Context, w way, g Gray) (left bool) {
	if ctx.Err() != nil {
		return false
	}
	g = w.prepare(ctx, g)
	bits := g.dark(ctx, w.radius)
	used := map[point]bool{}
	for _, c := range triples(finders(ctx, bits)) {
		if ctx.Err() != nil {
			return left
		}
		if used[c.a.point] || used[c.b.point] || used[c.c.point] || s.known(c) {
			continue
		}
		sure := false
		for _, sheet := range c.sheets(g, bits) {
			if ctx.Err() != nil {
				return left
			}
			sheet.settle(g, c)
			tries := restorations
			if sheet.timing < surely {
				tries = restorations[:few]
			}
			if text, ok := sheet.sampled(g).text(ctx, tries); ok {
				s.add(text, &sheet)
				used[c.a.point], used[c.b.point], used[c.c.point] = true, true, true
				sure = false
				break
			}
			sure = sure || sheet.timing >= surely
		}
		left = left || sure
	}
	return left
}

// known tells whether a corner lies in a code that was read.
func (s *search) known(c corners) bool {
	return s.covers(c.a) || s.covers(c.b) || s.covers(c.c)
}

// covers tells whether a finder pattern lies in a code that was read.
func (s *search) covers(f finder) bool {
	return slices.ContainsFunc(s.areas, func(a area) bool { return a.holds(f.point.times(1 / s.scale)) })
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
