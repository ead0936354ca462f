// Package apptest has what the tests of several packages need. Only tests import it. It
// imports no package below app but fault, so that all others can use it in their tests.
package apptest

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"unicode/utf16"

	"handback/app/fault"
)

// Values of an invented vendor and its customer.
const (
	SharedKey  = "canary-shared-key"
	APIKey     = "00000000-1111-2222-3333-444444444444"
	LicenseKey = "GPYC-X5J2-L5SK-C3LK"
	HardwareID = "7b0aa26d48cb5f0e"
)

// Key returns the catalogue's key of a fault, the text of another error, and an empty text
// for nil.
func Key(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Key
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// Names returns the names of the files and folders in a folder, sorted.
func Names(t testing.TB, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// Write writes a file that its owner alone can read.
func Write[T string | []byte](t testing.TB, path string, content T) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// File writes a file to a folder of its own, and returns its path.
func File[T string | []byte](t testing.TB, name string, content T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	Write(t, path, content)
	return path
}

// Base64 returns a text as requests are carried: standard base64 with padding.
func Base64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// UTF16 returns a text in UTF-16 with a byte order mark.
func UTF16(order binary.AppendByteOrder, text string) string {
	var data []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		data = order.AppendUint16(data, unit)
	}
	return string(data)
}

// Tool returns the path of a program by another author, which a Debian package has. It
// fails the test if the program is not installed.
func Tool(t testing.TB, name, debianPackage string) (path string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: install Debian's package %s (make need-test)", name, debianPackage)
	}
	return path
}

// Race reports whether the test was built with the race detector.
func Race() bool {
	info, _ := debug.ReadBuildInfo()
	return slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// RoundTrip is an [http.RoundTripper].
type RoundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Wire is an [http.RoundTripper] that records what is sent through it.
type Wire struct {
	Inner http.RoundTripper // where it leads
	Lose  bool              // no answer comes back

	mu   sync.Mutex
	sent []*http.Request
}

// RoundTrip sends a request through Inner.
func (w *Wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sent = append(w.sent, r)
	w.mu.Unlock()
	answer, err := w.Inner.RoundTrip(r)
	if err == nil && w.Lose {
		answer.Body.Close()
		return nil, errors.New("the answer was lost")
	}
	return answer, err
}

// Sent returns all that was sent.
func (w *Wire) Sent() []*http.Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}
