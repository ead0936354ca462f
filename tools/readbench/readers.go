package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
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

// A reader finds the texts of the codes in a picture. Each runs in processes of its own,
// so that its memory can be measured.
type reader struct {
	name string
	// missing returns what has to be installed for the reader, or nothing.
	missing func() error
	// open starts the reader, which reads one picture after the other until ctx ends.
	open func(ctx context.Context) (session, error)
}

// session reads the picture at a path. Finding no code is no error.
type session func(path string) (reading, error)

// reading is what a reader found in a picture, and what it cost.
type reading struct {
	Texts     []string      `json:"texts"`
	Time      time.Duration `json:"time"`
	Processor time.Duration `json:"processor"` // time of all cores together
	Memory    int64         `json:"memory"`    // the most that the process has held so far, in bytes
	Error     string        `json:"error"`
}

// own and strongest are the readers that are compared picture by picture.
const (
	own       = "handback"
	strongest = "zxing-cpp"
)

var readers = []reader{
	{own, nothing, inside(own)},
	{"gozxing", nothing, inside("gozxing")},
	{"zbarimg", needs("zbarimg", "zbar-tools"), each("zbarimg", lines, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable")},
	{"zxing-cpp 1.4", needs("ZXingReader", "zxing-cpp-tools"), each("ZXingReader", labelled, "-format", "QRCode")},
	{strongest, zxingMissing, zxing},
}

// functions are the readers that are part of this program.
var functions = map[string]func(ctx context.Context, content []byte) ([]string, error){
	own:       readHandback,
	"gozxing": readGozxing,
}

func readerNames() []string {
	var names []string
	for _, r := range readers {
		names = append(names, r.name)
	}
	return names
}

// found returns the names of the readers that are on this computer.
func found() []string {
	var names []string
	for _, r := range readers {
		if r.missing() == nil {
			names = append(names, r.name)
		}
	}
	return names
}

func readersNamed(names []string) ([]reader, error) {
	for _, name := range names {
		if !slices.Contains(readerNames(), name) {
			return nil, fmt.Errorf("there is no reader %q; the readers are %s", name, strings.Join(readerNames(), ", "))
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(readers), func(r reader) bool { return !slices.Contains(names, r.name) })
	for _, r := range chosen {
		if err := r.missing(); err != nil {
			return nil, err
		}
	}
	return chosen, nil
}

func nothing() error { return nil }

func needs(program, debianPackage string) func() error {
	return func() error {
		_, err := tool(program, debianPackage)
		return err
	}
}

// inside opens a reader that is part of this program: another process of it, which
// answers for [serve].
func inside(name string) func(context.Context) (session, error) {
	return func(ctx context.Context) (session, error) {
		path, err := os.Executable()
		if err != nil {
			return nil, err
		}
		return talk(exec.CommandContext(ctx, path, "-serve", name))
	}
}

// serve reads the pictures whose paths it is told, one a line, and answers each with a
// reading in JSON.
func serve(ctx context.Context, name string, in io.Reader, out io.Writer) error {
	read, ok := functions[name]
	if !ok {
		return fmt.Errorf("there is no reader %q in this program", name)
	}
	paths, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var path string
		if err := paths.Decode(&path); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		start, before := time.Now(), spent()
		texts, err := read(ctx, content)
		after := spent()
		r := reading{Texts: texts, Time: time.Since(start), Processor: after.processor - before.processor, Memory: after.memory}
		if err != nil {
			r.Error = err.Error()
		}
		if err := answers.Encode(r); err != nil {
			return err
		}
	}
}

// talk starts a process that is told paths as JSON strings, one a line, and answers each
// with a reading in JSON.
func talk(command *exec.Cmd) (session, error) {
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	paths, answers := json.NewEncoder(in), json.NewDecoder(out)
	return func(path string) (r reading, err error) {
		if err = paths.Encode(path); err == nil {
			err = answers.Decode(&r)
		}
		if err == nil && r.Error != "" {
			err = errors.New(r.Error)
		}
		return r, err
	}, nil
}

// each opens a program that is started anew for each picture. texts takes what it prints.
func each(program string, texts func(string) []string, args ...string) func(context.Context) (session, error) {
	return func(ctx context.Context) (session, error) {
		path, err := exec.LookPath(program)
		return func(picture string) (reading, error) {
			command := exec.CommandContext(ctx, path, append(slices.Clone(args), picture)...)
			start := time.Now()
			said, err := command.Output()
			r := reading{Texts: texts(string(said)), Time: time.Since(start)}
			if command.ProcessState != nil {
				cost := costOf(command.ProcessState)
				r.Processor, r.Memory = cost.processor, cost.memory
			}
			const nothingFound = 4 // zbarimg(1)
			var ended *exec.ExitError
			if errors.As(err, &ended) && ended.ExitCode() == nothingFound {
				err = nil
			}
			return r, err
		}, err
	}
}

// lines returns the lines that are not empty.
func lines(said string) []string {
	return slices.DeleteFunc(strings.Split(said, "\n"), func(line string) bool { return line == "" })
}

// labelled returns the texts that ZXingReader prints.
func labelled(said string) (texts []string) {
	for line := range strings.Lines(said) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "Text:"); ok {
			texts = append(texts, strings.Trim(strings.TrimSpace(text), "\""))
		}
	}
	return texts
}

// zxing.cjs reads with zxing-cpp's newest version, which npm has as zxing-wasm.
//
//go:embed zxing.cjs
var zxingScript string

const zxingFolder = "build/npm" // into which make build/npm installs it

func zxingMissing() error {
	if _, err := exec.LookPath("node"); err != nil {
		return errors.New("node is not here; install Node.js (Debian's packages nodejs and npm), then run make npm")
	}
	if _, err := os.Stat(filepath.Join(zxingFolder, "node_modules/zxing-wasm")); err != nil {
		return fmt.Errorf("zxing-wasm is not in %s; run make npm", zxingFolder)
	}
	return nil
}

func zxing(ctx context.Context) (session, error) {
	folder, err := filepath.Abs(zxingFolder)
	if err != nil {
		return nil, err
	}
	return talk(exec.CommandContext(ctx, "node", "-e", zxingScript, folder))
}

func readHandback(ctx context.Context, content []byte) ([]string, error) {
	texts, err := carry.ReadPicture(ctx, content)
	if errors.Is(err, carry.ErrNoCode) || errors.Is(err, carry.ErrSlow) || errors.Is(err, carry.ErrUnfinished) {
		err = nil
	}
	return texts, err
}

func readGozxing(_ context.Context, content []byte) ([]string, error) {
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

// result is a picture with its readings by name of the reader.
type result struct {
	picture
	readings map[string]reading
}

// measure lets the readers read each picture, one after the other.
func measure(ctx context.Context, home string, pictures []picture, compared []reader) ([]result, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sessions := map[string]session{}
	for _, r := range compared {
		read, err := r.open(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
		sessions[r.name] = read
	}
	var results []result
	for i, p := range pictures {
		path, err := filepath.Abs(filepath.Join(home, p.File))
		if err != nil {
			return nil, err
		}
		readings := map[string]reading{}
		for _, r := range compared {
			if readings[r.name], err = sessions[r.name](path); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", path, r.name, err)
			}
		}
		results = append(results, result{p, readings})
		if i+1 == len(pictures) || pictures[i+1].Kind != p.Kind {
			fmt.Fprintf(os.Stderr, "read %s\n", p.Kind)
		}
	}
	return results, nil
}
