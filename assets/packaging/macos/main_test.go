package main

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/brand"
	"handback/app/words"
)

const root = "../../../"

// build builds a small program.
func build(t *testing.T, system, architecture, linking string) string {
	t.Helper()
	folder := t.TempDir()
	source, file := filepath.Join(folder, "main.go"), filepath.Join(folder, "program")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", "build", "-ldflags", linking, "-o", file, source)
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+architecture)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}

func TestAProgramThatMacOSStartsIsTold(t *testing.T) {
	for _, architecture := range []string{"arm64", "amd64"} {
		var out bytes.Buffer
		if err := run([]string{"facts", build(t, "darwin", architecture, "-s -w")}, &out); err != nil || out.String() != architecture+" 12.0\n" {
			t.Errorf("%v, %q", err, out.String())
		}
	}
}

func TestAProgramThatMacOSDoesNotStartIsRefused(t *testing.T) {
	sound, err := os.ReadFile(build(t, "darwin", "arm64", "-s -w"))
	if err != nil {
		t.Fatal(err)
	}
	// The signature is the last load command that Go's linker writes.
	commands := int(binary.LittleEndian.Uint32(sound[20:])) + 32
	changed := func(at int, to byte) string {
		content := bytes.Clone(sound)
		content[at] ^= to
		file := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for name, c := range map[string]struct{ file, says string }{
		"one without an identity":           {build(t, "darwin", "arm64", "-s -w -buildid="), "LC_UUID"},
		"one for another system":            {build(t, "linux", "arm64", ""), "magic"},
		"one that was changed":              {changed(len(sound)/2, 1), "not what was signed"},
		"one whose signature is not there":  {changed(commands-16, 1), "not signed"},
		"one whose signature is cut off":    {changed(commands-1, 0x10), "cut off"},
		"one whose signature is none":       {changed(int(binary.LittleEndian.Uint32(sound[commands-8:])), 1), "signature is none"},
		"one that there is not":             {"nowhere", "nowhere"},
		"one that was changed at its start": {changed(12, 2), "no program"},
	} {
		err := run([]string{"facts", c.file}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheIconHoldsThePictureInEverySize(t *testing.T) {
	icon, err := os.ReadFile(root + "assets/icon.png")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run([]string{"icon", root + "assets/icon.png"}, &out); err != nil {
		t.Fatal(err)
	}
	whole, err := png.Decode(bytes.NewReader(icon))
	if err != nil {
		t.Fatal(err)
	}
	next := func(rest []byte) (name string, content, after []byte) {
		length := binary.BigEndian.Uint32(rest[4:])
		return string(rest[:4]), rest[8:length], rest[length:]
	}
	name, rest, after := next(out.Bytes())
	if name != "icns" || len(after) > 0 {
		t.Fatalf("%s, and %d bytes behind", name, len(after))
	}
	sides := map[string]int{"ic07": 128, "ic08": 256, "ic09": 512, "ic11": 32, "ic12": 64, "ic13": 256, "ic14": 512}
	for len(rest) > 0 {
		var content []byte
		name, content, rest = next(rest)
		picture, err := png.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if side := sides[name]; picture.Bounds() != image.Rect(0, 0, side, side) {
			t.Errorf("%s: %v", name, picture.Bounds())
		}
		delete(sides, name)
		step := 512 / picture.Bounds().Dx()
		r, g, b, a := picture.At(256/step, 256/step).RGBA()
		wr, wg, wb, wa := whole.At(256, 256).RGBA()
		for _, pair := range [][2]uint32{{r, wr}, {g, wg}, {b, wb}, {a, wa}} {
			if max(pair[0], pair[1])-min(pair[0], pair[1]) > 0x1800 {
				t.Errorf("%s: the middle is %x %x %x %x, not %x %x %x %x", name, r, g, b, a, wr, wg, wb, wa)
				break
			}
		}
	}
	if len(sides) > 0 {
		t.Errorf("missing: %v", sides)
	}
}

func TestAnIconOfAnotherSizeIsRefused(t *testing.T) {
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 256, 256))); err != nil {
		t.Fatal(err)
	}
	if err := writeIcon(io.Discard, small.Bytes()); err == nil || !strings.Contains(err.Error(), "256") {
		t.Error(err)
	}
}

func kinds(t *testing.T) []kind {
	t.Helper()
	kinds, err := readKinds(root + kindsFile)
	if err != nil || len(kinds) != 3 {
		t.Fatalf("%v, %v", kinds, err)
	}
	return kinds
}

// wellFormed reads XML to its end.
func wellFormed(t *testing.T, text []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
}

func TestWhoMadeAFormExportsIt(t *testing.T) {
	acme := brand.Brand{Name: "Acme & Sons", ID: "example.acme.Release", Command: "acme-release", Vendor: "Acme & Sons Inc."}
	for _, c := range []struct {
		brand    brand.Brand
		exported bool
		says     []string
	}{
		{brand.Current(), true, []string{"<string>app.handback.Handback</string>", "<string>handback-window</string>"}},
		{acme, false, []string{"<string>Acme &amp; Sons</string>", "<string>acme-release-window</string>"}},
	} {
		var out bytes.Buffer
		if err := writePlist(&out, c.brand, 0x000c0100, kinds(t)); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, out.Bytes())
		text := out.String()
		imported, exported := strings.Index(text, "UTImportedTypeDeclarations"), strings.Index(text, "UTExportedTypeDeclarations")
		if (exported >= 0) != c.exported {
			t.Errorf("%s exports: %v", c.brand.Name, exported >= 0)
		}
		handoff, request := strings.LastIndex(text, "<string>app.handback.handoff</string>"), strings.LastIndex(text, "<string>app.handback.request</string>")
		if request < imported || c.exported && (handoff < exported || handoff > imported) || !c.exported && handoff < imported {
			t.Errorf("%s: a type is declared in the wrong place:\n%s", c.brand.Name, text)
		}
		for _, says := range append(c.says, "<string>12.1</string>") {
			if !strings.Contains(text, says) {
				t.Errorf("%s: no %s", c.brand.Name, says)
			}
		}
	}
}

func TestEveryLanguageNamesTheKindsOfFiles(t *testing.T) {
	for _, language := range words.Languages() {
		var out bytes.Buffer
		if err := writeStrings(&out, language, kinds(t)); err != nil {
			t.Error(err)
		}
		wellFormed(t, out.Bytes())
	}
	if err := writeStrings(io.Discard, "xx", kinds(t)); err == nil {
		t.Error("a language that there is not has names")
	}
}

func TestWhatIsNotUnderstoodPrintsNothing(t *testing.T) {
	for _, arguments := range [][]string{nil, {"facts"}, {"plist", "one"}, {"strings"}, {"icon"}, {"nonsense"}} {
		var out bytes.Buffer
		if err := run(arguments, &out); err == nil || !strings.HasPrefix(err.Error(), "usage: ") || out.Len() > 0 {
			t.Errorf("%q: %v, %q", arguments, err, out.String())
		}
	}
}
