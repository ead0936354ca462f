package web_test

import (
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/desk"
	"handback/app/desk/password"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/web"
)

func TestANewPasswordLeavesTheRoleAsItWas(t *testing.T) {
	s := newSite(t, nil)
	root := s.in("root")
	if page := s.get(root, "/desk/people"); !strings.Contains(page.text, `<option value="">`) {
		t.Errorf("%s", page.text)
	}
	s.post(root, "/desk/people", url.Values{"name": {"Olga"}, "role": {""}, "password": {"another long password"}})
	if p, err := s.store.Person(t.Context(), "olga"); err != nil || p.Role != desk.Auditor || !password.Check(p.Password, "another long password") {
		t.Errorf("%+v %v", p, err)
	}
	s.post(root, "/desk/people", url.Values{"name": {"nobody"}, "role": {""}, "password": {"another long password"}})
	if _, err := s.store.Person(t.Context(), "nobody"); !errors.Is(err, desk.ErrNone) {
		t.Errorf("somebody new without a role: %v", err)
	}
}

func TestWhatWasTypedAboutAPersonIsThereAgainWithTheError(t *testing.T) {
	s := newSite(t, nil)
	page := s.post(s.in("root"), "/desk/people", url.Values{"name": {"eve"}, "role": {"auditor"}, "password": {"short"}})
	for _, want := range []string{"too short", `value="eve"`, `<option value="auditor" selected>`, `href="/desk/people?lang=de"`} {
		if page.StatusCode != http.StatusBadRequest || !strings.Contains(page.text, want) {
			t.Errorf("%s without %q: %s", page.Status, want, page.text)
		}
	}
	if strings.Contains(page.text, "short\"") {
		t.Error("the password is on the page")
	}
}

func TestRemovingIsAskedAboutAndSaysWhatWaits(t *testing.T) {
	s := newSite(t, nil)
	root := s.in("root")
	for _, path := range []string{"/desk/people", "/desk/profiles"} {
		if page := s.get(root, path); strings.Contains(page.text, `method="post" action="`+path+`/remove`) {
			t.Errorf("%s removes without asking: %s", path, page.text)
		}
	}
	ask := s.get(root, "/desk/people/remove?name=anna")
	if _, err := s.store.Person(t.Context(), "anna"); err != nil || !strings.Contains(ask.text, "Remove anna") || !strings.Contains(ask.text, `action="/desk/people/remove"`) {
		t.Errorf("%v %s", err, ask.text)
	}
	if none := s.get(root, "/desk/people/remove?name=nobody"); none.StatusCode != http.StatusNotFound {
		t.Errorf("%s", none.Status)
	}
	if none := s.get(root, "/desk/profiles/remove?name=Acme+CAD"); none.StatusCode != http.StatusNotFound {
		t.Errorf("a profile of the home folder: %s", none.Status)
	}
	text := "name = 'Beta'\nproduct.code = 'beta'\nauthorization.api_key = '00000000-1111-2222-3333-555555555555'\n"
	if err := s.desk.AddProfile(t.Context(), []byte(text), "root"); err != nil {
		t.Fatal(err)
	}
	if ask := s.get(root, "/desk/profiles/remove?name=Beta"); !strings.Contains(ask.text, "Remove Beta") || strings.Contains(ask.text, "are waiting for a decision") {
		t.Errorf("%s", ask.text)
	}
	if ask := s.get(s.in("anna"), "/desk/profiles/remove?name=Beta"); ask.StatusCode != http.StatusForbidden {
		t.Errorf("an agent: %s", ask.Status)
	}
}

func TestATestOfAProfileIsInSentencesAndNoted(t *testing.T) {
	s := newSite(t, nil)
	text := "name = 'Beta'\nproduct.code = 'beta'\nauthorization.api_key = '00000000-1111-2222-3333-555555555555'\nserver.endpoint = 'http://127.0.0.1:1'\n"
	if err := s.desk.AddProfile(t.Context(), []byte(text), "root"); err != nil {
		t.Fatal(err)
	}
	root := s.in("root")
	page := s.post(root, "/desk/profiles/test", url.Values{"name": {"Beta"}})
	checks := regexp.MustCompile(`(?s)<ul class="checks">.*?</ul>`).FindString(page.text)
	if checks == "" || regexp.MustCompile(`[a-z] (Check|Nothing)`).MatchString(checks) {
		t.Errorf("%s", page.text)
	}
	if actions := s.get(root, "/desk/actions"); !strings.Contains(actions.text, "tested a profile") || !strings.Contains(actions.text, "<td>Beta</td>") {
		t.Errorf("%s", actions.text)
	}
}

func TestTheTitleOfAnErrorDoesNotBlameTheLicenseAPI(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerAddress = 1 })
	r := s.make(nil).Encode()
	s.post(http.DefaultClient, "/requests", url.Values{"request": {r}})
	if page := s.post(http.DefaultClient, "/requests", url.Values{"request": {r}}); page.StatusCode != http.StatusTooManyRequests || strings.Contains(page.text, "License API") {
		t.Errorf("%s %s", page.Status, page.text)
	}
	full := newSite(t, nil)
	full.desk.MaxWaiting = 0
	if page := full.post(http.DefaultClient, "/requests", url.Values{"request": {full.unsigned(apptest.LicenseKey).Encode()}}); page.StatusCode != http.StatusServiceUnavailable || strings.Contains(page.text, "License API") {
		t.Errorf("%s %s", page.Status, page.text)
	}
}

func TestATypingErrorIsCorrectedWhereItWasMade(t *testing.T) {
	s := newSite(t, nil)
	typed := "HB1:ABCD-EFGH <b>\r\nnonsense"
	page := s.post(http.DefaultClient, "/look", url.Values{"request": {typed}})
	if !strings.Contains(page.text, "HB1:ABCD-EFGH &lt;b&gt;\nnonsense</textarea>") {
		t.Errorf("%s", page.text)
	}
	german := s.post(http.DefaultClient, "/look?lang=de", url.Values{"request": {typed}})
	if !strings.Contains(german.text, "nonsense</textarea>") || !strings.Contains(german.text, "Korrigieren") {
		t.Errorf("%s", german.text)
	}
}

func TestAnotherLanguageKeepsWhatWasReadAndSearchedFor(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(nil)
	carried := `<input type="hidden" name="request" value="` + strings.ReplaceAll(r.Encode(), "+", "&#43;") + `">`
	for _, path := range []string{"/look", "/requests"} {
		page := s.post(http.DefaultClient, path, url.Values{"request": {r.Encode()}})
		_, foot, _ := strings.Cut(page.text, "<footer>")
		if !strings.Contains(foot, carried) || !strings.Contains(foot, `formaction="/look?lang=de"`) {
			t.Errorf("%s: %s", path, foot)
		}
	}
	history := s.get(s.in("anna"), "/desk/history?q=C3L2&stage=released&secret=1")
	if !strings.Contains(history.text, `href="/desk/history?lang=de&amp;q=C3L2&amp;stage=released"`) {
		t.Errorf("%s", history.text)
	}
}

func TestTheAuditIsReadBackToItsBeginningWithoutFailedLoginsToo(t *testing.T) {
	s := newSite(t, nil)
	note := func(by string, what desk.Deed) {
		if err := s.desk.Note(t.Context(), by, what, "about-"+by); err != nil {
			t.Fatal(err)
		}
	}
	note("first", desk.Confirmed)
	for range 250 { // by strangers, under a known name
		note("anna", desk.LoginFailed)
	}
	olga := s.in("olga")
	newest := s.get(olga, "/desk/actions?lang=de")
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(newest.text)
	if next == nil || strings.Contains(newest.text, "about-first") {
		t.Fatalf("%s", newest.text)
	}
	if older := s.get(olga, html.UnescapeString(next[1])); !strings.Contains(older.text, "about-first") || strings.Contains(older.text, `rel="next"`) || !strings.Contains(older.text, "Wer was getan hat") {
		t.Errorf("%s: %s", next[1], older.text)
	}
	if deeds := s.get(olga, "/desk/actions?logins=no"); !strings.Contains(deeds.text, "about-first") || strings.Contains(deeds.text, "login failed") {
		t.Errorf("%s", deeds.text)
	}
	for _, nonsense := range []string{"-1", "x", "99999999999999999999", "0"} {
		if page := s.get(olga, "/desk/actions?before="+nonsense); page.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", nonsense, page.Status)
		}
	}
}

func TestWhatWasReleasedIsNotSentAgainWhateverIsAskedFor(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(nil)
	s.send(r.Encode())
	anna := s.in("anna")
	if page := s.post(anna, "/desk/history/"+journal.ID(r)+"/again", nil); page.StatusCode != http.StatusConflict || *s.posts != 1 {
		t.Errorf("%s, sent %d times: %s", page.Status, *s.posts, page.text)
	}
	if actions := s.get(s.in("olga"), "/desk/actions"); strings.Contains(actions.text, "sent a request again") {
		t.Error("the audit says that it was")
	}
}

// practiced makes a request for practice, signed or not.
func practiced(t *testing.T, signed bool) *request.Request {
	t.Helper()
	p := profile.Practice()
	d := request.Draft{Schema: 1, Product: p.Product.Code, APIKey: p.Authorization.APIKey, LicenseKey: apptest.LicenseKey, HardwareID: apptest.HardwareID}
	d.RequestID = d.NewID()
	var r *request.Request
	var err error
	if signed {
		r, err = request.Make(d, time.Now, profile.PracticeSecret())
	} else {
		r, err = request.Unsigned(d, time.Now)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPracticeIsRefusedWhereLicensesAreReleased(t *testing.T) {
	s := newSite(t, nil)
	for _, signed := range []bool{true, false} {
		page := s.post(http.DefaultClient, "/requests", url.Values{"request": {practiced(t, signed).Encode()}})
		if !strings.Contains(page.text, "made for practice") || strings.Contains(page.text, "waiting for the desk") {
			t.Errorf("%s", page.text)
		}
	}
	root := s.in("root")
	if page := s.get(root, "/desk/history"); !strings.Contains(page.text, "Nothing was found") {
		t.Errorf("%s", page.text)
	}
	if page := s.get(root, "/desk"); !strings.Contains(page.text, "Nothing is waiting") {
		t.Errorf("%s", page.text)
	}
	s.desk.TakePractice = true
	if err := s.desk.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, got := s.send(practiced(t, true).Encode()); got.Outcome != "released" {
		t.Errorf("%+v", got)
	}
	if page := s.get(root, "/desk/history"); !strings.Contains(page.text, `<tr class="practice">`) || !strings.Contains(page.text, ">Practice</span>") {
		t.Errorf("%s", page.text)
	}
}
