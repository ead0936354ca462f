package profile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/fault"
)

// F93
func TestASignThatNoTOMLHasIsNamedWithWhatBelongsThere(t *testing.T) {
	text := acme(t)
	for _, row := range []struct{ name, old, new, says string }{
		{"curly quotes", `code = "acmecad"`, `code = “acmecad”`, "line 5: “ (U+201C) stands where \" belongs"},
		{"low quotes", `code = "acmecad"`, `code = „acmecad“`, "line 5: „ (U+201E) stands where \""},
		{"guillemets", `code = "acmecad"`, `code = «acmecad»`, "line 5: « (U+00AB) stands where \""},
		{"curly apostrophes", `code = "acmecad"`, `code = ‘acmecad’`, "line 5: ‘ (U+2018) stands where \""},
		{"a curly quote at the end", `code = "acmecad"`, `code = "acmecad”`, "line 5: ” (U+201D) stands where \""},
		{"a wide equals sign", `code = "acmecad"`, `code ＝ "acmecad"`, "line 5: ＝ (U+FF1D) stands where = belongs"},
		{"a wide bracket", `[product]`, `［product]`, "line 4: ［ (U+FF3B) stands where [ belongs"},
		{"a no-break space", `code = "acmecad"`, "code\u00a0= \"acmecad\"", "line 5: \u00a0 (U+00A0) stands where   belongs"},
		{"a dash", `schema = 1`, `schema = –1`, "line 14: – (U+2013) stands where - belongs"},
		{"a wide digit", `schema = 1`, `schema = １`, "line 14: １ (U+FF11) stands where 1 belongs"},
	} {
		if !strings.Contains(text, row.old) {
			t.Fatalf("%q is not there", row.old)
		}
		_, err := Parse([]byte(strings.Replace(text, row.old, row.new, 1)), "acme.toml")
		if !errors.Is(err, fault.New(fault.Input, "profile.strange")) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	for _, fine := range []string{`contact = "“Acme” – support"`, `contact = 'x' # a “comment”`} {
		if _, err := Parse([]byte(strings.Replace(text, `contact = "support@acme.example"`, fine, 1)), ""); err != nil {
			t.Errorf("%s: %v", fine, err)
		}
	}
}

// F74
func TestAProfilesNameIsWhatItLooksLike(t *testing.T) {
	for _, name := range []string{"Acme CAD ", " Acme CAD", "Acme  CAD", "Acme\u00a0CAD", "Acme\u2800CAD", "Acme CAD\u3164", "Acme\u202eDAC", "Acme\u200bCAD", "Аcme CAD",
		"../../x", "a/b", `a\\b`, "acme.toml", "Ａcme", "Jose\u0301", "practiсe", "PRACTICE", strings.Repeat("n", maxName+1), "Acme\\tCAD", "Acme\\nCAD"} {
		_, err := Parse([]byte(strings.Replace(acme(t), "Acme CAD", name, 1)), "acme.toml")
		if !errors.Is(err, fault.New(fault.Input, "profile.wrong")) || !strings.Contains(err.Error(), "line 2: name must") {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"Acme CAD", "José", "Αθήνα", "アクメ CAD", "Acme (Test) & Co.", "АСМЕ"} {
		if _, err := Parse([]byte(strings.Replace(acme(t), "Acme CAD", name, 1)), ""); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// F109
func TestASettingThatIsSignedIsWhatItLooksLike(t *testing.T) {
	for _, row := range []struct{ old, new, member string }{
		{`api_key = "0`, `api_key = " 0`, "authorization.api_key"},
		{`444"`, `444 "`, "authorization.api_key"},
		{`444"`, "444\u00a0\"", "authorization.api_key"},
		{`444"`, "444\u200b\"", "authorization.api_key"},
		{`0000-1111`, `0000 1111`, "authorization.api_key"},
		{`0000-1111`, `0000–1111`, "authorization.api_key"},
		{`444"`, `444'"`, "authorization.api_key"},
		{`444"`, `444,"`, "authorization.api_key"},
		{`code = "acmecad"`, `code = "acmecad "`, "product.code"},
		{`code = "acmecad"`, "code = \"acme\u200bcad\"", "product.code"},
		{`code = "acmecad"`, `code = "аcmecad"`, "product.code"},
		{`code = "acmecad"`, `code = "'acmecad'"`, "product.code"},
		{`code = "acmecad"`, "code = \"acmecad\"\nconsumptions = \"yes\"", "product.consumptions"},
	} {
		if !strings.Contains(acme(t), row.old) {
			t.Fatalf("%q is not there", row.old)
		}
		_, err := Parse([]byte(strings.Replace(acme(t), row.old, row.new, 1)), "acme.toml")
		if !errors.Is(err, fault.New(fault.Input, "profile.wrong")) || !strings.Contains(err.Error(), row.member+" must") {
			t.Errorf("%s: %v", row.new, err)
		}
	}
}

// F74
func TestProfilesWhoseNamesLookTheSameAreTwins(t *testing.T) {
	folders := Folders{Own: filepath.Join(t.TempDir(), "profiles")}
	if _, err := importFile(folders.Own, written(t, t.TempDir(), "ACME"), false); err != nil {
		t.Fatal(err)
	}
	cyrillic := written(t, t.TempDir(), "АСМЕ")
	if _, err := importFile(folders.Own, cyrillic, false); !errors.Is(err, ErrImported) {
		t.Errorf("imported: %v", err)
	}
	text, err := os.ReadFile(cyrillic)
	if err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, filepath.Join(folders.Own, "z.toml"), text)
	if all, err := List(folders); len(all) != 0 || !errors.Is(err, fault.New(fault.Usage, "profile.twins")) {
		t.Errorf("%v, %v", all, err)
	}
}

// F76
func TestWhatWasShownOfAProfileIsImported(t *testing.T) {
	path := written(t, t.TempDir(), "Bolt")
	shown, text, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	written(t, filepath.Dir(path), "Evil") // in its place
	folder := filepath.Join(t.TempDir(), "profiles")
	p, err := Import(folder, path, text, false)
	if err != nil || p.Name != shown.Name {
		t.Fatalf("%v, %v", p.Name, err)
	}
	if kept, _, err := Read(p.Path); err != nil || kept.Name != "Bolt" {
		t.Errorf("%v, %v", kept.Name, err)
	}
}
