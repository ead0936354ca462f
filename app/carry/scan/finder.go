package scan

import (
	"cmp"
	"context"
	"math"
	"slices"
)

const (
	// wide and narrow are half the side of the square, in pixels, that a pixel is
	// compared with. At one of the sizes a finder pattern fits it, with modules of 2
	// to 5 pixels. The narrow square detects what blur left of the ring.
	wide   = 16
	narrow = 6
	// bias is how much darker than its surroundings a dark pixel has to be, so that
	// paper is not full of noise.
	bias = 2

	maxFinders = 96 // per size; a page of 24 codes has 72
)

// dark returns 1 for each pixel that is darker than its surroundings, otherwise 0.
func (g Gray) dark(ctx context.Context, radius int) Gray {
	bits := g.like()
	g.averages(ctx, radius, func(y int, sums, counts []uint32) {
		out := bits.row(y)
		sums, counts = sums[:len(out)], counts[:len(out)] // spares checks of the indices
		for x, p := range g.row(y)[:len(out)] {
			bit := byte(0)
			if (uint32(p)+bias)*counts[x] < sums[x] {
				bit = 1
			}
			out[x] = bit
		}
	})
	return bits
}

// finder is a place that looks like a finder pattern, one of three corners of a code:
// dark, light, dark, light and dark in the proportions 1:1:3:1:1, on every line through its
// center, at any slant.
type finder struct {
	point
	module   float64 // size of a module in pixels, along the picture's rows and columns
	hits     int     // number of rows in which it was seen
	diagonal bool    // it has these stripes on a diagonal too; noise may hide them
}

// runs are the lengths of five consecutive stripes.
type runs [5]int

func (r runs) total() int { return r[0] + r[1] + r[2] + r[3] + r[4] }

// proportioned reports whether the stripes are those of a finder pattern, allowing for
// blur and light.
func (r runs) proportioned() bool {
	const tenths = 10
	unit := r.total() // of sevenths
	if unit < 7 {
		return false
	}
	for i, n := range r {
		want, slack := unit, 7*unit
		if i == 2 {
			want, slack = 3*unit, 12*unit
		}
		if off := 7*n - want; off*tenths > slack || -off*tenths > slack {
			return false
		}
	}
	return true
}

// finders returns the finder patterns in a picture of dark and light pixels, the surest
// first.
func finders(ctx context.Context, bits Gray) []finder {
	var found sightings
	step := 1
	if len(bits.Pix) > 1_000_000 {
		step = 2
	}
	for y := range rows(ctx, bits.Height) {
		if y%step != 0 {
			continue
		}
		found.pass(y)
		row := bits.row(y)
		var r runs
		color, length := row[0], 0
		stripes := 0
		for x := 0; x <= len(row); x++ {
			if x < len(row) && row[x] == color {
				length++
				continue
			}
			r = runs{r[1], r[2], r[3], r[4], length}
			stripes++
			if color == 1 && stripes >= 5 && r.proportioned() {
				center := float64(x) - float64(r[4]+r[3]) - float64(r[2])/2 - 0.5
				found.note(bits, center, y, r.total())
			}
			if x < len(row) {
				color, length = row[x], 1
			}
		}
	}
	expected := func(f finder) float64 { return float64(f.hits*step) / (3 * f.module) }
	all := slices.DeleteFunc(found.all, func(f finder) bool { return expected(f) < 0.25 })
	sureness := func(f finder) float64 {
		if f.diagonal {
			return 1 + expected(f)
		}
		return expected(f)
	}
	slices.SortStableFunc(all, func(a, b finder) int { return cmp.Compare(sureness(b), sureness(a)) })
	return all
}

// sightings are the finder patterns seen so far, from the top of the picture down.
type sightings struct {
	all  []finder
	near []int // indices in all of those that the next row may see again
}

// pass drops from near the finder patterns above a row: a picture may have a hundred
// thousand of them.
func (s *sightings) pass(y int) {
	s.near = slices.DeleteFunc(s.near, func(i int) bool { return float64(y)-s.all[i].y >= 1.5*s.all[i].module })
}

// note adds a finder pattern if the column through it has one too.
func (s *sightings) note(bits Gray, x float64, y, across int) {
	for _, i := range s.near {
		if f := &s.all[i]; math.Abs(f.x-x) < f.module && math.Abs(f.y-float64(y)) < 1.5*f.module {
			f.hits++
			return
		}
	}
	down, middle, ok := stripes(bits, int(x+0.5), y, 0, 1, 2*across)
	if !ok || !alike(down.total(), across) {
		return
	}
	cy := float64(y) + middle
	again, middle, ok := stripes(bits, int(x+0.5), int(cy+0.5), 1, 0, 2*across)
	if !ok || !alike(down.total(), again.total()) {
		return
	}
	cx := math.Floor(x+0.5) + middle
	diagonal := func(dy int) bool {
		_, _, ok := stripes(bits, int(cx+0.5), int(cy+0.5), 1, dy, 2*across)
		return ok
	}
	s.near = append(s.near, len(s.all))
	s.all = append(s.all, finder{point{cx, cy}, float64(down.total()+again.total()) / 14, 1, diagonal(1) || diagonal(-1)})
}

// alike reports whether two widths can be of one pattern, seen at a slant.
func alike(a, b int) bool { return a < 3*b && b < 3*a }

// stripes measures the five stripes through a dark pixel, along a row, a column or a
// diagonal. middle is the distance of their center from the pixel.
func stripes(bits Gray, x, y, dx, dy, longest int) (r runs, middle float64, ok bool) {
	inside := func(x, y int) bool { return 0 <= x && x < bits.Width && 0 <= y && y < bits.Height }
	if !inside(x, y) || bits.Pix[y*bits.Width+x] == 0 {
		return r, 0, false
	}
	half := func(sign int) (lengths [3]int, ok bool) {
		color := byte(1)
		stripe := 0
		for i := 1; ; i++ {
			px, py := x+sign*i*dx, y+sign*i*dy
			if !inside(px, py) {
				return lengths, stripe == 2 // the picture may end with the pattern
			}
			if bits.Pix[py*bits.Width+px] != color {
				color = 1 - color
				if stripe++; stripe == 3 {
					return lengths, true
				}
			}
			if lengths[stripe]++; lengths[stripe] > longest {
				return lengths, false
			}
		}
	}
	before, ok1 := half(-1)
	after, ok2 := half(1)
	if !ok1 || !ok2 {
		return r, 0, false
	}
	r = runs{before[2], before[1], before[0] + 1 + after[0], after[1], after[2]}
	return r, float64(after[0]-before[0]) / 2, r.proportioned()
}
