package kit

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2/theme"
)

func TestABrandColorsWhatIsPressedAndNothingElse(t *testing.T) {
	palette := accented("#7a1f5c", "")
	for name, pair := range palette {
		switch name {
		case theme.ColorNamePrimary, theme.ColorNameHyperlink:
			if pair != [2]color.Color{rgb(0x7a, 0x1f, 0x5c), ours[name][1]} {
				t.Errorf("%s is %v", name, pair)
			}
		default:
			if pair != ours[name] {
				t.Errorf("%s is %v", name, pair)
			}
		}
	}
	if ours[theme.ColorNamePrimary][0] == palette[theme.ColorNamePrimary][0] {
		t.Error("the brand has changed Handback's own colors")
	}
}
