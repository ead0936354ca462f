package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// Invented values.
const (
	sharedKey = "invented-shared-key"
	apiKey    = "11111111-2222-4333-8444-555555555555"
	clientID  = "invented-client"
	productID = "practice"
	key       = "AAAA-BBBB-CCCC-DDDD"
	hardware  = "invented-hardware-id"
	released  = `"license_deactivated"`
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

func options(change ...func(*Options)) Options {
	o := Options{Product: productID, APIKey: apiKey, Secret: secret.New([]byte(sharedKey)), Now: clock}
	for _, c := range change {
		c(&o)
	}
	return o
}

func oauth(o *Options) { o.APIKey, o.ClientID = "", clientID }

func scenes(names ...string) func(*Options) {
	return func(o *Options) { o.Scenarios = append(o.Scenarios, names...) }
}

func listed(licenses ...License) func(*Options) {
	return func(o *Options) { o.Licenses = licenses }
}

func start(t testing.TB, change ...func(*Options)) *Sandbox {
	t.Helper()
	s, err := New(options(change...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// made returns a deactivation request in base64.
func made(t testing.TB, change ...func(*request.Draft)) string {
	t.Helper()
	d := request.Draft{Schema: request.Schema1, RequestID: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", LicenseKey: key,
		HardwareID: hardware, Product: productID, APIKey: apiKey}
	for _, c := range change {
		c(&d)
	}
	r, err := request.Make(d, clock, secret.New([]byte(sharedKey)))
	if err != nil {
		t.Fatal(err)
	}
	return r.Encode()
}

// submission returns a POST as a client makes it.
func submission(s *Sandbox, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, devicePath, strings.NewReader(body))
	r.Header.Set("Content-Type", "text/plain")
	r.Header.Set("Accept", "application/json")
	date(s, r, noon)
	return r
}

// date sets the Date header and signs it, or sets a token for OAuth.
func date(s *Sandbox, r *http.Request, when time.Time) {
	text := when.UTC().Format(http.TimeFormat)
	r.Header.Set("Date", text)
	r.Header.Set("Authorization", `algorithm="hmac-sha256",headers="date",signature="`+s.sign("licenseSpring\ndate: "+text)+
		`",apikey="`+s.options.APIKey+`"`)
	if s.options.ClientID != "" {
		r.Header.Set("Authorization", "Bearer "+s.token(noon.Add(tokenLife)))
	}
}

func header(name, value string) func(*Sandbox, *http.Request) {
	return func(_ *Sandbox, r *http.Request) {
		if value == "" {
			r.Header.Del(name)
			return
		}
		r.Header.Set(name, value)
	}
}

type told struct {
	Status int
	Code   string // the documented code, or the body where there is none
}

func tell(t testing.TB, s http.Handler, r *http.Request) told {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return read(t, w)
}

func read(t testing.TB, w *httptest.ResponseRecorder) told {
	t.Helper()
	if w.Header().Get("Date") == "" {
		t.Error("an answer without a Date")
	}
	var p problem
	if w.Code < 400 || json.Unmarshal(w.Body.Bytes(), &p) != nil || p.Code == "" {
		return told{w.Code, w.Body.String()}
	}
	if p.Status != w.Code || p.Message == "" {
		t.Errorf("status %d with %+v", w.Code, p)
	}
	return told{w.Code, p.Code}
}

type vector struct {
	Name   string `json:"name"`
	Key    string `json:"key"`
	Base64 string `json:"base64"`
}

func TestEveryVectorOfTheVendorsCodeIsReleasedOnBothPathsInBothForms(t *testing.T) {
	text, err := os.ReadFile("../request/testdata/licensespring.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		V1    []vector `json:"v1"`
		V2    []vector `json:"v2"`
		Inner []vector `json:"v2_with_inner"`
		SDK   []vector `json:"sdk_payload"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, rows := range [][]vector{v.V1, v.V2, v.Inner, v.SDK} {
		if len(rows) == 0 {
			t.Fatal("the vectors are missing")
		}
		for _, row := range rows {
			r, err := request.Decode(row.Base64)
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{devicePath, bundlePath} {
				for _, write := range []func(*http.Request, string){plainly, asForm} {
					s := start(t, func(o *Options) {
						o.Product, o.APIKey, o.ClientID = r.Product, r.APIKey, r.ClientID
						o.Secret = secret.New([]byte(row.Key))
					})
					post := submission(s, "")
					post.URL.Path = path
					write(post, row.Base64+"\r\n")
					if got := tell(t, s, post); got != (told{200, released}) {
						t.Errorf("%s, schema %d, %s: %v", row.Name, r.Schema, path, got)
					}
				}
			}
		}
	}
}

func plainly(r *http.Request, body string) { r.Body = http.NoBody; setBody(r, []byte(body)) }

func asForm(r *http.Request, body string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("comment", "a part that is not asked for")
	part, _ := w.CreateFormFile("file", "deactivate_offline.req")
	_, _ = part.Write([]byte(body))
	_ = w.Close()
	setBody(r, b.Bytes())
	r.Header.Set("Content-Type", w.FormDataContentType())
}

func setBody(r *http.Request, body []byte) {
	again := httptest.NewRequest(r.Method, r.URL.Path, bytes.NewReader(body))
	r.Body, r.ContentLength = again.Body, again.ContentLength
}

func TestADeviceIsReleasedOnce(t *testing.T) {
	for _, change := range []func(*Options){func(*Options) {}, listed(License{Key: key, HardwareIDs: []string{hardware, "other"}})} {
		s := start(t, change)
		for i, want := range []told{{200, released}, {400, "device_not_found"}, {400, "device_not_found"}} {
			if got := tell(t, s, submission(s, made(t))); got != want {
				t.Errorf("attempt %d: %v", i+1, got)
			}
		}
		other := made(t, func(d *request.Draft) { d.HardwareID = "other" })
		if got := tell(t, s, submission(s, other)); got.Status != 200 {
			t.Errorf("the other device: %v", got)
		}
		want := []Device{{productID, key, 0, hardware}, {productID, key, 0, "other"}}
		if diff := cmp.Diff(want, s.Released()); diff != "" {
			t.Error(diff)
		}
	}
}

// Fifty checked calls release at the same time. The checks before share pools, whose locks
// would hide a missing lock in release from the race detector.
func TestOfFiftyAtOnceOneIsReleased(t *testing.T) {
	s := start(t)
	r, err := request.Decode(made(t))
	if err != nil {
		t.Fatal(err)
	}
	results := make([]*answer, 50)
	begin := make(chan struct{})
	var all sync.WaitGroup
	for i := range results {
		c := &call{Sandbox: s, now: noon, request: r}
		all.Go(func() {
			<-begin
			results[i] = c.release()
		})
	}
	close(begin)
	all.Wait()
	refused := slices.DeleteFunc(results, func(a *answer) bool { return a == nil })
	if len(refused) != 49 || len(s.Released()) != 1 {
		t.Errorf("%d refused, %d released", len(refused), len(s.Released()))
	}
}

func TestOfFiftyPostsAtOnceOneIsAnsweredWithSuccess(t *testing.T) {
	s := start(t)
	results := make([]told, 50)
	begin := make(chan struct{})
	var all sync.WaitGroup
	for i := range results {
		r := submission(s, made(t))
		all.Go(func() {
			<-begin
			results[i] = tell(t, s, r)
		})
	}
	close(begin)
	all.Wait()
	count := map[told]int{}
	for _, r := range results {
		count[r]++
	}
	if diff := cmp.Diff(map[told]int{{200, released}: 1, {400, "device_not_found"}: 49}, count); diff != "" {
		t.Error(diff)
	}
}

func TestBothSpellingsOfTheAPIKeyAreRead(t *testing.T) {
	for _, name := range []string{"apikey", "apiKey"} {
		s := start(t)
		r := submission(s, made(t))
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "apikey", name, 1))
		if got := tell(t, s, r); got.Status != 200 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The vendor's own published answer; see testdata of the request package.
func TestTheAuthorizationIsSignedAsTheVendorPublished(t *testing.T) {
	s := start(t, func(o *Options) { o.Secret = secret.New([]byte("kw4qSnpSwXzgiv5yxYpZZmFEd9QAeiKTQ6OuyMja")) })
	if got := s.sign("licenseSpring\ndate: Tue, 07 Jun 2011 20:51:35 GMT"); got != "UDysfR6MndUZReo07Y9r+vErn8vSxrnQ5ulit18iJ/Q=" {
		t.Error(got)
	}
}

func tokenRequest(change func(url.Values)) *http.Request {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {sharedKey}}
	if change != nil {
		change(form)
	}
	r := httptest.NewRequest(http.MethodPost, TokenPath, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestATokenIsGoodForEightMinutes(t *testing.T) {
	now := noon
	s := start(t, oauth, func(o *Options) { o.Now = func() time.Time { return now } })
	w := httptest.NewRecorder()
	s.ServeHTTP(w, tokenRequest(nil))
	var granted struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
		Type    string `json:"token_type"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &granted); err != nil || w.Code != 200 || granted.Expires != 480 || granted.Type != "Bearer" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	body := made(t, func(d *request.Draft) { d.APIKey, d.ClientID = "", clientID })
	for _, row := range []struct {
		after time.Duration
		want  told
	}{
		{480 * time.Second, told{401, "oauth_token_expired"}},
		{479 * time.Second, told{200, released}},
	} {
		now = noon.Add(row.after)
		r := submission(s, body)
		date(s, r, now)
		r.Header.Set("Authorization", "Bearer "+granted.Token)
		if got := tell(t, s, r); got != row.want {
			t.Errorf("after %s: %v", row.after, got)
		}
	}
	other := start(t, oauth)
	r := submission(other, body)
	r.Header.Set("Authorization", "Bearer "+granted.Token)
	if got := tell(t, other, r); got != (told{401, "oauth_token_malformed"}) {
		t.Errorf("another sandbox's token: %v", got)
	}
}

func TestATokenIsRefusedInTheShapeOfItsOwn(t *testing.T) {
	for name, row := range map[string]struct {
		change func(url.Values)
		status int
		error  string
	}{
		"secret":     {func(v url.Values) { v.Set("client_secret", "wrong") }, 401, "invalid_client"},
		"no secret":  {func(v url.Values) { v.Del("client_secret") }, 401, "invalid_client"},
		"client":     {func(v url.Values) { v.Set("client_id", "wrong") }, 401, "invalid_client"},
		"grant":      {func(v url.Values) { v.Set("grant_type", "password") }, 400, "unsupported_grant_type"},
		"grant none": {func(v url.Values) { v.Del("grant_type") }, 400, "invalid_request"},
	} {
		s := start(t, oauth)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, tokenRequest(row.change))
		var got map[string]string
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != row.status || got["error"] != row.error || got["error_description"] == "" || len(got) != 2 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	s := start(t) // one with an API key has no client
	w := httptest.NewRecorder()
	s.ServeHTTP(w, tokenRequest(func(v url.Values) { v.Set("client_id", "") }))
	if w.Code != 401 {
		t.Errorf("without a client: %d", w.Code)
	}
}

func TestASandboxThatCannotBeIsRefused(t *testing.T) {
	for name, row := range map[string]struct {
		options Options
		want    error
	}{
		"scenario":    {options(scenes("nonsense")), ErrScenario},
		"credentials": {options(func(o *Options) { o.APIKey = "" }), fault.New(fault.Usage, "sandbox.credentials")},
		"secret":      {options(func(o *Options) { o.Secret = secret.Secret{} }), secret.ErrNone},
		"owner":       {options(listed(License{})), fault.New(fault.Input, "sandbox.license_owner")},
		"type":        {options(listed(License{Key: key, Type: "x"})), fault.New(fault.Input, "sandbox.license_value")},
		"state":       {options(listed(License{Key: key, ProductState: "x"})), fault.New(fault.Input, "sandbox.license_value")},
	} {
		if _, err := New(row.options); !errors.Is(err, row.want) || fault.KindOf(err) != fault.KindOf(row.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := New(options(scenes("nonsense")))
	if message := fault.Explain(err, words.English()).Message; message != "there is no scenario named nonsense" {
		t.Errorf("it says %q", message)
	}
}
