package qr

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
	"golang.org/x/text/encoding/unicode"
)

// levels of error correction as the format numbers them.
var levels = []decoder.ErrorCorrectionLevel{
	decoder.ErrorCorrectionLevel_M, decoder.ErrorCorrectionLevel_L,
	decoder.ErrorCorrectionLevel_H, decoder.ErrorCorrectionLevel_Q,
}

// asUTF8 prevents gozxing from guessing the character set.
var asUTF8 = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: unicode.UTF8}

// theirs returns what gozxing reads; the version follows from the size.
func theirs(m Matrix) (string, bool) {
	bits, err := gozxing.NewSquareBitMatrix(m.Size)
	if err != nil {
		return "", false
	}
	for i, dark := range m.Dark {
		if dark {
			bits.Set(i%m.Size, i/m.Size)
		}
	}
	if version := (m.Size - sizeless) / 4; version >= 7 && version <= 40 {
		word := decoder.VERSION_DECODE_INFO[version-7]
		for i := range 18 {
			x, y := i/3, m.Size-11+i%3
			bits.Unset(x, y)
			bits.Unset(y, x)
			if word>>i&1 == 1 {
				bits.Set(x, y)
				bits.Set(y, x)
			}
		}
	}
	result, err := decoder.NewDecoder().Decode(bits, asUTF8)
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

// drawn returns a text as a code drawn by gozxing.
func drawn(t testing.TB, text string, version, level, mask int) Matrix {
	t.Helper()
	code, err := encoder.Encoder_encode(text, levels[level], map[gozxing.EncodeHintType]any{
		gozxing.EncodeHintType_QR_VERSION: version, gozxing.EncodeHintType_QR_MASK_PATTERN: mask,
	})
	if err != nil {
		t.Fatal(err)
	}
	m := Matrix{Size: code.GetMatrix().GetWidth()}
	for _, row := range code.GetMatrix().GetArray() {
		for _, module := range row {
			m.Dark = append(m.Dark, module == 1)
		}
	}
	return m
}

// room returns the number of bytes that a code holds.
func room(version, level int) int {
	words := len(orders[version]()) / 8
	return words - int(blocks[level][version-1])*int(parities[level][version-1]) - 3
}

// filling returns the given number of characters of base64.
func filling(random *rand.Rand, characters int) string {
	var text strings.Builder
	for range characters {
		text.WriteByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[random.IntN(64)])
	}
	return text.String()
}

// spoilt returns a code with the given number of wrong codewords in each block. Consecutive
// codewords belong to different blocks.
func (m Matrix) spoilt(random *rand.Rand, version, level, wrong int) Matrix {
	m.Dark = slices.Clone(m.Dark)
	places, count := orders[version](), int(blocks[level][version-1])
	whole := len(places)/8/count - int(parities[level][version-1])
	for _, row := range random.Perm(whole)[:min(wrong, whole)] {
		for word := row * count; word < (row+1)*count; word++ {
			off := 1 + random.IntN(255)
			for i, p := range places[8*word : 8*word+8] {
				if off>>i&1 == 1 {
					m.flip(p)
				}
			}
		}
	}
	return m
}

func (m Matrix) flip(p place) {
	i := int(p.y)*m.Size + int(p.x)
	m.Dark[i] = !m.Dark[i]
}

// agrees checks that a decoded text is the one that gozxing decodes.
func agrees(t *testing.T, m Matrix) {
	t.Helper()
	text, ok := Decode(m)
	if want, all := theirs(m); ok && (!all || text != want) {
		t.Errorf("decoded %q, gozxing %q, %t", text, want, all)
	} else if !ok && all {
		t.Errorf("refused what gozxing decodes: %q", want)
	}
}
