package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/request"
	"handback/web"
)

// Visitors and the desk's people in Chromium: make browser. Its camera is a film of a code
// that moves and turns before noise.
func TestChromiumGoesEveryWayToReleased(t *testing.T) {
	folder := os.Getenv("HANDBACK_BROWSER")
	if folder == "" {
		t.Skip("make browser makes these trips, and puts pictures of every page into build/browser")
	}
	s := newSite(t, func(o *web.Options) { o.PerAddress = 10_000 })
	n := 0
	next := func() *request.Request {
		n++
		return s.make(func(d *request.Draft) { d.LicenseKey = fmt.Sprintf("GPYC-X5J2-L5SK-B%03d", n) })
	}
	code := func(r *request.Request, form carry.CodeForm) *carry.Code {
		codes, err := s.desk.App().NewOutgoing(r).Codes(carry.Drawing{Form: form})
		if err != nil || len(codes) != 1 {
			t.Fatalf("%d codes: %v", len(codes), err)
		}
		return codes[0]
	}
	picture := func(r *request.Request) string {
		data, err := code(r, carry.CompactCode).PNG(6)
		if err != nil {
			t.Fatal(err)
		}
		return apptest.File(t, "code.png", data)
	}
	lines, err := carry.Lines(next().Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	filmed := code(next(), carry.CompactCode)
	given := map[string]any{
		"url": s.url, "chromium": apptest.Tool(t, "chromium", "chromium"), "folder": folder, "password": everybodys,
		"film": film(t, filmed), "picture": picture(next()), "picture2": picture(next()), "empty": empty(t),
		"link": code(next(), carry.CompactCode).Text, "pasted": next().Encode(), "lines": strings.Join(lines, "\n"), "unsigned": s.unsigned("GPYC-X5J2-L5SK-C3LU").Encode(),
	}
	text, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), apptest.Tool(t, "node", "nodejs"), filepath.Join(folder, "trips.mjs"))
	cmd.Stdin = bytes.NewReader(text)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

const filmWidth, filmHeight = 1280, 720

// film returns the file of a film in which a code moves and turns before noise, as Chromium
// takes it for a camera: JPEG pictures one after another.
func film(t *testing.T, code *carry.Code) string {
	t.Helper()
	data, err := code.PNG(8)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	var all bytes.Buffer
	for frame := range 30 {
		picture := image.NewRGBA(image.Rect(0, 0, filmWidth, filmHeight))
		for y := range filmHeight {
			for x := range filmWidth {
				shade := uint8(90 + dice.IntN(70) + (x*y/997)%50)
				picture.SetRGBA(x, y, color.RGBA{shade, shade, shade - 20, 255})
			}
		}
		scale := 430 / float64(drawn.Bounds().Dx())
		turned := float64(frame%12-6) / 60
		move := f64.Aff3{scale, -turned * scale, 400 + float64(frame*17%160), turned * scale, scale, 90 + float64(frame*11%120)}
		xdraw.BiLinear.Transform(picture, move, drawn, drawn.Bounds(), draw.Over, nil)
		if err := jpeg.Encode(&all, picture, &jpeg.Options{Quality: 80}); err != nil {
			t.Fatal(err)
		}
	}
	return apptest.File(t, "film.mjpeg", all.Bytes())
}

// empty returns the file of a photograph without a code.
func empty(t *testing.T) string {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 800, 600))
	for i := range picture.Pix {
		picture.Pix[i] = byte(i / 7)
	}
	var data bytes.Buffer
	if err := jpeg.Encode(&data, picture, nil); err != nil {
		t.Fatal(err)
	}
	return apptest.File(t, "empty.jpg", data.Bytes())
}
