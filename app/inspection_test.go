package app

import (
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// changed returns a request with one text in its JSON replaced.
func changed(t *testing.T, r *request.Request, old, new string) string {
	t.Helper()
	json := string(r.JSON())
	if !strings.Contains(json, old) {
		t.Fatalf("%s does not hold %s", json, old)
	}
	return base64.StdEncoding.EncodeToString([]byte(strings.Replace(json, old, new, 1)))
}

func warnings(one Inspection) []string {
	var keys []string
	for _, w := range one.Warnings {
		keys = append(keys, w.Key)
	}
	return keys
}

func TestTheSameRequestFromSeveralSourcesIsOneInspection(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	file, code := filepath.Join(folder, "a.req"), filepath.Join(folder, "a.png")
	made := b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: file}, {Kind: QRFile, Path: code}}})
	other := b.create(t, Create{Username: "me"})
	all := b.Inspect(context.Background(), []Input{
		{Name: file},
		{Name: "other", Data: []byte(other.Encode())},
		{Name: code},
		{Name: "pasted", Data: []byte("> " + made.Encode() + "\r\n")},
	})
	if len(all) != 2 {
		t.Fatalf("%d inspections", len(all))
	}
	if diff := cmp.Diff([]string{file, code, "pasted"}, all[0].Sources); diff != "" {
		t.Error(diff)
	}
	if all[0].Request.Encode() != made.Encode() || all[1].Request.Encode() != other.Encode() || !slices.Equal(all[1].Sources, []string{"other"}) {
		t.Errorf("%+v", all)
	}
}

func TestWhatCannotBeReadSaysWhyAndKeepsNobodyElseOut(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	empty := filepath.Join(folder, "empty.req")
	apptest.Write(t, empty, "")
	made := b.create(t, Create{})
	activation := base64.StdEncoding.EncodeToString([]byte(`{"request":"activation"}`))
	all := b.Inspect(context.Background(), []Input{
		{Name: filepath.Join(folder, "none.req")}, {Name: "activation", Data: []byte(activation)}, {Name: empty}, {Name: "paste", Data: []byte{}},
		{Name: "page", Data: []byte("<html></html>")}, {Name: "good", Data: []byte(made.Encode())},
	})
	var got []string
	for _, one := range all {
		got = append(got, apptest.Key(one.Err))
		if (one.Request == nil) != (one.Err != nil) || len(one.Sources) != 1 {
			t.Errorf("%+v", one)
		}
	}
	if diff := cmp.Diff([]string{"durable.unreadable", "request.other", "carry.empty", "carry.empty", "carry.html", ""}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnInspectionSaysWhetherTheSignatureIsRight(t *testing.T) {
	b := newBench(t, acme())
	made := b.create(t, Create{})
	other := secret.New([]byte("another key"))
	unsigned, _, _ := strings.Cut(string(made.JSON()), `,"signature"`)
	for _, row := range []struct {
		name string
		text string
		key  secret.Secret
		err  error
		want request.Verdict
		says []string
	}{
		{"right", made.Encode(), secret.New([]byte(sharedKey)), nil, request.Valid, nil},
		{"changed", changed(t, made.Request, hardwareID, "8"+hardwareID[1:]), secret.New([]byte(sharedKey)), nil, request.Invalid, []string{"app.signature_invalid"}},
		{"another key", made.Encode(), other, nil, request.Invalid, []string{"app.signature_invalid"}},
		{"no key", made.Encode(), secret.Secret{}, nil, request.Unchecked, nil},
		{"the key cannot be had", made.Encode(), other, secret.ErrNone, request.Unchecked, nil},
		{"not signed", base64.StdEncoding.EncodeToString([]byte(unsigned + "}")), secret.New([]byte(sharedKey)), nil, request.Absent, []string{"app.signature_absent"}},
	} {
		b.App.Secret = func() (secret.Secret, error) { return row.key, row.err }
		one := b.inspect(t, row.text)
		if one.Verdict != row.want {
			t.Errorf("%s: %s", row.name, one.Verdict)
		}
		if diff := cmp.Diff(row.says, warnings(one)); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
	}
}

func TestAnotherVendorsSignatureIsNotCalledWrong(t *testing.T) {
	made := newBench(t, acme()).create(t, Create{})
	p := acme()
	p.Authorization.APIKey = "another"
	b := newBench(t, p)
	b.App.Secret = func() (secret.Secret, error) { return secret.New([]byte("another key")), nil }
	if one := b.inspect(t, made.Encode()); one.Verdict != request.Unchecked {
		t.Errorf("%s", one.Verdict)
	}
}

func TestAnInspectionWarnsOfAge(t *testing.T) {
	b := newBench(t, acme())
	made := b.create(t, Create{})
	for _, row := range []struct {
		later time.Duration
		want  []string
	}{
		{0, nil},
		{14 * 24 * time.Hour, nil},
		{15 * 24 * time.Hour, []string{"request.warn.old"}},
		{-time.Hour, []string{"request.warn.future"}},
	} {
		b.Now = func() time.Time { return today.Add(row.later) }
		if diff := cmp.Diff(row.want, warnings(b.inspect(t, made.Encode()))); diff != "" {
			t.Errorf("%v later: %s", row.later, diff)
		}
	}
}

func TestAnInspectionTellsOfAnothersRequestBeforeItIsSubmitted(t *testing.T) {
	w := words.English()
	for _, row := range foreign(t) {
		one := newBench(t, row.profile).inspect(t, row.text)
		if keys := warnings(one); !slices.Contains(keys, row.want) {
			t.Errorf("%s: %v, want %s", row.name, keys, row.want)
			continue
		}
		for _, warning := range one.Warnings {
			if text := warning.Localize(w); strings.Contains(text, "<no value>") {
				t.Errorf("%s: %s", row.name, text)
			}
		}
	}
}

// F101: a folder is read with everything below it, except links, files of the system and
// receipts.
func TestAFolderIsAllItsRequests(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	below := filepath.Join(folder, "below", "deeper")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	made := b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: filepath.Join(folder, "a.req")}, {Kind: QRFile, Path: filepath.Join(folder, "a.png")}}})
	other := b.create(t, Create{Username: "me", Targets: []Target{{Kind: RequestFile, Path: filepath.Join(below, "b.req")}}})
	receipt := newBench(t, acme()).submit(t, made.Encode(), Submit{}).Record
	if _, err := b.SaveReceipt(receipt, folder); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"notes.txt": "not a request", ".DS_Store": "x", "Thumbs.db": "x"} {
		apptest.Write(t, filepath.Join(folder, name), text)
	}
	empty := t.TempDir()
	_ = os.Symlink(empty, filepath.Join(folder, "elsewhere"))
	all := b.Inspect(t.Context(), []Input{{Name: folder}, {Name: empty}})
	var got []string
	for _, one := range all {
		for _, source := range one.Sources {
			got = append(got, filepath.Base(source)+" "+apptest.Key(one.Err))
		}
	}
	want := []string{"a.png ", "a.req ", "b.req ", "notes.txt " + apptest.Key(all[2].Err), filepath.Base(empty) + " app.empty_folder"}
	if diff := cmp.Diff(want, got); diff != "" || all[0].Request.Encode() != made.Encode() || all[1].Request.Encode() != other.Encode() {
		t.Error(diff)
	}
}

// F101: folders come first, each kind is sorted by name, and files of the system are left
// out.
func TestAFoldersEntriesAreListedAsAPersonLooksForThem(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"Zebra", "ant", ".git"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"b.req", "A.req", "a.req", ".hidden", "Thumbs.db", "desktop.ini"} {
		apptest.Write(t, filepath.Join(folder, name), "")
	}
	want := []string{"ant/", "Zebra/", "A.req", "b.req"} // the case of names may not matter
	if runtime.GOOS != "windows" {                       // where making links needs a privilege
		for name, to := range map[string]string{"linked folder": "ant", "linked file": "b.req", "broken": "none"} {
			if err := os.Symlink(filepath.Join(folder, to), filepath.Join(folder, name)); err != nil {
				t.Fatal(err)
			}
		}
		want = []string{"ant/", "linked folder/", "Zebra/", "A.req", "a.req", "b.req", "linked file"}
	}
	entries, err := List(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range entries {
		if one.Path != filepath.Join(folder, one.Name) {
			t.Errorf("%s is at %s", one.Name, one.Path)
		}
		got = append(got, one.Name+map[bool]string{true: "/"}[one.Folder])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, path := range []string{filepath.Join(folder, "none"), filepath.Join(folder, "a.req"), ""} {
		if _, err := List(path); apptest.Key(err) != "app.folder_unreadable" {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAFolderThatMayNotBeReadSaysWhy(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("nothing is closed to root, and Windows has no modes")
	}
	b, folder := newBench(t, acme()), t.TempDir()
	closed := filepath.Join(folder, "closed")
	if err := os.Mkdir(closed, 0); err != nil {
		t.Fatal(err)
	}
	b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: filepath.Join(folder, "a.req")}}})
	all := b.Inspect(t.Context(), []Input{{Name: folder}})
	if len(all) != 2 || all[0].Request == nil || apptest.Key(all[1].Err) != "app.folder_unreadable" || !errors.Is(all[1].Err, fs.ErrPermission) {
		t.Errorf("%+v", all)
	}
}
