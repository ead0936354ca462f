package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"handback/app"
	"handback/app/brand"
	"handback/assets"
	"handback/ui/kit"
)

// Theme returns the window's theme for the settings: light or dark, text size and
// contrast, in the brand's colors, with a typeface for the language.
func Theme(s app.Settings, language string) fyne.Theme {
	colors := brand.Current().Colors
	style := kit.Style{HighContrast: s.Look == app.HighContrast, Scale: float32(s.TextSize) / 100, Light: colors.Light, Dark: colors.Dark}
	if variant, fixed := map[app.Look]fyne.ThemeVariant{app.Light: theme.VariantLight, app.Dark: theme.VariantDark}[s.Look]; fixed {
		style.Fixed = &variant
	}
	if language == "ja" {
		style.Letters = japanese
	}
	return kit.NewTheme(style)
}

// japanese has only kana and common kanji; Fyne's own typeface supplies the rest.
var japanese = fyne.NewStaticResource("japanese.ttf", assets.Japanese)
