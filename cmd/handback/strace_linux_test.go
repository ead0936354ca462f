package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/cmd/terminal"
)

// changing are the system calls that change a file system, and those that may come just
// before one. Between two of them nothing on the disk changes.
var changing = []string{"openat", "write", "pwrite64", "fsync", "fdatasync", "linkat", "unlinkat", "renameat", "renameat2", "mkdirat", "fchmodat",
	"ftruncate", "flock", "close"}

// sweptCalls returns the system calls at which the command is killed: with
// HANDBACK_SWEEP=all every one that an undisturbed run makes.
func sweptCalls(t *testing.T, args []string) []string {
	t.Helper()
	log := filepath.Join(t.TempDir(), "calls")
	if out, err := straced(t, "-f", "-qq", "-o", log, "handback-on-one-thread", args); err != nil {
		t.Fatalf("untouched: %v\n%s", err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		_, call, _ := strings.Cut(line, " ")
		name, _, ok := strings.Cut(strings.TrimSpace(call), "(")
		if ok && !strings.ContainsAny(name, "<+- ") {
			made[name] = true
		}
	}
	// The program is not killed when it starts or exits.
	maps.DeleteFunc(made, func(name string, _ bool) bool {
		return name == "execve" || name == "exit_group" || os.Getenv("HANDBACK_SWEEP") != "all" && !slices.Contains(changing, name)
	})
	return slices.Sorted(maps.Keys(made))
}

// straced runs strace. Each argument is a string or a slice of strings.
func straced(t *testing.T, args ...any) (string, error) {
	t.Helper()
	var all []string
	for _, arg := range args {
		switch arg := arg.(type) {
		case string:
			all = append(all, arg)
		case []string:
			all = append(all, arg...)
		}
	}
	cmd := exec.Command(apptest.Tool(t, "strace", "strace"), all...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	err := cmd.Run()
	return out.String(), err
}

// killed runs a command and kills it at the nth system call of a name. It reports whether
// the command ended before.
func killed(t *testing.T, name string, n int, args []string) (ended bool) {
	t.Helper()
	when := "inject=" + name + ":signal=SIGKILL:when=" + strconv.Itoa(n)
	out, err := straced(t, "-f", "-qq", "-o", "/dev/null", "-e", "trace="+name, "-e", when, "handback-on-one-thread", args)
	if err == nil {
		return true
	}
	exit := new(exec.ExitError)
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL && exit.ExitCode() != 128+9 {
		t.Fatalf("killed at %s %d: %v\n%s", name, n, err, out)
	}
	return false
}

// sweep kills a command at every system call. Each run uses the arguments that prepare
// returns; check then examines what is left.
func sweep(t *testing.T, prepare func(t *testing.T) (args []string, check func(t *testing.T, at string))) {
	args, _ := prepare(t)
	swept := 0
	for _, name := range sweptCalls(t, args) {
		for n := 1; ; n++ {
			args, check := prepare(t)
			if killed(t, name, n, args) {
				break
			}
			check(t, name+" "+strconv.Itoa(n))
			swept++
			if t.Failed() {
				return
			}
		}
	}
	if swept < 20 {
		t.Errorf("it was killed %d times only", swept)
	}
	t.Logf("killed %d times", swept)
}

// history returns the history as the next run of the command prints it.
func history(t *testing.T, at string) (records []terminal.RecordJSON) {
	t.Helper()
	out := run(t, "", "handback", "history", "list", "--json")
	for line := range strings.Lines(out) {
		var r terminal.RecordJSON
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("killed at %s: %v in %s", at, err, line)
		}
		records = append(records, r)
	}
	return records
}

// afresh gives the command a home of its own.
func afresh(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	t.Setenv("HANDBACK_HOME", filepath.Join(folder, "home"))
	return folder
}

// F05 F06: killed at any system call of the export.
func TestACreateThatIsKilledAnywhereLeavesTheTargetWholeOrAbsent(t *testing.T) {
	flags := vendor(t)
	sweep(t, func(t *testing.T) ([]string, func(*testing.T, string)) {
		folder := afresh(t)
		target := filepath.Join(folder, "a.req")
		args := append([]string{"create", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "workstation-7", "--output", target}, flags...)
		return args, func(t *testing.T, at string) {
			text, err := os.ReadFile(target)
			if err == nil {
				if _, err := request.Decode(string(text)); err != nil {
					t.Errorf("killed at %s: %d bytes are left: %v", at, len(text), err)
				}
			} else if !errors.Is(err, os.ErrNotExist) {
				t.Error(err)
			}
			history(t, at)
			next := filepath.Join(t.TempDir(), "next.req") // the next run, which writes another file
			run(t, "", "handback", append([]string{"create", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "workstation-7", "--output", next}, flags...)...)
			for _, name := range []string{folder, filepath.Join(folder, "home", "journal"), filepath.Join(folder, "home", "pending")} {
				if left, _ := filepath.Glob(filepath.Join(name, ".handback-*")); left != nil || pending(folder) != 0 {
					t.Errorf("killed at %s: the next start left %v", at, left)
				}
			}
		}
	})
}

// pending returns how many writes are recorded as unfinished.
func pending(folder string) int {
	left, _ := os.ReadDir(filepath.Join(folder, "home", "pending"))
	return len(left)
}

// F56 F62: killed at any system call of the submission, like a window that is closed in
// the middle of it.
func TestASubmissionThatIsKilledAnywhereIsNeverForgottenOnceItLeft(t *testing.T) {
	flags := vendor(t)
	file := created(t, flags)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var box atomic.Pointer[sandbox.Sandbox]
	var posts atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posts.Add(1)
		box.Load().ServeHTTP(w, r)
	}))
	defer server.Close()
	sweep(t, func(t *testing.T) ([]string, func(*testing.T, string)) {
		fresh, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: "00000000-1111-2222-3333-444444444444",
			Secret: secret.New([]byte(canary)), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		box.Store(fresh)
		posts.Store(0)
		folder := afresh(t)
		carried := filepath.Join(folder, "a.req")
		apptest.Write(t, carried, text)
		args := append([]string{"submit", carried, "--endpoint", server.URL}, flags...)
		return args, func(t *testing.T, at string) {
			records := history(t, at)
			if posts.Load() > 1 {
				t.Errorf("killed at %s: sent %d times", at, posts.Load())
			}
			if posts.Load() == 1 && (len(records) != 1 || records[0].State != "unknown" && records[0].State != "released") {
				t.Errorf("killed at %s: it was sent, and the history says %+v", at, records)
			}
		}
	})
}

// F66: the offline half opens no network socket. The submission, which opens one, shows
// that the test would see it.
func TestTheOfflineHalfOpensNoNetworkSocket(t *testing.T) {
	flags := vendor(t)
	folder := afresh(t)
	file := filepath.Join(folder, "a.req")
	owner := []string{"create", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "workstation-7"}
	for _, args := range [][]string{
		slices.Concat(owner, []string{"--output", file, "--qr", file + ".png", "--sheet", file + ".html"}, flags),
		slices.Concat(owner, []string{"--unsigned", "--output", filepath.Join(folder, "a.handback")}, flags[:2]),
		slices.Concat([]string{"inspect", file, file + ".png", filepath.Join(folder, "a.handback")}, flags),
		{"hardware-id", "--all"},
		{"history", "list"},
		{"profile", "list"},
	} {
		if calls := networkCalls(t, args); strings.Contains(calls, "AF_INET") || strings.Contains(calls, "AF_PACKET") {
			t.Errorf("handback %s opened a socket:\n%s", args[0], calls)
		}
	}
	submit := slices.Concat([]string{"submit", file, "--endpoint", "http://127.0.0.1:1"}, flags)
	if calls := networkCalls(t, submit); !strings.Contains(calls, "AF_INET") {
		t.Errorf("a submission was not seen:\n%s", calls)
	}
}

// networkCalls returns the system calls of a command that use a network.
func networkCalls(t *testing.T, args []string) string {
	t.Helper()
	log := filepath.Join(t.TempDir(), "calls")
	out, err := straced(t, "-f", "-qq", "-o", log, "-e", "trace=%network", "handback-on-one-thread", args)
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// F81: content and name of what was written are on the medium before the command ends:
// the request's file, its folder, and the journal.
func TestWhatACommandWritesReachesTheMedium(t *testing.T) {
	flags := vendor(t)
	folder := afresh(t)
	log := filepath.Join(t.TempDir(), "calls")
	args := append([]string{"create", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "workstation-7", "--output", filepath.Join(folder, "a.req")}, flags...)
	if out, err := straced(t, "-f", "-qq", "-y", "-o", log, "-e", "trace=fsync,fdatasync", "handback-on-one-thread", args); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, synced := range []string{folder + "/.handback-", folder + ">", folder + "/home/journal/.handback-", folder + "/home/journal>"} {
		if !strings.Contains(string(text), "<"+synced) {
			t.Errorf("%s is not synchronized:\n%s", synced, text)
		}
	}
}
