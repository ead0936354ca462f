package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"handback/app"
	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/desk"
	"handback/app/desk/password"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
	"handback/web"
)

// site is a desk with a profile of its own, in front of a sandbox.
type site struct {
	t     *testing.T
	url   string
	web   *web.Server
	desk  *app.Desk
	store desk.Store
	api   *sandbox.Sandbox
	posts *int
	mu    *sync.Mutex // of api and posts
	log   *safeBuffer
	home  string
	key   secret.Secret

	without bool // the profile has no secret
}

// everybodys is everybody's password.
const everybodys = "correct horse battery"

// people are an administrator, an agent and an auditor. Hashing takes long on purpose.
var people = sync.OnceValue(func() (all []desk.Person) {
	hash, _ := password.Hash(everybodys)
	root, _ := desk.NewPerson("root", desk.Administrator, hash)
	for name, role := range map[string]desk.Role{"anna": desk.Agent, "olga": desk.Auditor} {
		p := root
		p.Name, p.Role = name, role
		all = append(all, p)
	}
	return append([]desk.Person{root}, all...)
})

// safeBuffer is a log that several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

func newSite(t *testing.T, change func(*web.Options)) *site {
	t.Helper()
	s := &site{t: t, home: t.TempDir(), key: secret.New([]byte(apptest.SharedKey)), log: &safeBuffer{}, posts: new(int)}
	var err error
	s.api, err = sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apptest.APIKey, Secret: s.key, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	s.mu = &mu
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		*s.posts++
		box := s.api
		mu.Unlock()
		box.ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	text := "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apptest.APIKey + "'\nserver.endpoint = '" + api.URL + "'\nsupport.contact = 'help@acme.example'\n"
	if _, err := profile.Import(filepath.Join(s.home, "profiles"), "acme.toml", []byte(text), false); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(s.home, profile.Practice(), words.English(), nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := desk.OpenFiles(filepath.Join(s.home, "desk"))
	if err != nil {
		t.Fatal(err)
	}
	s.store = files
	s.desk, err = app.NewDesk(t.Context(), a, s.home, files, app.Options{Secret: func(p profile.Profile) (secret.Secret, error) {
		if p.Name != "Acme CAD" || s.without {
			return secret.Secret{}, secret.ErrNone
		}
		return s.key, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people() {
		if err := files.SavePerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	o := web.Options{Log: slog.New(slog.NewJSONHandler(s.log, nil))}
	if change != nil {
		change(&o)
	}
	server, err := web.New(s.desk, o)
	if err != nil {
		t.Fatal(err)
	}
	s.web = server
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	s.url = front.URL
	return s
}

// scenario makes the License API answer as a scenario of the sandbox says.
func (s *site) scenario(names ...string) {
	s.t.Helper()
	box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apptest.APIKey, Secret: s.key, Now: time.Now, Scenarios: names})
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.api = box
}

// noSecret takes the profile's secret away.
func (s *site) noSecret() {
	s.t.Helper()
	s.without = true
	if err := s.desk.Reload(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// make makes a request of the profile.
func (s *site) make(change func(*request.Draft)) *request.Request {
	s.t.Helper()
	d := request.Draft{Schema: 1, Product: "acmecad", APIKey: apptest.APIKey, LicenseKey: apptest.LicenseKey, HardwareID: apptest.HardwareID}
	if change != nil {
		change(&d)
	}
	d.RequestID = d.NewID()
	r, err := request.Make(d, time.Now, s.key)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// unsigned makes an unsigned request.
func (s *site) unsigned(license string) *request.Request {
	s.t.Helper()
	d := request.Draft{Schema: 1, Product: "acmecad", APIKey: apptest.APIKey, LicenseKey: license, HardwareID: apptest.HardwareID}
	d.RequestID = d.NewID()
	r, err := request.Unsigned(d, time.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// reply is what the server answered.
type reply struct {
	*http.Response
	text string
}

func (s *site) do(client *http.Client, r *http.Request) reply {
	s.t.Helper()
	response, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{response, string(text)}
}

func (s *site) get(client *http.Client, path string) reply {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(client, r)
}

func (s *site) post(client *http.Client, path string, values url.Values) reply {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, strings.NewReader(values.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(client, r)
}

// api posts a body to the interface for programs.
func (s *site) send(body string) (reply, result) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/api/v1/requests", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/plain")
	answer := s.do(http.DefaultClient, r)
	var all struct{ Results []result }
	if err := json.Unmarshal([]byte(answer.text), &all); err != nil {
		s.t.Fatalf("%v: %s", err, answer.text)
	}
	if len(all.Results) == 0 {
		return answer, result{}
	}
	return answer, all.Results[0]
}

type result struct {
	Outcome, Message, Location, Receipt string
	CheckCode                           string   `json:"check_code"`
	ReceiptLines                        []string `json:"receipt_lines"`
	Waiting, Declined                   bool
}

// in logs a person in.
func (s *site) in(name string) *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	if answer := s.post(client, "/desk/login", url.Values{"name": {name}, "password": {everybodys}}); answer.StatusCode != http.StatusOK || !strings.HasSuffix(answer.Request.URL.Path, "/desk") {
		s.t.Fatalf("%s cannot log in: %s %s", name, answer.Status, answer.Request.URL)
	}
	return client
}

func TestOfSeveralRequestsEachSaysWhatBecameOfIt(t *testing.T) {
	s := newSite(t, nil)
	both := url.Values{"request": {s.make(nil).Encode(), s.unsigned("GPYC-X5J2-L5SK-C3LU").Encode()}}
	s.desk.MaxWaiting = 0
	full := s.post(http.DefaultClient, "/requests", both)
	for _, want := range []string{`class="outcome released"`, `class="outcome not_sent"`, "Too many requests are waiting"} {
		if full.StatusCode != http.StatusOK || !strings.Contains(full.text, want) {
			t.Errorf("%s, without %q:\n%s", full.Status, want, full.text)
		}
	}
	s.desk.MaxWaiting = 1
	one := s.post(http.DefaultClient, "/requests", both)
	_, path, found := strings.Cut(one.text, `<a href="/requests/`)
	path, _, _ = strings.Cut(path, `"`)
	if !found || !strings.Contains(s.get(http.DefaultClient, "/requests/"+path).text, "waiting for the desk") {
		t.Errorf("no way back to %q:\n%s", path, one.text)
	}
}

func TestASignedRequestIsLookedAtAndReleased(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(nil)
	look := s.post(http.DefaultClient, "/look", url.Values{"request": {r.Encode()}})
	for _, want := range []string{r.CheckCode(), apptest.LicenseKey, apptest.HardwareID, "Release this license"} {
		if !strings.Contains(look.text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if *s.posts != 0 {
		t.Error("something was sent before the visitor agreed")
	}
	end := s.post(http.DefaultClient, "/requests", url.Values{"request": {r.Encode()}})
	for _, want := range []string{`class="outcome released"`, "data:image/svg&#43;xml;base64,", `download="receipt.txt"`, "help@acme.example"} {
		if !strings.Contains(end.text, want) {
			t.Errorf("the page does not have %q:\n%s", want, end.text)
		}
	}
	if again := s.post(http.DefaultClient, "/requests", url.Values{"request": {r.Encode()}}); !strings.Contains(again.text, `class="outcome released"`) || *s.posts != 1 {
		t.Errorf("brought again it was sent %d times: %s", *s.posts, again.text)
	}
}

func TestAReceiptClosesTheRecordOfTheOfflineComputer(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(nil)
	answer, got := s.send(r.Encode())
	if answer.StatusCode != http.StatusOK || got.Outcome != "released" || got.CheckCode != r.CheckCode() || len(got.ReceiptLines) != 2 {
		t.Fatalf("%s %+v", answer.Status, got)
	}
	for _, form := range []string{got.Receipt, strings.Join(got.ReceiptLines, "\n")} {
		offline, err := app.New(t.TempDir(), profile.Practice(), words.English(), nil)
		if err == nil {
			err = offline.Journal.Note(r, false, journal.Event{What: request.Created})
		}
		if err != nil {
			t.Fatal(err)
		}
		one := offline.Inspect(t.Context(), []app.Input{{Name: "receipt", Data: []byte(form)}})
		record, err := offline.ApplyReceipt(one[0])
		if err != nil || record.State() != request.Released {
			t.Errorf("%v %v", record.State(), err)
		}
	}
}

// reloads is how a page loads itself again where there are no scripts.
const reloads = `<noscript><meta http-equiv="refresh" content="60"></noscript>`

func TestAnUnsignedRequestWaitsForTheDeskAndItsVisitorComesBack(t *testing.T) {
	s := newSite(t, nil)
	r := s.unsigned("GPYC-X5J2-L5SK-C3LA")
	if look := s.post(http.DefaultClient, "/look", url.Values{"request": {r.Encode()}}); strings.Contains(look.text, "Release this license") || !strings.Contains(look.text, "Hand it to the desk") {
		t.Errorf("the page promises what the desk decides: %s", look.text)
	}
	waits := s.post(http.DefaultClient, "/requests", url.Values{"request": {r.Encode()}})
	address := waits.Request.URL.Path
	if !strings.HasPrefix(address, "/requests/"+r.CheckCode()+"/") || !strings.Contains(waits.text, "waiting for the desk") || !strings.Contains(waits.text, reloads) {
		t.Fatalf("%s %s", address, waits.text)
	}
	if *s.posts != 0 {
		t.Fatal("it was sent")
	}
	anna := s.in("anna")
	list := s.get(anna, "/desk")
	if !strings.Contains(list.text, reloads) || !strings.Contains(list.text, "wait.js") || waits.Header.Get("Refresh")+list.Header.Get("Refresh") != "" {
		t.Errorf("the list does not ask by itself, or disturbs who reads it: %v", list.Header)
	}
	path := regexp.MustCompile(`/desk/waiting/[0-9a-f]{32}`).FindString(list.text)
	if path == "" || !strings.Contains(list.text, r.CheckCode()) {
		t.Fatalf("the desk does not list it: %s", list.text)
	}
	if one := s.get(anna, path); strings.Contains(one.text, reloads) || !strings.Contains(one.text, apptest.HardwareID) || !strings.Contains(one.text, "Confirm and send") {
		t.Errorf("its page: %s", one.text)
	}
	if end := s.post(anna, path+"/confirm", nil); !strings.Contains(end.text, `class="outcome released"`) || *s.posts != 1 {
		t.Fatalf("sent %d times: %s", *s.posts, end.text)
	}
	back := s.get(http.DefaultClient, address)
	if !strings.Contains(back.text, `class="outcome released"`) || !strings.Contains(back.text, "receipt.txt") || strings.Contains(back.text, reloads) || strings.Contains(back.text, "wait.js") {
		t.Errorf("the visitor sees: %s", back.text)
	}
	if s.post(anna, path+"/confirm", nil); *s.posts != 1 {
		t.Errorf("confirmed again it was sent %d times", *s.posts)
	}
	if twice := s.post(anna, path+"/refuse", url.Values{"reason": {"too late"}}); twice.StatusCode != http.StatusConflict {
		t.Errorf("refused after it was confirmed: %s", twice.Status)
	}
}

// Others may bring the same request so often that the first address is not known any more.
func TestWhoLosesTheAddressBringsTheRequestAgain(t *testing.T) {
	s := newSite(t, nil)
	values := url.Values{"request": {s.unsigned("GPYC-X5J2-L5SK-C3LV").Encode()}}
	page := s.post(http.DefaultClient, "/requests", values)
	if !strings.Contains(page.text, "bring the same request again") {
		t.Errorf("the page does not say what to do without its address: %s", page.text)
	}
	for range 10 {
		s.post(http.DefaultClient, "/requests", values)
	}
	if gone := s.get(http.DefaultClient, page.Request.URL.Path); gone.StatusCode != http.StatusNotFound || !strings.Contains(gone.text, "bring the same one again") {
		t.Errorf("the first address: %s %s", gone.Status, gone.text)
	}
	if again := s.post(http.DefaultClient, "/requests", values); again.Request.URL.Path == page.Request.URL.Path || !strings.Contains(again.text, "waiting for the desk") {
		t.Errorf("brought again: %s %s", again.Request.URL, again.text)
	}
}

func TestARefusalTellsItsReasonAndSendsNothing(t *testing.T) {
	s := newSite(t, nil)
	_, got := s.send(s.unsigned("GPYC-X5J2-L5SK-C3LB").Encode())
	if !got.Waiting || got.Location == "" {
		t.Fatalf("%+v", got)
	}
	anna := s.in("anna")
	path := regexp.MustCompile(`/desk/waiting/[0-9a-f]{32}`).FindString(s.get(anna, "/desk").text)
	if without := s.post(anna, path+"/refuse", nil); without.StatusCode != http.StatusBadRequest {
		t.Errorf("without a reason: %s", without.Status)
	}
	s.post(anna, path+"/refuse", url.Values{"reason": {"Not your computer <b>"}})
	back := s.get(http.DefaultClient, strings.TrimPrefix(got.Location, s.url))
	var one result
	if err := json.Unmarshal([]byte(back.text), &one); err != nil || !one.Declined || !strings.Contains(one.Message, "Not your computer <b>") || *s.posts != 0 {
		t.Errorf("%v %+v, sent %d times", err, one, *s.posts)
	}
	page := s.get(http.DefaultClient, strings.Replace(strings.TrimPrefix(got.Location, s.url), "/api/v1", "", 1))
	if !strings.Contains(page.text, "Not your computer &lt;b&gt;") {
		t.Errorf("%s", page.text)
	}
	if log := s.get(s.in("olga"), "/desk/actions"); !strings.Contains(log.text, "refused a request") || !strings.Contains(log.text, "anna") {
		t.Errorf("the audit: %s", log.text)
	}
}

func TestAVisitorLearnsNothingOfOtherRequests(t *testing.T) {
	s := newSite(t, nil)
	r := s.unsigned("GPYC-X5J2-L5SK-C3LC")
	_, got := s.send(r.Encode())
	right := strings.TrimPrefix(got.Location, "/api/v1")
	code, token := r.CheckCode(), right[strings.LastIndex(right, "/")+1:]
	id := token[:32]
	for _, address := range []string{
		"/requests/" + code + "/" + id,
		"/requests/" + code + "/" + id + strings.Repeat("A", 32),
		"/requests/" + code + "/" + id + desk.Digest(token[32:]),
		"/requests/AAAA-AAAA-AAAA/" + token,
		"/requests/" + code + "/" + strings.Repeat("0", 32) + token[32:],
		"/requests/" + code + "/..%2f..%2fpeople",
		"/api/v1/requests/" + code + "/" + id + "'%20or%20''='",
		"/desk/waiting/" + id,
		"/desk/history/" + id,
	} {
		if answer := s.get(http.DefaultClient, address); answer.StatusCode == http.StatusOK && strings.Contains(answer.text, apptest.HardwareID) {
			t.Errorf("%s tells", address)
		}
	}
	if answer := s.get(http.DefaultClient, right); answer.StatusCode != http.StatusOK {
		t.Errorf("the visitor's own: %s", answer.Status)
	}
}

func TestEachPageOfTheDeskTakesItsRight(t *testing.T) {
	s := newSite(t, nil)
	clients := map[string]*http.Client{"": {}, "anna": s.in("anna"), "olga": s.in("olga"), "root": s.in("root")}
	see, decide, audit, manage := []string{"anna", "olga", "root"}, []string{"anna", "root"}, []string{"olga", "root"}, []string{"root"}
	none := strings.Repeat("0", 32)
	for _, one := range []struct {
		method, path string
		may          []string
	}{
		{"GET", "/desk", see}, {"GET", "/desk/history", see}, {"GET", "/desk/history.csv", see}, {"GET", "/desk/waiting/" + none, see}, {"GET", "/desk/history/" + none, see},
		{"POST", "/desk/waiting/" + none + "/confirm", decide}, {"POST", "/desk/waiting/" + none + "/refuse", decide},
		{"POST", "/desk/history/" + none + "/ask", decide}, {"POST", "/desk/history/" + none + "/again", decide},
		{"GET", "/desk/actions", audit},
		{"GET", "/desk/people", manage}, {"POST", "/desk/people", manage}, {"POST", "/desk/people/remove", manage},
		{"GET", "/desk/profiles", manage}, {"POST", "/desk/profiles", manage}, {"POST", "/desk/profiles/remove", manage}, {"POST", "/desk/profiles/test", manage},
	} {
		for name, client := range clients {
			var answer reply
			if one.method == "GET" {
				answer = s.get(client, one.path)
			} else {
				answer = s.post(client, one.path, url.Values{"reason": {"x"}})
			}
			turned := answer.StatusCode == http.StatusForbidden || answer.Request.URL.Path == "/desk/login"
			may := false
			for _, who := range one.may {
				may = may || who == name
			}
			if turned == may {
				t.Errorf("%s %s by %q: %s at %s", one.method, one.path, name, answer.Status, answer.Request.URL.Path)
			}
		}
	}
}

func TestAWrongPasswordIsRefusedAndTriedOnlySoOften(t *testing.T) {
	s := newSite(t, nil)
	for n := range 12 {
		answer := s.post(http.DefaultClient, "/desk/login", url.Values{"name": {"anna"}, "password": {"wrong"}})
		want := http.StatusUnauthorized
		if n >= 10 {
			want = http.StatusTooManyRequests
		}
		if answer.StatusCode != want {
			t.Fatalf("try %d: %s", n, answer.Status)
		}
	}
	if answer := s.post(http.DefaultClient, "/desk/login", url.Values{"name": {"anna"}, "password": {everybodys}}); answer.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the right one after ten wrong ones: %s", answer.Status)
	}
}

// count counts a visit.
func (s *site) count(l desk.Limit, key string) {
	s.t.Helper()
	if _, err := s.store.Count(s.t.Context(), l, desk.Digest(key), 1, time.Now()); err != nil {
		s.t.Fatal(err)
	}
}

// logInFrom tries to log in from an address, and returns the status of the answer.
func (s *site) logInFrom(client *http.Client, address, name, password string) int {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/desk/login", strings.NewReader(url.Values{"name": {name}, "password": {password}}.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	return s.do(client, r).StatusCode
}

func TestNobodyIsKeptOutByTheTriesOfOthers(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	jar, _ := cookiejar.New(nil) // does not fail
	anna := &http.Client{Jar: jar}
	if status := s.logInFrom(anna, "203.0.113.1", "anna", everybodys); status != http.StatusOK {
		t.Fatal(status)
	}
	s.post(anna, "/desk/logout", nil)
	for n := range 11 {
		if status := s.logInFrom(http.DefaultClient, "198.51.100.1", "anna", "wrong"); (status == http.StatusTooManyRequests) != (n >= 10) {
			t.Fatalf("try %d of a stranger: %d", n, status)
		}
	}
	if status := s.logInFrom(&http.Client{}, "203.0.113.2", "anna", everybodys); status != http.StatusOK {
		t.Errorf("from another address: %d", status)
	}
	for range 100 { // by strangers at ten addresses
		s.count(desk.Limit{Kind: "login_name", Window: 24 * time.Hour, Most: 100}, "anna")
	}
	if status := s.logInFrom(&http.Client{}, "203.0.113.3", "anna", everybodys); status != http.StatusTooManyRequests {
		t.Errorf("the hundred-and-first try of a day: %d", status)
	}
	if status := s.logInFrom(anna, "198.51.100.1", "anna", everybodys); status != http.StatusOK {
		t.Errorf("from her own browser, at the stranger's address: %d", status)
	}
	if status := s.logInFrom(&http.Client{}, "203.0.113.3", "olga", everybodys); status != http.StatusOK {
		t.Errorf("somebody else: %d", status)
	}
}

func TestABrowserThatIsKnownHasTenTriesToo(t *testing.T) {
	s := newSite(t, nil)
	anna := s.in("anna")
	for n := range 11 {
		answer := s.post(anna, "/desk/login", url.Values{"name": {"anna"}, "password": {"wrong"}})
		if want := n >= 9; (answer.StatusCode == http.StatusTooManyRequests) != want && n != 9 {
			t.Errorf("try %d: %s", n, answer.Status)
		}
	}
}

func TestABrowserIsKnownForOnePersonAndPassword(t *testing.T) {
	s := newSite(t, nil)
	anna := s.in("anna")
	// known reports whether tries with these cookies have their own count: that of the address is used up.
	for range 60 {
		s.count(desk.Limit{Kind: "login_address", Window: 15 * time.Minute, Most: 50}, "127.0.0.1")
	}
	known := func(client *http.Client, name string) bool {
		return s.post(client, "/desk/login", url.Values{"name": {name}, "password": {"wrong"}}).StatusCode == http.StatusUnauthorized
	}
	if !known(anna, "anna") || known(anna, "olga") || known(anna, "nobody") || known(http.DefaultClient, "anna") {
		t.Error("anna's browser is known for others, or not for anna")
	}
	address, _ := url.Parse(s.url)
	for _, c := range anna.Jar.Cookies(address) {
		if name, found := strings.CutSuffix(c.Name, "-device"); found {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/desk", nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, value := range []string{c.Value, strings.Split(c.Value, ".")[0], strings.Split(c.Value, ".")[1]} {
				r.Header.Set("Cookie", name+"="+value)
				if answer := s.do(&http.Client{}, r); answer.Request.URL.Path != "/desk/login" {
					t.Errorf("%q logs in", value)
				}
			}
		}
	}
	hash, err := password.Hash("another long password")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.SavePerson(t.Context(), desk.Person{Name: "anna", Role: desk.Agent, Password: hash}); err != nil {
		t.Fatal(err)
	}
	if known(anna, "anna") {
		t.Error("it is known after the password was changed")
	}
}

func TestASessionEndsWithLoggingOutAndWithItsPerson(t *testing.T) {
	s := newSite(t, nil)
	anna, again := s.in("anna"), s.in("anna")
	s.post(anna, "/desk/logout", nil)
	if answer := s.get(anna, "/desk"); answer.Request.URL.Path != "/desk/login" {
		t.Errorf("after logging out: %s", answer.Request.URL)
	}
	if answer := s.get(again, "/desk"); answer.Request.URL.Path != "/desk" {
		t.Errorf("another session: %s", answer.Request.URL)
	}
	s.post(s.in("root"), "/desk/people/remove", url.Values{"name": {"anna"}})
	if answer := s.get(again, "/desk"); answer.Request.URL.Path != "/desk/login" {
		t.Errorf("after anna was removed: %s", answer.Request.URL)
	}
}

// slow is a Store that waits before it stores a session, as a log-in does that waits for
// other passwords to be checked.
type slow struct {
	desk.Store
	before func()
}

func (s slow) StartSession(ctx context.Context, one desk.Session) error {
	s.before()
	return s.Store.StartSession(ctx, one)
}

func TestNoSessionOfAPasswordOutlivesIt(t *testing.T) {
	s := newSite(t, nil)
	root, before := s.in("root"), s.in("anna")
	another, err := password.Hash("another long password")
	if err != nil {
		t.Fatal(err)
	}
	s.desk.Store = slow{s.store, func() {
		if err := s.store.SavePerson(t.Context(), desk.Person{Name: "anna", Role: desk.Agent, Password: another}); err != nil {
			t.Error(err)
		}
		if err := s.store.EndSessions(t.Context(), "anna"); err != nil {
			t.Error(err)
		}
	}}
	jar, _ := cookiejar.New(nil) // does not fail
	during := &http.Client{Jar: jar}
	s.post(during, "/desk/login", url.Values{"name": {"anna"}, "password": {everybodys}})
	s.desk.Store = s.store
	for name, client := range map[string]*http.Client{"before the change": before, "during it": during} {
		if answer := s.get(client, "/desk"); answer.Request.URL.Path != "/desk/login" {
			t.Errorf("a session that began %s: %s", name, answer.Request.URL)
		}
	}
	s.desk.Store = ended{s.store}
	if answer := s.post(root, "/desk/people", url.Values{"name": {"anna"}, "role": {"agent"}, "password": {"yet another password"}}); answer.StatusCode != http.StatusOK {
		t.Errorf("at the page: %s", answer.Status)
	}
}

// ended is a Store whose sessions may be ended only after the new password is stored.
type ended struct{ desk.Store }

func (e ended) EndSessions(ctx context.Context, name string) error {
	if p, err := e.Person(ctx, name); err != nil || !password.Check(p.Password, "yet another password") {
		return errors.New("too early")
	}
	return e.Store.EndSessions(ctx, name)
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	s := newSite(t, nil)
	root := s.in("root")
	for _, head := range []http.Header{{"Sec-Fetch-Site": {"cross-site"}}, {"Origin": {"https://evil.example"}}, {"Sec-Fetch-Site": {"same-site"}}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/desk/people", strings.NewReader("name=eve&role=administrator&password=correct+horse+battery"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = head
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if answer := s.do(root, r); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%v: %s", head, answer.Status)
		}
	}
	if people := s.get(root, "/desk/people"); strings.Contains(people.text, "eve") {
		t.Error("the person was added")
	}
}

func TestEveryAnswerKeepsOthersOut(t *testing.T) {
	s := newSite(t, nil)
	for _, path := range []string{"/", "/desk/login", "/nothing", "/static/desk.css", "/healthz", "/api/v1/requests/A/B"} {
		h := s.get(http.DefaultClient, path).Header
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "http") {
			t.Errorf("%s: %s", path, policy)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
	page := s.get(http.DefaultClient, "/").text
	if inline := regexp.MustCompile(`<script[^>]*>[^<]|<style|\son[a-z]+=|style=|https?://`).FindString(page); inline != "" {
		t.Errorf("the page has %q", inline)
	}
	if len(page)+len(s.get(http.DefaultClient, "/static/desk.css").text)+len(s.get(http.DefaultClient, "/static/reader.js").text) > 60<<10 {
		t.Error("the first page is larger than 60 KB")
	}
}

func TestFilesAreFetchedOnceAndAreOfThePagesVersion(t *testing.T) {
	s := newSite(t, nil)
	ask := func(path, tag string) reply {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", tag)
		r.Header.Set("Accept-Encoding", "gzip") // it is not unpacked
		return s.do(http.DefaultClient, r)
	}
	addresses := regexp.MustCompile(`"(/static/[0-9a-f]{16}/)([a-z.]+)"`).FindAllStringSubmatch(s.get(http.DefaultClient, "/").text, -1)
	if len(addresses) < 4 {
		t.Fatalf("the page has %v", addresses)
	}
	folder, names := addresses[0][1], map[string]string{"worker.js": "text/javascript; charset=utf-8", "reader.wasm": "application/wasm", "wasm_exec.js": "text/javascript; charset=utf-8"}
	for _, address := range addresses {
		names[address[2]] = ""
		if address[1] != folder {
			t.Errorf("%s and %s are of two versions", address[1], folder)
		}
	}
	if ask("/static/reader.wasm", "").StatusCode == http.StatusNotFound {
		t.Skip("make reader builds the rest")
	}
	for name, kind := range names {
		first := ask(folder+name, "")
		tag := first.Header.Get("ETag")
		if first.StatusCode != http.StatusOK || !strings.Contains(first.Header.Get("Cache-Control"), "immutable") || kind != "" && first.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %s %v", name, first.Status, first.Header)
		}
		if again := ask(folder+name, tag); again.StatusCode != http.StatusNotModified || again.text != "" || tag == "" {
			t.Errorf("%s with its tag %s: %s", name, tag, again.Status)
		}
		if plain := ask("/static/"+name, `"another"`); plain.StatusCode != http.StatusOK || plain.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s without a version: %s %v", name, plain.Status, plain.Header)
		}
		status, cache := http.StatusNotFound, "no-store"
		if strings.HasSuffix(name, ".css") || strings.HasSuffix(name, ".svg") {
			status, cache = http.StatusOK, "no-cache"
		}
		if other := ask("/static/0123456789abcdef/"+name, ""); other.StatusCode != status || other.Header.Get("Cache-Control") != cache {
			t.Errorf("%s of another version: %s %v", name, other.Status, other.Header)
		}
		if strings.HasSuffix(name, ".js") && strings.Contains(first.text, "/static/") {
			t.Errorf("%s loads a file of any version", name)
		}
	}
	if wasm := ask(folder+"reader.wasm", ""); wasm.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(wasm.text, "\x1f\x8b") || !strings.Contains(wasm.Header.Get("Content-Security-Policy"), "wasm-unsafe-eval") {
		t.Errorf("the reader: %v", wasm.Header)
	}
}

func TestASessionsCookieIsForThisHostAlone(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/desk/login", strings.NewReader("name=anna&password="+url.QueryEscape(everybodys)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-Proto", "https")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer := s.do(client, r)
	cookies := answer.Cookies()
	if len(cookies) != 2 {
		t.Errorf("%+v", cookies)
	}
	for _, c := range cookies {
		if !strings.HasPrefix(c.Name, "__Host-desk") || !c.Secure || !c.HttpOnly || c.SameSite == http.SameSiteNoneMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%+v", c)
		}
	}
	if answer.Header.Get("Strict-Transport-Security") == "" {
		t.Error("browsers are not told to stay with https")
	}
}

func TestAnAddressAndALicenseBringOnlySoMany(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerAddress, o.PerLicense = 6, 2 })
	for n, want := range []int{200, 200, 429} {
		if answer, _ := s.send(s.make(nil).Encode()); answer.StatusCode != want {
			t.Errorf("license, %d: %s", n, answer.Status)
		}
	}
	sent := *s.posts
	for n, want := range []int{200, 200, 200, 429, 429} {
		license := "GPYC-X5J2-L5SK-C30" + string(rune('A'+n))
		answer, _ := s.send(s.make(func(d *request.Draft) { d.LicenseKey = license }).Encode())
		if answer.StatusCode != want {
			t.Errorf("address, %d: %s", n, answer.Status)
		}
		if want == 429 && answer.Header.Get("Retry-After") == "" {
			t.Error("it does not say when to come back")
		}
	}
	if *s.posts != sent+3 {
		t.Errorf("%d were sent", *s.posts-sent)
	}
}

func TestOnlyANamedProxySaysWhoTheVisitorIs(t *testing.T) {
	for _, one := range []struct{ trusted, forwarded, want string }{
		{"", "203.0.113.9", "127.0.0.1"},
		{"10.0.0.0/8", "203.0.113.9", "127.0.0.1"},
		{"127.0.0.1/32", "203.0.113.9", "203.0.113.9"},
		{"127.0.0.1/32", "6.6.6.6, 203.0.113.9", "203.0.113.9"},
		{"127.0.0.0/8", "6.6.6.6, 203.0.113.9, 127.0.0.2", "203.0.113.9"},
		{"127.0.0.1/32", "nonsense", "127.0.0.1"},
		{"127.0.0.1/32", "", "127.0.0.1"},
		{"127.0.0.1/32", "2001:db8::1", "2001:db8::1"},
		{"127.0.0.1/32", "203.0.113.9:4711", "203.0.113.9"},
		{"127.0.0.1/32", "6.6.6.6, [2001:db8::1]:443", "2001:db8::1"},
	} {
		s := newSite(t, func(o *web.Options) {
			if one.trusted != "" {
				o.Proxies = []netip.Prefix{netip.MustParsePrefix(one.trusted)}
			}
		})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-For", one.forwarded)
		s.do(http.DefaultClient, r)
		if !strings.Contains(s.log.text(), `"address":"`+one.want+`"`) {
			t.Errorf("%+v: %s", one, s.log.text())
		}
	}
}

func TestNoKeyTokenOrPasswordIsInTheLog(t *testing.T) {
	s := newSite(t, nil)
	_, got := s.send(s.unsigned("GPYC-X5J2-L5SK-C3LD").Encode())
	s.get(http.DefaultClient, strings.TrimPrefix(got.Location, s.url))
	s.send(s.make(nil).Encode())
	s.send("GPYC-X5J2-L5SK-C3LK is no request\n\"level\":\"forged\"")
	s.get(http.DefaultClient, "/desk/history?q=GPYC-X5J2-L5SK-C3LK")
	s.post(http.DefaultClient, "/desk/login", url.Values{"name": {"anna\nforged"}, "password": {everybodys}})
	s.get(s.in("anna"), "/desk/history?q=GPYC-X5J2-L5SK-C3LK")
	log := s.log.text()
	for _, secret := range []string{"GPYC", everybodys, got.Location[len(got.Location)-32:], apptest.HardwareID, apptest.SharedKey, "forged", apptest.APIKey} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q:\n%s", secret, log)
		}
	}
	for line := range strings.Lines(log) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

func TestPagesSpeakTheVisitorsLanguage(t *testing.T) {
	s := newSite(t, nil)
	for _, one := range []struct{ query, accept, want string }{
		{"", "de-DE,de;q=0.9,en;q=0.8", "Eine Lizenz freigeben"},
		{"", "ja", "ライセンスを解放する"},
		{"", "xx", "Release a license"},
		{"?lang=fr", "de", "Libérer une licence"},
		{"?lang=../../x", "es", "Liberar una licencia"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/"+one.query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", one.accept)
		if answer := s.do(http.DefaultClient, r); !strings.Contains(answer.text, one.want) {
			t.Errorf("%+v: %s", one, answer.text)
		}
	}
}

func TestWhatWasReleasedIsNotOfferedToBeReleased(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(nil)
	s.send(r.Encode())
	look := s.post(http.DefaultClient, "/look", url.Values{"request": {r.Encode()}})
	if strings.Contains(look.text, "not free yet") || strings.Contains(look.text, "Release this license") || !strings.Contains(look.text, "Show the outcome") {
		t.Errorf("%s", look.text)
	}
	both := s.post(http.DefaultClient, "/look", url.Values{"request": {r.Encode(), s.make(func(d *request.Draft) { d.HardwareID = "another" }).Encode()}})
	if !strings.Contains(both.text, "not free yet") || !strings.Contains(both.text, "Release this license") {
		t.Errorf("%s", both.text)
	}
}

func TestAVisitorIsNotToldOfAnotherComputerAsThisOne(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(nil)
	s.send(r.Encode())
	for lang, computer := range map[string]string{"en": "this computer", "de": "diesem Computer", "fr": "cet ordinateur", "es": "este ordenador", "ja": "このコンピューター"} {
		look := s.post(http.DefaultClient, "/look?lang="+lang, url.Values{"request": {r.Encode()}})
		again := s.post(http.DefaultClient, "/requests?lang="+lang, url.Values{"request": {r.Encode()}})
		for _, page := range []reply{look, again} {
			if strings.Contains(page.text, computer) || !strings.Contains(page.text, "License API") {
				t.Errorf("%s: %s", lang, page.text)
			}
		}
	}
}

func TestWhatCannotBeReadIsExplained(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerAddress = 100 })
	for body, want := range map[string]int{
		"":                          http.StatusBadRequest,
		"hello":                     http.StatusBadRequest,
		"\x89PNG\r\n\x1a\nnonsense": http.StatusBadRequest,
		strings.Repeat("x", 49<<20): http.StatusRequestEntityTooLarge,
	} {
		answer, got := s.send(body)
		if answer.StatusCode != want || !strings.Contains(answer.text, `"message":"`) {
			t.Errorf("%.20q: %s %+v", body, answer.Status, got)
		}
	}
}

func TestThePartsOfARequestAreBroughtOneAfterAnother(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(func(d *request.Draft) {
		d.Optional = []request.Member{request.Variables([]request.Variable{{Name: "note", Value: strings.Repeat("long ", 120)}})}
	})
	outgoing := s.desk.App().NewOutgoing(r)
	codes, err := outgoing.Codes(carry.Drawing{Density: carry.HighDensity})
	if err != nil || len(codes) < 2 {
		t.Skip("this request has one code only")
	}
	first := s.post(http.DefaultClient, "/look", url.Values{"request": {codes[0].Text}})
	if strings.Contains(first.text, "Release this license") || !strings.Contains(first.text, "missing parts") {
		t.Fatalf("with one of %d parts: %s", len(codes), first.text)
	}
	texts := url.Values{}
	for _, code := range codes {
		texts.Add("request", code.Text)
	}
	if all := s.post(http.DefaultClient, "/look", texts); !strings.Contains(all.text, "Release this license") {
		t.Errorf("with all parts: %s", all.text)
	}
}

func TestFilesAreRead(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(nil)
	codes, err := s.desk.App().NewOutgoing(r).Codes(carry.Drawing{Density: carry.HighDensity})
	if err != nil {
		t.Fatal(err)
	}
	picture, err := codes[0].PNG(6)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"request.req": []byte(r.Encode()), "code.png": picture} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(data)
		_ = form.Close()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/look", &body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", form.FormDataContentType())
		if answer := s.do(http.DefaultClient, request); !strings.Contains(answer.text, r.CheckCode()) {
			t.Errorf("%s: %s", name, answer.text)
		}
	}
}

func TestManyVisitorsWithTheSameRequestSendItOnce(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerLicense, o.PerAddress = 1000, 10000 })
	r := s.make(nil)
	var group sync.WaitGroup
	for range 12 {
		group.Go(func() {
			if answer, got := s.send(r.Encode()); answer.StatusCode != http.StatusOK || got.Outcome != "released" && got.Outcome != "not_sent" {
				t.Errorf("%s %+v", answer.Status, got)
			}
		})
	}
	group.Wait()
	if *s.posts != 1 {
		t.Errorf("it was sent %d times", *s.posts)
	}
}

func TestTheHistoryIsSearchedAndExported(t *testing.T) {
	s := newSite(t, nil)
	s.send(s.make(func(d *request.Draft) { d.LicenseKey = "GPYC-X5J2-L5SK-C3L1" }).Encode())
	s.send(s.make(func(d *request.Draft) { d.LicenseKey = "GPYC-X5J2-L5SK-C3L2" }).Encode())
	olga := s.in("olga")
	found := s.get(olga, "/desk/history?q=C3L2&stage=released")
	if !strings.Contains(found.text, "C3L2") || strings.Contains(found.text, "C3L1") {
		t.Errorf("%s", found.text)
	}
	if none := s.get(olga, "/desk/history?stage=refused"); strings.Contains(none.text, "C3L2") {
		t.Errorf("%s", none.text)
	}
	path := regexp.MustCompile(`/desk/history/[0-9a-f]{32}`).FindString(found.text)
	if record := s.get(olga, path); !strings.Contains(record.text, "C3L2") || strings.Contains(record.text, "/again") {
		t.Errorf("%s", record.text)
	}
	head, err := http.NewRequestWithContext(t.Context(), http.MethodHead, s.url+"/desk/history.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer := s.do(olga, head); answer.StatusCode != http.StatusOK || strings.Contains(s.get(olga, "/desk/actions").text, "exported the history") {
		t.Errorf("%s: asking for its head alone is noted as an export", answer.Status)
	}
	if csv := s.get(olga, "/desk/history.csv"); !strings.Contains(csv.text, "C3L1") || !strings.Contains(csv.text, "C3L2") || !strings.HasPrefix(csv.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%s", csv.text)
	}
}

func TestASearchOfTheHistoryIsBoundedAndGoesOn(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerAddress = 1000 })
	for n := range 6 {
		s.send(s.make(func(d *request.Draft) { d.LicenseKey = fmt.Sprintf("GPYC-X5J2-L5SK-C3L%d", n) }).Encode())
	}
	s.web.SetSearchTime(0) // each page looks at one record
	anna := s.in("anna")
	pages := 0
	for path := "/desk/history?q=C3L0&lang=de&stage=released"; ; pages++ {
		page := s.get(anna, path)
		if strings.Contains(page.text, ">GPYC-X5J2-L5SK-C3L0<") {
			break
		}
		next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(page.text)
		if next == nil || !strings.Contains(page.text, "zurück gesucht") || strings.Contains(page.text, "nichts gefunden") || pages > 6 {
			t.Fatalf("page %d: %s", pages, page.text)
		}
		path = html.UnescapeString(next[1])
	}
	if pages != 5 {
		t.Errorf("found after %d pages", pages)
	}
	s.web.SetSearchTime(time.Minute)
	if none := s.get(anna, "/desk/history?q=nowhere"); !strings.Contains(none.text, "Nothing was found") || strings.Contains(none.text, `rel="next"`) {
		t.Errorf("%s", none.text)
	}
	if all := s.get(anna, "/desk/history?after=0123"); strings.Count(all.text, "<code>")+strings.Count(all.text, ">GPYC-") != 6 {
		t.Errorf("after a record that there is not: %s", all.text)
	}
}

func TestPeopleAndProfilesAreManagedAtTheDesk(t *testing.T) {
	s := newSite(t, nil)
	root := s.in("root")
	s.post(root, "/desk/people", url.Values{"name": {"Eve@Example.com"}, "role": {"agent"}, "password": {"another long password"}})
	if p, err := s.store.Person(t.Context(), "eve@example.com"); err != nil || !password.Check(p.Password, "another long password") {
		t.Errorf("%+v %v", p, err)
	}
	s.post(root, "/desk/people", url.Values{"name": {"eve@example.com"}, "role": {"auditor"}})
	if p, err := s.store.Person(t.Context(), "eve@example.com"); err != nil || p.Role != desk.Auditor || !password.Check(p.Password, "another long password") {
		t.Errorf("%+v %v", p, err)
	}
	if answer := s.post(root, "/desk/people", url.Values{"name": {"root"}, "role": {"agent"}}); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("the last administrator became an agent: %s", answer.Status)
	}
	add := func(text string) reply {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("profile", "p.toml")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(text))
		_ = form.Close()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/desk/profiles", &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		return s.do(root, r)
	}
	if answer := add("name = 'Beta'\nproduct.code = 'beta'\nauthorization.api_key = '00000000-1111-2222-3333-555555555555'\n"); !strings.Contains(answer.text, "Beta") || !strings.Contains(answer.text, "secret is missing") {
		t.Errorf("%s", answer.text)
	}
	for _, bad := range []string{"name = 'Acme CAD'\nproduct.code = 'x'\nauthorization.api_key = '00000000-1111-2222-3333-555555555555'\n", "name = 'x'\nshared_key = 'stolen'", "nonsense",
		"name = 'Evil'\nproduct.code = 'x'\nauthorization.api_key = '00000000-1111-2222-3333-555555555555'\nserver.endpoint = 'http://evil.example'"} {
		if answer := add(bad); answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%q: %s", bad, answer.Status)
		}
	}
	if answer := s.post(root, "/desk/profiles/test", url.Values{"name": {"Acme CAD"}}); !strings.Contains(answer.text, `class="checks"`) {
		t.Errorf("%s", answer.text)
	}
	s.post(root, "/desk/profiles/remove", url.Values{"name": {"Beta"}})
	if answer := s.get(root, "/desk/profiles"); strings.Contains(answer.text, "Beta") {
		t.Errorf("%s", answer.text)
	}
}

func TestTheServerSaysWhetherItIsReady(t *testing.T) {
	s := newSite(t, nil)
	if answer := s.get(http.DefaultClient, "/readyz"); answer.StatusCode != http.StatusNoContent {
		t.Errorf("%s", answer.Status)
	}
	if err := os.RemoveAll(filepath.Join(s.home, "desk")); err != nil {
		t.Fatal(err)
	}
	if answer := s.get(http.DefaultClient, "/readyz"); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%s", answer.Status)
	}
	if answer := s.get(http.DefaultClient, "/healthz"); answer.StatusCode != http.StatusNoContent {
		t.Errorf("%s", answer.Status)
	}
}
