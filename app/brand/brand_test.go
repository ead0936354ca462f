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

func TestWhatIsNoBrandIsRefusedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		line     int
	}{
		"unknown member": {"vendor =", "shared_key =", 4},
		"no TOML":        {"vendor =", "vendor", 4},
		"BOM":            {"name =", "\ufeffname =", 1},
	} {
		_, err := Parse([]byte(strings.Replace(right, c.from, c.to, 1)))
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Line != c.line || wrong.File != File {
			t.Errorf("%s: %v, want line %d", name, err, c.line)
		}
	}
}

func TestABrandMayHaveOurNameInItsOwn(t *testing.T) {
	b := Brand{Name: "Acme Handback", Command: "acme-handback"}
	if got := b.Say("Handback: handback handback-window"); got != "Acme Handback: acme-handback acme-handback-window" {
		t.Error(got)
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
	for _, other := range []Brand{
		{Name: "Acme", ID: Handback.ID, Command: Handback.Command},
		{Name: Handback.Name, ID: "com.acme.Release", Command: Handback.Command},
		{Name: Handback.Name, ID: Handback.ID, Command: "acme"},
	} {
		if other.Own() {
			t.Errorf("%+v passes for Handback's own", other)
		}
	}
	if own := Current(); !own.Own() || own.Say("handback") != "handback" {
		t.Errorf("%+v", own)
	}
}

func TestWithoutTheVendorsWordNoKeyIsBuiltIn(t *testing.T) {
	if EmbeddedKey() != nil || Profile() != nil {
		t.Error("Handback has a key or a profile built in")
	}
}
