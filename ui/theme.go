package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Theme is Fyne's own, with colors for outcomes and warnings that can be read
// as words on its backgrounds, light and dark.
func Theme() fyne.Theme { return look{theme.DefaultTheme()} }

type look struct{ fyne.Theme }

// shades are the colors for the light and the dark variant, at least 4.5 to 1
// against the background (WCAG 2.1, 1.4.3).
var shades = map[fyne.ThemeColorName][2]color.Color{
	theme.ColorNameForeground: {color.NRGBA{0x1f, 0x23, 0x28, 0xff}, color.NRGBA{0xf3, 0xf3, 0xf3, 0xff}},
	theme.ColorNameSuccess:    {color.NRGBA{0x14, 0x6c, 0x2e, 0xff}, color.NRGBA{0x6d, 0xd5, 0x8c, 0xff}},
	theme.ColorNameWarning:    {color.NRGBA{0x8a, 0x50, 0x00, 0xff}, color.NRGBA{0xff, 0xb9, 0x5c, 0xff}},
	theme.ColorNameError:      {color.NRGBA{0xb3, 0x26, 0x1e, 0xff}, color.NRGBA{0xf2, 0x8b, 0x82, 0xff}},
}

// Color is one of ours, else Fyne's.
func (l look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if shade, ours := shades[name]; ours {
		if variant == theme.VariantLight {
			return shade[0]
		}
		return shade[1]
	}
	return l.Theme.Color(name, variant)
}
