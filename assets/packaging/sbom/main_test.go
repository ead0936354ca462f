package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"handback/assets"
)

var flags = []string{"-name", "Handback", "-version", "0.1.0", "-date", "2026-11-01", "-vendor", "The Handback authors"}

// systems are those that the command is built for, and where its program goes.
var systems = []struct{ os, architecture, file string }{
	{"linux", "amd64", "handback"}, {"windows", "amd64", "handback.exe"}, {"darwin", "arm64", "darwin/handback"},
}

// programs builds the command for each of systems.
func programs(t *testing.T) []string {
	t.Helper()
	folder := t.TempDir()
	var files []string
	for _, system := range systems {
		file := filepath.Join(folder, system.file)
		build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "no_emoji", "-o", file, "handback/cmd/handback")
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+system.architecture, "GOOS="+system.os)
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		files = append(files, file)
	}
	return files
}

func write(t *testing.T, arguments ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := run(arguments, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBill(t *testing.T) {
	files := programs(t)
	described := map[string]string{}
	for i, system := range systems {
		described[files[i]] = system.os + "/" + system.architecture
	}
	notes := []string{"-note", "who has the program can extract the key", "-note", "a < b & c"}
	raw := write(t, slices.Concat(flags, notes, files)...)
	if err := check(raw); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(files)
	if again := write(t, slices.Concat(flags, notes[2:], notes[:2], files)...); !bytes.Equal(raw, again) {
		t.Error("another order gives another bill")
	}
	if other := write(t, append(slices.Clone(flags), files[0])...); bytes.Contains(other, serial(raw)) {
		t.Error("other programs, the same serial number")
	}

	var bill bom
	if err := json.Unmarshal(raw, &bill); err != nil {
		t.Fatal(err)
	}
	if m := bill.Metadata; m.Timestamp != "2026-11-01T00:00:00Z" || m.Component.Name != "Handback" || m.Component.Version != "0.1.0" ||
		m.Component.Supplier.Name != "The Handback authors" || m.Component.Licenses[0].License.ID != "Apache-2.0" ||
		!slices.Equal(m.Properties, []property{{"handback:note", "a < b & c"}, {"handback:note", "who has the program can extract the key"}}) {
		t.Errorf("metadata: %+v", m)
	}
	if bill.SerialNumber[len("urn:uuid:")+14] != '5' {
		t.Errorf("%s is not of version 5", bill.SerialNumber)
	}
	known := map[string]component{}
	for _, c := range bill.Components {
		known[c.Ref] = c
	}
	uses := map[string][]string{}
	for _, d := range bill.Dependencies {
		uses[d.Ref] = d.DependsOn
	}
	if len(uses["application"]) != len(files) {
		t.Errorf("the application depends on %q", uses["application"])
	}
	for _, file := range files {
		program, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ref := "sha256:" + sum(program)[0].Content
		if c := known[ref]; c.Name != filepath.Base(file) || c.Description != described[file] || !slices.Contains(uses["application"], ref) {
			t.Fatalf("%s is not there", file)
		}

		// What the go command reads out of the program must be in the bill, and no more.
		out, err := exec.Command("go", "version", "-m", file).Output()
		if err != nil {
			t.Fatal(err)
		}
		version := strings.TrimPrefix(strings.Fields(string(out))[1], "go")
		want := []string{"pkg:golang/std@" + version}
		if bytes.Contains(program, assets.Japanese) {
			want = append(want, "assets/font/japanese.ttf")
		}
		for line := range strings.Lines(string(out)) {
			fields := strings.Fields(line)
			switch fields[0] {
			case "dep":
				address := "pkg:golang/" + strings.ToLower(fields[1]) + "@" + strings.ReplaceAll(fields[2], "+", "%2B")
				want = append(want, address)
				if c := known[address]; c.PURL != address || c.Name != fields[1] || c.Version != fields[2] ||
					!slices.Equal(c.Properties, []property{{"handback:go:h1", fields[3]}}) {
					t.Errorf("%s is %+v", address, c)
				}
			case "build":
				key, value, _ := strings.Cut(fields[1], "=")
				if slices.Contains(settings, key) && !slices.Contains(known[ref].Properties, property{"handback:build:" + key, value}) {
					t.Errorf("%s does not say %s", file, fields[1])
				}
			}
		}
		slices.Sort(want)
		if len(want) < 10 || !slices.Equal(want, uses[ref]) {
			t.Errorf("%s uses %q\nthe bill says %q", file, want, uses[ref])
		}
		for _, tags := range []property{{"handback:build:-tags", "no_emoji"}, {"handback:build:CGO_ENABLED", "0"}, {"handback:go:version", "go" + version}} {
			if !slices.Contains(known[ref].Properties, tags) {
				t.Errorf("%s does not say %v", file, tags)
			}
		}
	}

	saved := filepath.Join(t.TempDir(), "bill.cdx.json")
	if err := os.WriteFile(saved, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := write(t, "-check", saved); len(out) > 0 {
		t.Errorf("-check says %q", out)
	}
	for _, change := range []struct{ old, changed, says string }{
		{`"bomFormat": "CycloneDX"`, `"bomFormat": "SPDX"`, "bomFormat"},
		{`"specVersion": "1.6"`, `"specVersion": "1.5"`, "1.5"},
		{`"type": "library"`, `"type": "module"`, "type"},
		{`"id": "Apache-2.0"`, `"id": "Apache-2"`, "license"},
		{`"alg": "SHA-256"`, `"alg": "SHA256"`, "alg"},
		{`"content": "`, `"content": "x`, "content"},
		{`T00:00:00Z"`, `"`, "date-time"},
		{`urn:uuid:`, `urn:`, "serialNumber"},
		{`"version": 1,`, `"version": 0,`, "version"},
		{`"version": 1,`, `"version": 1, "version": 1,`, "strict"},
		{`"version": 1,`, `"version": 1, "color": "red",`, "color"},
		{`"name": "std",`, ``, "name"},
		{`"bom-ref": "pkg:golang/std@`, `"bom-ref": "std@`, "nowhere"},
		{`"ref": "application"`, `"ref": "program"`, "nowhere"},
		{`"bom-ref": "sha256:`, `"bom-ref": "application", "cpe": "`, "twice"},
		{"{", "", "strict"},
	} {
		broken := strings.Replace(string(raw), change.old, change.changed, 1)
		if broken == string(raw) {
			t.Errorf("there is no %s", change.old)
		}
		if err := check([]byte(broken)); err == nil || !strings.Contains(err.Error(), change.says) {
			t.Errorf("%s instead of %s: %v", change.changed, change.old, err)
		}
		if err := os.WriteFile(saved, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := run([]string{"-check", saved}, &bytes.Buffer{}); err == nil {
			t.Errorf("-check takes %s", change.changed)
		}
	}
}

// serial is the line of the serial number.
func serial(raw []byte) []byte {
	for line := range bytes.Lines(raw) {
		if bytes.Contains(line, []byte("serialNumber")) {
			return line
		}
	}
	return nil
}

// This test holds the typeface, which the command has no use for.
func TestTypeface(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	raw := write(t, append(slices.Clone(flags), self)...)
	if err := check(raw); err != nil {
		t.Fatal(err)
	}
	var bill bom
	if err := json.Unmarshal(raw, &bill); err != nil {
		t.Fatal(err)
	}
	font, err := os.ReadFile("../../font/japanese.ttf")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(bill.Components, func(c component) bool {
		return c.Name == "Motoya L Cedar" && c.Licenses[0].License.ID == "Apache-2.0" && slices.Equal(c.Hashes, sum(font))
	}) || !slices.ContainsFunc(bill.Dependencies, func(d dependency) bool {
		return strings.HasPrefix(d.Ref, "sha256:") && slices.Contains(d.DependsOn, "assets/font/japanese.ttf")
	}) {
		t.Errorf("the typeface is not there: %s", raw)
	}
}

func TestReplaced(t *testing.T) {
	for _, c := range []struct {
		module                debug.Module
		name, purl, ref, says string
	}{
		{debug.Module{Path: "example.com/Upper", Version: "v2.0.0+incompatible", Sum: "h1:a="},
			"example.com/Upper", "pkg:golang/example.com/upper@v2.0.0%2Bincompatible", "pkg:golang/example.com/upper@v2.0.0%2Bincompatible", "h1:a="},
		{debug.Module{Path: "example.com/a", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/fork", Version: "v1.0.1", Sum: "h1:b="}},
			"example.com/fork", "pkg:golang/example.com/fork@v1.0.1", "pkg:golang/example.com/fork@v1.0.1 for example.com/a@v1.0.0", "h1:b= example.com/a@v1.0.0"},
		{debug.Module{Path: "example.com/a", Version: "v1.0.0", Replace: &debug.Module{Path: "/home/somebody/a"}},
			"example.com/a", "", "folder:example.com/a@v1.0.0", "example.com/a@v1.0.0"},
	} {
		got := module(&c.module)
		var says []string
		for _, p := range got.Properties {
			says = append(says, p.Value)
		}
		if got.Name != c.name || got.PURL != c.purl || got.Ref != c.ref || strings.Join(says, " ") != c.says {
			t.Errorf("%+v", got)
		}
	}
}

func TestRefused(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	with := func(more ...string) []string { return append(slices.Clone(flags), more...) }
	for _, c := range []struct {
		arguments []string
		says      string
	}{
		{nil, "-name is missing"},
		{[]string{"-help"}, "usage"},
		{flags[:6], "-vendor is missing"},
		{flags, "no programs"},
		{with("-name", "Again", self), "given twice"},
		{with("-note", "", self), "empty"},
		{with("-note", "two\nlines", self), "control"},
		{with("-note", "\xff", self), "utf-8"},
		{with("-color", self), "not defined"},
		{with(self, "-note", "late"), "before files"},
		{with(self, self), "are the same"},
		{with("main.go"), "main.go"},
		{with("nowhere"), "nowhere"},
		{append([]string{"-name", "a", "-version", "v1", "-date", "2026-11-01", "-vendor", "b"}, self), "1.2.3"},
		{append([]string{"-name", "a", "-version", "1.0.0", "-date", "2026-11-31", "-vendor", "b"}, self), "not a date"},
		{[]string{"-check", "nowhere"}, "nowhere"},
		{[]string{"-check", "main.go"}, "strict"},
		{[]string{"-check", "main.go", "bill.go"}, "nothing else"},
		{[]string{"-check", "main.go", "-name", "a"}, "nothing else"},
	} {
		var out bytes.Buffer
		if err := run(c.arguments, &out); err == nil || !strings.Contains(err.Error(), c.says) || out.Len() > 0 {
			t.Errorf("%q: %v %s", c.arguments, err, out.Bytes())
		}
	}
}
