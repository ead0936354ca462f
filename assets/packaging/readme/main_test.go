package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"handback/app/brand"
)

const builtIn = `name = "Acme CAD"
[product]
code = "acmecad"
[authorization]
api_key = "00000000-1111-2222-3333-444444444444"
[support]
contact = "desk@acme.example"
`

var acme = brand.Brand{Name: "Acme & Sons", ID: "example.acme.Release", Command: "acme-release", Vendor: "A & B, Inc.",
	Homepage: "https://acme.example", Email: "packages@acme.example"}

func said(t *testing.T, b brand.Brand, builtIn []byte, key bool) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, b, builtIn, key); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestABrandIsSpokenOfByItsOwnNames(t *testing.T) {
	text := said(t, acme, []byte(builtIn), false)
	for _, says := range []string{"# Acme & Sons\n", "acme-release create", "acme-release-window", "A & B, Inc. helps: desk@acme.example, <https://acme.example>."} {
		if !strings.Contains(text, says) {
			t.Errorf("no %q in\n%s", says, text)
		}
	}
	for _, may := range []string{"\nMade with Handback, for A & B, Inc.\n", "The Handback authors"} {
		if !strings.Contains(text, may) {
			t.Errorf("no %q in\n%s", may, text)
		}
		text = strings.ReplaceAll(text, may, "")
	}
	if strings.Contains(text, "andback") {
		t.Error(text)
	}
}

func TestWhatIsBuiltInIsNotAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		text             string
		imports, carries bool
		contact          string
	}{
		"Handback":         {said(t, brand.Current(), nil, false), true, true, "<https://handback.app>"},
		"no profile":       {said(t, acme, nil, false), true, true, "packages@acme.example"},
		"a profile":        {said(t, acme, []byte(builtIn), false), false, true, "desk@acme.example"},
		"a profile, a key": {said(t, acme, []byte(builtIn), true), false, false, "desk@acme.example"},
	} {
		if got := strings.Contains(c.text, "profile import"); got != c.imports {
			t.Errorf("%s: a profile is to be imported: %v", name, got)
		}
		if got := strings.Contains(c.text, "--unsigned"); got != c.carries || got != strings.Contains(c.text, "keyring") {
			t.Errorf("%s: there is no shared key: %v", name, got)
		}
		if !strings.Contains(c.text, c.contact) {
			t.Errorf("%s: %s helps nobody", name, c.contact)
		}
		if wrong := regexp.MustCompile(`\n\n\n|[ \t]\n|\{\{|<no value>|.{93}`).FindString(c.text); wrong != "" {
			t.Errorf("%s: %q in\n%s", name, wrong, c.text)
		}
	}
}
