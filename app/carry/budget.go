package carry

import (
	"context"
	"sync"
	"time"
)

const (
	// pictureTime is what the pictures of one call may take together, in which no
	// code is found.
	pictureTime = 10 * time.Second
	// leastShare is what a picture has where others follow, while there is time.
	leastShare = time.Second
	// quick is how soon a picture gives its codes that costs the others nothing: a
	// photograph of twelve megapixels takes about half of it.
	quick = 500 * time.Millisecond
)

// Budget is the time that the pictures of one call have together: ten seconds, of
// which those take nothing that give their codes at once. Make one with NewBudget.
type Budget struct {
	mu   sync.Mutex
	left time.Duration // guarded by mu
}

// NewBudget returns the budget of one call.
func NewBudget() *Budget { return &Budget{left: pictureTime} }

// Share returns the context for reading the next of the call's inputs, of which so
// many are left with it. A picture among them has its part of the time that is
// left, so that one that takes long leaves some to those behind it. A picture that
// is read without a budget has one for itself.
func (b *Budget) Share(ctx context.Context, inputs int) context.Context {
	return context.WithValue(ctx, shareKey{}, share{b, inputs})
}

type shareKey struct{}

// share is a picture's part of a budget.
type share struct {
	*Budget
	inputs int
}

// shareIn returns the share that a context carries.
func shareIn(ctx context.Context) share {
	if s, ok := ctx.Value(shareKey{}).(share); ok {
		return s
	}
	return share{NewBudget(), 1}
}

// time is how long the picture may take.
func (s share) time() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return min(s.left, max(s.left/time.Duration(max(s.inputs, 1)), leastShare))
}

// spend takes from the budget what a picture took.
func (s share) spend(took time.Duration, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found && took <= quick {
		return
	}
	s.left = max(0, s.left-took)
}
