package app

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"

	"handback/app/carry"
	"handback/app/fault"
	"handback/app/licensespring"
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

// Need is what a request waits for before it can be sent.
type Need string

// The needs.
const (
	NeedPart         Need = "part"         // more of it, see Inspection.Parts
	NeedConfirmation Need = "confirmation" // somebody has looked at an unsigned request, and lets it be signed
	NeedSecret       Need = "secret"       // its profile's, or another one than the one that was tried
	NeedDecision     Need = "decision"     // to send it once more: see Again
)

// Row is one thing of a batch as it stood when Rows was called.
type Row struct {
	ID int // of this row alone, for the other methods
	Inspection
	App        *App        // under the request's profile; nil where it is of none that is known
	Needs      []Need      // empty: it can be sent, or Why says why it never can
	Why        error       // why it cannot be sent as it is; nil where nothing but Needs is in the way
	Sending    bool        // it is on its way, or about to be
	Submission *Submission // what became of it; nil before it was tried

	hosts string // the computers that it is sent to
}

// Ready tells whether Send would send the row.
func (r Row) Ready() bool {
	return r.App != nil && r.Why == nil && len(r.Needs) == 0 && !r.Sending
}

// Result is what became of the row: that of its submission, or why it was not sent.
func (r Row) Result() Submission {
	if r.Submission != nil {
		return *r.Submission
	}
	s := Submission{Inspection: r.Inspection, Answer: licensespring.Answer{Outcome: licensespring.NotSent}, Err: r.Why}
	if r.App != nil {
		s.Practice, s.Hosts = r.App.Profile.Practice, r.hosts
	}
	switch {
	case s.Err != nil:
	case slices.Contains(r.Needs, NeedConfirmation):
		s.Err = ErrUnconfirmed
	case slices.Contains(r.Needs, NeedSecret):
		s.Err = secret.ErrNone
	}
	return s
}

type row struct {
	Row
	set       carry.Set // of its parts
	none      error     // why it has no App
	confirmed bool
	again     bool
}

// held is the secret of an account, or why there is none.
type held struct {
	key secret.Secret
	why error
	// proved: a signature is right under it. Doubtful: none is, and one is wrong, or the
	// server did not take what it signed.
	proved, doubtful bool
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
		b.apps[account] = other.In(a.Words)
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
	b.settle(unclaimed)
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
		b.settle(touched)
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

func (r *row) addSources(sources []string) {
	all := slices.Clone(r.Sources) // Rows may have given it away
	for _, source := range sources {
		if !slices.Contains(all, source) {
			all = append(all, source)
		}
	}
	r.Sources = all
}

// settle finds the profile and the secret of rows that came in, and looks them over.
// Getting a secret may take a person's answer: no lock is held meanwhile.
func (b *Batch) settle(rows []*row) {
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

// account names an App's secret, and where it may go.
func (b *Batch) account(a *App) string {
	return a.Profile.Destination(b.options.Endpoint).Account(a.Profile.Name)
}

// keyFor is the secret of an App's account, which is got once.
func (b *Batch) keyFor(a *App) secret.Secret {
	account := b.account(a)
	b.mu.Lock()
	known, ok := b.keys[account]
	b.mu.Unlock()
	if ok {
		return known.key
	}
	key, err := a.Secret()
	if err != nil {
		key = secret.Secret{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if known, ok := b.keys[account]; ok { // given meanwhile
		return known.key
	}
	b.keys[account] = held{key: key, why: err}
	return key
}

// weigh works out what a row needs, and why it cannot be sent. The lock is held.
func (b *Batch) weigh(r *row) {
	r.Needs, r.Why = nil, nil
	switch {
	case r.Parts != nil:
		r.Needs, r.Why = []Need{NeedPart}, r.Err
		return
	case r.Err != nil:
		r.Why = r.Err
		return
	case r.Receipt != nil:
		r.Why = errIsReceipt
		return
	case r.App == nil:
		r.Why = r.none
		return
	}
	known := b.keys[b.account(r.App)]
	if err := r.App.acceptable(r.Inspection); err != nil {
		r.Why = err
		if errors.Is(err, errSignature) && known.doubtful || errors.Is(err, carry.ErrRetyped) && known.key.IsZero() {
			r.Needs = []Need{NeedSecret}
		}
		return
	}
	if r.Submission.done() && !r.again {
		r.Needs = []Need{NeedDecision}
		return
	}
	if r.Request.Handoff && !r.confirmed && !b.options.SignHandoffs {
		r.Needs = append(r.Needs, NeedConfirmation)
	}
	if known.key.IsZero() || known.doubtful {
		r.Needs = append(r.Needs, NeedSecret)
		if !slices.Contains(r.Needs, NeedConfirmation) {
			r.Why = known.why
		}
	}
}

// Rows are all there are, in the order in which they came.
func (b *Batch) Rows() []Row {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]Row, len(b.rows))
	for i, r := range b.rows {
		all[i] = r.Row
		if r.unproved() {
			all[i].Err = carry.ErrRetyped
		}
	}
	return all
}

// Row is one of them; ok is false where it was taken out.
func (b *Batch) Row(id int) (r Row, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if found := b.find(id); found != nil {
		return found.Row, true
	}
	return Row{}, false
}

func (b *Batch) find(id int) *row {
	i, ok := slices.BinarySearchFunc(b.rows, id, func(r *row, id int) int { return r.ID - id }) // they are in order
	if !ok {
		return nil
	}
	return b.rows[i]
}

// Remove takes rows out, but for those that are on their way, whose outcome is to be
// seen. What was taken out can be added again.
func (b *Batch) Remove(ids ...int) {
	b.mu.Lock()
	for _, id := range ids {
		r := b.find(id)
		if r == nil || r.Sending {
			continue
		}
		b.rows = slices.DeleteFunc(b.rows, func(one *row) bool { return one == r })
		for identity, one := range b.same {
			if one == r {
				delete(b.same, identity)
			}
		}
		for set, one := range b.sets {
			if one == r {
				delete(b.sets, set)
			}
		}
	}
	b.mu.Unlock()
	b.changed()
}

// Confirm says that somebody has looked at all that unsigned requests say, and lets them
// be signed.
func (b *Batch) Confirm(ids ...int) { b.each(ids, func(r *row) { r.confirmed = true }) }

// Again says that somebody wants requests to be sent once more that have an outcome.
func (b *Batch) Again(ids ...int) { b.each(ids, func(r *row) { r.again = true }) }

func (b *Batch) each(ids []int, do func(*row)) {
	b.mu.Lock()
	for _, id := range ids {
		if r := b.find(id); r != nil && !r.Sending {
			do(r)
			b.weigh(r)
		}
	}
	b.mu.Unlock()
	b.changed()
}

// SetSecret gives the secret of an App's profile, in the place of the one that was used.
// A zero one makes the batch forget it.
func (b *Batch) SetSecret(a *App, key secret.Secret) {
	b.mu.Lock()
	account := b.account(a)
	b.keys[account] = held{key: key}
	rows := b.of(account)
	for _, r := range rows {
		if !r.Sending && !r.Submission.done() {
			r.App.verify(&r.Inspection, key)
			b.judge(account, r.Verdict)
		}
	}
	for _, r := range rows {
		b.weigh(r)
	}
	b.mu.Unlock()
	b.changed()
}

// of are the rows of an account. The lock is held.
func (b *Batch) of(account string) (all []*row) {
	for _, r := range b.rows {
		if r.App != nil && b.account(r.App) == account {
			all = append(all, r)
		}
	}
	return all
}

// judge learns of an account's secret from a signature, or with Invalid from the server,
// and weighs the account's rows anew where that changes anything. The lock is held.
func (b *Batch) judge(account string, v request.Verdict) {
	known := b.keys[account]
	before := known
	switch {
	case v == request.Valid:
		known.proved, known.doubtful = true, false
	case v == request.Invalid && !known.proved:
		known.doubtful = true
	}
	if known.doubtful == before.doubtful && known.proved == before.proved {
		return
	}
	b.keys[account] = known
	for _, r := range b.of(account) {
		b.weigh(r)
	}
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

// appFor finds the App of the profile that a request belongs to, by its API key or
// client ID. It fails where none fits, or several do and none of them is the chosen one.
func (b *Batch) appFor(r *request.Request) (*App, error) {
	a := b.App()
	if b.options.Only {
		return a, nil
	}
	all, broken := b.options.Profiles()
	chosen := func(p profile.Profile) bool { return p.Name == a.Profile.Name }
	if a.Profile.Name != "" { // it may be one that was not imported
		all = append([]profile.Profile{a.Profile}, slices.DeleteFunc(slices.Clone(all), chosen)...)
	}
	fits := slices.DeleteFunc(slices.Clone(all), func(p profile.Profile) bool { return !own(p, r) })
	if exact := slices.DeleteFunc(slices.Clone(fits), func(p profile.Profile) bool { return p.Product.Code != r.Product }); len(exact) > 0 {
		fits = exact
	}
	switch {
	case len(fits) == 0 && len(all) == 1 && broken == nil:
		fits = all // practice alone, which says that it is none of its requests
	case len(fits) == 0:
		return nil, fault.New(fault.Input, "app.no_profile", "names", profile.Names(all)).Because(broken)
	case slices.ContainsFunc(fits, chosen):
		return a, nil
	case len(fits) > 1:
		return nil, fault.New(fault.Input, "app.several_profiles", "names", profile.Names(fits))
	}
	return b.appUnder(fits[0])
}

// appUnder is the App of another profile than the batch's own, made once.
func (b *Batch) appUnder(p profile.Profile) (*App, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	account := p.Destination(b.options.Endpoint).Account(p.Name)
	if a := b.apps[account]; a != nil {
		return a, nil
	}
	a, err := b.app.Under(p, func() (secret.Secret, error) {
		if b.options.Secret == nil {
			return secret.Secret{}, secret.ErrNone
		}
		return b.options.Secret(p)
	})
	if err != nil {
		return nil, err
	}
	b.apps[account] = a
	return a, nil
}
