package words_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"handback/app/words"
)

// isEnglishOnly reports whether a text is the same in all languages: the manual pages, which
// are in English, and examples that are nothing but commands.
func isEnglishOnly(key string, english map[string]string) bool {
	return key == "cmd.man" || key == "cmd.exit" || strings.HasPrefix(key, "cmd.exit.") ||
		strings.HasSuffix(key, ".example") && !strings.Contains(english[key], "#")
}

// translations has a row of each language but English: the stem of its words for a license
// that was deactivated, and the texts that are the same in it as in English.
var translations = map[string]struct {
	deactivated string
	alike       []string
}{
	"de": {"deaktiv", []string{"API", "Administrator", "Computer", "Name", "OK", "Port", "Proxy", "Support", "Text", "Code", "Tab", "Esc", "Cmd", "Portal", "Schema", "Bundle", "License API", "Handback", "Hardware-ID", "normal"}},
	"es": {"desactiv", []string{"No", "Error", "error:", "Cmd", "Ctrl", "Esc", "Tab", "Portal", "Proxy", "proxy", "Bundle", "License API", "Handback", "normal"}},
	"fr": {"désactiv", []string{"Code", "Ctrl", "Cmd", "Tab", "OK", "Date", "Support", "Proxy", "proxy", "Bundle", "License API", "Handback", "Signature", "normal"}},
	"ja": {"解除", []string{"Cmd", "Ctrl", "Enter", "Esc", "Tab", "OK", "License API", "Handback"}},
}

func shipped(t *testing.T, language string) map[string]string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(root, "assets/translation", language+".json"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(file, &texts); err != nil {
		t.Fatalf("%s: %v", language, err)
	}
	return texts
}

func TestEachLanguageHasItsFileAndItsRow(t *testing.T) {
	languages := words.Languages()
	for _, language := range languages[1:] {
		if _, there := translations[language]; !there {
			t.Errorf("assets/translation/%s.json has no row here: add it to translations in app/words/languages_test.go", language)
		}
		for _, key := range []string{"format.language", "setup.language"} {
			if !words.For(language).Translated(key) {
				t.Errorf("assets/translation/%s.json lacks %s: add what the language calls itself (format.language), and what NSIS calls it (setup.language)", language, key)
			}
		}
	}
	for language := range translations {
		if !slices.Contains(languages, language) {
			t.Errorf("%s has a row in app/words/languages_test.go and no file: add assets/translation/%s.json, or take the row out", language, language)
		}
	}
}

// What a language lacks is English in it, so that a sentence can be added by somebody who
// does not speak them all. HANDBACK_TRANSLATIONS=all, as make translations sets it, asks
// for all.
func TestEveryTextIsTranslatedIntoEveryLanguage(t *testing.T) {
	report := t.Logf
	if os.Getenv("HANDBACK_TRANSLATIONS") == "all" {
		report = t.Errorf
	}
	for _, language := range words.Languages()[1:] {
		if missing := untranslated(t, language); len(missing) > 0 {
			report("warning: %d texts of assets/translation/%s.json are missing, and English until they are translated: %s", len(missing), language, strings.Join(missing, ", "))
		}
	}
}

// untranslated are the keys that a language lacks, sorted.
func untranslated(t *testing.T, language string) (missing []string) {
	t.Helper()
	english, texts := catalogue(t), shipped(t, language)
	for key := range english {
		if _, there := texts[key]; !there && !isEnglishOnly(key, english) {
			missing = append(missing, key)
		}
	}
	slices.Sort(missing)
	return missing
}

func TestEveryTranslationIsOfAnEnglishText(t *testing.T) {
	english := catalogue(t)
	for _, language := range words.Languages()[1:] {
		for key, translated := range shipped(t, language) {
			text, there := english[key]
			switch {
			case !there:
				t.Errorf("assets/translation/%s.json has %s, which en.json has not: it is misspelled, or no longer said", language, key)
			case isEnglishOnly(key, english):
				t.Errorf("assets/translation/%s.json has %s, which is the same in all languages: take it out", language, key)
			case translated == "":
				t.Errorf("assets/translation/%s.json has %s without a text: leave it out until it is translated", language, key)
			case translated == text && wordy(text) && !slices.Contains(translations[language].alike, text):
				t.Errorf("assets/translation/%s.json has %s in English (%s): leave it out until it is translated, or add it to what is alike in app/words/languages_test.go", language, key, text)
			}
		}
	}
}

// wordy reports whether a text has words in addition to placeholders.
func wordy(text string) bool {
	for strings.Contains(text, "{{") {
		before, rest, _ := strings.Cut(text, "{{")
		_, after, _ := strings.Cut(rest, "}}")
		text = before + after
	}
	letters := 0
	for _, r := range text {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			letters++
		}
	}
	return letters > 4 && !strings.Contains(text, "2006")
}

func TestEveryTranslationHasThePlaceholdersOfTheEnglishText(t *testing.T) {
	english := catalogue(t)
	for _, language := range words.Languages()[1:] {
		for key, text := range shipped(t, language) {
			want, got := placeholders(t, key, english[key]), placeholders(t, key, text)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(slices.Compact(want), slices.Compact(got)) {
				t.Errorf("%s: %s has %v, the English text %v", language, key, got, want)
			}
			if strings.Count(english[key], "\n") != strings.Count(text, "\n") {
				t.Errorf("%s: %s has other lines than the English text", language, key)
			}
		}
	}
}

// What is typed or compared letter by letter is the same in every language.
func TestWhatIsTypedIsNotTranslated(t *testing.T) {
	literal := regexp.MustCompile(`--[a-z][a-z-]+|[a-z]+(?:_[a-z]+)+|\.handback\b|\.req\b|LicenseSpring|Handback\b|https://[a-z.]*[a-z]|handback (?:create|profile|history|hardware-id)`)
	english := catalogue(t)
	for _, language := range words.Languages()[1:] {
		for key, text := range shipped(t, language) {
			for _, one := range literal.FindAllString(english[key], -1) {
				if !strings.Contains(text, one) {
					t.Errorf("%s: %s lost %s", language, key, one)
				}
			}
		}
	}
}

func TestEachLanguageBeginsItsMessagesSmallAndEndsItsAdviceInSentences(t *testing.T) {
	for _, language := range words.Languages()[1:] {
		texts := shipped(t, language)
		for key, advice := range texts {
			message, ok := strings.CutSuffix(key, ".advice")
			if !ok {
				continue
			}
			if what := texts[message]; strings.HasSuffix(what, ".") || strings.HasSuffix(what, "。") {
				t.Errorf("%s: %s ends in a period: %s", language, message, what)
			}
			if last := []rune(advice)[len([]rune(advice))-1]; !strings.ContainsRune(".?。", last) {
				t.Errorf("%s: %s is no sentence: %s", language, key, advice)
			}
		}
	}
}

// A license disabled by the vendor is refused. Its text must not use the word for
// deactivated, which means released.
func TestALicenseThatIsDisabledIsNotSaidToBeDeactivated(t *testing.T) {
	stems := map[string]string{"en": "deactiv"}
	for language, row := range translations {
		stems[language] = row.deactivated
	}
	for language, stem := range stems {
		texts := shipped(t, language)
		if text := texts["answer.released"]; text != "" && !strings.Contains(text, stem) {
			t.Errorf("%s: a release is not called %s: %s", language, stem, text)
		}
		for _, key := range []string{"code.license_not_enabled", "code.disabled_product"} {
			if text := texts[key] + texts[key+".advice"]; strings.Contains(text, stem) {
				t.Errorf("%s: %s says %s, as of a release: %s", language, key, stem, text)
			}
		}
	}
}
