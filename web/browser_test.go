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
	"regexp"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"handback/app"
	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/words"
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
	drawn := func(code *carry.Code, err error) image.Image {
		if err != nil {
			t.Fatal(err)
		}
		data, err := code.PNG(8)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return picture
	}
	filmed := drawn(code(next(), carry.CompactCode), nil)
	large := s.make(func(d *request.Draft) {
		d.LicenseKey = "GPYC-X5J2-L5SK-C3LP"
		var variables []request.Variable
		dice := rand.New(rand.NewPCG(3, 4))
		for i := range 8 {
			variables = append(variables, request.Variable{Name: fmt.Sprintf("variable-%d", i), Value: fmt.Sprintf("%016x", dice.Uint64())})
		}
		d.Optional = append(d.Optional, request.Variables(variables))
	})
	parts, err := s.desk.App().NewOutgoing(large).Codes(carry.Drawing{Form: carry.CompactCode, Density: carry.LowDensity})
	if err != nil || len(parts) != 2 {
		t.Fatalf("%d parts: %v", len(parts), err)
	}
	returned := next()
	given := map[string]any{
		"url": s.url, "chromium": apptest.Tool(t, "chromium", "chromium"), "folder": folder, "password": everybodys,
		"film":  film(t, []image.Image{filmed}),
		"first": parts[0].Text, "parts": film(t, []image.Image{drawn(parts[0], nil)}, []image.Image{drawn(parts[1], nil)}),
		"several": film(t, []image.Image{drawn(code(next(), carry.CompactCode), nil), drawn(code(next(), carry.CompactCode), nil)}),
		"foreign": film(t, []image.Image{drawn(carry.NewCode("https://menu.example/today"))}, []image.Image{drawn(code(next(), carry.CompactCode), nil)}),
		"beside":  film(t, []image.Image{drawn(code(next(), carry.CompactCode), nil), drawn(carry.NewCode("https://menu.example/tomorrow"))}),
		"picture": picture(next()), "picture2": picture(next()), "empty": empty(t),
		"link": code(next(), carry.CompactCode).Text, "pasted": returned.Encode(), "lines": strings.Join(lines, "\n"), "unsigned": s.unsigned("GPYC-X5J2-L5SK-C3LU").Encode(),
		"late": s.unsigned("GPYC-X5J2-L5SK-C3LW").Encode(),
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
	if made, _ := regexp.MatchString(os.Getenv("HANDBACK_TRIPS"), "pasted text"); made {
		s.takeReceiptsBack(returned, folder)
	}
}

// takeReceiptsBack takes what a visitor carries from the page back to the offline computer.
func (s *site) takeReceiptsBack(r *request.Request, folder string) {
	s.t.Helper()
	zbar := exec.CommandContext(s.t.Context(), apptest.Tool(s.t, "zbarimg", "zbar-tools"), "--raw", "-q", filepath.Join(folder, "receipt.png"))
	scanned, err := zbar.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	for name, input := range map[string]app.Input{
		"the file": {Name: filepath.Join(folder, "receipt.txt")}, "the lines": {Name: filepath.Join(folder, "receipt-lines.txt")},
		"the code": {Name: filepath.Join(folder, "receipt.png")}, "the code, by another reader": {Name: "scanned", Data: scanned},
	} {
		offline, err := app.New(s.t.TempDir(), profile.Practice(), words.English(), nil)
		if err != nil {
			s.t.Fatal(err)
		}
		if err := offline.Journal.Note(r, false, journal.Event{What: request.Created}); err != nil {
			s.t.Fatal(err)
		}
		record, err := offline.ApplyReceipt(offline.Inspect(s.t.Context(), []app.Input{input})[0])
		if err != nil || record.State() != request.Released {
			s.t.Errorf("%s: %s, %v", name, record.State(), err)
		}
	}
}

const (
	filmWidth, filmHeight = 1280, 720
	sceneFrames           = 40
)

// film returns the file of a film of scenes, in which codes move and turn before noise, as Chromium takes it for a camera: JPEG pictures one after another.
func film(t *testing.T, scenes ...[]image.Image) string {
	t.Helper()
	dice := rand.New(rand.NewPCG(1, 2))
	var all bytes.Buffer
	for _, codes := range scenes {
		for frame := range sceneFrames {
			picture := image.NewRGBA(image.Rect(0, 0, filmWidth, filmHeight))
			for y := range filmHeight {
				for x := range filmWidth {
					shade := uint8(90 + dice.IntN(70) + (x*y/997)%50)
					picture.SetRGBA(x, y, color.RGBA{shade, shade, shade - 20, 255})
				}
			}
			for i, drawn := range codes {
				scale := 430 / float64(drawn.Bounds().Dx())
				turned := float64(frame%12-6) / 60
				left := 400 + (2*i-len(codes)+1)*330
				move := f64.Aff3{scale, -turned * scale, float64(left + frame*17%160), turned * scale, scale, float64(90 + frame*11%120)}
				xdraw.BiLinear.Transform(picture, move, drawn, drawn.Bounds(), draw.Over, nil)
			}
			if err := jpeg.Encode(&all, picture, &jpeg.Options{Quality: 80}); err != nil {
				t.Fatal(err)
			}
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
