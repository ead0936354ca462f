package carry

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// typedBy returns what a scanner's text becomes with a keyboard layout.
func (k keyboard) typedBy(text string) string {
	typed, meant := []rune(k.typed), []rune(k.meant)
	return strings.Map(func(r rune) rune {
		if at := slices.Index(meant, r); at >= 0 {
			r = typed[at]
		}
		if k.caps {
			r = otherCase(r)
		}
		return r
	}, text)
}

// F112: what a scanner typed through another keyboard layout is read, and marked so that
// its signature is checked.
func TestAScannersTextIsReadUnderEveryUsualKeyboard(t *testing.T) {
	for i, k := range keyboards {
		for _, meant := range []string{inside, another1, whole3} {
			typed := k.typedBy(meant)
			if typed == meant {
				continue
			}
			got, err := Read(t.Context(), []byte(typed+"\r\n"))
			if err != nil || len(got) != 1 || got[0].Text != meant || got[0].Typed == "" {
				t.Errorf("keyboard %d, %q: %+v, %v", i, typed, got, err)
			}
		}
	}
	// The dead keys of a German keyboard swallow the padding, and bend vowels.
	bent := strings.NewReplacer("`a", "à", "`e", "è", "´", "").Replace(keyboards[2].typedBy(inside))
	if got, err := Read(t.Context(), []byte(bent)); err != nil || got[0].Text != inside {
		t.Errorf("dead keys: %+v, %v", got, err)
	}
}

// F112: for parts, and for a receipt's lines, the checksum proves it.
func TestAScannersPartsAreReadWhereTheSumProvesThem(t *testing.T) {
	long := longRequest(2_000, false)
	var text []string
	for _, p := range partsOf(t, long, NormalDensity) {
		text = append(text, p.String())
	}
	brief := []byte("seventeen bytes..")
	for i, k := range keyboards {
		typed := k.typedBy(strings.Join(text, "\n"))
		if got, err := carriedIn(t, typed); err != nil || got != long {
			t.Errorf("keyboard %d, %.40q: %v", i, typed, err)
		}
		typed = k.typedBy(strings.Join(BriefLines(brief), "\n"))
		if got, err := Read(t.Context(), []byte(typed)); err != nil || len(got) != 1 || string(got[0].Brief) != string(brief) {
			t.Errorf("keyboard %d, %q: %+v, %v", i, typed, got, err)
		}
	}
}

// F112: if nothing proves it, the error names the setting to change.
func TestAScannersTextThatCannotBeReadIsNamed(t *testing.T) {
	german, french := keyboards[2], keyboards[4]
	for name, typed := range map[string]string{
		"German, cut":    german.typedBy(inside)[:200],
		"French, cut":    french.typedBy(inside)[:200],
		"Caps Lock, cut": keyboards[1].typedBy(inside)[:200],
	} {
		if got, err := Read(t.Context(), []byte(typed)); len(got) > 0 || !errors.Is(err, ErrRetyped) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, text := range map[string]string{
		"a request that was cut":   inside[:len(inside)/2+1],
		"one character of another": inside[:50] + "é" + inside[50:],
		"words":                    "Bonjour, voilà la clé demandée.",
	} {
		if _, err := Read(t.Context(), []byte(text)); errors.Is(err, ErrRetyped) {
			t.Errorf("%s is taken for a scanner's", name)
		}
	}
}
