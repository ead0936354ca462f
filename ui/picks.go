package ui

import "slices"

// picks tell which rows of a list are marked, by their numbers.
type picks struct {
	on     []bool
	at     int    // the row that the keys are at
	from   int    // the row where Shift was pressed; -1: it was not
	before []bool // what was marked then
}

func newPicks(rows, at int) picks { return picks{on: make([]bool, rows), at: at, from: -1} }

// count is how many are marked.
func (m *picks) count() (n int) {
	for _, on := range m.on {
		if on {
			n++
		}
	}
	return n
}

// turn marks a row that is not marked, or takes its mark away.
func (m *picks) turn(row int) {
	m.at, m.from = row, -1
	m.on[row] = !m.on[row]
}

// move goes to a row, or the one nearest to it. With Shift it marks all from where that
// was pressed, beside what was marked before.
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
