package main

import (
	"bytes"
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
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// A picture is a file of the corpus with its true content.
type picture struct {
	File   string   `json:"file"`
	Kind   string   `json:"kind"`
	Texts  []string `json:"texts"`  // of the codes in it
	Recipe []string `json:"recipe"` // ImageMagick's arguments
	// Surface is what ImageMagick reads from its standard input, if the code is bent.
	Surface *surface `json:"surface,omitempty"`
}

const (
	manifestFile = "manifest.json"
	imageMagick  = "convert-im6.q16"
)

// makePictures returns every so many pictures of one kind, or of all kinds if only is
// empty. It makes those that are missing or that were made by another recipe.
func makePictures(ctx context.Context, home string, seed uint64, only string, every int) ([]picture, error) {
	planned, err := plan(ctx, home, seed, only)
	if err != nil {
		return nil, err
	}
	number := map[string]int{}
	planned = slices.DeleteFunc(planned, func(p picture) bool {
		number[p.Kind]++
		return (number[p.Kind]-1)%every != 0
	})
	manifest := map[string]picture{}
	if err := load(filepath.Join(home, manifestFile), &manifest); err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(planned), func(p picture) bool {
		_, err := os.Stat(filepath.Join(home, p.File))
		there := manifest[p.File]
		return err == nil && reflect.DeepEqual(there, p)
	})
	if len(missing) == 0 {
		return planned, nil
	}
	start := time.Now()
	fmt.Fprintf(os.Stderr, "making %d pictures in %s\n", len(missing), home)
	made, err := makeAll(ctx, home, missing)
	for _, p := range made {
		manifest[p.File] = p
	}
	if err := errors.Join(err, store(filepath.Join(home, manifestFile), manifest)); err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "made in %s\n", time.Since(start).Round(time.Second))
	return planned, nil
}

// plan draws the codes and plans all pictures. Each picture depends only on the seed, its
// kind and its number.
func plan(ctx context.Context, home string, seed uint64, only string) ([]picture, error) {
	singles, err := drawSingles(ctx, newRand(seed, "codes", 0))
	if err != nil {
		return nil, err
	}
	frames, err := drawFrames(newRand(seed, "frames", 0), "sheet", sheetFrames, 15)
	if err != nil {
		return nil, err
	}
	small, err := drawFrames(newRand(seed, "page frames", 0), "page", pageFrames, 10)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(home, "codes"), 0o755); err != nil {
		return nil, err
	}
	for _, d := range slices.Concat(singles, frames, small) {
		if err := os.WriteFile(filepath.Join(home, d.file), d.png, 0o644); err != nil {
			return nil, err
		}
	}

	var pictures []picture
	for _, k := range kinds {
		if only != "" && only != k.name {
			continue
		}
		// Severities are evenly distributed, and in a random order among the codes.
		severities := newRand(seed, k.name+" severities", 0).Perm(k.count)
		for i := range k.count {
			r := newRand(seed, k.name, i)
			s := shot{
				Rand:     r,
				number:   i,
				severity: float64(severities[i]) / float64(k.count-1),
				code:     singles[i%len(singles)],
				singles:  singles,
				frames:   frames,
				small:    small,
			}
			recipe := append([]string{"-seed", fmt.Sprint(r.Uint32())}, k.recipe(&s)...)
			p := picture{
				File:    fmt.Sprintf("%s-%02d.%s", k.name, i, k.format),
				Kind:    k.name,
				Texts:   []string{s.code.text},
				Recipe:  recipe,
				Surface: s.surface,
			}
			if s.texts != nil {
				p.Texts = s.texts
			}
			pictures = append(pictures, p)
		}
	}
	return pictures, nil
}

// newRand returns random numbers that depend only on its arguments.
func newRand(seed uint64, name string, number int) *rand.Rand {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s %d", name, number)
	return rand.New(rand.NewPCG(seed, sum.Sum64()))
}

// makeAll makes pictures on all cores, and returns those that were made.
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
				command.Env = append(os.Environ(), "MAGICK_THREAD_LIMIT=1") // otherwise random numbers depend on the number of cores
				if p.Surface != nil {
					paper, err := p.Surface.drawn(home)
					if err != nil {
						cancel(fmt.Errorf("%s: %w", p.File, err))
						continue
					}
					command.Stdin = bytes.NewReader(paper)
				}
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

// tool returns the path of a program. The error names the Debian package to install.
func tool(name, debianPackage string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is not here; install Debian's package %s (make need-test does)", name, debianPackage)
	}
	return path, nil
}

// load decodes a JSON file into value, which stays as it is if there is no file.
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
