package scan

import "testing"

func TestALightStripeIsAGapWhereItIsWideForALineOfItsLength(t *testing.T) {
	for _, test := range []struct {
		modules, stripe int
		least, most     float64
	}{
		{20, 3, 0, 0},
		{20, 7, 1, 1},
		{60, 8, 0.8, 1}, // the paper between two codes
		{126, 5, 0, 0},
		{126, 7, 0.2, 0.6}, // such a stripe is in many large codes
		{126, 10, 1, 1},
	} {
		const module = 4 // pixels
		bits := blank(test.modules*module+2*module, 1)
		for x := range bits.Width {
			at, middle := x/module, test.modules/2
			if at < middle || at >= middle+test.stripe {
				bits.Pix[x] = 1
			}
		}
		a, b := finder{point: point{module, 0}, module: module}, finder{point: point{float64(bits.Width - module), 0}, module: module}
		if got := gap(bits, a, b); got < test.least || got > test.most {
			t.Errorf("a light stripe of %d modules on a line of %d is a gap of %.2f, not %.2f to %.2f",
				test.stripe, test.modules, got, test.least, test.most)
		}
	}
}
