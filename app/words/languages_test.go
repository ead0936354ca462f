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

// isEnglishOnly reports whether only the command shows a text: its help, its flags, and the
// sandbox for developers. These fall back to English; the command's errors do not.
func isEnglishOnly(key string, english map[string]string) bool {
	if strings.HasPrefix(key, "cmd.") {
		return english[strings.TrimSuffix(key, ".advice")+".advice"] == ""
	}
	return strings.HasPrefix(key, "flag.") || strings.HasPrefix(key, "sandbox.")
}

// alike are texts that are the same in another language as in English.
var alike = map[string][]string{
	"de": {"API", "Administrator", "Name", "OK", "Port", "Proxy", "Support", "Text", "Code", "Tab", "Esc", "Cmd", "Portal", "Schema", "Bundle", "License API", "Handback", "Hardware-ID", "normal"},
	"fr": {"Code", "Ctrl", "Cmd", "Tab", "OK", "Date", "Support", "Proxy", "Bundle", "License API", "Handback", "Signature", "normal"},
	"es": {"No", "Error", "Cmd", "Ctrl", "Esc", "Tab", "Portal", "Proxy", "Bundle", "License API", "Handback", "normal"},
	"ja": {"Cmd", "Ctrl", "Enter", "Esc", "Tab", "OK", "License API", "Handback"},
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

func TestEveryTextIsTranslatedIntoEveryLanguage(t *testing.T) {
	english := catalogue(t)
	languages := words.Languages()
	if !slices.Equal(languages, []string{"en", "de", "es", "fr", "ja"}) {
		t.Fatalf("shipped are %v", languages)
	}
	for _, language := range languages[1:] {
		texts := shipped(t, language)
		for key, text := range english {
			translated, there := texts[key]
			only := isEnglishOnly(key, english)
			switch {
			case only && there:
				t.Errorf("%s: %s is the command's own and is translated", language, key)
			case only:
			case !there || translated == "":
				t.Errorf("%s: %s is not translated", language, key)
			case translated == text && wordy(text) && !slices.Contains(alike[language], text):
				t.Errorf("%s: %s is still English: %s", language, key, text)
			}
		}
		for key := range texts {
			if _, there := english[key]; !there {
				t.Errorf("%s: nobody says %s", language, key)
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
	for language, stem := range map[string]string{"en": "deactiv", "de": "deaktiv", "fr": "désactiv", "es": "desactiv", "ja": "解除"} {
		texts := shipped(t, language)
		if !strings.Contains(texts["answer.released"], stem) {
			t.Errorf("%s: a release is not called %s: %s", language, stem, texts["answer.released"])
		}
		for _, key := range []string{"code.license_not_enabled", "code.disabled_product"} {
			if text := texts[key] + texts[key+".advice"]; strings.Contains(text, stem) {
				t.Errorf("%s: %s says %s, as of a release: %s", language, key, stem, text)
			}
		}
	}
}
