package durable

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/fault"
)

// names returns the names of what is in a folder, in one line.
func names(t *testing.T, folder string) string {
	t.Helper()
	return strings.Join(apptest.Names(t, folder), " ")
}

func TestAFileIsWrittenWholeForItsOwnerAndLeavesNothingBeside(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a.req")
	if err := Write(path, []byte("data"), false); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "data" {
		t.Errorf("read %q", got)
	}
	if info, _ := os.Stat(path); filepath.Separator == '/' && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if got := names(t, folder); got != "a.req" {
		t.Errorf("the folder holds %s", got)
	}
}

// F07 F08
func TestNothingIsOverwrittenUnlessAskedAndNeverALink(t *testing.T) {
	folder := t.TempDir()
	file, link, dangling := filepath.Join(folder, "file"), filepath.Join(folder, "link"), filepath.Join(folder, "dangling")
	apptest.Write(t, file, "old")
	for name, to := range map[string]string{link: file, dangling: filepath.Join(folder, "nowhere")} {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink { // Wine reports success without making a link
		link, dangling = folder, folder
	}
	before := names(t, folder)
	for _, row := range []struct {
		path    string
		replace bool
		want    error
	}{
		{file, false, ErrExists},
		{link, false, ErrNotRegular}, {link, true, ErrNotRegular},
		{dangling, false, ErrNotRegular}, {dangling, true, ErrNotRegular},
		{folder, true, ErrNotRegular},
	} {
		for _, do := range []func() error{
			func() error { return Check(row.path, row.replace) },
			func() error { return Write(row.path, []byte("new"), row.replace) },
		} {
			if err := do(); !errors.Is(err, row.want) {
				t.Errorf("%s, replace %v: %v", row.path, row.replace, err)
			}
		}
	}
	if got, _ := os.ReadFile(file); string(got) != "old" {
		t.Errorf("the file now reads %q", got)
	}
	if got := names(t, folder); got != before {
		t.Errorf("the folder holds %s", got)
	}
	if err := Write(file, []byte("new"), true); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(file); string(got) != "new" {
		t.Errorf("replaced, the file reads %q", got)
	}
}

// F10
func TestNamesThatSomeSystemReservesAreRefusedOnEverySystem(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"CON", "con.req", "Nul.x.y", "COM1", "lpt9.svg", "a:b", "a?", "end.", "end ",
		strings.Repeat("x", 300), "nul\x00", "new\nline", `back\slash`} {
		if err := Write(filepath.Join(folder, name), nil, true); err == nil {
			t.Errorf("%q was written", name)
		}
	}
	for _, path := range []string{"", folder + "/.", folder + "/.."} {
		if err := Write(path, nil, true); err == nil {
			t.Errorf("%q was written", path)
		}
	}
	if got := names(t, folder); got != "" {
		t.Errorf("the folder holds %s", got)
	}
}

// F03
func TestAMissingFolderIsNamed(t *testing.T) {
	err := Write(filepath.Join(t.TempDir(), "none", "a.req"), nil, false)
	if !errors.Is(err, fault.New(fault.Write, "durable.folder")) || !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// F20
func TestReadingRefusesWhatIsLargeOrNoFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a")
	apptest.Write(t, path, "12345")
	for _, read := range []func(string, int64) ([]byte, error){Read, ReadListed} {
		if got, err := read(path, 5); err != nil || string(got) != "12345" {
			t.Errorf("%q, %v", got, err)
		}
		for path, key := range map[string]string{folder: "durable.not_a_file", path: "durable.too_large", path + "x": "durable.unreadable"} {
			if _, err := read(path, 4); !errors.Is(err, fault.New(fault.Input, key)) {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

// F10: to the byte.
func TestANameIsAsLongAsEverySystemTakesIt(t *testing.T) {
	for length, taken := range map[int]bool{255: true, 256: false} {
		if err := Check(filepath.Join(t.TempDir(), strings.Repeat("x", length)), false); (err == nil) != taken || err != nil && !errors.Is(err, ErrName) {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
}

// F73: what is appended comes after the file's end as it is, and follows no link.
func TestAFileIsExtendedByWhatBelongsAfterItsEnd(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "chain")
	for i, want := range []string{"0\n", "0\n2\n", "0\n2\n4\n"} {
		err := Extend(path, func(file io.ReaderAt, size int64) ([]byte, error) {
			if was, _ := io.ReadAll(io.NewSectionReader(file, 0, size)); len(was) != 2*i {
				t.Errorf("it has %q", was)
			}
			return fmt.Appendln(nil, size), nil
		})
		if got, _ := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%q, %v", got, err)
		}
	}
	refused := errors.New("refused")
	if err := Extend(path, func(io.ReaderAt, int64) ([]byte, error) { return []byte("x"), refused }); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	link := filepath.Join(folder, "link")
	if err := os.Symlink(path, link); err == nil {
		if info, err := os.Lstat(link); err == nil && !info.Mode().IsRegular() { // Wine makes no link, and says it did
			if err := Extend(link, func(io.ReaderAt, int64) ([]byte, error) { return []byte("x"), nil }); !errors.Is(err, ErrNotRegular) {
				t.Errorf("through a link: %v", err)
			}
		}
	}
	if got, _ := os.ReadFile(path); len(got) != 6 {
		t.Errorf("%q", got)
	}
}

// A folder of a hundred thousand files is not read for each of them.
func TestAFolderIsSweptOnceAMinute(t *testing.T) {
	folder := t.TempDir()
	if !sweepDue(folder) || sweepDue(folder) {
		t.Error("not once")
	}
	lastSweeps.Store(folder, time.Now().Add(-sweepEvery))
	if !sweepDue(folder) {
		t.Error("never again")
	}
}

// A writer may be served by the synchronization that another one makes, but only by one
// that begins after its file has its name.
func TestAFolderIsSynchronizedForSeveralWritersOnceTheirFilesHaveTheirNames(t *testing.T) {
	folder := t.TempDir()
	var mu sync.Mutex
	synchronized, times := map[string]bool{}, 0
	defer Inject(func(name string) error {
		if name != "sync folder" {
			return nil
		}
		there, err := os.ReadDir(folder)
		mu.Lock()
		defer mu.Unlock()
		times++
		for _, entry := range there {
			synchronized[entry.Name()] = true
		}
		return err
	})()
	const writers = 100
	var all sync.WaitGroup
	for n := range writers {
		all.Go(func() {
			name := fmt.Sprint(n, ".txt")
			if err := Write(filepath.Join(folder, name), []byte("data"), true); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if !synchronized[name] {
				t.Errorf("%s was not synchronized", name)
			}
		})
	}
	all.Wait()
	if times == writers {
		t.Errorf("%d synchronizations for %d writers: none was made for several", times, writers)
	}
}

// The path of a folder may lead to another folder while the first is being synchronized.
func TestTwoFoldersThatHadTheSamePathAreBothSynchronized(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not rename a folder that is open")
	}
	folder := filepath.Join(t.TempDir(), "folder")
	roots := make([]*os.Root, 2)
	for i := range roots {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		root, err := os.OpenRoot(folder)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		roots[i] = root
		if err := os.Rename(folder, fmt.Sprint(folder, i)); err != nil {
			t.Fatal(err)
		}
	}
	times := 0
	defer Inject(func(name string) error {
		if name == "sync folder" {
			times++
		}
		return nil
	})()
	found, _ := folderSyncs.LoadOrStore(folder, &folderSync{})
	found.(*folderSync).running.Lock()
	var all sync.WaitGroup
	for i, root := range roots {
		all.Go(func() {
			if err := syncFolder(root); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond) // both wait
	found.(*folderSync).running.Unlock()
	all.Wait()
	if times != 2 {
		t.Errorf("%d synchronizations", times)
	}
}
