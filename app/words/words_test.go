package words

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/language"
)

func TestATextIsFoundAndFilledIn(t *testing.T) {
	w := English()
	if got := w.Text("durable.exists", "path", "a.req"); got != "a.req exists already" {
		t.Errorf("%q", got)
	}
	if got := w.Text("ui.saved", "path", "<a & b>", "bytes", 3); !strings.Contains(got, "<a & b>") {
		t.Errorf("a value was escaped: %q", got)
	}
	if got := w.Text("durable.exists", "path", "{{.other}}"); got != "{{.other}} exists already" {
		t.Errorf("a value was taken for a placeholder: %q", got)
	}
}

func TestAMissingKeyIsGivenBackAsItIs(t *testing.T) {
	w := English()
	if got := w.Text("no.such_key", "path", "a"); got != "no.such_key" || w.Has("no.such_key") {
		t.Errorf("%q", got)
	}
	if !w.Has("durable.exists") {
		t.Error("a key with placeholders is not found without them")
	}
}

func TestALanguageThatIsNotShippedIsEnglish(t *testing.T) {
	want := English().Text("ui.save")
	for _, wanted := range [][]string{nil, {"xx"}, {"not a tag"}, {""}, {"vo", "tlh-US"}, {"C"}, {"en-GB", "de-AT"}} {
		if got := For(wanted...).Text("ui.save"); got != want {
			t.Errorf("%v: %q", wanted, got)
		}
	}
}

func TestATextThatIsNotTranslatedIsEnglish(t *testing.T) {
	w := &Words{catalogues: []*catalogue{{tag: language.Italian, texts: func() map[string]string {
		return map[string]string{"ui.save": "Salva"}
	}}, English().catalogues[0]}}
	if got := w.Text("ui.save"); got != "Salva" || !w.Translated("ui.save") {
		t.Errorf("%q", got)
	}
	if got := w.Text("durable.exists", "path", "a.req"); got != "a.req exists already" || w.Translated("durable.exists") || !w.Has("durable.exists") {
		t.Errorf("%q", got)
	}
}

func TestTheFirstLanguageThatIsShippedIsTaken(t *testing.T) {
	for _, row := range []struct {
		wanted []string
		is     string
	}{{[]string{"de-AT"}, "de"}, {[]string{"vo", "fr-CA"}, "fr"}, {[]string{"ja-JP", "en"}, "ja"}, {[]string{"es-419"}, "es"}} {
		if got := For(row.wanted...).Language(); got != row.is {
			t.Errorf("%v: %s", row.wanted, got)
		}
	}
}

func TestDatesAndNumbersFollowTheLanguage(t *testing.T) {
	day := time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)
	for language, want := range map[string][3]string{
		"en": {"2026-03-04", "2026-03-04 05:06:00", "1,234,567"}, "de": {"04.03.2026", "04.03.2026 05:06:00", "1.234.567"},
		"fr": {"04/03/2026", "04/03/2026 05:06:00", "1\u202f234\u202f567"}, "es": {"04/03/2026", "04/03/2026 05:06:00", "1.234.567"},
		"ja": {"2026/03/04", "2026/03/04 05:06:00", "1,234,567"},
	} {
		w := For(language)
		if got := [3]string{w.Date(day), strings.TrimSuffix(w.Stamp(day), " UTC"), w.Number(1234567)}; got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
	if w := English(); w.Number(-1234) != "-1,234" || w.Number(999) != "999" || w.Number(0) != "0" {
		t.Error(w.Number(-1234), w.Number(999))
	}
}

func TestAMessageBecomesASentenceOfItsOwnWriting(t *testing.T) {
	for message, want := range map[string]string{"it broke": "It broke.", "why?": "Why?", "壊れています": "壊れています。", "（終わり）": "（終わり）。",
		"は「あ」": "は「あ」。", "sagt „ja“": "Sagt „ja“.", "": ""} {
		if got := Sentence(message); got != want {
			t.Errorf("%q: %q", message, got)
		}
	}
	if got := Sentences("あ。", "い。", "", "A.", "B."); got != "あ。い。A. B." {
		t.Errorf("%q", got)
	}
}

func TestAPhraseInsideAPhraseIsPutIntoTheSameLanguage(t *testing.T) {
	p := Say("profile.wrong", "path", "a.toml", "line", 3, "member", "name", "must", Say("profile.must.given"))
	if got := p.Localize(English()); got != "a.toml, line 3: name must be given" {
		t.Errorf("%q", got)
	}
}

func TestTextsMayBeAskedForByManyAtOnce(t *testing.T) {
	w := English()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if got := w.Text("durable.exists", "path", i); got != fmt.Sprintf("%d exists already", i) {
				t.Errorf("%q", got)
			}
		})
	}
	all.Wait()
}

func TestAMessageBecomesASentence(t *testing.T) {
	for message, want := range map[string]string{
		"":               "",
		"it broke":       "It broke.",
		"It broke.":      "It broke.",
		"is it there?":   "Is it there?",
		"name (a.req)":   "Name (a.req).",
		`it says "no"`:   `It says "no".`,
		"äußerst":        "Äußerst.",
		"a.req is there": "A.req is there.",
	} {
		if got := Sentence(message); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}

func TestHiddenCharactersAreMadeVisible(t *testing.T) {
	for _, row := range []struct {
		text  string
		limit int
		want  string
	}{
		{"plain é 日本", 60, "plain é 日本"},
		{"a\nb\tc\x00", 60, `a\u{A}b\u{9}c\u{0}`},
		{"\x1b[31mred", 60, `\u{1B}[31mred`},
		{"evil\u202egnp.exe", 60, `evil\u{202E}gnp.exe`},
		{"a\u2066b\u2069", 60, `a\u{2066}b\u{2069}`},
		{"zero\u200bwidth\ufeff", 60, `zero\u{200B}width\u{FEFF}`},
		{"soft\u00adhyphen", 60, `soft\u{AD}hyphen`},
		{"line\u2028end\u2029", 60, `line\u{2028}end\u{2029}`},
		{"heart\ufe0f and \U000e0101", 60, `heart\u{FE0F} and \u{E0101}`},
		{"filler\u3164", 60, `filler\u{3164}`},
		{"bad\xff", 60, `bad\u{FFFD}`},
		{"12345", 5, "12345"},
		{"123456", 5, "12345…"},
		{"日本語", 2, "日本…"},
		{"", 0, ""},
		{"a", 0, "…"},
	} {
		if got := Visible(row.text, row.limit); got != row.want {
			t.Errorf("%q: %q, want %q", row.text, got, row.want)
		}
	}
}

// F81
func TestVisibleJSONHasNothingHiddenAndTheSameValue(t *testing.T) {
	for text, want := range map[string]string{
		`"a` + "\u009b" + `2J"`:     `"a\u009b2J"`,
		`"tag` + "\U000e0041" + `"`: `"tag\udb40\udc41"`,
		"{\n}":                      "{\n}",
	} {
		got := VisibleJSON(text)
		var before, after any
		if got != want || json.Unmarshal([]byte(text), &before) != nil || json.Unmarshal([]byte(got), &after) != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// F81
func TestWhatFillsATextIsEscapedAndCut(t *testing.T) {
	w := English()
	if got, want := w.Text("durable.exists", "path", "a\x1b[31m\u202e"), `a\u{1B}[31m\u{202E} exists already`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := w.Text("durable.exists", "path", strings.Repeat("a", 2*maxValue)); len(got) > maxValue+100 {
		t.Errorf("%d bytes fill a text", len(got))
	}
}

func TestNothingHiddenIsLeftInWhatIsVisible(t *testing.T) {
	for r := rune(0); r <= 0xFFFF; r++ {
		if r >= 0xD800 && r <= 0xDFFF {
			continue
		}
		if strings.ContainsFunc(Visible(string(r), 5), Hidden) {
			t.Errorf("%U", r)
		}
	}
}

func TestATextMayBeAnotherInAPlace(t *testing.T) {
	w := For("de")
	for key, others := range map[string]bool{"app.released_before.advice": true, "web.back": false} {
		if got := w.In("browser").Text(key); (got != w.Text(key)) != others || got == key {
			t.Errorf("%s: %q", key, got)
		}
	}
}
