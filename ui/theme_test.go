package ui

import (
	"bytes"
	"encoding/json"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/font/sfnt"

	"handback/app"
	"handback/app/words"
	"handback/ui/kit"
)

// luminance returns the relative luminance (WCAG 2.1).
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	sum := 0.0
	for channel, weight := range map[uint8]float64{0: 0.2126, 1: 0.7152, 2: 0.0722} {
		v := float64([]uint8{n.R, n.G, n.B}[channel]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

// contrast returns the contrast ratio of two colors (WCAG 2.1).
func contrast(a, b color.Color) float64 {
	high, low := luminance(a), luminance(b)
	if high < low {
		high, low = low, high
	}
	return (high + 0.05) / (low + 0.05)
}

func TestWordsStandOutFromWhatTheyStandOn(t *testing.T) {
	test.NewTempApp(t)
	on := map[fyne.ThemeColorName][]fyne.ThemeColorName{
		theme.ColorNameForeground:          {theme.ColorNameBackground, theme.ColorNameButton, theme.ColorNameInputBackground, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground},
		theme.ColorNamePlaceHolder:         {theme.ColorNameInputBackground},
		theme.ColorNameSuccess:             {theme.ColorNameBackground, theme.ColorNameOverlayBackground},
		theme.ColorNameWarning:             {theme.ColorNameBackground, theme.ColorNameOverlayBackground},
		theme.ColorNameError:               {theme.ColorNameBackground, theme.ColorNameOverlayBackground},
		theme.ColorNamePrimary:             {theme.ColorNameBackground},
		theme.ColorNameForegroundOnPrimary: {theme.ColorNamePrimary},
	}
	for _, l := range app.Looks() {
		least := 4.5
		if l == app.HighContrast {
			least = 7
		}
		look := Theme(app.Settings{Look: l}, "en")
		for name, variant := range test.KnownThemeVariants() {
			for words, grounds := range on {
				for _, ground := range grounds {
					if got := contrast(look.Color(words, variant), look.Color(ground, variant)); got < least {
						t.Errorf("%q, %s: %s on %s has %.2f to 1", l, name, words, ground, got)
					}
				}
			}
		}
	}
}

func TestALookIsTheSameWhateverTheSystemSays(t *testing.T) {
	light, dark := Theme(app.Settings{Look: app.Light}, "en"), Theme(app.Settings{Look: app.Dark}, "en")
	for _, system := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		if luminance(light.Color(theme.ColorNameBackground, system)) < 0.8 || luminance(dark.Color(theme.ColorNameBackground, system)) > 0.1 {
			t.Error("light is not light, or dark is not dark")
		}
	}
}

func TestTheTextIsAsLargeAsTheSettingsSay(t *testing.T) {
	usual := Theme(app.Settings{}, "en")
	for _, percent := range app.TextSizes() {
		l := Theme(app.Settings{TextSize: percent}, "en")
		for _, name := range []fyne.ThemeSizeName{theme.SizeNameText, theme.SizeNameHeadingText, theme.SizeNameCaptionText} {
			if got, want := l.Size(name), usual.Size(name)*float32(percent)/100; math.Abs(float64(got-want)) > 0.01 {
				t.Errorf("%d %%: %s is %v, not %v", percent, name, got, want)
			}
		}
	}
}

// On a computer without a typeface that has it, a character without a glyph is drawn as a
// box.
func TestEveryCharacterOfEveryLanguageHasAGlyphOnABareComputer(t *testing.T) {
	test.NewTempApp(t)
	has := func(resource fyne.Resource) func(rune) bool {
		face, err := sfnt.Parse(resource.Content())
		if err != nil {
			t.Fatal(err)
		}
		var buffer sfnt.Buffer
		return func(r rune) bool {
			glyph, err := face.GlyphIndex(&buffer, r)
			return err == nil && glyph != 0
		}
	}
	own := []fyne.Resource{theme.DefaultTextFont(), theme.DefaultTextBoldFont(), theme.DefaultTextMonospaceFont()}
	ours := has(japanese)
	if !ours(' ') {
		t.Error("a space after Japanese would be a box")
	}
	for _, language := range words.Languages() {
		file, err := os.ReadFile(filepath.Join("../assets/translation", language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(file, &texts); err != nil {
			t.Fatal(err)
		}
		for _, face := range own {
			fynes := has(face)
			var missing []rune
			for _, text := range texts {
				for _, r := range text {
					drawn := fynes(r) || r == '\n' || language == "ja" && ours(r)
					if !drawn && !slices.Contains(missing, r) {
						missing = append(missing, r)
					}
				}
			}
			if len(missing) > 0 {
				t.Errorf("%s in %s: no glyphs for %q", language, face.Name(), string(missing))
			}
		}
	}
	if l := Theme(app.Settings{}, "ja"); !bytes.Equal(l.Font(fyne.TextStyle{Bold: true}).Content(), japanese.Content()) {
		t.Error("Japanese is drawn without its typeface")
	}
	if l := Theme(app.Settings{}, "de"); bytes.Equal(l.Font(fyne.TextStyle{}).Content(), japanese.Content()) {
		t.Error("German is drawn with the Japanese typeface")
	}
}

func TestJapaneseLinesAreAsHighAsTheLettersBesideThem(t *testing.T) {
	heights := map[string]float32{}
	for _, language := range []string{"en", "ja"} {
		test.NewTempApp(t)
		fyne.CurrentApp().Settings().SetTheme(Theme(app.Settings{}, language))
		heights[language] = fyne.MeasureText("gÅj", 100, fyne.TextStyle{}).Height
	}
	if math.Abs(float64(heights["en"]-heights["ja"])) > 1 {
		t.Errorf("lines are %v high: what hangs below would be cut", heights)
	}
}

// Fyne's own typeface with letters of one width has a dot in its zero and serifs on its I.
func TestWhatIsComparedOrTypedIsInATypefaceThatTells0FromOAnd1FromI(t *testing.T) {
	count := 0
	pages(t, app.Settings{}, func(name string, d *desk) {
		if d.app == nil || d.full == nil && (d.tabs.SelectedIndex() != releaseTab || d.window.Canvas().Overlays().Top() != nil) {
			return
		}
		codes := []string{licenseKey, hardwareID}
		if d.carry != nil {
			codes = append(codes, d.carry.made.CheckCode())
		}
		for _, o := range d.shown() {
			text, style := "", fyne.TextStyle{}
			switch o := o.(type) {
			case *widget.Label:
				text, style = o.Text, o.TextStyle
			case *kit.Value:
				text, style = o.Text, o.TextStyle
			case *kit.Field:
				text, style = o.Text, o.TextStyle
			}
			for _, code := range codes {
				if !strings.Contains(text, code) {
					continue
				}
				count++
				if message := d.carry != nil && strings.Contains(text, d.UI.app.Message(d.carry.made)); !style.Monospace && !message && !d.release.byUsername() {
					t.Errorf("%s: %q", name, text)
				}
			}
		}
	})
	if count < 30 {
		t.Errorf("only %d were seen", count)
	}
	for _, language := range words.Languages() {
		font := Theme(app.Settings{}, language).Font(fyne.TextStyle{Monospace: true})
		face, err := sfnt.Parse(font.Content())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range "0O1I" { // what the language's typeface lacks is drawn with Fyne's
			glyph, err := face.GlyphIndex(nil, r)
			if glyph != 0 && font.Name() != theme.DefaultTextMonospaceFont().Name() || err != nil {
				t.Errorf("%s: %c is drawn with %s, %v", language, r, font.Name(), err)
			}
		}
	}
}
