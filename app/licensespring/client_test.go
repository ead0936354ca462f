package licensespring

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

const (
	body   = "eyJyZXF1ZXN0IjoiZGVhY3RpdmF0aW9uIn0="
	canary = "test-shared-key_AbCdEf0123456789-_ZyXwVu987"
)

var clock = time.Date(2026, 3, 5, 7, 8, 9, 0, time.UTC)

// received is what a server saw of one POST.
type received struct {
	path   string
	header http.Header
	body   string
}

// recorder is a server that records what it is sent, and answers by a function.
type recorder struct {
	*httptest.Server
	mu   sync.Mutex
	seen []received
}

func (r *recorder) posts() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen
}

func record(t *testing.T, answer func(w http.ResponseWriter, n int)) *recorder {
	t.Helper()
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		text, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.seen = append(r.seen, received{req.URL.Path, req.Header, string(text)})
		n := len(r.seen)
		r.mu.Unlock()
		answer(w, n)
	}))
	t.Cleanup(r.Close)
	return r
}

// client returns a client with API-key authorization that never waits.
func client(endpoint string) *Client {
	return &Client{
		Endpoint: endpoint,
		APIKey:   "00000000-1111-2222-3333-444444444444",
		Secret:   secret.New([]byte(canary)),
		Now:      func() time.Time { return clock },
		Wait:     func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

func submit(t *testing.T, c *Client) Answer {
	t.Helper()
	a := c.Submit(t.Context(), body, false)
	checkWords(t, a)
	return a
}

// checkWords checks what every answer promises: it has an explanation, and no secret.
func checkWords(t *testing.T, a Answer) {
	t.Helper()
	message, advice := a.Explain(words.English())
	for _, text := range []string{message, advice} {
		if text == "" || strings.Contains(text, "<no value>") || strings.HasPrefix(text, "answer.") || strings.HasPrefix(text, "code.") {
			t.Errorf("an explanation is missing or has gaps: %q, %q", message, advice)
		}
	}
	if all := fmt.Sprintf("%+v %s %s %v", a, message, advice, a.Err); strings.Contains(all, canary) || strings.Contains(all, "yRC6uCsNHFEtEsq5YBiT9bQWmrUK5vfyAT0RnffXUgM=") {
		t.Errorf("the answer holds a secret: %s", all)
	}
}

// fails checks an answer's outcome and the key of its fault, or its code.
func fails(t *testing.T, a Answer, outcome request.State, key string) {
	t.Helper()
	got := "code." + a.Code
	if a.Err != nil {
		got = apptest.Key(a.Err)
	}
	if a.Outcome != outcome || got != key {
		t.Errorf("got %s, %s (%v); want %s, %s", a.Outcome, got, a.Err, outcome, key)
	}
}

func problem(status int, code string) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "code": code, "message": "text of " + code})
	}
}

func reply200(text string) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) { _, _ = io.WriteString(w, text) }
}

func TestTheDateSignatureIsTheVendorsKnownAnswer(t *testing.T) {
	// https://docs.licensespring.com/license-api/license-api-authorization/request-signature
	got := dateSignature("Tue, 07 Jun 2011 20:51:35 GMT", secret.New([]byte("kw4qSnpSwXzgiv5yxYpZZmFEd9QAeiKTQ6OuyMja")))
	if want := "UDysfR6MndUZReo07Y9r+vErn8vSxrnQ5ulit18iJ/Q="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestARequestIsSentOnceExactlyAsItIs(t *testing.T) {
	server := record(t, reply200("license_deactivated"))
	if a := submit(t, client(server.URL)); a.Outcome != request.Released || a.Status != 200 || !a.Sent.Equal(clock) || a.ServerDate.IsZero() {
		t.Errorf("got %+v", a)
	}
	// The Authorization header is the one of the vendor's Node SDK 1.4.17 on
	// the same clock, key and API key.
	want := []received{{"/api/v4/deactivate_offline", http.Header{
		"Accept":          {"application/json"},
		"Accept-Encoding": {"identity"},
		"Authorization":   {`algorithm="hmac-sha256",headers="date",signature="yRC6uCsNHFEtEsq5YBiT9bQWmrUK5vfyAT0RnffXUgM=",apikey="00000000-1111-2222-3333-444444444444"`},
		"Connection":      {"close"},
		"Content-Length":  {fmt.Sprint(len(body))},
		"Content-Type":    {"text/plain"},
		"Date":            {"Thu, 05 Mar 2026 07:08:09 GMT"},
		"User-Agent":      {"Handback"},
	}, body}}
	if diff := cmp.Diff(want, server.posts(), cmp.AllowUnexported(received{})); diff != "" {
		t.Error(diff)
	}
}

func TestAFormHasOnePartNamedFile(t *testing.T) {
	var part, name string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, head, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		text, _ := io.ReadAll(file)
		part, name = string(text), head.Filename
		if n := len(r.MultipartForm.File) + len(r.MultipartForm.Value); n != 1 {
			t.Errorf("%d parts", n)
		}
		_, _ = io.WriteString(w, "license_deactivated")
	}))
	defer server.Close()
	c := client(server.URL)
	c.Multipart = true
	if a := submit(t, c); a.Outcome != request.Released || part != body || name != "ls_deactivation.req" {
		t.Errorf("got %s, part %q, name %q", a.Outcome, part, name)
	}
}

func TestABundleTakesItsOwnPath(t *testing.T) {
	server := record(t, reply200("license_deactivated"))
	c := client(server.URL + "/")
	c.Bundle, c.UserAgent = true, "Test/1"
	submit(t, c)
	if got := server.posts()[0]; got.path != "/api/v4/deactivate_bundle_offline" || got.header.Get("User-Agent") != "Test/1" {
		t.Errorf("got %+v", got)
	}
}

func TestOnlyTheExactWordWithStatus200IsSuccess(t *testing.T) {
	for text, released := range map[string]bool{
		"license_deactivated":                true,
		`"license_deactivated"`:              true,
		"license_deactivated\n":              true,
		"\"license_deactivated\"\r\n":        true,
		"  license_deactivated\t":            true,
		"License_deactivated":                false,
		"'license_deactivated'":              false,
		"\"license_deactivated":              false,
		`""license_deactivated""`:            false,
		`" license_deactivated "`:            false,
		"license_deactivated!":               false,
		"license_deactivated\x00":            false,
		"\uFEFFlicense_deactivated":          true,
		"license_deactivated\uFEFF":          false,
		"\uFEFF\uFEFFlicense_deactivated":    false,
		"license_\ndeactivated":              false,
		"license_deactivatedlicense":         false,
		`{"code":"license_deactivated"}`:     false,
		`{"status":"license_deactivated"}`:   false,
		`["license_deactivated"]`:            false,
		"license_activated":                  false,
		"true":                               false,
		"<html>license_deactivated</html>":   false,
		`{"code":"device_not_found"}`:        false,
		"license_deactivated\n<html></html>": false,
	} {
		server := record(t, reply200(text))
		want := request.Unknown
		if released {
			want = request.Released
		}
		if a := submit(t, client(server.URL)); a.Outcome != want || len(server.posts()) != 1 {
			t.Errorf("%q: got %s after %d posts, want %s", text, a.Outcome, len(server.posts()), want)
		}
	}
}

func TestWrongSettingsAreNotSent(t *testing.T) {
	server := record(t, reply200("license_deactivated"))
	for _, tt := range []struct {
		name  string
		spoil func(*Client)
		key   string
	}{
		{"http elsewhere", func(c *Client) { c.Endpoint = "http://api.licensespring.com" }, "licensespring.address_scheme"},
		{"http to a look-alike", func(c *Client) { c.Endpoint = "http://127.0.0.1.example.com" }, "licensespring.address_scheme"},
		{"http to a private address", func(c *Client) { c.Endpoint = "http://192.168.0.1" }, "licensespring.address_scheme"},
		{"ftp", func(c *Client) { c.Endpoint = "ftp://127.0.0.1" }, "licensespring.address_scheme"},
		{"no endpoint", func(c *Client) { c.Endpoint = "" }, "licensespring.address"},
		{"no scheme", func(c *Client) { c.Endpoint = "api.licensespring.com" }, "licensespring.address"},
		{"not an address", func(c *Client) { c.Endpoint = "https://[" }, "licensespring.address"},
		{"a password in it", func(c *Client) { c.Endpoint = "https://a:b@api.licensespring.com" }, "licensespring.address"},
		{"a query", func(c *Client) { c.Endpoint = server.URL + "?a=b" }, "licensespring.address"},
		{"a fragment", func(c *Client) { c.Endpoint = server.URL + "#a" }, "licensespring.address"},
		{"http for the token", func(c *Client) { c.TokenURL = "http://auth.licensespring.com/" }, "licensespring.address_scheme"},
		{"no credentials", func(c *Client) { c.APIKey = "" }, "licensespring.credentials"},
		{"two credentials", func(c *Client) { c.ClientID = "id" }, "licensespring.credentials"},
		{"a quote in the API key", func(c *Client) { c.APIKey = `a",b="` }, "licensespring.credentials_form"},
		{"a newline in the API key", func(c *Client) { c.APIKey = "a\r\nb: c" }, "licensespring.credentials_form"},
		{"no secret", func(c *Client) { c.Secret = secret.Secret{} }, "secret.none"},
		{"a certificate that is none", func(c *Client) { c.ExtraCA = []byte("x") }, "licensespring.extra_ca"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := client(server.URL)
			tt.spoil(c)
			fails(t, submit(t, c), request.NotSent, tt.key)
		})
	}
	if n := len(server.posts()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestPlainHTTPIsForThisComputerAlone(t *testing.T) {
	for _, host := range []string{"localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.1.2.3", "[::1]:99"} {
		if _, err := checkAddress("endpoint", "http://"+host); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// F35
func TestTheClocksZoneDoesNotReachTheDate(t *testing.T) {
	server := record(t, reply200("license_deactivated"))
	c := client(server.URL)
	c.Now = func() time.Time { return clock.In(time.FixedZone("far", 14*3600)) }
	submit(t, c)
	if got := server.posts()[0].header.Get("Date"); got != "Thu, 05 Mar 2026 07:08:09 GMT" {
		t.Errorf("got %s", got)
	}
}

func TestATransportOfOnesOwnIsUsed(t *testing.T) {
	c := client("https://api.licensespring.com")
	c.Transport = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		if r.GetBody != nil {
			t.Error("the body can be sent a second time")
		}
		text, _ := io.ReadAll(r.Body)
		recorder := httptest.NewRecorder()
		if string(text) == body {
			recorder.WriteString("license_deactivated")
		}
		return recorder.Result(), nil
	})
	if a := submit(t, c); a.Outcome != request.Released {
		t.Errorf("got %+v", a)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := &Client{}
	if err := c.wait(ctx, time.Hour); err == nil {
		t.Error("waited on")
	}
	if err := c.wait(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
	if d := time.Since(c.now()); d < 0 || d > time.Hour {
		t.Error("without a clock the system's is not used")
	}
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
