package sandbox

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/secret"
)

// question returns a GET as a client makes it.
func question(s *Sandbox, query string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, listPath+"?"+query, nil)
	date(s, r, noon)
	return r
}

var (
	held     = License{Key: key, HardwareIDs: []string{hardware}}
	another  = License{Key: "XXXX-YYYY", HardwareIDs: []string{hardware, "elsewhere"}, ID: 7}
	somebody = License{Username: "anna@example.com", HardwareIDs: []string{hardware}}
)

const (
	heldItem     = `{"hardware_id":"invented-hardware-id","license_key":"AAAA-BBBB-CCCC-DDDD","product_details":{"short_code":"practice"}}`
	anotherItem  = `{"hardware_id":"invented-hardware-id","license_id":7,"license_key":"XXXX-YYYY","product_details":{"short_code":"practice"}}`
	somebodyItem = `{"hardware_id":"invented-hardware-id","license_key":null,"product_details":{"short_code":"practice"},"user":{"email":"anna@example.com"}}`
)

func TestADevicesLicensesAreListedInTheFormOfTheScenario(t *testing.T) {
	all := listed(held, another, somebody)
	for _, row := range []struct {
		change []func(*Options)
		query  string
		want   told
	}{
		{[]func(*Options){all}, "hardware_id=" + hardware, told{200, "[" + heldItem + "," + anotherItem + "," + somebodyItem + "]"}},
		{[]func(*Options){all}, "hardware_id=other", told{200, "[]"}},
		{[]func(*Options){all}, "", told{400, "missing_hardware_id"}},
		{nil, "hardware_id=x", told{200, `[{"hardware_id":"x","license_key":"*","product_details":{"short_code":"practice"}}]`}},
		{[]func(*Options){all, scenes("list_empty")}, "hardware_id=" + hardware, told{200, "[]"}},
		{[]func(*Options){listed(held), scenes("list_nested")}, "hardware_id=" + hardware, told{200, `{"data":{"licenses":[{"license":` + heldItem + `}]}}`}},
		{[]func(*Options){listed(held), scenes("list_other_names")}, "hardware_id=" + hardware, told{200, `[{"serial":"AAAA-BBBB-CCCC-DDDD"}]`}},
		{[]func(*Options){listed(held, another), scenes("list_paged")}, "hardware_id=" + hardware,
			told{200, `{"count":2,"next":"/api/v4/device_licenses?hardware_id=invented-hardware-id\u0026page=2","results":[` + heldItem + `]}`}},
		{[]func(*Options){listed(held, another), scenes("list_paged")}, "hardware_id=" + hardware + "&page=2", told{200, `{"count":2,"next":null,"results":[` + anotherItem + `]}`}},
		{[]func(*Options){listed(held, another), scenes("list_paged")}, "hardware_id=" + hardware + "&page=99", told{200, `{"count":2,"next":null,"results":[]}`}},
		{[]func(*Options){scenes("list_missing")}, "hardware_id=x", told{404, "not_found"}},
		{[]func(*Options){scenes("list_forbidden")}, "hardware_id=x", told{403, "sandbox_no_permission"}},
		{[]func(*Options){scenes("list_busy")}, "hardware_id=x", told{429, "Too Many Requests"}},
		{[]func(*Options){scenes("list_not_json")}, "hardware_id=x", told{200, "<html><title>Guest network</title>Please sign in.</html>"}},
		{[]func(*Options){scenes("revoked_api_key")}, "hardware_id=x", told{400, "revoked_api_key"}},
		{[]func(*Options){oauth}, "hardware_id=x", told{200, `[{"hardware_id":"x","license_key":"*","product_details":{"short_code":"practice"}}]`}},
	} {
		s := start(t, row.change...)
		if got := tell(t, s, question(s, row.query)); got != row.want {
			t.Errorf("%s of %v: %v, want %v", row.query, s.options.Scenarios, got, row.want)
		}
	}
}

func TestAReleasedDeviceIsGoneFromTheList(t *testing.T) {
	for _, row := range []struct {
		change []func(*Options)
		want   string
	}{
		{[]func(*Options){listed(held)}, "[]"},
		{nil, "[]"},
		{[]func(*Options){listed(held), scenes("list_late")}, "[" + heldItem + "]"},
		{[]func(*Options){listed(held), scenes("blacklisted")}, "[" + heldItem + "]"},
		{[]func(*Options){scenes("blacklisted")}, "[" + heldItem + "]"},
	} {
		s := start(t, row.change...)
		tell(t, s, submission(s, made(t)))
		if got := tell(t, s, question(s, "hardware_id="+hardware)); got != (told{200, row.want}) {
			t.Errorf("%v: %v", s.options.Scenarios, got)
		}
	}
}

func TestTheListIsReadOnlyWithCredentialsAndByGet(t *testing.T) {
	s := start(t)
	r := question(s, "hardware_id=x")
	r.Header.Del("Authorization")
	if got := tell(t, s, r); got.Code != "missing_headers" {
		t.Errorf("without: %v", got)
	}
	r = question(s, "hardware_id=x")
	r.Method = http.MethodPost
	if got := tell(t, s, r); got.Status != 405 {
		t.Errorf("by POST: %v", got)
	}
	r = submission(s, made(t))
	r.Method = http.MethodGet
	if got := tell(t, s, r); got.Status != 405 || len(s.Released()) > 0 {
		t.Errorf("a GET that releases: %v", got)
	}
}

// What the client concludes from each form that the sandbox knows.
func TestTheClientReadsEveryFormOfTheSandboxesList(t *testing.T) {
	r, err := request.Decode(made(t))
	if err != nil {
		t.Fatal(err)
	}
	for scenario, want := range map[string]request.Holds{
		"": request.Held, "list_nested": request.Held, "list_paged": request.Held,
		"list_empty": request.NotHeld, "list_other_names": request.Untold, "list_not_json": request.Untold,
		"list_missing": request.Untold, "list_forbidden": request.Untold, "list_busy": request.Untold,
	} {
		var names []string
		if scenario != "" {
			names = []string{scenario}
		}
		s := start(t, listed(another, held), scenes(names...))
		c := &licensespring.Client{Endpoint: "https://sandbox.example", APIKey: apiKey, Secret: secret.New([]byte(sharedKey)), Now: clock,
			Transport: s.Transport(), Wait: func(context.Context, time.Duration) error { return nil }}
		if got := c.Holds(t.Context(), r); got.Holds != want {
			t.Errorf("%s: %s, %v", scenario, got.Holds, got.Err)
		}
	}
}
