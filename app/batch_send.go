package app

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"handback/app/carry"
	"handback/app/request"
)

// Send sends the rows that need nothing, and returns when each has an outcome. Rows that
// were not sent before the context ends are cancelled. If IDs are given, it sends only
// these.
func (b *Batch) Send(ctx context.Context, ids ...int) { b.Start(ids...)(ctx) }

// Start is the first half of Send: it marks the rows as being sent. The function that it
// returns must be called once, and sends them.
func (b *Batch) Start(ids ...int) (send func(context.Context)) {
	wanted := map[int]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	going := b.start(func(r *row) bool { return len(ids) == 0 || wanted[r.ID] })
	return func(ctx context.Context) { b.sendAll(ctx, going, func(*row) {}) }
}

// start marks rows as being sent, and returns them.
func (b *Batch) start(wanted func(*row) bool) (going []*row) {
	b.mu.Lock()
	for _, r := range b.rows {
		if r.Ready() && wanted(r) {
			r.Sending = true
			going = append(going, r)
		}
	}
	b.mu.Unlock()
	b.changed()
	return going
}

// sendAll sends rows, several at the same time, but of one license one after the other. It
// calls sent with each that has an outcome, from several goroutines. While the answers of
// some are stored, as many others may be on their way. With Jobs 1 all is done by one
// goroutine, one row after the other.
func (b *Batch) sendAll(ctx context.Context, going []*row, sent func(*row)) {
	licenses := map[license]chan bool{} // each has room for the one on its way
	for _, r := range going {
		if licenses[licenseOf(r)] == nil {
			licenses[licenseOf(r)] = make(chan bool, 1)
		}
	}
	next, jobs := make(chan *row), cmp.Or(b.options.Jobs, DefaultJobs)
	underWay, workers := make(chan bool, jobs), 2*jobs
	if jobs == 1 {
		workers = 1
	}
	var working sync.WaitGroup
	for range min(workers, len(going)) {
		working.Go(func() {
			for r := range next {
				way := licenses[licenseOf(r)]
				way <- true
				underWay <- true
				b.send(ctx, r, func() { <-underWay })
				<-way
				b.changed()
				sent(r)
			}
		})
	}
	for _, r := range going {
		next <- r
	}
	close(next)
	working.Wait()
}

// license names what one request at a time may be about.
type license struct{ account, product, owner string }

func licenseOf(r *row) license { return license{r.account, r.Request.Product, r.Request.Owner()} }

// send sends a row. It calls answered once, when the row's request is no longer on its way.
func (b *Batch) send(ctx context.Context, r *row, answered func()) {
	answered = sync.OnceFunc(answered)
	defer answered()
	b.mu.Lock()
	a, one, account := r.App, r.Inspection, r.account
	known := b.keys[account]
	job := b.options.Submit
	job.Secret, job.Again, job.SignHandoffs = known.key, job.Again || r.again, true // rows that are not confirmed are not sent
	job.answered = answered
	b.mu.Unlock()
	var s Submission
	if !known.doubtful {
		s = a.Submit(ctx, one, job)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	r.Sending = false
	if known.doubtful { // since Start
		b.assess(r)
		return
	}
	s.Sources = r.Sources // more may have been added meanwhile
	r.Inspection, r.Submission = s.Inspection, &s
	r.again = r.again && !s.hasOutcome()
	if s.KeyDoubtful() {
		b.learn(account, request.Invalid)
	}
	b.assess(r)
}

// Run is one pass over many inputs; see [Batch.Run].
type Run struct {
	Inputs iter.Seq[Input]
	Send   bool // send what can be sent
	// Alone says that somebody named one input by itself, and so has decided to send its
	// request once more if the answer to an earlier submission was lost.
	Alone bool
	// Look is called with rows before any of them is sent, to confirm unsigned requests
	// for example. If it fails, they are not sent, nor any after them. It may be nil.
	Look func([]Row) error
	// Done is called with each row, in the order in which the inputs came, as soon as it
	// has an outcome. A request whose parts come far apart is done when the last has come,
	// or at the end.
	Done func(Row)
}

// Run reads inputs, however many, and sends their requests if it is told to. It forgets
// each row once Done has seen it, so that memory does not grow with their number: a
// request that comes again much later has a row of its own. It returns when all are done,
// soon after the context ends with the context's error, or with that of Look. Rows that it
// has read when the context ends are done as cancelled.
func (b *Batch) Run(ctx context.Context, run Run) (err error) {
	b.add(ctx, run.Inputs, func(ids []int) bool {
		if err = b.runRows(ctx, run, ids); err == nil {
			err = ctx.Err()
		}
		return err == nil
	})
	if err == nil || ctx.Err() != nil {
		for _, r := range b.Rows() { // requests that lack parts
			run.Done(r)
		}
	}
	b.forget(func(*row) bool { return true })
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.sets, func(_ carry.Set, r *row) bool { return r == nil }) // another run begins anew
	return err
}

// runRows sends rows and is done with them, except for requests that lack parts.
func (b *Batch) runRows(ctx context.Context, run Run, ids []int) error {
	rows, ours := make([]Row, 0, len(ids)), make(map[int]bool, len(ids))
	for _, id := range ids {
		if r, ok := b.Row(id); ok && !slices.Contains(r.Needs, NeedPart) {
			rows = append(rows, r)
			ours[id] = true
		}
	}
	if run.Look != nil {
		if err := run.Look(rows); err != nil {
			return err
		}
	}
	if run.Alone && len(rows) == 1 && rows[0].Lost() {
		b.Again(rows[0].ID)
	}
	var going []*row
	if run.Send {
		going = b.start(func(r *row) bool { return ours[r.ID] })
	}
	reached := make(map[int]chan struct{}, len(going)) // by ID, closed when there is an outcome
	for _, r := range going {
		reached[r.ID] = make(chan struct{})
	}
	var sending sync.WaitGroup
	sending.Go(func() { b.sendAll(ctx, going, func(r *row) { close(reached[r.ID]) }) })
	for _, r := range rows {
		if outcome := reached[r.ID]; outcome != nil {
			<-outcome
		}
		if now, ok := b.Row(r.ID); ok {
			run.Done(now)
		}
	}
	sending.Wait()
	b.forget(func(r *row) bool { return ours[r.ID] })
	return nil
}

// forget removes rows. Parts of their requests that come later are passed over.
func (b *Batch) forget(done func(*row) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, r := range b.rows {
		if !done(r) {
			continue
		}
		delete(b.same, r.identity)
		if b.sets[r.set] == r {
			b.sets[r.set] = nil
		}
		b.rows[i] = nil
	}
	b.rows = slices.DeleteFunc(b.rows, func(r *row) bool { return r == nil })
}
