package clipboard

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/bmp"
)

// kind is a kind of bitmap that some program puts into the clipboard.
type kind struct {
	header      int // bytes: 40 BITMAPINFOHEADER, 108 BITMAPV4HEADER, 124 BITMAPV5HEADER
	depth       int // bits a pixel
	compression int // 3 BI_BITFIELDS
	masks       [4]uint32
	again       bool // repeats the masks after a header that has them
	topDown     bool
	palette     int // colors
}

var (
	usual   = [4]uint32{0xff0000, 0xff00, 0xff, 0}
	opaque  = [4]uint32{0xff0000, 0xff00, 0xff, 0xff000000}
	swapped = [4]uint32{0xff, 0xff00, 0xff0000, 0}
	of565   = [4]uint32{0xf800, 0x7e0, 0x1f, 0}
)

// dib writes a picture in black and white. Its transparency is empty, as in most programs.
func (k kind) dib(white [][]bool) []byte {
	height, width := len(white), len(white[0])
	le := binary.LittleEndian
	b := le.AppendUint32(nil, uint32(k.header))
	b = le.AppendUint32(b, uint32(width))
	if k.topDown {
		b = le.AppendUint32(b, uint32(-int32(height)))
	} else {
		b = le.AppendUint32(b, uint32(height))
	}
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, uint16(k.depth))
	b = le.AppendUint32(b, uint32(k.compression))
	b = append(b, make([]byte, 12)...) // the size, which may be 0, and the resolution
	b = le.AppendUint32(b, uint32(k.palette))
	b = le.AppendUint32(b, 0)
	var masks []byte
	for _, mask := range k.masks {
		masks = le.AppendUint32(masks, mask)
	}
	if k.header > 40 {
		b = append(b, masks...)
		b = append(b, make([]byte, k.header-len(b))...)
	}
	if k.header == 40 && k.compression == 3 || k.again {
		b = append(b, masks[:12]...)
	}
	colors := k.palette
	if k.depth <= 8 && colors == 0 {
		colors = 1 << k.depth
	}
	for i := range colors { // the last is white
		shade := byte(i / max(colors-1, 1) * 255)
		b = append(b, shade, shade, shade, 0)
	}
	for y := range white {
		row := white[len(white)-1-y]
		if k.topDown {
			row = white[y]
		}
		line := make([]byte, (width*k.depth+31)/32*4)
		for x, is := range row {
			if !is {
				continue
			}
			switch all := k.masks[0] | k.masks[1] | k.masks[2]; {
			case k.depth < 8:
				line[x*k.depth/8] |= byte(colors-1) << (8 - k.depth - x*k.depth%8)
			case k.depth == 8:
				line[x] = byte(colors - 1)
			case k.depth == 24:
				copy(line[3*x:], "\xff\xff\xff")
			case all == 0 && k.depth == 16:
				le.PutUint16(line[2*x:], 0x7fff)
			case all == 0:
				le.PutUint32(line[4*x:], 0xffffff)
			case k.depth == 16:
				le.PutUint16(line[2*x:], uint16(all))
			default:
				le.PutUint32(line[4*x:], all)
			}
		}
		b = append(b, line...)
	}
	return append(b, 0, 0, 0, 0) // the system allocates memory in units
}

// F107
func TestABitmapOfWindowsClipboardIsReadWhateverItsHeader(t *testing.T) {
	white := [][]bool{
		{true, false, false, true, false, true, true},
		{false, true, true, true, false, false, true},
		{true, true, false, false, false, false, false},
	}
	var want []byte
	for _, row := range white {
		for _, is := range row {
			want = append(want, map[bool]byte{true: 255}[is])
		}
	}
	kinds := map[string]kind{
		"Print Screen":                      {header: 40, depth: 32, compression: 3, masks: usual},
		"32 bits":                           {header: 40, depth: 32},
		"32 bits from the top":              {header: 40, depth: 32, topDown: true},
		"masks from the top":                {header: 40, depth: 32, compression: 3, masks: usual, topDown: true},
		"masks of another order":            {header: 40, depth: 32, compression: 3, masks: swapped},
		"24 bits":                           {header: 40, depth: 24},
		"24 bits from the top":              {header: 40, depth: 24, topDown: true},
		"24 bits and a palette to go by":    {header: 40, depth: 24, palette: 4},
		"16 bits":                           {header: 40, depth: 16},
		"a remote desktop of 16 bits":       {header: 40, depth: 16, compression: 3, masks: of565},
		"version 4":                         {header: 108, depth: 32, compression: 3, masks: opaque},
		"version 4 without masks":           {header: 108, depth: 24},
		"version 5":                         {header: 124, depth: 32, compression: 3, masks: opaque},
		"version 5, no transparency":        {header: 124, depth: 32, compression: 3, masks: usual},
		"version 5, transparent throughout": {header: 124, depth: 32},
		"version 5 that Windows made":       {header: 124, depth: 32, compression: 3, masks: usual, again: true},
		"version 5 from the top":            {header: 124, depth: 32, compression: 3, masks: opaque, topDown: true},
		"256 colors":                        {header: 40, depth: 8},
		"3 of 256 colors":                   {header: 40, depth: 8, palette: 3},
		"16 colors":                         {header: 40, depth: 4},
		"black and white":                   {header: 40, depth: 1},
	}
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			picture, err := png.Decode(bytes.NewReader(fromBitmap(k.dib(white))))
			if err != nil {
				t.Fatal(err)
			}
			gray, ok := picture.(*image.Gray)
			if !ok || gray.Rect != image.Rect(0, 0, 7, 3) {
				t.Fatalf("%T of %v", picture, picture.Bounds())
			}
			if diff := cmp.Diff(want, gray.Pix); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNoBitmapIsNone(t *testing.T) {
	good := kind{header: 40, depth: 32, compression: 3, masks: usual}.dib([][]bool{{true, false}, {false, true}})
	for at := range len(good) - 4 {
		if got := fromBitmap(good[:at]); got != nil {
			t.Errorf("cut at %d it is %d bytes", at, len(got))
		}
	}
	for name, change := range map[string]struct {
		at    int
		value uint32
	}{
		"a header of another system": {0, 12}, "a header beyond the end": {0, 1 << 30}, "no width": {4, 0}, "a negative width": {4, 1<<32 - 2},
		"a huge width": {4, 1<<31 - 1}, "a huge height": {8, 1<<31 - 1}, "the least height": {8, 1 << 31}, "5 bits": {12, 5<<16 | 1},
		"compressed": {16, 1}, "a JPEG": {16, 4}, "many colors": {32, 1 << 30}, "negative colors": {32, 1<<32 - 1},
	} {
		bad := bytes.Clone(good)
		binary.LittleEndian.PutUint32(bad[change.at:], change.value)
		if got := fromBitmap(bad); got != nil {
			t.Errorf("%s: %d bytes", name, len(got))
		}
	}
}

func TestABitmapThatAnotherEncoderWroteIsReadTheSame(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(0, 0, 5, 4))
	for i := range picture.Pix {
		picture.Pix[i] = byte(i*37) | byte(i%4/3*255)
	}
	var file bytes.Buffer
	if err := bmp.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	got, err := bitmap(file.Bytes()[14:])
	if err != nil {
		t.Fatal(err)
	}
	for y := range 4 {
		for x := range 5 {
			c := picture.NRGBAAt(x, y)
			if want := luma(c.R, c.G, c.B); got.GrayAt(x, y).Y != want {
				t.Errorf("%d, %d is %d, want %d", x, y, got.GrayAt(x, y).Y, want)
			}
		}
	}
}
