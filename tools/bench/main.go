//go:build unix

// Command bench measures Handback beside programs that do the same work, and writes the
// results to docs/benchmarks.md. The table of rows has what is measured.
//
//	go run ./tools/bench [-quick] [-only TEXT] [-o FILE]
//
// It runs in the project's folder and expects both programs in bin and the vendor's SDK for
// Node in build/npm, as make bench makes them. Handback and the other program run in turn, so
// that whatever else the computer does slows both; the results are medians.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	quick := flag.Bool("quick", false, "try it out: few runs of small amounts")
	only := flag.String("only", "", "measure only the rows whose work contains `TEXT`")
	page := flag.String("o", "docs/benchmarks.md", "the `FILE` to write")
	flag.Parse()
	if err := run(*quick, *only, *page); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(quick bool, only, page string) error {
	l, err := newLab(quick)
	if err != nil {
		return err
	}
	defer l.close()
	began, load := time.Now(), loads()
	var results []result
	var failed error
	for _, r := range rows(quick) {
		if !strings.Contains(r.work, only) {
			continue
		}
		fmt.Fprintln(os.Stderr, r.work)
		ours, theirs, err := r.measure(l)
		if err != nil { // the other rows are measured all the same
			failed = errors.Join(failed, fmt.Errorf("%s: %w", r.work, err))
			continue
		}
		for _, f := range r.figures {
			one := result{row: r, figure: f, ours: f.median(ours)}
			if len(theirs) > 0 {
				one.theirs = f.median(theirs)
				one.paired = one.theirs > 0 // a function of this program has no memory of its own
			}
			results = append(results, one)
			fmt.Fprintln(os.Stderr, "   ", one)
		}
	}
	text := pageOf(results, began, load)
	return errors.Join(failed, os.WriteFile(page, []byte(text), 0o644))
}

// row is some work that Handback does beside another program.
type row struct {
	work    string
	beside  string // the other program; empty if there is none
	runs    int
	prepare func(*lab) (ours, theirs task, err error)
	figures []figure
}

// task does the work once. It prepares what the work needs outside of what it measures.
type task func() (sample, error)

// sample is what the work took once.
type sample struct {
	wall, cpu, first time.Duration // first: until the first line of the output
	memory           int64         // resident, the most, in bytes
}

// figure is one value of the samples.
type figure struct {
	name   string
	value  func(sample) float64
	show   func(value float64) string
	wanted float64 // the least ratio of the other's value to Handback's; 0 if none is wanted
	most   float64 // of the value itself; 0 if there is no such limit
	limit  string  // most in words
}

func (f figure) median(all []sample) float64 {
	var values []float64
	for _, s := range all {
		values = append(values, f.value(s))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// result is a row of the page.
type result struct {
	row
	figure
	ours, theirs float64
	paired       bool
}

func (r result) ratio() float64 { return r.theirs / r.ours }

// reached reports whether the figure is as good as it should be.
func (r result) reached() bool {
	return (r.wanted == 0 || r.ratio() >= r.wanted) && (r.most == 0 || r.ours <= r.most)
}

func (r result) String() string {
	text := r.name + " " + r.show(r.ours)
	if r.paired {
		text += fmt.Sprintf(", %s %s, ratio %.2f", r.beside, r.show(r.theirs), r.ratio())
	}
	if !r.reached() {
		text += ", not reached"
	}
	return text
}

// measure does the work of both in turn. The first run of each warms up and does not count.
func (r row) measure(l *lab) (ours, theirs []sample, err error) {
	us, them, err := r.prepare(l)
	if err != nil {
		return nil, nil, err
	}
	for n := range r.runs + min(r.runs-1, 1) {
		for _, one := range []struct {
			do  task
			all *[]sample
		}{{us, &ours}, {them, &theirs}} {
			if one.do == nil {
				continue
			}
			s, err := one.do()
			if err != nil {
				return nil, nil, err
			}
			if n > 0 || r.runs == 1 {
				*one.all = append(*one.all, s)
			}
		}
	}
	return ours, theirs, nil
}

// pageOf returns the page.
func pageOf(results []result, began time.Time, load string) string {
	var b strings.Builder
	b.WriteString(`# Benchmarks

` + "`make bench`" + ` measures this and writes this page; ` + "`tools/bench`" + ` has how. Handback and what
it is measured beside run in turn, and the figures are medians. The ratio is the other's
figure divided by Handback's: above 1, Handback is quicker or smaller. The computer has two
cores and was shared with other work, so ratios say more than times.

`)
	for _, line := range machine() {
		b.WriteString("- " + line + "\n")
	}
	fmt.Fprintf(&b, "- %s; load %s at the beginning, %s at the end, %.0f minutes later\n\n", began.UTC().Format("2 January 2006"), load, loads(), time.Since(began).Minutes())
	b.WriteString("| work | figure | Handback | beside | | ratio | wanted | |\n|---|---|---|---|---|---|---|---|\n")
	last := ""
	for _, r := range results {
		cells := []string{r.work, r.name, r.show(r.ours), "", "", "", "", ""}
		if r.work == last {
			cells[0] = ""
		}
		last = r.work
		if r.paired {
			cells[3], cells[4], cells[5] = r.beside, r.show(r.theirs), fmt.Sprintf("%.2f", r.ratio())
		}
		if r.wanted > 0 {
			cells[6] = fmt.Sprintf("%g or more", r.wanted)
		} else if r.limit != "" {
			cells[6] = r.limit
		}
		if !r.reached() {
			cells[7] = "missed"
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	b.WriteString(`
How well codes are read beside other readers is measured by ` + "`make bench-reading`" + `: see
[how well codes are read](figures.md#how-well-codes-are-read).
`)
	return b.String()
}

// machine describes the computer and the versions of all programs.
func machine() (lines []string) {
	for _, one := range []struct{ name, command string }{
		{"processor", `echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"`},
		{"memory", `sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo | awk '{printf "%.0f GB", $1/1e6}'`},
		{"system", `. /etc/os-release; echo "$PRETTY_NAME, Linux $(uname -r)"`},
		{"versions", `go version | sed 's/go version go/Go /' | cut -d' ' -f1,2; echo "Node.js $(node --version)"; openssl version | cut -d' ' -f1,2; qrencode --version 2>&1 | head -n 1; bin/handback --version | head -n 1`},
	} {
		text := strings.TrimSpace(shell(one.command))
		lines = append(lines, one.name+": "+strings.ReplaceAll(cmp.Or(text, "not known"), "\n", ", "))
	}
	return lines
}
