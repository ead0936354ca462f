package main

import (
	"errors"
	"strings"
	"testing"

	"handback/app/brand"
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
		"a pale color":      {"vendor =", "colors.light = '#ffff00'\nvendor =", 4},
		"a deep color":      {"vendor =", "colors.dark = '#7a1f5c'\nvendor =", 4},
		"nearly readable":   {"vendor =", "colors.light = '#767676'\nvendor =", 4}, // 4.54 on white, 4.27 on our background
		"no language":       {"vendor =", "languages = ['en', 'xx']\nvendor =", 4},
		"another's file":    {"vendor =", "languages = ['en', '../../brand/x']\nvendor =", 4},
		"Handback's name":   {"Acme Release", "handback", 1},
		"Handback's ID":     {"com.acme.Release", "app.Handback.handback", 2},
		"its command":       {"acme-release", "handback", 3},
		"its window":        {"acme-release", "handback-window", 3},
		"a device's name":   {"Acme Release", "Aux.1", 1},
		"a device":          {"acme-release", "com1", 3},
		"a folder's name":   {"acme-release", "man", 3},
		"a long name":       {"Acme Release", strings.Repeat("a", 41), 1},
		"a quoted member":   {"vendor = ", "\n'vendor' = '#' #", 5},
		"an inline table":   {"vendor = ", "colors = {light = '#000000', dark = '#0'}\nvendor = ", 4},
		"a host":            {"acme.example", "acme", 5},
		"a host of dots":    {"https://acme.example", "https://..", 5},
		"a first revision":  {"vendor =", "revision = 1\nvendor =", 4},
		"no revision":       {"vendor =", "revision = -2\nvendor =", 4},
		"a large revision":  {"vendor =", "revision = 65536\nvendor =", 4},
		"a word's revision": {"vendor =", "revision = 'b'\nvendor =", 4},
		"BOM":               {"name =", "\ufeffname =", 1},
	} {
		_, err := parse([]byte(strings.Replace(right, c.from, c.to, 1)))
		var wrong *brand.Error
		if !errors.As(err, &wrong) || wrong.Line != c.line {
			t.Errorf("%s: %v, want line %d", name, err, c.line)
		}
	}
	for _, more := range []string{"", "colors.light = '#707070'\ncolors.dark = '#FFFFFF'\n", "revision = 2\n", "revision = 65535\n"} {
		if _, err := parse([]byte(right + more)); err != nil {
			t.Error(err)
		}
	}
}

// What make, shells, XML, TOML or a registry would read differently is refused.
func TestANameThatAnyPackagingWouldReadDifferentlyIsRefused(t *testing.T) {
	for _, name := range []string{`Acme \"CAD\"`, "Acme's", "Acme $HOME", "$(shell id)", "`id`", "Acme # 1", `Acme\\CAD`, "Acme\\nCAD", "Acme  CAD",
		" Acme", "Acme ", "Acme/CAD", "Acme: CAD", "Acme\u202ecad", "Acme {{.x}}", "Acme%s", "-Acme", "Acme.", "Acme;CAD", "Acme\u00a0CAD", "A|B", "~"} {
		for line, from := range map[int]string{1: "Acme Release", 4: "Acme Inc."} {
			if line == 4 && name == "Acme." {
				continue // allowed at the end, as in Inc.
			}
			_, err := parse([]byte(strings.Replace(right, from, name, 1)))
			var wrong *brand.Error
			if !errors.As(err, &wrong) || wrong.Line != line {
				t.Errorf("%s: %v, want line %d", name, err, line)
			}
		}
	}
	for _, name := range []string{"Žluťoučký Kůň", "ライセンス解放", "A & B", "3D+ 2.0", "X", strings.Repeat("é", 40)} {
		b, err := parse([]byte(strings.NewReplacer("Acme Release", name, "Acme Inc.", name, "\n", "\r\n").Replace(right)))
		if err != nil || b.Name != name || b.Vendor != name {
			t.Errorf("%s: %+v, %v", name, b, err)
		}
	}
}
