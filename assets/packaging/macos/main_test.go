package main

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/brand"
	"handback/app/words"
)

const root = "../../../"

// build builds a small program and returns its path.
func build(t *testing.T, system, architecture, linking string) string {
	t.Helper()
	folder := t.TempDir()
	source, file := filepath.Join(folder, "main.go"), filepath.Join(folder, "program")
	apptest.Write(t, source, "package main\n\nfunc main() {}\n")
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
		apptest.Write(t, file, content)
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
		if err := writePlist(&out, c.brand, 0x000c0100); err != nil {
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
		if err := writeStrings(&out, language, root+kindsFile); err != nil {
			t.Error(err)
		}
		wellFormed(t, out.Bytes())
		for _, name := range regexp.MustCompile(`<key>CFBundleTypeName</key>\s*<string>(.*)</string>`).FindAllStringSubmatch(infoPlist, -1) {
			if !strings.Contains(out.String(), "<key>"+name[1]+"</key>") {
				t.Errorf("%s has no name for %q of Info.plist", language, name[1])
			}
		}
	}
	if err := writeStrings(io.Discard, "xx", root+kindsFile); err == nil {
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
