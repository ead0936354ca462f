// Package scan reads QR codes in pictures, including codes that are turned, slanted,
// bent, blurred or badly lit, and several in one picture.
//
//	g := scan.GrayOf(ctx, picture)
//	texts := scan.Texts(ctx, g)
//
// [GrayOf] takes any image of the standard library, and [Texts] returns the text of each
// code. Package scan finds the codes and the shades of their modules; package
// [handback/app/carry/scan/qr] decodes these.
//
// Texts searches the picture at several sizes, from small to large, first quickly and
// then thoroughly. It ends with its context. Time and memory are proportional to the size
// of the picture.
package scan

import (
	"context"
	"slices"
)

const (
	// minSide is the smallest side of a size that is searched, in pixels.
	minSide = 24
	// maxPixels limits the largest size that is searched. Codes in larger pictures
	// are large themselves.
	maxPixels = 16_000_000
	// thoroughPixels limits the sizes that are searched thoroughly.
	thoroughPixels = 4_000_000
	// sureTiming is the quality of timing patterns from which on there surely is a code.
	sureTiming = 0.5
	// plausible is the least likeness of a code's corners to finder patterns. It was
	// at least 0.62 for 432 codes in bad pictures, and below 0.27 for 99 % of 44,211
	// places without a code.
	plausible = 0.45
	// beyondDoubt is the likeness to a finder pattern that hardly anything else has,
	// even if it is moved and turned to look most like one.
	beyondDoubt = 0.75
)

// way is one way of searching a picture.
type way struct {
	prepare func(context.Context, Gray) Gray
	radius  int // of the surroundings that separate dark from light
}

// quick are the ways that are tried at each size before the next size.
var quick = []way{
	{func(ctx context.Context, g Gray) Gray { return g.smoothed(ctx, 1) }, narrow},
	{func(_ context.Context, g Gray) Gray { return g }, wide},
}

// opposite is the way that is tried at each size after the quick ones, for light codes on
// dark.
var opposite = []way{
	{func(ctx context.Context, g Gray) Gray { return g.inverted(ctx) }, wide},
}

// thorough are the ways that are tried if the others found nothing, and a finder pattern is
// sure.
var thorough = []way{
	{func(ctx context.Context, g Gray) Gray { return g.smoothed(ctx, 1).smoothed(ctx, 1) }, narrow},
	{func(ctx context.Context, g Gray) Gray { return g.sharpened(ctx, 2, 2) }, wide},
	{func(ctx context.Context, g Gray) Gray { return g.median(ctx) }, wide},
}

// Texts returns the texts of the codes in a picture, each once, in the order in which
// they were found. If ctx ends, it returns what it has found until then.
func Texts(ctx context.Context, g Gray) []string {
	sizes := sizesOf(ctx, g)
	if len(sizes) == 0 {
		return nil
	}
	if largest := sizes[len(sizes)-1]; len(largest.Pix) < 1_000_000 {
		sizes = append(sizes, largest.double(ctx))
	}
	small := sizes
	for len(small) > 0 && len(small[len(small)-1].Pix) > thoroughPixels {
		small = small[:len(small)-1]
	}
	found := search{width: sizes[len(sizes)-1].Width}
	sure := found.look(ctx, quick, sizes)
	found.restore(ctx)
	found.look(ctx, opposite, small)
	found.restore(ctx)
	for _, size := range small {
		if len(found.texts) > 0 || !sure {
			break
		}
		found.look(ctx, thorough, []Gray{size})
		found.restore(ctx)
	}
	return found.texts
}

// Quick returns the texts of codes that are plain in a picture, for pictures of a film: what
// one does not show, another does. It takes about a tenth of the time of Texts, searches the
// picture at its own size and smaller ones, and ends with the first size that has a code.
func Quick(ctx context.Context, g Gray) []string {
	sizes := sizesOf(ctx, g)
	if len(sizes) == 0 {
		return nil
	}
	found := search{width: sizes[len(sizes)-1].Width}
	for _, size := range sizes {
		found.look(ctx, quick[:1], []Gray{size})
		if len(found.texts) > 0 {
			break
		}
	}
	return found.texts
}

// sizesOf returns a picture at half its size again and again, from small to large.
func sizesOf(ctx context.Context, g Gray) (sizes []Gray) {
	for ; min(g.Width, g.Height) >= minSide; g = g.half(ctx) {
		if len(g.Pix) <= maxPixels {
			sizes = append(sizes, g)
		}
	}
	slices.Reverse(sizes)
	return sizes
}

// search is what has been found so far.
type search struct {
	texts  []string
	areas  []area
	width  int     // of the largest size
	scale  float64 // of the current size, relative to the largest
	blurry []blurry

	// What took long so far, since the last new text.
	nodes    int // of lattices grown
	restored int // modules of codes of which blur was removed
}

// These limit the time for what may be no code, to about a third of a second each. Of 553
// codes in bad pictures none took more than half of the nodes or a quarter of the modules.
const (
	maxNodes    = 20_000  // about 25 codes of version 15
	maxRestored = 300_000 // about 50 codes of version 15
)

// blurry is a place where there surely is a code that could not be read yet: it may be
// plain at another size.
type blurry struct {
	shades shades
	area   area
}

const (
	// maxBlurry limits the blurry places, to the latest.
	maxBlurry = 128
	// maxBlurryViews is how often blur is removed at one place. Of 26 codes that were
	// read only thus, it was the fourth time at most.
	maxBlurryViews = 5
)

// area is where a code lies, by its corners in pixels of the largest size.
type area [4]point

// areaOf returns the area of a code by the places of its four corner patterns. The edges
// themselves are less sure.
func areaOf(modules float64, place func(x, y float64) point) (a area) {
	const inside = 3.5
	for i, x := range [4]float64{inside, modules - inside, modules - inside, inside} {
		a[i] = place(x, [4]float64{inside, inside, modules - inside, modules - inside}[i])
	}
	middle := a.middle()
	for i, corner := range a {
		a[i] = middle.add(corner.sub(middle).times(modules / (modules - 2*inside)))
	}
	return a
}

func (a area) times(scale float64) area {
	for i := range a {
		a[i] = a[i].times(scale)
	}
	return a
}

func (a area) holds(p point) bool {
	for i, corner := range a {
		if cross(a[(i+1)%4].sub(corner), p.sub(corner)) < 0 {
			return false
		}
	}
	return true
}

func (a area) middle() point { return a[0].add(a[1]).add(a[2]).add(a[3]).times(0.25) }

// view is a picture of one size, seen in one way, with the finder patterns in it.
type view struct {
	picture, bits Gray
	finders       []finder
}

// views returns how a picture is seen in several ways.
func views(ctx context.Context, ways []way, g Gray) []view {
	all := make([]view, len(ways))
	together(len(ways), func(i int) {
		if ctx.Err() != nil {
			return
		}
		picture := ways[i].prepare(ctx, g)
		bits := picture.dark(ctx, ways[i].radius)
		all[i] = view{picture, bits, finders(ctx, bits)}
	})
	return all
}

// surely reports whether there is a finder pattern beyond doubt.
func (v view) surely(f finder) bool {
	p := pose{f.point, point{f.module, 0}, point{0, f.module}}
	return p.settled(v.picture).likeness(v.picture) > beyondDoubt
}

// look reads the codes in several sizes, seen in some ways, and reports whether a finder
// pattern is there beyond doubt. The views of the next size are made meanwhile.
func (s *search) look(ctx context.Context, ways []way, sizes []Gray) (sure bool) {
	var next []view
	for i := -1; i < len(sizes); i++ {
		seen := next
		together(2, func(part int) {
			if part == 1 && i+1 < len(sizes) {
				next = views(ctx, ways, sizes[i+1])
			}
			if part == 1 || i < 0 {
				return
			}
			s.scale = float64(sizes[i].Width) / float64(s.width)
			for _, v := range seen {
				sure = sure || slices.ContainsFunc(v.finders[:min(len(v.finders), maxFinders)], v.surely)
				s.read(ctx, v)
			}
		})
	}
	return sure
}

// read reads the codes in a view. Bent paper is for what is left of flat codes: it makes
// much possible.
func (s *search) read(ctx context.Context, v view) {
	left := slices.DeleteFunc(v.finders, s.covers)
	likely := triples(left[:min(len(left), maxFinders)], v.bits)
	for _, read := range []reading{s.flat, s.bent} {
		for _, c := range likely {
			if ctx.Err() != nil {
				return
			}
			if !s.covers(c.a) && !s.covers(c.b) && !s.covers(c.c) {
				read(ctx, c, v.picture, v.bits)
			}
		}
	}
}

// reading reads the code with these corners, if there is one.
type reading func(ctx context.Context, c corners, g, bits Gray)

// flat reads a code on flat paper.
func (s *search) flat(ctx context.Context, c corners, g, bits Gray) {
	for _, sheet := range c.sheets(g, c.measured(bits)) {
		sheet.fit(g, c)
		if ctx.Err() != nil || s.try(g, sheet.modules, sheet.place, sheet.place, sheet.timing >= sureTiming) {
			return
		}
	}
}

// bent reads a code on bent paper. Beside other codes it ignores corners with paper between
// them: a code may be readable even where the corner of the next one is taken for its own,
// and the next one would be lost.
func (s *search) bent(ctx context.Context, c corners, g, bits Gray) {
	if c.gaps >= 1 && len(s.texts) > 0 {
		return
	}
	m := c.measured(bits)
	p, ok := c.poses(g, m)
	if !ok {
		return
	}
	sizes, sure := p.sizes(g, m)
	for _, modules := range sizes {
		if s.nodes > maxNodes {
			return
		}
		mesh, nodes, ok := grown(g, p, modules)
		s.nodes += nodes
		if !ok {
			continue
		}
		lies, ok := mesh.plane(modules)
		if ctx.Err() != nil || ok && s.try(g, modules, mesh.place, lies.at, sure) {
			return
		}
	}
}

// try decodes a code whose modules are at these places, and about on a plane. If it
// cannot, and there surely is one, it stores the place for [search.restore].
func (s *search) try(g Gray, modules int, place, plane func(x, y float64) point, sure bool) bool {
	a := areaOf(float64(modules), plane).times(1 / s.scale)
	shades := sampled(g, modules, place)
	text, ok := shades.text()
	if !ok && sure {
		text, ok = shades.unsureText()
	}
	if ok {
		s.add(text, a)
	} else if sure {
		s.blurry = append(s.blurry, blurry{shades, a})
		s.blurry = s.blurry[max(0, len(s.blurry)-maxBlurry):]
	}
	return ok
}

// restore reads the codes that are left by undoing more blur, those of the largest sizes
// first.
func (s *search) restore(ctx context.Context) {
	for i, b := range slices.Backward(s.blurry) {
		if ctx.Err() != nil {
			return
		}
		middle := b.area.middle()
		if slices.ContainsFunc(s.areas, func(a area) bool { return a.holds(middle) }) {
			continue
		}
		views := 0
		for _, later := range s.blurry[i+1:] {
			if later.area.holds(middle) {
				views++
			}
		}
		if views >= maxBlurryViews || s.restored > maxRestored {
			continue
		}
		s.restored += len(b.shades.values)
		if text, ok := b.shades.blurredText(ctx); ok {
			s.add(text, b.area)
		}
	}
	s.blurry = nil
}

// covers reports whether a finder pattern lies in a code that was read before.
func (s *search) covers(f finder) bool {
	return slices.ContainsFunc(s.areas, func(a area) bool { return a.holds(f.point.times(1 / s.scale)) })
}

// add stores a text and the area of its code.
func (s *search) add(text string, a area) {
	s.areas = append(s.areas, a)
	if !slices.Contains(s.texts, text) {
		s.texts = append(s.texts, text)
		s.nodes, s.restored = 0, 0
	}
}
