//go:build unix

package durable

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"handback/app/apptest"
)

func TestALogIsAppendedToAndNeverThroughALinkAFolderOrAPipe(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a.log")
	for range 2 {
		if err := Append(path, []byte("line\n")); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile(path); string(got) != "line\nline\n" {
		t.Errorf("it holds %q", got)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	link, pipe := filepath.Join(folder, "link"), filepath.Join(folder, "pipe")
	if err := errors.Join(os.Symlink(path, link), unix.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{link, pipe, folder} {
		if err := Append(other, []byte("more\n")); !errors.Is(err, ErrNotRegular) {
			t.Errorf("%s: %v", other, err)
		}
	}
	if file, err := openAppend(link); err == nil { // the link that replaced the file
		file.Close()
		t.Error("a link was opened")
	}
	if got, _ := os.ReadFile(path); string(got) != "line\nline\n" {
		t.Errorf("it holds %q", got)
	}
}

func TestALineThatWasCutOffIsEndedBeforeAnotherIsAppended(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.log")
	for before, want := range map[string]string{"": "line\n", "whole\n": "whole\nline\n", "cut o": "cut o\nline\n"} {
		apptest.Write(t, path, before)
		if err := Append(path, []byte("line\n")); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != want {
			t.Errorf("%q became %q, want %q", before, got, want)
		}
	}
}
