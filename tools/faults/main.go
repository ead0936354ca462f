// Command faults runs the tests, printing what "go test" prints, and then says whether they
// proved that Handback survives each fault that it has to.
//
//	go run ./tools/faults [-list] [ARGUMENT OF go test ...]
//
// The faults are those of table.txt. A test names its faults, such as F01, in the comment
// above it, and a script in any of its comments. The command fails if "go test" does, or
// if a fault has no test, or a test that did not pass. With -list it prints each fault with
// its tests, else those alone that were not proved.
package main

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

//go:embed table.txt
var table string

var (
	fault    = regexp.MustCompile(`\bF[0-9]{2,3}\b`)
	function = regexp.MustCompile(`^func ((?:Test|Fuzz)\w+)\(`)
)

// proof is a test that names a fault.
type proof struct{ folder, test string }

func main() {
	args := os.Args[1:]
	list := len(args) > 0 && args[0] == "-list"
	if list {
		args = args[1:]
	}
	named, err := findTests()
	if err == nil {
		var outcomes map[proof]string
		outcomes, err = run(args)
		err = errors.Join(err, report(named, outcomes, list))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

// findTests returns the tests below the current folder that name faults, by fault.
func findTests() (map[string][]proof, error) {
	named := map[string][]proof{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "build" || len(entry.Name()) > 1 && entry.Name()[0] == '.') {
			return cmp.Or(err, fs.SkipDir)
		}
		script := strings.HasSuffix(path, ".txtar")
		if entry.IsDir() || !script && !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if script {
			add(named, fault.FindAllString(comments(string(text)), -1),
				proof{filepath.Dir(filepath.Dir(filepath.Dir(path))), "TestScripts/" + strings.TrimSuffix(filepath.Base(path), ".txtar")})
			return nil
		}
		above := ""
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "//") {
				above += line
				continue
			}
			if found := function.FindStringSubmatch(line); found != nil {
				_, beside, _ := strings.Cut(line, "//")
				add(named, fault.FindAllString(above+beside, -1), proof{filepath.Dir(path), found[1]})
			}
			above = ""
		}
		return nil
	})
	return named, err
}

func comments(script string) (text string) {
	for line := range strings.Lines(script) {
		if strings.HasPrefix(line, "#") {
			text += line
		}
	}
	return text
}

func add(named map[string][]proof, faults []string, p proof) {
	for _, f := range faults {
		if !slices.Contains(named[f], p) {
			named[f] = append(named[f], p)
		}
	}
}

// event is a line of "go test -json": go help test2json.
type event struct{ Action, Package, Test, Output string }

// run runs "go test" with these arguments, prints what it would print by itself, and
// returns the outcome of each test: pass, fail or skip.
func run(args []string) (map[proof]string, error) {
	module, err := exec.Command("go", "list", "-m").Output()
	if err != nil {
		return nil, fmt.Errorf("this is not a module: %w", err)
	}
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	outcomes := map[proof]string{}
	said := map[proof]string{} // by package and test, or its subtests: printed if it fails
	events := json.NewDecoder(out)
	for {
		var e event
		if err := events.Decode(&e); err == io.EOF {
			break
		} else if err != nil {
			return outcomes, errors.Join(fmt.Errorf("go test -json printed what is no event: %w", err), cmd.Wait())
		}
		whole, _, _ := strings.Cut(e.Test, "/")
		key := proof{e.Package, whole}
		switch ended := slices.Contains([]string{"pass", "fail", "skip"}, e.Action); {
		case e.Test == "" && e.Output != "PASS\n":
			if e.Action == "fail" { // a panic ends no test
				for key, text := range said {
					if key.folder == e.Package {
						fmt.Print(text)
						delete(said, key)
					}
				}
			}
			fmt.Print(e.Output)
		case e.Output != "":
			said[key] += e.Output
		case ended:
			folder := strings.TrimPrefix(strings.TrimPrefix(e.Package, strings.TrimSpace(string(module))), "/")
			outcomes[proof{cmp.Or(folder, "."), e.Test}] = e.Action
			if e.Test == whole {
				if e.Action == "fail" {
					fmt.Print(said[key])
				}
				delete(said, key)
			}
		}
	}
	return outcomes, cmd.Wait()
}

// report prints a line for each fault that is not proved, or with list for each, and
// below it its tests.
func report(named map[string][]proof, outcomes map[proof]string, list bool) error {
	faults, open := 0, 0
	for row := range strings.Lines(strings.TrimSpace(table)) {
		faults++
		name, _, _ := strings.Cut(row, " ")
		proved := "proved"
		var tests []string
		for _, p := range named[name] {
			end := cmp.Or(outcomes[p], "not run")
			tests = append(tests, fmt.Sprintf("       %s  %s %s\n", end, p.folder, p.test))
			if end != "pass" && proved == "proved" {
				proved = end
			}
		}
		if len(tests) == 0 {
			proved = "no test"
		}
		if proved != "proved" {
			open++
		}
		if list || proved != "proved" {
			fmt.Printf("%-8s %s\n%s", proved, strings.TrimSpace(row), strings.Join(tests, ""))
		}
	}
	fmt.Printf("%d faults, %d of them not proved to be survived\n", faults, open)
	if open > 0 {
		return errors.New("not every fault is proved to be survived")
	}
	return nil
}
