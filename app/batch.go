package app

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"

	"handback/app/carry"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// Batch reads and sends many requests. [Batch.Add] adds inputs at any time. [Batch.Rows]
// returns, for each request, what it contains, its profile, what it needs before it can be
// sent, and what became of it. [Batch.Send] sends those that need nothing. Several
// goroutines may use a Batch at the same time.
type Batch struct {
	options Options

	mu   sync.Mutex
	app  *App                  // its profile is preferred if several fit
	apps map[string]*App       // one for each account
	keys map[string]accountKey // by account
	next int                   // the ID of the next row
	// version is the number of secrets that were set.
	version int
	rows    []*row
	same    map[string]*row    // requests, by identity
	sets    map[carry.Set]*row // requests that came in parts
}

// Options says how a batch works.
type Options struct {
	// Only says that only requests of the App's profile are sent. Otherwise the profile
	// of each request is found in Profiles.
	Only bool
	// Profiles returns the profiles on this computer, including practice. With Only it
	// may be nil.
	Profiles func() ([]profile.Profile, error)
	// Secret returns the secret of a profile other than that of the batch's App, which
	// has a Secret itself. Nil means that there is none.
	Secret func(profile.Profile) (secret.Secret, error)
	// Changed is called after each change, from any goroutine. It must not block.
	Changed func()

	Submit // how requests are sent
}

// Batch returns an empty batch, which prefers the App's profile; see [Batch.Prefer].
func (a *App) Batch(o Options) *Batch {
	b := &Batch{options: o, app: a, apps: map[string]*App{}, keys: map[string]accountKey{}, same: map[string]*row{}, sets: map[carry.Set]*row{}}
	b.apps[b.account(a)] = a
	return b
}

// Prefer makes the batch prefer another App's profile, if several fit a request, for
// requests that are added from now on and for those that have no profile yet. The language
// of that App is used from now on.
func (b *Batch) Prefer(a *App) {
	b.mu.Lock()
	b.app = a
	for account, other := range b.apps {
		b.apps[account] = other.WithWords(a.Words)
	}
	b.apps[b.account(a)] = a
	var unassigned, unread []*row
	for _, r := range b.rows {
		switch {
		case r.App != nil:
			r.App = b.apps[r.account]
		case r.Request != nil:
			unassigned = append(unassigned, r)
		case r.unread != nil:
			unread = append(unread, r)
		}
	}
	b.mu.Unlock()
	if len(unread) > 0 {
		known := b.known()
		b.mu.Lock()
		for _, r := range unread {
			if b.find(r.ID) != nil {
				unassigned = append(unassigned, b.join(r, r.unread, known))
			}
		}
		b.mu.Unlock()
	}
	b.assign(unassigned)
}

// Add reads inputs and adds a row for each request, receipt or input that cannot be read.
// A request gets one row, however often and in whatever forms it is added; so do the parts
// of one. Add returns the IDs of the rows that the inputs went to. For the first request
// of a profile it gets the profile's secret, which may ask a person.
func (b *Batch) Add(ctx context.Context, inputs ...Input) (ids []int) {
	inputs = expand(inputs)
	pictures, seen := carry.NewBudget(), map[int]bool{}
	known := sync.OnceValue(b.known)
	inParts := func(p carry.Piece) bool { return p.Part != nil }
	for i, input := range inputs {
		pieces, err := read(pictures.Share(ctx, len(inputs)-i), input)
		var common []request.Common
		if slices.ContainsFunc(pieces, inParts) {
			common = known()
		}
		b.mu.Lock()
		var touched []*row
		if err != nil {
			touched = append(touched, b.appendRow(Inspection{Sources: []string{input.Name}, Err: err}))
		}
		for _, piece := range pieces {
			if input.found && (piece.Receipt != nil || piece.Brief != nil) {
				continue // a receipt beside the requests
			}
			touched = append(touched, b.addPiece(input, piece, common))
		}
		b.mu.Unlock()
		b.assign(touched)
		for _, r := range touched {
			if !seen[r.ID] {
				seen[r.ID] = true
				ids = append(ids, r.ID)
			}
		}
	}
	return ids
}

// appendRow adds a row. The lock is held.
func (b *Batch) appendRow(one Inspection) *row {
	b.next++
	r := &row{Row: Row{ID: b.next, Inspection: one}}
	b.rows = append(b.rows, r)
	return r
}

// addPiece adds a row for a piece of an input, or adds the piece to its request's row. The
// lock is held.
func (b *Batch) addPiece(input Input, piece carry.Piece, known []request.Common) *row {
	one := Inspection{Sources: []string{input.Name}}
	if input.Data == nil {
		one.Folder = filepath.Dir(input.Name)
	}
	if part := piece.Part; part != nil {
		r := b.sets[part.Set]
		if r == nil {
			r = b.appendRow(one)
			r.set, b.sets[part.Set] = part.Set, r
		} else {
			r.addSources(one.Sources)
		}
		if r.Request != nil {
			return r // it is complete
		}
		r.Parts = append(slices.Concat(r.unread, r.Parts), *part)
		return b.join(r, r.Parts, known)
	}
	if one.Receipt, one.Err = receiptIn(piece); one.Err != nil || one.Receipt != nil {
		return b.appendRow(one)
	}
	return b.decode(b.appendRow(one), piece)
}

// join reads a row's request from its parts, if they are all there and its profile is, and
// returns the row as decode does. The lock is held.
func (b *Batch) join(r *row, parts []carry.Part, known []request.Common) *row {
	text, err := carry.Join(parts, known)
	if errors.Is(err, request.ErrUnknownTag) {
		r.unread, r.Parts = parts, nil
	}
	if r.Err = err; err != nil {
		return r
	}
	r.unread, r.Parts = nil, nil
	return b.decode(r, carry.Piece{Text: text})
}

// decode reads a row's request and returns the row. If the request has a row already, the
// new row is removed and the other one returned.
func (b *Batch) decode(r *row, piece carry.Piece) *row {
	if r.Request, r.Err = decode(piece); r.Err != nil {
		return r
	}
	r.Typed = piece.Typed != ""
	identity := r.Request.Identity()
	if listed := b.same[identity]; listed != nil {
		b.rows = slices.DeleteFunc(b.rows, func(one *row) bool { return one == r })
		if b.sets[r.set] == r {
			b.sets[r.set] = listed
		}
		listed.addSources(r.Sources)
		listed.Typed = listed.Typed && r.Typed
		return listed
	}
	b.same[identity] = r
	return r
}

// assign finds the profile and the secret of rows, and checks their requests. It does not
// hold the lock while it gets a secret, which may ask a person.
func (b *Batch) assign(rows []*row) {
	for _, r := range rows {
		b.mu.Lock()
		wanted := r.Request != nil && r.App == nil
		one := r.Inspection
		b.mu.Unlock()
		var a *App
		var appErr error
		if wanted {
			if a, appErr = b.appFor(one.Request); a != nil {
				a.check(&one, b.keyFor(a))
			} else {
				b.App().checkWithoutProfile(&one, appErr)
			}
		}
		b.mu.Lock()
		if wanted && r.App == nil {
			one.Sources = r.Sources
			r.Inspection, r.App, r.appErr = one, a, appErr
			if a != nil {
				r.account = b.account(a)
				r.hosts = a.Profile.Destination(b.options.Endpoint).Hosts()
			}
			if a != nil && !b.options.Again {
				r.Submission = a.releasedBefore(one, b.options.Submit)
			}
			if a != nil {
				b.learn(r.account, one.Verdict)
			}
		}
		b.assess(r)
		b.mu.Unlock()
	}
	b.changed()
}

// App returns the App whose profile is preferred.
func (b *Batch) App() *App {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.app
}

// Send sends the rows that need nothing, one after the other, and returns when each has an
// outcome. Rows that were not sent before the context ends are cancelled. If IDs are
// given, it sends only these.
func (b *Batch) Send(ctx context.Context, ids ...int) { b.Start(ids...)(ctx) }

// Start is the first half of Send: it marks the rows as being sent. The function that it
// returns must be called once, and sends them.
func (b *Batch) Start(ids ...int) (send func(context.Context)) {
	b.mu.Lock()
	wanted := map[int]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	var going []*row
	for _, r := range b.rows {
		if r.Ready() && (len(ids) == 0 || wanted[r.ID]) {
			r.Sending = true
			going = append(going, r)
		}
	}
	b.mu.Unlock()
	b.changed()
	return func(ctx context.Context) {
		for _, r := range going {
			b.send(ctx, r)
			b.changed()
		}
	}
}

func (b *Batch) send(ctx context.Context, r *row) {
	b.mu.Lock()
	a, one, account := r.App, r.Inspection, r.account
	known := b.keys[account]
	job := b.options.Submit
	job.Secret, job.Again, job.SignHandoffs = known.key, job.Again || r.again, true // rows that are not confirmed are not sent
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

func (b *Batch) changed() {
	if b.options.Changed != nil {
		b.options.Changed()
	}
}

// Inspect reads requests and receipts in any form and checks them for this App's profile.
// It returns them in the order in which they came; see [Batch.Add].
func (a *App) Inspect(ctx context.Context, inputs []Input) []Inspection {
	b := a.Batch(Options{Only: true})
	b.Add(ctx, inputs...)
	var all []Inspection
	for _, row := range b.Rows() {
		all = append(all, row.Inspection)
	}
	return all
}
