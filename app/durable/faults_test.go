package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/fault"
)

var longAgo = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// failing makes the nth call of a run fail, and returns its name, or "" if the run had
// fewer calls.
func failing(t *testing.T, n int, with error, run func() error) (name string, err error) {
	t.Helper()
	at := 0
	defer Inject(func(call string) error {
		if at++; at == n {
			name = call
			return fmt.Errorf("injected into %s: %w", call, with)
		}
		return nil
	})()
	err = run()
	return name, err
}

// F01 F02 F04: a full disk, a failed fsync or close, a medium that is pulled out,
// at every call.
func TestWhateverCallFailsTheFileIsWholeOrAbsentAndNothingElseIsLeft(t *testing.T) {
	for _, with := range []error{syscall.EIO, syscall.ENOSPC, syscall.EROFS} {
		for _, replace := range []bool{false, true} {
			seen := map[string]bool{}
			for n := 1; ; n++ {
				folder := t.TempDir()
				path := filepath.Join(folder, "a.req")
				if replace {
					apptest.Write(t, path, "old")
				}
				name, err := failing(t, n, with, func() error { return Write(path, []byte("new"), replace) })
				if name == "" {
					break
				}
				seen[name] = true
				held, _ := os.ReadFile(path)
				if name == "sync folder" && replace && !errors.Is(err, ErrNotFlushed) {
					t.Errorf("%v in %s: replaced, and told as %v", with, name, err)
				}
				switch {
				case err == nil && string(held) != "new":
					t.Errorf("%v in %s: it ended well, and the file holds %q", with, name, held)
				case err != nil && !replace && held != nil:
					t.Errorf("%v in %s: it failed, and the file holds %q", with, name, held)
				case err != nil && replace && string(held) != "old" && name != "sync folder":
					t.Errorf("%v in %s: it failed, and what was there is now %q", with, name, held)
				}
				if err != nil && !errors.Is(err, with) {
					t.Errorf("%v in %s: the error does not say it: %v", with, name, err)
				}
				if name == "remove" { // what could not be removed is found by the next one
					Sweep(folder)
				}
				if got := names(t, folder); got != "" && got != "a.req" {
					t.Errorf("%v in %s: the folder holds %s", with, name, got)
				}
			}
			for _, name := range []string{"open folder", "look", "create", "write", "sync", "close", "read back", "sync folder", "remove"} {
				// What replaces is renamed, and so is all where there are no links, as under Wine:
				// nothing is left beside it.
				if !seen[name] && (name != "remove" || !replace && runtime.GOOS != "windows") {
					t.Errorf("%s was never made to fail", name)
				}
			}
		}
	}
}

// refuse makes calls fail as on a file system that does not support them.
func refuse(with error, calls ...string) func() {
	return Inject(func(name string) error {
		for _, one := range calls {
			if one == name {
				return with
			}
		}
		return nil
	})
}

// F11: a medium without links, then without renames that do not replace.
func TestAMediumWithoutLinksIsWrittenAllTheSameAndNothingIsOverwritten(t *testing.T) {
	for _, calls := range [][]string{{"link"}, {"link", "rename"}} {
		t.Run(fmt.Sprint(calls), func(t *testing.T) {
			defer refuse(refusals[0], calls...)()
			folder := t.TempDir()
			path := filepath.Join(folder, "a.req")
			if err := Write(path, []byte("data"), false); err != nil {
				t.Fatal(err)
			}
			if err := Write(path, []byte("other"), false); !errors.Is(err, ErrExists) {
				t.Errorf("the second time: %v", err)
			}
			if held, _ := os.ReadFile(path); string(held) != "data" {
				t.Errorf("it holds %q", held)
			}
			if got := names(t, folder); got != "a.req" {
				t.Errorf("the folder holds %s", got)
			}
		})
	}
}

// F12: a medium that synchronizes neither files nor folders.
func TestAMediumThatCannotSynchronizeIsTolerated(t *testing.T) {
	defer refuse(refusals[0], "sync", "sync folder")()
	if err := Write(filepath.Join(t.TempDir(), "a.req"), []byte("data"), false); err != nil {
		t.Error(err)
	}
}

// F11: a rename that does not replace, by the system itself.
func TestARenameThatMustNotReplaceDoesNot(t *testing.T) {
	defer refuse(refusals[0], "link")()
	folder := t.TempDir()
	path := filepath.Join(folder, "a.req")
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	made, err := create(root, ".handback-X.tmp", []byte("new"))
	if err != nil {
		t.Fatal(err)
	}
	defer made.remove()
	apptest.Write(t, path, "came in between")
	if err := made.publish("a.req", []byte("new"), false); !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v", err)
	}
	if held, _ := os.ReadFile(path); string(held) != "came in between" {
		t.Errorf("it holds %q", held)
	}
}

// F09: the folder's path becomes a link to another folder while a file is written.
func TestAFolderThatIsSwappedForALinkIsNotFollowed(t *testing.T) {
	base := t.TempDir()
	folder, aside, trap := filepath.Join(base, "folder"), filepath.Join(base, "aside"), filepath.Join(base, "trap")
	for _, name := range []string{folder, trap} {
		if err := os.Mkdir(name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	swapped := false
	defer Inject(func(name string) error {
		if name == "write" && !swapped {
			swapped = os.Rename(folder, aside) == nil && os.Symlink(trap, folder) == nil
		}
		return nil
	})()
	err := Write(filepath.Join(folder, "a.req"), []byte("data"), false)
	if got := names(t, trap); got != "" {
		t.Errorf("the other folder holds %s", got)
	}
	if !swapped { // Windows does not move an open folder
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, aside); got != "a.req" {
		t.Errorf("the folder itself holds %s", got)
	}
}

// F06: files left by a killed program.
func TestATemporaryFileThatWasLeftIsRemovedAndOneInUseIsNot(t *testing.T) {
	folder := t.TempDir()
	left := filepath.Join(folder, ".handback-LEFT.tmp")
	apptest.Write(t, left, "half")
	if err := os.Chtimes(left, longAgo, longAgo); err != nil { // Windows uses the file's age
		t.Fatal(err)
	}
	other := filepath.Join(folder, ".handback-notes.txt")
	apptest.Write(t, other, "")
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	made, err := create(root, ".handback-USED.tmp", []byte("data"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(folder, "a.req"), []byte("data"), false); err != nil {
		t.Fatal(err)
	}
	if got := names(t, folder); got != ".handback-USED.tmp .handback-notes.txt a.req" {
		t.Errorf("the folder holds %s", got)
	}
	made.remove()
	if got := names(t, folder); got != ".handback-notes.txt a.req" {
		t.Errorf("in the end the folder holds %s", got)
	}
}

// F06 F13: sweeping does not remove a file that another program has just started.
func TestWritersInOneFolderDoNotSweepEachOthersFiles(t *testing.T) {
	folder := t.TempDir()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 60 {
				if err := Write(filepath.Join(folder, fmt.Sprintf("%d-%d", i, n)), []byte("data"), false); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if left, _ := filepath.Glob(filepath.Join(folder, ".handback-*")); left != nil {
		t.Errorf("left: %v", left)
	}
}

func TestAMoveDoesNotReplace(t *testing.T) {
	folder := t.TempDir()
	from, to := filepath.Join(folder, "from"), filepath.Join(folder, "to")
	for _, path := range []string{from, to} {
		apptest.Write(t, path, path)
	}
	if err := Move(from, to); !errors.Is(err, ErrExists) {
		t.Errorf("onto a file: %v", err)
	}
	if err := Move(from, filepath.Join(folder, "there")); err != nil {
		t.Error(err)
	}
	if err := Move(from, filepath.Join(folder, "again")); err == nil {
		t.Error("what is not there was moved")
	}
	if err := Move(to, filepath.Join(folder, "none", "such")); err == nil {
		t.Error("into a folder that is not there")
	}
	if err := Folder(filepath.Join(to, "below a file")); err == nil {
		t.Error("a folder was made below a file")
	}
	if err := Remove(to); err != nil || names(t, folder) != "there" {
		t.Errorf("removed: %v, the folder holds %s", err, names(t, folder))
	}
}

func TestAFileThatOthersCanReadIsExposed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	apptest.Write(t, path, "")
	if Exposed(path) {
		t.Error("for its owner alone, and exposed")
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if filepath.Separator == '/' && !Exposed(path) {
		t.Error("for all, and not exposed")
	}
}

// F86: after a failure that a power cut could make worse, a new file is removed. If that
// fails, or if it has replaced another file, it stays and the error says so.
func TestAFolderThatCannotBeSynchronizedIsToldAsItIs(t *testing.T) {
	for _, row := range []struct {
		replace bool
		failing []string
		there   bool
	}{
		{false, []string{"sync folder"}, false},
		{false, []string{"sync folder", "take back"}, true},
		{true, []string{"sync folder"}, true},
	} {
		func() {
			defer refuse(syscall.EIO, row.failing...)()
			path := filepath.Join(t.TempDir(), "a.req")
			if row.replace {
				apptest.Write(t, path, "old")
			}
			err := Write(path, []byte("new"), row.replace)
			held, _ := os.ReadFile(path)
			if !errors.Is(err, syscall.EIO) || errors.Is(err, ErrNotFlushed) != row.there || (string(held) == "new") != row.there {
				t.Errorf("%+v: %v, and it holds %q", row, err, held)
			}
		}()
	}
}

// F81: the file's content is synchronized first, then its name.
func TestFileAndFolderAreSynchronizedBeforeAWriteEnds(t *testing.T) {
	for _, replace := range []bool{false, true} {
		var calls []string
		restore := Inject(func(name string) error { calls = append(calls, name); return nil })
		err := Write(filepath.Join(t.TempDir(), "a.req"), []byte("new"), replace)
		restore()
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"write", "sync", "close", "read back", "sync folder"}
		for _, name := range calls {
			if len(want) > 0 && name == want[0] {
				want = want[1:]
			}
		}
		if len(want) > 0 {
			t.Errorf("replace %v: %v, without %v", replace, calls, want)
		}
	}
}

// F81: a medium that stored something else than was written.
func TestAFileThatReadsBackOtherwiseIsNotPublished(t *testing.T) {
	for _, replace := range []bool{false, true} {
		folder := t.TempDir()
		path := filepath.Join(folder, "a.req")
		restore := Inject(func(name string) error {
			if name != "read back" {
				return nil
			}
			made, _ := filepath.Glob(filepath.Join(folder, prefix+"*"))
			if len(made) != 1 {
				t.Fatalf("%v", made)
			}
			return os.WriteFile(made[0], []byte("nfw"), 0o600)
		})
		err := Write(path, []byte("new"), replace)
		restore()
		if !errors.Is(err, fault.New(fault.Write, "durable.failed")) || names(t, folder) != "" {
			t.Errorf("replace %v: %v, the folder holds %s", replace, err, names(t, folder))
		}
	}
}

// F81
func TestFoldersAreMadeForTheirOwnerAlone(t *testing.T) {
	base := t.TempDir()
	if err := Folder(filepath.Join(base, "a", "b")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "a/b"} {
		if info, err := os.Stat(filepath.Join(base, name)); err != nil || filepath.Separator == '/' && info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

// F73
func TestWhoElseCanChangeAFolderIsTold(t *testing.T) {
	if filepath.Separator != '/' {
		return // Windows uses access lists
	}
	folder := t.TempDir()
	for _, row := range []struct {
		mode            os.FileMode
		private, shared bool
	}{{0o700, true, true}, {0o755, true, true}, {0o770, false, true}, {0o775, false, true}, {0o702, false, false}, {0o777, false, false}} {
		if err := os.Chmod(folder, row.mode); err != nil {
			t.Fatal(err)
		}
		if private, shared := CheckPrivate(folder) == nil, CheckShared(folder) == nil; private != row.private || shared != row.shared {
			t.Errorf("%v: private %v, shared %v", row.mode, private, shared)
		}
	}
	if err := errors.Join(CheckPrivate(filepath.Join(folder, "none")), CheckShared(filepath.Join(folder, "none"))); err != nil {
		t.Errorf("what is not there: %v", err)
	}
}
