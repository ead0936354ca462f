package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestARequestIsTakenUnderTheNameThatCurlGivesIt(t *testing.T) {
	s := newSite(t, nil)
	r := s.make(nil)
	for name, body := range map[string]string{"the request itself": r.Encode(), "a form": url.Values{"request": {r.Encode()}}.Encode()} {
		call, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/requests?dry_run=true", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		call.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if answer := s.do(http.DefaultClient, call); answer.StatusCode != http.StatusOK || !strings.Contains(answer.text, r.CheckCode()) {
			t.Errorf("%s: %s %s", name, answer.Status, answer.text)
		}
	}
}
