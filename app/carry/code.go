package carry

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"strings"
	"unicode/utf8"

	"github.com/skip2/go-qrcode"

	"handback/app/fault"
)

const (
	// QuietZone is the white border of a code, in modules (ISO/IEC 18004).
	QuietZone = 4
	// ModulePixels is the scale of PNG files, in pixels a module.
	ModulePixels = 6

	minModulePixels = 4 // with less, photographs and readers lose modules
	maxModulePixels = 64

	// maxVersion has 97 modules a side. From version 21 on, readers fail on codes
	// photographed at an angle.
	maxVersion    = 20
	maxCharacters = 858 // of base64, in version 20 at level L
)

// Code is a drawn QR code. It is immutable and safe for use by several goroutines.
type Code struct {
	Version int    // 1 to 20
	Modules int    // along one side, without the quiet zone
	Level   string // of error correction: "L" or "M"
	Text    string // what a scanner reads
	Page    string // the address that a phone opens, of a link; otherwise empty
	Number  int    // of several codes of one request, this one's number from 1
	Count   int    // how many codes the request has

	matrix [][]bool // [y][x], dark is true
}

// NewCode draws an ASCII text in the smallest version that holds it at error correction
// level L. It uses level M if that needs no larger version: fewer modules help readers
// more than error correction does. It fails with [ErrTooLong] if version 20 is too small,
// and with [ErrEmpty]. It takes up to some 40 ms.
func NewCode(text string) (*Code, error) {
	if text == "" {
		return nil, ErrEmpty
	}
	drawing, err := qrcode.New(text, qrcode.Low)
	if err != nil || drawing.VersionNumber > maxVersion {
		return nil, ErrTooLong.With("characters", utf8.RuneCountInString(text))
	}
	return newCode(text, drawing.VersionNumber, "M", "L")
}

// levels maps the names of levels to those of the library.
var levels = map[string]qrcode.RecoveryLevel{"L": qrcode.Low, "M": qrcode.Medium}

// newCode draws a text in the given version, at the first of the levels that has room.
func newCode(text string, version int, order ...string) (*Code, error) {
	for _, level := range order {
		drawing, err := qrcode.NewWithForcedVersion(text, version, levels[level])
		if err != nil {
			continue
		}
		drawing.DisableBorder = true
		matrix := drawing.Bitmap() // once only: it changes the drawing
		return &Code{Version: version, Modules: len(matrix), Level: level, Text: text, Number: 1, Count: 1, matrix: matrix}, nil
	}
	return nil, ErrTooLong.With("characters", utf8.RuneCountInString(text))
}

// Dark reports whether a module is dark. x and y count from 0 at the top left. Everything
// outside the code is its quiet zone, which is light.
func (c *Code) Dark(x, y int) bool {
	return 0 <= x && x < c.Modules && 0 <= y && y < c.Modules && c.matrix[y][x]
}

// side returns the width of the code with its quiet zone, in modules.
func (c *Code) side() int { return c.Modules + 2*QuietZone }

// PNG returns the code as a PNG file in black and white, with the quiet zone, at 4 to 64
// pixels per module. A code always gives the same bytes. A scale out of range is an error
// of kind fault.Usage.
func (c *Code) PNG(pixelsPerModule int) ([]byte, error) {
	if pixelsPerModule < minModulePixels || pixelsPerModule > maxModulePixels {
		return nil, fault.New(fault.Usage, "carry.scale",
			"pixels", pixelsPerModule, "least", minModulePixels, "most", maxModulePixels)
	}
	pixels := c.side() * pixelsPerModule
	picture := image.NewPaletted(image.Rect(0, 0, pixels, pixels), color.Palette{color.White, color.Black})
	for y := range pixels {
		for x := range pixels {
			if c.Dark(x/pixelsPerModule-QuietZone, y/pixelsPerModule-QuietZone) {
				picture.Pix[y*picture.Stride+x] = 1
			}
		}
	}
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&file, picture); err != nil {
		return nil, fault.New(fault.Unexpected, "carry.not_drawn").Because(err)
	}
	return file.Bytes(), nil
}

// SVG returns the code as a self-contained SVG file: one black path on white with the
// quiet zone, one unit of the viewBox and one millimeter per module. The metadata has the
// code's text, so that [Read] accepts the file itself too.
func (c *Code) SVG() []byte { return c.SVGOf(float64(c.side())) }

// SVGOf is like [Code.SVG], with a width in millimeters.
func (c *Code) SVGOf(width float64) []byte {
	var path strings.Builder
	for y := range c.Modules {
		for x := 0; x < c.Modules; x++ {
			start := x
			for c.Dark(x, y) {
				x++
			}
			if run := x - start; run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start+QuietZone, y+QuietZone, run, run)
			}
		}
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[3]gmm" height="%[3]gmm" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<metadata>%[4]s</metadata><rect width="%[1]d" height="%[1]d" fill="#fff"/><path d="%[2]s" fill="#000"/></svg>`+"\n",
		c.side(), path.String(), width, html.EscapeString(c.Text))
}

// halfBlocks shows two modules, one above the other, indexed by 2*top + bottom.
var halfBlocks = [...]string{" ", "▄", "▀", "█"}

// Terminal returns the code as lines of half blocks with the quiet zone, two rows of
// modules per line. Each line sets black on white, so that a dark theme of the terminal
// does not invert the code, which would make it unreadable.
func (c *Code) Terminal() string {
	const blackOnWhite, plain = "\x1b[30;107m", "\x1b[0m"
	bit := map[bool]int{true: 1}
	var lines strings.Builder
	for y := -QuietZone; y < c.Modules+QuietZone; y += 2 {
		lines.WriteString(blackOnWhite)
		for x := -QuietZone; x < c.Modules+QuietZone; x++ {
			lines.WriteString(halfBlocks[2*bit[c.Dark(x, y)]+bit[c.Dark(x, y+1)]])
		}
		lines.WriteString(plain + "\n")
	}
	return lines.String()
}
