//go:build manual

package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/words"
	"handback/cmd/terminal"
)

// manual returns the manual pages by name.
func manual(t *testing.T) map[string]string {
	t.Helper()
	folder := t.TempDir()
	if err := writeManual(folder); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.1"))
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pages[strings.TrimSuffix(filepath.Base(file), ".1")] = string(text)
	}
	return pages
}

// help returns the --help of a command.
func help(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	c := &command{in: strings.NewReader(""), out: &out, err: &out, words: words.English()}
	if status := c.run(append(args, "--help")); status != 0 {
		t.Fatalf("%q ended with %d: %s", args, status, out.String())
	}
	return out.String()
}

func TestEachCommandThatTheHelpListsHasAPageOfItsName(t *testing.T) {
	var want []string
	var visit func(path ...string)
	visit = func(path ...string) {
		want = append(want, strings.Join(path, "-"))
		_, listed, _ := strings.Cut(help(t, path[1:]...), "\nCommands:\n")
		listed, _, _ = strings.Cut(listed, "\n\n")
		for line := range strings.Lines(listed) {
			if name := strings.Fields(line)[0]; name != "help" {
				visit(append(slices.Clone(path), name)...)
			}
		}
	}
	visit("handback")
	pages := manual(t)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(pages))); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	if !slices.Contains(want, "handback-profile-import") {
		t.Errorf("the help was not read: %q", want)
	}
	for name, text := range pages {
		title := strings.ReplaceAll(name, "-", `\-`)
		if strings.Count(text, "\n.TH ") != 1 || !strings.Contains(text, `.TH "`+strings.ToUpper(title)+`" "1"`) || !strings.Contains(text, "\n.SH NAME\n"+title+` \- `) {
			t.Errorf("%s goes by another name:\n%s", name, text)
		}
	}
}

func TestEachPageHasWhatItsCommandTakes(t *testing.T) {
	pages := manual(t)
	for name, sections := range map[string][]string{
		"handback":         {"OPTIONS", "EXAMPLE", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"},
		"handback-create":  {"OPTIONS", "EXAMPLE", "SOURCES OF HARDWARE IDS", "EXIT STATUS", "SEE ALSO"},
		"handback-sandbox": {"OPTIONS", "EXAMPLE", "SCENARIOS", "EXIT STATUS", "SEE ALSO"},
	} {
		var got []string
		for _, one := range regexp.MustCompile(`(?m)^\.SH (.*)$`).FindAllStringSubmatch(pages[name], -1) {
			got = append(got, one[1])
		}
		if diff := cmp.Diff(append([]string{"NAME", "SYNOPSIS", "DESCRIPTION"}, sections...), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, says := range map[string][]string{
		"handback":         {`\fBprofile import\fP`, `\fBHANDBACK_HOME\fP`, `\fBHTTPS_PROXY, NO_PROXY\fP`, `\fB$HANDBACK_HOME/journal\fP`, `\(ti/.config/handback on Linux`, `%LOCALAPPDATA%\\handback`},
		"handback-create":  {`\fB\-\-secret\-file\fP=FILE`, `\fB\-\-quiet\fP` + "\n", "\n  handback create \\-\\-license\\-key "},
		"handback-sandbox": {`\fBaccept_required\fP`, `(default 127.0.0.1:0)`},
	} {
		for _, one := range says {
			if !strings.Contains(pages[name], one) {
				t.Errorf("%s does not say %s", name, one)
			}
		}
	}
}

func TestPagesReferToPagesThatExist(t *testing.T) {
	pages := manual(t)
	reference := regexp.MustCompile(`\\fB([^\s(]+)\(1\)\\fP`)
	for name, text := range pages {
		found := reference.FindAllStringSubmatch(text, -1)
		for _, one := range found {
			if to := strings.ReplaceAll(one[1], `\-`, "-"); pages[to] == "" {
				t.Errorf("%s refers to %s, which there is not", name, to)
			}
		}
		if len(found) == 0 || len(found) != strings.Count(text, "(1)") {
			t.Errorf("%s has other references than %q", name, found)
		}
	}
}

// statuses returns the rows of a page's table of exit statuses.
func statuses(text string) map[string]string {
	rows := map[string]string{}
	_, table, _ := strings.Cut(text, "\n.SH EXIT STATUS\n")
	table, _, _ = strings.Cut(table, "\n.SH ")
	for _, row := range regexp.MustCompile(`\.TP\n\\fB(\d)\\fP\n(.*)`).FindAllStringSubmatch(table, -1) {
		rows[row[1]] = row[2]
	}
	return rows
}

func TestTheManualAndTheAdministratorsPageHaveTheSameExitStatuses(t *testing.T) {
	page, err := os.ReadFile("../../docs/administrators.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "\n## Exit statuses\n")
	table, _, _ = strings.Cut(table, "\nOf several requests")
	want := map[string]string{}
	for _, cell := range regexp.MustCompile(`\| (\d) \| ([^|\n]+) `).FindAllStringSubmatch(table, -1) {
		want[cell[1]] = cell[2]
	}
	if len(want) != len(fault.Kinds())+1 {
		t.Fatalf("the page has %v", want)
	}
	if diff := cmp.Diff(want, statuses(manual(t)["handback"])); diff != "" {
		t.Errorf("exit statuses (-page +manual):\n%s", diff)
	}
}

func TestEachPageOfAJobHasItsExitStatuses(t *testing.T) {
	pages := manual(t)
	for name, text := range pages {
		job := !strings.HasPrefix(name, "handback-completion") && name != "handback-history" && name != "handback-profile"
		if got := statuses(text); job != (len(got) > 0) {
			t.Errorf("%s has the exit statuses %v", name, got)
		}
	}
	if got := statuses(pages["handback-submit"]); got["8"] == "" || got["9"] == "" {
		t.Errorf("submit has %v", got)
	}
	if got := statuses(pages["handback-create"]); got["5"] == "" || got["7"] != "" {
		t.Errorf("create, which sends nothing, has %v", got)
	}
}

func TestWhatIsTypedCanBeCopiedFromAPage(t *testing.T) {
	plain := regexp.MustCompile("(^|[^\\\\])[-'~^`]")
	for name, text := range manual(t) {
		for line := range strings.Lines(text) {
			if plain.MatchString(line) {
				t.Errorf("%s has what roff sets otherwise: %s", name, line)
			}
		}
	}
}

// The names of JSON objects are what the pages say, each of them.
func TestThePagesNameEachMemberOfTheHistorysJSON(t *testing.T) {
	pages := manual(t)
	for page, value := range map[string]any{"history-list": terminal.RecordJSON{}, "history-show": terminal.RecordJSON{}, "history-verify": terminal.VerifyJSON{}} {
		var want, got []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(value)) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && !slices.Contains(want, name) {
				want = append(want, name)
			}
		}
		for _, one := range members[strings.Replace(page, "-", " ", 1)] {
			got = append(got, one[0])
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-JSON +page):\n%s", page, diff)
		}
		_, section, _ := strings.Cut(pages["handback-"+page], "\n.SH JSON")
		for _, name := range want {
			if !strings.Contains(section, `\fB`+name) {
				t.Errorf("%s does not name %s:\n%s", page, name, section)
			}
		}
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[journal.Event]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if about := recordMembers[len(recordMembers)-1][1]; !regexp.MustCompile(`\b` + name + `\b`).MatchString(about) {
			t.Errorf("events: %s is not named", name)
		}
	}
}
