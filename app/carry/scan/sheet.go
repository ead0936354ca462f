package scan

import "handback/app/carry/scan/qr"

// sheet is how one code lies in the picture: flat at an angle, and a little bent at some
// places.
type sheet struct {
	plane
	modules int
	timing  float64 // how well its timing patterns alternate, 1 for perfectly
	bends   []bend
}

// bend is the distance of a place of the sheet from the plane, in pixels.
type bend struct {
	x, y float64
	off  point
}

// place returns where a place of the code, in modules, is in the picture.
func (s *sheet) place(x, y float64) point {
	p := s.at(x, y)
	if len(s.bends) == 0 {
		return p
	}
	var sum point
	weights := 1e-3
	for _, b := range s.bends {
		dx, dy := x-b.x, y-b.y
		w := 1 / (dx*dx + dy*dy + 4)
		w *= w
		sum = sum.add(b.off.times(w))
		weights += w
	}
	return p.add(sum.times(1 / weights))
}

// module returns the size of a module at a place, in pixels.
func (s *sheet) module(x, y float64) float64 {
	here := s.at(x, y)
	return (here.distance(s.at(x+1, y)) + here.distance(s.at(x, y+1))) / 2
}

// fit fits the sheet to the alignment patterns, from the nearest to the first corner to
// the farthest. Each is searched where those before it predict it.
func (s *sheet) fit(g Gray, c corners) {
	n := float64(s.modules)
	marks := []mark{
		{3.5, 3.5, c.a.point, 2}, {n - 3.5, 3.5, c.b.point, 2}, {3.5, n - 3.5, c.c.point, 2},
	}
	for _, at := range alignments(s.modules) {
		reach := 1.0
		if len(marks) < 5 {
			reach = max(1.5, 0.04*(at.x+at.y))
		}
		seen, likeness := s.align(g, at, min(reach, 4))
		if likeness < 0.55 {
			continue
		}
		marks = append(marks, mark{at.x, at.y, seen, 1})
		if h, ok := through(marks, s.modules); ok {
			s.plane = h
		}
	}
	if len(marks) < 4 {
		return
	}
	marks = s.agreeing(marks)
	for _, m := range marks {
		s.bends = append(s.bends, bend{m.x, m.y, m.seen.sub(s.at(m.x, m.y))})
	}
}

// agreeing drops marks that are far off the plane through the others, one by one, and
// fits the plane again.
func (s *sheet) agreeing(marks []mark) []mark {
	for len(marks) > 4 {
		worst, off := 0, 0.0
		for i, m := range marks {
			if d := m.seen.distance(s.at(m.x, m.y)) / s.module(m.x, m.y); d > off {
				worst, off = i, d
			}
		}
		if off < 0.75 {
			break
		}
		fewer := append(append([]mark{}, marks[:worst]...), marks[worst+1:]...)
		h, ok := through(fewer, s.modules)
		if !ok {
			break
		}
		s.plane, marks = h, fewer
	}
	return marks
}

// alignments returns the centers of a code's alignment patterns, in modules, the nearest
// to the first corner first.
func alignments(modules int) []point {
	centers := qr.Alignments((modules - 17) / 4)
	last := len(centers) - 1
	var all []point
	for ring := 0; ring <= 2*last; ring++ { // of the same sum of column and row
		for i := max(0, ring-last); i <= min(ring, last); i++ {
			column, row := i, ring-i
			if ring == 0 || ring == last && (column == 0 || row == 0) {
				continue // a finder pattern
			}
			all = append(all, point{float64(centers[column]) + 0.5, float64(centers[row]) + 0.5})
		}
	}
	return all
}

// align searches for an alignment pattern around its expected place, within a reach in
// modules, and returns how alike it is, 1 for perfectly.
func (s *sheet) align(g Gray, at point, reach float64) (seen point, likeness float64) {
	here := s.at(at.x, at.y)
	return pose{here, s.at(at.x+1, at.y).sub(here), s.at(at.x, at.y+1).sub(here)}.aligned(g, reach)
}

// cornered returns how alike the three corners are to finder patterns, 1 for perfectly.
func (s *sheet) cornered(g Gray) float64 {
	n := float64(s.modules)
	sum := 0.0
	for _, at := range []point{{3.5, 3.5}, {n - 3.5, 3.5}, {3.5, n - 3.5}} {
		here := s.at(at.x, at.y)
		sum += finderPattern.likeness(g, here, s.at(at.x+1, at.y).sub(here), s.at(at.x, at.y+1).sub(here))
	}
	return sum / 3
}
