package words

import (
	"strings"
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
