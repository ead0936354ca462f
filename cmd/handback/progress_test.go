package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"handback/app/words"
)

func TestProgressIsShownFromTimeToTimeAndNeverInTheWay(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	p := &progress{to: &out, words: words.English(), now: func() time.Time { return now }, width: func() int { return 40 }, begun: now}
	step := func(after time.Duration) string {
		now = now.Add(after)
		out.Reset()
		p.step()
		return out.String()
	}
	if got := step(time.Second); got != "" {
		t.Errorf("at once: %q", got)
	}
	if got := step(time.Second); got != "\r\x1b[K2 done, 1 a second" {
		t.Errorf("%q", got)
	}
	if got := step(time.Millisecond); got != "" {
		t.Errorf("too often: %q", got)
	}
	p.total.Store(4)
	got := step(2 * time.Second)
	if got != "\r\x1b[K[########################] 4 of 4, 1 a " { // as wide as the terminal
		t.Errorf("%q", got)
	}
	p.total.Store(8)
	p.width = func() int { return 80 }
	if got = step(time.Second); !strings.Contains(got, "[###############---------] 5 of 8, 1 a second, 3s left") {
		t.Errorf("%q", got)
	}
	out.Reset()
	p.hide()
	p.hide()
	if out.String() != "\r\x1b[K" {
		t.Errorf("%q", out.String())
	}
	silent := &progress{words: words.English(), now: time.Now}
	silent.count(nil)
	silent.step()
	silent.hide()
}
