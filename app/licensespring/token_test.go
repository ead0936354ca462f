package licensespring

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// oauth returns a client with OAuth, whose requests and tokens are answered by a function
// each.
func oauth(t *testing.T, api func(http.ResponseWriter, int), tokens func(http.ResponseWriter, int)) (c *Client, requests, grants *recorder) {
	t.Helper()
	requests, grants = record(t, api), record(t, tokens)
	c = client(requests.URL)
	c.APIKey, c.ClientID, c.TokenURL = "", "desk-client", grants.URL+"/token"
	return c, requests, grants
}

// grant answers token-1, token-2 and so on.
func grant(w http.ResponseWriter, n int) {
	fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":480,"token_type":"Bearer"}`, n)
}

func TestATokenIsFetchedOnceForItsLife(t *testing.T) {
	c, requests, grants := oauth(t, reply200("license_deactivated"), grant)
	now := clock
	c.Now = func() time.Time { return now }
	var used []string
	for _, after := range []time.Duration{0, 449 * time.Second, 2 * time.Second} {
		now = now.Add(after)
		if a := submit(t, c); a.Outcome != request.Released {
			t.Fatalf("got %+v", a)
		}
		last := requests.posts()[len(requests.posts())-1]
		used = append(used, last.header.Get("Authorization")+" "+last.header.Get("Date"))
	}
	want := []string{"Bearer token-1 Thu, 05 Mar 2026 07:08:09 GMT", "Bearer token-1 Thu, 05 Mar 2026 07:15:38 GMT",
		"Bearer token-2 Thu, 05 Mar 2026 07:15:40 GMT"}
	if diff := cmp.Diff(want, used); diff != "" {
		t.Error(diff)
	}
	got := grants.posts()[0]
	values, err := url.ParseQuery(got.body)
	if diff := cmp.Diff(url.Values{"grant_type": {"client_credentials"}, "client_id": {"desk-client"}, "client_secret": {canary}}, values); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got.path != "/token" || got.header.Get("Content-Type") != "application/x-www-form-urlencoded" || got.header.Get("Authorization") != "" {
		t.Errorf("got %+v", got)
	}
	for _, p := range requests.posts() {
		if strings.Contains(fmt.Sprint(p), canary) {
			t.Error("the client secret went to the License API")
		}
	}
}

func TestARefusedTokenIsReplacedOnce(t *testing.T) { // F58
	for _, code := range []string{"oauth_token_expired", "oauth_token_malformed"} {
		c, requests, grants := oauth(t, func(w http.ResponseWriter, n int) {
			if n == 1 {
				problem(401, code)(w, n)
				return
			}
			_, _ = io.WriteString(w, "license_deactivated")
		}, grant)
		c.Wait = func(context.Context, time.Duration) error { t.Error("waited"); return nil }
		if a := submit(t, c); a.Outcome != request.Released {
			t.Errorf("%s: got %+v", code, a)
		}
		if got := requests.posts()[1].header.Get("Authorization"); got != "Bearer token-2" || len(grants.posts()) != 2 {
			t.Errorf("%s: %s after %d tokens", code, got, len(grants.posts()))
		}

		c, requests, grants = oauth(t, problem(401, code), grant)
		fails(t, submit(t, c), request.Refused, "code."+code)
		if len(requests.posts()) != 2 || len(grants.posts()) != 2 {
			t.Errorf("%s: %d requests, %d tokens", code, len(requests.posts()), len(grants.posts()))
		}
	}
}

func TestATokenCodeUnderAnAPIKeyIsARefusal(t *testing.T) {
	server := record(t, problem(401, "oauth_token_expired"))
	fails(t, submit(t, client(server.URL)), request.Refused, "code.oauth_token_expired")
	if n := len(server.posts()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestWithoutATokenNothingIsSent(t *testing.T) { // F58
	text := func(status int, text string) func(http.ResponseWriter, int) {
		return func(w http.ResponseWriter, _ int) { w.WriteHeader(status); _, _ = io.WriteString(w, text) }
	}
	for _, tt := range []struct {
		name   string
		answer func(http.ResponseWriter, int)
		key    string
		posts  int
	}{
		{"refused", text(401, `{"error":"unauthorized_client","error_description":"Invalid client secret"}`), "answer.token_refused", 1},
		{"refused as RFC 6749 has it", text(400, `{"error":"invalid_client"}`), "answer.token_refused", 1},
		{"401 with a page", text(401, "<html>"), "answer.token_unreadable", 1},
		{"a page", text(200, "<html>"), "answer.token_unreadable", 1},
		{"empty", text(200, ""), "answer.token_unreadable", 1},
		{"no token", text(200, `{"expires_in":480,"token_type":"Bearer"}`), "answer.token_unreadable", 1},
		{"an empty token", text(200, `{"access_token":"","expires_in":480,"token_type":"Bearer"}`), "answer.token_unreadable", 1},
		{"a token of two lines", text(200, `{"access_token":"a\r\nX: y","expires_in":480,"token_type":"Bearer"}`), "answer.token_unreadable", 1},
		{"a number for a token", text(200, `{"access_token":1,"expires_in":480,"token_type":"Bearer"}`), "answer.token_unreadable", 1},
		{"another type", text(200, `{"access_token":"a","expires_in":480,"token_type":"MAC"}`), "answer.token_unreadable", 1},
		{"a life in words", text(200, `{"access_token":"a","expires_in":"soon","token_type":"Bearer"}`), "answer.token_unreadable", 1},
		{"another success", text(201, `{"access_token":"a","expires_in":480,"token_type":"Bearer"}`), "answer.token_unreadable", 1},
		{"a fault", text(500, "oops"), "answer.token_unreadable", 1},
		{"a proxy", text(407, ""), "answer.proxy_login_unnamed", 1},
		{"busy", text(429, ""), "answer.busy", 3},
		{"unavailable", text(503, ""), "answer.token_unreadable", 1},
		{"a redirect", func(w http.ResponseWriter, _ int) { w.Header().Set("Location", "/"); w.WriteHeader(307) }, "answer.token_unreadable", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, requests, grants := oauth(t, reply200("license_deactivated"), tt.answer)
			fails(t, submit(t, c), request.NotSent, tt.key)
			if len(requests.posts()) != 0 || len(grants.posts()) != tt.posts {
				t.Errorf("%d requests, %d asked for a token", len(requests.posts()), len(grants.posts()))
			}
		})
	}
}

func TestARefusedSecretIsSaidInTheServersWords(t *testing.T) {
	c, _, _ := oauth(t, nil, func(w http.ResponseWriter, _ int) {
		w.WriteHeader(401)
		_, _ = io.WriteString(w, `{"error":"unauthorized_client","error_description":"Invalid `+canary+`\u001b"}`)
	})
	message, _ := submit(t, c).Explain(words.English())
	if want := `the authorization server gave no access token: unauthorized_client Invalid [redacted]\u{1B}`; message != want {
		t.Errorf("got %s", message)
	}
}

// F81: an authorization server may repeat what it was sent, escaped as it came.
func TestAClientSecretThatComesBackEscapedIsNotShown(t *testing.T) {
	const odd = `s3cr&t/+ %"\ü=`
	form := url.Values{"client_secret": {odd}}.Encode()
	quoted, _ := json.Marshal(odd)
	for name, echo := range map[string]string{
		"as it is":       odd,
		"in the form":    form,
		"small letters":  strings.ToLower(form),
		"in a path":      url.PathEscape(odd),
		"in JSON":        string(quoted),
		"in JSON of PHP": strings.ReplaceAll(string(quoted), "/", `\/`),
		"in a page":      html.EscapeString(odd),
		"twice":          url.QueryEscape(url.QueryEscape(odd)),
	} {
		t.Run(name, func(t *testing.T) {
			c, _, _ := oauth(t, nil, func(w http.ResponseWriter, _ int) {
				w.WriteHeader(401)
				_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_client", "error_description": "got " + echo + " instead"})
			})
			c.Secret = secret.New([]byte(odd))
			a := submit(t, c)
			message, _ := a.Explain(words.English())
			if !strings.Contains(message, "[redacted]") || strings.Contains(strings.ToLower(message), "s3cr") {
				t.Errorf("got %s", message)
			}
		})
	}
	garbled, _ := accept(t, func(conn net.Conn) {
		if readRequest(conn) == nil {
			_, _ = io.WriteString(conn, form+"\r\n\r\n")
		}
	})
	c, _, _ := oauth(t, nil, grant)
	c.Secret, c.TokenURL = secret.New([]byte(odd)), "http://"+garbled
	if a := submit(t, c); strings.Contains(a.Err.Error(), "s3cr") {
		t.Errorf("got %v", a.Err)
	}
}

func TestTheLongestSecretCanBeLookedFor(t *testing.T) {
	long := strings.Repeat("é/", 1300)
	if got := shown("a"+url.QueryEscape(long)+"b", 100, []string{long}); got != "a[redacted]b" {
		t.Errorf("got %s", got)
	}
}

func TestATokenRequestThatIsLostIsNotSent(t *testing.T) {
	address, count := accept(t, script(""))
	c, requests, _ := oauth(t, reply200("license_deactivated"), grant)
	c.TokenURL = "http://" + address
	fails(t, submit(t, c), request.NotSent, "answer.token_lost")
	if len(requests.posts()) != 0 || count.Load() != 1 {
		t.Errorf("%d requests, %d asked for a token", len(requests.posts()), count.Load())
	}
}

func TestCancellingTheTokenRequestIsNotSent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	address, _ := accept(t, func(conn net.Conn) {
		if readRequest(conn) == nil {
			cancel()
		}
		hold(conn)
	})
	c, _, _ := oauth(t, reply200("license_deactivated"), grant)
	c.TokenURL = "http://" + address
	fails(t, c.Submit(ctx, body, false), request.Cancelled, "answer.cancelled")
}

func TestAnAuthorizationServerOutOfReachIsTriedThreeTimes(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	waits := 0
	c, _, _ := oauth(t, reply200("license_deactivated"), grant)
	c.TokenURL = server.URL
	c.Wait = func(context.Context, time.Duration) error { waits++; return nil }
	fails(t, submit(t, c), request.NotSent, "answer.no_connection")
	if waits != 2 {
		t.Errorf("%d pauses", waits)
	}
}

func TestSeveralMaySubmitAtOnce(t *testing.T) {
	c, requests, _ := oauth(t, reply200("license_deactivated"), grant)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if a := c.Submit(t.Context(), body, false); a.Outcome != request.Released {
				t.Errorf("got %+v", a)
			}
		})
	}
	group.Wait()
	if n := len(requests.posts()); n != 8 {
		t.Errorf("%d requests", n)
	}
}

func TestATokensLifeIsBounded(t *testing.T) {
	for seconds, want := range map[string]time.Duration{
		"480": 450 * time.Second, "1e300": time.Hour - 30*time.Second, "-5": -30 * time.Second, "0": -30 * time.Second,
	} {
		got, ok := reply{text: `{"access_token":"a","expires_in":` + seconds + `,"token_type":"bearer"}`}.token(clock)
		if !ok || got.expires.Sub(clock) != want {
			t.Errorf("%s: got %v", seconds, got.expires.Sub(clock))
		}
	}
}

func TestATokenThatAnotherRequestFetchedMeanwhileIsKept(t *testing.T) {
	c := client(DefaultEndpoint)
	c.token = token{"new", clock}
	if c.dropToken("old"); c.token.value != "new" {
		t.Error("it is gone")
	}
	if c.dropToken("new"); c.token.value != "" {
		t.Error("it is still there")
	}
}
