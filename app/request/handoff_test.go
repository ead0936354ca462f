package request_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/request"
	"handback/app/secret"
)

func now() time.Time { return time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC) }

func draft(schema int) request.Draft {
	return request.Draft{Schema: schema, RequestID: "6e26d5a7-91cd-41da-ac36-60e6b31c5fc4", LicenseKey: "GPYC-X5J2-L5SK-C3LK",
		HardwareID: "7b0aa26d48cb5f0e", Product: "acmecad", APIKey: "00000000-1111-2222-3333-444444444444",
		Optional: []request.Member{request.Number("license_id", 7), request.Variables([]request.Variable{{Name: "site", Value: "Graz"}})}}
}

// T5: the date is the clock's of the computer that signs.
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
