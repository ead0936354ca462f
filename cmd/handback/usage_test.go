package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handback/app/sandbox"
	"handback/app/words"
	"handback/assets"
)

// broken returns command lines that no command understands, each for all commands.
func broken(root *cobra.Command) (lines [][]string) {
	var visit func(of *cobra.Command, path []string)
	visit = func(of *cobra.Command, path []string) {
		add := func(args ...string) { lines = append(lines, slices.Concat(path, args)) }
		add("--no-such")
		add("--jsno")
		add("-zx")
		add("--=x")
		add("---x")
		add("--hlep")
		add("--help=maybe")
		of.InitDefaultHelpFlag()
		of.Flags().VisitAll(func(f *pflag.Flag) {
			switch f.Value.String() {
			case "false":
				add("--" + f.Name + "=maybe")
			case "0":
				add("--"+f.Name, "two")
				add("--"+f.Name, "99999999999999999999")
				add("--" + f.Name)
			default:
				add("--" + f.Name)
				add("--"+f.Name, "--help", "x")
			}
		})
		_, wants, _ := strings.Cut(of.Use, " ")
		switch {
		case of.HasSubCommands():
			add("no-such")
			add("no-such", "--help")
			add("sho")
		case strings.HasPrefix(wants, "["):
			add("no-such")
			add("create", "x")
		case wants != "":
			add()
		}
		if !strings.HasSuffix(wants, "...") && !of.HasSubCommands() {
			add("a", "b", "c")
		}
		for _, one := range of.Commands() {
			visit(one, append(slices.Clone(path), one.Name()))
		}
	}
	visit(root, nil)
	return lines
}

// english matches words of which every error of Cobra and pflag has one.
var english = regexp.MustCompile(`(?i)\b(unknown|flags?|args?|argument|invalid|requires|accepts|received|required|needs|syntax|topic|did you mean|parsing|strconv|does not|not defined|missing)\b`)

// F89: no message of Cobra's or pflag's reaches a person.
func TestEveryCommandAnswersABrokenLineInThePersonsLanguage(t *testing.T) {
	t.Setenv("HANDBACK_HOME", t.TempDir())
	say := func(line []string, language string) (int, string) {
		var out strings.Builder
		c := &command{in: strings.NewReader(""), out: &out, err: &out, words: words.For(language)}
		return c.run(line), out.String()
	}
	t.Chdir(t.TempDir())
	lines := broken((&command{words: words.English()}).root())
	if len(lines) < 200 {
		t.Fatalf("only %d command lines were tried", len(lines))
	}
	untranslated := map[string][]string{}
	for _, language := range words.Languages()[1:] {
		untranslated[language] = missing(t, language)
	}
	for _, line := range lines {
		status, plain := say(line, "en")
		want := 2 // the error and the hint
		if slices.Equal(line, []string{"sandbox", "--scenario"}) {
			want += len(sandbox.Scenarios()) // a line each
		}
		if status != 2 || strings.Count(plain, "\n") != want && !strings.Contains(plain, `{"error"`) || strings.Contains(plain, `\u{`) {
			t.Errorf("%q: %d, %s", line, status, plain)
		}
		for _, language := range words.Languages()[1:] {
			if slices.ContainsFunc(untranslated[language], func(text string) bool { return strings.Contains(plain, text) }) {
				continue // English until it is translated
			}
			status, said := say(line, language)
			if found := english.FindString(said); status != 2 || found != "" || said == plain {
				t.Errorf("%q in %s: %d, %q in: %s", line, language, status, found, said)
			}
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("a line that was refused left %v, %v", left, err)
	}
}

// Cobra writes headings, the flag --help and the command completion in English.
func TestTheHelpOfEveryCommandIsInThePersonsLanguage(t *testing.T) {
	english := regexp.MustCompile(`(?i)\b(usage|flags?|commands?:|help for|available|default|the|for)\b`)
	help := func(path []string, language string) string {
		var out strings.Builder
		c := &command{in: strings.NewReader(""), out: &out, err: &out, words: words.For(language)}
		if status := c.run(append(slices.Clone(path), "--help")); status != 0 {
			t.Errorf("%q in %s: %d", path, language, status)
		}
		return out.String()
	}
	var commands [][]string
	for _, one := range withSubcommands((&command{words: words.English()}).root()) {
		commands = append(commands, strings.Fields(one.CommandPath())[1:])
	}
	commands = append(commands, []string{"help"})
	if len(commands) < 20 {
		t.Fatalf("only %d commands were found", len(commands))
	}
	for _, language := range words.Languages()[1:] {
		for _, path := range commands {
			said := help(path, language)
			said = strings.ReplaceAll(said, "handback "+strings.Join(path, " "), "") // the name of the command help
			if found := english.FindString(said); found != "" || said == help(path, "en") {
				t.Errorf("%q in %s says %q in: %s", path, language, found, said)
			}
		}
	}
}

func TestEveryFlagStandsInOneGroup(t *testing.T) {
	grouped := map[string]int{}
	for _, group := range flagGroups {
		for _, name := range group.Names {
			if grouped[name]++; grouped[name] > 1 {
				t.Errorf("--%s stands in two groups", name)
			}
		}
	}
	for _, one := range withSubcommands((&command{words: words.English()}).root()) {
		one.Flags().VisitAll(func(f *pflag.Flag) {
			if grouped[f.Name] > 0 {
				grouped[f.Name] = -1
			}
		})
	}
	for name, n := range grouped {
		if n != -1 {
			t.Errorf("--%s is a flag of no command", name)
		}
	}
}

// missing returns the English texts of faults that are not translated into language: of
// each the longest piece between placeholders, without its first letter, which may be a
// capital.
func missing(t *testing.T, language string) (texts []string) {
	t.Helper()
	file, err := assets.Translation.ReadFile("translation/en.json")
	if err != nil {
		t.Fatal(err)
	}
	english := map[string]string{}
	if err := json.Unmarshal(file, &english); err != nil {
		t.Fatal(err)
	}
	for key, text := range english {
		if words.For(language).Translated(key) || english[strings.TrimSuffix(key, ".advice")+".advice"] == "" || strings.HasPrefix(key, "sandbox.") {
			continue
		}
		pieces := regexp.MustCompile(`^.|{{[^}]*}}`).Split(text, -1)
		texts = append(texts, slices.MaxFunc(pieces, func(a, b string) int { return len(a) - len(b) }))
	}
	return texts
}
