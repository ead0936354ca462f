package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// F73: the archive's installer, into a folder in which others may have made links.
func TestTheInstallerFollowsNoLink(t *testing.T) {
	archive, prefix := t.TempDir(), t.TempDir()
	script, err := os.ReadFile("../../assets/packaging/linux/install.sh")
	if err != nil {
		t.Fatal(err)
	}
	bin, victim := filepath.Join(prefix, "bin"), filepath.Join(prefix, "victim")
	program := filepath.Join(bin, "handback")
	if err := errors.Join(
		os.MkdirAll(filepath.Join(archive, "bin"), 0o755), os.Mkdir(filepath.Join(archive, "share"), 0o755), os.Mkdir(bin, 0o755), os.Mkdir(victim, 0o755),
		os.WriteFile(filepath.Join(archive, "install.sh"), script, 0o755),
		os.WriteFile(filepath.Join(archive, "bin", "handback"), []byte("#!/bin/sh\n"), 0o755),
		os.WriteFile(filepath.Join(victim, "file"), []byte("as it was"), 0o600),
		os.Symlink(filepath.Join(victim, "file"), program+".new"), os.Symlink(victim, program),
	); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if said, err := exec.CommandContext(t.Context(), filepath.Join(archive, "install.sh"), "--prefix", prefix).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		if info, err := os.Lstat(program); err != nil || info.Mode() != 0o755 {
			t.Errorf("installed: %v, %v", info, err)
		}
		if text, err := os.ReadFile(filepath.Join(victim, "file")); err != nil || string(text) != "as it was" {
			t.Errorf("what a link led to now reads %q, %v", text, err)
		}
		for folder, want := range map[string]int{bin: 2, victim: 1} { // nothing may remove the link beside it
			if entries, _ := os.ReadDir(folder); len(entries) != want {
				t.Errorf("%s holds %v", folder, entries)
			}
		}
	}
}
