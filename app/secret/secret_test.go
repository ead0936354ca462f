package secret

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/pelletier/go-toml/v2"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/words"
)

const canary = "canary-shared-key"

// dresses are the forms in which the canary might be printed.
var dresses = []string{canary, hex.EncodeToString([]byte(canary)), base64.StdEncoding.EncodeToString([]byte(canary))[:20],
	strings.Trim(fmt.Sprint([]byte(canary)), "[]"), strings.Trim(fmt.Sprintf("%#v", []byte(canary)), "[]byte{}")}

func quiet(t *testing.T, how, text string) {
	t.Helper()
	for _, dress := range dresses {
		if strings.Contains(strings.ToLower(text), strings.ToLower(dress)) {
			t.Errorf("%s: %s", how, text)
		}
	}
}

// Holder has secrets in all kinds of fields.
type Holder struct {
	Exported Secret `xml:"exported,attr" toml:"exported"`
	Pointer  *Secret
	List     []Secret
	hidden   Secret
	pointer  *Secret
}

func holder() Holder {
	s := New([]byte(canary))
	return Holder{s, &s, []Secret{s}, s, &s}
}

// F61
func TestNoVerbPrintsASecret(t *testing.T) {
	s := New([]byte(canary))
	h := holder()
	for name, value := range map[string]any{
		"secret": s, "pointer": &s, "struct": h, "pointer to a struct": &h, "list": []Secret{s}, "list of pointers": []*Secret{&s},
		"map": map[string]Secret{"a": s}, "map of structs": map[string]Holder{"a": h}, "any": []any{s, h}, "array": [1]Secret{s},
		"error": fmt.Errorf("wrong key %v", s), "joined": errors.Join(fmt.Errorf("%s %x", s, s)), "nil": (*Secret)(nil),
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%b", "%c", "%U", "%e", "%t", "%p", "%T", "%10v", "%.3s"} {
			quiet(t, name+" "+verb, fmt.Sprintf(verb, value))
		}
		quiet(t, name, fmt.Sprint(value)+fmt.Sprintln(value))
	}
	if s.String() != Redacted || fmt.Sprintf("%x", s) != Redacted || fmt.Sprint(Secret{}) != Redacted {
		t.Errorf("%v", s)
	}
}

func TestNoEncoderWritesASecret(t *testing.T) {
	h := holder()
	encoders := map[string]func(any) ([]byte, error){
		"JSON": json.Marshal,
		"XML":  xml.Marshal,
		"TOML": toml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
	}
	for name, encode := range encoders {
		for what, value := range map[string]any{"struct": h, "pointer": &h, "secret": h.Exported, "pointer to a secret": &h.Exported} {
			text, err := encode(value)
			quiet(t, name+" of a "+what, string(text))
			if err != nil && name != "TOML" || err == nil && !bytes.Contains(text, []byte(Redacted)) {
				t.Errorf("%s of a %s does not say that something was left out: %s, %v", name, what, text, err)
			}
		}
	}
	if text, err := json.Marshal(map[string]Secret{"a": h.Exported}); err != nil || string(text) != `{"a":"`+Redacted+`"}` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestNoLoggerWritesASecret(t *testing.T) {
	s, h := New([]byte(canary)), holder()
	for name, handler := range map[string]func(io.Writer) slog.Handler{
		"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"JSON": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		var b bytes.Buffer
		log := slog.New(handler(&b)).With("with", s)
		log.Info("one", "secret", s, "pointer", &s, "struct", h, "list", []Secret{s}, "map", map[string]Secret{"a": s})
		log.WithGroup("group").Error("two", slog.Any("any", h), slog.Group("g", "s", s), "error", fmt.Errorf("%v", s))
		quiet(t, name, b.String())
		if !strings.Contains(b.String(), Redacted) {
			t.Errorf("%s: %s", name, b.String())
		}
	}
}

func TestASecretIsACopyAndSigns(t *testing.T) {
	key := []byte(canary)
	s := New(key)
	clear(key)
	mac := hmac.New(sha256.New, []byte(canary))
	mac.Write([]byte("message"))
	if !bytes.Equal(s.HMAC([]byte("message")), mac.Sum(nil)) || s.Reveal() != canary || s.IsZero() {
		t.Error("the key changed with the slice it came from")
	}
}

func TestAnEmptyKeyIsNoSecretAndNeverSigns(t *testing.T) {
	for name, s := range map[string]Secret{"zero": {}, "nil": New(nil), "empty": New([]byte{})} {
		if !s.IsZero() {
			t.Errorf("%s is a secret", name)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s signed", name)
				}
			}()
			s.HMAC([]byte("message"))
		}()
	}
}

// F60
func TestOneFinalLineEndIsCutAndNothingElse(t *testing.T) {
	long := strings.Repeat("k", maxBytes)
	for _, row := range []struct{ name, text, want, key string }{
		{"bare", "key", "key", ""},
		{"line", "key\n", "key", ""},
		{"Windows line", "key\r\n", "key", ""},
		{"longest", long, long, ""},
		{"longest line", long + "\n", long, ""},
		{"too long", long + "k", "", "secret.too_long"},
		{"far too long", strings.Repeat(long, 3), "", "secret.too_long"},
		{"empty", "", "", "secret.empty"},
		{"empty line", "\n", "", "secret.empty"},
		{"empty Windows line", "\r\n", "", "secret.empty"},
		{"blanks", " \t\n", "", "secret.file_unfit"},
		{"zero bytes", "\x00\x00", "", "secret.file_unfit"},
		{"byte order mark", "\ufeffkey\n", "", "secret.file_unfit"},
		{"two lines", "key\nother\n", "", "secret.several_lines"},
		{"two ends", "key\n\n", "", "secret.several_lines"},
		{"old Mac", "key\r", "", "secret.several_lines"},
		{"leading line", "\nkey", "", "secret.several_lines"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, err := From(strings.NewReader(row.text), "key.txt")
			check(t, s, err, row.want, row.key)
			path := filepath.Join(t.TempDir(), "key.txt")
			apptest.Write(t, path, row.text)
			s, _, err = FromFile(path)
			check(t, s, err, row.want, row.key)
			if err != nil && !strings.Contains(err.Error(), path) {
				t.Errorf("which file? %v", err)
			}
		})
	}
}

// F109
func TestWhatCannotBeMeantAsAKeyIsRefusedWhereverItComesFrom(t *testing.T) {
	for text, why := range map[string]string{
		canary + " ": "behind", canary + "\t": "behind", canary + "\u00a0": "behind", canary + "\u200b": "behind", canary + "\u2800": "behind", canary + " \u200b": "behind",
		" " + canary: "before", "\u200b" + canary: "before", "\ufeff" + canary: "before", "canary shared-key": "inside", "canary\x00shared-key": "inside",
		`"` + canary + `"`: "quotes", "'" + canary + "'": "quotes", "“" + canary + "”": "quotes", canary + `"`: "quotes", "`" + canary + "`": "quotes", `"` + canary + `",`: "quotes",
		"<" + canary + ">": "brackets", "[" + canary + "]": "brackets", `{"key":"x"}`: "brackets",
		"SHARED_KEY=" + canary: "named", "shared-key:" + canary: "named", "K=" + canary: "named", "export=" + canary: "named",
		"ｃanary-shared-key": "letter", "canary-shаred-key": "letter", "\xff\xfe" + canary: "bytes", " \u00a0": "blank",
	} {
		wants := func(from string, s Secret, err error) {
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok || !s.IsZero() || f.Kind != fault.Secret || !slices.ContainsFunc(f.Pairs, func(p any) bool {
				phrase, ok := p.(words.Phrase)
				return ok && phrase.Key == "secret.why."+why
			}) {
				t.Errorf("%s, %q: %v, want %s", from, text, err, why)
			}
			quiet(t, from, fmt.Sprintf("%v %+v %#v", err, err, err))
		}
		s, err := From(strings.NewReader(text+"\r\n"), "key.txt")
		wants("file", s, err)
		s, err = Typed([]byte(text))
		wants("typed", s, err)
		wants("from elsewhere", Secret{}, Check(New([]byte(text))))
	}
	for _, text := range []string{canary, "kw4qSnpSwXzgiv5yxYpZZmFEd9QAeiKTQ6OuyMja", "QUJDRA==", "QUI=", "a/b+c_d.e~f", "k", "(a", "1a=b"} {
		if s, err := Typed([]byte(text)); err != nil || s.Reveal() != text {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func check(t *testing.T, s Secret, err error, want, key string) {
	t.Helper()
	if key != "" {
		if !errors.Is(err, fault.New(fault.Secret, key)) || !s.IsZero() || fault.KindOf(err) != fault.Secret {
			t.Errorf("%v, want %s", err, key)
		}
		return
	}
	if err != nil || s.IsZero() || s.Reveal() != want {
		t.Errorf("%v: %v", s.IsZero(), err)
	}
}

func TestAnErrorAboutASecretFileDoesNotQuoteIt(t *testing.T) {
	for _, text := range []string{canary + "\n" + canary, canary + strings.Repeat("k", maxBytes)} {
		_, err := From(strings.NewReader(text), "key.txt")
		if err == nil {
			t.Fatal("accepted")
		}
		quiet(t, "error", fmt.Sprintf("%v %+v %#v", err, err, err))
	}
}

func TestASecretThatCannotBeReadIsSaid(t *testing.T) {
	if _, _, err := FromFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fault.New(fault.Secret, "secret.file_unreadable")) {
		t.Errorf("%v", err)
	}
	if _, _, err := FromFile(t.TempDir()); !errors.Is(err, fault.New(fault.Secret, "secret.file_unreadable")) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := From(iotest.ErrReader(io.ErrClosedPipe), "-"); !errors.Is(err, io.ErrClosedPipe) || fault.KindOf(err) != fault.Secret {
		t.Errorf("%v", err)
	}
}

// F60
func TestAFileThatOthersCanReadIsTold(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	path := filepath.Join(t.TempDir(), "key.txt")
	apptest.Write(t, path, canary)
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o660: true, 0o644: true} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if s, open, err := FromFile(path); open != want || err != nil || s.Reveal() != canary {
			t.Errorf("%o: %v, %v", mode, open, err)
		}
	}
}

func TestAStreamIsNotReadFurtherThanASecretCanBe(t *testing.T) {
	r := &counted{}
	if _, err := From(r, "-"); !errors.Is(err, fault.New(fault.Secret, "secret.too_long")) || r.read > 2*maxBytes {
		t.Errorf("%v after %d bytes", err, r.read)
	}
}

// counted is an endless reader that counts.
type counted struct{ read int }

func (c *counted) Read(p []byte) (int, error) {
	c.read += len(p)
	return len(p), nil
}

// A program that crashes prints what it panics with, and its stacks.
// F61
func TestNoCrashReportHoldsASecret(t *testing.T) {
	values := []func() any{
		func() any { return New([]byte(canary)) },
		func() any { return holder() },
		func() any { h := holder(); return &h },
		func() any { return fmt.Errorf("wrong key %v %v", New([]byte(canary)), holder()) },
	}
	if which := os.Getenv("CRASH_WITH"); which != "" {
		panic(values[which[0]-'0']())
	}
	for i := range values {
		cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), "GOTRACEBACK=all", fmt.Sprintf("CRASH_WITH=%d", i))
		out, err := cmd.CombinedOutput()
		if err == nil || !bytes.Contains(out, []byte("goroutine")) {
			t.Errorf("%d: %v, %s", i, err, out)
		}
		quiet(t, "a crash report", string(out))
	}
}
