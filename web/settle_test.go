package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A request that was confirmed is listed until something became of it, and all are told what
// that was, not that it lacks a confirmation.
func TestAConfirmedRequestStaysAtTheDeskUntilItHasAnOutcome(t *testing.T) {
	for scenario, want := range map[string]struct {
		class, desk, visitor string
		settled              bool
	}{
		"license_not_found": {"refused", "license", "Refused", true},
		"drop":              {"unknown", "Unknown", "give the check code to support", true},
		"rate_limit":        {"not_sent", "too busy", "waiting for the desk", false},
	} {
		t.Run(scenario, func(t *testing.T) {
			s := newSite(t, nil)
			s.scenario(scenario)
			address := s.post(http.DefaultClient, "/requests", url.Values{"request": {s.unsigned("GPYC-X5J2-L5SK-C3LA").Encode()}}).Request.URL.Path
			anna := s.in("anna")
			listed := func() string {
				return regexp.MustCompile(`/desk/waiting/[0-9a-f]{32}`).FindString(s.get(anna, "/desk").text)
			}
			path := listed()
			end := s.post(anna, path+"/confirm", nil)
			if !strings.Contains(end.text, `class="outcome `+want.class+`"`) || !strings.Contains(end.text, want.desk) {
				t.Errorf("the desk is told: %s", end.text)
			}
			back := s.get(http.DefaultClient, address)
			if !strings.Contains(back.text, want.visitor) {
				t.Errorf("the visitor is told: %s", back.text)
			}
			for _, page := range []string{end.text, back.text, s.get(anna, path).text} {
				if strings.Contains(page, "nobody has said") || strings.Contains(page, "--") {
					t.Errorf("a page speaks of confirming, or of the command: %s", page)
				}
			}
			if (listed() == "") != want.settled {
				t.Errorf("listed afterwards: %q", listed())
			}
			if want.settled {
				return
			}
			if list := s.get(anna, "/desk").text; !strings.Contains(list, "It was confirmed, but it could not be sent") {
				t.Errorf("the list does not say what is wrong: %s", list)
			}
			s.scenario()
			if end := s.post(anna, path+"/confirm", nil); !strings.Contains(end.text, `class="outcome released"`) || listed() != "" {
				t.Errorf("sent later: %s", end.text)
			}
			if back := s.get(http.DefaultClient, address); !strings.Contains(back.text, `class="outcome released"`) {
				t.Errorf("the visitor is told: %s", back.text)
			}
		})
	}
}
