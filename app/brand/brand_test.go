package brand

import (
	"errors"
	"strings"
	"testing"
)

const right = `name = "Acme Release"
id = "com.acme.Release"
command = "acme-release"
vendor = "Acme Inc."
homepage = "https://acme.example"
email = "support@acme.example"
`

func TestAWrongBrandIsRefusedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		line     int
	}{
		"no name":           {`"Acme Release"`, `""`, 1},
		"markup in a name":  {`"Acme Release"`, `"Acme <b>"`, 1},
		"a name's control":  {`"Acme Release"`, `"Acme\u0007"`, 1},
		"a short ID":        {"com.acme.Release", "acme", 2},
		"a path as command": {"acme-release", "../acme", 3},
		"a capital command": {"acme-release", "Acme", 3},
		"http":              {"https://", "http://", 5},
		"no address":        {"support@", "support", 6},
		"unknown member":    {"vendor =", "shared_key =", 4},
		"syntax":            {"vendor =", "vendor", 4},
		"a color":           {"vendor =", "colors.light = 'red'\nvendor =", 4},
		"nearly the words":  {"vendor =", "embedded_key.accept = 'I accept.'\nvendor =", 4},
		"no English":        {"vendor =", "languages = ['de']\nvendor =", 4},
	} {
		_, err := Parse([]byte(strings.Replace(right, c.from, c.to, 1)))
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Line != c.line {
			t.Errorf("%s: %v, want line %d", name, err, c.line)
		}
	}
	if _, err := Parse([]byte(right)); err != nil {
		t.Error(err)
	}
}

func TestABrandsNamesStandWhereOursDidAndFormsKeepTheirs(t *testing.T) {
	b, err := Parse([]byte(right))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Handback sends it: handback submit FILE": "Acme Release sends it: acme-release submit FILE",
		"handback: handback: error":               "acme-release: acme-release: error",
		"handback handback":                       "acme-release acme-release",
		"a .handback file":                        "a .handback file",
		"application/vnd.handback.request":        "application/vnd.handback.request",
		"HANDBACK_HOME, handbacks":                "HANDBACK_HOME, handbacks",
		"handback-window":                         "acme-release-window",
		"「Handback」で":                             "「Acme Release」で",
	} {
		if got := b.Say(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if own := Here(); !own.Own() || own.Say("handback") != "handback" {
		t.Errorf("%+v", own)
	}
}

func TestWithoutTheVendorsWordNoKeyIsBuiltIn(t *testing.T) {
	if EmbeddedKey() != nil || Profile() != nil {
		t.Error("Handback has a key or a profile built in")
	}
}
