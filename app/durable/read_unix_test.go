//go:build unix

package durable

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"handback/app/fault"
)

// soon fails the test if a call blocks.
func soon(t *testing.T, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { do(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("it blocks")
	}
}

// F81: a pipe that replaced the file after it was checked.
func TestOpeningAFileToReadNeverBlocks(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	soon(t, func() {
		file, err := openSource(pipe)
		if err != nil {
			t.Error(err)
			return
		}
		file.Close()
	})
}

// F78: the kernel's log looks like a regular file, and has no data until something
// happens.
func TestAFileThatHasNothingToReadIsNotWaitedFor(t *testing.T) {
	const log = "/proc/kmsg"
	if file, err := os.OpenFile(log, os.O_RDONLY|unix.O_NONBLOCK, 0); err != nil {
		t.Skipf("on Linux, root alone may read it: %v", err)
	} else {
		file.Close()
	}
	soon(t, func() {
		if _, err := Read(log, 1<<30); !errors.Is(err, fault.New(fault.Input, "durable.not_a_file")) {
			t.Error(err)
		}
	})
}

// F81: a pipe, a device or a link that replaced the file after a folder had listed it.
func TestWhatReplacesAListedFileIsNotWaitedFor(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	soon(t, func() {
		for _, path := range []string{pipe, os.DevNull} {
			if _, err := ReadListed(path, 1<<20); !errors.Is(err, fault.New(fault.Input, "durable.not_a_file")) {
				t.Errorf("%s: %v", path, err)
			}
		}
	})
}

// A file of the system says that it is empty, and is not.
func TestAFileWithoutASizeIsReadToItsEnd(t *testing.T) {
	const path = "/proc/self/cmdline"
	want, err := os.ReadFile(path)
	if err != nil {
		t.Skip("not on Linux")
	}
	for _, read := range []func(string, int64) ([]byte, error){Read, ReadListed} {
		if got, err := read(path, 1<<20); err != nil || string(got) != string(want) {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func BenchmarkReadingManyFiles(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.req")
	if err := os.WriteFile(path, make([]byte, 500), 0o600); err != nil {
		b.Fatal(err)
	}
	for name, read := range map[string]func(string, int64) ([]byte, error){"named": Read, "listed": ReadListed} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := read(path, 1<<20); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
