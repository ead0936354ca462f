package qr

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// segments returns bits from their text, as the standard writes them.
func segments(bits ...string) (data []byte) {
	all := strings.ReplaceAll(strings.Join(bits, ""), " ", "")
	for i, b := range all {
		if i%8 == 0 {
			data = append(data, 0)
		}
		data[i/8] |= byte(b-'0') << (7 - i%8)
	}
	return data
}

func TestSegmentsAreDecoded(t *testing.T) {
	const e = "01100101" // the letter e
	for name, c := range map[string]struct {
		bits string
		want string
	}{
		"nothing":                      {"0000", ""},
		"no room for an end":           {"0100 00000010" + e + e, "ee"},
		"one, two, and three digits":   {"0001 0000000001 0111 0001 0000000010 0001100 0001 0000000011 0000000111 0000", "712007"},
		"the standard's digits":        {"0001 0000001000 0000001100 0101011001 1000011 0000", "01234567"},
		"the standard's characters":    {"0010 000000101 00111001110 11100111001 000010 0000", "AC-42"},
		"bytes in UTF-8":               {"0100 00000010 11000011 10101001 0000", "é"},
		"bytes that are not":           {"0100 00000010 11000011 01100101 0000", "\ufffde"},
		"UTF-8 by number":              {"0111 00011010 0100 00000010 11000011 10101001 0000", "é"},
		"UTF-8 by number in two bytes": {"0111 10000000 00011010 0100 00000010 11000011 10101001 0000", "é"},
		"UTF-8 by number in three":     {"0111 11000000 00000000 00011010 0100 00000010 11000011 10101001 0000", "é"},
		"ISO-8859-1":                   {"0111 00000011 0100 00000010 11000011 10101001 0000", "Ã©"},
		"from one to the other":        {"0111 00000001 0100 00000001 11101001 0111 00011010 0100 00000010 11000011 10101001 0000", "éé"},
		"a part of several codes":      {"0011 0000 0001 11111111 0100 00000001" + e + "0000", "e"},
		"a separator":                  {"0101 0010 000000010 11010111000 0000", "\x1dA"},
		"a percent sign":               {"0101 0010 000000010 11011010100 0000", "%"},
		"percent signs of no trade":    {"0010 000000010 11011010100 0000", "%%"},
	} {
		t.Run(name, func(t *testing.T) {
			data := segments(c.bits)
			text, ok := textOf(data, 1)
			if !ok || text != c.want {
				t.Errorf("decoded %q, %t, not %q", text, ok, c.want)
			}
			if want, all := theirText(data, 1); !all || text != want {
				t.Errorf("decoded %q, gozxing %q, %t", text, want, all)
			}
		})
	}
}

func TestSegmentsThatCannotBeReadAreRefused(t *testing.T) {
	for name, bits := range map[string]string{
		"Kanji":                      "1000 00000001 0110101010101 0000",
		"Chinese":                    "1101 0001 00000001 0110101010101 0000",
		"Shift JIS":                  "0111 00010100 0100 00000001 01100101 0000",
		"no number of a set":         "0111 11111111 0100 00000001 01100101 0000",
		"trade with an indicator":    "1001 01100101 0100 00000001 01100101 0000",
		"an unknown mode":            "0110 0000",
		"cut in a length":            "0001 0000",
		"fewer bytes than said":      "0100 00000011 01100101 01100101",
		"fewer digits than said":     "0001 0000000100 0000000111",
		"fewer characters than said": "0010 000000011 00111001110",
		"three digits of 1000":       "0001 0000000011 1111101000 0000",
		"two digits of 100":          "0001 0000000010 1100100 0000",
		"a digit of 10":              "0001 0000000001 1010 0000",
		"two characters of 2025":     "0010 000000010 11111101001 0000",
		"a character of 45":          "0010 000000001 101101 0000",
	} {
		t.Run(name, func(t *testing.T) {
			if text, ok := textOf(segments(bits), 1); ok {
				t.Errorf("decoded %q", text)
			}
		})
	}
}

// theirText returns the text that gozxing decodes.
func theirText(data []byte, number int) (string, bool) {
	version, err := decoder.Version_GetVersionForNumber(number)
	if err != nil {
		return "", false
	}
	result, err := decoder.DecodedBitStreamParser_Decode(data, version, levels[0], asUTF8)
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

// collapsed counts what is not UTF-8 once, however many bytes it has.
func collapsed(text string) string {
	for strings.Contains(text, "\ufffd\ufffd") {
		text = strings.ReplaceAll(text, "\ufffd\ufffd", "\ufffd")
	}
	return text
}

// No data may make the decoder panic, or decode to another text than with gozxing.
func FuzzTextOf(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, mode := range []byte{1, 2, 3, 4, 5, 7} {
		data := []byte{mode << 4, byte(random.IntN(64))}
		for range 60 {
			data = append(data, byte(random.IntN(256)))
		}
		f.Add(data, uint8(9))
		f.Add(data, uint8(26))
		f.Add(data, uint8(40))
	}
	f.Fuzz(func(t *testing.T, data []byte, version uint8) {
		number := int(version)%40 + 1
		text, ok := textOf(data, number)
		if want, all := theirText(data, number); ok && (!all || collapsed(text) != collapsed(want)) {
			t.Errorf("decoded %q, gozxing %q, %t", text, want, all)
		}
	})
}
