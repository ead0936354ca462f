//go:build unix

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
)

const (
	apiKey    = "00000000-1111-2222-3333-444444444444"
	sharedKey = "an-invented-shared-key-0123456789"
	product   = "acmecad"
)

// lab has the files that the rows share, in a temporary folder.
type lab struct {
	quick    bool
	project  string
	folder   string
	handback string
	key      secret.Secret
	next     int // numbers what is made
}

func newLab(quick bool) (*lab, error) {
	project, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "handback-bench")
	if err != nil {
		return nil, err
	}
	l := &lab{quick: quick, project: project, folder: folder, handback: filepath.Join(project, "bin", "handback"), key: secret.New([]byte(sharedKey))}
	profile := "name = 'Acme CAD'\nproduct.code = '" + product + "'\nauthorization.api_key = '" + apiKey + "'\n"
	for name, text := range map[string]string{"key.txt": sharedKey, "acme.toml": profile, "schema2.toml": profile + "request.schema = 2\n"} {
		if err := os.WriteFile(l.path(name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *lab) close() { _ = os.RemoveAll(l.folder) }

func (l *lab) path(name string) string { return filepath.Join(l.folder, name) }

// fresh returns the path of a new folder or file, which is not there yet.
func (l *lab) fresh(name string) string {
	l.next++
	return l.path(fmt.Sprintf("%d-%s", l.next, name))
}

// vendor returns the flags for a profile and the shared key.
func (l *lab) vendor(profile string) []string {
	return []string{"--profile", l.path(profile), "--secret-file", l.path("key.txt")}
}

// command returns Handback with a home folder.
func (l *lab) command(home string, args ...string) *exec.Cmd {
	cmd := exec.Command(l.handback, args...)
	cmd.Env = append(os.Environ(), "HANDBACK_HOME="+home, "LC_ALL=C.UTF-8")
	return cmd
}

// process runs a program to its end.
func process(cmd *exec.Cmd) (sample, error) {
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		return sample{}, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return sample{}, err
	}
	var s sample
	lines := bufio.NewReaderSize(out, 1<<16)
	if _, err := lines.ReadSlice('\n'); err == nil {
		s.first = time.Since(began)
	}
	_, _ = io.Copy(io.Discard, lines)
	err = cmd.Wait()
	s.wall = time.Since(began)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w: %s", cmd, err, &problems)
	}
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	s.memory = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	return s, nil
}

// firstLineOf runs a program until it has printed a line.
func firstLineOf(cmd *exec.Cmd) (sample, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return sample{}, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return sample{}, err
	}
	_, err = bufio.NewReader(out).ReadSlice('\n')
	s := sample{first: time.Since(began)}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return s, err
}

// here runs a function of this program.
func here(do func() error) (sample, error) {
	before := usage()
	began := time.Now()
	err := do()
	return sample{wall: time.Since(began), cpu: usage() - before}, err
}

func usage() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// shell returns what a shell command prints.
func shell(command string) string {
	out, _ := exec.Command("sh", "-c", command).Output()
	return string(out)
}

// loads returns the computer's load over the last minute.
func loads() string {
	text, _ := os.ReadFile("/proc/loadavg")
	load, _, _ := strings.Cut(string(text), " ")
	return load
}

// requests returns signed requests of different devices, coded as in their files.
func (l *lab) requests(count int) ([]string, error) {
	all := make([]string, count)
	for n := range all {
		d := request.Draft{Schema: request.Schema1, Product: product, APIKey: apiKey,
			LicenseKey: fmt.Sprintf("GPYC-%04d-%04d-C3LK", n/10_000, n%10_000), HardwareID: fmt.Sprintf("%064x", n)}
		d.RequestID = d.NewID()
		r, err := request.Make(d, time.Now, l.key)
		if err != nil {
			return nil, err
		}
		all[n] = r.Encode()
	}
	return all, nil
}

// files writes requests into a folder, a thousand to each folder in it.
func (l *lab) files(requests []string) (folder string, err error) {
	folder = l.fresh("requests")
	for n, text := range requests {
		inner := filepath.Join(folder, fmt.Sprintf("%03d", n/1000))
		if err := os.MkdirAll(inner, 0o700); err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(inner, fmt.Sprintf("%06d.req", n)), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	return folder, nil
}

// server starts a sandbox that answers each request after a time.
func (l *lab) server(after time.Duration) (*httptest.Server, error) {
	box, err := sandbox.New(sandbox.Options{Product: product, APIKey: apiKey, Secret: l.key})
	if err != nil {
		return nil, err
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(after)
		box.ServeHTTP(w, r)
	})), nil
}
