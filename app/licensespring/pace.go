package licensespring

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"
)

// DefaultRate is the maximum number of submissions per second from one program to one
// host, except to a sandbox on this computer. A profile may raise it to MaxRate, the
// License API's own limit for one Authorization. The default is lower because a support
// desk shares its company's limits with the product's live traffic.
//
// Source: https://docs.licensespring.com/license-api/rate-limiting
const (
	DefaultRate = 20
	MaxRate     = 50
)

// pace spaces the submissions to one host evenly, whatever client makes them.
type pace struct {
	mu    sync.Mutex
	next  time.Time
	until time.Time // when the server is no longer busy
}

var paces sync.Map // from hosts to their *pace, for all clients of the program

// turn reserves the next time to submit and returns how long to wait for it.
func (p *pace) turn(now time.Time, gap time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := max(p.next.Sub(now), 0)
	p.next = now.Add(wait + gap)
	return wait
}

// hold lets no submission go before a time.
func (p *pace) hold(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until.Before(until) {
		p.until = until
	}
}

// held returns how long submissions are held back.
func (p *pace) held(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.Sub(now)
}

func paceOf(host string) *pace {
	p, _ := paces.LoadOrStore(host, new(pace))
	return p.(*pace)
}

// awaitTurn waits until a submission to the host may be sent, or the context ends. It does
// not wait with a Transport that the caller has set: that leads to no shared server.
func (c *Client) awaitTurn(ctx context.Context, host string) error {
	if c.Transport != nil {
		return ctx.Err()
	}
	return pause(ctx, paceOf(host).turn(time.Now(), c.gap()))
}

// awaitCalm waits while the server is busy, as it said to another submission, or until the
// context ends.
func (c *Client) awaitCalm(ctx context.Context, host string) error {
	if held := paceOf(host).held(time.Now()); held > 0 && c.Transport == nil {
		return c.wait(ctx, held)
	}
	return ctx.Err()
}

// gap returns the least time between two submissions. To a sandbox on this computer there
// is none, unless Rate is set: it shares its limits with nobody.
func (c *Client) gap() time.Duration {
	if c.Rate <= 0 && strings.HasPrefix(strings.ToLower(c.Endpoint), "http:") { // checkAddress allows it to this computer only
		return 0
	}
	return time.Second / time.Duration(cmp.Or(max(c.Rate, 0), DefaultRate))
}

// pause waits. It fails with the context's error if the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
