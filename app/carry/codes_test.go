package carry

import (
	"math/rand/v2"
	"strings"
	"testing"

	"handback/app/apptest"
)

// codesOf draws a carried text: plain where the density allows it, else in armor.
func codesOf(t testing.TB, carried string, d Density) []*Code {
	t.Helper()
	codes, err := Codes(carried, Drawing{PlainCode, d}, Reader{})
	if err != nil {
		codes, err = Codes(carried, Drawing{CompactCode, d}, Reader{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

func TestEachDensityHasItsForm(t *testing.T) {
	plain, long, longer := requestText(480), requestText(1200), longRequest(6_000, false)
	rows := []struct {
		name    string
		carried string
		density Density
		armored bool
		several bool
		version int
	}{
		{"plain", plain, NormalDensity, false, false, 15},
		{"plain, high", plain, HighDensity, false, false, 15},
		{"plain, low", requestText(856), LowDensity, true, true, 10},
		{"short, low", requestText(240), LowDensity, false, false, 10},
		{"as long as plain may be", requestText(856), NormalDensity, false, false, 20},
		{"longer, normal", long, NormalDensity, true, true, 15},
		{"longer, high", long, HighDensity, true, false, 20},
		{"long", longer, NormalDensity, true, true, 15},
		{"long, low", longer, LowDensity, true, true, 10},
		{"long, high", longer, HighDensity, true, true, 20},
		{"long but repetitive", longRequest(1_000, true), NormalDensity, true, false, 15},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			codes := codesOf(t, row.carried, row.density)
			for i, c := range codes {
				if c.Number != i+1 || c.Count != len(codes) {
					t.Errorf("code %d says it is %d of %d", i+1, c.Number, c.Count)
				}
				if armored := strings.HasPrefix(c.Text, partMagic); armored != row.armored {
					t.Errorf("code %d holds %q", i+1, c.Text)
				}
				if c.Version > row.version || row.several && c.Version != row.version {
					t.Errorf("code %d is of version %d", i+1, c.Version)
				}
			}
			if (len(codes) > 1) != row.several {
				t.Errorf("%d codes", len(codes))
			}
		})
	}
}

func TestAPlainRequestIsVersion15AtMost(t *testing.T) {
	for characters := 400; characters <= 520; characters += 4 {
		if c := codesOf(t, requestText(characters), NormalDensity); len(c) != 1 || c[0].Version > 15 {
			t.Errorf("%d characters: %d codes, version %d", characters, len(c), c[0].Version)
		}
	}
}

// The library chooses a mode for each piece of the text. That must not need more room than
// one piece.
func TestACodeHasRoomForEveryFullPart(t *testing.T) {
	for _, d := range Densities() {
		for seed := range uint64(20) {
			random := rand.New(rand.NewPCG(6, seed))
			letters := make([]byte, densities[d].room-partHeader)
			for i := range letters {
				letters[i] = lettersOnly[26*random.IntN(2)+random.IntN(6)] // many digits
			}
			part := Part{Set{999, random.Uint32()}, 123, string(letters)}
			if _, err := newCode(part.String(), densities[d].armor, "L"); err != nil {
				t.Errorf("%s, %d: %v", d, seed, err)
			}
		}
	}
}

func TestTwentyKilobytesThatCompressAreTwelveCodesAtMost(t *testing.T) {
	carried := compressing(20_000, 5_400)
	if codes := codesOf(t, carried, NormalDensity); len(codes) > 12 {
		t.Errorf("%d codes", len(codes))
	}
}

// compressing returns the carried text of JSON of one size that deflates to another size.
func compressing(size, packed int) string {
	noise := packed
	for {
		carried := longRequest(noise, false)
		json := string(bytesOf(carried))
		json = strings.TrimSuffix(json, "}}") + `,"filler":"` + strings.Repeat("seat ", max(0, size-len(json))/5) + `"}}`
		if got := len(newArmor(apptest.Base64(json), nil).packed); got <= packed || noise < 100 {
			return apptest.Base64(json)
		}
		noise -= 20
	}
}

func TestLongRequestsComeBackFromPicturesOfTheirCodes(t *testing.T) {
	for _, d := range Densities() {
		carried := longRequest(2_500, false)
		var parts []Part
		for _, code := range codesOf(t, carried, d) {
			file, err := code.PNG(minModulePixels)
			if err != nil {
				t.Fatal(err)
			}
			pieces, err := Read(t.Context(), file)
			if err != nil || len(pieces) != 1 || pieces[0].Part == nil {
				t.Fatalf("%+v, %v", pieces, err)
			}
			parts = append(parts, *pieces[0].Part)
		}
		if got, err := Join(parts, nil); err != nil || got != carried {
			t.Errorf("%s: %v", d, err)
		}
	}
}
