// Package app does Handback's work: it makes, reads and submits deactivation requests and
// stores what became of them. The window and the command call it; it imports neither.
//
// An [App] works for one vendor's profile. [New] makes one, with the journal in the folder
// that [Home] returns; [Profile] and [Profiles] read the profiles there.
//
// # On the offline computer
//
// [App.Preview] returns what a request would contain. [App.Create] makes the request and
// writes it to files, each a [Target]: a request file, QR codes or a sheet to print. The
// [Outgoing] that it returns can be written to more files with [App.Export].
//
// # On the connected computer
//
// [App.Inspect] reads requests from files, pictures and text, and [App.Submit] sends one.
// [Submission.Explain] says in words for people what the answer means. [App.Check] asks
// whether a request's device still holds its license, and [App.TestProfile] whether requests
// can be submitted at all. A [Batch] does both
// for many requests and several profiles: [Batch.Add] reads, [Batch.Rows] says what each
// request still needs, and [Batch.Send] sends those that need nothing.
//
// # Back on the offline computer
//
// Submit writes a receipt. It is read like a request, and [App.ApplyReceipt] adds what it
// says to the request's record.
//
// # Errors
//
// Errors are faults; [fault.Explain] returns their texts. Secrets come from the caller, and
// are stored nowhere but in the system's keyring, by [StoreSecret].
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

// App works for one profile on one computer. Several goroutines may use it at the same
// time.
type App struct {
	Profile profile.Profile
	Words   *words.Words // the language of what is written for people
	// Secret returns the shared key, or the OAuth client secret. It is called each time
	// a secret is needed, and fails with secret.ErrNone if there is none.
	Secret func() (secret.Secret, error)
	// SecretNamed: the person named where Secret comes from. It takes precedence over the
	// built-in key of a profile, for this App and those that WithProfile makes of it.
	SecretNamed bool

	Computer  *machine.Computer
	Now       func() time.Time
	Transport http.RoundTripper // nil means the network
	Hostname  func() (string, error)
	Drives    func() []drives.Drive // this computer's sticks and cards
	Journal   *journal.Journal

	cached *cachedClient
}

// New returns an App for a profile on this computer, with the journal in the home folder.
// Ask is its Secret, unless the profile has its own. The practice profile has its own
// secret, and its Transport leads to a sandbox inside the program.
func New(home string, p profile.Profile, w *words.Words, ask func() (secret.Secret, error)) (*App, error) {
	plain := &App{Words: w, Computer: machine.Local(), Now: time.Now, Hostname: os.Hostname, Drives: drives.Removable}
	plain.Journal = Journal(home, w, time.Now)
	a, err := plain.WithProfile(p, ask)
	if err != nil {
		return nil, err
	}
	a.Journal.Now = func() time.Time { return a.Now() }
	return a, nil
}

// WithProfile returns an App for another profile on the same computer, with the same
// journal. Ask is as for [New].
func (a *App) WithProfile(p profile.Profile, ask func() (secret.Secret, error)) (*App, error) {
	b := *a
	b.Profile, b.Secret, b.cached = p, ask, &cachedClient{}
	if a.Profile.Practice {
		b.Transport = nil
	}
	if key := p.EmbeddedKey(); key != nil && !a.SecretNamed {
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

// WithWords returns the App in another language. The journal, which both share, uses that
// language from now on, too.
func (a *App) WithWords(w *words.Words) *App {
	b := *a
	b.Words = w
	b.Journal.SetWords(w)
	return &b
}

// checkClock fails if the clock is before the release of this version: the request would
// have a wrong date, which the signature covers.
func (a *App) checkClock() error {
	if now := a.Now(); now.Before(Released) {
		return fault.New(fault.Input, "app.clock", "now", now, "released", words.Day(Released))
	}
	return nil
}

// Contact returns the profile's support contact, or a general text for it.
func (a *App) Contact() string {
	return cmp.Or(a.Profile.Support.Contact, a.Words.Text("message.contact"))
}

// cachedClient reuses the last client, and so its OAuth token, while key, endpoint,
// multipart and bundle are unchanged.
type cachedClient struct {
	mu        sync.Mutex
	client    *licensespring.Client
	key       secret.Secret
	endpoint  string
	multipart bool
	bundle    bool
}

// Journal returns the journal in the home folder. It has the requests of all profiles.
func Journal(home string, w *words.Words, now func() time.Time) *journal.Journal {
	return &journal.Journal{Folder: filepath.Join(home, "journal"), Words: w, Tool: brand.Current().Name + " " + Packaged(), Now: now}
}

// Sandbox returns an emulated License API that accepts this profile's requests. See
// [sandbox.Options] for the licenses and scenarios.
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
