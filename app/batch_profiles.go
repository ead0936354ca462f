package app

import (
	"slices"

	"handback/app/fault"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// held is the secret of an account, or why there is none.
type held struct {
	key secret.Secret
	why error
	// proved: a signature is right under it. Doubtful: none is, and one is wrong, or the
	// server did not take what it signed.
	proved, doubtful bool
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
