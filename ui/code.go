package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"handback/app/carry"
)

// codeView shows a QR code, black on white in every theme. Its modules are a whole number
// of screen pixels wide: readers fail on uneven ones.
type codeView struct {
	widget.BaseWidget
	ui   *UI
	code *carry.Code
	side float32 // the minimum, in Fyne's units
	name string  // for screen readers
}

func newCodeView(u *UI, side float32) *codeView {
	v := &codeView{ui: u, side: side}
	v.ExtendBaseWidget(v)
	return v
}

// show displays a code of the request or receipt with this check code.
func (v *codeView) show(code *carry.Code, check string) {
	v.code = code
	v.name = v.ui.t("ui.code.name", "number", code.Number, "count", code.Count, "check", check)
	v.Refresh()
}

// clear shows no code.
func (v *codeView) clear() {
	v.code, v.name = nil, ""
	v.Refresh()
}

// AccessibilityLabel returns what a screen reader says.
func (v *codeView) AccessibilityLabel() string { return v.name }

// AccessibilityRole returns the role of text: Fyne has none for pictures.
func (v *codeView) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// MinSize returns a square.
func (v *codeView) MinSize() fyne.Size { return fyne.NewSquareSize(v.side) }

// CreateRenderer returns a raster, since its size is in screen pixels.
func (v *codeView) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRaster(v.draw))
}

// pixels returns the width of a module in screen pixels.
func (v *codeView) pixels() int {
	if v.code == nil {
		return 0
	}
	side := min(v.Size().Width, v.Size().Height) * v.ui.window.Canvas().Scale()
	return int(side) / (v.code.Modules + 2*carry.QuietZone)
}

// codeEdge shows where the white around a code ends, on a page that is nearly white too.
var codeEdge = color.NRGBA{0x80, 0x80, 0x80, 0x60}

// draw returns a picture of width by height pixels with the code on a white square in the
// center.
func (v *codeView) draw(width, height int) image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, width, height)) // transparent around the card
	if v.code == nil {
		return picture
	}
	modules := v.code.Modules + 2*carry.QuietZone
	pixels := min(width, height) / modules
	if pixels == 0 {
		return picture
	}
	left, top := (width-modules*pixels)/2, (height-modules*pixels)/2
	for i := -1; i <= modules*pixels; i++ {
		for _, at := range []image.Point{{i, -1}, {i, modules * pixels}, {-1, i}, {modules * pixels, i}} {
			picture.SetNRGBA(left+at.X, top+at.Y, codeEdge)
		}
	}
	for y := range modules * pixels {
		for x := range modules * pixels {
			shade := color.NRGBA{0xff, 0xff, 0xff, 0xff}
			if mx, my := x/pixels-carry.QuietZone, y/pixels-carry.QuietZone; inside(mx, v.code) && inside(my, v.code) && v.code.Dark(mx, my) {
				shade = color.NRGBA{0, 0, 0, 0xff}
			}
			picture.SetNRGBA(left+x, top+y, shade)
		}
	}
	return picture
}

func inside(module int, code *carry.Code) bool { return module >= 0 && module < code.Modules }
