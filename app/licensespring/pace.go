package licensespring

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// DefaultRate is how many submissions a second leave one program at most, and MaxRate
// what a profile may raise it to, the License API's own limit for one Authorization. A
// desk shares its company's limits with the product's live traffic.
// https://docs.licensespring.com/license-api/rate-limiting
const (
	DefaultRate = 20
	MaxRate     = 50
)

// pace spaces the submissions to one host evenly, whatever client makes them.
type pace struct {
	mu   sync.Mutex
	next time.Time
}

var paces sync.Map // from hosts to their *pace: one run of the program shares them

// turn takes the next place and returns how long to wait for it.
func (p *pace) turn(now time.Time, gap time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := max(p.next.Sub(now), 0)
	p.next = now.Add(wait + gap)
	return wait
}

// awaitTurn waits until a submission to the host may leave, or until the context ends.
// A transport of the caller's own reaches no server that anybody shares.
func (c *Client) awaitTurn(ctx context.Context, host string) error {
	if c.Transport != nil {
		return ctx.Err()
	}
	p, _ := paces.LoadOrStore(host, new(pace))
	gap := time.Second / time.Duration(cmp.Or(max(c.Rate, 0), DefaultRate))
	return pause(ctx, p.(*pace).turn(time.Now(), gap))
}

// pause waits, or fails when the context ends first.
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
