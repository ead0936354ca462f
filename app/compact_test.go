package app

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/profile"
	"handback/app/request"
)

// compactCode returns the text of a request's only code.
func compactCode(t *testing.T, made *Outgoing) string {
	t.Helper()
	codes, err := made.Codes(carry.Drawing{})
	if err != nil || len(codes) != 1 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	return codes[0].Text
}

func TestTheCodesAreHalfAsLarge(t *testing.T) {
	b := newBench(t, acme())
	for name, row := range map[string]struct {
		job                 Create
		modules, typedLines int
	}{
		"signed":   {Create{}, 41, 8},
		"schema 2": {Create{Schema: request.Schema2}, 49, 10},
		"unsigned": {Create{Unsigned: true}, 37, 5},
	} {
		row.job.LicenseKey, row.job.HardwareID = "GPYC-X5J2-L5SK-C3LK", strings.Repeat("0123456789abcdef", 4)
		made := b.create(t, row.job)
		codes, err := made.Codes(carry.Drawing{})
		if err != nil || len(codes) != 1 || codes[0].Modules > row.modules {
			t.Errorf("%s: %d codes of %d modules, %v; at most %d", name, len(codes), codes[0].Modules, err, row.modules)
		}
		if lines, err := carry.Lines(made.Encode(), []request.Common{b.Profile.Common()}); err != nil || len(lines) > row.typedLines {
			t.Errorf("%s: %d lines, %v; at most %d", name, len(lines), err, row.typedLines)
		}
	}
}

func TestACompactCodeIsReadWhereItsProfileIs(t *testing.T) {
	b := newBench(t, acme())
	other := acme()
	other.Name, other.Authorization.APIKey = "Bolt CAM", "bbbbbbbb-1111-2222-3333-444444444444"
	made := b.create(t, Create{})
	text := compactCode(t, made)
	if strings.Contains(text, made.Encode()) {
		t.Fatal("the code is plain")
	}

	batch := b.knowing(other)
	batch.Prefer(newBench(t, other).App)
	batch.Add(context.Background(), pasted(text)...)
	rows := batch.Rows()
	if len(rows) != 1 || !errors.Is(rows[0].Why, request.ErrUnknownTag) || !strings.Contains(rows[0].Why.Error(), acme().Common().Tag().String()) || len(rows[0].Needs) > 0 {
		t.Fatalf("without the profile: %+v", rows)
	}
	batch.options.Profiles = func() ([]profile.Profile, error) { return []profile.Profile{other, acme()}, nil }
	batch.Prefer(b.App)
	rows = batch.Rows()
	if len(rows) != 1 || rows[0].Request == nil || rows[0].Request.Encode() != made.Encode() || !rows[0].Ready() {
		t.Fatalf("once the profile is there: %+v", rows)
	}
	batch.Add(context.Background(), pasted(made.Encode())...)
	if rows = batch.Rows(); len(rows) != 1 {
		t.Errorf("the request's file is another row: %+v", rows)
	}
}

func TestARequestForAnotherProductIsReadWithItsProfile(t *testing.T) {
	b := newBench(t, acme())
	made := b.create(t, Create{Product: "acmecam"})
	if one := b.inspect(t, compactCode(t, made)); one.Request.Encode() != made.Encode() {
		t.Errorf("%s", one.Request.JSON())
	}
}

func TestAPlainCodeIsTheRequestItselfAndOfNoUnsignedOne(t *testing.T) {
	b := newBench(t, acme())
	plain := carry.Drawing{Form: carry.PlainCode}
	made := b.create(t, Create{})
	if codes, err := made.Codes(plain); err != nil || len(codes) != 1 || codes[0].Text != made.Encode() {
		t.Errorf("%+v, %v", codes, err)
	}
	unsigned := b.create(t, Create{Unsigned: true})
	if codes, err := unsigned.Codes(plain); apptest.Key(err) != "app.plain_handoff" {
		t.Errorf("%+v, %v", codes, err)
	}
	path := filepath.Join(t.TempDir(), "a.png")
	if err := b.Export(unsigned, []Target{{Kind: QRFile, Path: path, Drawing: plain}}, false); apptest.Key(err) != "app.plain_handoff" {
		t.Errorf("%v", err)
	}
}

func TestACodeOpensTheVendorsPageWithTheRequestBehindItsAddress(t *testing.T) {
	p := acme()
	p.Support.Desk = "https://desk.acme-cad.example/release"
	b := newBench(t, p)
	made := b.create(t, Create{LicenseKey: "GPYC-X5J2-L5SK-C3LK", HardwareID: strings.Repeat("0123456789abcdef", 4)})
	codes, err := made.Codes(carry.Drawing{})
	if err != nil || len(codes) != 1 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	link := codes[0]
	address, fragment, _ := strings.Cut(link.Text, "#")
	if address != p.Support.Desk || link.Page != p.Support.Desk || !strings.HasPrefix(fragment, "HBK1") || link.Modules > 61 {
		t.Errorf("%s, %d modules, opens %s", link.Text, link.Modules, link.Page)
	}
	if request, _, _ := strings.Cut(link.Text, "#"); strings.Contains(request, "GPYC") {
		t.Errorf("what is sent to the page names the license: %s", request)
	}
	picture, err := link.PNG(carry.ModulePixels)
	if err != nil {
		t.Fatal(err)
	}
	for name, given := range map[string]string{
		"its picture": string(picture), "its drawing": string(link.SVG()), "its text": link.Text,
		"in a mail": "Hello,\nplease open " + link.Text + " .\nAnna\n", "in small letters": strings.ToLower(link.Text),
	} {
		if one := b.inspect(t, given); one.Request.Encode() != made.Encode() {
			t.Errorf("%s: %s", name, one.Request.JSON())
		}
	}
	compact, err := made.Codes(carry.Drawing{Form: carry.CompactCode})
	if err != nil || compact[0].Page != "" || strings.Contains(compact[0].Text, "#") {
		t.Errorf("%+v, %v", compact, err)
	}
	if _, err := newBench(t, acme()).create(t, Create{}).Codes(carry.Drawing{Form: carry.LinkCode}); !errors.Is(err, carry.ErrNoPage) {
		t.Errorf("without a page: %v", err)
	}
	long := b.create(t, Create{Variables: longNote})
	codes, err = long.Codes(carry.Drawing{Density: carry.LowDensity})
	if err != nil || len(codes) < 2 || codes[0].Page != "" || !strings.HasPrefix(codes[0].Text, "HBK1") {
		t.Errorf("a long request: %d codes, %v", len(codes), err)
	}
}
