package scan

import "handback/app/carry/scan/qr"

// mesh is how a code lies in the picture on bent paper. Its nodes are alignment patterns
// and the inner corners of the finder patterns; each tile between four of them is flat,
// and is seen at an angle of its own.
type mesh struct {
	lines []float64 // columns of the nodes, which are also their rows, in modules
	nodes []point   // row by row
	known []bool    // which nodes were seen, not guessed
	tiles []plane   // row by row, of a square from 0, 0 to 1, 1
}

// curve is an edge of a code between two finder patterns: a cubic curve with their
// directions.
type curve struct {
	from, to           point
	leaving, arriving  point // steps of one module
	first, last, scale float64
}

// top and left return the curves along the timing patterns.
func (p poses) top(modules int) curve {
	n := float64(modules)
	return curve{p.a.at(0, 3), p.b.at(0, 3), p.a.right, p.b.right, 3.5, n - 3.5, n - 7}
}

func (p poses) left(modules int) curve {
	n := float64(modules)
	return curve{p.a.at(3, 0), p.c.at(3, 0), p.a.down, p.c.down, 3.5, n - 3.5, n - 7}
}

// at returns where the curve is at a distance from the code's edge, in modules.
func (c curve) at(distance float64) point {
	t := (distance - c.first) / c.scale
	u := 1 - t
	return c.from.times(u * u * (1 + 2*t)).add(c.to.times(t * t * (3 - 2*t))).
		add(c.leaving.times(c.scale * t * u * u)).sub(c.arriving.times(c.scale * t * t * u))
}

// meshed returns the mesh through a code's alignment patterns. Each is searched where its
// neighbors to the left, above, and between these lead, so that a bend moves it little.
func meshed(g Gray, p poses, modules int) mesh {
	m := mesh{}
	for _, center := range qr.Alignments((modules - 17) / 4) {
		m.lines = append(m.lines, float64(center)+0.5)
	}
	if len(m.lines) == 0 { // version 1
		m.lines = []float64{6.5, float64(modules) - 6.5}
	}
	n := len(m.lines)
	m.nodes, m.known = make([]point, n*n), make([]bool, n*n)
	set := func(column, row int, at point) { m.nodes[row*n+column], m.known[row*n+column] = at, true }
	set(0, 0, p.a.at(3, 3))
	set(n-1, 0, p.b.at(-3, 3))
	set(0, n-1, p.c.at(3, -3))
	top, left := p.top(modules), p.left(modules)
	for row := range n {
		for column := range n {
			if !m.known[row*n+column] {
				m.nodes[row*n+column] = m.guess(column, row, top, left)
				m.seek(g, column, row, p)
			}
		}
	}
	// What was not found may be found between neighbors on both sides.
	for range 2 {
		for row := range n {
			for column := range n {
				if !m.known[row*n+column] {
					if between, ok := m.between(column, row); ok {
						m.nodes[row*n+column] = between
						m.seek(g, column, row, p)
					}
				}
			}
		}
	}
	m.tile()
	return m
}

// guess returns where a node should be after those to its left and above it.
func (m *mesh) guess(column, row int, top, left curve) point {
	n := len(m.lines)
	switch {
	case row == 0:
		off := m.nodes[column-1].sub(top.at(m.lines[column-1]))
		return top.at(m.lines[column]).add(off.times(float64(n-1-column) / float64(n-column)))
	case column == 0:
		off := m.nodes[(row-1)*n].sub(left.at(m.lines[row-1]))
		return left.at(m.lines[row]).add(off.times(float64(n-1-row) / float64(n-row)))
	}
	at := row*n + column
	return m.nodes[at-1].add(m.nodes[at-n]).sub(m.nodes[at-n-1])
}

// between returns the middle of the known neighbors of a node on opposite sides.
func (m *mesh) between(column, row int) (point, bool) {
	n := len(m.lines)
	at := row*n + column
	var sum point
	count := 0.0
	for _, side := range []struct{ place, step int }{{column, 1}, {row, n}} {
		if i := side.place; i > 0 && i < n-1 && m.known[at-side.step] && m.known[at+side.step] {
			part := (m.lines[i] - m.lines[i-1]) / (m.lines[i+1] - m.lines[i-1])
			sum = sum.add(m.nodes[at-side.step].times(1 - part)).add(m.nodes[at+side.step].times(part))
			count++
		}
	}
	return sum.times(1 / max(count, 1)), count > 0
}

// seek moves a node to the alignment pattern near it, if there is one.
func (m *mesh) seek(g Gray, column, row int, p poses) {
	n := len(m.lines)
	at := row*n + column
	pattern := pose{m.nodes[at], p.a.right, p.a.down}
	if column > 0 && row > 0 {
		pattern.right = m.nodes[at].sub(m.nodes[at-1]).times(1 / (m.lines[column] - m.lines[column-1]))
		pattern.down = m.nodes[at].sub(m.nodes[at-n]).times(1 / (m.lines[row] - m.lines[row-1]))
	} else if column > 0 {
		pattern.right = m.nodes[at].sub(m.nodes[at-1]).times(1 / (m.lines[column] - m.lines[column-1]))
	} else {
		pattern.down = m.nodes[at].sub(m.nodes[at-n]).times(1 / (m.lines[row] - m.lines[row-1]))
	}
	const reach = 2
	if seen, likeness := pattern.aligned(g, reach); likeness >= plainly {
		m.nodes[at], m.known[at] = seen, true
	}
}

// tile makes the tiles between the nodes.
func (m *mesh) tile() {
	n := len(m.lines)
	m.tiles = nil
	for row := range n - 1 {
		for column := range n - 1 {
			at := row*n + column
			m.tiles = append(m.tiles, square(m.nodes[at], m.nodes[at+1], m.nodes[at+n+1], m.nodes[at+n]))
		}
	}
}

// place returns where a place of the code, in modules, is in the picture. Outside the
// outer nodes their tiles go on.
func (m *mesh) place(x, y float64) point {
	last := len(m.lines) - 2
	column, row := 0, 0
	for column < last && x > m.lines[column+1] {
		column++
	}
	for row < last && y > m.lines[row+1] {
		row++
	}
	left, above := m.lines[column], m.lines[row]
	return m.tiles[row*(last+1)+column].at((x-left)/(m.lines[column+1]-left), (y-above)/(m.lines[row+1]-above))
}
