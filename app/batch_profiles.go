package app

import (
	"slices"
	"sync"

	"handback/app/fault"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// accountKey is the secret of an account, or why there is none.
type accountKey struct {
	key secret.Secret
	err error
	// Proved means that a signature is valid with it. Doubtful means that none is, and
	// that one is invalid or the server did not accept what it signed.
	proved, doubtful bool
	version          int // which SetSecret it is from
}

// account returns a name for an App's secret and the destination that it may be used for.
func (b *Batch) account(a *App) string {
	return a.Profile.Destination(b.options.Endpoint).Account(a.Profile.Name)
}

// keyFor returns the secret of an App's account. It is asked for once.
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
	if known, ok := b.keys[account]; ok { // set meanwhile
		return known.key
	}
	b.keys[account] = accountKey{key: key, err: err}
	return key
}

// SetSecret replaces the secret of an App's profile. A zero secret removes it. Signatures
// are checked without the lock: of thousands of rows that takes a while, and others want to
// see the rows meanwhile.
func (b *Batch) SetSecret(a *App, key secret.Secret) {
	account := b.account(a)
	b.mu.Lock()
	b.version++
	version := b.version
	b.keys[account] = accountKey{key: key, version: version}
	rows := slices.DeleteFunc(b.rowsOf(account), func(r *row) bool { return !r.unsent() })
	checked := make([]Row, len(rows))
	for i, r := range rows {
		checked[i] = r.Row
	}
	b.mu.Unlock()
	for i := range checked {
		checked[i].App.verify(&checked[i].Inspection, key)
	}
	b.mu.Lock()
	if b.keys[account].version == version { // no other secret was set meanwhile
		for i, r := range rows {
			if r.unsent() {
				r.Verdict = checked[i].Verdict
				b.learn(account, r.Verdict)
			}
		}
		for _, r := range b.rowsOf(account) {
			b.assess(r)
		}
	}
	b.mu.Unlock()
	b.changed()
}

// unsent reports whether the row is not being sent and has no outcome, or one of before.
func (r *row) unsent() bool {
	return !r.Sending && (!r.Submission.hasOutcome() || r.Submission.Before)
}

// rowsOf returns the rows of an account. The lock is held.
func (b *Batch) rowsOf(account string) (all []*row) {
	for _, r := range b.rows {
		if r.App != nil && r.account == account {
			all = append(all, r)
		}
	}
	return all
}

// learn updates what is known of an account's secret: v is the verdict on a signature, or
// Invalid if the server did not accept one. If that changes anything, it assesses the
// account's rows again. The lock is held.
func (b *Batch) learn(account string, v request.Verdict) {
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
	for _, r := range b.rowsOf(account) {
		b.assess(r)
	}
}

// profiles returns the profiles that a request may go by, the preferred one first, and the
// error about those that could not be read.
func (b *Batch) profiles() (all []profile.Profile, broken error) {
	own := b.App().Profile
	if !b.options.Only {
		all, broken = b.options.Profiles()
	}
	if own.Name != "" { // it need not be an imported one
		others := slices.DeleteFunc(slices.Clone(all), func(p profile.Profile) bool { return p.Name == own.Name })
		all = append([]profile.Profile{own}, others...)
	}
	return all, broken
}

// known returns what the profiles' requests have in common.
func (b *Batch) known() (all []request.Common) {
	profiles, _ := b.profiles() // the request's row tells the error
	for _, p := range profiles {
		all = append(all, p.Common())
	}
	return all
}

// finder returns a function that finds the App for the profile of a request, by its API key
// or client ID. That fails if no profile fits, or if several do and none of them is the
// preferred one.
func (b *Batch) finder() func(*request.Request) (*App, error) {
	type found struct {
		app *App
		err error
	}
	all := sync.OnceValues(b.profiles)
	known := map[request.Common]found{}
	return func(r *request.Request) (*App, error) {
		key := request.Common{Product: r.Product, APIKey: r.APIKey, ClientID: r.ClientID}
		f, ok := known[key]
		if !ok {
			f.app, f.err = b.appFor(r, all)
			known[key] = f
		}
		return f.app, f.err
	}
}

func (b *Batch) appFor(r *request.Request, profiles func() ([]profile.Profile, error)) (*App, error) {
	a := b.App()
	if b.options.Only {
		return a, nil
	}
	chosen := func(p profile.Profile) bool { return p.Name == a.Profile.Name }
	all, broken := profiles()
	fits := slices.DeleteFunc(slices.Clone(all), func(p profile.Profile) bool { return !belongsTo(p, r) })
	if exact := slices.DeleteFunc(slices.Clone(fits), func(p profile.Profile) bool { return p.Product.Code != r.Product }); len(exact) > 0 {
		fits = exact
	}
	switch {
	case len(fits) == 0 && len(all) == 1 && broken == nil:
		fits = all // only practice, which refuses the request with a reason of its own
	case len(fits) == 0:
		return nil, fault.New(fault.Input, "app.no_profile", "names", profile.Names(all)).Because(broken)
	case slices.ContainsFunc(fits, chosen):
		return a, nil
	case len(fits) > 1:
		return nil, fault.New(fault.Input, "app.several_profiles", "names", profile.Names(fits))
	}
	return b.appOf(fits[0])
}

// appOf returns the App for a profile, and makes it if there is none yet.
func (b *Batch) appOf(p profile.Profile) (*App, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	account := p.Destination(b.options.Endpoint).Account(p.Name)
	if a := b.apps[account]; a != nil {
		return a, nil
	}
	a, err := b.app.WithProfile(p, func() (secret.Secret, error) {
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
