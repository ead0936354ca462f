package app

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/secret"
	"handback/app/words"
)

// withKeyring puts an empty keyring of the library's own in the place of the system's.
func withKeyring(t *testing.T) {
	keyring.MockInit()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
}

func stored(t *testing.T, p profile.Profile) {
	t.Helper()
	if err := StoreSecret(p, secret.New([]byte(sharedKey))); err != nil {
		t.Fatal(err)
	}
}

// F67: where the secret would go has changed, so it has to be typed again.
func TestAStoredSecretIsForItsDestinationAlone(t *testing.T) {
	withKeyring(t)
	stored(t, acme())
	if key, err := StoredSecret(acme(), ""); err != nil || !key.Equal(secret.New([]byte(sharedKey))) {
		t.Errorf("for its own: %v", err)
	}
	for changed, change := range map[string]func(*profile.Profile){
		"authorization.api_key": func(p *profile.Profile) { p.Authorization.APIKey = clientID },
		"server.endpoint":       func(p *profile.Profile) { p.Server.Endpoint = "https://evil.example" },
		"server.proxy":          func(p *profile.Profile) { p.Server.Proxy = "http://proxy.example" },
		"server.extra_ca":       func(p *profile.Profile) { p.Server.ExtraCA = "another" },
	} {
		p := acme()
		change(&p)
		key, err := StoredSecret(p, "")
		if !key.IsZero() || !errors.Is(err, ErrMoved) || !strings.Contains(err.Error(), changed) {
			t.Errorf("%s: %v", changed, err)
		}
	}
	key, err := StoredSecret(acme(), "https://other.example")
	if advice := fault.Explain(err, words.English()).Advice; !key.IsZero() || !errors.Is(err, ErrMoved) || !strings.Contains(advice, "other.example") {
		t.Errorf("for another endpoint: %v; %s", err, advice)
	}
	if key, err := StoredSecret(bolt(), ""); !key.IsZero() || !errors.Is(err, secret.ErrNotStored) {
		t.Errorf("for another name: %v", err)
	}
}

func TestAForgottenSecretLeavesNothingInTheKeyring(t *testing.T) {
	withKeyring(t)
	stored(t, acme())
	moved := acme()
	moved.Server.Endpoint = "https://new.example"
	if err := ForgetSecret(moved); !errors.Is(err, secret.ErrNotStored) {
		t.Errorf("of another destination: %v", err)
	}
	if _, err := StoredSecret(acme(), ""); err != nil {
		t.Errorf("the other one went along: %v", err)
	}
	if _, err := StoredSecret(moved, ""); !errors.Is(err, ErrMoved) {
		t.Errorf("where it led went along: %v", err)
	}
	if err := ForgetSecret(acme()); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]profile.Profile{"its own": acme(), "another": moved} {
		if _, err := StoredSecret(p, ""); !errors.Is(err, secret.ErrNotStored) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := ForgetSecret(acme()); !errors.Is(err, secret.ErrNotStored) {
		t.Errorf("a second time: %v", err)
	}
}

// F59
func TestAKeyringThatRefusesIsToldWhateverIsAskedOfIt(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	keyring.MockInitWithError(errors.New("access denied"))
	t.Cleanup(keyring.MockInit)
	_, loaded := StoredSecret(acme(), "")
	for name, err := range map[string]error{"stored": StoreSecret(acme(), secret.New([]byte(sharedKey))), "loaded": loaded, "forgotten": ForgetSecret(acme())} {
		if !errors.Is(err, secret.ErrKeyring) || !strings.Contains(err.Error(), "access denied") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// acmeHome returns a home folder with an imported profile.
func acmeHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	text := "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apiKey + "'\n"
	if _, err := profile.Import(filepath.Join(home, "profiles"), "acme.toml", []byte(text), false); err != nil {
		t.Fatal(err)
	}
	return home
}

func TestARemovedProfileTakesItsSecretAlong(t *testing.T) {
	withKeyring(t)
	home := acmeHome(t)
	p, err := Profile(home, "Acme CAD")
	if err != nil {
		t.Fatal(err)
	}
	stored(t, p)
	if removed, left, err := RemoveProfile(home, "Acme CAD"); removed.Name != p.Name || left != nil || err != nil {
		t.Errorf("%s, %v, %v", removed.Name, left, err)
	}
	if _, err := StoredSecret(p, ""); !errors.Is(err, secret.ErrNotStored) {
		t.Errorf("its secret is still there: %v", err)
	}
	if _, left, err := RemoveProfile(home, "Acme CAD"); left != nil || apptest.Key(err) != "profile.not_found" {
		t.Errorf("a second time: %v, %v", left, err)
	}
	if _, left, err := RemoveProfile(acmeHome(t), "Acme CAD"); left != nil || err != nil {
		t.Errorf("without a secret: %v, %v", left, err)
	}
	keyring.MockInitWithError(errors.New("access denied"))
	t.Cleanup(keyring.MockInit)
	home = acmeHome(t)
	if _, left, err := RemoveProfile(home, "Acme CAD"); !errors.Is(left, secret.ErrKeyring) || err != nil {
		t.Errorf("with a keyring that refuses: %v, %v", left, err)
	}
	if p, err := Profile(home, ""); err != nil || !p.Practice {
		t.Errorf("the profile is still there: %v, %v", p.Name, err)
	}
}
