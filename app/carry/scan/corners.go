package scan

import (
	"cmp"
	"math"
	"slices"
)

// corners are three finder patterns that may belong to one code: first the one at the
// right angle, then, clockwise, those at the end of the top row and of the left column.
// In a mirrored code these two are swapped.
type corners struct {
	a, b, c finder
	gaps    float64 // how wide the light is on the sides, from 0 to 2
	crooked float64 // distance from a square without gaps, which has 0
	reach   float64 // the sum of both sides, in modules
}

// maxCorners limits the places of one size that are examined.
const maxCorners = 400

// triples returns all likely corners among finder patterns, the likeliest first: the
// squarest and the nearest ones by turns. On a page of codes, corners of different codes
// are as square as those of one, and farther apart or very near; in a dense code, there
// are nearer ones that only look like corners.
func triples(all []finder, bits Gray) []corners {
	squarest := ranking{by: func(c *corners) float64 { return c.crooked }, limit: math.Inf(1)}
	nearest := ranking{by: func(c *corners) float64 { return c.reach * (1 + c.crooked) }, limit: math.Inf(1)}
	var seen []corners
	pairs := pairsOf(all, bits)
	var possible []corners
	for i := range all {
		for j := range i {
			if !pairs.near(i, j) {
				continue
			}
			for k := j + 1; k < i; k++ {
				if !pairs.near(i, k) || !pairs.near(k, j) {
					continue
				}
				possible = arranged(possible[:0], all[i], all[j], all[k])
				for n := range possible {
					c := &possible[n]
					if !squarest.may(c) && !nearest.may(c) {
						continue // and gaps would only make it worse
					}
					gaps := [3]float64{pairs.gap(i, j), pairs.gap(i, k), pairs.gap(k, j)}
					c.gaps = gaps[0] + gaps[1] + gaps[2] - max(gaps[0], gaps[1], gaps[2])
					c.crooked += c.gaps
					if squarest.may(c) || nearest.may(c) {
						squarest.add(c, len(seen))
						nearest.add(c, len(seen))
						seen = append(seen, *c)
					}
				}
			}
		}
	}
	squarest.cut()
	nearest.cut()
	var likely []corners
	for i, square := range squarest.all {
		likely = append(likely, seen[square.at], seen[nearest.all[i].at])
	}
	return likely
}

// pairs are what is known of each finder pattern with those before it.
type pairs struct {
	all  []finder
	bits Gray
	gaps [][]float64 // farAway, unknown or a gap
}

const farAway, unknown = -2, -1

func pairsOf(all []finder, bits Gray) pairs {
	p := pairs{all, bits, make([][]float64, len(all))}
	for i, a := range all {
		for _, b := range all[:i] {
			known := float64(farAway)
			if near(a, b) {
				known = unknown
			}
			p.gaps[i] = append(p.gaps[i], known)
		}
	}
	return p
}

// near reports whether two finder patterns may be of one code; j is before i.
func (p pairs) near(i, j int) bool { return p.gaps[i][j] != farAway }

// gap returns how wide the light is between two finder patterns, from 0 as in a code to 1.
func (p pairs) gap(i, j int) float64 {
	if p.gaps[i][j] == unknown {
		p.gaps[i][j] = gap(p.bits, p.all[i], p.all[j])
	}
	return p.gaps[i][j]
}

// gap returns how wide the widest light stripe is between two finder patterns. In a code
// it is seldom wider than a few modules, in a large code a few more; the paper between two
// codes is wider.
func gap(bits Gray, a, b finder) float64 {
	module := math.Sqrt(a.module * b.module)
	modules := a.distance(b.point) / module
	steps := int(2 * modules)
	const spread = 3.5
	usual := max(spread, math.Log2(modules)-1.5)
	light, widest := 0, 0
	for i := range steps {
		p := a.add(b.sub(a.point).times(float64(i) / float64(steps)))
		if bits.Pix[int(p.y+0.5)*bits.Width+int(p.x+0.5)] == 0 {
			light++
			if widest = max(widest, light); float64(widest)/2 >= usual+spread {
				return 1
			}
		} else {
			light = 0
		}
	}
	return max(float64(widest)/2-usual, 0) / spread
}

// ranking are the first of many corners, in an order.
type ranking struct {
	by    func(*corners) float64
	limit float64 // from which on corners cannot be among the first
	all   []ranked
}

// ranked are corners, by their index.
type ranked struct {
	score float64
	at    int
}

// may reports whether corners can be among the first.
func (r *ranking) may(c *corners) bool { return r.by(c) < r.limit }

func (r *ranking) add(c *corners, at int) {
	score := r.by(c)
	if score >= r.limit {
		return
	}
	if r.all = append(r.all, ranked{score, at}); len(r.all) > 4*maxCorners {
		r.cut()
	}
}

// cut sorts the corners and leaves the first.
func (r *ranking) cut() {
	slices.SortFunc(r.all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.at, b.at))
	})
	if len(r.all) > maxCorners/2 {
		r.all = r.all[:maxCorners/2]
		r.limit = r.all[len(r.all)-1].score
	}
}

// The limits let a code through that is seen at a slant of up to 60 degrees.
const (
	maxGrowth  = 3    // of a finder pattern to another one's size
	maxStretch = 3    // of one side of a code to the other
	maxCosine  = 0.75 // of the angle between the sides
	// ambiguity is how much more crooked another arrangement of three corners may be
	// than the best: at a slant the longest side is not always that opposite the right
	// angle.
	ambiguity = 0.5
)

// near reports whether two finder patterns are about the same size, and as far apart as
// in a code of version 1 to 40.
func near(a, b finder) bool {
	if a.module > maxGrowth*b.module || b.module > maxGrowth*a.module {
		return false
	}
	modules := a.distance(b.point) / math.Sqrt(a.module*b.module)
	return 8 < modules && modules < 340
}

// arranged appends the arrangements of three finder patterns that may be a code's corners.
func arranged(likely []corners, a, b, c finder) []corners {
	best := math.Inf(1)
	for range 3 {
		a, b, c = b, c, a
		if right, ok := angled(a, b, c); ok {
			likely = append(likely, right)
			best = min(best, right.crooked)
		}
	}
	return slices.DeleteFunc(likely, func(c corners) bool { return c.crooked > best+ambiguity })
}

// angled returns the corners with the right angle at a.
func angled(a, b, c finder) (corners, bool) {
	u, v := b.sub(a.point), c.sub(a.point)
	across, down, along := u.x*u.x+u.y*u.y, v.x*v.x+v.y*v.y, u.x*v.x+u.y*v.y
	if max(across, down) > maxStretch*maxStretch*min(across, down) || along*along > maxCosine*maxCosine*across*down {
		return corners{}, false
	}
	if cross(u, v) < 0 {
		b, c = c, b
	}
	long, short := math.Sqrt(max(across, down)), math.Sqrt(min(across, down))
	sizes := max(a.module, b.module, c.module) / min(a.module, b.module, c.module)
	crooked := math.Log(long/short*sizes) + math.Abs(along)/(long*short)
	return corners{a, b, c, 0, crooked, (long + short) / math.Cbrt(a.module*b.module*c.module)}, true
}

// measured is how large the modules of three corners are along the top row, at its first
// and second corner, and along the left column.
type measured struct {
	across, down [2]float64
	modules      int // of the code's side, as far as the corners tell
}

func (c corners) measured(bits Gray) measured {
	m := measured{
		across: [2]float64{span(bits, c.a, c.b), span(bits, c.b, c.a)},
		down:   [2]float64{span(bits, c.a, c.c), span(bits, c.c, c.a)},
	}
	side := func(to finder, ends [2]float64) float64 { return c.a.distance(to.point) / math.Sqrt(ends[0]*ends[1]) }
	estimate := 7 + (side(c.b, m.across)+side(c.c, m.down))/2
	m.modules = int(math.Round((estimate-17)/4))*4 + 17
	return m
}

// sizes returns the sizes that a code may have, the likeliest first.
func (m measured) sizes() (all []int) {
	for _, off := range []int{0, -4, 4, -8, 8} {
		if size := m.modules + off; 21 <= size && size <= 177 {
			all = append(all, size)
		}
	}
	return all
}

// sheets returns how a flat code with these corners may lie in the picture, for all code
// sizes that its corners and timing patterns allow, the likeliest first.
func (c corners) sheets(g Gray, m measured) []sheet {
	wb, wc := math.Sqrt(m.across[0]/m.across[1]), math.Sqrt(m.down[0]/m.down[1])
	var all []sheet
	for _, modules := range m.sizes() {
		wb, wc := wb, wc
		s := sheet{modules: modules, plane: slanted(c.a.point, c.b.point, c.c.point, modules, wb, wc)}
		if s.cornered(g) < plausible {
			continue
		}
		var top, left float64
		for range 2 {
			wb, top = best(wb, modules, func(w float64) float64 {
				h := slanted(c.a.point, c.b.point, c.c.point, modules, w, wc)
				return timing(g, modules, func(i float64) point { return h.at(i, 6.5) })
			})
			wc, left = best(wc, modules, func(w float64) float64 {
				h := slanted(c.a.point, c.b.point, c.c.point, modules, wb, w)
				return timing(g, modules, func(i float64) point { return h.at(6.5, i) })
			})
		}
		s.plane = slanted(c.a.point, c.b.point, c.c.point, modules, wb, wc)
		s.timing = min(top, left)
		if top+left > 0.5 && s.facing(modules) {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b sheet) int { return cmp.Compare(b.timing, a.timing) })
	return slices.DeleteFunc(all, func(s sheet) bool { return s.timing < all[0].timing/2 })
}

// best tries factors around a guess and returns the one with the highest score, and the
// nearest of equal ones. A step moves what is between the corners by a fifth of a module.
func best(guess float64, modules int, score func(float64) float64) (value, highest float64) {
	const reach = 0.25
	step := 0.8 / float64(modules)
	highest = math.Inf(-1)
	for i := -math.Ceil(reach / step); i <= reach/step; i++ {
		off := i * step
		w := guess * math.Exp(off)
		if s := score(w) - off*off/4; s > highest {
			value, highest = w, s
		}
	}
	return value, highest
}

// timing returns how well the modules between two finder patterns alternate between dark
// and light, from 0 for not at all to 1 for perfectly.
func timing(g Gray, modules int, at func(float64) point) float64 {
	const first = 8
	last := modules - 9
	before, here := g.at(at(first-0.5)), g.at(at(first+0.5))
	sum, all := 0.0, 1.0
	for i := first; i <= last; i++ {
		after := g.at(at(float64(i) + 1.5))
		bend := (before+after)/2 - here // positive if this one is darker
		if i%2 == 1 {
			bend = -bend
		}
		sum += bend
		all += math.Abs(bend)
		before, here = here, after
	}
	return sum / all
}

// span returns the size of a module of a finder pattern along the line to another one, in
// pixels, measured between the outer edges of its ring.
func span(bits Gray, f, to finder) float64 {
	unit := f.toward(to.point)
	edge := func(sign float64) float64 {
		const step = 0.25
		stripe, color := 0, byte(1)
		for distance := 0.0; distance < 8*f.module; distance += step {
			p := f.add(unit.times(sign * distance))
			x, y := int(math.Round(p.x)), int(math.Round(p.y))
			if x < 0 || y < 0 || x >= bits.Width || y >= bits.Height {
				break
			}
			if bits.Pix[y*bits.Width+x] != color {
				color = 1 - color
				if stripe++; stripe == 3 {
					return distance
				}
			}
		}
		return 3.5 * f.module
	}
	return max((edge(1)+edge(-1))/7, 0.5)
}
