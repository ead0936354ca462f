package licensespring

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/request"
	"handback/app/words"
)

func TestEachCodeRefusesInItsOwnWords(t *testing.T) { // F49, F52
	said := map[string]string{}
	for _, documented := range Codes() {
		code := documented.Name
		server := record(t, problem(400, code))
		a := submit(t, client(server.URL))
		want := request.Refused
		if code == "internal_error" {
			want = request.Unknown
		}
		fails(t, a, want, "code."+code)
		if a.Status != 400 || a.Message != "text of "+code || len(server.posts()) != 1 {
			t.Errorf("%s: got %+v after %d posts", code, a, len(server.posts()))
		}
		message, advice := a.Explain(words.English())
		if other, twice := said[message]; twice {
			t.Errorf("%s and %s say the same", code, other)
		}
		said[message] = code
		if want == request.Refused && !strings.Contains(advice, "The license was not released") {
			t.Errorf("%s does not say that the license was not released: %s", code, advice)
		}
	}
	byName := func(a, b Code) int { return strings.Compare(a.Name, b.Name) }
	if len(said) < 31 || !slices.IsSortedFunc(Codes(), byName) {
		t.Errorf("%d codes", len(said))
	}
}

func TestTheCodeDecidesNotTheStatus(t *testing.T) { // F50
	for _, tt := range []struct {
		status  int
		code    string
		outcome request.State
	}{
		{400, "signature_mismatch", request.Refused},
		{401, "signature_mismatch", request.Refused},
		{404, "not_found", request.Refused},
		{403, "device_not_found", request.Refused},
		{500, "license_not_found", request.Refused},
		{500, "internal_error", request.Unknown},
		{400, "internal_error", request.Unknown},
		{429, "license_not_found", request.Refused},
	} {
		server := record(t, problem(tt.status, tt.code))
		fails(t, submit(t, client(server.URL)), tt.outcome, "code."+tt.code)
		if n := len(server.posts()); n != 1 {
			t.Errorf("%v: %d posts", tt, n)
		}
	}
}

func TestAfterALostAttemptADeviceNotFoundWasProbablyReleased(t *testing.T) { // F55
	for code, outcome := range map[string]request.State{
		"device_not_found": request.ProbablyReleased, "license_not_active": request.ProbablyReleased,
		"license_not_found": request.Refused, "signature_mismatch": request.Refused, "internal_error": request.Unknown,
	} {
		server := record(t, problem(400, code))
		a := client(server.URL).Submit(t.Context(), body, true)
		checkWords(t, a)
		if a.Outcome != outcome || a.Code != code {
			t.Errorf("%s: got %+v", code, a)
		}
	}
}

func TestARepliedTextThatIsNoAnswerProvesNothing(t *testing.T) { // F44, F48, F49, F54
	const page = "<!doctype html><title>Welcome</title>"
	for _, tt := range []struct {
		status  int
		text    string
		outcome request.State
		key     string
	}{
		{200, "", request.Unknown, "answer.empty"},
		{200, " \r\n", request.Unknown, "answer.empty"},
		{200, page, request.Unknown, "answer.login_page"},
		{200, "\uFEFF \n" + page, request.Unknown, "answer.login_page"},
		{200, "ok", request.Unknown, "answer.not_understood"},
		{200, `{"code":"device_not_found"}`, request.Unknown, "answer.not_understood"},
		{201, "license_deactivated", request.Unknown, "answer.not_success"},
		{202, page, request.Unknown, "answer.not_success"},
		{204, "", request.Unknown, "answer.not_success"},
		{300, page, request.Unknown, "answer.redirect"},
		{304, "", request.Unknown, "answer.redirect"},
		{400, "", request.Unknown, "answer.empty"},
		{400, "bad request", request.Unknown, "answer.not_understood"},
		{400, `{"message":"no code"}`, request.Unknown, "answer.not_understood"},
		{400, `{"code":""}`, request.Unknown, "answer.not_understood"},
		{400, `{"code":7}`, request.Unknown, "answer.not_understood"},
		{400, `{"code":null,"message":"x"}`, request.Unknown, "answer.not_understood"},
		{400, `{"code":"device_not_found"`, request.Unknown, "answer.not_understood"},
		{400, `{"code":"device_not_found"} x`, request.Unknown, "answer.not_understood"},
		{400, `[{"code":"device_not_found"}]`, request.Unknown, "answer.not_understood"},
		{401, page, request.Unknown, "answer.page"},
		{405, page, request.Unknown, "answer.page"},
		{411, page, request.Unknown, "answer.too_large"},
		{413, page, request.Unknown, "answer.too_large"},
		{413, "", request.Unknown, "answer.too_large"},
		{414, page, request.Unknown, "answer.too_large"},
		{431, "too many cookies", request.Unknown, "answer.too_large"},
		{413, `{"status":413,"code":"validation_error","message":"long"}`, request.Refused, "code.validation_error"},
		{403, page, request.Unknown, "answer.forbidden"},
		{403, "", request.Unknown, "answer.forbidden"},
		{404, page, request.Unknown, "answer.no_api"},
		{407, page, request.NotSent, "answer.proxy_login_unnamed"},
		{407, `{"code":"PROXY_AUTH"}`, request.NotSent, "answer.proxy_login_unnamed"},
		{408, "", request.Unknown, "answer.empty"},
		{418, `{"status":418,"code":"teapot","message":"short"}`, request.Refused, "code.teapot"},
		{400, `{"code":"device_not_found"}`, request.Refused, "code.device_not_found"},
		{400, "\uFEFF{\"code\":\"device_not_found\",\"message\":{\"a\":[1]}}\r\n", request.Refused, "code.device_not_found"},
		{500, "", request.Unknown, "answer.server_error"},
		{500, `{"code":"teapot"}`, request.Unknown, "answer.server_error"},
		{502, page, request.Unknown, "answer.server_error"},
		{502, `{"code":"not_found","message":"upstream route lost"}`, request.Unknown, "answer.server_error"},
		{504, `{"code":"device_not_found"}`, request.Unknown, "answer.server_error"},
		{408, `{"code":"REQUEST_TIMEOUT","message":"gateway gave up"}`, request.Unknown, "answer.not_understood"},
		{499, `{"code":"closed"}`, request.Unknown, "answer.not_understood"},
		{503, "", request.Unknown, "answer.server_error"},
		{504, page, request.Unknown, "answer.server_error"},
		{511, page, request.Unknown, "answer.network_login"},
		{599, page, request.Unknown, "answer.server_error"},
		{999, "", request.Unknown, "answer.empty"},
	} {
		t.Run(fmt.Sprint(tt.status, tt.key), func(t *testing.T) {
			server := record(t, func(w http.ResponseWriter, _ int) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.text)
			})
			a := submit(t, client(server.URL))
			fails(t, a, tt.outcome, tt.key)
			if a.Status != tt.status || len(server.posts()) != 1 {
				t.Errorf("status %d after %d posts", a.Status, len(server.posts()))
			}
		})
	}
}

func TestARedirectIsNotFollowed(t *testing.T) { // F45
	elsewhere := record(t, reply200("license_deactivated"))
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := record(t, func(w http.ResponseWriter, _ int) {
			w.Header().Set("Location", elsewhere.URL+"/login?session=1")
			w.WriteHeader(status)
		})
		a := submit(t, client(server.URL))
		fails(t, a, request.Unknown, "answer.redirect")
		message, _ := a.Explain(words.English())
		if !strings.Contains(message, mustParse(t, elsewhere.URL).Host) || strings.Contains(message, "session") {
			t.Errorf("the second place is not named alone: %s", message)
		}
	}
	for location, where := range map[string]string{"/login?session=1": "127.0.0.1:", "http://[?session=1": "?,", "": "127.0.0.1:"} {
		server := record(t, func(w http.ResponseWriter, _ int) {
			w.Header().Set("Location", location)
			w.WriteHeader(302)
		})
		message, _ := submit(t, client(server.URL)).Explain(words.English())
		if !strings.Contains(message, "redirect to "+where) || strings.Contains(message, "session") {
			t.Errorf("%q: got %s", location, message)
		}
	}
	if n := len(elsewhere.posts()); n != 0 {
		t.Errorf("the second place saw %d requests", n)
	}
}

func TestABusyServerIsAskedThreeTimesThenNothingWasProcessed(t *testing.T) { // F53
	date := "Thu, 05 Mar 2026 07:00:00 GMT"
	for _, tt := range []struct {
		status     int
		retryAfter string
		first      time.Duration // the least pause before the second try
		atMost     time.Duration
	}{
		{429, "", time.Second, 2 * time.Second},
		{429, "7", 7 * time.Second, 8 * time.Second},
		{503, "0", time.Second, 2 * time.Second},
		{503, "7", 7 * time.Second, 8 * time.Second},
		{503, " 7 ", 7 * time.Second, 8 * time.Second},
		{503, "60", time.Minute, time.Minute},
		{503, "99999", time.Minute, time.Minute},
		{503, "99999999999999999999999", time.Minute, time.Minute},
		{503, "-1", time.Second, 2 * time.Second},
		{503, "soon", time.Second, 2 * time.Second},
		{503, "1.5", time.Second, 2 * time.Second},
		{503, "Thu, 05 Mar 2026 07:00:20 GMT", 20 * time.Second, 21 * time.Second}, // against the server's clock
		{503, "Thu, 05 Mar 2026 09:00:00 GMT", time.Minute, time.Minute},
		{503, "Thu, 05 Mar 2020 07:00:00 GMT", time.Second, 2 * time.Second},
	} {
		t.Run(fmt.Sprint(tt.status, " ", tt.retryAfter), func(t *testing.T) {
			server := record(t, func(w http.ResponseWriter, _ int) {
				w.Header().Set("Date", date)
				if tt.retryAfter != "" {
					w.Header().Set("Retry-After", tt.retryAfter)
				}
				w.WriteHeader(tt.status)
			})
			var pauses []time.Duration
			c, now := client(server.URL), clock
			c.Now = func() time.Time { return now }
			c.Wait = func(_ context.Context, d time.Duration) error {
				pauses, now = append(pauses, d), now.Add(d)
				return nil
			}
			fails(t, submit(t, c), request.NotSent, "answer.busy")
			if len(server.posts()) != 3 || len(pauses) != 2 || pauses[0] < tt.first || pauses[0] > tt.atMost {
				t.Errorf("%d posts, pauses %v", len(server.posts()), pauses)
			}
			dates, signatures := map[string]bool{}, map[string]bool{}
			for _, p := range server.posts() {
				dates[p.header.Get("Date")], signatures[p.header.Get("Authorization")] = true, true
			}
			if len(dates) != 3 || len(signatures) != 3 {
				t.Errorf("dates and signatures are not fresh: %v", dates)
			}
		})
	}
}

func TestARetryAfterDateIsReadByThisClockWhereTheServerHasNone(t *testing.T) {
	r := reply{header: http.Header{"Retry-After": {clock.Add(9 * time.Second).Format(http.TimeFormat)}}}
	if got := r.retryAfter(clock); got != 9*time.Second {
		t.Errorf("got %v", got)
	}
}

func TestABusyServerThatRecoversReleases(t *testing.T) {
	server := record(t, func(w http.ResponseWriter, n int) {
		if n < 3 {
			problem(429, "too_many_requests")(w, n)
			return
		}
		_, _ = io.WriteString(w, "license_deactivated")
	})
	if a := submit(t, client(server.URL)); a.Outcome != request.Released || len(server.posts()) != 3 {
		t.Errorf("got %+v", a)
	}
}

func TestWaitingForABusyServerCanBeCancelled(t *testing.T) {
	server := record(t, func(w http.ResponseWriter, _ int) { w.WriteHeader(429) })
	ctx, cancel := context.WithCancel(t.Context())
	c := client(server.URL)
	c.Wait = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	a := c.Submit(ctx, body, false)
	checkWords(t, a)
	if a.Outcome != request.Cancelled || !errors.Is(a.Err, ErrCancelled) || len(server.posts()) != 1 {
		t.Errorf("got %+v", a)
	}
}

func TestAClockThatIsOffIsComparedWithTheServers(t *testing.T) { // F51
	for _, tt := range []struct {
		server string
		says   string
	}{
		{"Thu, 05 Mar 2026 05:05:09 GMT", "2 h 3 min ahead"},
		{"Thu, 05 Mar 2026 07:28:09 GMT", "20 min behind"},
		{"Sun, 08 Mar 2026 10:08:09 GMT", "3 d 3 h behind"},
		{"Thu, 05 Mar 2026 07:08:30 GMT", "agrees with the server's"},
		{"nonsense", "time zone of this computer right"},
	} {
		server := record(t, func(w http.ResponseWriter, n int) {
			w.Header().Set("Date", tt.server)
			problem(400, "date_header_diff")(w, n)
		})
		_, advice := submit(t, client(server.URL)).Explain(words.English())
		if !strings.Contains(advice, tt.says) || !strings.Contains(advice, "not released") {
			t.Errorf("%s: want %q in %q", tt.server, tt.says, advice)
		}
	}
}

func TestTheServersTextIsCutAndEscaped(t *testing.T) { // T7
	server := record(t, func(w http.ResponseWriter, _ int) {
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"code":"odd\n%s","message":"\u001b[31m\u202e%s"}`, strings.Repeat("c", 100), strings.Repeat("é", 1000))
	})
	a := submit(t, client(server.URL))
	if want := `odd\u{A}` + strings.Repeat("c", 60) + "…"; a.Code != want {
		t.Errorf("code %q", a.Code)
	}
	if want := `\u{1B}[31m\u{202E}` + strings.Repeat("é", 494) + "…"; a.Message != want {
		t.Errorf("message %q", a.Message)
	}
}

func TestNamesFromOutsideAreEscaped(t *testing.T) { // T7
	state := &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Issuer: pkix.Name{CommonName: "a\u202eb"}}}}
	r, err := read(&http.Response{StatusCode: 302, TLS: state, Body: http.NoBody, Header: http.Header{"Location": {"http://a\u202eb/"}}}, maxReply)
	if err != nil || r.issuer != `CN=a\u{202E}b` || r.redirectHost("http://c") != `a\u{202E}b` {
		t.Errorf("got %s, %s, %v", r.issuer, r.redirectHost("http://c"), err)
	}
}

func TestWhatAServerRepeatsOfTheAuthorizationIsNotShown(t *testing.T) { // T4
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(400)
		fmt.Fprintf(w, `{"code":"validation_error","message":%q}`, r.Header.Get("Authorization"))
	}))
	defer server.Close()
	if a := submit(t, client(server.URL)); !strings.Contains(a.Message, `signature="[redacted]"`) {
		t.Errorf("message %q", a.Message)
	}
}

func TestAKeptAnswerExplainsItself(t *testing.T) {
	got := map[string]string{}
	for _, a := range []Answer{{Outcome: request.Released}, {Outcome: request.ProbablyReleased, Code: "device_not_found"}, {Outcome: request.Refused},
		{Outcome: request.Refused, Code: "blacklisted"}, {Outcome: request.Refused, Code: "teapot", Message: "short"},
		{Outcome: request.Refused, Code: "date_header_diff"}, {Outcome: request.Unknown}, {Outcome: request.NotSent}} {
		checkWords(t, a)
		message, _ := a.Explain(words.English())
		got[string(a.Outcome)+" "+a.Code] = message
	}
	want := map[string]string{
		"released ":                          "the License API answered that the license was deactivated",
		"probably_released device_not_found": "the license was probably released by an earlier attempt",
		"refused ":                           "the License API refused the request",
		"refused blacklisted":                "the license or the device is on the vendor's block list",
		"refused teapot":                     "the License API refused with the code “teapot”: short",
		"refused date_header_diff":           "the License API does not accept the time of this computer's clock",
		"unknown ":                           "it is not known whether the license was released",
		"not_sent ":                          "nothing was submitted",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
