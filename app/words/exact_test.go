package words

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// F74: deceptive characters are marked in texts that people compare.
func TestWhatAnEyeTakesForSomethingElseIsMarked(t *testing.T) {
	for text, want := range map[string]string{
		"GPYC-X5J2":           "GPYC-X5J2",
		"jane doe@acme":       "jane doe@acme",
		"Müller-Lüdenscheidt": "Müller-Lüdenscheidt",
		"Анна Смирнова":       "Анна Смирнова",
		"Анна Smith":          "Анна Smith",
		"東京Tower カナ":          "東京Tower カナ",
		"नमस्ते":              "नमस्ते",
		"":                    "",
		"a\u00a0b":            `a\u{A0}b`,
		"a\u3000b":            `a\u{3000}b`,
		"a\u2800b":            `a\u{2800}b`,
		"a\u3164b":            `a\u{3164}b`,
		"a\u200bb\u202ec":     `a\u{200B}b\u{202E}c`,
		"jose\u0301":          `jose\u{301}`,
		"pаypal":              `p\u{430}ypal`,        // Cyrillic а
		"GPYС-X5J2":           `GPY\u{421}-X5J2`,     // Cyrillic С
		"АВ-GPYC":             `\u{410}\u{412}-GPYC`, // a group of Cyrillic letters in a Latin key
		"Αlpha":               `\u{391}lpha`,         // Greek
		"ＧＰＹＣ":                `\u{FF27}\u{FF30}\u{FF39}\u{FF23}`,
		"𝐆pyc":                `\u{1D406}pyc`,
		" a":                  `\u{20}a`,
		"a ":                  `a\u{20}`,
		"a  b":                `a \u{20}b`,
		" ":                   `\u{20}`,
		"a\x00\nb":            `a\u{0}\u{A}b`,
		"a\ufffdb":            `a\u{FFFD}b`,
	} {
		if got := Exact(text, 0); got != want {
			t.Errorf("%q is shown as %s, not %s", text, got, want)
		}
	}
}

func TestExactCutsOnlyWhereALimitIsGiven(t *testing.T) {
	long := strings.Repeat("x", 5000)
	if got := Exact(long, 0); got != long {
		t.Errorf("%d characters of %d", len(got), len(long))
	}
	if got := Exact(long, 3); got != "xxx…" {
		t.Error(got)
	}
	if got := Exact("abc", 3); got != "abc" {
		t.Error(got)
	}
}

// BenchmarkExact is a text of mixed words as long as a request may be.
func BenchmarkExact(b *testing.B) {
	long := strings.Repeat("pаy ", 1<<18)
	for b.Loop() {
		Exact(long, 0)
	}
}

// A text of usual characters is not looked at one by one; what is shown of any text is the
// same as if it were.
func TestAPlainTextIsShownLikeAnyOther(t *testing.T) {
	slowly := func(show func(string, int) string, text string, limit int) string {
		const mark = "\u00e9" // not plain, and shown as it is
		shown := show(text+mark, limit)
		return strings.TrimSuffix(shown, mark)
	}
	for _, text := range []string{"", "a", "a b", "GPYC-X5J2-L5SK-C3LK", "{\"a\": [1, \"b\"]}", "~!@#$%^&*()_+", "line\nline", "tab\tx", "\x7f", "\u202e", "a\u200bb", "\ufffd"} {
		for _, limit := range []int{100, len(text) + 1} {
			if got, want := Visible(text, limit), slowly(Visible, text, limit); got != want {
				t.Errorf("Visible(%q, %d) = %q, want %q", text, limit, got, want)
			}
			if got, want := Exact(text, limit), slowly(Exact, text, limit); got != want {
				t.Errorf("Exact(%q, %d) = %q, want %q", text, limit, got, want)
			}
		}
		if got, want := VisibleJSON(text), slowly(func(text string, _ int) string { return VisibleJSON(text) }, text, 0); got != want {
			t.Errorf("VisibleJSON(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"abc": "ab\u2026", "a  b": `a \u{20}b`, " a": `\u{20}a`, "a ": `a\u{20}`} {
		limit := 0
		if text == "abc" {
			limit = 2
		}
		if got := Exact(text, limit); got != want {
			t.Errorf("Exact(%q, %d) = %q, want %q", text, limit, got, want)
		}
	}
	if got := Visible("abc", 2); got != "ab\u2026" {
		t.Errorf("%q", got)
	}
}

func TestATextIsFilledAnewEachTimeAndBySeveralGoroutines(t *testing.T) {
	w := English()
	var all sync.WaitGroup
	for n := range 100 {
		all.Go(func() {
			path := fmt.Sprint(n, ".req")
			if got := w.Text("durable.exists", "path", path); got != path+" exists already" {
				t.Errorf("%q", got)
			}
		})
	}
	all.Wait()
}
