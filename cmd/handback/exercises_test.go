package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"handback/app/apptest"
)

var exitStatus = regexp.MustCompile(`\s+# exit status ([0-9]+)$`)

// TestTheExercisesOfTheDeskAreTrue runs the commands of the page for the support desk, and
// compares the quoted lines with what they print.
func TestTheExercisesOfTheDeskAreTrue(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "desk.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, exercises, found := strings.Cut(string(page), "\n## Exercises\n")
	if n := strings.Count(exercises, "\n### "); !found || n != 10 {
		t.Fatalf("%d exercises", n)
	}
	var script strings.Builder
	for line := range strings.Lines(exercises) {
		line = strings.TrimRight(line, "\n")
		command, isCommand := strings.CutPrefix(line, "    ")
		seen, isSeen := strings.CutPrefix(line, "> ")
		command = strings.NewReplacer("--listen 127.0.0.1:8080", "--listen 127.0.0.1:0", "http://127.0.0.1:8080", "$SANDBOX").Replace(command)
		switch {
		case strings.HasPrefix(line, "### "):
			fmt.Fprintln(&script, "#", line)
		case isCommand && strings.HasPrefix(command, "handback sandbox"):
			fmt.Fprintf(&script, "%s &\nlistening\n", command)
		case isCommand && exitStatus.MatchString(command):
			fmt.Fprintf(&script, "fails %s %s\n", exitStatus.FindStringSubmatch(command)[1], exitStatus.ReplaceAllString(command, ""))
		case isCommand:
			fmt.Fprintln(&script, command)
		case isSeen:
			fmt.Fprintf(&script, "sees '%s'\n", strings.ReplaceAll(seen, "'", "''"))
		}
	}
	testscript.Run(t, testscript.Params{
		Files: []string{apptest.File(t, "exercises.txtar", script.String())},
		Setup: prepare,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fails": fails, "listening": listening,
			"sees": func(ts *testscript.TestScript, _ bool, args []string) {
				if printed := ts.ReadFile("stdout") + ts.ReadFile("stderr"); !strings.Contains(printed, args[0]) {
					ts.Fatalf("it is not printed: %s", args[0])
				}
			},
		},
	})
}
