package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/words"
)

// pageCode returns the only block of code in a language on a page of the documentation.
func pageCode(t *testing.T, page, language string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 1 {
		t.Fatalf("%s has %d blocks of %s", page, len(blocks), language)
	}
	return blocks[0][1]
}

// The Python code of the documentation says the same of a journal as the command.
func TestTheJournalIsCheckedByThePythonOfTheDocumentation(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	script := apptest.File(t, "check.py", pageCode(t, "administrators.md", "python"))
	vendor := filepath.Join("testdata", "vendor")
	quoted := `"a\b"`
	if runtime.GOOS == "windows" {
		quoted = "a"
	}
	for name, row := range map[string]struct {
		damage func(t *testing.T, folder string, records []string)
		intact bool
	}{
		"as it was written": {func(*testing.T, string, []string) {}, true},
		"an event is changed": {func(t *testing.T, _ string, records []string) {
			changeFile(t, records[0], `"what": "exported"`, `"what": "released"`)
		}, false},
		"a file's text is changed": {func(t *testing.T, _ string, records []string) {
			changeFile(t, records[0], "HANDBACK RECORD 1\n", "HANDBACK RECORD 1 \n")
		}, false},
		"a record is removed": {func(_ *testing.T, _ string, records []string) { _ = os.Remove(records[0]) }, false},
		"records are swapped": {func(_ *testing.T, folder string, records []string) {
			_ = os.Rename(records[0], filepath.Join(folder, "x"))
			_ = os.Rename(records[1], records[0])
			_ = os.Rename(filepath.Join(folder, "x"), records[1])
		}, false},
		"a line is changed": {func(t *testing.T, folder string, _ []string) {
			changeFile(t, filepath.Join(folder, "audit"), " created,exported ", " created,created ")
		}, false},
		"a line is removed": {func(t *testing.T, folder string, _ []string) { cutLine(t, folder, 2) }, false},
		"the last line was not written": {func(t *testing.T, folder string, _ []string) {
			text, _ := os.ReadFile(filepath.Join(folder, "audit"))
			lines := strings.SplitAfter(string(text), "\n")
			apptest.Write(t, filepath.Join(folder, "audit"), strings.Join(lines[:3], "")+lines[3][:40])
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			t.Setenv("HANDBACK_HOME", home)
			do := func(args ...string) (status int, out string) {
				var printed bytes.Buffer
				c := &command{in: strings.NewReader(""), out: &printed, err: &printed, words: words.English()}
				return c.run(args), printed.String()
			}
			for _, id := range []string{"arbeitsplatz-ä-\U0001f5a5", "workstation-<8>&"} {
				outputs := filepath.Join(home, "späte "+quoted+" 日本 & Söhne")
				if err := os.MkdirAll(outputs, 0o700); err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(outputs, id[:5]+".req")
				if status, out := do("create", "--profile", filepath.Join(vendor, "acme.toml"), "--unsigned", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", id, "--sheet", strings.TrimSuffix(file, ".req")+".html"); status != 0 {
					t.Fatalf("%d: %s", status, out)
				}
			}
			_, list := do("history", "list")
			for line := range strings.Lines(list) {
				if status, out := do("history", "export", "--profile", filepath.Join(vendor, "acme.toml"), line[:14], "--output", filepath.Join(home, line[:14])); status != 0 {
					t.Fatalf("%d: %s", status, out)
				}
			}
			folder := filepath.Join(home, "journal")
			records, _ := filepath.Glob(filepath.Join(folder, "*.txt"))
			row.damage(t, folder, records)
			said, err := exec.CommandContext(t.Context(), python, script, folder).CombinedOutput()
			if (err == nil) != row.intact {
				t.Errorf("Python: %v\n%s", err, said)
			}
			status, out := do("history", "verify")
			if status != map[bool]int{true: 0, false: 3}[row.intact] {
				t.Errorf("the command: %d\n%s", status, out)
			}
		})
	}
}

func changeFile(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), from) {
		t.Fatalf("%v, %s", err, text)
	}
	apptest.Write(t, path, strings.Replace(string(text), from, to, 1))
}

func cutLine(t *testing.T, folder string, number int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "audit"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	apptest.Write(t, filepath.Join(folder, "audit"), strings.Join(append(lines[:number-1:number-1], lines[number:]...), ""))
}

// Each jq program of the page for the desk takes what the command prints.
func TestTheJqOfTheDocumentationTakesTheHistory(t *testing.T) {
	jq, err := exec.LookPath("jq")
	if err != nil {
		t.Skip("there is no jq")
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "desk.md"))
	if err != nil {
		t.Fatal(err)
	}
	programs := regexp.MustCompile(`handback (history [^|\n]*)\|\s*jq (-\S+) (?:'([^']*)'|(\S+))`).FindAllStringSubmatch(string(page), -1)
	if len(programs) != 4 {
		t.Fatalf("the page has %q", programs)
	}
	home := t.TempDir()
	t.Setenv("HANDBACK_HOME", home)
	do := func(args ...string) string {
		var out bytes.Buffer
		c := &command{in: strings.NewReader(""), out: &out, err: os.Stderr, words: words.English()}
		if status := c.run(args); status != 0 {
			t.Fatalf("%q: %d", args, status)
		}
		return out.String()
	}
	do("create", "--profile", filepath.Join("testdata", "vendor", "acme.toml"), "--unsigned", "--license-key", "GPYC-X5J2-L5SK-C3LK", "--hardware-id", "workstation-7", "--output", filepath.Join(home, "a.handback"))
	for _, program := range programs {
		args := strings.Fields(strings.ReplaceAll(program[1], `"$(date +%Y-%m-01)"`, "2026-11-01"))
		do(args...) // it is a command line that is understood
		json := do("history", "list", "--json")
		if args[1] == "verify" {
			json = do(args...)
		}
		cmd := exec.CommandContext(t.Context(), jq, program[2], program[3]+program[4])
		cmd.Stdin = strings.NewReader(json)
		said, err := cmd.CombinedOutput()
		if err != nil || len(bytes.TrimSpace(said)) == 0 || bytes.Contains(said, []byte("null")) {
			t.Errorf("%q: %v\n%s", program[3]+program[4], err, said)
		}
		t.Logf("%s", said)
	}
}
