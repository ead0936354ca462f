//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/fault"
)

const (
	made    = "--profile acme.toml --license-key AAAA-BBBB-CCCC-DDDD --hardware-id 00112233445566778899 --output a.req"
	program = "handback"
)

// folderFor returns a folder with the vendor's files, a request, and a pipe that nobody
// writes to.
func folderFor(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	err := errors.Join(os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "vendor"))), syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600),
		os.WriteFile(filepath.Join(folder, "key.txt"), []byte(canary), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	cmd, output := started(t, folder, program, "create --secret-file key.txt "+made)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return folder
}

// started starts a command whose standard input never ends.
func started(t *testing.T, folder, name, line string) (cmd *exec.Cmd, output *bytes.Buffer) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { read.Close(); write.Close() })
	cmd = exec.Command(name, strings.Fields(line)...)
	output = new(bytes.Buffer)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = folder, read, output, output
	cmd.Env = append(os.Environ(), "HANDBACK_HOME="+filepath.Join(folder, "home"), overheardIn+"="+t.TempDir(), "LANG=C")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, output
}

// signalled sends the signal once the command has had time to start, and returns how long
// the command then took to end.
func signalled(t *testing.T, cmd *exec.Cmd, output *bytes.Buffer, signal os.Signal) time.Duration {
	t.Helper()
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	select {
	case <-ended:
		t.Fatalf("it did not wait: %s", output)
	case <-time.After(time.Second):
	}
	start := time.Now()
	_ = cmd.Process.Signal(signal)
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		<-ended
		t.Errorf("it goes on: %s", output)
	}
	return time.Since(start)
}

// F78
func TestEveryCommandEndsWithinTwoSecondsOfASignalWhateverItWaitsFor(t *testing.T) {
	if apptest.Race() {
		t.Skip("with it a program takes too long to begin")
	}
	lines := []string{
		"inspect -",
		"inspect a.req --profile acme.toml --secret-file pipe",
		"inspect a.req --profile acme.toml --secret-file -",
		"submit -",
		"submit a.req --profile acme.toml --secret-file pipe",
		"submit a.req --profile acme.toml --secret-file -",
		"create --license-key -",
		"create --secret-file pipe " + strings.Replace(made, "a.req", "b.req", 1),
		"history import -",
		"profile set-secret Other --secret-file pipe",
		"sandbox --profile practice",
		"sandbox --profile acme.toml --secret-file pipe",
	}
	for _, line := range lines {
		for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
			t.Run(line+", "+signal.String(), func(t *testing.T) {
				t.Parallel()
				folder := folderFor(t)
				if err := os.CopyFS(filepath.Join(folder, "home", "profiles"), os.DirFS(filepath.Join("testdata", "vendor"))); err != nil {
					t.Fatal(err)
				}
				cmd, output := started(t, folder, program, line)
				if took := signalled(t, cmd, output, signal); took > 2*time.Second {
					t.Errorf("it took %v: %s", took, output)
				}
				want := fault.Connection.ExitStatus()
				if strings.Contains(line, "practice") {
					want = 0
				}
				if status := cmd.ProcessState.ExitCode(); status != want || !strings.Contains(output.String(), "interrupted") && want != 0 {
					t.Errorf("exit status %d: %s", status, output)
				}
			})
		}
	}
}

// F78: nobody reads any more what the command prints.
func TestASignalEndsACommandWhoseOutputNobodyTakes(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	if err := write.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	_, _ = write.Write(make([]byte, 1<<20)) // fills the pipe
	cmd := exec.Command(program, "--help")
	cmd.Stdout, cmd.Stderr = write, write
	cmd.Env = append(os.Environ(), overheardIn+"="+t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if took := signalled(t, cmd, nil, os.Interrupt); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

// F78: on a disk on which writing takes five seconds.
func TestASignalDoesNotEndACommandInTheMiddleOfWriting(t *testing.T) {
	if apptest.Race() {
		t.Skip("with it a program takes too long to begin")
	}
	folder := folderFor(t)
	cmd, output := started(t, folder, "handback-on-a-slow-disk", "create --secret-file key.txt "+strings.Replace(made, "a.req", "b.req", 1))
	took := signalled(t, cmd, output, os.Interrupt)
	if took < 2*time.Second || !strings.Contains(output.String(), "waiting until") {
		t.Errorf("it took %v: %s", took, output)
	}
	left, err := filepath.Glob(filepath.Join(folder, "home", "*", ".handback-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("it left %q, %v", left, err)
	}
}
