package app

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/licensespring"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
)

// alien is a request that must not be sent with a profile.
type alien struct {
	name    string
	profile profile.Profile
	text    string
	want    string // the key of the error
}

func foreign(t *testing.T) []alien {
	t.Helper()
	acmes := newBench(t, acme()).create(t, Create{}).Request
	vendor, product, practice := acme(), acme(), profile.Practice()
	vendor.Authorization.APIKey = "99999999-1111-2222-3333-444444444444"
	product.Product.Code = "acmecam"
	oauth := oauthProfile("client_id")
	unsigned, _, _ := strings.Cut(string(acmes.JSON()), `,"signature"`)
	return []alien{
		{"another vendor's API key", vendor, acmes.Encode(), "app.another_vendor"},
		{"another OAuth client", oauth, changed(t, newBench(t, oauth).create(t, Create{}).Request, clientID, "other-client"), "app.another_vendor"},
		{"another product", product, acmes.Encode(), "app.another_product"},
		{"a product of other case", acme(), newBench(t, acme()).create(t, Create{Product: "AcmeCAD"}).Encode(), "app.another_product"},
		{"changed on the way", acme(), changed(t, acmes, licenseKey, "GPYC-X5J2-L5SK-C3LX"), "app.signature_invalid"},
		{"not signed", acme(), base64.StdEncoding.EncodeToString([]byte(unsigned + "}")), "app.signature_absent"},
		{"a real one in practice", practice, acmes.Encode(), "app.real_in_practice"},
	}
}

func oauthProfile(signs string) profile.Profile {
	p := acme()
	p.Authorization = profile.Authorization{Method: profile.OAuth, ClientID: clientID, Signs: signs}
	if signs == "api_key" {
		p.Authorization.APIKey = apiKey
	}
	return p
}

// F29 F30
func TestARequestOfAnotherVendorProductOrKeyIsNeverSent(t *testing.T) {
	w := words.English()
	for _, row := range foreign(t) {
		b := newBench(t, row.profile)
		s := b.submit(t, row.text, Submit{})
		if s.Outcome != request.NotSent || apptest.Key(s.Err) != row.want || len(b.wire.Sent()) != 0 {
			t.Errorf("%s: %s, %v, %d requests sent", row.name, s.Outcome, s.Err, len(b.wire.Sent()))
		}
		if fault.KindOf(s.Err).ExitStatus() != 3 {
			t.Errorf("%s: exit status %d", row.name, fault.KindOf(s.Err).ExitStatus())
		}
		message, advice := s.Explain(w)
		if message == "" || !strings.Contains(advice, "not sent") || strings.Contains(message+advice, "<no value>") {
			t.Errorf("%s: %q, %q", row.name, message, advice)
		}
	}
}

// The window inspects before it knows the key. What the inspection could not check is
// checked before anything is sent.
func TestTheSignatureIsCheckedAgainBeforeSending(t *testing.T) {
	b := newBench(t, acme())
	text := b.create(t, Create{}).Encode()
	b.App.Secret = func() (secret.Secret, error) { return secret.Secret{}, nil }
	one := b.inspect(t, text)
	if s := b.Submit(context.Background(), one, Submit{}); apptest.Key(s.Err) != secret.ErrNone.Key || len(b.wire.Sent()) != 0 {
		t.Errorf("without a key: %+v", s)
	}
	b.App.Secret = func() (secret.Secret, error) { return secret.New([]byte("another key")), nil }
	if s := b.Submit(context.Background(), one, Submit{}); apptest.Key(s.Err) != "app.signature_invalid" || len(b.wire.Sent()) != 0 {
		t.Errorf("with another key: %+v", s)
	}
	b.App.Secret = func() (secret.Secret, error) { return secret.New([]byte(sharedKey)), nil }
	if s := b.Submit(context.Background(), one, Submit{}); s.Outcome != request.Released {
		t.Errorf("with the right one: %+v", s)
	}
}

func TestAKeyIsDoubtedOnlyWhereItMayBeTheCause(t *testing.T) {
	for name, row := range map[string]struct {
		s    Submission
		want bool
	}{
		"wrong here":        {Submission{Err: errSignature}, true},
		"wrong there":       {Submission{Answer: licensespring.Answer{Code: "signature_mismatch"}}, true},
		"headers not taken": {Submission{Answer: licensespring.Answer{Code: "authorization_invalid_headers"}}, true},
		"another product":   {Submission{Err: fault.New(fault.Input, "app.another_product")}, false},
		"no such device":    {Submission{Answer: licensespring.Answer{Code: "device_not_found"}}, false},
		"released":          {Submission{Answer: licensespring.Answer{Outcome: request.Released}}, false},
	} {
		if got := row.s.KeyDoubtful(); got != row.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestARequestIsSentOnceAndReleasesItsDevice(t *testing.T) {
	b := newBench(t, acme())
	made := b.create(t, Create{})
	s := b.submit(t, made.Encode(), Submit{})
	if s.Outcome != request.Released || s.Err != nil || s.Practice || len(b.wire.Sent()) != 1 {
		t.Fatalf("%+v, %d requests", s, len(b.wire.Sent()))
	}
	sent := b.wire.Sent()[0]
	if sent.URL.String() != "https://api.acme.example/api/v4/deactivate_offline" || sent.Header.Get("User-Agent") != "Handback/"+Version {
		t.Errorf("%s %s", sent.URL, sent.Header)
	}
	want := sandbox.Device{Product: "acmecad", Owner: licenseKey, HardwareID: hardwareID}
	if got := b.box.Released(); len(got) != 1 || got[0] != want {
		t.Errorf("released %+v", got)
	}
	if again := b.submit(t, made.Encode(), Submit{Again: true}); again.Outcome != request.Refused || again.Code != "device_not_found" {
		t.Errorf("the second time: %+v", again)
	}
}

func TestADryRunChecksAndSendsNothing(t *testing.T) {
	b := newBench(t, acme())
	text := b.create(t, Create{}).Encode()
	s := b.submit(t, text, Submit{DryRun: true})
	if s.Outcome != request.NotSent || s.Err != nil || len(b.wire.Sent()) != 0 {
		t.Errorf("%+v, %d requests", s, len(b.wire.Sent()))
	}
	w := words.English()
	if message, _ := s.Explain(w); message != w.Text("app.dry_run") {
		t.Errorf("%s", message)
	}
	b.Profile.Product.Code = "other"
	if s := b.submit(t, text, Submit{DryRun: true}); apptest.Key(s.Err) != "app.another_product" {
		t.Errorf("%v", s.Err)
	}
	b.Profile.Product.Code = "acmecad"
	if s := b.submit(t, text, Submit{DryRun: true, Endpoint: "http://acme.example"}); apptest.Key(s.Err) != "profile.endpoint" {
		t.Errorf("%v", s.Err)
	}
}

func TestAfterALostAnswerDeviceNotFoundMeansProbablyReleased(t *testing.T) {
	b := newBench(t, acme())
	text := b.create(t, Create{}).Encode()
	other := b.create(t, Create{Username: "me"}).Encode()
	b.wire.Lose = true
	first := b.submit(t, text, Submit{})
	if first.Outcome != request.Unknown || len(b.wire.Sent()) != 1 {
		t.Fatalf("a lost answer is unknown and sent once, not %s, sent %d times", first.Outcome, len(b.wire.Sent()))
	}
	b.wire.Lose = false
	if again := b.submit(t, text, Submit{}); again.Outcome != request.Unknown || again.Kind() != fault.Unknown || len(b.wire.Sent()) != 1 {
		t.Errorf("it was sent again by itself: %+v", again)
	}
	if second := b.submit(t, text, Submit{Again: true}); second.Outcome != request.ProbablyReleased || second.Code != "device_not_found" {
		t.Errorf("%+v", second)
	}
	if third := b.submit(t, text, Submit{Again: true}); third.Outcome != request.ProbablyReleased {
		t.Errorf("the lost answer was forgotten: %+v", third)
	}
	if fine := b.submit(t, other, Submit{}); fine.Outcome != request.Released {
		t.Errorf("%+v", fine)
	}
	if fine := b.submit(t, other, Submit{Again: true}); fine.Outcome != request.Refused {
		t.Errorf("no answer on this request was lost: %+v", fine)
	}
}

func TestACancelledSubmissionSendsNothing(t *testing.T) {
	b := newBench(t, acme())
	one := b.inspect(t, b.create(t, Create{}).Encode())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if s := b.Submit(ctx, one, Submit{}); s.Outcome != request.Cancelled || s.Kind().ExitStatus() != 7 || len(b.box.Released()) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestWhatCouldNotBeReadIsNotSent(t *testing.T) {
	b := newBench(t, acme())
	one := b.Inspect(context.Background(), []Input{{Name: "page", Data: []byte("<html>")}})[0]
	if s := b.Submit(context.Background(), one, Submit{}); apptest.Key(s.Err) != "carry.html" || len(b.wire.Sent()) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestARefusalIsExplained(t *testing.T) {
	w := words.English()
	b := newBench(t, acme(), "revoked_api_key")
	s := b.submit(t, b.create(t, Create{}).Encode(), Submit{})
	if s.Outcome != request.Refused || s.Code != "revoked_api_key" || s.Headline(w) != w.Text("outcome.refused") {
		t.Fatalf("%+v", s)
	}
	if message, advice := s.Explain(w); message != w.Text("code.revoked_api_key") || advice != w.Text("code.revoked_api_key.advice") {
		t.Errorf("%q, %q", message, advice)
	}
}

func TestTheWayOfSendingIsAsAsked(t *testing.T) {
	b := newBench(t, acme())
	if s := b.submit(t, b.create(t, Create{}).Encode(), Submit{Multipart: true, Endpoint: "https://other.acme.example"}); s.Outcome != request.Released {
		t.Fatalf("%+v", s)
	}
	sent := b.wire.Sent()[0]
	if sent.URL.Host != "other.acme.example" || !strings.HasPrefix(sent.Header.Get("Content-Type"), "multipart/form-data") {
		t.Errorf("%s %s", sent.URL, sent.Header)
	}
	b.Profile.Product.Bundle = true
	b.submit(t, b.create(t, Create{}).Encode(), Submit{})
	if path := b.wire.Sent()[1].URL.Path; path != "/api/v4/deactivate_bundle_offline" {
		t.Errorf("a bundle went to %s", path)
	}
}

func TestAnUnsafeEndpointIsRefusedBeforeAnythingIsSent(t *testing.T) {
	b := newBench(t, acme())
	text := b.create(t, Create{}).Encode()
	for _, endpoint := range []string{"http://api.acme.example", "ftp://127.0.0.1", "https://me:pw@api.acme.example", "api.acme.example"} {
		if s := b.submit(t, text, Submit{Endpoint: endpoint}); apptest.Key(s.Err) != "profile.endpoint" || len(b.wire.Sent()) != 0 {
			t.Errorf("%s: %v", endpoint, s.Err)
		}
	}
}

func TestUnderOAuthARequestNamesWhatTheProfileSaysAndATokenGoesAlong(t *testing.T) {
	for _, row := range []struct {
		signs, name, value string
		scenarios          []string
	}{
		{"client_id", "client_id", clientID, nil},
		{"api_key", "api_key", apiKey, []string{"oauth_signs_api_key"}},
	} {
		b := newBench(t, oauthProfile(row.signs), row.scenarios...)
		made := b.create(t, Create{})
		if member(made.Request, row.name) != row.value || made.Client() != row.value || len(made.Members) != 7 {
			t.Errorf("%s: %s", row.signs, made.JSON())
		}
		s := b.submit(t, made.Encode(), Submit{})
		if s.Outcome != request.Released || len(b.wire.Sent()) != 2 {
			t.Fatalf("%s: %+v, %d requests", row.signs, s, len(b.wire.Sent()))
		}
		if got := b.wire.Sent()[1].Header.Get("Authorization"); !strings.HasPrefix(got, "Bearer ") {
			t.Errorf("%s: %s", row.signs, got)
		}
	}
}

// A proxy that answers 407 has passed nothing on. The request may be sent again, and the
// answer is not lost.
func TestWhatWasNotSentIsNoLostAnswer(t *testing.T) {
	b := newBench(t, acme())
	text := b.create(t, Create{}).Encode()
	through := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		return &http.Response{StatusCode: http.StatusProxyAuthRequired, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})
	if s := b.submit(t, text, Submit{}); s.Outcome != request.NotSent || fault.KindOf(s.Answer.Err).ExitStatus() != 7 {
		t.Fatalf("%+v", s)
	}
	b.wire.Inner = through
	b.submit(t, text, Submit{})
	if s := b.submit(t, text, Submit{Again: true}); s.Outcome != request.Refused {
		t.Errorf("%+v", s)
	}
}

func TestEveryOutcomeHasAHeadlineAndOnlyReleasedSaysFree(t *testing.T) {
	w := words.English()
	for _, o := range []request.State{request.Released, request.ProbablyReleased, request.Refused, request.Unknown, request.NotSent} {
		for _, practice := range []bool{false, true} {
			s := Submission{Practice: practice, Answer: licensespring.Answer{Outcome: o}}
			text := s.Headline(w)
			if text == "" || strings.HasPrefix(text, "outcome.") {
				t.Errorf("%s: %q", o, text)
			}
			says := strings.Contains(text, "the license is free")
			if want := o == request.Released && !practice; says != want {
				t.Errorf("%s, practice %v: %q", o, practice, text)
			}
		}
	}
}

func TestARequestOfTheOtherSchemaIsSubmittedToo(t *testing.T) {
	b := newBench(t, acme())
	if s := b.submit(t, b.create(t, Create{Schema: request.Schema2}).Encode(), Submit{}); s.Outcome != request.Released {
		t.Errorf("%+v", s)
	}
}

func TestATokenIsUsedAgainUntilTheSecretChanges(t *testing.T) {
	b := newBench(t, oauthProfile("client_id"))
	tokens := func() (n int) {
		for _, sent := range b.wire.Sent() {
			if sent.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
				n++
			}
		}
		return n
	}
	for i, id := range []string{"device-1", "device-2"} {
		if s := b.submit(t, b.create(t, Create{HardwareID: id}).Encode(), Submit{}); s.Outcome != request.Released || tokens() != 1 {
			t.Errorf("%d: %s, %d tokens", i, s.Outcome, tokens())
		}
	}
	made := b.create(t, Create{HardwareID: "device-3"}).Encode()
	one := b.inspect(t, made)
	other := secret.New([]byte("another secret"))
	if b.client(other, Submit{}) == b.client(secret.New([]byte(sharedKey)), Submit{}) {
		t.Error("another secret uses the same token")
	}
	b.Submit(context.Background(), one, Submit{})
	if tokens() != 2 {
		t.Errorf("%d tokens", tokens())
	}
}

// F47 F48: the profile's proxy and its certificate authority are used.
func TestTheProfilesProxyAndAuthorityAreUsed(t *testing.T) {
	b := newBench(t, acme())
	server := httptest.NewTLSServer(b.box)
	defer server.Close()
	asked := ""
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.Host
		there, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		w.WriteHeader(http.StatusOK)
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
		_, _ = io.Copy(here, there)
		_ = here.Close()
	}))
	defer proxy.Close()
	b.Transport = nil
	b.Profile.Server.Proxy = proxy.URL
	b.Profile.Server.Endpoint = "https://example.com" // a name in the certificate of httptest
	text := b.create(t, Create{}).Encode()
	if s := b.submit(t, text, Submit{}); s.Outcome == request.Released || fault.KindOf(s.Answer.Err) != fault.Connection {
		t.Fatalf("without the authority: %s, %v", s.Outcome, s.Answer.Err)
	}
	b.Profile.Server.ExtraCA = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	b.cached = &cachedClient{}
	s := b.submit(t, text, Submit{})
	if s.Outcome != request.Released || asked != "CONNECT example.com:443" {
		t.Errorf("%s, %v; the proxy was asked to %s", s.Outcome, s.Answer.Err, asked)
	}
	if s.Issuer == "" || s.Record.Last(request.Released).Issuer != s.Issuer {
		t.Errorf("the issuer is %q", s.Issuer)
	}
}
