package machine

import (
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// guarded fails to open some paths, with an error, or fails the test if they are opened.
type guarded struct {
	fstest.MapFS
	refuse func(name string) error
}

func (g guarded) Open(name string) (fs.File, error) {
	if err := g.refuse(name); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return g.MapFS.Open(name)
}

func TestAFileThatMayNotBeReadIsPassedOverWithADoubt(t *testing.T) {
	root := guarded{files(etcFile, etcID, dbusFile, dbusID), func(name string) error {
		if name == etcFile[1:] {
			return fs.ErrPermission
		}
		return nil
	}}
	want := finding{dbusHash, dbusFile, []string{"passed_over"}, ""}
	if diff := cmp.Diff(want, read(onLinux(root, likeTheLibrary(root)), LicenseSpring)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// Opening a pipe waits for a writer, and a device may never end.
func TestOnlyRegularFilesAreOpened(t *testing.T) {
	for _, kind := range []fs.FileMode{fs.ModeNamedPipe, fs.ModeDevice | fs.ModeCharDevice, fs.ModeSocket, fs.ModeDir} {
		files := files(dbusFile, dbusID, etcFile, etcID)
		for _, path := range []string{dbusFile, etcFile, "/sys/class/net/eth0/address"} {
			files[path[1:]] = &fstest.MapFile{Mode: kind}
		}
		root := guarded{files, func(name string) error {
			if strings.HasSuffix(name, "machine-id") || strings.HasSuffix(name, "address") {
				t.Errorf("%v: %s was opened", kind, name)
			}
			return nil
		}}
		library := library{func() (string, error) { t.Errorf("%v: the library was asked", kind); return "", nil }, nil}
		want := map[Source]string{LicenseSpring: "no_file", MachineID: "unreadable", ProtectedID: "unreadable", MACDecimal: "no_card"}
		for source, fault := range want {
			if got := read(onLinux(root, library), source); got.Fault != fault {
				t.Errorf("%v by %s: got %+v", kind, source, got)
			}
		}
	}
}

func TestAFileLongerThanAnyIDIsNotRead(t *testing.T) {
	long := etcID + "\n" + strings.Repeat("x", maxFile)
	want := map[Source]finding{
		LicenseSpring: {dbusHash, dbusFile, []string{"passed_over"}, ""},
		MachineID:     {dbusID, dbusFile, nil, ""},
	}
	for source, want := range want {
		if diff := cmp.Diff(want, read(linux(etcFile, long, dbusFile, dbusID), source)); diff != "" {
			t.Errorf("%s: want -, got +\n%s", source, diff)
		}
	}
	if got := read(linux(dbusFile, long, etcFile, etcID), MachineID); got.Fault != "unreadable" || got.Origin != dbusFile {
		t.Errorf("got %+v", got)
	}
}

// diskWith writes a root to the disk, because links need a real file system.
func diskWith(t *testing.T, pairs ...string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, files(pairs...)); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestALinkedMachineIDIsFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the files of Linux are linked there alone")
	}
	root := diskWith(t, "/run/machine-id", etcID+"\n", "/etc/hostname", "box")
	if err := os.Symlink(filepath.Join("..", "run", "machine-id"), filepath.Join(root, etcFile)); err != nil {
		t.Fatal(err)
	}
	c := onLinux(os.DirFS(root), likeTheLibrary(os.DirFS(root)))
	for source, value := range map[Source]string{LicenseSpring: etcHash, MachineID: etcID} {
		if got := read(c, source); got.Value != value || got.Origin != etcFile {
			t.Errorf("%s: got %+v", source, got)
		}
	}
}

func TestNothingIsEverCreated(t *testing.T) {
	root := diskWith(t, "/var/tmp/other", "", "/sys/class/net/eth0/address", "00:1b:63:2f:4a:9c")
	list := func() (names []string) {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			names = append(names, path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	before := list()
	for _, candidate := range onLinux(os.DirFS(root), likeTheLibrary(os.DirFS(root))).All(application) {
		if candidate.HardwareID.Source != MACDecimal && candidate.Err == nil {
			t.Errorf("an ID out of nothing: %+v", candidate)
		}
	}
	if diff := cmp.Diff(before, list()); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// F66: MAC addresses are read from files. Code that does not import net, syscall or x/sys
// opens no socket.
func TestNothingOnLinuxCanOpenASocket(t *testing.T) {
	context := build.Default
	context.GOOS = "linux"
	here, err := context.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range here.Imports {
		if path == "net" || path == "syscall" || path == "os/exec" || strings.HasPrefix(path, "net/") || strings.HasPrefix(path, "golang.org/x/") {
			t.Errorf("imports %s", path)
		}
	}
}
