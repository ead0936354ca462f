package scan

import (
	"cmp"
	"slices"
)

// mesh is how a code lies in the picture on bent paper: each tile between four nodes is
// flat, and is seen at an angle of its own.
type mesh struct {
	lines []float64 // columns of the nodes, which are also their rows, in modules
	nodes []point   // row by row
	tiles []plane   // row by row, of a square from 0, 0 to 1, 1
}

// meshed returns the mesh through nodes, with the tiles between them.
func meshed(lines []float64, nodes []point) mesh {
	m := mesh{lines: lines, nodes: nodes}
	n := len(m.lines)
	for row := range n - 1 {
		for column := range n - 1 {
			at := row*n + column
			m.tiles = append(m.tiles, square(m.nodes[at], m.nodes[at+1], m.nodes[at+n+1], m.nodes[at+n]))
		}
	}
	return m
}

// place returns where a place of the code, in modules, is in the picture. Outside the
// outer nodes their tiles continue.
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

// plane returns the plane that fits most nodes of a code: all but the fifth that is
// farthest off. One of the code's corners may have been a neighbor's, and what grew from
// it may be anywhere.
func (m *mesh) plane(modules int) (plane, bool) {
	var marks []mark
	for i, node := range m.nodes {
		marks = append(marks, mark{m.lines[i%len(m.lines)], m.lines[i/len(m.lines)], node, 1})
	}
	all, ok := through(marks, modules)
	if !ok {
		return all, false
	}
	off := func(m mark) float64 { return all.at(m.x, m.y).distance(m.seen) }
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(off(a), off(b)) })
	return through(marks[:len(marks)*4/5], modules)
}
