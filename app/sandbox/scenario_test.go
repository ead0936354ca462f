package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/request"
	"handback/app/words"
)

func TestEveryScenarioIsDescribed(t *testing.T) {
	all := Scenarios()
	if !slices.IsSortedFunc(all, func(a, b Scenario) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted")
	}
	if len(slices.CompactFunc(slices.Clone(all), func(a, b Scenario) bool { return a.Name == b.Name })) != len(all) {
		t.Error("one name twice")
	}
	for _, s := range all {
		if text := words.English().Text(s.Key); text == s.Key || strings.ContainsAny(text, "\n{") {
			t.Errorf("%s: %q", s.Name, text)
		}
	}
}

func schema2(hex bool) func(*request.Draft) {
	return func(d *request.Draft) { d.Schema, d.Hex = request.Schema2, hex }
}

func TestEveryOpenPointChangesWhatItSays(t *testing.T) {
	byUser := func(d *request.Draft) { d.LicenseKey, d.Username = "", "somebody" }
	namesKey := func(d *request.Draft) { d.APIKey, d.ClientID = apiKey, "" }
	withKey := func(o *Options) { oauth(o); o.APIKey = apiKey }
	later := func(d time.Duration) func(*Options) {
		return func(o *Options) { o.Now = func() time.Time { return noon.Add(d) } }
	}
	badToken := header("Authorization", "Bearer nonsense")
	refused := func(code string) told { return told{statusOf(code), code} }
	fine := told{200, released}
	rows := []struct {
		scenario string
		cause    cause
		off, on  told
	}{
		{"accept_required", cause{post: header("Accept", "")}, fine, refused("missing_headers")},
		{"accept_required", cause{}, fine, fine},
		{"date_ahead_any", cause{post: dated(time.Hour)}, refused("date_header_diff"), fine},
		{"date_not_ahead", cause{post: dated(time.Second)}, fine, refused("date_header_diff")},
		{"date_not_ahead", cause{post: dated(0)}, fine, fine},
		{"oauth_codes_400", cause{post: badToken}, refused("oauth_token_malformed"), told{400, "oauth_token_malformed"}},
		{"oauth_signs_api_key", cause{option: oauth}, fine, refused("signature_mismatch")},
		{"oauth_signs_api_key", cause{option: oauth, draft: namesKey}, refused("signature_mismatch"), fine},
		{"oauth_signs_api_key", cause{option: withKey, draft: namesKey}, refused("signature_mismatch"), fine},
		{"oauth_signs_api_key", cause{option: withKey, draft: func(d *request.Draft) { d.APIKey, d.ClientID = "other", "" }},
			refused("signature_mismatch"), refused("signature_mismatch")},
		{"signature_mismatch_401", cause{draft: func(d *request.Draft) { d.APIKey = "other" }},
			refused("signature_mismatch"), told{401, "signature_mismatch"}},
		{"success_bare", cause{}, fine, told{200, "license_deactivated"}},
		{"schema_2_required", cause{}, fine, refused("validation_error")},
		{"schema_2_required", cause{draft: schema2(false)}, fine, fine},
		{"schema_2_base64", cause{draft: schema2(true)}, fine, refused("signature_mismatch")},
		{"schema_2_base64", cause{draft: schema2(false)}, fine, fine},
		{"schema_2_hex", cause{draft: schema2(false)}, fine, refused("signature_mismatch")},
		{"schema_2_hex", cause{draft: schema2(true)}, fine, fine},
		{"schema_2_hex", cause{}, fine, fine},
		{"schema_2_inner", cause{draft: schema2(false)}, fine, fine},
		{"request_required", cause{draft: func(d *request.Draft) { d.RequestID = "" }}, fine, refused("authorization_missing_params")},
		{"request_required", cause{}, fine, fine},
		{"password_required", cause{draft: byUser}, fine, refused("authorization_missing_params")},
		{"password_required", cause{}, fine, fine},
		{"payload_date_15m", cause{option: later(16 * time.Minute), post: dated(16 * time.Minute)}, fine, refused("validation_error")},
		{"payload_date_15m", cause{option: later(15 * time.Minute)}, fine, fine},
		{"payload_date_not_ahead", cause{option: later(-16 * time.Minute), post: dated(-16 * time.Minute)}, fine, refused("validation_error")},
		{"payload_date_not_ahead", cause{option: later(-15 * time.Minute)}, fine, fine},
		{"tpm_required", cause{}, fine, told{400, "tpm_signature_required"}}, // F114
		{"tpm_signature_mismatch", cause{}, fine, refused("signature_mismatch")},
		{"request_id_once", cause{}, fine, fine},    // see below
		{"request_id_repeats", cause{}, fine, fine}, // see below
	}
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row.scenario] = true
		if got, _ := row.cause.tell(t); got != row.off {
			t.Errorf("without %s: %v, want %v", row.scenario, got, row.off)
		}
		if got, _ := row.cause.tell(t, scenes(row.scenario)); got != row.on {
			t.Errorf("with %s: %v, want %v", row.scenario, got, row.on)
		}
	}
	for _, s := range openPoints {
		if !seen[s.name] && !strings.HasPrefix(s.name, "list_") { // the test of lists has them
			t.Errorf("%s is not tried", s.name)
		}
	}
}

func TestAnInnerSignatureIsAskedForWhereTheScenarioSaysSo(t *testing.T) {
	r, err := request.Decode(made(t, schema2(false)))
	if err != nil {
		t.Fatal(err)
	}
	whole := string(r.JSON())
	inner := whole[strings.Index(whole, `,"signature":"`):]
	inner = inner[:strings.Index(inner, "}")]
	object := strings.TrimSuffix(strings.TrimPrefix(strings.Replace(whole, inner, "", 1), `{"request":`), `}`)
	object = object[:strings.LastIndex(object, `,"signature"`)]
	s := start(t)
	body := apptest.Base64(`{"request":` + object + `,"signature":"` + s.sign(object) + `"}`)
	if got, _ := (cause{body: &body}).tell(t); got.Status != 200 {
		t.Errorf("without the scenario: %v", got)
	}
	if got, _ := (cause{body: &body}).tell(t, scenes("schema_2_inner")); got.Code != "signature_mismatch" {
		t.Errorf("with it: %v", got)
	}
}

func TestARequestIDThatComesAgainIsRefusedOrAnsweredTheSame(t *testing.T) {
	for name, want := range map[string][]told{
		"":                   {{200, released}, {400, "device_not_found"}, {200, released}},
		"request_id_once":    {{200, released}, {400, "validation_error"}, {400, "validation_error"}},
		"request_id_repeats": {{200, released}, {200, released}, {200, released}},
	} {
		s := start(t)
		if name != "" {
			s = start(t, scenes(name))
		}
		other := func(d *request.Draft) { d.HardwareID = "other" }
		for i, body := range []string{made(t), made(t), made(t, other)} {
			if got := tell(t, s, submission(s, body)); got != want[i] {
				t.Errorf("%s, attempt %d: %v", name, i+1, got)
			}
		}
	}
}

func TestAFaultBeforeTheReplyReleasesNothingAndOneOfTheReplyReleases(t *testing.T) {
	lost := []string{"bad_gateway", "created", "cut", "drop"}
	for _, sc := range network {
		if sc.stage >= atGrant {
			continue
		}
		ctx, cancel := context.WithCancel(t.Context())
		s := start(t, scenes(sc.name), func(o *Options) { o.Now = func() time.Time { cancelIf(sc, cancel); return noon } })
		r := submission(s, made(t)).WithContext(ctx)
		func() {
			defer func() {
				if got := recover(); got != nil && got != any(http.ErrAbortHandler) {
					panic(got)
				}
			}()
			s.ServeHTTP(httptest.NewRecorder(), r)
		}()
		cancel()
		if got := len(s.Released()); (got > 0) != slices.Contains(lost, sc.name) {
			t.Errorf("%s: %d released", sc.name, got)
		}
	}
}

func TestAFaultOfTheNetworkLooksAsItIsCalled(t *testing.T) {
	rows := map[string]struct {
		status      int
		header, has string // a header and what it holds
		body        string // what the body begins with
	}{
		"empty":            {status: 400},
		"flood":            {status: 200, body: "flood"},
		"forbidden":        {status: 403, body: "<html>"},
		"network_login":    {status: 511, body: "<html>"},
		"no_api":           {status: 404, body: "<html>"},
		"packed":           {200, "Content-Encoding", "br", "\xff"},
		"page":             {status: 400, body: "<html>"},
		"proxy_login":      {407, "Proxy-Authenticate", "Basic realm=sandbox", "Proxy"},
		"too_large":        {status: 413, body: "<html>"},
		"login_page":       {200, "Content-Type", "text/html; charset=utf-8", "<html>"},
		"not_json":         {status: 400, body: "Bad"},
		"rate_limit":       {429, "Retry-After", "1", "Too"},
		"redirect":         {307, "Location", "https://elsewhere.invalid/api/v4/deactivate_offline", ""},
		"unavailable":      {503, "Retry-After", "1", "Service"},
		"unavailable_bare": {503, "Retry-After", "", "Service"},
		"unknown_code":     {status: 400, body: `{"status":400,"code":"sandbox_unknown_code"`},
		"bad_gateway":      {502, "Content-Type", "text/html; charset=utf-8", "<html>"},
		"created":          {status: 201, body: released},
		"token_not_json":   {200, "Content-Type", "text/html; charset=utf-8", "<html>"},
		"token_refused":    {status: 401, body: `{"error":"invalid_client"`},
	}
	for _, sc := range network {
		want, told := rows[sc.name]
		if sc.stage == atList {
			continue // the test of lists has them
		}
		if !told {
			if sc.name != "hang" && sc.name != "cut" && sc.name != "drop" { // the transport's test has them
				t.Errorf("%s is not tried", sc.name)
			}
			continue
		}
		s := start(t, scenes(sc.name))
		r := submission(s, made(t))
		if sc.stage == atGrant {
			s = start(t, scenes(sc.name), oauth)
			r = tokenRequest(nil)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want.status || want.header != "" && w.Header().Get(want.header) != want.has || !strings.HasPrefix(w.Body.String(), want.body) {
			t.Errorf("%s: %d %v %.60s", sc.name, w.Code, w.Header(), w.Body)
		}
	}
}

func cancelIf(sc scenario, cancel func()) {
	if sc.name == "hang" {
		cancel()
	}
}

// outcome is what a client sees of one exchange.
type outcome struct {
	Status   int
	Body     string
	Header   http.Header
	Failed   string // "", "answer" or "body": where the error showed
	Released int
}

func exchange(t *testing.T, s *Sandbox, transport http.RoundTripper, r *http.Request) (o outcome) {
	t.Helper()
	response, err := transport.RoundTrip(r)
	if err != nil {
		return outcome{Failed: "answer", Released: len(s.Released())}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		o.Failed = "body"
	}
	response.Header.Del("Connection")
	o.Status, o.Body, o.Header, o.Released = response.StatusCode, string(body), response.Header, len(s.Released())
	return o
}

func TestTheTransportDoesWhatAServerOnThePortDoes(t *testing.T) {
	for _, name := range append(scenarioNames(), "") {
		var seen [2]outcome
		for i := range seen {
			ctx, cancel := context.WithCancel(t.Context())
			change := []func(*Options){func(o *Options) {
				o.Now = func() time.Time { cancelIf(scenario{name: name}, cancel); return noon }
			}}
			if name != "" {
				change = append(change, scenes(name))
			}
			path, host, form := devicePath, "https://practice.invalid", ""
			if strings.HasPrefix(name, "token_") {
				change, path, form = append(change, oauth), TokenPath, "grant_type=client_credentials"
			}
			s := start(t, change...)
			transport := s.Transport()
			if i == 1 {
				server := httptest.NewUnstartedServer(s)
				server.Config.ErrorLog = nil
				server.Start()
				t.Cleanup(server.Close)
				host, transport = server.URL, &http.Transport{DisableKeepAlives: true, DisableCompression: true}
			}
			body := made(t)
			if form != "" {
				body = form
			}
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, host+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "text/plain")
			date(s, r, noon)
			seen[i] = exchange(t, s, transport, r)
			cancel()
		}
		if diff := cmp.Diff(seen[1], seen[0]); diff != "" {
			t.Errorf("%s: -port +inside %.2000s", name, diff)
		}
		if want := map[string]string{"hang": "answer", "drop": "answer", "cut": "body"}[name]; seen[0].Failed != want {
			t.Errorf("%s: failed in %q", name, seen[0].Failed)
		}
	}
}

func TestTheTransportHonoursTheContext(t *testing.T) {
	s := start(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("given up"))
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, "https://practice.invalid"+devicePath, strings.NewReader(made(t)))
	date(s, r, noon)
	if _, err := s.Transport().RoundTrip(r); err == nil {
		t.Error("answered")
	}
	if len(s.Released()) > 0 {
		t.Error("released")
	}
}
