package scan

import (
	"context"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/skip2/go-qrcode"
)

// matrixOf draws a code.
func matrixOf(t testing.TB, text string) [][]bool {
	t.Helper()
	code, err := qrcode.New(text, qrcode.Low)
	if err != nil {
		t.Fatal(err)
	}
	code.DisableBorder = true
	return code.Bitmap()
}

// message returns a text of the given number of characters.
func message(characters int) string {
	random := rand.New(rand.NewPCG(1, uint64(characters)))
	var text strings.Builder
	for range characters {
		text.WriteByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[random.IntN(64)])
	}
	return text.String()
}

// scene is how a code is seen: toCode returns the place on the code, in modules, that a
// pixel shows; light changes its shade, from 0 for black to 1 for white.
type scene struct {
	matrix        [][]bool
	width, height int
	toCode        func(x, y float64) (float64, float64)
	light         func(shade, x, y float64) float64
}

// seen paints a scene; each pixel is the mean of nine places in it.
func (s scene) seen() Gray {
	g := Gray{make([]byte, s.width*s.height), s.width, s.height}
	for y := range s.height {
		for x := range s.width {
			sum := 0.0
			for i := range 9 {
				sum += s.shade(float64(x)+float64(i%3-1)/3, float64(y)+float64(i/3-1)/3)
			}
			g.Pix[y*s.width+x] = byte(min(max(sum/9*255, 0), 255))
		}
	}
	return g
}

func (s scene) shade(x, y float64) float64 {
	cx, cy := s.toCode(x, y)
	column, row := int(math.Floor(cx)), int(math.Floor(cy))
	shade := 1.0
	if row >= 0 && row < len(s.matrix) && column >= 0 && column < len(s.matrix) && s.matrix[row][column] {
		shade = 0
	}
	if s.light != nil {
		shade = s.light(shade, x, y)
	}
	return shade
}

// flat places a scaled code, turned by an angle, in the center of a picture that it fills
// except for a border.
func flat(t testing.TB, text string, scale, degrees float64) scene {
	matrix := matrixOf(t, text)
	n := float64(len(matrix))
	side := int((n + 10) * scale * 1.45)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return scene{matrix: matrix, width: side, height: side, toCode: func(x, y float64) (float64, float64) {
		x, y = x-float64(side)/2, y-float64(side)/2
		return (x*cos+y*sin)/scale + n/2, (y*cos-x*sin)/scale + n/2
	}}
}

// slantedBy moves each corner of the code by a fraction of its side.
func slantedBy(s scene, share float64, seed uint64) scene {
	random := rand.New(rand.NewPCG(2, seed))
	n := float64(len(s.matrix))
	margin := float64(s.width) * 0.2
	side := float64(s.width) - 2*margin
	var marks []mark // from pixels to modules: the plane the other way around
	for _, corner := range []point{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		aside := point{random.Float64()*2 - 1, random.Float64()*2 - 1}.times(share * side)
		p := point{margin + corner.x*side, margin + corner.y*side}.add(aside)
		marks = append(marks, mark{p.x, p.y, corner.times(n), 1})
	}
	back, _ := through(marks, s.width)
	s.toCode = func(x, y float64) (float64, float64) { p := back.at(x, y); return p.x, p.y }
	return s
}

func reads(t *testing.T, g Gray, want ...string) {
	t.Helper()
	got := Texts(t.Context(), g)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

// F37
func TestACodeIsReadAtEveryAngle(t *testing.T) {
	text := message(480)
	for degrees := 0.0; degrees < 360; degrees += 11.25 {
		reads(t, flat(t, text, 4, degrees).seen(), text)
	}
}

func TestACodeOfEveryVersionIsReadAtASlant(t *testing.T) {
	for version := 1; version <= 40; version += 6 {
		text := message(max(10, version*version+version*20))
		for _, share := range []float64{0.05, 0.12} {
			reads(t, slantedBy(flat(t, text, 4, 0), share, uint64(version)).seen(), text)
		}
	}
}

func TestACodeOnABentSheetIsRead(t *testing.T) {
	text := message(800)
	s := flat(t, text, 4, 0)
	straight := s.toCode
	s.toCode = func(x, y float64) (float64, float64) {
		return straight(x, y+5*math.Sin(x/float64(s.width)*math.Pi*2)) // more than a module up and down
	}
	reads(t, s.seen(), text)
}

func TestACodeOnAFoldedSheetIsRead(t *testing.T) {
	for _, size := range []int{60, 480, 1200} {
		text := message(size)
		s := flat(t, text, 5, 0)
		straight, crease := s.toCode, float64(s.width)*0.45
		s.toCode = func(x, y float64) (float64, float64) {
			if x > crease {
				x, y = crease+(x-crease)/0.75, y+0.2*(x-crease)
			}
			return straight(x, y)
		}
		reads(t, s.seen(), text)
	}
}

func TestTwoCodesWithModulesOfDifferentSizeAreRead(t *testing.T) {
	texts := []string{message(100), message(101)}
	small, large := flat(t, texts[0], 3, 0).seen(), flat(t, texts[1], 10, 0).seen()
	page := blank(small.Width+large.Width, large.Height)
	for y := range page.Height {
		row := page.row(y)
		for x := range row {
			row[x] = 0xff
		}
		copy(row[small.Width:], large.row(y))
		if y < small.Height {
			copy(row, small.row(y))
		}
	}
	reads(t, page, texts...)
}

func TestACodeInUnevenLightIsRead(t *testing.T) {
	text := message(480)
	lights := map[string]func(s scene) func(shade, x, y float64) float64{
		"a shadow over one side": func(s scene) func(shade, x, y float64) float64 {
			return func(shade, x, y float64) float64 { return (0.1 + 0.9*shade) * (0.15 + 0.85*x/float64(s.width)) }
		},
		"a sharp shadow": func(s scene) func(shade, x, y float64) float64 {
			return func(shade, x, y float64) float64 {
				if x+y < float64(s.width) {
					shade *= 0.35
				}
				return shade
			}
		},
		"faint": func(scene) func(shade, x, y float64) float64 {
			return func(shade, x, y float64) float64 { return 0.5 + 0.1*shade }
		},
	}
	for name, light := range lights {
		t.Run(name, func(t *testing.T) {
			s := flat(t, text, 4, 7)
			s.light = light(s)
			reads(t, s.seen(), text)
		})
	}
}

// A worn printer leaves lines out.
func TestACodeWithLightLinesIsRead(t *testing.T) {
	text := message(480)
	for name, line := range map[string]func(x, y float64) float64{
		"down":   func(x, _ float64) float64 { return x },
		"across": func(_, y float64) float64 { return y },
	} {
		t.Run(name, func(t *testing.T) {
			s := flat(t, text, 4, 0)
			s.light = func(shade, x, y float64) float64 {
				if cx, cy := s.toCode(x, y); math.Mod(line(cx, cy)+400, 11) > 10.2 {
					return 1
				}
				return 0.5 + 0.4*shade
			}
			reads(t, s.seen(), text)
		})
	}
}

func TestABlurredCodeIsRead(t *testing.T) {
	text := message(480)
	g := flat(t, text, 6, 20).seen()
	for range 3 { // about as a bell curve of 3.5 pixels, six tenths of a module
		blurred := g.like()
		g.averages(t.Context(), 3, func(y int, sums, counts []uint32) {
			for x := range sums {
				blurred.row(y)[x] = byte(sums[x] / counts[x])
			}
		})
		g = blurred
	}
	reads(t, g, text)
}

// F37
func TestAnInvertedCodeIsRead(t *testing.T) {
	text := message(300)
	reads(t, flat(t, text, 4, 0).seen().inverted(t.Context()), text)
}

func TestACodeAndAnInvertedOneInOnePictureAreRead(t *testing.T) {
	dark, light := message(300), message(200)
	a, b := flat(t, dark, 4, 3).seen(), flat(t, light, 4, -3).seen().inverted(t.Context())
	both := blank(a.Width+b.Width, max(a.Height, b.Height))
	for y := range both.Height {
		if y < a.Height {
			copy(both.row(y), a.row(y))
		}
		if y < b.Height {
			copy(both.row(y)[a.Width:], b.row(y))
		}
	}
	reads(t, both, dark, light)
}

func TestAMirroredCodeIsRead(t *testing.T) {
	text := message(300)
	s := flat(t, text, 4, 0)
	straight := s.toCode
	s.toCode = func(x, y float64) (float64, float64) { return straight(float64(s.width)-x, y) }
	reads(t, s.seen(), text)
}

// F37
func TestACodeWithGrainsIsRead(t *testing.T) {
	text := message(480)
	random := rand.New(rand.NewPCG(5, 5))
	g := flat(t, text, 4, 12).seen()
	for i := range g.Pix {
		if random.IntN(12) == 0 {
			g.Pix[i] = byte(255 * random.IntN(2))
		}
	}
	reads(t, g, text)
}

func TestAllCodesOfOnePictureAreRead(t *testing.T) {
	var want []string
	page := Gray{make([]byte, 1400*2000), 1400, 2000}
	for i := range page.Pix {
		page.Pix[i] = 0xf0
	}
	for i := range 6 {
		text := message(460 + i)
		want = append(want, text)
		code := flat(t, text, 4, 0).seen()
		for y := range code.Height {
			copy(page.row(y + 20 + i/2*640)[40+i%2*680:], code.row(y))
		}
	}
	reads(t, page, want...)
}

func TestOneTextOnSeveralCodesIsOneText(t *testing.T) {
	text := message(100)
	code := flat(t, text, 4, 0).seen()
	page := Gray{slices.Concat(code.Pix, code.Pix), code.Width, 2 * code.Height}
	reads(t, page, text)
}

func TestReadingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := Texts(ctx, flat(t, message(100), 4, 0).seen()); len(got) != 0 {
		t.Errorf("read %q", got)
	}
}

func TestTransparentIsWhiteAndColorsAreGray(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(3, 4, 6, 5))
	picture.Set(4, 4, color.Black)
	picture.Set(5, 4, color.NRGBA{0, 0xff, 0, 0xff})
	if diff := cmp.Diff(Gray{[]byte{0xff, 0, 150}, 3, 1}, GrayOf(t.Context(), picture)); diff != "" {
		t.Error(diff)
	}
}

// No picture may make the reader panic.
func FuzzTexts(f *testing.F) {
	small := flat(f, "A", 2, 0).seen()
	f.Add(small.Pix, small.Width)
	f.Add([]byte{0}, 1)
	f.Fuzz(func(t *testing.T, pix []byte, width int) {
		if width < 1 || len(pix) > 1<<16 {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // Go's fuzzing ends a run of ten seconds
		defer cancel()
		height := len(pix) / width
		Texts(ctx, Gray{pix[:width*height], width, height})
	})
}
