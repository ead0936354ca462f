package main

import (
	"bytes"
	"runtime"

	"handback/app"
)

// shower prints rows in their order, while several of them are put into words at the same
// time and the next are being read. Of thousands of rows, most of the time goes there.
type shower struct {
	c      *command
	show   func(*command, app.Row)
	rows   []app.Row
	groups chan chan []shown // in the order in which they are printed
	ended  chan struct{}
	spare  []byte // so much memory is used before it is looked for what can be used again
}

// shown is what a row prints.
type shown struct{ out, err bytes.Buffer }

// shownTogether is how many rows are put into words by one goroutine, and printed at once.
const shownTogether = 64

// newShower returns a shower that prints rows as show does. The caller calls end.
func (c *command) newShower(show func(*command, app.Row)) *shower {
	s := &shower{c: c, show: show, groups: make(chan chan []shown, 2*runtime.GOMAXPROCS(0)), ended: make(chan struct{}), spare: make([]byte, 16<<20)}
	go s.print()
	return s
}

// add adds a row. It is printed at the latest after flush.
func (s *shower) add(row app.Row) {
	if s.rows = append(s.rows, row); len(s.rows) == shownTogether {
		s.flush()
	}
}

// flush has the rows printed that were added.
func (s *shower) flush() {
	if len(s.rows) == 0 {
		return
	}
	rows, done := s.rows, make(chan []shown, 1)
	s.rows = nil
	own := *s.c // a copy, which prints into memory
	s.groups <- done
	go func() {
		all := make([]shown, len(rows))
		for i, row := range rows {
			own.out, own.err, own.warned = &all[i].out, &all[i].err, nil
			s.show(&own, row)
		}
		done <- all
	}()
}

// end waits until everything is printed.
func (s *shower) end() {
	s.flush()
	close(s.groups)
	<-s.ended
	runtime.KeepAlive(s.spare)
}

// print prints what the goroutines have made. What goes to standard error comes after what
// was printed before it: on a terminal both are seen.
func (s *shower) print() {
	defer close(s.ended)
	var out bytes.Buffer
	flush := func() {
		_, _ = s.c.out.Write(out.Bytes()) // run reports a failure of standard output
		out.Reset()
	}
	for group := range s.groups {
		for _, one := range <-group {
			out.Write(one.out.Bytes())
			if one.err.Len() > 0 {
				flush()
				_, _ = s.c.err.Write(one.err.Bytes())
			}
		}
		if out.Len() > 0 {
			flush()
		}
	}
}
