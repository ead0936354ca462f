package terminal

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

// Lines are written together. What was found waits neither for a full buffer nor for the
// next thing that is found.
func TestALineIsSeenWhileTheNextIsLookedFor(t *testing.T) {
	var out bytes.Buffer
	p := newPaced(&out)
	fmt.Fprintln(p, "first")
	if p.pace(); out.String() != "first\n" {
		t.Errorf("the first is not seen at once: %q", out.String())
	}
	fmt.Fprintln(p, "second")
	if p.pace(); out.String() != "first\n" && time.Since(p.last) < pacedFor {
		t.Errorf("each is written by itself: %q", out.String())
	}
	time.Sleep(pacedFor + 10*time.Millisecond)
	if p.pace(); out.String() != "first\nsecond\n" {
		t.Errorf("%q", out.String())
	}
	fmt.Fprintln(p, "last")
	if p.flush(); out.String() != "first\nsecond\nlast\n" {
		t.Errorf("%q", out.String())
	}
}
