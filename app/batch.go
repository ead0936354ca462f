package app

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"handback/app/carry"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// Batch reads and sends many requests. [Batch.Add] adds inputs at any time. [Batch.Rows]
// returns, for each request, what it contains, its profile, what it needs before it can be
// sent, and what became of it. [Batch.Send] sends those that need nothing. [Batch.Run] does
// all of it for any number of requests, and holds only those that it works on. Several
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
	// NoPractice says that requests for practice are not sent.
	NoPractice bool
	// Changed is called after each change, from any goroutine. It must not block.
	Changed func()
	// Jobs is how many requests may be on their way at the same time; 0 means DefaultJobs.
	// Of one license there is one at a time.
	Jobs int

	Submit // how requests are sent
}

// DefaultJobs is how many requests are on their way at the same time, if nobody says.
const DefaultJobs = 8

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
	seen := map[int]bool{}
	b.add(ctx, slices.Values(inputs), func(rows []int) bool {
		for _, id := range rows {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
		return true
	})
	return ids
}

// group and groupBytes are how many inputs are read together, and how large what was unpacked
// of them may be: an archive unpacks to far more than its size.
const (
	group      = 512
	groupBytes = 32 << 20
)

// add reads inputs, a group at a time, and calls added with the IDs of the rows that the
// group went to, each once. If that returns false, so does add, at once.
func (b *Batch) add(ctx context.Context, inputs iter.Seq[Input], added func(ids []int) bool) bool {
	known := sync.OnceValue(b.known)
	for inputs := range grouped(expand(inputs), group, func(i Input) int { return len(i.Data) }, groupBytes) {
		all, first := readAll(ctx, inputs), 0
		for i, f := range all {
			if !f.archive {
				continue
			}
			if !added(b.take(inputs[first:i], all[first:i], known)) || !b.add(ctx, archived(inputs[i]), added) {
				return false
			}
			first = i + 1
		}
		if !added(b.take(inputs[first:], all[first:], known)) {
			return false
		}
	}
	return true
}

// grouped returns a sequence in slices of at most size. A slice also ends with the value with
// which their weights come to most.
func grouped[T any](all iter.Seq[T], size int, weight func(T) int, most int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		var group []T
		sum := 0
		for one := range all {
			group = append(group, one)
			if sum += weight(one); len(group) == size || sum >= most {
				if !yield(group) {
					return
				}
				group, sum = nil, 0
			}
		}
		if len(group) > 0 {
			yield(group)
		}
	}
}

// readAll reads inputs, several at the same time. Their pictures share the time of one
// [carry.Budget].
func readAll(ctx context.Context, inputs []Input) []found {
	all, pictures := make([]found, len(inputs)), carry.NewBudget()
	together(len(inputs), func(i int) { all[i] = read(pictures.Share(ctx, len(inputs)-i), inputs[i]) })
	return all
}

// together calls do for each number below count, some at the same time.
func together(count int, do func(i int)) {
	var next atomic.Int64
	var working sync.WaitGroup
	for range min(count, runtime.GOMAXPROCS(0)) {
		working.Go(func() {
			for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	working.Wait()
}

// take adds rows for what was read from inputs, and returns their IDs, each once.
func (b *Batch) take(inputs []Input, all []found, known func() []request.Common) (ids []int) {
	inParts := func(f found) bool {
		return slices.ContainsFunc(f.pieces, func(p carry.Piece) bool { return p.Part != nil })
	}
	var common []request.Common
	if slices.ContainsFunc(all, inParts) {
		common = known()
	}
	var touched []*row
	b.mu.Lock()
	for i, f := range all {
		input := inputs[i]
		if f.err != nil {
			touched = append(touched, b.appendRow(Inspection{Sources: []string{input.Name}, Err: f.err}))
		}
		for n, piece := range f.pieces {
			if input.found && (piece.Receipt != nil || piece.Brief != nil) {
				continue // a receipt beside the requests
			}
			if r := b.addPiece(input, piece, f.decoded[n], common); r != nil {
				touched = append(touched, r)
			}
		}
	}
	b.mu.Unlock()
	seen := map[*row]bool{}
	touched = slices.DeleteFunc(touched, func(r *row) bool { before := seen[r]; seen[r] = true; return before })
	b.assign(touched)
	for _, r := range touched {
		ids = append(ids, r.ID)
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

// addPiece adds a row for a piece of an input, or adds the piece to its request's row. It
// returns nil for a part of a request that [Batch.Run] is done with. The lock is held.
func (b *Batch) addPiece(input Input, piece carry.Piece, request decoded, known []request.Common) *row {
	one := Inspection{Sources: []string{input.Name}, Folder: input.folder}
	if input.Data == nil && !input.apart {
		one.Folder = filepath.Dir(input.Name)
	}
	if part := piece.Part; part != nil {
		r, there := b.sets[part.Set]
		if there && r == nil {
			return nil
		}
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
	one.Typed = piece.Typed != ""
	return b.fill(b.appendRow(one), request)
}

// join reads a row's request from its parts, if they are all there and its profile is, and
// returns the row as fill does. The lock is held.
func (b *Batch) join(r *row, parts []carry.Part, known []request.Common) *row {
	text, err := carry.Join(parts, known)
	if errors.Is(err, request.ErrUnknownTag) {
		r.unread, r.Parts = parts, nil
	}
	if r.Err = err; err != nil {
		return r
	}
	r.unread, r.Parts = nil, nil
	joined, err := decode(carry.Piece{Text: text})
	return b.fill(r, decoded{joined, err})
}

// fill sets a row's request and returns the row. If the request has a row already, the new
// row is removed and the other one returned. The lock is held.
func (b *Batch) fill(r *row, request decoded) *row {
	if r.Request, r.Err = request.Request, request.err; r.Err != nil {
		r.Request = nil
		return r
	}
	r.identity = r.Request.Identity()
	if listed := b.same[r.identity]; listed != nil {
		b.rows = slices.DeleteFunc(b.rows, func(one *row) bool { return one == r })
		if b.sets[r.set] == r {
			b.sets[r.set] = listed
		}
		listed.addSources(r.Sources)
		listed.Typed = listed.Typed && r.Typed
		return listed
	}
	b.same[r.identity] = r
	return r
}

// knownAccount is what the rows of an App have in common.
type knownAccount struct {
	name  string
	key   secret.Secret
	hosts string // where requests are sent
}

// assign finds the profile and the secret of rows, and checks their requests. It does not
// hold the lock while it gets a secret, which may ask a person, nor while it checks.
func (b *Batch) assign(rows []*row) {
	type job struct {
		row     *row
		one     Inspection
		app     *App
		appErr  error
		account *knownAccount // of app
		before  *Submission
	}
	jobs := make([]job, 0, len(rows))
	b.mu.Lock()
	for _, r := range rows {
		if r.Request != nil && r.App == nil {
			jobs = append(jobs, job{row: r, one: r.Inspection})
		}
	}
	b.mu.Unlock()
	find, accounts := b.finder(), map[*App]*knownAccount{}
	for i := range jobs {
		j := &jobs[i]
		if j.app, j.appErr = find(j.one.Request); j.app == nil {
			continue
		}
		if j.account = accounts[j.app]; j.account == nil {
			j.account = &knownAccount{b.account(j.app), b.keyFor(j.app), j.app.Profile.Destination(b.options.Endpoint).Hosts()}
			accounts[j.app] = j.account
		}
	}
	together(len(jobs), func(i int) {
		j := &jobs[i]
		if j.app == nil {
			b.App().checkWithoutProfile(&j.one, j.appErr)
			return
		}
		j.app.check(&j.one, j.account.key)
		if j.before = j.app.submittedBefore(j.one, b.options.Submit); j.before.lost() && j.app.asks(b.options.Submit) {
			j.before = nil // the vendor's record settles it
		}
	})
	b.mu.Lock()
	for _, j := range jobs {
		r := j.row
		if r.App != nil {
			continue // meanwhile
		}
		j.one.Sources = r.Sources
		r.Inspection, r.App, r.appErr = j.one, j.app, j.appErr
		if r.App != nil {
			r.account, r.hosts = j.account.name, j.account.hosts
			r.Submission = j.before
			b.learn(r.account, r.Verdict)
		}
	}
	for _, r := range rows {
		b.assess(r)
	}
	b.mu.Unlock()
	b.changed()
}

// App returns the App whose profile is preferred.
func (b *Batch) App() *App {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.app
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
