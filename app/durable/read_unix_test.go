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
