package app

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/durable"
	"handback/app/machine"
)

func TestSavingTheSameOnceMoreAsksNothing(t *testing.T) {
	for _, row := range []struct {
		name string
		kind Kind
	}{{"a.req", RequestFile}, {"a.png", QRFile}, {"a.svg", QRFile}, {"a.html", SheetFile}} {
		b, folder := newBench(t, acme()), t.TempDir()
		made := b.create(t, Create{})
		target := Target{Kind: row.kind, Path: filepath.Join(folder, row.name), Drawing: carry.Drawing{Density: carry.LowDensity}}
		first, err := b.Save(made, target, false)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := b.Save(made, target, false); err != nil || !cmp.Equal(first, again) {
			t.Errorf("%s: %v, %v", row.name, again, err)
		}
		last := first[len(first)-1].Path // also if only one of several codes differs, and in one byte
		text, err := os.ReadFile(last)
		if err != nil {
			t.Fatal(err)
		}
		text[0] ^= 1
		apptest.Write(t, last, text)
		if _, err := b.Save(made, target, false); !errors.Is(err, durable.ErrExists) {
			t.Errorf("%s, over another file: %v", row.name, err)
		}
		if now, _ := os.ReadFile(last); !bytes.Equal(now, text) {
			t.Errorf("%s: the other file holds %q", row.name, now)
		}
		if _, err := b.Save(made, target, true); err != nil {
			t.Errorf("%s, when told: %v", row.name, err)
		}
	}
}

func TestATargetThatIsRefusedIsNotSaved(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	made := b.create(t, Create{})
	var there []string
	for name, row := range map[string]struct {
		target Target
		key    string
	}{
		"code in no form":   {Target{Kind: QRFile, Path: filepath.Join(folder, "a.jpg")}, "app.code_form"},
		"code in no folder": {Target{Kind: QRFile, Path: folder, Folder: true}, "app.code_form"},
		"reserved name":     {Target{Kind: SheetFile, Path: filepath.Join(folder, "CON.html")}, durable.ErrName.Key},
		"a link":            {Target{Kind: RequestFile, Path: filepath.Join(folder, "link")}, durable.ErrNotRegular.Key},
	} {
		if name == "a link" {
			if runtime.GOOS == "windows" {
				continue // it takes a right of its own there, and Wine's are none
			}
			if err := os.Symlink(filepath.Join(t.TempDir(), "there"), filepath.Join(folder, "link")); err != nil {
				t.Fatal(err)
			}
			there = append(there, "link")
		}
		if _, err := b.Save(made, row.target, true); apptest.Key(err) != row.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	if names := apptest.Names(t, folder); !slices.Equal(names, there) || len(made.Files) != 0 {
		t.Errorf("the folder holds %v, and %v were made", names, made.Files)
	}
}

// Who prints is not asked for a name.
func TestWhatIsPrintedTakesTheNextFreeName(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	one, two := b.create(t, Create{}), b.create(t, Create{})
	sheet := func(made *Outgoing) func() (string, error) {
		return func() (string, error) {
			file, err := b.PrintSheet(made, Target{Kind: SheetFile, Path: filepath.Join(folder, "sheet.html")})
			return file.Path, err
		}
	}
	card := func(id string) func() (string, error) {
		return func() (string, error) {
			return b.PrintCard(folder, machine.HardwareID{Value: id, Source: machine.Typed})
		}
	}
	for _, row := range []struct {
		name  string
		print func() (string, error)
		want  string
	}{
		{"a sheet", sheet(one), "sheet.html"},
		{"the same sheet", sheet(one), "sheet.html"},
		{"another sheet", sheet(two), "sheet-2.html"},
		{"the same other one", sheet(two), "sheet-2.html"},
		{"a card", card("12345678-a"), "hardware-id-12345678.html"},
		{"the same card", card("12345678-a"), "hardware-id-12345678.html"},
		{"a card of a similar ID", card("12345678-b"), "hardware-id-12345678-2.html"},
		{"and one more", card("12345678-c"), "hardware-id-12345678-3.html"},
	} {
		if path, err := row.print(); err != nil || path != filepath.Join(folder, row.want) {
			t.Errorf("%s: %s, %v; want %s", row.name, path, err, row.want)
		}
	}
	none := filepath.Join(folder, "none")
	_, ofCard := b.PrintCard(none, machine.HardwareID{Value: hardwareID})
	_, ofSheet := b.PrintSheet(one, Target{Kind: SheetFile, Path: filepath.Join(none, "sheet.html")})
	if apptest.Key(ofCard) != "durable.folder" || apptest.Key(ofSheet) != "durable.folder" {
		t.Errorf("into no folder: %v, %v", ofCard, ofSheet)
	}
}

func TestAFolderThatIsNamedAsATargetIsMadeAndNotLeftBehindEmpty(t *testing.T) {
	parent := t.TempDir()
	folder := filepath.Join(parent, "new", "folder")
	b := newBench(t, acme())
	job := Create{LicenseKey: licenseKey, HardwareID: hardwareID, Targets: []Target{{Kind: RequestFile, Path: folder, Folder: true}}}
	restore := durable.Inject(func(call string) error {
		if call == "sync" {
			return os.ErrPermission
		}
		return nil
	})
	_, err := b.Create(job)
	restore()
	if names := apptest.Names(t, parent); err == nil || len(names) != 0 {
		t.Errorf("%v; the parent holds %v", err, names)
	}
	made := b.create(t, job)
	if names := apptest.Names(t, folder); !slices.Equal(names, []string{made.FileName()}) {
		t.Errorf("the folder holds %v", names)
	}
	if err := b.Export(made, job.Targets, false); !errors.Is(err, durable.ErrExists) {
		t.Errorf("over the file in it: %v", err)
	}
	apptest.Write(t, filepath.Join(parent, "file"), "")
	for name, path := range map[string]string{"below a file": filepath.Join(parent, "file", "folder"), "a file": filepath.Join(parent, "file")} {
		if err := b.Export(made, []Target{{Kind: RequestFile, Path: path, Folder: true}}, false); err == nil {
			t.Errorf("%s: it was exported", name)
		}
	}
	if names := apptest.Names(t, parent); !slices.Equal(names, []string{"file", "new"}) {
		t.Errorf("the parent holds %v", names)
	}
}

func TestAPathMeansAFolderIfItIsOneOrEndsLikeOne(t *testing.T) {
	folder := t.TempDir()
	file := apptest.File(t, "a.req", "")
	for path, want := range map[string]bool{
		folder: true, filepath.Join(folder, "new") + string(filepath.Separator): true, filepath.Join(folder, "new"): false, file: false, "": false,
	} {
		if got := IsFolder(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
