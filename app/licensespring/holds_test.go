package licensespring

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

const device = "7b0aa26d48cb5f0e"

// wanted returns the request of a license, or of a user, on the device.
func wanted(t *testing.T, change func(*request.Draft)) *request.Request {
	t.Helper()
	d := request.Draft{Schema: request.Schema1, RequestID: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", LicenseKey: "AAAA-BBBB-CCCC-DDDD",
		HardwareID: device, Product: "acmecad", APIKey: "00000000-1111-2222-3333-444444444444"}
	if change != nil {
		change(&d)
	}
	r, err := request.Make(d, func() time.Time { return clock }, secret.New([]byte(canary)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ofUser(d *request.Draft) { d.LicenseKey, d.Username = "", "Anna@Example.com" }

// told returns what the record says, and fails the test if its words are not whole.
func told(t *testing.T, c *Client, r *request.Request) Holding {
	t.Helper()
	h := c.Holds(t.Context(), r)
	message, advice := h.Explain(words.English())
	if message == "" || advice == "" || strings.Contains(message+advice, "<no value>") || strings.Contains(message+advice, canary) {
		t.Errorf("it says %q, %q", message, advice)
	}
	return h
}

func listAnswer(t *testing.T, status int, text string) *recorder {
	t.Helper()
	return record(t, func(w http.ResponseWriter, _ int) {
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	})
}

// No page documents the form of the list. What is not sure must never be taken for a
// release.
func TestAListIsReadInAnyFormAndNothingUnsureIsARelease(t *testing.T) {
	const other = `{"license_key":"XXXX-BBBB-CCCC-DDDD"}`
	for _, row := range []struct {
		text string
		want request.Holds
	}{
		{`[{"license_key":"AAAA-BBBB-CCCC-DDDD"}]`, request.Held},
		{`[{"license_key":"aaaabbbbccccdddd"}]`, request.Held},
		{`[` + other + `,{"license":{"licenseKey":"AAAA-BBBB-CCCC-DDDD"}}]`, request.Held},
		{`{"count":1,"next":null,"results":[{"license_key":"AAAA-BBBB-CCCC-DDDD"}]}`, request.Held},
		{`{"data":{"licenses":[{"license_key":"AAAA-BBBB-CCCC-DDDD","product_features":[]}]}}`, request.Held},
		{`{"license_key":"AAAA-BBBB-CCCC-DDDD","product_features":[]}`, request.Held},
		{`{"whatever":[{"license_key":"AAAA-BBBB-CCCC-DDDD"}]}`, request.Held},

		{`[]`, request.NotHeld},
		{`[` + other + `]`, request.NotHeld},
		{`{"results":[]}`, request.NotHeld},
		{`{"data":{"licenses":[]}}`, request.NotHeld},
		{`{"count":1,"results":[` + other + `]}`, request.NotHeld},
		{`[{"license_key":null,"user":{"email":"anna@example.com"}}]`, request.NotHeld},
		{`[{"license_key":"AAAA-BBBB-CCCC-DDDD","hardware_id":"another"}]`, request.NotHeld},

		{``, request.Untold},
		{`null`, request.Untold},
		{`{}`, request.Untold},
		{`"license_deactivated"`, request.Untold},
		{`<html>[]</html>`, request.Untold},
		{`[] []`, request.Untold},
		{`[{"serial":"AAAA-BBBB-CCCC-DDDD"}]`, request.Untold},
		{`["AAAA-BBBB-CCCC-DDDD"]`, request.Untold},
		{`[` + other + `,{}]`, request.Untold},
		{`[{"license_key":"****-****-****-DDDD"}]`, request.Untold},
		{`{"license":{"product_features":[]}}`, request.Untold},
		{`{"device":{"variables":[]}}`, request.Untold},
		{`{"count":2,"results":[` + other + `]}`, request.Untold},
		{`{"next":2,"results":[]}`, request.Untold},
		{`{"has_more":true,"results":[]}`, request.Untold},
		{`{"next":"https://elsewhere.invalid/api","results":[]}`, request.Untold},
		{`[{"license_key":"AAAA-BBBB-CCCC-DDDD","is_active":false}]`, request.Untold},
		{strings.Repeat("[", 100000), request.Untold},
		{`[` + strings.Repeat(other+",", 40000) + other + `]`, request.Untold}, // longer than is read
	} {
		got := told(t, client(listAnswer(t, 200, row.text).URL), wanted(t, nil))
		if got.Holds != row.want || (got.Outcome == "") != row.want.Told() {
			t.Errorf("%.90s: %s, %s", row.text, got.Holds, got.Outcome)
		}
	}
}

func TestALicenseOfAUserIsFoundByTheUserAndTheProduct(t *testing.T) {
	for _, row := range []struct {
		text string
		want request.Holds
	}{
		{`[{"user":{"email":"anna@example.com"}}]`, request.Held},
		{`[{"username":"Anna@Example.com","product_details":{"short_code":"acmecad"}}]`, request.Held},
		{`[{"user":{"email":"anna@example.com"},"product_details":{"short_code":"acmecam"}}]`, request.NotHeld},
		{`[{"user":{"email":"anna@example.com"},"license_id":8}]`, request.NotHeld},
		{`[{"user":{"email":"anna@example.com"},"license_id":7}]`, request.Held},
		{`[{"user":{"email":"bert@example.com"}}]`, request.NotHeld},
		{`[{"user":{"email":"bert@example.com"},"customer":{"email":"anna@example.com"}}]`, request.NotHeld},
		{`[{"customer":{"email":"bert@example.com"}}]`, request.Untold},
		{`[{"license_key":"AAAA-BBBB-CCCC-DDDD"}]`, request.Untold},
	} {
		r := wanted(t, func(d *request.Draft) {
			ofUser(d)
			d.Optional = []request.Member{request.Number("license_id", 7)}
		})
		if got := told(t, client(listAnswer(t, 200, row.text).URL), r); got.Holds != row.want {
			t.Errorf("%s: %s", row.text, got.Holds)
		}
	}
}

func TestWhatIsNoListSaysWhy(t *testing.T) {
	for _, row := range []struct {
		status  int
		text    string
		holds   request.Holds
		outcome request.State
		key     string
	}{
		{404, `{"status":404,"code":"not_found","message":"path does not exist"}`, request.Untold, request.Unknown, "check.no_road"},
		{404, "<html>", request.Untold, request.Unknown, "check.no_road"},
		{405, "", request.Untold, request.Unknown, "check.no_road"},
		{401, "", request.Untold, request.Refused, "check.refused"},
		{403, "<html>", request.Untold, request.Unknown, "check.other"},
		{403, `{"code":"no_permission"}`, request.Untold, request.Refused, "check.refused"},
		{400, `{"code":"invalid_api_key"}`, request.Untold, request.Refused, ""},
		{401, `{"code":"signature_mismatch"}`, request.Untold, request.Refused, ""},
		{400, `{"code":"device_not_found"}`, request.NotHeld, "", ""},
		{400, `{"code":"validation_error"}`, request.Untold, request.Unknown, "check.other"},
		{502, `{"code":"device_not_found"}`, request.Untold, request.Unknown, "check.other"},
		{500, "", request.Untold, request.Unknown, "check.other"},
		{302, "", request.Untold, request.Unknown, "check.other"},
		{204, "", request.Untold, request.Unknown, "check.other"},
		{407, "", request.Untold, request.NotSent, "answer.proxy_login_unnamed"},
		{429, "", request.Untold, request.NotSent, "answer.busy"},
	} {
		got := told(t, client(listAnswer(t, row.status, row.text).URL), wanted(t, nil))
		if got.Holds != row.holds || got.Outcome != row.outcome || apptest.Key(got.Err) != row.key {
			t.Errorf("%d %s: %s, %s, %v", row.status, row.text, got.Holds, got.Outcome, got.Err)
		}
	}
}

func TestTheQuestionIsAGetThatNamesTheDeviceAndCarriesNothingElse(t *testing.T) {
	var method, query string
	s := record(t, func(w http.ResponseWriter, _ int) { fmt.Fprint(w, "[]") })
	inner := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method, query = r.Method, r.URL.RawQuery
		inner.ServeHTTP(w, r)
	})
	told(t, client(s.URL), wanted(t, func(d *request.Draft) { d.HardwareID = "a b&c=d/é" }))
	sent := s.posts()[0]
	if method != "GET" || sent.path != "/api/v4/device_licenses" || query != "hardware_id=a+b%26c%3Dd%2F%C3%A9" || sent.body != "" {
		t.Errorf("%s %s?%s %q", method, sent.path, query, sent.body)
	}
	if got := sent.header.Get("Authorization"); !strings.HasPrefix(got, `algorithm="hmac-sha256"`) || sent.header.Get("Date") == "" {
		t.Errorf("authorization %q", got)
	}
}

func TestALicenseOnALaterPageIsFoundAndOnlyThisHostIsAsked(t *testing.T) {
	other := listAnswer(t, 200, `[]`)
	for _, row := range []struct {
		next  string
		pages int
		want  request.Holds
	}{
		{"/api/v4/device_licenses?hardware_id=x&page=%d", 3, request.Held},
		{"http://HOST/api/v4/device_licenses?page=%d", 3, request.Held},
		{"https://HOST/api/v4/device_licenses?page=%d", 3, request.Held}, // behind a proxy a server may not know its scheme
		{"/api/v4/device_licenses?page=%d", 1000, request.Untold},
		{other.URL + "/?page=%d", 3, request.Untold},
		{"http://name:word@HOST/?page=%d", 3, request.Untold},
	} {
		var s *recorder
		s = record(t, func(w http.ResponseWriter, n int) {
			if n == row.pages {
				fmt.Fprint(w, `{"results":[{"license_key":"AAAA-BBBB-CCCC-DDDD"}],"next":null}`)
				return
			}
			next := strings.ReplaceAll(fmt.Sprintf(row.next, n+1), "HOST", strings.TrimPrefix(s.URL, "http://"))
			fmt.Fprintf(w, `{"results":[{"license_key":"other"}],"next":%q}`, next)
		})
		if got := told(t, client(s.URL), wanted(t, nil)); got.Holds != row.want || len(s.posts()) > maxPages || len(other.posts()) > 0 {
			t.Errorf("%s: %s after %d pages, %d asked elsewhere", row.next, got.Holds, len(s.posts()), len(other.posts()))
		}
	}
	linked := record(t, func(w http.ResponseWriter, n int) {
		if n == 1 {
			w.Header().Set("Link", `</a>; rel="prev", </b>; rel="next"`)
		}
		fmt.Fprintf(w, `[{"license_key":"%s"}]`, map[bool]string{true: "AAAA-BBBB-CCCC-DDDD"}[n == 2])
	})
	if got := told(t, client(linked.URL), wanted(t, nil)); got.Holds != request.Held || linked.posts()[1].path != "/b" {
		t.Errorf("by a header: %s", got.Holds)
	}
}

func TestAQuestionIsAskedAgainAndAtMostThreeTimes(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"busy":   func(w http.ResponseWriter) { w.WriteHeader(429) },
		"broken": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		s := record(t, func(w http.ResponseWriter, n int) {
			if n < 3 {
				answer(w)
				return
			}
			fmt.Fprint(w, "[]")
		})
		if got := told(t, client(s.URL), wanted(t, nil)); got.Holds != request.NotHeld {
			t.Errorf("%s: %s, %v", name, got.Holds, got.Err)
		}
		s = record(t, func(w http.ResponseWriter, _ int) { answer(w) })
		if got := told(t, client(s.URL), wanted(t, nil)); got.Holds != request.Untold || len(s.posts()) != 3 {
			t.Errorf("%s: %s after %d", name, got.Holds, len(s.posts()))
		}
	}
}

// A server may take longer to answer than to be connected to.
func TestAnAnswerToAQuestionMayTakeLongerThanAConnection(t *testing.T) {
	s := record(t, func(w http.ResponseWriter, _ int) {
		time.Sleep(300 * time.Millisecond)
		fmt.Fprint(w, "[]")
	})
	c := client(s.URL)
	c.limits = defaultLimits
	c.limits.ready = 150 * time.Millisecond
	if got := told(t, c, wanted(t, nil)); got.Holds != request.NotHeld {
		t.Errorf("%s, %v", got.Holds, got.Err)
	}
}

func TestACancelledQuestionIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := record(t, func(http.ResponseWriter, int) { cancel(); time.Sleep(100 * time.Millisecond) })
	got := client(s.URL).Holds(ctx, wanted(t, nil))
	if got.Holds != request.Untold || got.Outcome != request.Cancelled || !errors.Is(got.Err, ErrCancelled) {
		t.Errorf("%s, %s, %v", got.Holds, got.Outcome, got.Err)
	}
}

func TestAQuestionRenewsItsTokenOnce(t *testing.T) {
	tokens := 0
	s := record(t, func(http.ResponseWriter, int) {})
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			tokens++
			fmt.Fprintf(w, `{"access_token":"t%d","token_type":"Bearer","expires_in":480}`, tokens)
			return
		}
		if r.Header.Get("Authorization") != "Bearer t2" {
			w.WriteHeader(401)
			fmt.Fprint(w, `{"code":"oauth_token_expired"}`)
			return
		}
		fmt.Fprint(w, "[]")
	})
	c := client(s.URL)
	c.APIKey, c.ClientID, c.TokenURL = "", "client", s.URL
	if got := told(t, c, wanted(t, nil)); got.Holds != request.NotHeld || tokens != 2 {
		t.Errorf("%s, %v, %d tokens", got.Holds, got.Err, tokens)
	}
}

func TestTheKindOfAHoldingIsItsExitStatus(t *testing.T) {
	for _, row := range []struct {
		status int
		text   string
		want   fault.Kind
	}{{200, "[]", ""}, {404, "", fault.Unknown}, {429, "", fault.Connection}, {400, `{"code":"invalid_api_key"}`, fault.Refused}} {
		if got := told(t, client(listAnswer(t, row.status, row.text).URL), wanted(t, nil)).Kind(); got != row.want {
			t.Errorf("%d: %q", row.status, got)
		}
	}
}
