package clipboard

import (
	"os"
	"path/filepath"
	"testing"
)

// paster puts a program named xclip first on the path.
func paster(t *testing.T, script string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "xclip"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	t.Setenv("DISPLAY", ":77")
	t.Setenv("WAYLAND_DISPLAY", "")
}

func TestThePictureIsWhatTheSystemsProgramPrints(t *testing.T) {
	paster(t, `test "$*" = "-selection clipboard -target image/png -out" && printf '\211PNG\r\n\032\nand so on'`)
	if got := Picture(); string(got) != "\x89PNG\r\n\x1a\nand so on" {
		t.Errorf("%q", got)
	}
}

func TestWhereThereIsNoPictureThereIsNone(t *testing.T) {
	for name, script := range map[string]string{
		"nothing in it": "exit 1",
		"it breaks off": `printf '\211PNG\r\n\032\n'; exit 1`,
		"without end":   "yes",
		"text":          "printf eyJyZXF1ZXN0Ijo", // F101: which xclip returns as a picture
	} {
		paster(t, script)
		if got := Picture(); got != nil {
			t.Errorf("%s: %d bytes", name, len(got))
		}
	}
	t.Setenv("PATH", t.TempDir())
	if got := Picture(); got != nil {
		t.Errorf("without a program: %q", got)
	}
	t.Setenv("DISPLAY", "")
	if got := Picture(); got != nil {
		t.Errorf("without a display: %q", got)
	}
}
