package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
)

// pictureFile writes a picture as a PNG file.
func pictureFile(t *testing.T, path string, picture image.Image) {
	t.Helper()
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, path, file.Bytes())
}

// hostilePictures writes eight files that could each take all time or memory: patterns
// that look like a hundred thousand corners of codes, noise, and small files with many
// pixels.
func hostilePictures(t *testing.T, folder string) (paths []string) {
	t.Helper()
	white := color.Palette{color.White, color.Black}
	corner := []string{"#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"}
	corners := func(side, pitch, sizes int) image.Image {
		picture := image.NewPaletted(image.Rect(0, 0, side, side), white)
		for y := range side {
			for x := range side {
				module := 2 + (x/pitch+y/pitch)%sizes
				row, column := y%pitch/module, x%pitch/module
				if row < len(corner) && column < len(corner) && corner[row][column] == '#' {
					picture.SetColorIndex(x, y, 1)
				}
			}
		}
		return picture
	}
	noise := image.NewPaletted(image.Rect(0, 0, 7000, 7000), white)
	random := rand.New(rand.NewPCG(1, 1))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.IntN(2))
	}
	for i, picture := range []image.Image{corners(3990, 16, 1), image.NewNRGBA(image.Rect(0, 0, 8000, 5600)), corners(3600, 36, 3), noise} {
		for range 2 {
			paths = append(paths, filepath.Join(folder, fmt.Sprintf("%d.png", len(paths))))
			pictureFile(t, paths[len(paths)-1], picture)
		}
		if i == 1 { // another kind
			var file bytes.Buffer
			gray := image.NewGray(image.Rect(0, 0, 8000, 6200))
			if err := jpeg.Encode(&file, gray, nil); err != nil {
				t.Fatal(err)
			}
			apptest.Write(t, paths[len(paths)-1], file.Bytes())
		}
	}
	return paths
}

var peakMemory = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// measured runs the command and returns its output, its peak memory in bytes and how long
// it took.
func measured(t *testing.T, args ...string) (output string, memory int, took time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "handback", args...)
	cmd.Env = append(os.Environ(), "HANDBACK_HOME="+t.TempDir(), overheardIn+"="+t.TempDir(), "LANG=C")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if found := peakMemory.FindSubmatch(status); found != nil {
			kilobytes, _ := strconv.Atoi(string(found[1]))
			memory = max(memory, kilobytes<<10)
		}
		select {
		case <-done:
			return said.String(), memory, time.Since(start)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// F77: several pictures together take no more than the largest one alone.
func TestHostilePicturesInOneCallTake256MiBAndTwelveSecondsTogether(t *testing.T) {
	if apptest.Race() {
		t.Skip("the race detector takes several times the memory and the time")
	}
	paths := hostilePictures(t, t.TempDir())
	output, memory, took := measured(t, append([]string{"inspect"}, paths...)...)
	for _, path := range paths {
		if !strings.Contains(output, path) {
			t.Errorf("nothing is said of %s", filepath.Base(path))
		}
	}
	if memory > 256<<20 || took > 12*time.Second {
		t.Errorf("%d MiB, %v:\n%s", memory>>20, took, output)
	}
	t.Logf("%d MiB, %v", memory>>20, took)
}
