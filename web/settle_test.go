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
				s.scenario()
				reopened := s.post(anna, path+"/reopen", nil)
				if scenario == "drop" {
					if reopened.StatusCode == http.StatusOK {
						t.Error("what may have released its license was opened again")
					}
					return
				}
				if !strings.Contains(reopened.text, "Confirm and send") || !strings.Contains(s.get(http.DefaultClient, address).text, "waiting for the desk") {
					t.Errorf("opened again: %s", reopened.text)
				}
				if end := s.post(anna, path+"/confirm", nil); !strings.Contains(end.text, `class="outcome released"`) {
					t.Errorf("sent again: %s", end.text)
				}
				return
			}
			if list := s.get(anna, "/desk").text; !strings.Contains(list, "It was confirmed, but it could not be sent: the server is too busy") {
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

func TestWhatWasFiledIsFoundAndRefusedTogether(t *testing.T) {
	s := newSite(t, nil)
	var codes []string
	for _, key := range []string{"GPYC-X5J2-L5SK-C3LA", "GPYC-X5J2-L5SK-C3LB", "ZZZZ-X5J2-L5SK-C3LC"} {
		r := s.unsigned(key)
		s.send(r.Encode())
		codes = append(codes, r.CheckCode())
	}
	anna := s.in("anna")
	ids := func(page string) (found []string) {
		for _, m := range regexp.MustCompile(`/desk/waiting/([0-9a-f]{32})`).FindAllStringSubmatch(page, -1) {
			found = append(found, m[1])
		}
		return found
	}
	found := s.get(anna, "/desk?q=gpycx5j2")
	if len(ids(found.text)) != 2 {
		t.Fatalf("found: %s", found.text)
	}
	if without := s.post(anna, "/desk/waiting/refuse", url.Values{"reason": {"a flood"}}); without.StatusCode != http.StatusBadRequest {
		t.Errorf("none marked: %s", without.Status)
	}
	s.post(anna, "/desk/waiting/refuse", url.Values{"reason": {"a flood"}, "id": ids(found.text)})
	if left := ids(s.get(anna, "/desk").text); len(left) != 1 {
		t.Errorf("%d wait", len(left))
	}
	refused := s.get(anna, "/desk?q="+url.QueryEscape(strings.ToLower(codes[0])))
	if got := ids(refused.text); len(got) != 1 || !strings.Contains(refused.text, "The desk refused the request") {
		t.Fatalf("a refused one is not found: %s", refused.text)
	}
	page := s.get(anna, "/desk/waiting/"+ids(refused.text)[0])
	if strings.Contains(page.text, "/desk/history/") || !strings.Contains(page.text, "Take the decision back") {
		t.Errorf("its page: %s", page.text)
	}
	s.post(anna, "/desk/waiting/"+ids(refused.text)[0]+"/reopen", nil)
	if left := ids(s.get(anna, "/desk").text); len(left) != 2 {
		t.Errorf("%d wait after one was opened again", len(left))
	}
	for _, path := range []string{"/desk/waiting/refuse", "/desk/waiting/" + ids(refused.text)[0] + "/reopen"} {
		if got := s.post(s.in("olga"), path, url.Values{"reason": {"no"}, "id": {"x"}}); got.StatusCode != http.StatusForbidden {
			t.Errorf("an auditor at %s: %s", path, got.Status)
		}
	}
}

func TestTheDeskIsToldWhichSecretIsMissing(t *testing.T) {
	s := newSite(t, nil)
	s.noSecret()
	s.send(s.unsigned("GPYC-X5J2-L5SK-C3LA").Encode())
	anna := s.in("anna")
	list := s.get(anna, "/desk")
	path := regexp.MustCompile(`/desk/waiting/[0-9a-f]{32}`).FindString(list.text)
	for name, page := range map[string]string{"the list": list.text, "its page": s.get(anna, path).text} {
		if !strings.Contains(page, "shared key") || strings.Contains(page, "nobody has said") {
			t.Errorf("%s: %s", name, page)
		}
	}
}

// The button is not shown then, but a form can be sent without it.
func TestARequestWhoseOutcomeIsCertainIsNotSentAgain(t *testing.T) {
	for scenario, again := range map[string]bool{"": false, "license_not_found": false, "drop": true} {
		s := newSite(t, nil)
		if scenario != "" {
			s.scenario(scenario)
		}
		s.send(s.make(nil).Encode())
		anna := s.in("anna")
		path := regexp.MustCompile(`/desk/history/[0-9a-f]{32}`).FindString(s.get(anna, "/desk/history").text)
		s.mu.Lock()
		before := *s.posts
		s.mu.Unlock()
		answer := s.post(anna, path+"/again", nil)
		s.mu.Lock()
		sent := *s.posts > before
		s.mu.Unlock()
		if sent != again || !again && (answer.StatusCode != http.StatusConflict || !strings.Contains(answer.text, "certain")) {
			t.Errorf("%q: sent %v, %s %s", scenario, sent, answer.Status, answer.text)
		}
	}
}
