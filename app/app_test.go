package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/drives"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
)

// Values of an invented vendor.
const (
	sharedKey  = apptest.SharedKey
	apiKey     = apptest.APIKey
	clientID   = "acme-client"
	licenseKey = apptest.LicenseKey
	hardwareID = apptest.HardwareID
)

// today is a day after this version's release.
var today = Released.AddDate(0, 1, 0)

func acme() profile.Profile {
	return profile.Profile{
		Name:          "Acme CAD",
		Product:       profile.Product{Code: "acmecad"},
		Authorization: profile.Authorization{Method: profile.APIKey, APIKey: apiKey, Signs: "api_key"},
		Request:       profile.Request{Schema: request.Schema1, SignatureEncoding: "base64"},
		Hardware:      profile.Hardware{Source: machine.Typed},
		Server:        profile.Server{Endpoint: "https://api.acme.example", Portal: "https://portal.acme.example"},
	}
}

// bench is an App on a computer without hardware IDs of its own, whose transport leads to a
// sandbox.
type bench struct {
	*App
	wire *apptest.Wire
	box  *sandbox.Sandbox
}

func newBench(t testing.TB, p profile.Profile, scenarios ...string) *bench {
	t.Helper()
	key := secret.New([]byte(sharedKey))
	now := func() time.Time { return today }
	o := sandbox.Options{Product: p.Product.Code, APIKey: p.Authorization.APIKey, Secret: key, Scenarios: scenarios, Now: now}
	if p.Authorization.Method == profile.OAuth {
		o.ClientID = p.Authorization.ClientID
	}
	box, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w := &apptest.Wire{Inner: box.Transport()}
	return &bench{&App{Words: words.English(),
		Profile:   p,
		Secret:    func() (secret.Secret, error) { return key, nil },
		Computer:  &machine.Computer{},
		Now:       now,
		Transport: w,
		Hostname:  func() (string, error) { return "workstation", nil },
		Drives:    func() []drives.Drive { return nil },
		Journal:   &journal.Journal{Words: words.English(), Tool: "Handback test", Now: now},
		cached:    &cachedClient{},
	}, w, box}
}

// create makes a request, and fails the test if it cannot.
func (b *bench) create(t *testing.T, job Create) *Outgoing {
	t.Helper()
	if job.LicenseKey == "" && job.Username == "" {
		job.LicenseKey = licenseKey
	}
	if job.HardwareID == "" {
		job.HardwareID = hardwareID
	}
	made, err := b.Create(job)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// inspect reads a request's text, and fails the test if it cannot.
func (b *bench) inspect(t *testing.T, text string) Inspection {
	t.Helper()
	all := b.Inspect(context.Background(), []Input{{Name: "pasted", Data: []byte(text)}})
	if len(all) != 1 || all[0].Err != nil {
		t.Fatalf("%+v", all)
	}
	return all[0]
}

func (b *bench) submit(t *testing.T, text string, job Submit) Submission {
	t.Helper()
	return b.Submit(context.Background(), b.inspect(t, text), job)
}

func member(r *request.Request, name string) string {
	for _, m := range r.Members {
		if m.Name == name {
			return m.Text()
		}
	}
	return ""
}

func TestTheMachinesProfilesAreReadInTheSystemsOwnPlaceAlone(t *testing.T) {
	if folders := ProfileFolders(t.TempDir()); folders.Machine != "" {
		t.Errorf("%+v", folders)
	}
	home, err := Home(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if folders := ProfileFolders(home); folders.Machine != machineProfiles(runtime.GOOS) || folders.Own != filepath.Join(home, "profiles") {
		t.Errorf("%+v", folders)
	}
	spelled := filepath.Join(filepath.Dir(home), "x") + string(filepath.Separator) + ".." + string(filepath.Separator) + filepath.Base(home)
	if folders := ProfileFolders(spelled); folders.Machine == "" {
		t.Errorf("%s: %+v", spelled, folders)
	}
	for system, want := range map[string]string{
		"linux": "/etc/handback/profiles", "darwin": "/Library/Application Support/handback/profiles",
		"windows": filepath.Join(filepath.Dir(os.Args[0]), "profiles"),
	} {
		if got := machineProfiles(system); got != want {
			t.Errorf("%s: %s, want %s", system, got, want)
		}
	}
}

func TestASecretIsNotForgottenThatAProfileWhichCannotBeReadMayGoBy(t *testing.T) {
	home := t.TempDir()
	folder := ProfileFolders(home).Own
	text := "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apiKey + "'\n"
	if err := errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(filepath.Join(folder, "acme.toml"), []byte(text), 0o600),
		os.WriteFile(filepath.Join(folder, "broken.toml"), []byte("x ="), 0o600)); err != nil {
		t.Fatal(err)
	}
	_, left, err := RemoveProfile(home, "Acme CAD")
	if err != nil || !errors.Is(left, fault.New(fault.Input, "profile.syntax")) {
		t.Errorf("%v, left: %v", err, left)
	}
}

func TestHANDBACK_HOMEIsWhereProfilesLie(t *testing.T) {
	home := t.TempDir()
	environment := func(name string) string { return map[string]string{"HANDBACK_HOME": home}[name] }
	if got, err := Home(environment); got != home || err != nil {
		t.Fatalf("%s, %v", got, err)
	}
	if got, err := Home(func(string) string { return "" }); !filepath.IsAbs(got) || filepath.Base(got) != "handback" || err != nil {
		t.Errorf("without it the home is %q, %v", got, err)
	}
	folder := filepath.Join(home, "profiles")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	text := "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apiKey + "'\n"
	apptest.Write(t, filepath.Join(folder, "acme.toml"), text)
	p, err := Profile(home, "")
	if err != nil || p.Name != "Acme CAD" || p.Practice {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestWithoutAnyProfileItIsPractice(t *testing.T) {
	if p, err := Profile(t.TempDir(), ""); err != nil || !p.Practice {
		t.Errorf("%+v, %v", p, err)
	}
}

// The practice profile has its own sandbox and secret: nobody is asked for one.
func TestPracticeGoesAllTheWayAndReleasesNoLicense(t *testing.T) {
	w := words.English()
	asked := func() (secret.Secret, error) { t.Error("somebody was asked for a secret"); return secret.Secret{}, nil }
	a, err := New(t.TempDir(), profile.Practice(), w, asked)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "code.png")
	made, err := a.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID, IgnoreClock: true,
		Targets: []Target{{Kind: QRFile, Path: path}}})
	if err != nil {
		t.Fatal(err)
	}
	one := a.Inspect(context.Background(), []Input{{Name: path}})[0]
	if one.Err != nil || one.Request.Encode() != made.Encode() || one.Verdict != request.Valid || len(one.Warnings) != 0 {
		t.Fatalf("%+v", one)
	}
	first := a.Submit(context.Background(), one, Submit{})
	if first.Outcome != "released" || !first.Practice {
		t.Fatalf("%+v", first)
	}
	message, advice := first.Explain(w)
	for _, text := range []string{first.Headline(w), message, advice} {
		if strings.Contains(text, "is free") || strings.Contains(text, "was released") && !strings.Contains(text, "No license was released") {
			t.Errorf("practice says %q", text)
		}
	}
	second := a.Submit(context.Background(), first.Inspection, Submit{Again: true})
	if second.Outcome != "refused" || second.Code != "device_not_found" {
		t.Errorf("the second time: %+v", second)
	}
}

func TestARealProfileUsesTheSecretAndTheNetworkItIsGiven(t *testing.T) {
	a, err := New(t.TempDir(), acme(), words.English(), func() (secret.Secret, error) { return secret.Secret{}, secret.ErrNone })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Secret(); !errors.Is(err, secret.ErrNone) {
		t.Errorf("the secret came from elsewhere: %v", err)
	}
	if a.Transport != nil {
		t.Error("a real profile must go over the network")
	}
	if a.Computer == nil || a.Now == nil || a.Hostname == nil {
		t.Errorf("%+v", a)
	}
}

func TestAFolderBesideThePortableProgramKeepsEverything(t *testing.T) {
	folder := t.TempDir()
	program, home := filepath.Join(folder, "handback.exe"), filepath.Join(folder, "handback-home")
	if got := portable(program); got != "" {
		t.Errorf("without the folder: %q", got)
	}
	apptest.Write(t, home, "")
	if got := portable(program); got != "" {
		t.Errorf("a file is no folder: %q", got)
	}
	if err := errors.Join(os.Remove(home), os.Mkdir(home, 0o700)); err != nil {
		t.Fatal(err)
	}
	if got := portable(program); got != home {
		t.Errorf("got %q, want %q", got, home)
	}
}

// The sandbox of the command accepts what the profile makes, and no other vendor's.
func TestTheSandboxOfAProfileTakesItsRequestsAlone(t *testing.T) {
	for name, p := range map[string]profile.Profile{"API key": acme(), "OAuth": oauthProfile("client_id")} {
		b := newBench(t, p)
		box, err := b.Sandbox(nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		text := b.create(t, Create{}).Encode()
		other := newBench(t, p)
		other.Transport = box.Transport()
		if s := other.submit(t, text, Submit{}); s.Outcome != request.Released {
			t.Errorf("%s: %+v", name, s)
		}
		b.App.Secret = func() (secret.Secret, error) { return secret.New([]byte("another key")), nil }
		if box, err = b.Sandbox(nil, nil); err != nil {
			t.Fatal(err)
		}
		other = newBench(t, p)
		other.Transport = box.Transport()
		if s := other.submit(t, text, Submit{}); s.Outcome == request.Released {
			t.Errorf("%s: with another key it was released", name)
		}
	}
	b := newBench(t, acme())
	b.App.Secret = func() (secret.Secret, error) { return secret.Secret{}, secret.ErrNone }
	if _, err := b.Sandbox(nil, nil); !errors.Is(err, secret.ErrNone) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := newBench(t, acme()).Sandbox(nil, []string{"no such scenario"}); err == nil {
		t.Error("a scenario that there is not was accepted")
	}
}

func TestAnotherProfileIsUsedWithItsOwnSecretAndNetwork(t *testing.T) {
	home := t.TempDir()
	practice, err := New(home, profile.Practice(), words.English(), nil)
	if err != nil {
		t.Fatal(err)
	}
	real, err := practice.WithProfile(acme(), func() (secret.Secret, error) { return secret.New([]byte(sharedKey)), nil })
	if err != nil {
		t.Fatal(err)
	}
	if key, err := real.Secret(); err != nil || !key.Equal(secret.New([]byte(sharedKey))) || real.Transport != nil || real.Journal != practice.Journal {
		t.Errorf("%v; it leads to %v", err, real.Transport)
	}
	again, err := real.WithProfile(profile.Practice(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if key, err := again.Secret(); err != nil || !key.Equal(profile.PracticeSecret()) || again.Transport == nil {
		t.Errorf("back in practice: %v", err)
	}
}

func TestAMemberThatHasNoNameInTheLanguageIsShownUnderItsOwn(t *testing.T) {
	w := words.English()
	for name, want := range map[string]string{"hardware_id": w.Text("member.hardware_id"), "x_own": "x_own", "pаge": `p\u{430}ge`} {
		if got := MemberName(w, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
