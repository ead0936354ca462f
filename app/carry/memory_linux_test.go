package carry

import (
	"bytes"
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"handback/app/apptest"
)

// pictureToMeasure is the environment variable of a child process for the picture to read.
const pictureToMeasure = "HANDBACK_PICTURE_TO_MEASURE"

// T6 F77: the largest accepted pictures, one after the other.
func TestReadingAPictureTakes256MiBAtMost(t *testing.T) {
	if path := os.Getenv(pictureToMeasure); path != "" {
		for range 3 {
			if _, err := ReadFile(t.Context(), path); !errors.Is(err, ErrNoCode) {
				t.Error(err)
			}
		}
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Fatal(err)
		}
		os.Stdout.Write(status)
		return
	}
	if apptest.Race() {
		t.Skip("the race detector takes several times the memory")
	}
	const width = 8000
	black := func(pixels int) image.Image { return image.NewNRGBA(image.Rect(0, 0, width, pixels/width)) }
	const fileSize = 1 << 20
	pictures := map[string][]byte{
		"largest.png": pngFile(t, black((maxMemory-fileSize)/5)), // four bytes a pixel in color, one in gray
		"largest.jpg": jpegFile(t, black(maxPixels), 100),
	}
	peak := regexp.MustCompile(`VmHWM:\s*(\d+) kB`)
	for name, data := range pictures {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			apptest.Write(t, path, data)
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestReadingAPictureTakes256MiBAtMost$")
			command.Env = append(os.Environ(), pictureToMeasure+"="+path)
			var said bytes.Buffer
			command.Stdout, command.Stderr = &said, &said
			if err := command.Run(); err != nil {
				t.Fatalf("%v: %s", err, said.String())
			}
			found := peak.FindStringSubmatch(said.String())
			if found == nil {
				t.Fatal(said.String())
			}
			if memory, _ := strconv.Atoi(found[1]); memory > 256<<10 {
				t.Errorf("it took %d KiB", memory)
			} else {
				t.Logf("%d KiB", memory)
			}
		})
	}
}
