package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"handback/app/carry"
)

// programs are what is needed, with Debian's packages.
var programs = map[string]string{"convert-im6.q16": "imagemagick", "qrencode": "qrencode", "zbarimg": "zbar-tools"}

func need(names ...string) error {
	var missing []error
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			missing = append(missing, fmt.Errorf("%s is not installed; on Debian it is in the package %s", name, programs[name]))
		}
	}
	return errors.Join(missing...)
}

// base is a code before it is degraded.
type base struct {
	text string
	draw func(pixels int) ([]byte, error) // at so many pixels a module
}

const (
	base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)

func text(random *rand.Rand, letters string, length int) string {
	all := make([]byte, length)
	for i := range all {
		all[i] = letters[random.IntN(len(letters))]
	}
	return string(all)
}

// bases are plain codes of requests of 400 to 858 characters, full frames of the
// three densities, which together carry requests of any length, and codes of
// version 21 to 30 as other people's tools make them.
func bases(random *rand.Rand) []base {
	var all []base
	ours := func(text string) {
		all = append(all, base{text, func(pixels int) ([]byte, error) {
			code, err := carry.NewCode(text)
			if err != nil {
				return nil, err
			}
			return code.PNG(pixels)
		}})
	}
	for _, length := range []int{400, 464, 492, 620, 720, 856} {
		ours(text(random, base64Letters, length))
	}
	for _, length := range []int{377, 740, 1231} {
		for range 2 {
			ours("HBK1001009" + text(random, "0123456789ABCDEF", 8) + text(random, base32Letters, length))
		}
	}
	for _, length := range []int{900, 1180, 1480, 1720} { // versions 21, 24, 28 and 30 at level L
		long := text(random, base64Letters, length)
		all = append(all, base{long, func(pixels int) ([]byte, error) {
			return exec.Command("qrencode", "-8", "-l", "L", "-m", "4", "-s", fmt.Sprint(pixels), "-o", "-", long).Output()
		}})
	}
	return all
}

// job is one picture to make.
type job struct {
	picture
	source    []byte
	arguments []string
}

func makeCorpus(folder string, seed uint64, each int) error {
	if err := need("convert-im6.q16", "qrencode"); err != nil {
		return err
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	jobs, err := plan(seed, each)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	errs := make([]error, len(jobs))
	room := make(chan struct{}, runtime.NumCPU())
	for i, j := range jobs {
		group.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			errs[i] = j.run(folder)
		})
	}
	group.Wait()
	var all []picture
	for _, j := range jobs {
		all = append(all, j.picture)
	}
	return errors.Join(append(errs, save(folder, all))...)
}

func plan(seed uint64, each int) ([]job, error) {
	random := rand.New(rand.NewPCG(seed, 1))
	codes := bases(random)
	var jobs []job
	for _, k := range kinds {
		for i := range each {
			code := codes[i%len(codes)]
			source, err := code.draw(k.scale)
			if err != nil {
				return nil, err
			}
			config, err := png.DecodeConfig(bytes.NewReader(source))
			if err != nil {
				return nil, err
			}
			name := fmt.Sprintf("%s-%02d%s", strings.ReplaceAll(k.name, " ", "-"), i, k.end)
			jobs = append(jobs, job{picture{k.name, name, []string{code.text}}, source, k.worse(chance{random}, config.Width)})
		}
	}
	for i := range max(each/4, 1) {
		source, texts, err := sheet(random)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, job{picture{"sheet page", fmt.Sprintf("sheet-page-%02d.jpg", i), texts}, source, page(chance{random})})
	}
	return jobs, nil
}

// sheet is a page of six frames, ten pixels a millimeter.
func sheet(random *rand.Rand) ([]byte, []string, error) {
	paper := image.NewGray(image.Rect(0, 0, 1860, 2550))
	for i := range paper.Pix {
		paper.Pix[i] = 0xff
	}
	var texts []string
	for i := range 6 {
		text := fmt.Sprintf("HBK1%03d006", i+1) + text(random, "0123456789ABCDEF", 8) + text(random, base32Letters, 740)
		texts = append(texts, text)
		code, err := carry.NewCode(text)
		if err != nil {
			return nil, nil, err
		}
		file, err := code.PNG(8)
		if err != nil {
			return nil, nil, err
		}
		drawn, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			return nil, nil, err
		}
		for y := range drawn.Bounds().Dy() {
			for x := range drawn.Bounds().Dx() {
				paper.Set(i%2*800+x, 100+i/2*780+y, drawn.At(x, y))
			}
		}
	}
	var file bytes.Buffer
	err := png.Encode(&file, paper)
	return file.Bytes(), texts, err
}

func (j job) run(folder string) error {
	arguments := append(append([]string{"png:-"}, j.arguments...), filepath.Join(folder, j.File))
	convert := exec.Command("convert-im6.q16", arguments...)
	convert.Stdin = bytes.NewReader(j.source)
	if said, err := convert.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", j.File, err, said)
	}
	return nil
}
