package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"handback/app"
	"handback/assets"
)

// Theme is Fyne's own, with a calmer palette of ours, as light or dark, as large and
// as rich in contrast as the settings say, and with letters for the language.
func Theme(s app.Settings, language string) fyne.Theme {
	l := &look{Theme: theme.DefaultTheme(), palette: ours, scale: 1}
	if s.TextSize > 0 {
		l.scale = float32(s.TextSize) / 100
	}
	switch s.Look {
	case app.Light, app.Dark:
		l.fixed = true
		l.variant = map[app.Look]fyne.ThemeVariant{app.Light: theme.VariantLight, app.Dark: theme.VariantDark}[s.Look]
	case app.HighContrast:
		l.palette = stark
	}
	if language == "ja" {
		l.letters = japanese
	}
	return l
}

type look struct {
	fyne.Theme
	palette map[fyne.ThemeColorName][2]color.Color
	fixed   bool // to variant, whatever the system says
	variant fyne.ThemeVariant
	scale   float32
	letters fyne.Resource // nil: Fyne's
}

// japanese has kana and the common kanji, and none of the letters that Fyne's own
// typeface has: those come from there.
var japanese = fyne.NewStaticResource("japanese.ttf", assets.Japanese)

func rgb(hex uint32) color.Color {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xff}
}

// ours are the colors for the light and the dark variant. Words have at least 4.5 to
// 1 against what they stand on (WCAG 2.1, 1.4.3).
var ours = map[fyne.ThemeColorName][2]color.Color{
	theme.ColorNameBackground:          {rgb(0xf7f8fa), rgb(0x17191d)},
	theme.ColorNameForeground:          {rgb(0x1f2328), rgb(0xf0f1f3)},
	theme.ColorNamePrimary:             {rgb(0x0b5cad), rgb(0x7ab8ff)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xffffff), rgb(0x0b1a2b)},
	theme.ColorNameHyperlink:           {rgb(0x0b5cad), rgb(0x7ab8ff)},
	theme.ColorNameButton:              {rgb(0xe6e9ee), rgb(0x2b3038)},
	theme.ColorNameDisabled:            {rgb(0x6b727c), rgb(0x9aa1ab)},
	theme.ColorNamePlaceHolder:         {rgb(0x626a74), rgb(0x9aa1ab)},
	theme.ColorNameInputBackground:     {rgb(0xeef1f5), rgb(0x101215)},
	theme.ColorNameInputBorder:         {rgb(0x868e99), rgb(0x6b737e)},
	theme.ColorNameOverlayBackground:   {rgb(0xffffff), rgb(0x1f2328)},
	theme.ColorNameMenuBackground:      {rgb(0xffffff), rgb(0x23272d)},
	theme.ColorNameSeparator:           {rgb(0xd5d9df), rgb(0x3a4049)},
	theme.ColorNameSuccess:             {rgb(0x146c2e), rgb(0x6dd58c)},
	theme.ColorNameWarning:             {rgb(0x8a5000), rgb(0xffb95c)},
	theme.ColorNameError:               {rgb(0xb3261e), rgb(0xf28b82)},
}

// stark are the colors of high contrast: at least 7 to 1, with every border drawn
// (WCAG 2.1, 1.4.6 and 1.4.11).
var stark = map[fyne.ThemeColorName][2]color.Color{
	theme.ColorNameBackground:          {rgb(0xffffff), rgb(0x000000)},
	theme.ColorNameForeground:          {rgb(0x000000), rgb(0xffffff)},
	theme.ColorNamePrimary:             {rgb(0x003a80), rgb(0xffff00)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xffffff), rgb(0x000000)},
	theme.ColorNameHyperlink:           {rgb(0x003a80), rgb(0xffff00)},
	theme.ColorNameButton:              {rgb(0xdcdcdc), rgb(0x333333)},
	theme.ColorNameDisabled:            {rgb(0x4a4a4a), rgb(0xb4b4b4)},
	theme.ColorNamePlaceHolder:         {rgb(0x4a4a4a), rgb(0xb4b4b4)},
	theme.ColorNameInputBackground:     {rgb(0xffffff), rgb(0x000000)},
	theme.ColorNameInputBorder:         {rgb(0x000000), rgb(0xffffff)},
	theme.ColorNameOverlayBackground:   {rgb(0xffffff), rgb(0x000000)},
	theme.ColorNameMenuBackground:      {rgb(0xffffff), rgb(0x000000)},
	theme.ColorNameSeparator:           {rgb(0x000000), rgb(0xffffff)},
	theme.ColorNameScrollBar:           {rgb(0x000000), rgb(0xffffff)},
	theme.ColorNameSuccess:             {rgb(0x00501a), rgb(0x8cff9e)},
	theme.ColorNameWarning:             {rgb(0x5e3600), rgb(0xffd27f)},
	theme.ColorNameError:               {rgb(0x8c0f08), rgb(0xffb3ad)},
}

// Color is one of ours, else Fyne's.
func (l *look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if l.fixed {
		variant = l.variant
	}
	shade, mine := l.palette[name]
	switch {
	case !mine:
		return l.Theme.Color(name, variant)
	case variant == theme.VariantLight:
		return shade[0]
	}
	return shade[1]
}

// scaled are the sizes that follow the size of the text.
var scaled = map[fyne.ThemeSizeName]bool{
	theme.SizeNameText: true, theme.SizeNameHeadingText: true, theme.SizeNameSubHeadingText: true,
	theme.SizeNameCaptionText: true, theme.SizeNameInlineIcon: true,
}

// Size is Fyne's, as large as the settings say.
func (l *look) Size(name fyne.ThemeSizeName) float32 {
	size := l.Theme.Size(name)
	switch name {
	case theme.SizeNameHeadingText:
		size = 22
	case theme.SizeNameSubHeadingText:
		size = 17
	case theme.SizeNameCaptionText:
		size = 12.5
	}
	if scaled[name] {
		size *= l.scale
	}
	return size
}

// Font is Fyne's, but for the letters that it has not.
func (l *look) Font(style fyne.TextStyle) fyne.Resource {
	if l.letters != nil && !style.Symbol {
		return l.letters
	}
	return l.Theme.Font(style)
}
