package carry

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/words"
)

// byteRoom is the number of characters per version in byte mode (ISO/IEC
// 18004, table 7), at level L and at level M.
var byteRoom = [maxVersion + 1]struct{ L, M int }{
	1: {17, 14}, 2: {32, 26}, 3: {53, 42}, 4: {78, 62}, 5: {106, 84},
	6: {134, 106}, 7: {154, 122}, 8: {192, 152}, 9: {230, 180}, 10: {271, 213},
	11: {321, 251}, 12: {367, 287}, 13: {425, 331}, 14: {458, 362}, 15: {520, 412},
	16: {586, 450}, 17: {644, 504}, 18: {718, 560}, 19: {792, 624}, 20: {858, 666},
}

// byteText returns lower-case letters, which need byte mode.
func byteText(characters int) string {
	letters := rand.New(rand.NewPCG(1, uint64(characters)))
	text := make([]byte, characters)
	for i := range text {
		text[i] = byte('a' + letters.IntN(26))
	}
	return string(text)
}

// requestText returns a carried text of the given number of characters, a multiple of
// four.
func requestText(characters int) string {
	letters := rand.New(rand.NewPCG(2, uint64(characters)))
	content := []byte(`{"request":"deactivation","hardware_id":"`)
	for len(content) < characters/4*3-2 {
		content = append(content, "0123456789abcdef"[letters.IntN(16)])
	}
	return base64.StdEncoding.EncodeToString(append(content[:characters/4*3-2], `"}`...))
}

func drawn(t testing.TB, text string) *Code {
	t.Helper()
	code, err := NewCode(text)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func pngOf(t testing.TB, text string, scale int) []byte {
	t.Helper()
	file, err := drawn(t, text).PNG(scale)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// modules returns the code's modules, row by row, without the quiet zone.
func modules(c *Code) []string {
	return rows(c.Modules, func(x, y int) bool { return c.Dark(x, y) })
}

func rows(size int, dark func(x, y int) bool) []string {
	lines := make([]string, size)
	for y := range size {
		var line strings.Builder
		for x := range size {
			line.WriteByte(map[bool]byte{true: '#', false: '.'}[dark(x, y)])
		}
		lines[y] = line.String()
	}
	return lines
}

// framed puts a quiet zone around rows of modules.
func framed(lines []string) []string {
	size := len(lines) + 2*QuietZone
	return rows(size, func(x, y int) bool {
		x, y = x-QuietZone, y-QuietZone
		return x >= 0 && y >= 0 && x < len(lines) && y < len(lines) && lines[y][x] == '#'
	})
}

func TestTheSmallestVersionAtLIsTakenAndMOnlyWhereItIsFree(t *testing.T) {
	type choice struct {
		Version, Modules int
		Level            string
	}
	for version := 1; version <= maxVersion; version++ {
		modules := 17 + 4*version
		room, before := byteRoom[version], byteRoom[version-1]
		want := map[int]choice{
			before.L + 1: {version, modules, map[bool]string{true: "M", false: "L"}[before.L+1 <= room.M]},
			room.M:       {version, modules, "M"},
			room.M + 1:   {version, modules, "L"},
			room.L:       {version, modules, "L"},
		}
		if room.M <= before.L { // M would need a larger version throughout
			delete(want, room.M)
			delete(want, room.M+1)
		}
		for characters, want := range want {
			c := drawn(t, byteText(characters))
			if diff := cmp.Diff(want, choice{c.Version, c.Modules, c.Level}); diff != "" {
				t.Errorf("%d characters: %s", characters, diff)
			}
		}
	}
}

func TestAPlainRequestIsVersion15AtL(t *testing.T) {
	for _, characters := range []int{464, 492} {
		if c := drawn(t, requestText(characters)); c.Version != 15 || c.Level != "L" {
			t.Errorf("%d characters: version %d at %s", characters, c.Version, c.Level)
		}
	}
}

func TestATextOverVersion20IsTooLongAndSaysHowLong(t *testing.T) {
	drawn(t, byteText(858))
	for _, characters := range []int{859, 2953, 2954, 100_000} {
		_, err := NewCode(byteText(characters))
		if !errors.Is(err, ErrTooLong) || fault.KindOf(err) != fault.Input {
			t.Errorf("%d characters: %v", characters, err)
			continue
		}
		want := words.English().Text("carry.too_long", "characters", characters)
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}

func TestAnEmptyTextIsNotDrawn(t *testing.T) {
	if _, err := NewCode(""); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
}

func TestEveryVersionReadsBackFromItsPNG(t *testing.T) {
	for version := 1; version <= maxVersion; version++ {
		for _, characters := range []int{byteRoom[version].L, byteRoom[version].L - 1} {
			for _, scale := range []int{minModulePixels, ModulePixels} {
				text := byteText(characters)
				got, err := ReadPicture(t.Context(), pngOf(t, text, scale))
				if err != nil || len(got) != 1 || got[0] != text {
					t.Errorf("version %d, %d characters at %d pixels: %q, %v", version, characters, scale, got, err)
				}
			}
		}
	}
}

func TestEveryLengthOfRequestReadsBackFromItsPNG(t *testing.T) {
	for characters := 60; characters <= 856; characters += 28 {
		text := requestText(characters)
		got, err := Read(context.Background(), pngOf(t, text, ModulePixels))
		if err != nil || !cmp.Equal(got, []Piece{{Text: text}}) {
			t.Errorf("%d characters: %q, %v", characters, got, err)
		}
	}
}

func TestThePNGHasWholeModulesAndAQuietZone(t *testing.T) {
	code := drawn(t, requestText(60))
	for _, scale := range []int{minModulePixels, ModulePixels, 7} {
		file, err := code.PNG(scale)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		side := (code.Modules + 2*QuietZone) * scale
		if picture.Bounds() != image.Rect(0, 0, side, side) {
			t.Fatalf("scale %d: %v", scale, picture.Bounds())
		}
		want := framed(modules(code))
		for y := range side {
			for x := range side {
				r, g, b, a := picture.At(x, y).RGBA()
				shade := uint32(0xffff)
				if want[y/scale][x/scale] == '#' {
					shade = 0
				}
				if r != shade || g != shade || b != shade || a != 0xffff {
					t.Fatalf("scale %d: pixel %d,%d is %v", scale, x, y, picture.At(x, y))
				}
			}
		}
	}
}

func TestOneTextAlwaysGivesTheSameBytes(t *testing.T) {
	text := requestText(464)
	if !bytes.Equal(pngOf(t, text, ModulePixels), pngOf(t, text, ModulePixels)) {
		t.Error("two PNG files differ")
	}
	once, again := drawn(t, text), drawn(t, text)
	if !bytes.Equal(once.SVG(), again.SVG()) || once.Terminal() != again.Terminal() {
		t.Error("two drawings differ")
	}
}

func TestAScaleOutOfRangeIsRefused(t *testing.T) {
	for _, scale := range []int{-1, 0, 3, 65} {
		if _, err := drawn(t, "abc").PNG(scale); fault.KindOf(err) != fault.Usage {
			t.Errorf("%d: %v", scale, err)
		}
	}
}

func TestOutsideOfTheCodeIsLight(t *testing.T) {
	code := drawn(t, "abc")
	for _, at := range [][2]int{{-1, 0}, {0, -1}, {code.Modules, 0}, {0, code.Modules}} {
		if code.Dark(at[0], at[1]) {
			t.Errorf("%v is dark", at)
		}
	}
}

func TestTheSVGIsWellFormedAndShowsTheSameModules(t *testing.T) {
	code := drawn(t, requestText(464))
	side := code.Modules + 2*QuietZone
	var drawing struct {
		XMLName   xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		ViewBox   string   `xml:"viewBox,attr"`
		Rendering string   `xml:"shape-rendering,attr"`
		Ground    []struct {
			Width  int    `xml:"width,attr"`
			Height int    `xml:"height,attr"`
			Fill   string `xml:"fill,attr"`
		} `xml:"rect"`
		Path []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(code.SVG(), &drawing); err != nil {
		t.Fatal(err)
	}
	if drawing.ViewBox != fmt.Sprintf("0 0 %d %d", side, side) || drawing.Rendering != "crispEdges" {
		t.Errorf("viewBox %q, shape-rendering %q", drawing.ViewBox, drawing.Rendering)
	}
	if len(drawing.Ground) != 1 || drawing.Ground[0].Width != side || drawing.Ground[0].Height != side || drawing.Ground[0].Fill != "#fff" {
		t.Errorf("no white ground: %+v", drawing.Ground)
	}
	if len(drawing.Path) != 1 {
		t.Fatalf("%d paths", len(drawing.Path))
	}
	dark := map[[2]int]bool{}
	for _, run := range strings.SplitAfter(drawing.Path[0].D, "z") {
		var x, y, width, back int
		if run == "" {
			continue
		}
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h%dz", &x, &y, &width, &back); err != nil || back != -width {
			t.Fatalf("%q: %v", run, err)
		}
		for i := range width {
			dark[[2]int{x + i, y}] = true
		}
	}
	got := rows(side, func(x, y int) bool { return dark[[2]int{x, y}] })
	if diff := cmp.Diff(framed(modules(code)), got); diff != "" {
		t.Error(diff)
	}
}

func TestTheTerminalShowsTheSameModulesBlackOnWhite(t *testing.T) {
	code := drawn(t, requestText(464))
	halves := map[rune]string{' ': "..", '▀': "#.", '▄': ".#", '█': "##"}
	var got []string
	lines := strings.SplitAfter(code.Terminal(), "\n")
	if last := len(lines) - 1; lines[last] != "" {
		t.Fatal("the last line has no newline")
	}
	for _, line := range lines[:len(lines)-1] {
		blocks, black := strings.CutPrefix(line, "\x1b[30;107m")
		blocks, plain := strings.CutSuffix(blocks, "\x1b[0m\n")
		if !black || !plain {
			t.Fatalf("%q does not set its colors, or leaves them set", line)
		}
		top, bottom := "", ""
		for _, block := range blocks {
			half, ok := halves[block]
			if !ok {
				t.Fatalf("%q in a line", block)
			}
			top, bottom = top+half[:1], bottom+half[1:]
		}
		got = append(got, top, bottom)
	}
	want := framed(modules(code))
	want = append(want, strings.Repeat(".", len(want))) // the number of rows is odd
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An independent reader: Debian's package zbar-tools, which this test needs.
func TestZbarReadsThePNGFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("zbarimg is asked on Linux; the codes are the same")
	}
	program := apptest.Tool(t, "zbarimg", "zbar-tools")
	for _, text := range []string{byteText(17), requestText(464), requestText(600), byteText(858)} {
		path := filepath.Join(t.TempDir(), "code.png")
		apptest.Write(t, path, pngOf(t, text, ModulePixels))
		var messages strings.Builder
		zbar := exec.Command(program, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path)
		zbar.Stderr = &messages
		got, err := zbar.Output()
		if err != nil {
			t.Errorf("%d characters: %v: %s", len(text), err, messages.String())
		}
		if strings.TrimSuffix(string(got), "\n") != text {
			t.Errorf("%d characters: zbar reads %q", len(text), got)
		}
	}
}

func TestACodeIsSharedByGoroutines(t *testing.T) {
	code := drawn(t, requestText(464))
	want := code.SVG()
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if !bytes.Equal(code.SVG(), want) {
				t.Error("the code changed")
			}
			_, _ = io.WriteString(io.Discard, code.Terminal())
			if _, err := code.PNG(minModulePixels); err != nil {
				t.Error(err)
			}
		})
	}
}
