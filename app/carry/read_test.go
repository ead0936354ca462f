package carry

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/durable"
	"handback/app/fault"
)

func TestAFileIsRecognizedByItsContentNotItsName(t *testing.T) {
	picture := pngOf(t, carried, ModulePixels)
	files := map[string][]byte{
		"text.png": []byte(carried + "\r\n"), "picture.req": picture, "picture.txt": picture, "none": []byte(content), "text.heic": []byte(carried),
	}
	for name, data := range files {
		if got, err := ReadFile(t.Context(), apptest.File(t, name, data)); err != nil || !cmp.Equal(got, []Piece{{Text: carried}}) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestADrawingAndASheetAreReadThemselves(t *testing.T) {
	if got, err := Read(t.Context(), codesOf(t, carried, NormalDensity)[0].SVG()); err != nil || !cmp.Equal(got, []Piece{{Text: carried}}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, size := range []int{300, 30_000} { // the larger sheet exceeds the limit of a text
		long := longRequest(size, false)
		got, err := carriedBy(t, pageOf(t, sheetOf(t, long, NormalDensity)))
		if err != nil || got != long {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestAFileThatCannotHelpIsNamed(t *testing.T) {
	files := map[string]string{
		"":                                 "carry.empty",
		"\x00\x00\x00\x18ftypheic\x00\x00": "carry.heic",
		"\x00\x00\x00\x20ftypmif1\x00\x00": "carry.heic",
		"\x00\x00\x00\x1cftypavif\x00\x00": "carry.heic",
		"%PDF-1.4\n":                       "carry.pdf",
		"<svg xmlns='http://www.w3.org/2000/svg'/>":      "carry.svg",
		"<?xml version='1.0'?>\n<!-- code -->\n<SVG/>":   "carry.svg",
		"<html><body>Sign in</body></html>":              "carry.html",
		"<svg ><metadata>A</metadata></svg>":             "carry.other_code",
		"PK\x03\x04":                                     "carry.archive",
		"-----BEGIN CERTIFICATE REQUEST-----":            "carry.pem",
		"7z\xbc\xaf\x27\x1c":                             "carry.archive",
		strings.Repeat("a", MaxFileBytes+4):              "carry.too_large",
		"\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 40): "carry.picture_damaged",
	}
	for data, key := range files {
		_, err := ReadFile(t.Context(), apptest.File(t, "file.req", []byte(data)))
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Key != key || f.Kind != fault.Input {
			t.Errorf("%.20q: %v, want %s", data, err, key)
		}
	}
}

func TestACodeOfSomethingElseSaysSo(t *testing.T) {
	_, err := Read(t.Context(), pngOf(t, "https://www.example.com/", ModulePixels))
	want := "the QR code in the picture holds something other than a request: the character ':' at position 6 does not belong to a request"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// F20
func TestAFolderIsRefused(t *testing.T) {
	refused(t, t.TempDir())
}

// F20
func TestADeviceIsRefused(t *testing.T) {
	refused(t, os.DevNull)
}

func refused(t *testing.T, path string) {
	t.Helper()
	_, err := ReadFile(t.Context(), path)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Key != "durable.not_a_file" || !strings.Contains(f.Error(), path) {
		t.Error(err)
	}
}

// F20: reading it would fill the memory.
func TestASparseFileOf5GiBIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file is sparse there only by a call of its own")
	}
	path := apptest.File(t, "sparse.req", "")
	if err := os.Truncate(path, 5<<30); err != nil {
		t.Fatal(err)
	}
	var err error
	memory := allocated(func() { _, err = ReadFile(t.Context(), path) })
	if !errors.Is(err, durable.ErrFileTooLarge) || memory > 1<<20 {
		t.Errorf("%v, after %d bytes of memory", err, memory)
	}
}

func TestAFileThatIsNotThereSaysSo(t *testing.T) {
	_, err := ReadFile(t.Context(), filepath.Join(t.TempDir(), "none.req"))
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Key != "durable.unreadable" || !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// F39: a damaged picture or file is read or refused with a reason; the reader itself never
// fails.
func FuzzRead(f *testing.F) {
	small := pictureOf(f, carried, minModulePixels)
	for _, file := range [][]byte{
		pngFile(f, small), jpegFile(f, small, 60), gifFile(f, small, small),
		codesOf(f, carried, NormalDensity)[0].SVG(), []byte(pageOf(f, sheetOf(f, carried, LowDensity))),
		[]byte(strings.Join(linesOf(f, carried), "\n")),
	} {
		f.Add(file, uint16(len(file)/2), byte(0))
		f.Add(file, uint16(len(file)/3), byte(0x80))
	}
	f.Fuzz(func(t *testing.T, file []byte, at uint16, change byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // Go's fuzzing ends a run of ten seconds
		defer cancel()
		if len(file) > 0 {
			file = bytes.Clone(file)
			file[int(at)%len(file)] ^= change
		}
		pieces, err := Read(ctx, file)
		if own, ok := errors.AsType[*fault.Fault](err); ok && (own.Key == "carry.reader_failed" || own.Kind == fault.Unexpected) {
			t.Error(err)
		}
		if err == nil && len(pieces) == 0 {
			t.Errorf("%d pieces, %v", len(pieces), err)
		}
	})
}

// Most files are exactly as this program writes them and are read at once. That changes
// nothing about what is read, nor about what is refused.
func TestARequestsFileIsReadLikeAnyOtherText(t *testing.T) {
	whole := base64.StdEncoding.EncodeToString([]byte(`{"request":"deactivation","hardware_id":"workstation-7","date":"x"}`))
	texts := []string{whole, whole + "\n", " " + whole, whole + whole, whole + "=", "{" + whole, strings.ToLower(whole), "", "eyJ",
		base64.StdEncoding.EncodeToString([]byte(`{"request":"deactivation"}`)), base64.StdEncoding.EncodeToString([]byte(`{"hardware_id":"x"`)),
		base64.StdEncoding.EncodeToString([]byte(`{"hardware_id":"x"}{}`)), base64.RawStdEncoding.EncodeToString([]byte(`{"hardware_id":"xy"}`)),
		base64.StdEncoding.EncodeToString([]byte(`{"hardware_id":"` + strings.Repeat("x", MaxFileBytes) + `"}`))}
	for at := 0; at < len(whole); at += 5 {
		texts = append(texts, whole[:at], whole[:at]+"\n"+whole[at:], whole[:at]+"-"+whole[at+1:], whole[:at]+"="+whole[at+1:])
	}
	quickly := 0
	for _, text := range texts {
		got, err := readText([]byte(text))
		want, wantErr := readAnyText([]byte(text))
		if !reflect.DeepEqual(got, want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Errorf("%.80q: %v, %v; want %v, %v", text, got, err, want, wantErr)
		}
		if _, ok := exactly([]byte(text)); ok {
			quickly++
		}
	}
	if quickly == 0 {
		t.Error("none was read at once")
	}
}
