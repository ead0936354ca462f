package app

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"handback/app/fault"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// CheckSecret fails if a secret is certainly not the profile's shared key: if it does not
// look like one, or is a license key, one of owners, or the profile's API key or client ID.
// Most people have no shared key, and type the only key that they know.
func CheckSecret(p profile.Profile, key secret.Secret, owners ...string) error {
	if key.IsZero() {
		return nil
	}
	if err := secret.Check(key); err != nil {
		return err
	}
	same := func(text string) bool { return text != "" && key.Equal(secret.New([]byte(text))) }
	if request.IsUsualLicenseKey(request.SuggestLicenseKey(key.Reveal())) {
		return fault.New(fault.Secret, "app.secret_is_owner")
	}
	for _, owner := range owners {
		if same(owner) || same(request.SuggestLicenseKey(owner)) || same(request.ProposeUsername(owner)) {
			return fault.New(fault.Secret, "app.secret_is_owner")
		}
	}
	if same(p.Authorization.APIKey) || same(p.Authorization.ClientID) {
		return fault.New(fault.Secret, "app.secret_is_client")
	}
	return nil
}

// ErrMoved means that the keyring has a secret for a profile of this name, which was stored
// for another destination. It is not used.
var ErrMoved = fault.New(fault.Secret, "app.secret_moved")

// StoredSecret returns the secret in the system's keyring for a profile's destination, with
// another endpoint if one is given; see [profile.Profile.Destination]. It fails with
// [secret.ErrNotStored], [secret.ErrKeyring] or ErrMoved, which says what has changed, or
// as [CheckSecret] does.
func StoredSecret(p profile.Profile, endpoint string) (secret.Secret, error) {
	to := p.Destination(endpoint)
	key, err := secret.Load(to.Account(p.Name))
	if err == nil {
		err = CheckSecret(p, key)
	}
	switch {
	case err == nil:
		return key, nil
	case !errors.Is(err, secret.ErrNotStored):
		return secret.Secret{}, err
	}
	before, ok := storedFor(p.Name)
	if changed := to.Differences(before); ok && len(changed) > 0 {
		return secret.Secret{}, ErrMoved.With("name", p.Name, "changed", strings.Join(changed, ", "), "host", to.Hosts())
	}
	return secret.Secret{}, err
}

// StoreSecret stores a secret in the system's keyring for a profile's destination. It
// stores the destination, too, for ErrMoved. It fails with [secret.ErrKeyring], or as
// [CheckSecret] does.
func StoreSecret(p profile.Profile, key secret.Secret) error {
	if err := CheckSecret(p, key); err != nil {
		return err
	}
	to := p.Destination("")
	if err := secret.Store(to.Account(p.Name), key); err != nil {
		return err
	}
	text, err := json.Marshal(to)
	if err != nil {
		return err
	}
	return secret.Store(destinationAccount(p.Name), secret.New(text))
}

// ForgetSecret removes a profile's secret from the system's keyring. It fails with
// [secret.ErrNotStored] or [secret.ErrKeyring].
func ForgetSecret(p profile.Profile) error {
	if before, ok := storedFor(p.Name); ok && before == p.Destination("") {
		if err := secret.Forget(destinationAccount(p.Name)); err != nil {
			return err
		}
	}
	return secret.Forget(p.Destination("").Account(p.Name))
}

// destinationAccount returns the keyring entry for the destination of a profile's name.
func destinationAccount(name string) string { return "destination of " + strconv.Quote(name) }

// storedFor returns the destination for which a secret was last stored with a name.
func storedFor(name string) (d profile.Destination, ok bool) {
	text, err := secret.Load(destinationAccount(name))
	if err != nil {
		return d, false
	}
	return d, json.Unmarshal([]byte(text.Reveal()), &d) == nil
}
