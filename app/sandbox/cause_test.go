package sandbox

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/licensespring"
	"handback/app/request"
)

// flat returns an unsigned request in base64, with one text replaced.
func flat(old, new string) string {
	const fine = `{"request":"deactivation","request_id":"i","license_key":"K","hardware_id":"H","product":"practice",` +
		`"date":"Thu, 05 Mar 2026 12:00:00 GMT","api_key":"A","signature":"S"}`
	return apptest.Base64(strings.Replace(fine, old, new, 1))
}

func authorization(old, new string) func(*Sandbox, *http.Request) {
	return func(_ *Sandbox, r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
	}
}

func dated(after time.Duration) func(*Sandbox, *http.Request) {
	return func(s *Sandbox, r *http.Request) { date(s, r, noon.Add(after)) }
}

func has(l License) func(*Options) {
	if l.Key == "" && l.Username == "" {
		l.Key = key
	}
	if l.HardwareIDs == nil {
		l.HardwareIDs = []string{hardware}
	}
	return listed(l)
}

func withFeatures(features string) func(*request.Draft) {
	return func(d *request.Draft) {
		d.Optional = append(d.Optional, request.Member{Name: "product_features", Value: []byte(features)})
	}
}

// cause is one thing that is wrong with a submission that would succeed.
type cause struct {
	name   string
	code   string // "" is success
	option func(*Options)
	draft  func(*request.Draft)
	body   *string
	post   func(*Sandbox, *http.Request)
}

func text(s string) *string { return &s }

var causes = []cause{
	{name: "nothing"},
	{name: "path", code: "not_found", post: func(_ *Sandbox, r *http.Request) { r.URL.Path += "/" }},

	{name: "no Authorization", code: "missing_headers", post: header("Authorization", "")},
	{name: "no Date", code: "missing_headers", post: header("Date", "")},
	{name: "no Accept", post: header("Accept", "")},

	{name: "another scheme", code: "authorization_invalid_headers", post: header("Authorization", "Basic abc")},
	{name: "not quoted", code: "authorization_invalid_headers", post: authorization(`headers="date"`, `headers=date`)},
	{name: "twice", code: "authorization_invalid_headers", post: authorization(`headers`, `apiKey`)},
	{name: "spaces between", post: authorization(`",`, `" , `)},
	{name: "headers", code: "authorization_invalid_headers", post: authorization(`="date"`, `="host"`)},
	{name: "signature of the date", code: "authorization_invalid_headers", post: authorization(`signature="`, `signature="A`)},
	{name: "signature of another date", code: "authorization_invalid_headers", post: header("Date", "Thu, 05 Mar 2026 12:00:01 GMT")},
	{name: "unreadable Date", code: "authorization_invalid_headers", post: func(s *Sandbox, r *http.Request) {
		r.Header.Set("Date", "today")
		r.Header.Set("Authorization", `algorithm="hmac-sha256",headers="date",signature="`+s.sign("licenseSpring\ndate: today")+`",apikey="`+apiKey+`"`)
	}},
	{name: "no signature", code: "authorization_missing_params", post: authorization(`signature`, `sig`)},
	{name: "algorithm", code: "hmac_required", post: authorization(`hmac-sha256`, `rsa-sha256`)},
	{name: "API key", code: "invalid_api_key", post: authorization(apiKey, "unknown")},
	{name: "OAuth alone", code: "oauth_required", option: oauth, post: func(s *Sandbox, r *http.Request) {
		text := noon.Format(http.TimeFormat)
		r.Header.Set("Authorization", `algorithm="hmac-sha256",headers="date",signature="`+s.sign("licenseSpring\ndate: "+text)+`",apikey="`+apiKey+`"`)
	}},
	{name: "no token", code: "oauth_token_malformed", post: header("Authorization", "Bearer nonsense")},

	{name: "15 minutes old", post: dated(-dateTolerance)},
	{name: "older", code: "date_header_diff", post: dated(-dateTolerance - time.Second)},
	{name: "15 minutes ahead", post: dated(dateTolerance)},
	{name: "further ahead", code: "date_header_diff", post: dated(dateTolerance + time.Second)},

	{name: "no body", code: "missing_parameters", body: text("")},
	{name: "white space", code: "missing_content", body: text(" \r\n")},
	{name: "no part", code: "missing_parameters", post: func(_ *Sandbox, r *http.Request) {
		asForm(r, "x")
		var b bytes.Buffer
		_, _ = b.ReadFrom(r.Body)
		setBody(r, bytes.Replace(b.Bytes(), []byte(`name="file"`), []byte(`name="data"`), 1))
	}},
	{name: "no boundary", code: "missing_parameters", post: header("Content-Type", "multipart/form-data")},
	{name: "empty part", code: "missing_content", post: func(_ *Sandbox, r *http.Request) { asForm(r, "\n") }},
	{name: "cut part", code: "authorization_missing_params", post: func(_ *Sandbox, r *http.Request) {
		asForm(r, "abcd")
		var b bytes.Buffer
		_, _ = b.ReadFrom(r.Body)
		setBody(r, b.Bytes()[:b.Len()-20])
	}},
	{name: "too long", code: "validation_error", body: text(strings.Repeat("A", maxBody+1))},

	{name: "not base64", code: "authorization_missing_params", body: text("{}")},
	{name: "no license key", code: "authorization_missing_params", body: text(flat(`"license_key":"K",`, ``))},
	{name: "no hardware ID", code: "authorization_missing_params", body: text(flat(`"hardware_id":"H",`, ``))},
	{name: "no date", code: "authorization_missing_params", body: text(flat(`"date":"Thu, 05 Mar 2026 12:00:00 GMT",`, ``))},
	{name: "no API key", code: "authorization_missing_params", body: text(flat(`"api_key":"A",`, ``))},
	{name: "no product", code: "authorization_missing_params", body: text(flat(`"product":"practice",`, ``))},
	{name: "no signature in it", code: "authorization_missing_params", body: text(flat(`,"signature":"S"`, ``))},
	{name: "no hardware ID in schema 2", code: "authorization_missing_params", body: text(apptest.Base64(`{"request":{"license_key":"K"},"signature":"S"}`))},
	{name: "empty hardware ID", code: "missing_hardware_id", body: text(flat(`"H"`, `""`))},
	{name: "empty hardware ID in schema 2", code: "missing_hardware_id",
		body: text(apptest.Base64(`{"request":{"license_key":"K","hardware_id":" ","api_key":"A","date":"D"},"signature":"S"}`))},
	{name: "empty license key", code: "license_key_required", body: text(flat(`"K"`, `""`))},
	{name: "broken JSON", code: "invalid_json", body: text(apptest.Base64(`{"request":`))},
	{name: "no object", code: "invalid_json", body: text(apptest.Base64(`[]`))},
	{name: "wrong type", code: "validation_error", body: text(flat(`"H"`, `7`))},
	{name: "an activation", code: "validation_error", body: text(flat(`deactivation`, `activation`))},
	{name: "no request and no request_id", draft: func(d *request.Draft) { d.RequestID = "" }},

	{name: "another product", code: "unknown_product", draft: func(d *request.Draft) { d.Product = "Practice" }},
	{name: "any product", option: func(o *Options) { o.Product = "" }, draft: func(d *request.Draft) { d.Product = "whatever" }},
	{name: "disabled product", code: "disabled_product", option: has(License{ProductState: "disabled"})},
	{name: "archived product", code: "archived_product", option: has(License{ProductState: "archived"})},
	{name: "product of another API key", code: "api_key_product_not_allowed", option: has(License{ProductState: "not_allowed"})},
	{name: "listed product", option: has(License{Product: "second"}), draft: func(d *request.Draft) { d.Product = "second" }},

	{name: "listed", option: has(License{})},
	{name: "another license", code: "license_not_found", option: has(License{Key: "other"})},
	{name: "license of another product", code: "license_not_found", option: has(License{Product: "second"})},
	{name: "username for a license key", code: "license_key_required", option: has(License{}),
		draft: func(d *request.Draft) { d.LicenseKey, d.Username = "", "somebody" }},
	{name: "another user", code: "license_not_found", option: has(License{Username: "nobody"}),
		draft: func(d *request.Draft) { d.LicenseKey, d.Username = "", "somebody" }},
	{name: "user", option: has(License{Username: "somebody"}),
		draft: func(d *request.Draft) { d.LicenseKey, d.Username = "", "somebody" }},
	{name: "another license ID", code: "license_not_found", option: has(License{ID: 7}),
		draft: func(d *request.Draft) { d.Optional = []request.Member{request.Number("license_id", 8)} }},
	{name: "bundle on the wrong path", code: "license_not_found", option: has(License{Bundle: "suite"})},
	{name: "bundle", option: has(License{Bundle: "suite"}), post: func(_ *Sandbox, r *http.Request) { r.URL.Path = bundlePath }},
	{name: "another bundle", code: "license_not_found", option: has(License{Bundle: "suite"}),
		draft: func(d *request.Draft) { d.Optional = []request.Member{request.Text("bundle_code", "other")} },
		post:  func(_ *Sandbox, r *http.Request) { r.URL.Path = bundlePath }},
	{name: "inactive", code: "license_not_active", option: has(License{Inactive: true})},
	{name: "disabled", code: "license_not_enabled", option: has(License{Disabled: true})},
	{name: "trial over", code: "trial_expired", option: has(License{Type: "trial", Expires: noon})},
	{name: "trial", option: has(License{Type: "trial", Expires: noon.Add(1)})},
	{name: "perpetual past a date", option: has(License{Type: "perpetual", Expires: noon.Add(-1)})},
	{name: "consumption", option: has(License{Type: "consumption"})},
	{name: "subscription", code: "validation_error", option: has(License{Type: "subscription"})},
	{name: "time-limited", code: "validation_error", option: has(License{Type: "time-limited"})},
	{name: "floating", code: "validation_error", option: has(License{Type: "floating"})},
	{name: "unknown feature", code: "unsupported_product_feature", option: has(License{Features: []string{"a"}}),
		draft: withFeatures(`[{"feature":"a"},{"feature":"b","consumptions":2}]`)},
	{name: "unknown feature as a text", code: "unsupported_product_feature", option: has(License{Features: []string{}}),
		draft: withFeatures(`["a"]`)},
	{name: "known features", option: has(License{Features: []string{"a", "b"}}), draft: withFeatures(`["a",{"feature":"b"}]`)},

	{name: "signed for another API key", code: "signature_mismatch", draft: func(d *request.Draft) { d.APIKey = "other" }},
	{name: "signed for a client", code: "signature_mismatch", draft: func(d *request.Draft) { d.APIKey, d.ClientID = "", apiKey }},
	{name: "signed with another key", code: "signature_mismatch", body: text(flat(`"A"`, `"`+apiKey+`"`))},

	{name: "another device", code: "device_not_found", option: has(License{HardwareIDs: []string{"other"}})},
	{name: "case of the device", code: "device_not_found", option: has(License{HardwareIDs: []string{strings.ToUpper(hardware)}})},
	{name: "blacklisted", code: "blacklisted", option: has(License{Blacklisted: []string{hardware}})},
}

func (c cause) tell(t *testing.T, extra ...func(*Options)) (told, *Sandbox) {
	t.Helper()
	if c.option != nil {
		extra = append(extra, c.option)
	}
	s := start(t, extra...)
	draft := func(d *request.Draft) {
		if s.options.ClientID != "" {
			d.APIKey, d.ClientID = "", clientID
		}
		if c.draft != nil {
			c.draft(d)
		}
	}
	var body string
	if c.body != nil {
		body = *c.body
	} else {
		body = made(t, draft)
	}
	r := submission(s, body)
	if c.post != nil {
		c.post(s, r)
	}
	return tell(t, s, r), s
}

func (c cause) want() told {
	if c.code == "" {
		return told{200, released}
	}
	return told{statusOf(c.code), c.code}
}

func TestEachCauseHasItsDocumentedCode(t *testing.T) {
	for _, c := range causes {
		got, s := c.tell(t)
		if got != c.want() {
			t.Errorf("%s: %v, want %v", c.name, got, c.want())
		}
		if n := len(s.Released()); n > 0 != (c.code == "") {
			t.Errorf("%s: %d devices released", c.name, n)
		}
	}
}

func TestEveryDocumentedCodeHasACauseOrIsAScenarioAlone(t *testing.T) {
	// No request of a client causes these.
	alone := []string{"internal_error", "read_only_api_key", "revoked_api_key"}
	reached := map[string]bool{"oauth_token_expired": true} // see TestATokenIsGoodForEightMinutes
	for _, c := range causes {
		reached[c.code] = true
	}
	for _, code := range licensespring.Codes() {
		if reached[code.Name] == slices.Contains(alone, code.Name) {
			t.Errorf("%s: reached %v", code.Name, reached[code.Name])
		}
		got, s := cause{}.tell(t, scenes(code.Name))
		if want := (told{code.Status, code.Name}); got != want || len(s.Released()) > 0 {
			t.Errorf("scenario %s: %v", code.Name, got)
		}
	}
}

// Each step adds a fault that is checked earlier than those before it.
func TestTheChecksAreMadeInTheirOrder(t *testing.T) {
	steps := []func(*Options, *request.Draft){
		func(o *Options, _ *request.Draft) { o.Licenses[0].Blacklisted = []string{hardware} },
		func(_ *Options, d *request.Draft) { d.APIKey = "other" },
		func(o *Options, _ *request.Draft) { o.Licenses[0].Inactive = true },
		func(o *Options, _ *request.Draft) { o.Licenses[0].ProductState = "archived" },
	}
	codes := []string{"blacklisted", "signature_mismatch", "license_not_active", "archived_product"}
	for n := range steps {
		c := cause{option: has(License{})}
		s := options(c.option)
		d := request.Draft{}
		for _, step := range steps[:n+1] {
			step(&s, &d)
		}
		got, _ := cause{option: listed(s.Licenses...), draft: func(to *request.Draft) {
			if d.APIKey != "" {
				to.APIKey = d.APIKey
			}
		}}.tell(t)
		if got.Code != codes[n] {
			t.Errorf("step %d: %v, want %s", n+1, got, codes[n])
		}
	}
	for n, want := range []struct {
		code string
		post func(*Sandbox, *http.Request)
	}{
		{"missing_parameters", func(*Sandbox, *http.Request) {}},
		{"date_header_diff", dated(-time.Hour)},
		{"authorization_invalid_headers", header("Authorization", "x")},
		{"missing_headers", header("Authorization", "")},
	} {
		got, _ := cause{body: text(""), post: want.post}.tell(t)
		if got.Code != want.code {
			t.Errorf("header %d: %v, want %s", n, got, want.code)
		}
	}
}

func TestOnlyPOSTIsAnswered(t *testing.T) {
	for _, path := range []string{devicePath, bundlePath, TokenPath} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodOptions} {
			s := start(t)
			r := submission(s, made(t))
			r.Method, r.URL.Path = method, path
			if got := tell(t, s, r); got != (told{405, "method_not_allowed"}) {
				t.Errorf("%s %s: %v", method, path, got)
			}
		}
	}
	for _, path := range []string{"/", "/api/v4/activate_offline", "/api/v4//deactivate_offline", "/API/v4/deactivate_offline"} {
		s := start(t)
		r := submission(s, made(t))
		r.URL.Path = path
		if got := tell(t, s, r); got != (told{404, "not_found"}) {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestOfSeveralLicensesOfAUserTheOneWithTheDeviceIsReleased(t *testing.T) {
	got, s := cause{
		option: listed(License{Username: "u", ID: 1}, License{Username: "u", ID: 2, HardwareIDs: []string{hardware}}),
		draft:  func(d *request.Draft) { d.LicenseKey, d.Username = "", "u" },
	}.tell(t)
	if got.Status != 200 || s.Released()[0].LicenseID != 2 {
		t.Errorf("%v %v", got, s.Released())
	}
}

// statusOf returns the status that the vendor documents for a code.
func statusOf(name string) int {
	code, _ := licensespring.CodeNamed(name)
	return code.Status
}
