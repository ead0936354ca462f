package carry

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"handback/app/apptest"
	"handback/app/fault"
)

// pictureOf returns a drawn code as a picture.
func pictureOf(t testing.TB, text string, scale int) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(pngOf(t, text, scale)))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func pngFile(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func jpegFile(t testing.TB, picture image.Image, quality int) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func gifFile(t testing.TB, frames ...image.Image) []byte {
	t.Helper()
	var all gif.GIF
	for _, frame := range frames {
		paletted := image.NewPaletted(frame.Bounds(), color.Palette{color.White, color.Black})
		draw.Draw(paletted, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
		all.Image, all.Delay = append(all.Image, paletted), append(all.Delay, 10)
	}
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, &all); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func pictureFile(t testing.TB, encode func(io.Writer, image.Image) error, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func asTIFF(compression tiff.CompressionType) func(io.Writer, image.Image) error {
	return func(w io.Writer, m image.Image) error {
		return tiff.Encode(w, m, &tiff.Options{Compression: compression})
	}
}

// webpFile has ImageMagick make a WebP picture, which no Go package of ours can.
func webpFile(t testing.TB, picture image.Image, options ...string) []byte {
	t.Helper()
	program, err := exec.LookPath("convert-im6.q16")
	if err != nil {
		t.Fatal("ImageMagick is missing: install Debian's package imagemagick (make need-test)")
	}
	command := exec.CommandContext(t.Context(), program, slices.Concat([]string{"png:-"}, options, []string{"webp:-"})...)
	command.Stdin = bytes.NewReader(pngFile(t, picture))
	file, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// placed puts a picture onto a larger white one.
func placed(picture image.Image, width, height int, at image.Point, ground color.Color) image.Image {
	whole := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.Draw(whole, whole.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	draw.Draw(whole, picture.Bounds().Add(at), picture, picture.Bounds().Min, draw.Src)
	return whole
}

// turned returns a picture turned by 90 degrees.
func turned(picture image.Image) image.Image {
	b := picture.Bounds()
	quarter := image.NewGray(image.Rect(0, 0, b.Dy(), b.Dx()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			quarter.Set(b.Dy()-1-y, x, picture.At(x, y))
		}
	}
	return quarter
}

func TestACodeIsReadFromEveryKindOfPicture(t *testing.T) {
	text := requestText(464)
	code := pictureOf(t, text, ModulePixels)
	b := code.Bounds()
	transparent := image.NewNRGBA(b)
	deep := image.NewNRGBA64(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			deep.Set(x, y, code.At(x, y))
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				transparent.Set(x, y, color.Black)
			}
		}
	}
	offset := image.NewPaletted(image.Rect(40, 30, 40+b.Dx(), 30+b.Dy()), color.Palette{color.White, color.Black})
	draw.Draw(offset, offset.Rect, code, image.Point{}, draw.Src)
	gray := color.Gray{Y: 0xb0}

	pictures := map[string][]byte{
		"PNG of two colors":           pngFile(t, code),
		"PNG of black on nothing":     pngFile(t, transparent),
		"PNG of 16 bits":              pngFile(t, deep),
		"PNG on a gray ground":        pngFile(t, placed(code, 900, 800, image.Pt(130, 70), gray)),
		"PNG turned":                  pngFile(t, turned(code)),
		"JPEG":                        jpegFile(t, code, 90),
		"JPEG of low quality":         jpegFile(t, code, 30),
		"JPEG of a gray picture":      jpegFile(t, turned(code), 80),
		"JPEG of 12 megapixels":       jpegFile(t, placed(pictureOf(t, text, 14), 4000, 3000, image.Pt(1200, 700), gray), 85),
		"a small code in 12 million":  jpegFile(t, placed(pictureOf(t, text, 4), 4000, 3000, image.Pt(1201, 703), gray), 95),
		"GIF":                         gifFile(t, code),
		"BMP":                         pictureFile(t, bmp.Encode, code),
		"TIFF":                        pictureFile(t, asTIFF(tiff.Uncompressed), code),
		"TIFF, packed":                pictureFile(t, asTIFF(tiff.Deflate), turned(code)),
		"TIFF of 16 bits":             pictureFile(t, asTIFF(tiff.Deflate), deep),
		"GIF, first frame off center": gifFile(t, offset),
		"animated GIF, first frame":   gifFile(t, code, image.NewGray(b), image.NewGray(b)),
	}
	for name, data := range pictures {
		t.Run(name, func(t *testing.T) {
			if got, err := Read(t.Context(), data); err != nil || !cmp.Equal(got, []Piece{{Text: text}}) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestACodeIsReadFromWebP(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("ImageMagick makes the pictures on Linux; the decoder is the same")
	}
	text := requestText(464)
	code := pictureOf(t, text, ModulePixels)
	transparent := image.NewNRGBA(code.Bounds())
	draw.DrawMask(transparent, code.Bounds(), image.Black, image.Point{}, inkOf(code), image.Point{}, draw.Src)
	pictures := map[string][]byte{
		"with loss":         webpFile(t, code, "-quality", "80"),
		"without loss":      webpFile(t, code, "-define", "webp:lossless=true"),
		"with transparency": webpFile(t, transparent),
	}
	for name, data := range pictures {
		t.Run(name, func(t *testing.T) {
			if got, err := ReadPicture(t.Context(), data); err != nil || len(got) != 1 || got[0] != text {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// inkOf returns a mask that covers what is dark.
func inkOf(picture image.Image) *image.Alpha {
	ink := image.NewAlpha(picture.Bounds())
	for i := range ink.Pix {
		if r, _, _, _ := picture.At(i%ink.Stride, i/ink.Stride).RGBA(); r == 0 {
			ink.Pix[i] = 0xff
		}
	}
	return ink
}

func TestLargeFaintAndMisleadingCodesAreRead(t *testing.T) {
	text := requestText(464)
	faint := image.NewGray(pictureOf(t, text, ModulePixels).Bounds())
	draw.Draw(faint, faint.Rect, turned(pictureOf(t, text, ModulePixels)), image.Point{}, draw.Src)
	for i, shade := range faint.Pix {
		faint.Pix[i] = max(shade, 150)
	}
	noise := rand.New(rand.NewPCG(1, 1))
	noisy := image.NewGray(pictureOf(t, text, 24).Bounds())
	draw.Draw(noisy, noisy.Rect, pictureOf(t, text, 24), image.Point{}, draw.Src)
	for i, shade := range noisy.Pix {
		noisy.Pix[i] = uint8(min(255, max(0, 128+0.9*(float64(shade)-128)+40*noise.NormFloat64())))
	}
	fourth := byteText(32) // its modules hold what looks like a fourth corner

	pictures := []struct {
		name string
		data []byte
		text string
	}{
		{"large and noisy", pngFile(t, noisy), text},
		{"faint and turned", pngFile(t, faint), text},
		{"with what looks like a fourth corner", pngOf(t, fourth, ModulePixels), fourth},
	}
	for _, p := range pictures {
		t.Run(p.name, func(t *testing.T) {
			if got, err := ReadPicture(t.Context(), p.data); err != nil || len(got) != 1 || got[0] != p.text {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestOnlyTheFirstFrameOfAnAnimationCounts(t *testing.T) {
	code := pictureOf(t, requestText(464), ModulePixels)
	_, err := ReadPicture(t.Context(), gifFile(t, image.NewGray(code.Bounds()), code))
	if !errors.Is(err, ErrNoCode) {
		t.Error(err)
	}
}

// chunk returns a chunk of a PNG with its length and checksum.
func chunk(kind string, data []byte) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	c = append(append(c, kind...), data...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}

// pngClaiming returns a PNG whose header has a size that its data do not have.
func pngClaiming(width, height uint32, depth, colorType, interlace byte, data int) []byte {
	header := binary.BigEndian.AppendUint32(nil, width)
	header = binary.BigEndian.AppendUint32(header, height)
	header = append(header, depth, colorType, 0, 0, interlace)
	file := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", header)...)
	return append(append(file, chunk("IDAT", make([]byte, data))...), chunk("IEND", nil)...)
}

// jpegClaiming rewrites the size in a JPEG's frame header, and its marker.
func jpegClaiming(t testing.TB, file []byte, marker byte, width, height uint16, fill int) []byte {
	t.Helper()
	file = append(bytes.Clone(file), make([]byte, fill)...)
	at := bytes.Index(file, []byte{0xff, 0xc0})
	if at < 0 {
		t.Fatal("no frame header")
	}
	file[at+1] = marker
	binary.BigEndian.PutUint16(file[at+5:], height)
	binary.BigEndian.PutUint16(file[at+7:], width)
	return file
}

// allocated returns the bytes of memory that work allocated in all.
func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func gifClaiming(file []byte, width, height uint16) []byte {
	file = bytes.Clone(file)
	binary.LittleEndian.PutUint16(file[6:], width)
	binary.LittleEndian.PutUint16(file[8:], height)
	return file
}

func bmpClaiming(file []byte, width, height uint32) []byte {
	file = bytes.Clone(file)
	binary.LittleEndian.PutUint32(file[18:], width)
	binary.LittleEndian.PutUint32(file[22:], height)
	return file
}

// tiffField returns a field of a TIFF's directory, of 12 bytes.
func tiffField(file []byte, tag uint16) []byte {
	directory := file[binary.LittleEndian.Uint32(file[4:]):]
	for field := range slices.Chunk(directory[2:], 12) {
		if binary.LittleEndian.Uint16(field) == tag {
			return field
		}
	}
	return nil
}

// tiffClaiming sets fields of a TIFF, given by tag and value.
func tiffClaiming(file []byte, pairs ...uint32) []byte {
	file = bytes.Clone(file)
	for pair := range slices.Chunk(pairs, 2) {
		field := tiffField(file, uint16(pair[0]))
		binary.LittleEndian.PutUint16(field[2:], 4)
		binary.LittleEndian.PutUint32(field[8:], pair[1])
	}
	return file
}

// tiffValues sets the number of a field's values.
func tiffValues(file []byte, tag uint16, count uint32) []byte {
	file = bytes.Clone(file)
	binary.LittleEndian.PutUint32(tiffField(file, tag)[4:], count)
	return file
}

// webpClaiming is a WebP whose extended header has another size than its picture.
func webpClaiming(width, height uint16) []byte {
	header := append([]byte("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00"), 99, 0, 0, 99, 0, 0)
	frame := []byte("VP8 \x0a\x00\x00\x00\x10\x00\x00\x9d\x01\x2a")
	frame = binary.LittleEndian.AppendUint16(frame, width)
	frame = binary.LittleEndian.AppendUint16(frame, height)
	return riff(append(header, frame...))
}

func webpLosslessClaiming(width, height uint32) []byte {
	frame := []byte("VP8L\x06\x00\x00\x00\x2f")
	frame = binary.LittleEndian.AppendUint32(frame, width-1|(height-1)<<14)
	return riff(append(frame, 0))
}

func riff(chunks []byte) []byte {
	file := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+len(chunks)))
	return append(append(file, "WEBP"...), chunks...)
}

// F38: a picture that would fill the memory is refused by its header.
func TestAPictureBombIsRefusedBeforeDecoding(t *testing.T) {
	small := pictureOf(t, "abc", minModulePixels)
	jpegSmall := jpegFile(t, small, 50)
	packed := pictureFile(t, asTIFF(tiff.Deflate), small)
	bombs := map[string]struct {
		data []byte
		key  string
	}{
		"PNG of 3.4 GiB":              {pngClaiming(30_000, 30_000, 8, 6, 0, 10), "carry.picture_pixels"},
		"PNG of the largest size":     {pngClaiming(1<<31-1, 1<<31-1, 8, 6, 0, 10), "carry.picture_damaged"},
		"PNG of one pixel too many":   {pngClaiming(maxPixels+1, 1, 1, 0, 0, 1<<20), "carry.picture_pixels"},
		"PNG of 16 bits":              {pngClaiming(6000, 5000, 16, 6, 0, 1<<20), "carry.picture_pixels"},
		"PNG in passes":               {pngClaiming(6000, 5000, 8, 6, 1, 1<<20), "carry.picture_pixels"},
		"PNG of too few bytes":        {pngClaiming(6500, 6500, 8, 6, 0, 100_000), "carry.picture_damaged"},
		"JPEG of 4 gigapixels":        {jpegClaiming(t, jpegSmall, 0xc0, 65535, 65535, 0), "carry.picture_pixels"},
		"JPEG in gray, too large":     {jpegClaiming(t, jpegFile(t, turned(small), 50), 0xc0, 8000, 7000, 0), "carry.picture_pixels"},
		"JPEG in many scans":          {jpegClaiming(t, jpegSmall, 0xc2, 5000, 4000, 1<<20), "carry.picture_pixels"},
		"JPEG of too few bytes":       {jpegClaiming(t, jpegSmall, 0xc0, 7000, 7000, 0), "carry.picture_damaged"},
		"GIF of 4 gigapixels":         {gifClaiming(gifFile(t, small), 65535, 65535), "carry.picture_pixels"},
		"GIF of too few bytes":        {gifClaiming(gifFile(t, small), 7000, 7000), "carry.picture_damaged"},
		"BMP of 4 gigapixels":         {bmpClaiming(pictureFile(t, bmp.Encode, small), 65535, 65535), "carry.picture_pixels"},
		"BMP of too few bytes":        {bmpClaiming(pictureFile(t, bmp.Encode, small), 5000, 5000), "carry.picture_damaged"},
		"TIFF of 4 gigapixels":        {tiffClaiming(packed, 256, 65535, 257, 65535), "carry.picture_pixels"},
		"TIFF in one endless strip":   {tiffClaiming(packed, 278, 1<<32-1), "carry.picture_pixels"},
		"TIFF with endless values":    {tiffValues(packed, 273, 1<<24), "carry.picture_damaged"},
		"TIFF in 2 tiles for a field": {tiffValues(packed, 278, 2), "carry.picture_damaged"},
		"WebP of another size":        {webpClaiming(16383, 16383), "carry.picture_damaged"},
		"WebP without loss, large":    {webpLosslessClaiming(4000, 4000), "carry.picture_pixels"},
		"a file of 20 MiB and a byte": {append(pngFile(t, small), make([]byte, MaxPictureBytes)...), "carry.picture_bytes"},
	}
	for name, b := range bombs {
		t.Run(name, func(t *testing.T) {
			var err error
			memory := allocated(func() { _, err = ReadPicture(t.Context(), b.data) })
			if apptest.Key(err) != b.key {
				t.Errorf("got %v, want %s", err, b.key)
			}
			if memory > 1<<20 {
				t.Errorf("it took %d bytes of memory", memory)
			}
		})
	}
}

func TestADamagedPictureSaysSo(t *testing.T) {
	code := pictureOf(t, requestText(464), ModulePixels)
	files := map[string][]byte{"PNG": pngFile(t, code), "JPEG": jpegFile(t, code, 90), "GIF": gifFile(t, code)}
	for name, file := range files {
		for _, cut := range []int{len(formats[0].start), 20, 40, len(file) / 4, len(file) / 2} {
			_, err := ReadPicture(t.Context(), file[:cut])
			if apptest.Key(err) != "carry.picture_damaged" {
				t.Errorf("%s cut at %d: %v", name, cut, err)
			}
		}
	}
}

func TestAPictureWithoutACodeSaysSo(t *testing.T) {
	white := image.NewGray(image.Rect(0, 0, 300, 200))
	draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
	tiny := image.NewGray(image.Rect(0, 0, 1, 1))
	for name, picture := range map[string]image.Image{"white": white, "black": image.NewGray(white.Rect), "tiny": tiny} {
		if _, err := ReadPicture(t.Context(), pngFile(t, picture)); !errors.Is(err, ErrNoCode) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// corners is a picture full of what looks like the corners of codes, with so many
// pixels from one to the next, and of so many sizes.
func corners(side, pitch, sizes int) image.Image {
	corner := []string{"#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"}
	picture := image.NewGray(image.Rect(0, 0, side, side))
	draw.Draw(picture, picture.Rect, image.White, image.Point{}, draw.Src)
	for y := range side {
		for x := range side {
			module := 2 + (x/pitch+y/pitch)%sizes
			row, column := y%pitch/module, x%pitch/module
			if row < len(corner) && column < len(corner) && corner[row][column] == '#' {
				picture.SetGray(x, y, color.Gray{})
			}
		}
	}
	return picture
}

// F77: trying all threes of so many corners would take hours, and comparing each
// with all others minutes.
func TestAPictureFullOfCornersEndsWithItsContext(t *testing.T) {
	for name, picture := range map[string]image.Image{
		"of three sizes, else three are enough": corners(3600, 36, 3),
		"as many as there can be":               corners(3990, 16, 1),
	} {
		t.Run(name, func(t *testing.T) {
			file := pngFile(t, picture)
			for _, after := range []time.Duration{300 * time.Millisecond, 1500 * time.Millisecond} {
				ctx, cancel := context.WithTimeout(t.Context(), after)
				defer cancel()
				if _, err := ReadPicture(ctx, file); len(pictureSlot) > 0 {
					t.Fatalf("after %v the reader goes on: %v", after, err)
				}
			}
		})
	}
}

func TestWhatIsNoPictureIsNamed(t *testing.T) {
	no := map[string]string{
		"":                                 "carry.empty",
		carried:                            "carry.no_picture",
		"%PDF-1.7":                         "carry.pdf",
		"\x00\x00\x00\x18ftypheic\x00":     "carry.heic",
		"GIF90a":                           "carry.no_picture",
		"\x89PNG\n\n":                      "carry.picture",
		strings.Repeat("x", 1+10*1<<20):    "carry.no_picture",
		"RIFF\x24\x01\x00\x00WEBPVP8 \x00": "carry.picture_damaged",
	}
	for given, key := range no {
		_, err := ReadPicture(t.Context(), []byte(given))
		if apptest.Key(err) != key {
			t.Errorf("%.20q: %v", given, err)
		}
	}
}

// readsOn checks that the next picture is read.
func readsOn(t *testing.T) {
	t.Helper()
	text := requestText(60)
	if got, err := ReadPicture(t.Context(), pngOf(t, text, ModulePixels)); err != nil || len(got) != 1 || got[0] != text {
		t.Errorf("the next picture: %q, %v", got, err)
	}
}

// F39
func TestAPanicOfTheReaderIsAFaultAndTheNextPictureReads(t *testing.T) {
	_, err := withinTime(t.Context(), func(context.Context) ([]string, error) { panic("index out of range") })
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Key != "carry.reader_failed" || !strings.Contains(f.Error(), "index out of range") {
		t.Error(err)
	}
	readsOn(t)
}

// F39: a reader that does not end holds memory, so nothing else is read meanwhile.
func TestAReaderThatHangsEndsAtTheDeadlineAndTheNextPictureReadsOnceItIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		usual := pictureSlot
		pictureSlot = make(chan struct{}, 1) // a channel of this bubble, or its clock would stand still
		defer func() { pictureSlot = usual }()
		release := make(chan struct{})
		_, err := withinTime(t.Context(), func(context.Context) ([]string, error) { <-release; return []string{"late"}, nil })
		if !errors.Is(err, ErrSlow) {
			t.Error(err)
		}
		_, err = withinTime(t.Context(), func(context.Context) ([]string, error) { t.Error("read beside it"); return nil, nil })
		if !errors.Is(err, ErrNoTime) {
			t.Error(err)
		}
		close(release)
		readsOn(t)
	})
}

// slowly finds nothing until its context ends.
func slowly(ctx context.Context) ([]string, error) {
	<-ctx.Done()
	_, err := contextReader{ctx, strings.NewReader("more")}.Read(make([]byte, 1))
	return nil, damaged(err)
}

// F81
func TestAPictureIsGivenUpAfterTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		if _, err := withinTime(t.Context(), slowly); !errors.Is(err, ErrSlow) {
			t.Error(err)
		}
		if took := time.Since(begun); took != 10*time.Second {
			t.Errorf("after %v", took)
		}
	})
}

// F77
func TestThePicturesOfOneCallHaveTenSecondsTogetherAndEachItsShare(t *testing.T) {
	took := func(time time.Duration, texts ...string) func(context.Context) ([]string, error) {
		return func(ctx context.Context) ([]string, error) { return texts, wait(ctx, time) }
	}
	hour := time.Hour
	rows := []struct {
		name     string
		pictures []func(context.Context) ([]string, error)
		read     int // of them
		total    time.Duration
	}{
		{"eight hostile ones", slices.Repeat([]func(context.Context) ([]string, error){slowly}, 8), 0, 10 * time.Second},
		{"a hundred hostile ones", slices.Repeat([]func(context.Context) ([]string, error){slowly}, 100), 0, 10 * time.Second},
		{"a good one behind seven", append(slices.Repeat([]func(context.Context) ([]string, error){slowly}, 7), took(0, "text")), 1, 8750 * time.Millisecond},
		{"a hundred good ones", slices.Repeat([]func(context.Context) ([]string, error){took(quick, "text")}, 100), 100, 50 * time.Second},
		{"good ones that take their time", slices.Repeat([]func(context.Context) ([]string, error){took(time.Second, "text")}, 100), 10, 10 * time.Second},
		{"a hard one before many", []func(context.Context) ([]string, error){took(4*time.Second, "text"), took(0, "text")}, 2, 4 * time.Second},
		{"one that goes on after its code", []func(context.Context) ([]string, error){took(hour, "text")}, 1, 10 * time.Second},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun, read, budget := time.Now(), 0, NewBudget()
				for i, picture := range row.pictures {
					texts, err := withinTime(budget.Share(t.Context(), len(row.pictures)-i), picture)
					read += len(texts)
					if err != nil && !errors.Is(err, ErrNoTime) && !errors.Is(err, ErrUnfinished) {
						t.Error(err)
					}
				}
				if took := time.Since(begun); read != row.read || took != row.total {
					t.Errorf("%d read in %v, want %d in %v", read, took, row.read, row.total)
				}
			})
		})
	}
}

// wait takes some time, or ends with its context and returns what it has.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
	return nil
}

func TestAFaultAfterTheCallerStoppedIsNoFaultOfThePicture(t *testing.T) {
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := withinTime(ctx, func(context.Context) ([]string, error) { cancel(); return nil, damaged(context.Canceled) })
		if !errors.Is(err, ErrStopped) {
			t.Fatal(err)
		}
	}
}

func TestACancelledReadIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		_, err := ReadPicture(ctx, pngOf(t, "abcd", ModulePixels))
		if !errors.Is(err, ErrStopped) || !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	readsOn(t)
}

func TestAPictureWaitsForTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		reading := make(chan struct{})
		ended := make(chan struct{})
		go func() {
			_, _ = withinTime(t.Context(), func(context.Context) ([]string, error) { close(reading); <-ended; return nil, nil })
		}()
		<-reading
		cancel()
		if _, err := withinTime(ctx, func(context.Context) ([]string, error) { t.Error("read at once"); return nil, nil }); !errors.Is(err, ErrStopped) {
			t.Error(err)
		}
		close(ended)
		synctest.Wait()
	})
}
