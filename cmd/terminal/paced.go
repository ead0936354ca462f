package terminal

import (
	"bufio"
	"io"
	"time"
)

// paced is standard output for many lines: they are written together, and what is found is
// seen at once all the same, as long as pace is called while the next is looked for.
type paced struct {
	*bufio.Writer
	last time.Time // when something was written last
}

// pacedFor is how long a line may wait, and pacedBytes how many wait at most.
const (
	pacedFor   = 50 * time.Millisecond
	pacedBytes = 64 << 10
)

func newPaced(to io.Writer) *paced { return &paced{Writer: bufio.NewWriterSize(to, pacedBytes)} }

// pace writes what has waited long enough.
func (p *paced) pace() {
	if p.Buffered() > 0 && time.Since(p.last) > pacedFor {
		p.flush()
	}
}

func (p *paced) flush() {
	_ = p.Flush() // run reports a failure of standard output
	p.last = time.Now()
}
