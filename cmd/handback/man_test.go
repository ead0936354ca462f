package main

import (
	"bytes"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/fault"
	"handback/app/words"
)

// said is what a command line prints.
func said(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	c := &command{in: strings.NewReader(""), out: &out, err: &out, words: words.English()}
	if status := c.run(args); status != 0 {
		t.Fatalf("%q ended with %d: %s", args, status, out.String())
	}
	return out.String()
}

// manual is every page by its name, as man --list has them.
func manual(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for line := range strings.Lines(said(t, "man", "--list")) {
		path := strings.Fields(line)
		pages[strings.Join(path, "-")] = said(t, append([]string{"man"}, path[1:]...)...)
	}
	return pages
}

func TestEachCommandThatTheHelpListsHasAPageOfItsName(t *testing.T) {
	var want []string
	var visit func(path ...string)
	visit = func(path ...string) {
		want = append(want, strings.Join(path, "-"))
		_, listed, _ := strings.Cut(said(t, append(slices.Clone(path[1:]), "--help")...), "Available Commands:\n")
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
		title := strings.ReplaceAll(strings.ToUpper(name), "-", `\-`)
		if !strings.HasPrefix(text, `.TH "`+title+`" "1"`) || !strings.Contains(text, "\n.SH NAME\n"+name+` \- `) {
			t.Errorf("%s goes by another name:\n%s", name, text)
		}
	}
}

func TestPagesReferToPagesThatExist(t *testing.T) {
	pages := manual(t)
	reference := regexp.MustCompile(`\\fB([^\s(]+)\\fR\(1\)`)
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

// statuses are the rows of a page's table of exit statuses.
func statuses(text string) map[string]string {
	rows := map[string]string{}
	_, table, _ := strings.Cut(text, "\n.SH EXIT STATUS\n")
	table, _, _ = strings.Cut(table, "\n.SH ")
	for _, row := range regexp.MustCompile(`\.TP\n\\fB(\d)\\fR\n(.*)`).FindAllStringSubmatch(table, -1) {
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
	if diff := cmp.Diff(want, statuses(said(t, "man"))); diff != "" {
		t.Errorf("exit statuses (-page +manual):\n%s", diff)
	}
}

func TestEachPageOfAJobHasItsExitStatuses(t *testing.T) {
	pages := manual(t)
	for name, text := range pages {
		job := name != "handback-man" && !strings.HasPrefix(name, "handback-completion") && name != "handback-history" && name != "handback-profile"
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

func TestInAPageNothingIsAnOrderToRoffAndTypedTextCanBeCopied(t *testing.T) {
	for text, want := range map[string]string{
		".TH":                     `\&.TH`,
		"'so":                     `\(aqso`,
		`%LOCALAPPDATA%\x`:        `%LOCALAPPDATA%\ex`,
		"~/.config":               `\(ti/.config`,
		"--json":                  `\-\-json`,
		"one\n.two":               "one\n\\&.two",
		"`x` ^":                   `\(gax\(ga \(ha`,
		"a sentence. And another": "a sentence. And another",
	} {
		if got := plainRoff(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got, want := paragraphs("Run:\n\n\thandback x\n\tand y\n\nDone.\n"), "Run:\n.PP\n.nf\n  handback x\n  and y\n.fi\n.PP\nDone."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
