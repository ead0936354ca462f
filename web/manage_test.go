package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/desk"
	"handback/app/desk/password"
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
