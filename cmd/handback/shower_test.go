package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"handback/app"
)

// Rows are put into words by several goroutines. What a person sees is the same as if they
// came one by one, on a terminal too, where output and errors come in one.
func TestRowsAreShownInTheirOrderWithTheirErrors(t *testing.T) {
	var terminal bytes.Buffer
	c := &command{out: &terminal, err: &terminal}
	show := func(c *command, row app.Row) {
		time.Sleep(time.Duration(row.ID%7) * 10 * time.Microsecond)
		if row.ID%11 != 0 {
			fmt.Fprintln(c.out, row.ID, "is")
			fmt.Fprintln(c.out, "right")
		}
		if row.ID%5 == 0 {
			fmt.Fprintln(c.err, row.ID, "is wrong")
		}
	}
	var want strings.Builder
	s := c.newShower(show)
	one := &command{out: &want, err: &want}
	for n := range 1000 {
		s.add(app.Row{ID: n})
		show(one, app.Row{ID: n})
		if n%100 == 42 {
			s.flush()
		}
	}
	s.end()
	if got := terminal.String(); got != want.String() {
		t.Errorf("it printed %s", got)
	}
}

// Whoever pipes names in waits for what was read of them so far.
func TestRowsThatWereFlushedAreShownBeforeTheNextCome(t *testing.T) {
	shown := make(chan string, 1)
	c := &command{out: writer(func(text []byte) { shown <- string(text) })}
	s := c.newShower(func(c *command, row app.Row) { fmt.Fprint(c.out, row.ID) })
	defer s.end()
	s.add(app.Row{ID: 7})
	s.flush()
	select {
	case text := <-shown:
		if text != "7" {
			t.Errorf("%q", text)
		}
	case <-time.After(10 * time.Second):
		t.Error("nothing is shown")
	}
}

// writer is an io.Writer that passes on what it gets.
type writer func([]byte)

func (w writer) Write(text []byte) (int, error) {
	w(text)
	return len(text), nil
}
