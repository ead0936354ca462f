package app

import (
	"context"
	"path/filepath"
	"slices"
	"sync"

	"handback/app/carry"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// Batch is a job of many requests. Add takes inputs from anywhere and at any time; Rows
// says of each request what it holds, which profile it belongs to, what it needs before
// it can go, and what became of it; Send sends those that need nothing. It may be used
// by several goroutines at once, and knows neither window nor terminal.
type Batch struct {
	options Options

	mu   sync.Mutex
	app  *App            // whose profile is chosen where several fit
	apps map[string]*App // those that requests belong to, by account
	keys map[string]held // by account
	next int             // the ID of the next row
	rows []*row
	same map[string]*row    // requests, by identity
	sets map[carry.Set]*row // requests that came in parts
}

// Options say how a batch works. The zero value sends to the profiles' own endpoints.
type Options struct {
	// Only: requests of other profiles than the App's are not sent. Otherwise each finds
	// its own among Profiles.
	Only bool
	// Profiles are those on this computer, practice included; nil where Only.
	Profiles func() ([]profile.Profile, error)
	// Secret gets the secret for an App of another profile than the batch's own, whose
	// own Secret is asked; nil: there is none.
	Secret func(profile.Profile) (secret.Secret, error)
	// Changed is called after anything changed, from any goroutine; it must not block.
	Changed func()

	Submit // how requests are sent
}

// Batch makes an empty batch, which works for the App's profile first.
func (a *App) Batch(o Options) *Batch {
	b := &Batch{options: o, app: a, apps: map[string]*App{}, keys: map[string]held{}, same: map[string]*row{}, sets: map[carry.Set]*row{}}
	b.apps[b.account(a)] = a
	return b
}

// Prefer has the batch work for another App's profile first: where several fit, and for
// what comes from now on. Its language is used for what is written for people.
func (b *Batch) Prefer(a *App) {
	b.mu.Lock()
	b.app = a
	for account, other := range b.apps {
		b.apps[account] = other.WithWords(a.Words)
	}
	b.apps[b.account(a)] = a
	var unclaimed []*row
	for _, r := range b.rows {
		switch {
		case r.App != nil:
			r.App = b.apps[b.account(r.App)]
		case r.Request != nil:
			unclaimed = append(unclaimed, r)
		}
	}
	b.mu.Unlock()
	b.claim(unclaimed)
}

// Add reads inputs and lists what they hold: a request once, however often and in
// whatever form it comes, and together once all its parts are in. It returns the IDs of
// the rows that the inputs went into. It takes as long as reading and, for the first
// request of a profile, getting its secret do.
func (b *Batch) Add(ctx context.Context, inputs ...Input) (ids []int) {
	inputs = unfold(inputs)
	pictures := carry.NewBudget()
	for i, input := range inputs {
		pieces, err := read(pictures.Share(ctx, len(inputs)-i), input)
		b.mu.Lock()
		var touched []*row
		if err != nil {
			touched = append(touched, b.list(Inspection{Sources: []string{input.Name}, Err: err}))
		}
		for _, piece := range pieces {
			if input.found && (piece.Record != nil || piece.Brief != nil) {
				continue // a receipt that lies beside the requests
			}
			touched = append(touched, b.place(input, piece))
		}
		b.mu.Unlock()
		b.claim(touched)
		for _, r := range touched {
			if !slices.Contains(ids, r.ID) {
				ids = append(ids, r.ID)
			}
		}
	}
	return ids
}

// list appends a row.
func (b *Batch) list(one Inspection) *row {
	b.next++
	r := &row{Row: Row{ID: b.next, Inspection: one}}
	b.rows = append(b.rows, r)
	return r
}

// place lists a piece of an input, or adds it to the row that it belongs to.
func (b *Batch) place(input Input, piece carry.Piece) *row {
	one := Inspection{Sources: []string{input.Name}}
	if input.Data == nil {
		one.Folder = filepath.Dir(input.Name)
	}
	if part := piece.Part; part != nil {
		r := b.sets[part.Set]
		if r == nil {
			r = b.list(one)
			r.set, b.sets[part.Set] = part.Set, r
		} else {
			r.addSources(one.Sources)
		}
		if r.Request != nil {
			return r // it is whole
		}
		r.Parts = append(slices.Clone(r.Parts), *part)
		text, err := carry.Join(r.Parts)
		if err != nil {
			r.Err = err
			return r
		}
		r.Err, r.Parts = nil, nil
		return b.decode(r, carry.Piece{Text: text})
	}
	if one.Receipt, one.Err = receiptIn(piece); one.Err != nil || one.Receipt != nil {
		return b.list(one)
	}
	return b.decode(b.list(one), piece)
}

// decode reads a row's request. Where that is listed already, its row is the one that
// stays.
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

// claim finds the profile and the secret of rows that came in, and looks them over.
// Getting a secret may take a person's answer: no lock is held meanwhile.
func (b *Batch) claim(rows []*row) {
	for _, r := range rows {
		b.mu.Lock()
		wanted := r.Request != nil && r.App == nil
		one := r.Inspection
		b.mu.Unlock()
		var a *App
		var none error
		if wanted {
			if a, none = b.appFor(one.Request); a != nil {
				a.check(&one, b.keyFor(a))
			} else {
				b.App().unclaimed(&one, none)
			}
		}
		b.mu.Lock()
		if wanted && r.App == nil {
			one.Sources = r.Sources
			r.Inspection, r.App, r.none = one, a, none
			if a != nil {
				r.hosts = a.Profile.Destination(b.options.Endpoint).Hosts()
			}
			if a != nil && !b.options.Again {
				r.Submission = a.passOver(one, b.options.Submit)
			}
			if a != nil {
				b.judge(b.account(a), one.Verdict)
			}
		}
		b.weigh(r)
		b.mu.Unlock()
	}
	b.changed()
}

// App returns the one whose profile the batch works for first.
func (b *Batch) App() *App {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.app
}

// Send sends the rows that need nothing, one after the other, and returns once each has
// an outcome. Once the context has ended, those that were not sent are cancelled. With
// IDs it sends none but these.
func (b *Batch) Send(ctx context.Context, ids ...int) { b.Start(ids...)(ctx) }

// Start is the first half of Send: the rows are on their way from now on, and what it
// returns, to be called once, sends them.
func (b *Batch) Start(ids ...int) (send func(context.Context)) {
	b.mu.Lock()
	var going []*row
	for _, r := range b.rows {
		if r.Ready() && (len(ids) == 0 || slices.Contains(ids, r.ID)) {
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
	a, one, account := r.App, r.Inspection, b.account(r.App)
	known := b.keys[account]
	job := b.options.Submit
	job.Secret, job.Again, job.SignHandoffs = known.key, job.Again || r.again, true // it was confirmed
	b.mu.Unlock()
	var s Submission
	if !known.doubtful {
		s = a.Submit(ctx, one, job)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	r.Sending = false
	if known.doubtful { // meanwhile
		b.weigh(r)
		return
	}
	s.Sources = r.Sources // there may be more by now
	r.Inspection, r.Submission = s.Inspection, &s
	r.again = r.again && !s.done()
	if s.KeyDoubtful() {
		b.judge(account, request.Invalid)
	}
	b.weigh(r)
}

func (b *Batch) changed() {
	if b.options.Changed != nil {
		b.options.Changed()
	}
}

// Inspect reads requests in any form under this App's profile alone; see Batch.
func (a *App) Inspect(ctx context.Context, inputs []Input) []Inspection {
	b := a.Batch(Options{Only: true})
	b.Add(ctx, inputs...)
	var all []Inspection
	for _, row := range b.Rows() {
		all = append(all, row.Inspection)
	}
	return all
}
