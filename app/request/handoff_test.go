package request_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
)

func now() time.Time { return time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC) }

func draft(schema int) request.Draft {
	return request.Draft{Schema: schema, RequestID: "6e26d5a7-91cd-41da-ac36-60e6b31c5fc4", LicenseKey: "GPYC-X5J2-L5SK-C3LK",
		HardwareID: "7b0aa26d48cb5f0e", Product: "acmecad", APIKey: "00000000-1111-2222-3333-444444444444",
		Optional: []request.Member{request.Number("license_id", 7), request.Variables([]request.Variable{{Name: "site", Value: "Graz"}})}}
}

// T5: the date comes from the clock of the computer that signs.
func TestAHandoffIsSignedToTheRequestThatTheDraftWouldMake(t *testing.T) {
	key := secret.New([]byte("key"))
	for _, schema := range []int{request.Schema1, request.Schema2} {
		for _, hex := range []bool{false, true} {
			d := draft(schema)
			d.Hex = hex
			made, err := request.Unsigned(d, func() time.Time { return now().AddDate(-50, 0, 0) })
			if err != nil {
				t.Fatal(err)
			}
			if !made.Handoff || made.Schema != schema || made.Verify(key) != request.Absent || made.NotCovered() != nil {
				t.Errorf("made %+v", made)
			}
			carried, err := request.Decode(made.Encode())
			if err != nil {
				t.Fatal(err)
			}
			signed, err := carried.Sign(now, key, hex)
			if err != nil {
				t.Fatal(err)
			}
			want, err := request.Make(d, now, key)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want.JSON()), string(signed.JSON())); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestAHandoffThatMustNotBeMadeIsRefused(t *testing.T) {
	for name, change := range map[string]func(*request.Draft){
		"both owners":   func(d *request.Draft) { d.Username = "anna" },
		"no owner":      func(d *request.Draft) { d.LicenseKey = "" },
		"hidden":        func(d *request.Draft) { d.HardwareID = "a\nb" },
		"no such thing": func(d *request.Draft) { d.Schema = 3 },
	} {
		d := draft(request.Schema1)
		change(&d)
		if made, err := request.Unsigned(d, now); err == nil {
			t.Errorf("%s: made %s", name, made.JSON())
		}
	}
}

func TestAHandoffIsNoRequestToAStrictReader(t *testing.T) {
	made, err := request.Unsigned(draft(request.Schema1), now)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(made.JSON()), `{"handoff":1,"made":"`) || strings.Contains(string(made.JSON()), `"date"`) {
		t.Errorf("it reads %s", made.JSON())
	}
}

// F75: white space, which could be varied until the check code matches, is refused.
func TestAHandoffWithWhiteSpaceIsRefused(t *testing.T) {
	made, err := request.Unsigned(draft(request.Schema1), now)
	if err != nil {
		t.Fatal(err)
	}
	own := string(made.JSON())
	if _, err := request.DecodeJSON([]byte(own)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"behind it": own + "\n", "before it": " " + own, "within": strings.Replace(own, `,"`, `, "`, 1), "in the variables": strings.Replace(own, `{"site"`, `{ "site"`, 1),
	} {
		if _, err := request.DecodeJSON([]byte(text)); !errors.Is(err, fault.New(fault.Input, "request.handoff_form")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// F93: a license file is recognized, whatever it contains.
func TestALicenseFileIsCalledByItsName(t *testing.T) {
	for name, text := range map[string]string{
		"plain":            `{"license_key":"GPYC-X5J2-L5SK-C3LK","hardware_id":"box","product":"acmecad"}`,
		"with null":        `{"hardware_id":"box","validity_period":null,"license_signature":"eA=="}`,
		"nested deep":      `{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"hardware_id":"box"}}}}}}}}`,
		"a bundle":         `[{"license":{"hardware_id":"box"}},{"license":{"hardware_id":"box"}}]`,
		"of a user":        `{"username":"jane@acme.example","hardware_id":"box","date":"2026-11-27"}`,
		"with white space": "{\n \"hardware_id\": \"box\"\n}\n",
	} {
		if _, err := request.DecodeJSON([]byte(text)); !errors.Is(err, request.ErrLicenseFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"no API key":        `{"request":"deactivation","license_key":"A","hardware_id":"box","product":"acmecad","date":"x","signature":"eA=="}`,
		"Node's, no key":    `{"license_key":"A","hardware_id":"box","product":"acmecad","date":"x","signature":"eA=="}`,
		"no hardware ID":    `{"license_key":"A"}`,
		"an activation":     `{"request":"activation","hardware_id":"box"}`,
		"a broken request":  `{"hardware_id":"box","api_key":"0"`,
		"a damaged handoff": `{"handoff":1,"members":{"hardware_id":"box"`,
	} {
		if _, err := request.DecodeJSON([]byte(text)); err == nil || errors.Is(err, request.ErrLicenseFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
