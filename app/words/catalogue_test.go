package words_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	"handback/app"
	"handback/app/desk"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/sandbox"
)

const root = "../.."

func catalogue(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "assets/translation/en.json"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(text, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

// endings are what the program adds to the keys that it puts together.
func endings(s *source) map[string][]string {
	var sources, scenarios []string
	for _, one := range append(machine.Sources(), machine.Typed) {
		sources = append(sources, string(one))
	}
	for _, one := range sandbox.Scenarios() {
		scenarios = append(scenarios, one.Name)
	}
	var kinds, states, outcomes, codes []string
	for _, one := range licensespring.Codes() {
		codes = append(codes, one.Name)
	}
	for _, one := range fault.Kinds() {
		kinds = append(kinds, string(one))
	}
	for _, one := range request.States() {
		states = append(states, string(one))
	}
	for _, one := range append(request.Answers(), request.NotSent, request.Cancelled) {
		outcomes = append(outcomes, string(one))
	}
	var stages, standings, counts, findingKinds []string
	for _, one := range journal.FindingKinds() {
		findingKinds = append(findingKinds, string(one))
	}
	for _, one := range app.Stages() {
		stages = append(stages, string(one))
	}
	for _, one := range app.Standings() {
		standings = append(standings, string(one))
	}
	for _, one := range append(slices.Clone(standings), "practiced") {
		counts = append(counts, one, one+".one")
	}
	var standing, holds []string
	for _, one := range journal.Standings() {
		standing = append(standing, string(one))
	}
	for _, one := range request.AllHolds() {
		holds = append(holds, string(one))
	}
	var remedies []string
	for _, one := range app.ProfileChecks() {
		remedies = append(remedies, one+".remedy")
	}
	var roles, deeds []string
	for _, one := range desk.Roles() {
		roles = append(roles, string(one))
	}
	for _, one := range desk.Deeds() {
		deeds = append(deeds, string(one))
	}
	return map[string][]string{
		"desk.role.":        roles,
		"desk.deed.":        deeds,
		"batch.count.":      counts,
		"batch.filter.":     standings,
		"history.stage.":    stages,
		"journal.state.":    states,
		"journal.label.":    states,
		"journal.finding.":  findingKinds,
		"journal.event.":    states,
		"journal.standing.": standing,
		"journal.told.":     standing,

		"journal.event.holds.": holds,
		"test.":                remedies,
		"test.check.":          app.ProfileChecks(),
		"web.advice.":          {string(request.Unknown), string(request.ProbablyReleased)},
		"check.":               append(slices.Clone(standing), string(request.Held), string(request.NotHeld)),

		"csv.":              app.CSVColumns(),
		"setting.":          profile.MemberNames(),
		"answer.":           outcomes,
		"outcome.":          outcomes,
		"code.":             codes,
		"signature.":        {string(request.Valid), string(request.Invalid), string(request.Unchecked), string(request.Absent)},
		"source.":           sources,
		"sandbox.scenario.": scenarios,
		"cmd.inspected.":    {"request", "handoff"},
		"cmd.created.file.": {string(app.RequestFile), string(app.HandoffFile), string(app.QRFile), string(app.SheetFile)},
		"cmd.tally.":        append(slices.Clone(outcomes), "unread"),
		"ui.density.":       {"low", "normal", "high"},
		"ui.code_form.":     {"compact", "link", "plain"},
		"fault.title.":      kinds,
		"cmd.exit.":         kinds,
		"profile.must.":     s.musts,
		"flag.":             s.flags,
	}
}

// placeholders are the fields of a text's template.
func placeholders(t *testing.T, key, text string) []string {
	t.Helper()
	if _, err := template.New(key).Parse(text); err != nil {
		t.Errorf("%s: %v", key, err)
	}
	var all []string
	for _, match := range regexp.MustCompile(`{{\s*\.(\w+)\s*}}`).FindAllStringSubmatch(text, -1) {
		all = append(all, match[1])
	}
	if strings.Count(text, "{{") != len(all) {
		t.Errorf("%s: a placeholder is not of the form {{.name}}: %s", key, text)
	}
	return all
}

func TestEveryKeyThatTheProgramUsesExists(t *testing.T) {
	s := scan(t)
	for key, at := range s.literals {
		if s.texts[key] == "" {
			t.Errorf("%s: %s has no text: add it to assets/translation/en.json", at, key)
		}
	}
	known := endings(s)
	for prefix, at := range s.prefixes {
		if prefix == "member." || prefix == "member.why." {
			continue // asked for with Has: a member that is not known has no words
		}
		if known[prefix] == nil {
			t.Errorf("%s: what follows %q? Add it to endings in app/words/catalogue_test.go", at, prefix)
		}
		for _, end := range known[prefix] {
			if s.texts[prefix+end] == "" {
				t.Errorf("%s: %s has no text: add it to assets/translation/en.json", at, prefix+end)
			}
		}
	}
}

// inPlace begins the keys of texts that a browser shows for others: see words.Words.In.
const inPlace = "browser."

func TestEveryKeyInTheCatalogueIsUsed(t *testing.T) {
	s := scan(t)
	used := map[string]bool{}
	for key := range s.literals {
		used[key] = true
	}
	for prefix, ends := range endings(s) {
		for _, end := range ends {
			used[prefix+end] = true
		}
	}
	for key := range s.texts {
		if of := strings.TrimPrefix(key, inPlace); s.texts[of] != "" {
			key = of
		}
		member, isMember := strings.CutPrefix(strings.Replace(key, "member.why.", "member.", 1), "member.")
		switch {
		case used[key] || used[strings.TrimSuffix(key, ".advice")]:
		case isMember && s.members[member]:
		default:
			t.Errorf("assets/translation/en.json has %s, which nothing says: take it out of every language, or add what says it (for %q a row of its table)", key, key[:strings.LastIndex(strings.TrimSuffix(key, ".advice"), ".")+1])
		}
	}
}

// spaces are the name spaces of the rooms: their texts are faults, but for
// those in adviceless.
var spaces = []string{"answer", "app", "carry", "check", "code", "durable", "licensespring", "machine", "profile", "request", "sandbox", "secret"}

// adviceless are the texts that need no advice, by the beginning of their
// keys, and why.
var adviceless = map[string]string{
	"answer.span_":                  "a length of time inside an advice",
	"app.dry_run":                   "nothing went wrong",
	"app.practice_released":         "nothing went wrong",
	"app.warn.":                     "a warning: it is submitted all the same",
	"code.date_header_diff.advice_": "an advice itself",
	"machine.doubt.":                "a warning: it is passed on",
	"profile.must.":                 "the end of profile.wrong",
	"reason.":                       "the end of a message",
	"request.newlines":              "cannot happen: what could make it so was refused before",
	"request.not_optional":          "cannot happen: the program names the members",
	"request.doubt.":                "a warning: it is passed on",
	"request.warn.":                 "a warning: it is passed on",
	"sandbox.scenario.":             "the description of a scenario",
	"secret.warn.":                  "a warning: it is used all the same",
	"secret.why.":                   "the end of secret.unfit",
}

func TestEveryFaultHasItsAdvice(t *testing.T) {
	s := scan(t)
	needs := maps.Clone(s.faults)
	for key := range s.texts {
		if space, _, _ := strings.Cut(key, "."); slices.Contains(spaces, space) && !strings.HasSuffix(key, ".advice") {
			needs[key] = "the catalogue"
		}
	}
	excused := map[string]bool{}
	for key, at := range needs {
		if s.texts[key+".advice"] != "" {
			continue
		}
		excuse := ""
		for beginning := range adviceless {
			if strings.HasPrefix(key, beginning) {
				excuse = beginning
			}
		}
		if excuse == "" {
			t.Errorf("%s: %s has no advice: add %s.advice to assets/translation/en.json", at, key, key)
		}
		excused[excuse] = true
	}
	for beginning := range adviceless {
		if !excused[beginning] {
			t.Errorf("%s is excused for nothing", beginning)
		}
	}
}

func TestAMessageIsInLowerCaseAndItsAdviceInSentences(t *testing.T) {
	texts := catalogue(t)
	for key, advice := range texts {
		message, ok := strings.CutSuffix(key, ".advice")
		if !ok {
			continue
		}
		what := cmp.Or(texts[message], texts[strings.TrimPrefix(message, inPlace)])
		if what == "" && key != "fault.unexpected.advice" { // an error that is no fault has a text of its own
			t.Errorf("%s is the advice of nothing", key)
		}
		if strings.HasSuffix(what, ".") {
			t.Errorf("%s ends in a period: %s", message, what)
		}
		if regexp.MustCompile(`^[A-Z][a-z]`).MatchString(what) {
			t.Errorf("%s begins with a capital: %s", message, what)
		}
		if !regexp.MustCompile(`^[A-Z{].*[.?]$`).MatchString(strings.ReplaceAll(advice, "\n", " ")) {
			t.Errorf("%s is no sentence: %s", key, advice)
		}
	}
}

func TestEveryPlaceholderIsGiven(t *testing.T) {
	s := scan(t)
	for _, c := range s.calls {
		keys := []string{c.key}
		if c.advice {
			keys = append(keys, c.key+".advice")
		}
		for _, key := range keys {
			if s.texts[inPlace+key] != "" {
				keys = append(keys, inPlace+key)
			}
		}
		for _, key := range keys {
			for _, wanted := range placeholders(t, key, s.texts[key]) {
				if !slices.Contains(c.names, wanted) {
					t.Errorf("%s: %s wants {{.%s}}, given are %v", c.at, key, wanted, c.names)
				}
			}
		}
	}
	if len(s.calls) < 150 {
		t.Errorf("only %d calls were found", len(s.calls))
	}
}

// licensespring.Answer.Explain fills these three into every text about a code.
func TestTheTextsOfCodesUseOnlyWhatAnAnswerHas(t *testing.T) {
	for key, text := range catalogue(t) {
		if !strings.HasPrefix(key, "code.") || strings.HasPrefix(key, "code.date_header_diff.advice_") {
			continue
		}
		for _, wanted := range placeholders(t, key, text) {
			if !slices.Contains([]string{"code", "message", "status"}, wanted) {
				t.Errorf("%s wants {{.%s}}", key, wanted)
			}
		}
	}
}

// An error that callers compare with, returned as it is, would show
// "<no value>" where its text has a placeholder.
func TestNoSentinelIsReturnedWithItsPlaceholdersEmpty(t *testing.T) {
	s := scan(t)
	for sentinel, at := range s.bare {
		key := s.sentinels[sentinel]
		if wants := placeholders(t, key, s.texts[key]+s.texts[key+".advice"]); len(wants) > 0 {
			t.Errorf("%s: %s is passed on without %v", at, sentinel, wants)
		}
	}
}
