package carry

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/fault"
)

// longRequest is the carried text of a request of about so many bytes of JSON
// with device variables: ones like each other, or such that compressing does not
// help.
func longRequest(size int, alike bool) string {
	random := rand.New(rand.NewPCG(3, uint64(size)))
	var json strings.Builder
	json.WriteString(`{"request":"deactivation","hardware_id":"7b0aa26d48cb5f0e","variables":{`)
	for i := 0; json.Len() < size; i++ {
		value := fmt.Sprintf("seat %d of the drawing office, floor %d", i, i%7)
		if !alike {
			noise := make([]byte, 48)
			for n := range noise {
				noise[n] = byte(random.IntN(256))
			}
			value = base64.StdEncoding.EncodeToString(noise)
		}
		fmt.Fprintf(&json, `"name_%d":%q,`, i, value)
	}
	json.WriteString(`"last":"end"}}`)
	return base64.StdEncoding.EncodeToString([]byte(json.String()))
}

// partsOf cuts a carried text like the codes of a density.
func partsOf(t testing.TB, carried string, d Density) []Part {
	t.Helper()
	parts, err := split(carried, densities[d].room, nil)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func TestARequestOfAnyLengthComesBackFromItsParts(t *testing.T) {
	for _, size := range []int{300, 700, 2_000, 5_000, 20_000, 40_000} {
		for _, alike := range []bool{true, false} {
			carried := longRequest(size, alike)
			for _, d := range Densities() {
				parts := partsOf(t, carried, d)
				var text []string
				for _, p := range parts {
					text = append(text, p.String())
				}
				rand.New(rand.NewPCG(4, 4)).Shuffle(len(text), func(i, j int) { text[i], text[j] = text[j], text[i] })
				text = append(text, text[0]) // a repeat is ignored
				for form, joined := range map[string]string{
					"a line each":   strings.Join(text, "\n"),
					"run together":  strings.Join(text, ""),
					"small letters": strings.ToLower(strings.Join(text, " ")),
					"mail-quoted":   "> " + strings.Join(text, "\r\n>> "),
				} {
					got, err := carriedIn(t, joined)
					if err != nil || got != carried {
						t.Errorf("%d bytes, %s, %s: %v", size, d, form, err)
					}
				}
			}
		}
	}
}

// carriedIn reads a text of parts and joins them.
func carriedIn(t testing.TB, text string) (string, error) {
	pieces, err := Read(t.Context(), []byte(text))
	if err != nil {
		return "", err
	}
	var parts []Part
	for _, piece := range pieces {
		parts = append(parts, *piece.Part)
	}
	return Join(parts, nil)
}

func TestPartsAreEqualAndFitTheirCode(t *testing.T) {
	for _, d := range Densities() {
		carried := longRequest(20_000, false)
		parts := partsOf(t, carried, d)
		for i, p := range parts {
			if p.Number != i+1 || p.Count != len(parts) || len(p.String()) > densities[d].room {
				t.Errorf("%s: %+v", d, p)
			}
			if i < len(parts)-1 && len(p.Letters) != len(parts[0].Letters) {
				t.Errorf("%s: part %d has %d letters, not %d", d, p.Number, len(p.Letters), len(parts[0].Letters))
			}
		}
	}
}

// F37
func TestWhatDoesNotBelongTogetherIsRefused(t *testing.T) {
	parts := partsOf(t, longRequest(2_000, false), NormalDensity)
	other := partsOf(t, longRequest(2_001, false), NormalDensity)
	changed := func(change func(p *Part)) []Part {
		all := slices.Clone(parts)
		change(&all[1])
		return all
	}
	swapLetters := func(p *Part) {
		i := strings.IndexFunc(p.Letters[1:], func(r rune) bool { return byte(r) != p.Letters[0] }) + 1
		letters := []byte(p.Letters)
		letters[0], letters[i] = letters[i], letters[0]
		p.Letters = string(letters)
	}
	rows := map[string]struct {
		parts []Part
		want  string
	}{
		"one is missing":       {parts[1:], "carry.parts_missing"},
		"none":                 {nil, "carry.parts_missing"},
		"one twice, different": {append(changed(swapLetters), parts...), "carry.parts_conflict"},
		"letters swapped":      {changed(swapLetters), "damaged or carry.sum"},
		"cut short":            {changed(func(p *Part) { p.Letters = p.Letters[:len(p.Letters)-8] }), "damaged or carry.sum"},
		"another's letters":    {changed(func(p *Part) { p.Letters = other[1].Letters }), "damaged or carry.sum"},
		"another sum":          {func() []Part { all := slices.Clone(parts); all[0].Sum++; return all }(), "carry.sum"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			carried, err := Join(row.parts, nil)
			var f *fault.Fault
			if !errors.As(err, &f) || carried != "" || !strings.Contains(row.want+" carry.armor_damaged", f.Key) ||
				!strings.HasPrefix(row.want, "damaged") && f.Key != row.want {
				t.Errorf("%q, %v, want %s", carried, err, row.want)
			}
		})
	}
}

// F37
func TestMissingPartsAreNamed(t *testing.T) {
	parts := partsOf(t, longRequest(9_000, false), LowDensity)
	few := []Part{parts[0], parts[4], parts[5]}
	for n := 8; n < len(parts); n++ {
		few = append(few, parts[n])
	}
	if diff := cmp.Diff([]int{2, 3, 4, 7, 8}, Missing(few)); diff != "" {
		t.Error(diff)
	}
	_, err := Join(few, nil)
	if want := fmt.Sprintf("of %d parts, these are missing: 2–4, 7, 8", len(parts)); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A bomb: a few letters that inflate to very much.
func TestArmorThatInflatesWithoutEndIsGivenUp(t *testing.T) {
	bomb := newArmor(base64.StdEncoding.EncodeToString(make([]byte, 64<<20)), nil)
	var err error
	memory := allocated(func() { _, err = bomb.open() })
	if !errors.Is(err, ErrTooLarge) || memory > 16<<20 {
		t.Errorf("%v after %d bytes", err, memory)
	}
}

func FuzzParts(f *testing.F) {
	for _, p := range partsOf(f, longRequest(900, false), LowDensity) {
		f.Add(p.String())
	}
	f.Add(partsOf(f, longRequest(300, true), NormalDensity)[0].String())
	f.Add("HBK1001001")
	f.Add("HBK2")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parts(text)
		if err != nil || len(all) == 0 {
			return
		}
		for _, p := range all {
			again, err := parts(p.String())
			if err != nil || !cmp.Equal(again, []Part{p}) {
				t.Errorf("%+v is read as %+v, %v", p, again, err)
			}
		}
		carried, err := Join(all[:1], nil)
		if err != nil {
			return
		}
		made, err := split(carried, densities[NormalDensity].room, nil)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Join(made, nil); err != nil || back != carried {
			t.Errorf("%q comes back as %q, %v", carried, back, err)
		}
	})
}
