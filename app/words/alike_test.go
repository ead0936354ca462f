package words

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// F74, F109: the tables of x/text are the oracle.
func TestLettersAndMarksAreComposedAsUnicodeDoes(t *testing.T) {
	for mark, pairs := range compositions {
		if len(pairs)%2 != 0 {
			t.Fatalf("%U: a letter without its pair", mark)
		}
		for i := 0; i < len(pairs); i += 2 {
			apart := string(pairs[i]) + string(mark)
			if got, want := Composed(apart), norm.NFC.String(apart); got != want {
				t.Errorf("%q: %q, want %q", apart, got, want)
			}
		}
	}
	for _, text := range []string{"José", "Zoë Müller", "Nguyễn Thị Hường", "한국어", "ガギグパ ばぱ", "Ёлкий Ї", "Άέήίόύώ", "Łódź", "Škoda", "Ąžuolas", "ﬁ", "e\u0301\xff"} {
		if got := Composed(norm.NFD.String(text)); got != norm.NFC.String(norm.NFD.String(text)) && text != "e\u0301\xff" {
			t.Errorf("%q: %q", text, got)
		}
	}
	if bad := "e\u0301\xff"; Composed(bad) != bad {
		t.Error("bytes that are no text were changed")
	}
}

func TestFullWidthLettersAreNarrowed(t *testing.T) {
	if got := Narrow("ＧＰＹＣ－Ｘ５＠．　𝐀𝐳𝟗 x"); got != "GPYC-X5@. Az9 x" {
		t.Errorf("%q", got)
	}
}

func TestLookAlikesAreOfAnotherScriptAndBecomeASCII(t *testing.T) {
	pairs := []rune(lookAlikes)
	for i := 0; i < len(pairs); i += 2 {
		if unicode.Is(unicode.Latin, pairs[i]) || pairs[i+1] > unicode.MaxASCII {
			t.Errorf("%c looks like %c", pairs[i], pairs[i+1])
		}
	}
	if got := Latin("АСМЕ СAD"); got != "ACME CAD" {
		t.Errorf("%q", got)
	}
}

// F74
func TestNamesThatLookTheSameAreAlike(t *testing.T) {
	for _, other := range []string{"Acme CAD", "ACME cad", "Аcme CАD", "Acme\u00a0CAD", "Acme\u2800CAD", "Acme  CAD ", "Ａｃｍｅ　ＣＡＤ", "Ac\u200bme CAD", "\u202eAcme CAD", "АСМЕ САD"} {
		if !Alike("Acme CAD", other) {
			t.Errorf("%q is taken for another name", other)
		}
	}
	for _, other := range []string{"Acme CAM", "AcmeCAD", "Acme"} {
		if Alike("Acme CAD", other) {
			t.Errorf("%q is taken for the same name", other)
		}
	}
	if !Alike("José", "Jose\u0301") {
		t.Error("letters with marks")
	}
}

func TestAWordOfTwoScriptsIsFound(t *testing.T) {
	for text, want := range map[string]string{"аnna@acme.example": "аnna", "Анна Smith": "", "Ωmega": "Ωmega", "日本語ABC": "", "josé": "", "GPYC-Я5J2": "Я5J2", "Яnna-1": "Яnna"} {
		if got := Mixed(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
