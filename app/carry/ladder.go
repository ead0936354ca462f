package carry

import (
	"context"
	"image"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/text/encoding/unicode"
)

// maxFirstPixels is above what a picture is shrunk to for its first try.
const maxFirstPixels = 4_000_000

// maxPoints bounds the patterns that look like a corner of a code. Choosing
// three of them takes the cube of their number, which nothing can cancel: a
// second at this many.
const maxPoints = 1000

// step is one way of looking for a code in a picture.
type step struct {
	shrunk   bool // on a smaller copy, and only where the picture is large
	clean    bool // for a code as it was drawn, with nothing else in the picture
	binarize func(gozxing.LuminanceSource) gozxing.Binarizer
}

// ladder is tried from the top until a step reads the code. The last step is for
// the one or two codes in a hundred whose modules happen to look like a fourth
// corner: the steps before fail on these even where the picture is perfect.
var ladder = []step{
	{shrunk: true, binarize: gozxing.NewHybridBinarizer},
	{binarize: gozxing.NewHybridBinarizer},
	{binarize: gozxing.NewGlobalHistgramBinarizer},
	{clean: true, binarize: gozxing.NewHybridBinarizer},
}

// climb reads the text of the code in a picture. It fails with ErrNoCode, or
// with the context's error between two steps.
func climb(ctx context.Context, picture gray) (string, error) {
	for _, s := range ladder {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		seen := picture
		if s.shrunk {
			if picture.width*picture.height <= maxFirstPixels {
				continue
			}
			seen = picture.shrink(maxFirstPixels)
		}
		if text, ok := s.read(ctx, seen); ok {
			return text, nil
		}
	}
	return "", ErrNoCode
}

// givenUp is the panic that ends the reader from its one callback.
type givenUp struct{}

func (s step) read(ctx context.Context, picture gray) (text string, ok bool) {
	defer func() {
		switch cause := recover(); cause {
		case nil, givenUp{}:
		default:
			panic(cause)
		}
	}()
	points := 0
	hints := map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_TRY_HARDER:    true,
		gozxing.DecodeHintType_CHARACTER_SET: unicode.UTF8, // else it guesses, Shift JIS among others
		gozxing.DecodeHintType_NEED_RESULT_POINT_CALLBACK: gozxing.ResultPointCallback(func(gozxing.ResultPoint) {
			if points++; points > maxPoints || ctx.Err() != nil {
				panic(givenUp{})
			}
		}),
	}
	if s.clean {
		hints[gozxing.DecodeHintType_PURE_BARCODE] = true
	}
	source, err := gozxing.NewPlanarYUVLuminanceSource(picture.pix, picture.width, picture.height, 0, 0, picture.width, picture.height, false)
	if err != nil {
		return "", false
	}
	bitmap, err := gozxing.NewBinaryBitmap(s.binarize(source))
	if err != nil {
		return "", false
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

// gray is a picture in shades of gray: one byte a pixel, row by row, 255 white.
type gray struct {
	pix           []byte
	width, height int
}

// grayOf takes the colors out of a picture and puts white behind what is
// transparent.
func grayOf(picture image.Image) gray {
	bounds := picture.Bounds()
	g := gray{make([]byte, 0, bounds.Dx()*bounds.Dy()), bounds.Dx(), bounds.Dy()}
	if planes, ok := picture.(*image.YCbCr); ok {
		for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
			row := planes.YOffset(bounds.Min.X, y)
			g.pix = append(g.pix, planes.Y[row:row+g.width]...)
		}
		return g
	}
	pixels := picture.(image.RGBA64Image) // every image of the standard library is one
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := pixels.RGBA64At(x, y) // premultiplied
			luma := (299*uint32(c.R) + 587*uint32(c.G) + 114*uint32(c.B)) / 1000
			g.pix = append(g.pix, byte((luma+0xffff-uint32(c.A))>>8))
		}
	}
	return g
}

// shrink averages squares of whole pixels until at most so many are left.
func (g gray) shrink(pixels int) gray {
	n := 2
	for (g.width/n)*(g.height/n) > pixels {
		n++
	}
	small := gray{make([]byte, 0, (g.width/n)*(g.height/n)), g.width / n, g.height / n}
	for y := range small.height {
		for x := range small.width {
			sum := 0
			for dy := range n {
				row := (y*n+dy)*g.width + x*n
				for _, p := range g.pix[row : row+n] {
					sum += int(p)
				}
			}
			small.pix = append(small.pix, byte(sum/(n*n)))
		}
	}
	return small
}
