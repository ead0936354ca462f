package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"

	"handback/app/apptest"
)

// canary is the shared key of all tests here. No output may contain it.
const canary = "canary-shared-key-3f2504e04f8941d3"

var listeningLine = regexp.MustCompile(`(?m)^listening on http://(127\.0\.0\.1:[0-9]+)\n`)

// disguises returns the forms in which a secret could be in an output: unchanged, in
// hexadecimal, in UTF-16, and inside base64 at each of the three offsets.
func disguises(text string) [][]byte {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	all := [][]byte{[]byte(text), wide, []byte(hex.EncodeToString([]byte(text)))}
	for offset := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + text))
		all = append(all, []byte(encoded[4:len(encoded)-4])) // the ends depend on what surrounds the secret
	}
	return all
}

// noCanary looks for the shared key in the files of a folder, except those that were
// given and are unchanged.
func noCanary(t testing.TB, folder string, given map[string]file) {
	t.Helper()
	holdsNot(t, folder, canary, given)
}

// holdsNot looks for a secret in the files of a folder, except those that were given and
// are unchanged.
func holdsNot(t testing.TB, folder, secret string, given map[string]file) {
	t.Helper()
	for path, now := range snapshot(folder) {
		if given[path].Digest == now.Digest {
			continue
		}
		content, _ := os.ReadFile(filepath.Join(folder, path)) // folders and links have no content of their own
		if slices.ContainsFunc(disguises(secret), func(d []byte) bool { return bytes.Contains(content, d) }) {
			t.Errorf("%s holds the secret %s", path, secret)
		}
	}
}

// file has what differs if a file, folder or link changes.
type file struct {
	Mode   string
	Digest string // of the content
	Target string // of a link
	Err    error
}

// snapshot returns every file, folder and link below a folder.
func snapshot(folder string) map[string]file {
	all := map[string]file{}
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(folder, path)
		if err != nil {
			all[name] = file{Err: err}
			return nil
		}
		content, _ := os.ReadFile(path) // folders have none
		target, _ := os.Readlink(path)
		info, err := entry.Info()
		if err != nil {
			all[name] = file{Err: err}
			return nil
		}
		all[name] = file{info.Mode().String(), fmt.Sprintf("%x", sha256.Sum256(content)), target, nil}
		return nil
	})
	return all
}

// jsonValue is the script command json FILE PATH [VALUE]: the member exists, and has this
// value; with ! it does not exist. FILE is stdout, stderr or a file with one object per
// line. PATH joins names and indices with dots; if there are several objects, it begins
// with an index.
func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 && (neg || len(args) != 3) {
		ts.Fatalf("usage: json FILE PATH [VALUE], or ! json FILE PATH")
	}
	got, there := member(ts, args[0], args[1])
	switch {
	case there == neg:
		ts.Fatalf("%s: there is %v, want %v: %s", args[1], there, !neg, got)
	case len(args) == 3 && slashes(got) != slashes(args[2]):
		ts.Fatalf("%s is %s, want %s", args[1], got, args[2])
	}
}

// slashes replaces the separators in paths, also inside JSON, so that a script names them
// alike on every system.
func slashes(text string) string {
	if runtime.GOOS == "windows" {
		return strings.NewReplacer(`\\`, "/", `\`, "/").Replace(text)
	}
	return text
}

// keep is the script command keep NAME FILE PATH: stores a member's value in a variable.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	got, there := member(ts, args[1], args[2])
	if !there {
		ts.Fatalf("there is no %s", args[2])
	}
	ts.Setenv(args[0], got)
}

// member returns the value of a member: a string unquoted, anything else as compact JSON.
func member(ts *testscript.TestScript, file, path string) (value string, there bool) {
	objects := []any{}
	for d := json.NewDecoder(strings.NewReader(ts.ReadFile(file))); ; {
		var object map[string]any
		err := d.Decode(&object)
		if errors.Is(err, io.EOF) {
			break
		}
		ts.Check(err)
		objects = append(objects, object)
	}
	var at any = objects
	if len(objects) == 1 {
		at = objects[0]
	}
	for name := range strings.SplitSeq(path, ".") {
		switch whole := at.(type) {
		case map[string]any:
			if at, there = whole[name]; !there {
				return "", false
			}
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(whole) {
				return "", false
			}
			at = whole[i]
		default:
			return "", false
		}
	}
	if text, ok := at.(string); ok {
		return text, true
	}
	compact, err := json.Marshal(at)
	ts.Check(err)
	return string(compact), true
}

func TestASharedKeyIsFoundInEveryDisguise(t *testing.T) {
	for i, d := range disguises(canary) {
		folder := t.TempDir()
		apptest.Write(t, filepath.Join(folder, "log"), slices.Concat([]byte("ab"), d, []byte("cd")))
		found := &failure{TB: t}
		noCanary(found, folder, nil)
		if !found.failed {
			t.Errorf("disguise %d was not found", i)
		}
	}
	embedded := base64.StdEncoding.EncodeToString([]byte(`{"k":"` + canary + `"}`))
	if !slices.ContainsFunc(disguises(canary), func(d []byte) bool { return strings.Contains(embedded, string(d)) }) {
		t.Error("inside base64 it was not found")
	}
}

// failure records the failure of a test.
type failure struct {
	testing.TB
	failed bool
}

func (f *failure) Errorf(string, ...any) { f.failed = true }

// crashing is a standard output that ends the program when it prints what was made.
type crashing struct{}

func (crashing) Write([]byte) (int, error) { panic("the program crashes") }
