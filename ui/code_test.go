package ui

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"handback/app"
	"handback/app/carry"
	"handback/app/words"
)

// variant is a theme, light or dark.
type variant struct {
	fyne.Theme
	as fyne.ThemeVariant
}

func (v variant) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return v.Theme.Color(name, v.as)
}

// scanned returns the text of the code in a picture, read by a reader of other authors.
func scanned(t *testing.T, picture image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return ""
	}
	return result.GetText()
}

// F63: the request is always the same, so that a reader that fails on one code in a
// hundred fails always or never.
func TestTheCodeOnTheScreenIsReadInEveryThemeAndAtEveryScale(t *testing.T) {
	for name, as := range test.KnownThemeVariants() {
		for _, scale := range []float32{1, 1.25, 1.5, 2} {
			t.Run(name+" "+strconv.FormatFloat(float64(scale), 'f', -1, 32), func(t *testing.T) {
				setTheTime(t)
				d := sit(t, acme)
				test.ApplyTheme(t, variant{Theme(app.Settings{}, "en"), as})
				d.setScale(scale)
				made := d.made()
				d.showCarry(made)
				d.carry.ways.Choose(codeRoad)
				picture := d.window.Canvas().Capture()
				if want := int(720 * scale); picture.Bounds().Dy() != want {
					t.Fatalf("the picture is %v, not %d pixels high", picture.Bounds(), want)
				}
				if got := scanned(t, picture); got != codeText(t, made) {
					keep(t, picture)
					t.Errorf("read %q, the request is %q", got, codeText(t, made))
				}
			})
		}
	}
}

// keep stores a picture, for people to look at.
func keep(t *testing.T, picture image.Image) {
	t.Helper()
	path := filepath.Join(os.TempDir(), "handback-ui-failed.png")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	t.Logf("the picture is in %s: %v", path, png.Encode(file, picture))
}

func TestEveryModuleHasTheSameWholeNumberOfPixels(t *testing.T) {
	codes := map[string]*carry.Code{}
	for _, text := range []string{"short", strings.Repeat("a request ", 60)} {
		code, err := carry.NewCode(text)
		if err != nil {
			t.Fatal(err)
		}
		codes[strconv.Itoa(code.Modules)] = code
	}
	for name, code := range codes {
		whole := code.Modules + 2*carry.QuietZone
		for _, size := range [][2]int{{whole, whole}, {whole + 1, whole + 1}, {2*whole - 1, 2*whole - 1}, {2 * whole, 2 * whole}, {380, 380},
			{475, 475}, {570, 570}, {760, 760}, {500, 300}, {300, 500}, {333, 777}, {whole, 1000}} {
			v := newCodeView(&UI{Options: Options{Words: words.English()}}, 380)
			v.show(code, "")
			picture := v.draw(size[0], size[1]).(*image.NRGBA)
			if picture.Bounds() != image.Rect(0, 0, size[0], size[1]) {
				t.Fatalf("%s in %v: %v", name, size, picture.Bounds())
			}
			checkModules(t, picture, code, min(size[0], size[1])/whole)
		}
	}
}

func checkModules(t *testing.T, picture *image.NRGBA, code *carry.Code, pixels int) {
	t.Helper()
	size := picture.Bounds().Size()
	side := (code.Modules + 2*carry.QuietZone) * pixels
	left, top := (size.X-side)/2, (size.Y-side)/2
	for y := range size.Y {
		for x := range size.X {
			want := color.NRGBA{}
			if x >= left-1 && y >= top-1 && x <= left+side && y <= top+side {
				want = codeEdge
			}
			if x >= left && y >= top && x < left+side && y < top+side {
				want = color.NRGBA{255, 255, 255, 255}
				if code.Dark((x-left)/pixels-carry.QuietZone, (y-top)/pixels-carry.QuietZone) && x-left >= carry.QuietZone*pixels && y-top >= carry.QuietZone*pixels {
					want = color.NRGBA{0, 0, 0, 255}
				}
			}
			if got := picture.NRGBAAt(x, y); got != want {
				t.Fatalf("in %v with %d pixels a module: (%d, %d) is %v, not %v", size, pixels, x, y, got, want)
			}
		}
	}
}

func TestAPlaceTooSmallForTheCodeShowsNoneRatherThanPartOfOne(t *testing.T) {
	code, err := carry.NewCode("short")
	if err != nil {
		t.Fatal(err)
	}
	v := newCodeView(&UI{Options: Options{Words: words.English()}}, 10)
	for _, side := range []int{0, 1, code.Modules + 2*carry.QuietZone - 1} {
		for _, show := range []*carry.Code{nil, code} {
			v.code = show
			picture := v.draw(side, side).(*image.NRGBA)
			for i, b := range picture.Pix {
				if b != 0 {
					t.Fatalf("%d pixels: byte %d is %d", side, i, b)
				}
			}
		}
	}
}

// screen is a usual screen with its scaling.
type screen struct {
	width, height float32 // in pixels
	scale         float32 // set in the system
	text          int     // set in the settings, in percent
}

// decoration is the height that a window manager needs.
const decoration = 30

// F111: on every usual screen the whole code is visible and large enough for a phone, or
// a text replaces it; the state of the license is visible, also after saving.
func TestTheCodeAndTheStateAreWholeInSightOnEveryUsualScreen(t *testing.T) {
	var screens []screen
	for _, size := range [][2]float32{{1366, 768}, {1920, 1080}, {1920, 1200}, {1280, 800}} {
		for _, scale := range []float32{1, 1.25, 1.5, 1.75, 2} {
			screens = append(screens, screen{size[0], size[1], scale, 100})
		}
		for _, text := range []int{125, 150, 175, 200} {
			screens = append(screens, screen{size[0], size[1], 1, text})
		}
	}
	decoded := 0
	for _, s := range screens {
		for _, text := range []string{practice, acme} {
			d := sitWithKey(t, text)
			d.wear(app.Settings{TextSize: s.text})
			d.setScale(s.scale)
			d.window.Resize(fyne.NewSize(s.width/s.scale, (s.height-decoration)/s.scale))
			made := d.made()
			d.showCarry(made)
			d.carry.ways.Choose(codeRoad)
			d.settle()
			d.focus() // focuses Full screen
			looks := func(when string) {
				t.Helper()
				window := fyne.NewSize(s.width/s.scale, (s.height-decoration)/s.scale)
				if least := d.window.Content().MinSize(); least.Width > window.Width || least.Height > window.Height {
					t.Errorf("%v %s: the window is cut: it needs %v of %v", s, when, least, window)
				}
				parts := map[string]fyne.CanvasObject{"the state": d.label("ui.not_free")}
				if when == "opened" {
					parts["the code"] = d.carry.codes.root
				}
				for what, o := range parts {
					at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
					if at.Y < 0 || at.Y+o.Size().Height > window.Height+1 || at.X+o.Size().Width > window.Width+1 {
						t.Errorf("%v %s: %s, at %v and %v large, is cut", s, when, what, at, o.Size())
					}
				}
				if when == "saved" {
					return
				}
				view := d.carry.codes.view
				if !view.Visible() {
					d.expect("ui.codes.no_room")
					d.button("ui.codes.full")
					if s.text <= 150 && s.scale <= 1.5 {
						t.Errorf("%v %s: the code is left out, with %d pixels a module in %v", s, when, view.pixels(), view.Size())
					}
					return
				}
				if text != practice {
					return // the place has the same size or is larger
				}
				decoded++
				if got := scanned(t, d.window.Canvas().Capture()); got != codeText(t, made) {
					keep(t, d.window.Canvas().Capture())
					t.Errorf("%v %s: read %q", s, when, got)
				}
			}
			looks("opened")
			d.tap("ui.save_code")
			d.settle()
			looks("saved")
		}
	}
	if decoded < len(screens)*2/3 {
		t.Errorf("of %d screens only %d had the code", len(screens), decoded)
	}
}

// label returns the widget that shows a text of the catalogue.
func (d *desk) label(key string) fyne.CanvasObject {
	d.t.Helper()
	for _, o := range d.shown() {
		if l, ok := o.(*widget.Label); ok && l.Text == d.UI.t(key) {
			return l
		}
	}
	d.t.Fatalf("%q is not shown", d.UI.t(key))
	return nil
}

func TestTheCodeIsAsLargeAsItsPlaceAllowsAndNoSmallerThanItCanBeRead(t *testing.T) {
	d := sit(t, acme)
	d.showCarry(d.made())
	d.carry.ways.Choose(codeRoad)
	codes, err := d.carry.made.Codes(carry.Drawing{})
	if err != nil {
		t.Fatal(err)
	}
	if pixels := int(d.carry.codes.view.Size().Width) / (codes[0].Modules + 2*carry.QuietZone); pixels < 4 {
		t.Errorf("%d pixels a module in %v", pixels, d.carry.codes.view.Size())
	}
}

// codeText returns the text of a request's only code.
func codeText(t testing.TB, made *app.Outgoing) string {
	t.Helper()
	codes, err := made.Codes(carry.Drawing{})
	if err != nil || len(codes) != 1 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	return codes[0].Text
}
