package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// A picture is one file of the corpus, with the truth about it.
type picture struct {
	File   string   `json:"file"`
	Kind   string   `json:"kind"`
	Texts  []string `json:"texts"`  // of the codes in it
	Recipe []string `json:"recipe"` // ImageMagick's arguments
}

const (
	manifestFile = "manifest.json"
	imageMagick  = "convert-im6.q16"
)

// makePictures makes those pictures that are not there as they should be, of
// one kind or of all, and lists them.
func makePictures(ctx context.Context, home string, seed uint64, only string) ([]picture, error) {
	planned, err := plan(ctx, home, seed, only)
	if err != nil {
		return nil, err
	}
	manifest := map[string]picture{}
	if err := load(filepath.Join(home, manifestFile), &manifest); err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(planned), func(p picture) bool {
		_, err := os.Stat(filepath.Join(home, p.File))
		there := manifest[p.File]
		return err == nil && slices.Equal(there.Recipe, p.Recipe) && slices.Equal(there.Texts, p.Texts)
	})
	if len(missing) == 0 {
		return planned, nil
	}
	begun := time.Now()
	fmt.Fprintf(os.Stderr, "making %d pictures in %s\n", len(missing), home)
	made, err := makeAll(ctx, home, missing)
	for _, p := range made {
		manifest[p.File] = p
	}
	if err := errors.Join(err, store(filepath.Join(home, manifestFile), manifest)); err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "made in %s\n", time.Since(begun).Round(time.Second))
	return planned, nil
}

// plan draws the codes and decides on every picture. Each depends on the seed
// and on its own kind and number alone.
func plan(ctx context.Context, home string, seed uint64, only string) ([]picture, error) {
	singles, err := drawSingles(ctx, dice(seed, "codes", 0))
	if err != nil {
		return nil, err
	}
	frames, err := drawSheetFrames(dice(seed, "frames", 0))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(home, "codes"), 0o755); err != nil {
		return nil, err
	}
	for _, d := range slices.Concat(singles, frames) {
		if err := os.WriteFile(filepath.Join(home, d.file), d.png, 0o644); err != nil {
			return nil, err
		}
	}

	var pictures []picture
	for _, k := range kinds {
		if only != "" && only != k.name {
			continue
		}
		// Severities from easy to hard, evenly, meet the codes in a chance order.
		severities := dice(seed, k.name+" severities", 0).Perm(k.count)
		for i := range k.count {
			r := dice(seed, k.name, i)
			s := shot{
				Rand:     r,
				number:   i,
				severity: float64(severities[i]) / float64(k.count-1),
				code:     singles[i%len(singles)],
				frames:   frames,
			}
			recipe := append([]string{"-seed", fmt.Sprint(r.Uint32())}, k.recipe(&s)...)
			p := picture{
				File:   fmt.Sprintf("%s-%02d.%s", k.name, i, k.format),
				Kind:   k.name,
				Texts:  []string{s.code.text},
				Recipe: recipe,
			}
			if s.texts != nil {
				p.Texts = s.texts
			}
			pictures = append(pictures, p)
		}
	}
	return pictures, nil
}

// dice are the random numbers for one thing.
func dice(seed uint64, name string, number int) *rand.Rand {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s %d", name, number)
	return rand.New(rand.NewPCG(seed, sum.Sum64()))
}

// makeAll makes pictures on all cores and gives those that were made.
func makeAll(ctx context.Context, home string, pictures []picture) ([]picture, error) {
	path, err := tool(imageMagick, "imagemagick")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		work  = make(chan picture)
		lock  sync.Mutex
		made  []picture
		group sync.WaitGroup
	)
	for range runtime.NumCPU() {
		group.Go(func() {
			for p := range work {
				command := exec.CommandContext(ctx, path, append(p.Recipe, p.File)...)
				command.Dir = home
				command.Env = append(os.Environ(), "MAGICK_THREAD_LIMIT=1") // or chance would depend on the cores
				if said, err := command.CombinedOutput(); err != nil {
					cancel(fmt.Errorf("%s: %w: %s\n%s", p.File, err, said, strings.Join(command.Args, " ")))
					continue
				}
				lock.Lock()
				made = append(made, p)
				lock.Unlock()
			}
		})
	}
	for _, p := range pictures {
		select {
		case work <- p:
		case <-ctx.Done():
		}
	}
	close(work)
	group.Wait()
	return made, context.Cause(ctx)
}

// tool finds a program, or names the package that has it.
func tool(name, debianPackage string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is not here; install Debian's package %s (make need-test does)", name, debianPackage)
	}
	return path, nil
}

// load reads JSON; a file that is not there leaves the value as it is.
func load(path string, value any) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(content, value)
}

func store(path string, value any) error {
	content, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(content, '\n'), 0o644)
}
