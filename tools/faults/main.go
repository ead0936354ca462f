// Command faults runs the tests and reports, for each fault that Handback has to survive,
// whether the tests proved on this run that it does.
//
//	go run ./tools/faults [ARGUMENT OF go test ...]
//
// The faults are those of table.txt. A test names its faults, such as F01, in the comment
// above it, and a script in any of its comments. The command fails if a fault has no
// test, or a test that did not pass.
package main

import (
	"bufio"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
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
	named, err := findTests()
	if err == nil {
		err = report(named, run(os.Args[1:]))
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

// run runs "go test" with these arguments and returns the outcome of each test: pass,
// fail or skip.
func run(args []string) map[proof]string {
	module, err := exec.Command("go", "list", "-m").Output()
	if err != nil {
		return nil
	}
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		return nil
	}
	outcomes := map[proof]string{}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var event struct{ Action, Package, Test string }
		if json.Unmarshal(lines.Bytes(), &event) != nil || event.Test == "" {
			continue
		}
		folder := strings.TrimPrefix(strings.TrimPrefix(event.Package, strings.TrimSpace(string(module))), "/")
		if slices.Contains([]string{"pass", "fail", "skip"}, event.Action) {
			outcomes[proof{cmp.Or(folder, "."), event.Test}] = event.Action
		}
	}
	_ = cmd.Wait() // the report has the failures
	return outcomes
}

// report prints a line for each fault, and below it its tests.
func report(named map[string][]proof, outcomes map[proof]string) error {
	open, failed := 0, 0
	for row := range strings.Lines(strings.TrimSpace(table)) {
		name, _, _ := strings.Cut(row, " ")
		proved := "proved"
		var tests []string
		for _, p := range named[name] {
			end := cmp.Or(outcomes[p], "not run")
			tests = append(tests, fmt.Sprintf("       %s  %s %s", end, p.folder, p.test))
			if end != "pass" && proved == "proved" {
				proved = end
			}
		}
		if len(tests) == 0 {
			proved = "OPEN"
			open++
		} else if proved != "proved" {
			failed++
		}
		fmt.Printf("%-8s %s\n%s\n", proved, strings.TrimSpace(row), strings.Join(tests, "\n"))
	}
	fmt.Printf("\n%d faults, %d without a test, %d not proved on this run\n", strings.Count(strings.TrimSpace(table), "\n")+1, open, failed)
	if open+failed > 0 {
		return fmt.Errorf("not every fault is survived")
	}
	return nil
}
