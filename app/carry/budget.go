package carry

import (
	"context"
	"sync"
	"time"
)

const (
	// pictureTime limits the time for all pictures of one call.
	pictureTime = 10 * time.Second
	// leastShare is the least time that a picture gets while time is left, even if
	// many others follow.
	leastShare = time.Second
	// quick is the time below which a picture whose codes were found is not charged.
	// A photograph of twelve megapixels takes about half of it.
	quick = 500 * time.Millisecond
)

// Budget is the time for all pictures of one call, ten seconds. A picture whose codes are
// found within half a second costs nothing. Make one with [NewBudget].
type Budget struct {
	mu   sync.Mutex
	left time.Duration // withinTime by mu
}

// NewBudget returns the budget for one call.
func NewBudget() *Budget { return &Budget{left: pictureTime} }

// Share returns a context for reading the next of the call's inputs. Inputs is the number
// of those that are left, including this one. A picture gets its part of the time that is
// left, so that a slow one leaves some for the others. A picture that is read without a
// budget has one of its own.
func (b *Budget) Share(ctx context.Context, inputs int) context.Context {
	return context.WithValue(ctx, shareKey{}, share{b, inputs})
}

type shareKey struct{}

type share struct {
	*Budget
	inputs int
}

// shareIn returns the share that ctx carries, or a whole budget.
func shareIn(ctx context.Context) share {
	if s, ok := ctx.Value(shareKey{}).(share); ok {
		return s
	}
	return share{NewBudget(), 1}
}

// time returns how long the picture may take.
func (s share) time() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return min(s.left, max(s.left/time.Duration(max(s.inputs, 1)), leastShare))
}

// spend charges the budget for the time that a picture took.
func (s share) spend(took time.Duration, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found && took <= quick {
		return
	}
	s.left = max(0, s.left-took)
}
