package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// F61: a canary license key in errors, names of files and crash reports. If a person
// typed a key with look-alike characters, the error proposes the right one: that is what
// was typed, and it is shown on the terminal where it was typed.
func TestALicenseKeyIsInNoErrorNoFileNameAndNoCrashReport(t *testing.T) {
	const key = "CANA-RYKE-YCAN-ARYK"
	flags := vendor(t)
	folder := t.TempDir()
	target := filepath.Join(folder, "a.req")
	create := func(more ...string) []string {
		return slices.Concat([]string{"create", "--license-key", key, "--hardware-id", "workstation-7"}, flags, more)
	}
	run(t, "", "handback", create("--output", target)...)
	submit := slices.Concat([]string{"submit", target, "--endpoint", "http://127.0.0.1:1"}, flags)
	for name, args := range map[string][]string{
		"the target exists": create("--output", target),
		"no such folder":    create("--output", filepath.Join(folder, "none", "a.req")),
		"two outputs":       create("--output", "-", "--qr", "-"),
		"no secret":         {"create", "--license-key", key, "--hardware-id", "w", "--profile", flags[1]},
		"both owners":       create("--username", "anna"),
		"another product":   slices.Concat([]string{"submit", target, "--profile", filepath.Join("testdata", "vendor", "other.toml")}, flags[2:]),
		"no connection":     submit,
		"a crash":           create("--output", filepath.Join(folder, "b.req")),
		"an unknown flag":   {"create", "--license-kei", key},
	} {
		program := "handback"
		if name == "a crash" {
			program = "handback-crashes"
		}
		cmd := exec.Command(program, args...)
		cmd.Env = append(os.Environ(), "GOTRACEBACK=all")
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Run(); err == nil {
			t.Errorf("%s: %v, %s", name, err, &said)
		}
		if strings.Contains(said.String(), key) || strings.Contains(said.String(), canary) {
			t.Errorf("%s: %s", name, &said)
		}
		if name == "a crash" && !strings.Contains(said.String(), "goroutine") {
			t.Errorf("it did not crash: %s", &said)
		}
	}
	for _, place := range []string{folder, os.Getenv("HANDBACK_HOME")} {
		if err := filepath.WalkDir(place, func(path string, _ fs.DirEntry, err error) error {
			if strings.Contains(strings.ToUpper(path), "CANA") {
				t.Errorf("the key is in a name: %s", path)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
}
