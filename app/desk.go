package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"handback/app/carry"
	"handback/app/desk"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/words"
)

// Desk receives requests that visitors bring, for a desk of several people. What is signed
// it sends at once; what is not waits in its Store until somebody has decided. Several
// goroutines may use it at the same time, and several programs that share Store and
// journal.
type Desk struct {
	Store desk.Store
	// MaxWaiting is how many requests may wait for a decision, and MaxWaitingEach how many of
	// them from one address.
	MaxWaiting, MaxWaitingEach int
	// TakePractice says that requests for practice are taken although there is a vendor's
	// profile. Set it before Reload.
	TakePractice bool

	home    string
	options Options
	mu      sync.Mutex
	ready   *Batch // has an App and the secret of each profile; see batch
	read    time.Time
	texts   []desk.Profile // of the Store, when they were read
}

// NewDesk returns a desk that has the profiles of the home folder and of its Store. Of the
// options, Secret and Submit count.
func NewDesk(ctx context.Context, a *App, home string, store desk.Store, o Options) (*Desk, error) {
	d := &Desk{Store: store, MaxWaiting: 10_000, MaxWaitingEach: 100, home: home, options: o, ready: a.Batch(o)}
	d.options.Changed = nil
	return d, d.Reload(ctx)
}

// fresh is how long profiles that another program changed in the Store may be missed.
const fresh = 5 * time.Second

// Reload reads profiles and secrets again. If it fails, those of before stay.
func (d *Desk) Reload(ctx context.Context) error {
	texts, err := d.Store.Profiles(ctx)
	if err != nil {
		return err
	}
	all, err := Profiles(d.home)
	if err != nil {
		return err
	}
	for _, text := range texts {
		p, err := profile.Parse([]byte(text.Text), text.Name)
		if err != nil {
			return err
		}
		p.Path = ""
		if !slices.ContainsFunc(all, func(other profile.Profile) bool { return other.Name == p.Name }) {
			all = append(all, p)
		}
	}
	options := d.options
	options.Profiles = func() ([]profile.Profile, error) { return all, nil }
	options.NoPractice = !d.TakePractice && slices.ContainsFunc(all, func(p profile.Profile) bool { return !p.Practice })
	ready := d.App().Batch(options)
	for _, p := range all {
		one, err := ready.appOf(p)
		if err != nil {
			return err
		}
		ready.keyFor(one)
		if err := ready.keys[ready.account(one)].err; errors.Is(err, desk.ErrUnavailable) {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ready, d.texts, d.read = ready, texts, d.ready.app.Now()
	return nil
}

// Refresh reloads the profiles if another program changed them in the Store.
func (d *Desk) Refresh(ctx context.Context) error {
	d.mu.Lock()
	before, due := d.texts, d.ready.app.Now().Sub(d.read) > fresh
	if due {
		d.read = d.ready.app.Now() // one goroutine is enough
	}
	d.mu.Unlock()
	if !due {
		return nil
	}
	texts, err := d.Store.Profiles(ctx)
	if err != nil || slices.Equal(texts, before) {
		return err
	}
	return d.Reload(ctx)
}

// batch returns an empty batch that has the Apps and secrets of all profiles. Its requests
// are its own; connections and tokens are shared.
func (d *Desk) batch() *Batch {
	d.mu.Lock()
	ready := d.ready
	d.mu.Unlock()
	ready.mu.Lock()
	defer ready.mu.Unlock()
	return &Batch{options: ready.options, app: ready.app, apps: maps.Clone(ready.apps), keys: maps.Clone(ready.keys),
		same: map[string]*row{}, sets: map[carry.Set]*row{}}
}

// App returns the App of the desk itself.
func (d *Desk) App() *App {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ready.app
}

// In returns the App of the desk, speaking a person's language. Records are written in the
// desk's own.
func (d *Desk) In(w *words.Words) *App {
	a := *d.App()
	a.Words = w
	return &a
}

// DeskProfile is a profile of the desk, and whether its requests can be signed and sent.
type DeskProfile struct {
	profile.Profile
	Secret    bool  // there is one
	SecretErr error // why there is none
	Added     bool  // at the desk, where it can be removed
	app       *App
}

// Test is [App.TestProfile] in a person's language.
func (p DeskProfile) Test(ctx context.Context, w *words.Words) []ProfileCheck {
	a := *p.app
	a.Words = w
	return a.TestProfile(ctx)
}

// Profiles returns the desk's profiles.
func (d *Desk) Profiles() (all []DeskProfile) {
	b := d.batch()
	d.mu.Lock()
	texts := d.texts
	d.mu.Unlock()
	profiles, _ := b.options.Profiles() // Reload has read them
	for _, p := range profiles {
		a, err := b.appOf(p)
		if err != nil {
			continue // nor was there an App when they were read
		}
		known := b.keys[b.account(a)]
		all = append(all, DeskProfile{Profile: p, app: a, Secret: !known.key.IsZero(), SecretErr: known.err,
			Added: slices.ContainsFunc(texts, func(t desk.Profile) bool { return t.Name == p.Name && p.Path == "" && !p.BuiltIn })})
	}
	return all
}

// AddProfile checks the text of a profile and adds it for all programs of the desk. It fails
// with [desk.ErrProfileExists] if there is one of its name.
func (d *Desk) AddProfile(ctx context.Context, text []byte, by string) error {
	p, err := profile.Parse(text, "profile.toml")
	if err != nil {
		return err
	}
	if slices.ContainsFunc(d.Profiles(), func(other DeskProfile) bool {
		return words.Alike(other.Name, p.Name) || profile.PlainName(other.Name) == profile.PlainName(p.Name) && profile.PlainName(p.Name) != ""
	}) {
		return desk.ErrProfileExists
	}
	if err := d.Store.AddProfile(ctx, desk.Profile{Name: p.Name, Text: string(text)}); err != nil {
		return err
	}
	return errors.Join(d.Note(ctx, by, desk.ProfileAdded, p.Name), d.Reload(ctx))
}

// RemoveProfile removes a profile that was added at the desk.
func (d *Desk) RemoveProfile(ctx context.Context, name, by string) error {
	if err := d.Store.RemoveProfile(ctx, name); err != nil {
		return err
	}
	return errors.Join(d.Note(ctx, by, desk.ProfileGone, name), d.Reload(ctx))
}

// Look reads what a visitor brought. It sends and stores nothing.
func (d *Desk) Look(ctx context.Context, inputs ...Input) []Row {
	b := d.batch()
	b.Add(ctx, inputs...)
	return b.Rows()
}

// Received is what became of one request that a visitor brought.
type Received struct {
	Row // with a Submission, unless it waits
	// Waits says that somebody at the desk has to look at the request, or to send it. Token
	// lets the visitor come back to it; it is stored nowhere.
	Waits bool
	Token string
	// Filing is what the desk has of it, if it waits or was decided about.
	Filing desk.Filing
	Err    error // why it could not be filed, or what the desk has of it could not be read
}

// Receive takes requests in. It sends those that need nothing, and files those that only
// lack somebody's confirmation. One that was filed before is not sent, but what is known of
// it is returned, and the visitor gets a token of his own.
//
// Before that, allow is called with what was read, and nothing is sent or filed if it fails.
// From is the digest of the visitor's address, which limits what may wait; empty: it does not.
// A visitor who goes away then does not end what was begun: the answer would be lost.
func (d *Desk) Receive(ctx context.Context, from string, allow func([]Row) error, inputs ...Input) ([]Received, error) {
	b := d.batch()
	b.Add(ctx, inputs...)
	if err := allow(b.Rows()); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	b.Send(ctx)
	rows := b.Rows()
	all := make([]Received, len(rows))
	for i, row := range rows {
		all[i].Row = row
		if row.Submission == nil && slices.Contains(row.Needs, NeedConfirmation) && row.Why == nil {
			d.file(ctx, from, &all[i])
		}
	}
	return all, nil
}

// file stores an unsigned request that waits for the desk.
func (d *Desk) file(ctx context.Context, from string, one *Received) {
	token := desk.NewToken()
	filing := desk.Filing{ID: journal.ID(one.Request), Request: one.Request.Encode(), At: one.App.Now().UTC(), From: from, Visitors: []string{desk.Digest(token)}}
	stored, err := d.Store.File(ctx, filing, d.MaxWaiting, d.MaxWaitingEach)
	if err != nil {
		one.Err, one.Why = err, err
		return
	}
	one.Filing, one.Token = stored, token
	d.settle(ctx, one)
}

// Note stores that a person did something.
func (d *Desk) Note(ctx context.Context, by string, what desk.Deed, about string) error {
	return d.Store.Note(ctx, desk.Action{At: d.App().Now().UTC(), By: by, What: what, About: about})
}

// ErrCertain means that the outcome of a request is certain, so that it is not sent again.
var ErrCertain = fault.New(fault.Usage, "desk.certain")

// SendAgain sends a request of the journal once more, because a person wants it although
// its outcome is not certain. It fails with [ErrCertain] if it is; see [CanAsk].
func (d *Desk) SendAgain(ctx context.Context, r journal.Record, by string) (Received, error) {
	ctx = context.WithoutCancel(ctx)
	if !CanAsk(r) {
		return Received{}, ErrCertain
	}
	if err := d.Note(ctx, by, desk.SentAgain, r.Request.CheckCode()); err != nil {
		return Received{}, err
	}
	return d.send(ctx, desk.Filing{ID: journal.ID(r.Request), Request: r.Request.Encode()}, true)
}

// Ask asks the vendor's record about a request of the journal.
func (d *Desk) Ask(ctx context.Context, r journal.Record, by string) (Checked, error) {
	if err := d.Note(ctx, by, desk.Asked, r.Request.CheckCode()); err != nil {
		return Checked{}, err
	}
	checked, _ := d.batch().Check(ctx, r.Request)
	return checked, nil
}
