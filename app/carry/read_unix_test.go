//go:build unix

package carry

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
)

// F20: a pipe that nobody writes to would block forever.
func TestAPipeIsRefusedWithoutBlocking(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe.req")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path)
	link := filepath.Join(t.TempDir(), "link.req")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	refused(t, link)
}

func TestALinkToAFileIsRead(t *testing.T) {
	link := filepath.Join(t.TempDir(), "link.req")
	if err := os.Symlink(apptest.File(t, "file.req", []byte(carried)), link); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadFile(t.Context(), link); err != nil || !cmp.Equal(got, []Piece{{Text: carried}}) {
		t.Errorf("%q, %v", got, err)
	}
}
