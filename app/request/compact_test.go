package request_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"handback/app/request"
	"handback/app/request/requesttest"
	"handback/app/secret"
)

// commonOf returns what the profile of a request has in common with it.
func commonOf(r *request.Request) request.Common {
	return request.Common{Product: r.Product, APIKey: r.APIKey, ClientID: r.ClientID}
}

// usualDraft is a draft of usual lengths.
func usualDraft() request.Draft {
	d := request.Draft{Schema: request.Schema1, LicenseKey: "GPYC-X5J2-L5SK-C3LK", Product: "acmecad",
		HardwareID: strings.Repeat("0123456789abcdef", 4), APIKey: "aaaaaaaa-1111-2222-3333-444444444444"}
	d.RequestID = d.NewID()
	return d
}

func TestARequestComesBackFromItsCompactFormByteForByte(t *testing.T) {
	key, at := secret.New([]byte("key")), func() time.Time { return time.Unix(1772694489, 0) }
	usual := usualDraft()
	with := func(change func(*request.Draft)) request.Draft { d := usual; change(&d); return d }
	for name, tc := range map[string]struct {
		draft           request.Draft
		signed, waiting int // the most bytes of the compact form
	}{
		"usual":             {usual, 105, 70},
		"another ID":        {with(func(d *request.Draft) { d.RequestID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301" }), 117, 82},
		"an ID of text":     {with(func(d *request.Draft) { d.RequestID = "3F2504E0-4F89-41D3-9A0C-0305E82C3301" }), 140, 103},
		"a key of any form": {with(func(d *request.Draft) { d.LicenseKey = "gpyc x5j2" }), 115, 80},
		"a username":        {with(func(d *request.Draft) { d.LicenseKey, d.Username = "", "zoë@acme.example" }), 123, 88},
		"an ID in capitals": {with(func(d *request.Draft) { d.HardwareID = strings.ToUpper(d.HardwareID) }), 150, 120},
		"OAuth":             {with(func(d *request.Draft) { d.APIKey, d.ClientID = "", "desk" }), 117, 82},
		"schema 2":          {with(func(d *request.Draft) { d.Schema = request.Schema2 }), 152, 82},
		"schema 2, in hex":  {with(func(d *request.Draft) { d.Schema, d.Hex = request.Schema2, true }), 152, 82},
		"everything": {with(func(d *request.Draft) {
			d.Optional = []request.Member{request.Number("license_id", 1719), request.Number("consumptions", 0), request.Text("hostname", "büro\t7 <&>\u2028"),
				{Name: "is_vm", Value: []byte("true")}, {Name: "product_features", Value: []byte(`[{"code":"a"},1.50]`)},
				request.Variables([]request.Variable{{Name: "10", Value: "007"}, {Name: "a", Value: "true"}, {Name: "b", Value: "-12"}, {Name: "c", Value: "1.5"}, {Name: "d", Value: ""}})}
		}), 250, 220},
	} {
		t.Run(name, func(t *testing.T) {
			signed, err := request.Make(tc.draft, at, key)
			if err != nil {
				t.Fatal(err)
			}
			waiting, err := request.Unsigned(tc.draft, at)
			if err != nil {
				t.Fatal(err)
			}
			for r, most := range map[*request.Request]int{signed: tc.signed, waiting: tc.waiting} {
				compact, err := r.Compact([]request.Common{commonOf(r)})
				if err != nil {
					t.Fatalf("%s: %v", r.JSON(), err)
				}
				if len(compact) > most {
					t.Errorf("%d bytes, at most %d: %x", len(compact), most, compact)
				}
				others := []request.Common{{Product: "other", APIKey: r.APIKey, ClientID: r.ClientID}, commonOf(r)}
				if json, err := request.Expand(compact, others); err != nil || !bytes.Equal(json, r.JSON()) {
					t.Errorf("%s comes back as %s, %v", r.JSON(), json, err)
				}
				if whole, err := r.Compact(others[:1]); err != nil {
					t.Error(err)
				} else if json, err := request.Expand(whole, nil); err != nil || !bytes.Equal(json, r.JSON()) {
					t.Errorf("%s comes back as %s without a profile, %v", r.JSON(), json, err)
				}
				if _, err := request.Expand(compact, others[:1]); !errors.Is(err, request.ErrUnknownTag) || !strings.Contains(err.Error(), commonOf(r).Tag().String()) {
					t.Errorf("without its profile: %v", err)
				}
			}
		})
	}
}

func TestOnlyARequestOfOurOwnFormHasACompactOne(t *testing.T) {
	folded := 0
	for _, v := range vectors(t) {
		_, r := told(v)
		if r == nil {
			continue
		}
		compact, err := r.Compact([]request.Common{commonOf(r)})
		if err != nil {
			if !errors.Is(err, request.ErrNotCompact) {
				t.Errorf("%s: %v", v.name, err)
			}
			continue
		}
		folded++
		if json, err := request.Expand(compact, []request.Common{commonOf(r)}); err != nil || !bytes.Equal(json, r.JSON()) {
			t.Errorf("%s: %s comes back as %s, %v", v.name, r.JSON(), json, err)
		}
	}
	if folded < 5 {
		t.Errorf("only %d vectors have a compact form", folded)
	}
}

func TestADamagedCompactFormIsRefused(t *testing.T) {
	r, err := request.Make(usualDraft(), time.Now, secret.New([]byte("key")))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := r.Compact([]request.Common{commonOf(r)})
	if err != nil {
		t.Fatal(err)
	}
	known := []request.Common{commonOf(r)}
	for i := range compact {
		if json, err := request.Expand(compact[:i], known); err == nil {
			t.Errorf("cut after %d bytes it is %s", i, json)
		}
		// A changed value is another request, which the checksum around the form finds; what
		// is not written in the one way that Compact writes is refused.
		for bit := range 8 {
			changed := bytes.Clone(compact)
			changed[i] ^= 1 << bit
			json, err := request.Expand(changed, known)
			if err != nil {
				continue
			}
			other, err := request.DecodeJSON(json)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := other.Compact([]request.Common{commonOf(r)}); err != nil || !bytes.Equal(again, changed) {
				t.Errorf("%x gives %s, whose form is %x, %v", changed, json, again, err)
			}
		}
	}
	if json, err := request.Expand(append(compact, 0), known); err == nil {
		t.Errorf("with a byte behind it, it is %s", json)
	}
}

func TestEveryRequestGetsAnIDOfItsOwn(t *testing.T) {
	d, seen := usualDraft(), map[string]bool{}
	for range 1000 {
		id := d.NewID()
		if len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) || seen[id] {
			t.Fatalf("%s", id)
		}
		seen[id] = true
	}
}

func TestRequestsMadeAtRandomComeBackByteForByte(t *testing.T) {
	for range 5000 {
		r := requesttest.Request()
		compact, err := r.Compact([]request.Common{commonOf(r)})
		if err != nil {
			t.Fatalf("%s: %v", r.JSON(), err)
		}
		if json, err := request.Expand(compact, []request.Common{commonOf(r)}); err != nil || !bytes.Equal(json, r.JSON()) {
			t.Fatalf("%s comes back as %s, %v", r.JSON(), json, err)
		}
	}
}

func FuzzExpand(f *testing.F) {
	key := secret.New([]byte("key"))
	for range 20 {
		if r, err := request.Make(requesttest.Draft(), time.Now, key); err == nil {
			compact, _ := r.Compact([]request.Common{commonOf(r)})
			f.Add(compact, r.Product, r.APIKey)
		}
	}
	f.Fuzz(func(t *testing.T, compact []byte, product, apiKey string) {
		common := request.Common{Product: product, APIKey: apiKey}
		json, err := request.Expand(compact, []request.Common{common})
		if err != nil {
			return
		}
		r, err := request.Decode(base64.StdEncoding.EncodeToString(json))
		if err != nil {
			t.Fatalf("%s: %v", json, err)
		}
		if again, err := r.Compact([]request.Common{commonOf(r)}); err == nil {
			if back, err := request.Expand(again, []request.Common{commonOf(r)}); err != nil || !bytes.Equal(back, json) {
				t.Errorf("%s comes back as %s, %v", json, back, err)
			}
		}
	})
}
