package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"handback/app/desk"
	"handback/app/request"
	"handback/app/secret"
	"handback/web"
)

// keys notes which keys a Store has counted.
type keys struct {
	desk.Store
	mu    sync.Mutex
	known map[string]bool
}

func (k *keys) Count(ctx context.Context, l desk.Limit, key string, count int, now time.Time) (bool, error) {
	allowed, err := k.Store.Count(ctx, l, key, count, now)
	if allowed {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.known[l.Kind+":"+key] = true
	}
	return allowed, err
}

func TestLogInsThatAreRefusedStoreNothing(t *testing.T) {
	s := newSite(t, nil)
	noted := &keys{Store: s.store, known: map[string]bool{}}
	s.desk.Store = noted
	for range 45 {
		s.count(desk.Limit{Kind: "login_address", Window: 15 * time.Minute, Most: 50}, "127.0.0.1")
	}
	for n := range 100 {
		s.post(http.DefaultClient, "/desk/login", url.Values{"name": {fmt.Sprint("somebody ", n)}, "password": {"wrong"}})
	}
	if len(noted.known) > 1+5*2 {
		t.Errorf("%d keys after 100 tries, of which 5 were let in", len(noted.known))
	}
	if answer, got := s.send(s.make(nil).Encode()); answer.StatusCode != http.StatusOK || got.Outcome != "released" {
		t.Errorf("a visitor is told %s %+v", answer.Status, got)
	}
}

// An office behind one address logs in as often as it likes.
func TestOnlyWrongPasswordsCount(t *testing.T) {
	s := newSite(t, nil)
	for n := range 12 {
		if answer := s.post(&http.Client{}, "/desk/login", url.Values{"name": {"anna"}, "password": {everybodys}}); answer.StatusCode != http.StatusOK {
			t.Fatalf("%d: %s", n, answer.Status)
		}
	}
}

func TestALimitSaysWhenItEnds(t *testing.T) {
	s := newSite(t, func(o *web.Options) {
		o.PerAddress, o.Now = 1, func() time.Time { return time.Date(2026, 11, 27, 12, 50, 30, 0, time.UTC) }
	})
	s.send(s.make(nil).Encode())
	answer := s.post(http.DefaultClient, "/requests", url.Values{"request": {s.make(nil).Encode()}})
	for range 11 {
		s.post(http.DefaultClient, "/desk/login", url.Values{"name": {"anna"}, "password": {"wrong"}})
	}
	login := s.post(http.DefaultClient, "/desk/login", url.Values{"name": {"anna"}, "password": {"wrong"}})
	for name, answer := range map[string]reply{"requests": answer, "log-ins": login} {
		if answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") != "570" || !strings.Contains(answer.text, "in 10 min.") {
			t.Errorf("%s: %s, %q, %s", name, answer.Status, answer.Header.Get("Retry-After"), answer.text)
		}
	}
}

func (s *site) signed(licenses ...string) url.Values {
	values := url.Values{}
	for _, license := range licenses {
		values.Add("request", s.make(func(d *request.Draft) { d.LicenseKey = license }).Encode())
	}
	return values
}

func TestTheRequestsOfAnAddressCountAndNotItsForms(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerAddress = 6 })
	for _, one := range []struct {
		licenses []string
		want     int
	}{
		{[]string{"GPYC-X5J2-L5SK-N001", "GPYC-X5J2-L5SK-N002", "GPYC-X5J2-L5SK-N003", "GPYC-X5J2-L5SK-N004"}, http.StatusOK},
		{[]string{"GPYC-X5J2-L5SK-N005", "GPYC-X5J2-L5SK-N006", "GPYC-X5J2-L5SK-N007"}, http.StatusTooManyRequests},
		{[]string{"GPYC-X5J2-L5SK-N008"}, http.StatusOK}, // the second counted as one
		{[]string{"GPYC-X5J2-L5SK-N009"}, http.StatusTooManyRequests},
	} {
		before := *s.posts
		answer := s.post(http.DefaultClient, "/requests", s.signed(one.licenses...))
		if answer.StatusCode != one.want {
			t.Errorf("%v: %s", one.licenses, answer.Status)
		}
		if sent := *s.posts - before; answer.StatusCode != http.StatusOK && sent != 0 {
			t.Errorf("%v: %d were sent", one.licenses, sent)
		}
	}
}

// Whoever knows a license key can make unsigned requests about it, or some with a signature
// that is not right.
func TestRequestsThatAreNotTheOwnersUseUpNothingOfTheOwners(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerLicense = 3 })
	const license = "GPYC-X5J2-L5SK-C3LK"
	unsigned := func(license string) int { answer, _ := s.send(s.unsigned(license).Encode()); return answer.StatusCode }
	forger := *s
	forger.key = secret.New([]byte("a key that is not the vendor's"))
	for range 5 {
		if answer, got := s.send(forger.make(nil).Encode()); got.Outcome != "not_sent" {
			t.Fatalf("forged: %s %+v", answer.Status, got)
		}
	}
	first := s.unsigned(license).Encode()
	s.send(first)
	for range 2 {
		if status := unsigned(license); status != http.StatusAccepted {
			t.Fatalf("unsigned: %d", status)
		}
	}
	for _, spelled := range []string{license, "gpyc-x5j2-l5sk-c3lk", "GPYCX5J2L5SKC3LK", "gpyc x5j2 l5sk c3lk", "GPYC–X5J2_L5SK.C3LK"} {
		if status := unsigned(spelled); status != http.StatusTooManyRequests {
			t.Errorf("the fourth, as %q: %d", spelled, status)
		}
	}
	if answer, got := s.send(first); !got.Waiting {
		t.Errorf("one that waits, brought again: %s %+v", answer.Status, got)
	}
	owners := s.make(func(d *request.Draft) { d.LicenseKey = license }).Encode()
	for n := range 5 { // the first is sent
		if answer, got := s.send(owners); got.Outcome != "released" {
			t.Errorf("the owner's, %d: %s %+v", n, answer.Status, got)
		}
	}
	if status := unsigned("GPYC-X5J2-L5SK-C3LX"); status != http.StatusAccepted {
		t.Errorf("another license: %d", status)
	}
}

func TestOneAddressDoesNotFillTheDesk(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	s.desk.MaxWaiting, s.desk.MaxWaitingEach = 50, 3
	bring := func(address string, requests ...*request.Request) reply {
		values := url.Values{}
		for _, r := range requests {
			values.Add("request", r.Encode())
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/requests", strings.NewReader(values.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", address)
		return s.do(http.DefaultClient, r)
	}
	var many []*request.Request
	for n := range 10 {
		many = append(many, s.unsigned(fmt.Sprintf("GPYC-X5J2-L5SK-W%03d", n)))
	}
	bring("2001:db8::1", many...)
	if waiting, err := s.store.Waiting(t.Context(), 100); err != nil || len(waiting) != 3 {
		t.Errorf("%d wait: %v", len(waiting), err)
	}
	answer := bring("2001:db8::2", s.unsigned("GPYC-X5J2-L5SK-W100")) // the same network
	if answer.StatusCode != http.StatusTooManyRequests || !strings.Contains(answer.text, "your network") {
		t.Errorf("one more: %s %s", answer.Status, answer.text)
	}
	if answer := bring("2001:db8::2", many[0]); answer.StatusCode != http.StatusOK || !strings.Contains(answer.text, "waiting") {
		t.Errorf("one that waits already: %s %s", answer.Status, answer.text)
	}
	if answer := bring("203.0.113.7", s.unsigned("GPYC-X5J2-L5SK-W101")); answer.StatusCode != http.StatusOK || !strings.Contains(answer.text, "waiting") {
		t.Errorf("somebody else: %s %s", answer.Status, answer.text)
	}
}
