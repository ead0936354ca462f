package web_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"handback/app/apptest"
	"handback/app/desk"
	"handback/app/secret"
	"handback/web"
)

const clientSecret = "a-client-secret-for-tests"

// identity is an identity provider, and a desk at which people log in with it.
type identity struct {
	*site
	issuer, public string
	// swap is the ID token that the provider gives out in place of its own; "" is its own.
	swap atomic.Value
}

// newIdentity starts npm's oidc-provider behind a proxy that can exchange its tokens.
func newIdentity(t *testing.T) *identity {
	t.Helper()
	folder := os.Getenv("HANDBACK_BROWSER")
	if folder == "" {
		t.Skip("make browser installs an identity provider and logs in with it")
	}
	i := &identity{}
	i.swap.Store("")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	inner := free.Addr().String()
	_ = free.Close()
	provider := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: inner})
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
		ModifyResponse: i.exchange,
	})
	t.Cleanup(provider.Close)
	var target atomic.Pointer[url.URL]
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target.Load()) }})
	t.Cleanup(front.Close)
	i.issuer, i.public = provider.URL, front.URL

	_, port, _ := net.SplitHostPort(inner)
	cmd := exec.CommandContext(t.Context(), apptest.Tool(t, "node", "nodejs"), filepath.Join(folder, "..", "openid", "provider.mjs"), port, i.issuer, i.public+"/desk/openid/back")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		_ = cmd.Wait()
		t.Fatalf("the provider does not start: %q %s", line, said.String())
	}
	openID := web.NewOpenID(i.issuer, "handback", secret.New([]byte(clientSecret)), i.public+"/")
	i.site = newSite(t, func(o *web.Options) { o.OpenID = openID })
	address, err := url.Parse(i.url)
	if err != nil {
		t.Fatal(err)
	}
	target.Store(address)
	for _, name := range []string{"anna@example.com", "unverified@example.com"} {
		p, err := desk.NewPerson(name, desk.Agent, "")
		if err == nil {
			err = i.store.SavePerson(t.Context(), p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return i
}

// exchange replaces the ID token of an answer.
func (i *identity) exchange(answer *http.Response) error {
	swap, _ := i.swap.Load().(string)
	if swap == "" || answer.Request.URL.Path != "/token" || answer.StatusCode != http.StatusOK {
		return nil
	}
	var token map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&token); err != nil {
		return err
	}
	token["id_token"] = swap
	text, err := json.Marshal(token)
	if err != nil {
		return err
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	answer.Header.Set("Content-Length", fmt.Sprint(len(text)))
	return nil
}

// browser returns a client with cookies that follows no redirect.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// open gets an address, or posts values to it.
func (i *identity) open(client *http.Client, address string, values url.Values) reply {
	i.t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if values != nil {
		method, body = http.MethodPost, strings.NewReader(values.Encode())
	}
	r, err := http.NewRequestWithContext(i.t.Context(), method, address, body)
	if err != nil {
		i.t.Fatal(err)
	}
	if values != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return i.do(client, r)
}

// begin begins to log in, and returns where the desk sends the browser.
func (i *identity) begin(client *http.Client) *url.URL {
	i.t.Helper()
	answer := i.open(client, i.public+"/desk/openid", nil)
	address, err := answer.Location()
	if err != nil {
		i.t.Fatalf("%s %s", answer.Status, answer.text)
	}
	return address
}

var action = regexp.MustCompile(`action="([^"]+)"`)

// identify logs in at the provider, and returns the address to which it sends back.
func (i *identity) identify(client *http.Client, address *url.URL, name string) string {
	i.t.Helper()
	var values url.Values
	for at := address.String(); ; values = nil {
		answer := i.open(client, at, values)
		for answer.StatusCode/100 == 3 {
			next, err := answer.Location()
			if err != nil {
				i.t.Fatal(err)
			}
			if strings.HasPrefix(next.String(), i.public) {
				return next.String()
			}
			at, answer = next.String(), i.open(client, next.String(), nil)
		}
		form := action.FindStringSubmatch(answer.text)
		if answer.StatusCode != http.StatusOK || form == nil {
			i.t.Fatalf("%s: %s %s", at, answer.Status, answer.text)
		}
		if strings.Contains(answer.text, `name="login"`) {
			values = url.Values{"prompt": {"login"}, "login": {name}, "password": {"any"}}
		} else {
			values = url.Values{"prompt": {"consent"}}
		}
		if at = form[1]; !strings.HasPrefix(at, "http") {
			at = i.issuer + at
		}
		answer = i.open(client, at, values)
		next, err := answer.Location()
		if err != nil {
			i.t.Fatalf("%s: %s %s", at, answer.Status, answer.text)
		}
		if strings.HasPrefix(next.String(), i.public) {
			return next.String()
		}
		at = next.String()
	}
}

// finish brings the provider's answer to the desk, and reports whether that logs in.
func (i *identity) finish(client *http.Client, back string) bool {
	i.t.Helper()
	answer := i.open(client, back, nil)
	in := i.open(client, i.public+"/desk", nil).StatusCode == http.StatusOK
	if in != (answer.StatusCode == http.StatusSeeOther) || !in && answer.StatusCode != http.StatusUnauthorized {
		i.t.Errorf("%s, and logged in: %v", answer.Status, in)
	}
	return in
}

func with(address *url.URL, name, value string) *url.URL {
	changed := *address
	query := changed.Query()
	query.Set(name, value)
	changed.RawQuery = query.Encode()
	return &changed
}

func TestOpenIDLogsInWhomTheDeskKnowsAndNobodyElse(t *testing.T) {
	i := newIdentity(t)
	for name, want := range map[string]bool{"anna@example.com": true, "Anna@Example.com": true, "unknown@example.com": false, "unverified@example.com": false, "root": false} {
		client := browser(t)
		if got := i.finish(client, i.identify(client, i.begin(client), name)); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for what, attack := range map[string]func(client *http.Client) (back string){
		"another state": func(client *http.Client) string {
			back, _ := url.Parse(i.identify(client, i.begin(client), "anna@example.com"))
			return with(back, "state", "another").String()
		},
		"no state": func(client *http.Client) string {
			back, _ := url.Parse(i.identify(client, i.begin(client), "anna@example.com"))
			return with(back, "state", "").String()
		},
		"another nonce": func(client *http.Client) string {
			return i.identify(client, with(i.begin(client), "nonce", "another"), "anna@example.com")
		},
		"another verifier": func(client *http.Client) string {
			return i.identify(client, with(i.begin(client), "code_challenge", oauth2.S256ChallengeFromVerifier(oauth2.GenerateVerifier())), "anna@example.com")
		},
		"the code of another program": func(client *http.Client) string {
			return i.identify(client, with(i.begin(client), "client_id", "other"), "anna@example.com")
		},
		"somebody else's answer": func(*http.Client) string {
			other := browser(t)
			return i.identify(other, i.begin(other), "anna@example.com")
		},
		"somebody else's answer, while logging in": func(client *http.Client) string {
			i.begin(client)
			other := browser(t)
			return i.identify(other, i.begin(other), "anna@example.com")
		},
		"an error": func(client *http.Client) string {
			return i.public + "/desk/openid/back?error=access_denied&state=" + i.begin(client).Query().Get("state")
		},
	} {
		client := browser(t)
		if i.finish(client, attack(client)) {
			t.Errorf("%s logs in", what)
		}
	}
	for line := range strings.Lines(i.log.text()) {
		if strings.Contains(line, clientSecret) || strings.Contains(line, "code=") || !json.Valid([]byte(line)) {
			t.Errorf("the log has: %s", line)
		}
	}
}

func TestAnIdentityProviderThatIsBackIsAskedAgain(t *testing.T) {
	var provider http.HandlerFunc
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider(w, r) }))
	defer front.Close()
	provider = func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "GPYC is down", http.StatusBadGateway) }
	s := newSite(t, func(o *web.Options) {
		o.OpenID = web.NewOpenID(front.URL, "handback", secret.New([]byte(clientSecret)), "https://desk.example")
	})
	answer := s.get(http.DefaultClient, "/desk/openid")
	if answer.StatusCode != http.StatusServiceUnavailable || !strings.Contains(answer.text, "cannot be reached") || !strings.Contains(answer.text, `name="password"`) || strings.Contains(answer.text, "GPYC") {
		t.Errorf("%s %s", answer.Status, answer.text)
	}
	s.in("anna") // with a password
	if answer := s.get(http.DefaultClient, "/readyz"); answer.StatusCode != http.StatusNoContent {
		t.Errorf("not ready: %s", answer.Status)
	}
	provider = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":%q,"jwks_uri":%q}`, front.URL, front.URL+"/auth", front.URL+"/token", front.URL+"/keys")
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		answer := s.get(browser(t), "/desk/openid")
		if answer.StatusCode == http.StatusSeeOther && strings.HasPrefix(answer.Header.Get("Location"), front.URL+"/auth?") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s %s", answer.Status, answer.text)
		}
	}
}

func TestOpenIDsAnswerIsTakenOnce(t *testing.T) {
	i := newIdentity(t)
	client := browser(t)
	address := i.begin(client)
	public, _ := url.Parse(i.public)
	cookies := client.Jar.Cookies(public)
	back := i.identify(client, address, "anna@example.com")
	if !i.finish(client, back) {
		t.Fatal("the first is not taken")
	}
	again := browser(t)
	if i.finish(again, back) {
		t.Error("it is taken without its cookie")
	}
	again.Jar.SetCookies(public, cookies) // as it was before the answer
	if i.finish(again, back) {
		t.Error("it is taken twice")
	}
}

func TestOpenIDsTokensOfOthersAreRefused(t *testing.T) {
	i := newIdentity(t)
	// token returns an ID token of a client, with the nonce of a login at the desk.
	token := func(address *url.URL, clientID string) string {
		other := browser(t)
		plain := with(with(address, "client_id", clientID), "scope", "openid email")
		query := plain.Query()
		query.Del("code_challenge")
		query.Del("code_challenge_method")
		plain.RawQuery = query.Encode()
		back, err := url.Parse(i.identify(other, plain, "anna@example.com"))
		if err != nil {
			t.Fatal(err)
		}
		config := oauth2.Config{ClientID: clientID, ClientSecret: clientSecret, RedirectURL: i.public + "/desk/openid/back", Endpoint: oauth2.Endpoint{TokenURL: i.issuer + "/token"}}
		i.swap.Store("")
		got, err := config.Exchange(t.Context(), back.Query().Get("code"))
		if err != nil {
			t.Fatal(err)
		}
		text, _ := got.Extra("id_token").(string)
		return text
	}
	for what, one := range map[string]struct {
		make func(address *url.URL) string
		want bool
	}{
		"its own, by another way": {func(address *url.URL) string { return token(address, "handback") }, true},
		"of another program":      {func(address *url.URL) string { return token(address, "other") }, false},
		"unsigned": {func(address *url.URL) string {
			parts := strings.Split(token(address, "handback"), ".")
			return "eyJhbGciOiJub25lIn0." + parts[1] + "."
		}, false},
		"with another signature": {func(address *url.URL) string {
			text := token(address, "handback")
			middle := len(text) - 40
			return text[:middle] + strings.Map(func(r rune) rune {
				if r == 'A' {
					return 'B'
				}
				return 'A'
			}, text[middle:middle+1]) + text[middle+1:]
		}, false},
		"of an earlier login": {func(*url.URL) string { return token(i.begin(browser(t)), "handback") }, false},
		"none":                {func(*url.URL) string { return "nonsense" }, false},
	} {
		client := browser(t)
		address := i.begin(client)
		swap := one.make(address)
		back := i.identify(client, address, "anna@example.com")
		i.swap.Store(swap)
		if got := i.finish(client, back); got != one.want {
			t.Errorf("a token %s: %v", what, got)
		}
		i.swap.Store("")
	}
}
