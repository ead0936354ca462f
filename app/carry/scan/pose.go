package scan

import (
	"cmp"
	"slices"

	"handback/app/carry/scan/qr"
)

// pose is how one finder pattern lies in the picture, so small that it is flat even on
// bent paper.
type pose struct {
	center      point
	right, down point // the steps to the next modules, in pixels
}

// at returns where a place beside the center, in modules, is in the picture.
func (p pose) at(x, y float64) point { return p.center.add(p.right.times(x)).add(p.down.times(y)) }

// likeness returns how alike the picture is to a finder pattern in this pose.
func (p pose) likeness(g Gray) float64 {
	return finderPattern.likeness(g, p.center, p.right, p.down)
}

// settled returns the pose near p in which the picture is most like a finder pattern.
func (p pose) settled(g Gray) pose {
	likeness := p.likeness(g)
	for step := 0.16; step > 0.02; step /= 2 {
		for better := true; better; {
			better = false
			for _, turn := range turns {
				for _, sign := range []float64{-step, step} {
					q := turn(p, sign)
					if l := q.likeness(g); l > likeness+1e-4 {
						p, likeness, better = q, l, true
					}
				}
			}
		}
	}
	return p
}

// turns change a pose a little, each in its own way. The ends of a pattern, three modules
// from its center, move by up to three times the step.
var turns = []func(p pose, step float64) pose{
	func(p pose, step float64) pose { p.right = p.right.times(1 + step); return p },
	func(p pose, step float64) pose { p.down = p.down.times(1 + step); return p },
	func(p pose, step float64) pose { p.right = p.right.add(p.down.times(step)); return p },
	func(p pose, step float64) pose { p.down = p.down.add(p.right.times(step)); return p },
	func(p pose, step float64) pose { p.center = p.at(step, 0); return p },
	func(p pose, step float64) pose { p.center = p.at(0, step); return p },
}

// aligned returns where an alignment pattern is within a reach, in modules, around the
// center, and how alike it is, 1 for perfectly.
func (p pose) aligned(g Gray, reach float64) (seen point, likeness float64) {
	bx, by := 0.0, 0.0
	likeness = alignmentPattern.likeness(g, p.center, p.right, p.down)
	look := func(cx, cy, reach, step float64) {
		for dy := cy - reach; dy <= cy+reach+1e-9; dy += step {
			for dx := cx - reach; dx <= cx+reach+1e-9; dx += step {
				if l := alignmentPattern.likeness(g, p.at(dx, dy), p.right, p.down); l > likeness {
					bx, by, likeness = dx, dy, l
				}
			}
		}
	}
	look(0, 0, reach, 0.5)
	look(bx, by, 0.375, 0.125)
	return p.at(bx, by), likeness
}

// poses are those of a code's three finder patterns.
type poses struct{ a, b, c pose }

// poses returns how the corners lie, and whether all of them look like finder patterns.
func (c corners) poses(g Gray, m measured) (p poses, ok bool) {
	right, below := c.a.toward(c.b.point), c.a.toward(c.c.point)
	p = poses{
		pose{c.a.point, right.times(m.across[0]), below.times(m.down[0])},
		pose{c.b.point, right.times(m.across[1]), below.times(m.down[0] * m.across[1] / m.across[0])},
		pose{c.c.point, right.times(m.across[0] * m.down[1] / m.down[0]), below.times(m.down[1])},
	}
	for _, corner := range []*pose{&p.a, &p.b, &p.c} {
		if corner.likeness(g) < plausible/2 {
			return p, false
		}
		if *corner = corner.settled(g); corner.likeness(g) < plausible {
			return p, false
		}
	}
	return p, true
}

// sizes returns the sizes that a code may have, the likeliest first, and whether there
// surely is one: that which it repeats, or those with timing patterns along the edges.
func (p poses) sizes(g Gray, m measured) (all []int, sure bool) {
	if version, ok := p.version(g); ok {
		return []int{17 + 4*version}, true
	}
	timings := map[int]float64{}
	for _, modules := range m.sizes() {
		timed := min(timing(g, modules, p.top(modules).at), timing(g, modules, p.left(modules).at))
		if timed > sureTiming/2 {
			all, timings[modules] = append(all, modules), timed
		}
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(timings[b], timings[a]) })
	return all, len(all) > 0 && timings[all[0]] >= sureTiming
}

// version returns the version that a code from version 7 on repeats beside its second and
// third finder patterns, and reports whether it can be read there. A bend between the
// finder patterns does not matter.
func (p poses) version(g Gray) (version int, ok bool) {
	beside := [2]func(along, aside float64) point{
		func(along, aside float64) point { return p.b.at(along, aside) },
		func(along, aside float64) point { return p.c.at(aside, along) },
	}
	ends := [2]pose{p.b, p.c}
	nearest := 4
	for i, at := range beside {
		// The ring is dark at 3 modules from the center, and light at 2.
		middle := (g.at(ends[i].at(3, 0)) + g.at(ends[i].at(0, 3)) + g.at(ends[i].at(-3, 0)) +
			g.at(ends[i].at(2, 0)) + g.at(ends[i].at(0, 2)) + g.at(ends[i].at(-2, 0))) / 6
		word := 0
		for aside := 2.0; aside >= -3; aside-- {
			for along := -5.0; along >= -7; along-- {
				word <<= 1
				if g.at(at(along, aside)) < middle {
					word |= 1
				}
			}
		}
		if v, off := qr.Version(word); off < nearest {
			version, nearest = v, off
		}
	}
	return version, nearest < 4
}
