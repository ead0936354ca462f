package ui

import "slices"

// picks are the marked rows of a list.
type picks struct {
	on     []bool
	at     int    // the current row
	from   int    // the row where a selection with Shift began; -1 if none
	before []bool // the marks at that time
}

func newPicks(rows, at int) picks { return picks{on: make([]bool, rows), at: at, from: -1} }

// count returns how many rows are marked.
func (m *picks) count() (n int) {
	for _, on := range m.on {
		if on {
			n++
		}
	}
	return n
}

// turn marks a row, or unmarks it if it is marked.
func (m *picks) turn(row int) {
	m.at, m.from = row, -1
	m.on[row] = !m.on[row]
}

// move goes to a row, or to the nearest one that exists. With shift it also marks all
// rows from where Shift was first used, in addition to the earlier marks.
func (m *picks) move(row int, shift bool) {
	if len(m.on) == 0 {
		return
	}
	row = min(max(row, 0), len(m.on)-1)
	if !shift {
		m.at, m.from = row, -1
		return
	}
	if m.from < 0 {
		m.from, m.before = m.at, slices.Clone(m.on)
	}
	m.at = row
	copy(m.on, m.before)
	for i := min(m.from, row); i <= max(m.from, row); i++ {
		m.on[i] = true
	}
}

// all marks every row.
func (m *picks) all() {
	m.from = -1
	for i := range m.on {
		m.on[i] = true
	}
}
