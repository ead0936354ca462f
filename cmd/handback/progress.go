package main

import (
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"handback/app"
	"handback/app/words"
)

// progress is a line on a terminal that says how far a run is. It is our own, because
// libraries for it bring tables of the widths of all characters, half a megabyte.
type progress struct {
	to    io.Writer // nil: there is no terminal
	words *words.Words
	now   func() time.Time
	width func() int

	begun, shown time.Time
	done         int
	total        atomic.Int64 // of inputs; 0 while it is not known
	visible      bool
}

const (
	progressEvery = 200 * time.Millisecond
	progressAfter = 2 * time.Second // a short run needs none
	barWidth      = 24
)

// newProgress returns the progress of a run. It is shown if standard error is a terminal.
func (c *command) newProgress() *progress {
	p := &progress{words: c.words, now: time.Now, width: func() int { return 80 }}
	if file, ok := c.err.(*os.File); ok && term.IsTerminal(int(file.Fd())) && !c.quiet {
		p.to = file
		p.width = func() int {
			width, _, err := term.GetSize(int(file.Fd()))
			if err != nil {
				return 80
			}
			return width
		}
	}
	p.begun = p.now()
	return p
}

// count counts inputs beside the run, which takes a while in large folders.
func (p *progress) count(inputs iter.Seq[app.Input]) {
	if p.to == nil {
		return
	}
	go func() {
		n := app.CountInputs(inputs)
		p.total.Store(int64(n))
	}()
}

// hide removes the line, so that others can be printed.
func (p *progress) hide() {
	if p.visible {
		fmt.Fprint(p.to, "\r\x1b[K")
		p.visible = false
	}
}

// step says that one more is done, and shows the line if it is time.
func (p *progress) step() {
	p.done++
	now := p.now()
	if p.to == nil || now.Sub(p.begun) < progressAfter || now.Sub(p.shown) < progressEvery {
		return
	}
	p.shown = now
	line := []rune(p.line(now.Sub(p.begun)))
	fmt.Fprint(p.to, "\r\x1b[K"+string(line[:min(len(line), p.width()-1)]))
	p.visible = true
}

// line is the bar, if the total is known, the number, the rate and the time left.
func (p *progress) line(took time.Duration) string {
	rate := float64(p.done) / took.Seconds()
	total := int(p.total.Load())
	if total < p.done {
		return p.words.Text("cmd.progress", "done", p.done, "rate", fmt.Sprintf("%.0f", rate))
	}
	full := barWidth * p.done / total
	left := time.Duration(float64(total-p.done)/rate) * time.Second
	return "[" + strings.Repeat("#", full) + strings.Repeat("-", barWidth-full) + "] " +
		p.words.Text("cmd.progress.of", "done", p.done, "total", total, "rate", fmt.Sprintf("%.0f", rate), "left", left.Round(time.Second))
}
