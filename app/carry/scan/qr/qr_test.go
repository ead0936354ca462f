package qr

import (
	"bytes"
	"fmt"
	"image/png"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/skip2/go-qrcode"

	"handback/app/apptest"
)

func decodes(t *testing.T, m Matrix, want string) {
	t.Helper()
	if text, ok := Decode(m); !ok || text != want {
		t.Errorf("decoded %q, %t, not %q", text, ok, want)
	}
}

func TestEveryCodeIsDecodedWithAsManyErrorsAsItsLevelMends(t *testing.T) {
	for version := 1; version <= 40; version++ {
		for level := range 4 {
			random := rand.New(rand.NewPCG(uint64(version), uint64(level)))
			text := filling(random, room(version, level))
			mends := int(parities[level][version-1]) / 2
			for mask := range 8 {
				m := drawn(t, text, version, level, mask)
				decodes(t, m, text)
				decodes(t, m.spoilt(random, version, level, mends), text)
				if mask == version%8 {
					decodes(t, m.spoilt(random, version, level, 1+random.IntN(mends)), text)
					decodes(t, m.mirrored(), text)
				}
			}
			if t.Failed() {
				t.Fatalf("version %d, level %d", version, level)
			}
		}
	}
}

func TestWithMoreErrorsACodeHasNoOtherTextThanGozxingReads(t *testing.T) {
	for version := 1; version <= 40; version++ {
		for level := range 4 {
			random := rand.New(rand.NewPCG(uint64(version), uint64(level)))
			m := drawn(t, filling(random, room(version, level)), version, level, version%8)
			mends := int(parities[level][version-1]) / 2
			for range max(1, 20/version) {
				agrees(t, m.spoilt(random, version, level, mends+1+random.IntN(3)))
			}
		}
	}
}

func TestOtherProgramsCodesAreDecoded(t *testing.T) {
	for version := 1; version <= 40; version++ {
		for number, level := range []qrcode.RecoveryLevel{qrcode.Medium, qrcode.Low, qrcode.Highest, qrcode.High} {
			random := rand.New(rand.NewPCG(uint64(version), 7))
			text := filling(random, room(version, number))
			code, err := qrcode.NewWithForcedVersion(text, version, level)
			if err != nil {
				t.Fatal(err)
			}
			code.DisableBorder = true
			rows := code.Bitmap()
			decodes(t, Matrix{Dark: slices.Concat(rows...), Size: len(rows)}, text)
		}
	}
}

func TestCodesOfQrencodeAreDecoded(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("qrencode is asked on Linux; the codes are the same")
	}
	program := apptest.Tool(t, "qrencode", "qrencode")
	for version := 1; version <= 40; version += 3 {
		for number, level := range []string{"M", "L", "H", "Q"} {
			text := "A1é0123456789" // which qrencode splits into segments
			if spare := room(version, number) - 20; spare > 0 {
				text += strings.Repeat("Ab 0123456789012345678901 ABCDEFGHIJ/:", spare)[:spare]
			}
			command := exec.CommandContext(t.Context(), program, "-v", fmt.Sprint(version), "-l", level, "-m", "0", "-s", "1", "-o", "-")
			command.Stdin = strings.NewReader(text)
			picture, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			drawing, err := png.Decode(bytes.NewReader(picture))
			if err != nil {
				t.Fatal(err)
			}
			m := Matrix{Size: drawing.Bounds().Dx()}
			for i := range m.Size * m.Size {
				shade, _, _, _ := drawing.At(i%m.Size, i/m.Size).RGBA()
				m.Dark = append(m.Dark, shade == 0)
			}
			decodes(t, m, text)
		}
	}
}

func TestAFormatWithWrongModulesIsTheNearestOne(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for version := 1; version <= 9; version++ {
		for range 400 {
			m := drawn(t, "12345", version, random.IntN(4), random.IntN(8))
			agrees(t, m.smudged(random, random.IntN(8), random.IntN(8)))
		}
	}
}

func TestAFormatWithThreeWrongModulesIsRead(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for format := range 32 {
		for wrong := range 4 {
			m := drawn(t, "12345", 1, format>>3, format&7).smudged(random, wrong, wrong)
			if level, mask, ok := m.format(); !ok || level<<3|mask != format {
				t.Errorf("format %d with %d wrong: level %d, mask %d, %t", format, wrong, level, mask, ok)
			}
		}
	}
}

// smudged returns a code with the given number of wrong modules in each copy of the format.
func (m Matrix) smudged(random *rand.Rand, first, second int) Matrix {
	m.Dark = slices.Clone(m.Dark)
	for i, wrong := range []int{first, second} {
		places := formatPlaces(m.Size)[i]
		for _, at := range random.Perm(15)[:wrong] {
			m.flip(places[at])
		}
	}
	return m
}

func TestAnUnmaskedFormatIsRead(t *testing.T) {
	m := drawn(t, "12345", 2, 1, 5)
	for _, places := range formatPlaces(m.Size) {
		for i, p := range places {
			if formatMask>>(14-i)&1 == 1 {
				m.flip(p)
			}
		}
	}
	decodes(t, m, "12345")
	agrees(t, m)
}

func TestTheVersionsAreThoseOfTheStandard(t *testing.T) {
	for number := 1; number <= 40; number++ {
		version, err := decoder.Version_GetVersionForNumber(number)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(version.GetAlignmentPatternCenters(), append([]int{}, Alignments(number)...)); diff != "" {
			t.Errorf("version %d: alignment patterns (-want +got):\n%s", number, diff)
		}
		if got := len(orders[number]()) / 8; got != version.GetTotalCodewords() {
			t.Errorf("version %d: %d codewords, not %d", number, got, version.GetTotalCodewords())
		}
		for i, level := range levels {
			want := version.GetECBlocksForLevel(level)
			if int(parities[i][number-1]) != want.GetECCodewordsPerBlock() || int(blocks[i][number-1]) != want.GetNumBlocks() {
				t.Errorf("version %d, level %s: %d blocks with %d codewords of error correction", number, level, blocks[i][number-1], parities[i][number-1])
			}
		}
	}
	for _, none := range []int{-1, 0, 41} {
		if centers := Alignments(none); centers != nil {
			t.Errorf("version %d: %v", none, centers)
		}
	}
}

func TestWhatIsNoCodeIsRefused(t *testing.T) {
	for _, m := range []Matrix{
		{}, {Size: 21}, {Size: -21}, {Dark: make([]bool, 16), Size: 4}, {Dark: make([]bool, 17*17), Size: 17}, {Dark: make([]bool, 22*22), Size: 22},
		{Dark: make([]bool, 21*21), Size: 21}, {Dark: make([]bool, 21*21-1), Size: 21}, {Dark: make([]bool, 181*181), Size: 181}, {Dark: make([]bool, 177*177), Size: 177},
		{Dark: make([]bool, 21*21), Size: 21, Sureness: make([]float32, 21)},
	} {
		if text, ok := Decode(m); ok {
			t.Errorf("size %d: %q", m.Size, text)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	m := drawn(b, filling(random, room(20, 1)), 20, 1, 3)
	worse := m.spoilt(random, 20, 1, 10)
	hopeless := m.spoilt(random, 20, 1, 20)
	for name, m := range map[string]Matrix{"clean": m, "mended": worse, "refused": hopeless} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Decode(m)
			}
		})
	}
}

// No modules may make the decoder panic, or decode to another text than with gozxing.
func FuzzDecode(f *testing.F) {
	for version := 1; version <= 8; version++ {
		m := drawn(f, "https://example.org/?a=1", max(version, 3), 1, version-1)
		packed := make([]byte, (len(m.Dark)+7)/8)
		for i, dark := range m.Dark {
			if dark {
				packed[i/8] |= 1 << (i % 8)
			}
		}
		f.Add(packed, uint8(max(version, 3)))
	}
	f.Fuzz(func(t *testing.T, packed []byte, version uint8) {
		size := sizeOf(int(version % 42))
		m := Matrix{Dark: make([]bool, size*size), Size: size}
		for i := range min(len(m.Dark), 8*len(packed)) {
			m.Dark[i] = packed[i/8]>>(i%8)&1 == 1
		}
		text, ok := Decode(m)
		if want, all := theirs(m); ok && (!all || collapsed(text) != collapsed(want)) {
			t.Errorf("decoded %q, gozxing %q, %t", text, want, all)
		}
	})
}

func TestTheVersionIsReadWithThreeWrongModules(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for number := 7; number <= 40; number++ {
		m := drawn(t, "12345", number, 0, 0)
		word := 0
		for y := 5; y >= 0; y-- {
			for x := m.Size - 9; x >= m.Size-11; x-- {
				word = word<<1 | int(bit[m.at(uint8(x), uint8(y))])
			}
		}
		for wrong := range 4 {
			spoilt := word
			for _, at := range random.Perm(18)[:wrong] {
				spoilt ^= 1 << at
			}
			if got, off := Version(spoilt); got != number || off != wrong {
				t.Errorf("version %d with %d wrong modules is read as %d with %d", number, wrong, got, off)
			}
		}
	}
}
