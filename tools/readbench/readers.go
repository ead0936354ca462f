package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"handback/app/carry"
)

// A reader returns the texts of the codes in a picture. Finding none is no error.
type reader struct {
	name string
	read func(ctx context.Context, path string, content []byte) ([]string, error)
}

const own = "handback"

var readers = []reader{
	{own, readHandback},
	{"gozxing", readGozxing},
	{"zbarimg", readZbarimg},
	{"zxing-cpp", readZXing},
}

func readerNames() []string {
	var names []string
	for _, r := range readers {
		names = append(names, r.name)
	}
	return names
}

func readersNamed(names []string) ([]reader, error) {
	for _, name := range names {
		if !slices.Contains(readerNames(), name) {
			return nil, fmt.Errorf("there is no reader %q; the readers are %s", name, strings.Join(readerNames(), ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(readers), func(r reader) bool { return !slices.Contains(names, r.name) }), nil
}

func readHandback(ctx context.Context, _ string, content []byte) ([]string, error) {
	texts, err := carry.ReadPicture(ctx, content)
	if errors.Is(err, carry.ErrNoCode) || errors.Is(err, carry.ErrSlow) {
		return nil, nil
	}
	return texts, err
}

func readGozxing(_ context.Context, _ string, content []byte) ([]string, error) {
	decoded, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(gozxing.NewLuminanceSourceFromImage(decoded)))
	if err != nil {
		return nil, err
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return nil, nil // gozxing has several errors for a picture that it cannot read
	}
	return []string{result.GetText()}, nil
}

func readZbarimg(ctx context.Context, path string, _ []byte) ([]string, error) {
	const nothingFound = 4 // zbarimg(1)
	program, err := tool("zbarimg", "zbar-tools")
	if err != nil {
		return nil, err
	}
	said, err := exec.CommandContext(ctx, program, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.ExitCode() == nothingFound {
		return nil, nil
	}
	return slices.DeleteFunc(strings.Split(string(said), "\n"), func(line string) bool { return line == "" }), err
}

// found returns the names of the readers that are on this computer: zxing-cpp's may be
// missing.
func found() []string {
	return slices.DeleteFunc(readerNames(), func(name string) bool {
		_, err := exec.LookPath(zxingProgram)
		return name == "zxing-cpp" && err != nil
	})
}

const zxingProgram = "ZXingReader"

// readZXing reads with zxing-cpp's own program, one line of text for each code.
func readZXing(ctx context.Context, path string, _ []byte) ([]string, error) {
	program, err := tool(zxingProgram, "zxing-cpp-tools")
	if err != nil {
		return nil, err
	}
	said, err := exec.CommandContext(ctx, program, "-format", "QRCode", path).Output()
	var texts []string
	for line := range strings.Lines(string(said)) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "Text:"); ok {
			texts = append(texts, strings.Trim(strings.TrimSpace(text), "\""))
		}
	}
	return texts, err
}

// A reading is the result of one reader for one picture.
type reading struct {
	texts []string
	time  time.Duration
}

// result is a picture with its readings by name of the reader.
type result struct {
	picture
	readings map[string]reading
}

// measure runs the readers on the pictures, one after the other.
func measure(ctx context.Context, home string, pictures []picture, compared []reader) ([]result, error) {
	var results []result
	for i, p := range pictures {
		path := filepath.Join(home, p.File)
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		readings := map[string]reading{}
		for _, r := range compared {
			start := time.Now()
			texts, err := r.read(ctx, path, content)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", path, r.name, err)
			}
			readings[r.name] = reading{texts, time.Since(start)}
		}
		results = append(results, result{p, readings})
		if i+1 == len(pictures) || pictures[i+1].Kind != p.Kind {
			fmt.Fprintf(os.Stderr, "read %s\n", p.Kind)
		}
	}
	return results, nil
}
