package main

import (
	"os"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"handback/assets"
)

var release = options{name: "Acme Release", version: "0.1.0", date: "2026-11-01", vendor: "Acme Inc.", note: "the key is < extractable >"}

// said returns a program with this content and the bill in testdata.
func said(t *testing.T, content string) program {
	t.Helper()
	file, err := os.Open("testdata/handback.exe.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := program{content: []byte(content)}
	if err := cdx.NewBOMDecoder(file, cdx.BOMFileFormatJSON).Decode(&p.bill); err != nil {
		t.Fatal(err)
	}
	return p
}

func written(t *testing.T, o options, programs ...program) string {
	t.Helper()
	text, err := write(o, programs)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheBillNamesTheReleaseItsProgramsAndTheirModules(t *testing.T) {
	window := said(t, "window "+string(assets.Japanese))
	text := written(t, release, said(t, "command"), window)
	for _, says := range []string{
		`"name": "Acme Release"`, `"name": "Acme Inc."`, `"timestamp": "2026-11-01T00:00:00Z"`, `"value": "the key is < extractable >"`,
		`"name": "handback.exe"`, `"description": "windows/amd64"`, `"content": "` + sum(window.content) + `"`, `"name": "cyclonedx-gomod"`,
		`"name": "cdx:gomod:build:env:GOVERSION"`, `"purl": "pkg:golang/golang.org/x/sys@v0.49.0"`, `"name": "Motoya L Cedar"`, `"content": "` + sum(assets.Japanese) + `"`,
	} {
		if !strings.Contains(text, says) {
			t.Errorf("the bill does not say %s", says)
		}
	}
	var bill cdx.BOM
	if err := cdx.NewBOMDecoder(strings.NewReader(text), cdx.BOMFileFormatJSON).Decode(&bill); err != nil {
		t.Fatal(err)
	}
	for _, d := range *bill.Dependencies {
		wants := 3 // two modules and Go's standard library
		switch d.Ref {
		case "application":
			wants = 2
		case "sha256:" + sum(window.content):
			wants = 4 // also the typeface
		}
		if got := len(*d.Dependencies); got != wants {
			t.Errorf("%s depends on %d, not %d", d.Ref, got, wants)
		}
	}
	for _, c := range *bill.Components {
		if c.Name == "golang.org/x/sys" && (c.Hashes == nil || (*c.Hashes)[0].Algorithm != cdx.HashAlgoSHA256) {
			t.Errorf("a module has no hash: %+v", c)
		}
	}
}

func TestTheSameProgramsGiveTheSameBytes(t *testing.T) {
	one, other := said(t, "one"), said(t, "other")
	text := written(t, release, one, other)
	if text != written(t, release, other, one) {
		t.Error("another order gives another bill")
	}
	serial := text[strings.Index(text, "urn:uuid:"):][:45]
	if strings.Contains(written(t, release, one), serial) {
		t.Errorf("other programs have the same number %s", serial)
	}
	tool := said(t, "one")
	(*tool.bill.Metadata.Tools.Tools)[0].Hashes = sha256Of([]byte("compiled elsewhere"))
	if text != written(t, release, tool, other) {
		t.Error("how the tool was compiled is in the bill")
	}
}

func TestWhatIsNoBillIsNotWritten(t *testing.T) {
	one := said(t, "one")
	for name, c := range map[string]struct {
		o        options
		programs []program
	}{
		"without programs":      {release, nil},
		"a program named twice": {release, []program{one, one}},
		"no date":               {options{name: "a", version: "1.0.0", vendor: "b"}, []program{one}},
	} {
		if text, err := write(c.o, c.programs); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestTheCheckRefusesWhatTheSchemaDoes(t *testing.T) {
	text := written(t, release, said(t, "one"))
	for _, change := range []struct{ old, changed, says string }{
		{`"bomFormat": "CycloneDX"`, `"bomFormat": "SPDX"`, "bomFormat"},
		{`"type": "library"`, `"type": "module"`, "type"},
		{`"id": "Apache-2.0"`, `"id": "Apache-2"`, "license"},
		{`"alg": "SHA-256"`, `"alg": "SHA256"`, "alg"},
		{`"content": "`, `"content": "x`, "content"},
		{`T00:00:00Z"`, `"`, "date-time"},
		{`urn:uuid:`, `urn:`, "serialNumber"},
		{`"version": 1,`, `"version": 1, "color": "red",`, "color"},
		{`"name": "std",`, ``, "name"},
		{`"bom-ref": "pkg:golang/std@`, `"bom-ref": "std@`, "nowhere"},
		{`"bom-ref": "sha256:`, `"bom-ref": "application", "cpe": "`, "twice"},
		{"{", "", "invalid"},
	} {
		if !strings.Contains(text, change.old) {
			t.Errorf("there is no %s", change.old)
		}
		if err := check([]byte(strings.Replace(text, change.old, change.changed, 1))); err == nil || !strings.Contains(err.Error(), change.says) {
			t.Errorf("%s instead of %s: %v", change.changed, change.old, err)
		}
	}
}
