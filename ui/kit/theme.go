package kit

import (
	"fmt"
	"image/color"
	"maps"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Style is how a person, a brand and a language change the theme.
type Style struct {
	Fixed        *fyne.ThemeVariant // light or dark; nil: the system's
	HighContrast bool
	Scale        float32       // of text; 1 is Fyne's size, 0 means 1
	Light, Dark  string        // a brand's primary and link color in the two variants, as #rrggbb; empty: ours
	Letters      fyne.Resource // a typeface used before Fyne's; nil: only Fyne's
}

// NewTheme returns Fyne's theme with calmer colors, changed by s.
func NewTheme(s Style) fyne.Theme {
	l := &look{Theme: theme.DefaultTheme(), palette: accented(s.Light, s.Dark), Style: s}
	if s.HighContrast {
		l.palette = stark
	}
	if l.Scale == 0 {
		l.Scale = 1
	}
	return l
}

type look struct {
	fyne.Theme
	Style
	palette map[fyne.ThemeColorName][2]color.Color
}

func rgb(r, g, b uint8) color.Color { return color.NRGBA{r, g, b, 0xff} }

// ours are the colors of the light and the dark variant. Text has a contrast of at least
// 4.5 to 1 against its background (WCAG 2.1, 1.4.3).
var ours = map[fyne.ThemeColorName][2]color.Color{
	theme.ColorNameBackground:          {rgb(0xf7, 0xf8, 0xfa), rgb(0x17, 0x19, 0x1d)},
	theme.ColorNameForeground:          {rgb(0x1f, 0x23, 0x28), rgb(0xf0, 0xf1, 0xf3)},
	theme.ColorNamePrimary:             {rgb(0x0b, 0x5c, 0xad), rgb(0x7a, 0xb8, 0xff)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xff, 0xff, 0xff), rgb(0x0b, 0x1a, 0x2b)},
	theme.ColorNameHyperlink:           {rgb(0x0b, 0x5c, 0xad), rgb(0x7a, 0xb8, 0xff)},
	theme.ColorNameButton:              {rgb(0xe6, 0xe9, 0xee), rgb(0x2b, 0x30, 0x38)},
	theme.ColorNameDisabled:            {rgb(0x6b, 0x72, 0x7c), rgb(0x9a, 0xa1, 0xab)},
	theme.ColorNamePlaceHolder:         {rgb(0x62, 0x6a, 0x74), rgb(0x9a, 0xa1, 0xab)},
	theme.ColorNameInputBackground:     {rgb(0xee, 0xf1, 0xf5), rgb(0x10, 0x12, 0x15)},
	theme.ColorNameInputBorder:         {rgb(0x86, 0x8e, 0x99), rgb(0x6b, 0x73, 0x7e)},
	theme.ColorNameOverlayBackground:   {rgb(0xff, 0xff, 0xff), rgb(0x1f, 0x23, 0x28)},
	theme.ColorNameMenuBackground:      {rgb(0xff, 0xff, 0xff), rgb(0x23, 0x27, 0x2d)},
	theme.ColorNameSeparator:           {rgb(0xd5, 0xd9, 0xdf), rgb(0x3a, 0x40, 0x49)},
	theme.ColorNameSuccess:             {rgb(0x14, 0x6c, 0x2e), rgb(0x6d, 0xd5, 0x8c)},
	theme.ColorNameWarning:             {rgb(0x8a, 0x50, 0x00), rgb(0xff, 0xb9, 0x5c)},
	theme.ColorNameError:               {rgb(0xb3, 0x26, 0x1e), rgb(0xf2, 0x8b, 0x82)},
}

// stark are the colors of high contrast: at least 7 to 1, with visible borders (WCAG 2.1,
// 1.4.6 and 1.4.11).
var stark = map[fyne.ThemeColorName][2]color.Color{
	theme.ColorNameBackground:          {rgb(0xff, 0xff, 0xff), rgb(0x00, 0x00, 0x00)},
	theme.ColorNameForeground:          {rgb(0x00, 0x00, 0x00), rgb(0xff, 0xff, 0xff)},
	theme.ColorNamePrimary:             {rgb(0x00, 0x3a, 0x80), rgb(0xff, 0xff, 0x00)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xff, 0xff, 0xff), rgb(0x00, 0x00, 0x00)},
	theme.ColorNameHyperlink:           {rgb(0x00, 0x3a, 0x80), rgb(0xff, 0xff, 0x00)},
	theme.ColorNameButton:              {rgb(0xdc, 0xdc, 0xdc), rgb(0x33, 0x33, 0x33)},
	theme.ColorNameDisabled:            {rgb(0x4a, 0x4a, 0x4a), rgb(0xb4, 0xb4, 0xb4)},
	theme.ColorNamePlaceHolder:         {rgb(0x4a, 0x4a, 0x4a), rgb(0xb4, 0xb4, 0xb4)},
	theme.ColorNameInputBackground:     {rgb(0xff, 0xff, 0xff), rgb(0x00, 0x00, 0x00)},
	theme.ColorNameInputBorder:         {rgb(0x00, 0x00, 0x00), rgb(0xff, 0xff, 0xff)},
	theme.ColorNameOverlayBackground:   {rgb(0xff, 0xff, 0xff), rgb(0x00, 0x00, 0x00)},
	theme.ColorNameMenuBackground:      {rgb(0xff, 0xff, 0xff), rgb(0x00, 0x00, 0x00)},
	theme.ColorNameSeparator:           {rgb(0x00, 0x00, 0x00), rgb(0xff, 0xff, 0xff)},
	theme.ColorNameScrollBar:           {rgb(0x00, 0x00, 0x00), rgb(0xff, 0xff, 0xff)},
	theme.ColorNameSuccess:             {rgb(0x00, 0x50, 0x1a), rgb(0x8c, 0xff, 0x9e)},
	theme.ColorNameWarning:             {rgb(0x5e, 0x36, 0x00), rgb(0xff, 0xd2, 0x7f)},
	theme.ColorNameError:               {rgb(0x8c, 0x0f, 0x08), rgb(0xff, 0xb3, 0xad)},
}

// Color returns our color, or Fyne's if we have none.
func (l *look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if l.Fixed != nil {
		variant = *l.Fixed
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

// accented returns our colors with a brand's primary and link color, as #rrggbb. High
// contrast does not use them.
func accented(light, dark string) map[fyne.ThemeColorName][2]color.Color {
	all := maps.Clone(ours)
	for _, name := range []fyne.ThemeColorName{theme.ColorNamePrimary, theme.ColorNameHyperlink} {
		pair := all[name]
		for i, text := range []string{light, dark} {
			var c color.NRGBA
			if n, _ := fmt.Sscanf(text, "#%02x%02x%02x", &c.R, &c.G, &c.B); n == 3 {
				c.A = 0xff
				pair[i] = c
			}
		}
		all[name] = pair
	}
	return all
}

// scaled are the sizes that follow the text size.
var scaled = map[fyne.ThemeSizeName]bool{
	theme.SizeNameText: true, theme.SizeNameHeadingText: true, theme.SizeNameSubHeadingText: true,
	theme.SizeNameCaptionText: true, theme.SizeNameInlineIcon: true,
}

// Size returns a size, multiplied by the scale if it is one of text.
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
		size *= l.Scale
	}
	return size
}

// Font returns the style's typeface if it has one. Fyne uses its own for characters that
// are not in it.
func (l *look) Font(style fyne.TextStyle) fyne.Resource {
	if l.Letters != nil && !style.Symbol {
		return l.Letters
	}
	return l.Theme.Font(style)
}
