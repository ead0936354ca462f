package scan

import "math"

// point is a place in a picture, in pixels.
type point struct{ x, y float64 }

func (p point) add(q point) point           { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point           { return point{p.x - q.x, p.y - q.y} }
func (p point) times(f float64) point       { return point{p.x * f, p.y * f} }
func (p point) length() float64             { return math.Hypot(p.x, p.y) }
func (p point) distance(q point) float64    { return p.sub(q).length() }
func cross(a, b point) float64              { return a.x*b.y - a.y*b.x }
func (p point) toward(q point) (unit point) { return q.sub(p).times(1 / max(p.distance(q), 1e-9)) }

// plane maps the modules of a code, as a flat sheet seen at an angle, to pixels: a
// projective transformation. The code's top left corner is 0, 0, and a module's side is
// 1.
type plane [9]float64

func (h plane) at(x, y float64) point {
	w := h[6]*x + h[7]*y + h[8]
	return point{(h[0]*x + h[1]*y + h[2]) / w, (h[3]*x + h[4]*y + h[5]) / w}
}

// slanted returns the plane through the centers of the three finder patterns of a code
// with the given number of modules. The weights say how much nearer or farther the sheet
// is at the second and third.
func slanted(a, b, c point, modules int, wb, wc float64) plane {
	n := float64(modules - 7)
	column := func(ax, bx, cx float64) (dx, dy, constant float64) {
		dx, dy = (bx*wb-ax)/n, (cx*wc-ax)/n
		return dx, dy, ax - 3.5*(dx+dy)
	}
	var h plane
	h[0], h[1], h[2] = column(a.x, b.x, c.x)
	h[3], h[4], h[5] = column(a.y, b.y, c.y)
	h[6], h[7], h[8] = column(1, 1, 1)
	return h
}

// square returns the plane that maps the square from 0, 0 to 1, 1 to four points: top left,
// top right, bottom right and bottom left.
func square(a, b, c, d point) plane {
	u, v, off := b.sub(c), d.sub(c), a.sub(b).add(c).sub(d)
	area := cross(u, v)
	if math.Abs(area) < 1e-9 {
		area = 1e-9
	}
	gx, gy := cross(off, v)/area, cross(u, off)/area
	return plane{
		b.x - a.x + gx*b.x, d.x - a.x + gy*d.x, a.x,
		b.y - a.y + gx*b.y, d.y - a.y + gy*d.y, a.y,
		gx, gy, 1,
	}
}

// mark is a place of the code whose place in the picture is known.
type mark struct {
	x, y   float64 // in modules
	seen   point
	weight float64
}

// facing reports whether all of a code is in front of the camera.
func (h plane) facing(modules int) bool {
	n := float64(modules)
	origin := h[8]
	return origin*(h[6]*n+h[8]) > 0 && origin*(h[7]*n+h[8]) > 0 && origin*(h[6]*n+h[7]*n+h[8]) > 0
}

// through returns the plane that fits the marks best, at least four of them. It fails if
// they are on a line, or not in front of the camera.
func through(marks []mark, modules int) (plane, bool) {
	// Scaling modules to 0..1, and pixels to about the same, keeps the sums precise.
	scale, origin := 1/float64(modules), marks[0].seen
	reach := 1.0
	for _, m := range marks {
		reach = max(reach, m.seen.distance(origin))
	}
	var sums [8][9]float64
	for _, m := range marks {
		x, y := m.x*scale, m.y*scale
		p := m.seen.sub(origin).times(1 / reach)
		for _, row := range [2][9]float64{
			{x, y, 1, 0, 0, 0, -x * p.x, -y * p.x, p.x},
			{0, 0, 0, x, y, 1, -x * p.y, -y * p.y, p.y},
		} {
			for i := range 8 {
				for j := range 9 {
					sums[i][j] += m.weight * row[i] * row[j]
				}
			}
		}
	}
	solution, ok := solve(sums)
	if !ok {
		return plane{}, false
	}
	s := solution
	// Back to modules and pixels: reach*(…)/w + origin.
	h := plane{s[0] * reach, s[1] * reach, s[2] * reach, s[3] * reach, s[4] * reach, s[5] * reach, s[6], s[7], 1}
	for i := range 3 {
		h[i] += origin.x * h[6+i]
		h[3+i] += origin.y * h[6+i]
	}
	for i := 0; i < 9; i += 3 {
		h[i] *= scale
		h[i+1] *= scale
	}
	return h, h.facing(modules)
}

// solve solves eight linear equations by elimination.
func solve(m [8][9]float64) (solution [8]float64, ok bool) {
	for column := range 8 {
		pivot := column
		for row := column + 1; row < 8; row++ {
			if math.Abs(m[row][column]) > math.Abs(m[pivot][column]) {
				pivot = row
			}
		}
		m[column], m[pivot] = m[pivot], m[column]
		if math.Abs(m[column][column]) < 1e-12 {
			return solution, false
		}
		for row := range 8 {
			if row == column {
				continue
			}
			factor := m[row][column] / m[column][column]
			for j := column; j < 9; j++ {
				m[row][j] -= factor * m[column][j]
			}
		}
	}
	for i := range 8 {
		solution[i] = m[i][8] / m[i][i]
	}
	return solution, true
}
