package web_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/licensespring"
	"handback/app/profile"
	"handback/app/request"
)

// deskOnly is advice that a visitor cannot follow.
var deskOnly = regexp.MustCompile(`(?i)shared key|this computer|the profile|this profile|platform|network|proxy|firewall|Authorization header|time zone`)

func TestAVisitorIsNotAdvisedToDoWhatOnlyTheDeskCan(t *testing.T) {
	s := newSite(t, nil)
	message := regexp.MustCompile(`(?s)<article class="outcome refused">.*?</h2>\s*(<p>.*?</p><p>.*?</p>)`)
	for _, code := range licensespring.Codes() {
		if code.Status == http.StatusInternalServerError {
			continue
		}
		s.scenario(code.Name)
		id := "computer-" + code.Name // a request and a license each: nothing is limited
		r := s.make(func(d *request.Draft) { d.HardwareID, d.LicenseKey, d.Username = id, "", code.Name+"@acme.example" })
		page := s.post(http.DefaultClient, "/requests", url.Values{"request": {r.Encode()}})
		found := message.FindStringSubmatch(page.text)
		if found == nil {
			t.Errorf("%s: %s", code.Name, page.text)
			continue
		}
		_, advice, _ := strings.Cut(found[1], "</p>")
		if wrong := deskOnly.FindString(advice); wrong != "" {
			t.Errorf("%s advises of %q: %s", code.Name, wrong, advice)
		}
		if code.Name == "invalid_api_key" {
			path := "/desk/history/" + regexp.MustCompile(`/desk/history/([0-9a-f]{32})`).FindStringSubmatch(s.get(s.in("anna"), "/desk/history?q="+url.QueryEscape(id)).text)[1]
			if record := s.get(s.in("anna"), path); !strings.Contains(record.text, "invalid_api_key") && !strings.Contains(record.text, "API key") {
				t.Errorf("the desk does not see why: %s", record.text)
			}
		}
	}
}

func TestASignatureThatTheDeskMadeIsForTheDeskToMend(t *testing.T) {
	s := newSite(t, nil)
	s.scenario("signature_mismatch")
	waits := s.post(http.DefaultClient, "/requests", url.Values{"request": {s.unsigned("GPYC-X5J2-L5SK-C3LS").Encode()}})
	anna := s.in("anna")
	path := regexp.MustCompile(`/desk/waiting/[0-9a-f]{32}`).FindString(s.get(anna, "/desk").text)
	if page := s.post(anna, path+"/confirm", nil); !strings.Contains(page.text, "shared key here") {
		t.Errorf("the desk is not advised: %s", page.text)
	}
	page := s.get(http.DefaultClient, waits.Request.URL.Path)
	if !strings.Contains(page.text, "only the desk can mend this") || strings.Contains(page.text, "bring it") {
		t.Errorf("%s", page.text)
	}
}

func TestWhereTheDeskSendsIsLoggedAndNotShownToVisitors(t *testing.T) {
	s := newSite(t, nil)
	text := "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apptest.APIKey + "'\nserver.endpoint = 'http://127.0.0.1:1'\n"
	if _, err := profile.Import(filepath.Join(s.home, "profiles"), "acme.toml", []byte(text), true); err != nil {
		t.Fatal(err)
	}
	if err := s.desk.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := s.post(http.DefaultClient, "/requests", url.Values{"request": {s.make(nil).Encode()}})
	if !strings.Contains(page.text, `class="outcome not_sent"`) || strings.Contains(page.text, "127.0.0.1:1") || !strings.Contains(page.text, "come back later") {
		t.Errorf("%s", page.text)
	}
	if !strings.Contains(s.log.text(), "127.0.0.1:1") {
		t.Errorf("the log does not say it: %s", s.log.text())
	}
	answer, _ := s.send(s.make(nil).Encode())
	if strings.Contains(answer.text, "127.0.0.1:1") {
		t.Errorf("%s", answer.text)
	}
}
