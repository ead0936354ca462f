package app

import (
	"context"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/sandbox"
	"handback/app/secret"
)

// trial tests a profile and returns the names of its checks, those that failed with a minus
// before them.
func trial(t *testing.T, a *App) (names []string, worst fault.Kind) {
	t.Helper()
	for _, c := range a.TestProfile(context.Background()) {
		name := c.Check
		if !c.OK {
			name, worst = "-"+name, c.Kind
		}
		names = append(names, name)
		if c.Detail == "" || c.OK != (c.Remedy == "") || c.OK != (c.Kind == "") || !slices.Contains(ProfileChecks(), c.Check) || strings.Contains(c.Detail+c.Remedy, "<no value>") {
			t.Errorf("%+v", c)
		}
		if strings.Contains(fmt.Sprint(c), sharedKey) {
			t.Errorf("it shows the secret: %+v", c)
		}
	}
	return names, worst
}

func TestAProfileIsTestedWithoutTouchingALicense(t *testing.T) {
	b, _ := deskOf(t)
	names, _ := trial(t, b.App)
	if got := strings.Join(names, " "); got != "proxy endpoint clock secret" {
		t.Errorf("%s", got)
	}
	for _, r := range b.wire.Sent() {
		if r.Method != http.MethodGet || strings.Contains(r.URL.RawQuery, hardwareID) || r.URL.Path != "/api/v4/device_licenses" {
			t.Errorf("sent %s %s", r.Method, r.URL)
		}
	}
	if r := b.wire.Sent()[0]; r.Header.Get("Authorization") != "" {
		t.Error("credentials were sent before the server was known to answer")
	}
	if len(b.box.Released()) != 0 {
		t.Error("a license was released")
	}
}

func TestAProfileThatCannotSubmitIsToldWhyWithTheRemedy(t *testing.T) {
	answers := func(text string, status int) http.RoundTripper {
		return apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			w.WriteHeader(status)
			fmt.Fprint(w, text)
			return w.Result(), nil
		})
	}
	for name, row := range map[string]struct {
		change func(b *bench)
		want   string
		kind   fault.Kind
	}{
		"no secret":       {func(b *bench) { b.Secret = func() (secret.Secret, error) { return secret.Secret{}, secret.ErrNone } }, "proxy endpoint clock -secret", fault.Secret},
		"wrong secret":    {func(b *bench) { b.Secret = func() (secret.Secret, error) { return secret.New([]byte("another")), nil } }, "proxy endpoint clock -secret", fault.Refused},
		"wrong API key":   {func(b *bench) { b.Profile.Authorization.APIKey = "99999999-1111-2222-3333-444444444444" }, "proxy endpoint clock -secret", fault.Refused},
		"not said":        {func(b *bench) { b.wire.Inner = answers(`{"code":"not_found"}`, 404) }, "proxy endpoint -secret", fault.Unknown},
		"no list":         {func(b *bench) { b.wire.Inner = answers(`{}`, 200) }, "proxy endpoint -secret", fault.Unknown},
		"a login page":    {func(b *bench) { b.wire.Inner = answers("<html>", 200) }, "proxy -endpoint", fault.Connection},
		"a proxy's login": {func(b *bench) { b.wire.Inner = answers("", 407) }, "-proxy", fault.Connection},
		"a redirect":      {func(b *bench) { b.wire.Inner = answers("", 302) }, "proxy -endpoint", fault.Connection},
		"nobody there": {func(b *bench) {
			b.Transport, b.Profile.Server.Endpoint = nil, "http://127.0.0.1:1"
		}, "proxy -endpoint", fault.Connection},
		"a wrong authority": {func(b *bench) {
			b.Transport, b.Profile.Server.ExtraCA = nil, "nonsense"
		}, "proxy endpoint -tls", fault.Input},
	} {
		b, _ := deskOf(t)
		row.change(b)
		names, kind := trial(t, b.App)
		if got := strings.Join(names, " "); got != row.want || kind != row.kind {
			t.Errorf("%s: %s, %s", name, got, kind)
		}
		all := b.TestProfile(context.Background())
		if remedy := all[len(all)-1].Remedy; name == "no secret" && remedy != fault.Explain(secret.ErrNone, b.Words).Advice {
			t.Errorf("%s: %s", name, remedy)
		}
	}
}

func TestATestSaysByHowMuchTheClockDiffers(t *testing.T) {
	for _, row := range []struct {
		ahead time.Duration
		ok    bool
		has   string
	}{{0, true, "0 s"}, {90 * time.Second, true, "90 s ahead"}, {-14 * time.Minute, true, "840 s behind"}, {16 * time.Minute, false, "960 s ahead"}, {-time.Hour, false, "3600 s behind"}} {
		b, _ := deskOf(t)
		b.Now = func() time.Time { return today.Add(row.ahead) } // the sandbox's is today
		b.cached.client = nil
		for _, c := range b.TestProfile(context.Background()) {
			if c.Check == "clock" && (c.OK != row.ok || !strings.Contains(c.Detail, row.has)) {
				t.Errorf("%v: %+v", row.ahead, c)
			}
		}
	}
}

func TestATestGetsATokenForOAuth(t *testing.T) {
	p := oauthProfile("client_id")
	p.Authorization.TokenURL = "https://auth.acme.example" + sandbox.TokenPath
	b := newBench(t, p)
	if names, _ := trial(t, b.App); strings.Join(names, " ") != "proxy endpoint clock token secret" {
		t.Errorf("%v", names)
	}
	b = newBench(t, p, "token_refused")
	if names, kind := trial(t, b.App); strings.Join(names, " ") != "proxy endpoint clock -token" || kind != fault.Connection {
		t.Errorf("%v, %s", names, kind)
	}
}

func TestATestNamesTheIssuerOfTheCertificate(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[]") }))
	defer s.Close()
	b, _ := deskOf(t)
	b.Transport, b.Now = nil, time.Now
	b.Profile.Server.Endpoint = s.URL
	if names, kind := trial(t, b.App); strings.Join(names, " ") != "proxy endpoint -tls" || kind != fault.Connection {
		t.Errorf("not trusted: %v, %s", names, kind)
	}
	b.Profile.Server.ExtraCA = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	b.cached.client = nil
	checks := b.TestProfile(context.Background())
	i := slices.IndexFunc(checks, func(c ProfileCheck) bool { return c.Check == "tls" })
	if i < 0 || !checks[i].OK || !strings.Contains(checks[i].Detail, "Acme Co") {
		t.Errorf("%+v", checks)
	}
}

func TestThePracticeProfileIsTestedInsideTheProgram(t *testing.T) {
	a, err := New(t.TempDir(), profile.Practice(), newBench(t, acme()).Words, nil)
	if err != nil {
		t.Fatal(err)
	}
	if names, _ := trial(t, a); strings.Join(names, " ") != "proxy endpoint clock secret" {
		t.Errorf("%v", names)
	}
}
