// Package app is what Handback does: Create, Inspect and Submit, one call
// each, the same for the window and the command. It knows neither.
package app

import (
	"cmp"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"handback/app/brand"
	"handback/app/drives"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
)

// App does the jobs of one profile on one computer. It may be used by several
// goroutines at once.
type App struct {
	Profile profile.Profile
	Words   *words.Words // of what is written for people
	// Secret gives the shared key, or the OAuth client secret, when a job
	// needs it, as often as one does. secret.ErrNone says there is none.
	Secret    func() (secret.Secret, error)
	Computer  *machine.Computer
	Now       func() time.Time
	Transport http.RoundTripper // nil: the network
	Hostname  func() (string, error)
	Drives    func() []drives.Drive // the sticks and cards of this computer
	Journal   *journal.Journal

	cached *cachedClient
}

// New makes an App for a profile on this computer, with its journal in the home
// folder. The practice profile brings its own secret, and the sandbox, reached
// without a port.
func New(home string, p profile.Profile, w *words.Words, ask func() (secret.Secret, error)) (*App, error) {
	plain := &App{Words: w, Computer: machine.Local(), Now: time.Now, Hostname: hostname, Drives: drives.Removable}
	plain.Journal = Journal(home, w, time.Now)
	a, err := plain.WithProfile(p, ask)
	if err != nil {
		return nil, err
	}
	a.Journal.Now = func() time.Time { return a.Now() }
	return a, nil
}

// WithProfile returns an App for another profile on the same computer, with the same journal.
// Ask gives that profile's secret, where the profile does not bring its own.
func (a *App) WithProfile(p profile.Profile, ask func() (secret.Secret, error)) (*App, error) {
	b := *a
	b.Profile, b.Secret, b.cached = p, ask, &cachedClient{}
	if a.Profile.Practice {
		b.Transport = nil
	}
	if key := p.EmbeddedKey(); key != nil {
		b.Secret = func() (secret.Secret, error) { return secret.New(key), nil }
	}
	if p.Practice {
		b.Secret = func() (secret.Secret, error) { return profile.PracticeSecret(), nil }
		practice, err := b.Sandbox(nil, nil)
		if err != nil {
			return nil, err
		}
		b.Transport = practice.Transport()
	}
	return &b, nil
}

// WithWords gives the same App in another language, for work that begins from now on.
func (a *App) WithWords(w *words.Words) *App {
	b := *a
	b.Words = w
	b.Journal.SetWords(w)
	return &b
}

// CheckClock refuses a clock that stands before this version was released: the
// request's date would be wrong, and the signature covers it.
func (a *App) CheckClock() error {
	if now := a.Now(); now.Before(Released) {
		return fault.New(fault.Input, "app.clock", "now", now, "released", words.Day(Released))
	}
	return nil
}

func hostname() (string, error) { return os.Hostname() }

// Contact is whom to ask: the profile's support contact, or words for it.
func (a *App) Contact() string {
	return cmp.Or(a.Profile.Support.Contact, a.Words.Text("message.contact"))
}

// cachedClient is the client that was made last, and so its OAuth token, with what it
// was made for.
type cachedClient struct {
	mu        sync.Mutex
	client    *licensespring.Client
	key       secret.Secret
	endpoint  string
	multipart bool
}

// Journal is the one in the home folder, of the requests of all profiles.
func Journal(home string, w *words.Words, now func() time.Time) *journal.Journal {
	return &journal.Journal{Folder: filepath.Join(home, "journal"), Words: w, Tool: brand.Current().Name + " " + Packaged(), Now: now}
}

// Sandbox emulates the License API as this profile's vendor would see it. See
// sandbox.Options for the licenses and scenarios.
func (a *App) Sandbox(licenses []sandbox.License, scenarios []string) (*sandbox.Sandbox, error) {
	key, err := a.Secret()
	if err != nil {
		return nil, err
	}
	options := sandbox.Options{Product: a.Profile.Product.Code, APIKey: a.Profile.Authorization.APIKey, Secret: key,
		Licenses: licenses, Scenarios: scenarios, Now: a.Now}
	if a.Profile.Authorization.Method == profile.OAuth {
		options.ClientID = a.Profile.Authorization.ClientID
	}
	return sandbox.New(options)
}
