package carry

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/document"
	"handback/app/fault"
)

// A request whose base64 is changed by every encoding, and two more.
var (
	insideJSON = `{"request":"deactivation","request_id":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","license_key":"GPYC-X5J2-L5SK-C3LK","hardware_id":"~~~???>>>","product":"acmecad","date":"Thu, 05 Mar 2026 07:08:09 GMT","api_key":"00000000-1111-2222-3333-444444444444","signature":"ab+/cd=="}`
	inside     = apptest.Base64(insideJSON)
	another1   = apptest.Base64(strings.Replace(insideJSON, "C3LK", "C3LM", 1))
	whole3     = apptest.Base64(strings.Replace(insideJSON, "C3LK", "C3LK--", 1)) // in base64 without padding
)

func textsIn(t testing.TB, text string) ([]string, error) {
	t.Helper()
	pieces, err := Read(t.Context(), []byte(text))
	var all []string
	for _, p := range pieces {
		all = append(all, p.Text)
	}
	return all, err
}

func quotedPrintable(text string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func mailed(text string) string {
	return "Hello,\n\nplease release this license:\n\n" + text + "\n\nThank you\n"
}

// noMark returns UTF-16 without its byte order mark.
func noMark(order binary.AppendByteOrder, text string) string { return apptest.UTF16(order, text)[2:] }

// F96: one request, in any surroundings.
func TestARequestIsFoundInsideOtherText(t *testing.T) {
	if !strings.Contains(inside, "+") || !strings.Contains(inside, "/") || strings.HasSuffix(whole3, "=") || !strings.HasSuffix(inside, "=") {
		t.Fatalf("the example does not turn on every coding: %s", inside)
	}
	bare := strings.TrimRight(inside, "=")
	jsonOf := func(text string) string { b, _ := json.Marshal(map[string]string{"text": text}); return string(b) }
	attached := wrapped64(base64.StdEncoding.EncodeToString([]byte(inside)))
	forms := map[string]string{
		"a mail":                         mailed(inside),
		"a mail in CRLF":                 strings.ReplaceAll(mailed(inside), "\n", "\r\n"),
		"a mail, wrapped":                mailed(wrapped(inside, "", "\n")),
		"a mail, answered":               "On Friday Anna wrote:\n" + wrapped("> "+mailed(inside), "", ""),
		"a mail, quoted and wrapped":     "On Friday Anna wrote:\n> Hello,\n>\n" + wrapped(inside, "> ", "\n") + ">\n> Anna\n\nDone.\n",
		"no empty lines":                 "Please release\n" + inside + "\nThanks\n",
		"no empty lines, no padding":     "Please release\n" + bare + "\nThanks\n",
		"in the middle of a line":        "The request is " + inside + " and no other.",
		"after a colon":                  "Request:" + inside,
		"in brackets":                    "(" + inside + ")",
		"before a full stop":             inside + ".",
		"in a Markdown fence":            "Here:\n```text\n" + inside + "\n```\n",
		"a chat":                         "[27.11.26, 08:14:03] Anna: " + inside,
		"another chat":                   "Anna Smirnova, 08:14\n" + inside + "\n✓✓ gelesen",
		"a chat's answer":                "Bob  8:14 AM\n@Anna here: " + inside + " (edited)",
		"a URL's parameter":              "https://desk.acme.example/?request=" + url.QueryEscape(inside) + "&from=chat",
		"a URL's path":                   "https://desk.acme.example/" + strings.NewReplacer("+", "-", "/", "_").Replace(bare),
		"percent signs":                  url.QueryEscape(inside),
		"percent signs, JSON":            strings.ReplaceAll(url.QueryEscape(insideJSON), "+", "%20"),
		"quoted-printable":               quotedPrintable(inside),
		"quoted-printable, a mail":       quotedPrintable(mailed(inside)),
		"quoted-printable, JSON":         quotedPrintable(mailed(insideJSON)),
		"base64 once more":               base64.StdEncoding.EncodeToString([]byte(inside)),
		"base64 once more, of a line":    base64.StdEncoding.EncodeToString([]byte(inside + "\r\n")),
		"base64 once more, wrapped":      attached,
		"base64 twice more":              base64.StdEncoding.EncodeToString([]byte(attached)),
		"base64 of a mail's text":        wrapped64(base64.StdEncoding.EncodeToString([]byte(mailed(inside)))),
		"base64 of UTF-16":               base64.StdEncoding.EncodeToString([]byte(noMark(binary.LittleEndian, inside))),
		"a mail's source":                "Content-Type: text/plain\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"a.req\"\n\n" + attached + "\n--b1--\n",
		"a mail's source, with its text": "--b1\nContent-Transfer-Encoding: quoted-printable\n\nHello=20Anna=\n.\n--b1\n\n" + attached + "\n--b1--\n",
		"HTML":                           "<!DOCTYPE html><html><body><p>Please release</p><p>" + inside + "</p></body></html>",
		"HTML, wrapped":                  "<div>" + wrapped(inside, "", "<br>\r\n") + "</div>",
		"HTML, breaks within":            "<p>" + wrapped(inside, "", "<wbr>") + "</p>",
		"HTML, entities":                 strings.NewReplacer("+", "&#43;", "/", "&#x2F;", "=", "&#61;").Replace(inside),
		"HTML, JSON":                     "<pre>" + html.EscapeString(insideJSON) + "</pre>",
		"HTML within quoted-printable":   quotedPrintable("<p>" + wrapped(inside, "", "<br>") + "</p>"),
		"a JSON member":                  jsonOf(inside),
		"a JSON member, escaped":         strings.ReplaceAll(jsonOf(mailed(wrapped(inside, "", "\r\n"))), "/", `\/`),
		"UTF-16 LE without a mark":       noMark(binary.LittleEndian, inside),
		"UTF-16 BE without a mark":       noMark(binary.BigEndian, mailed(inside)),
		"UTF-16 with a mark":             apptest.UTF16(binary.LittleEndian, mailed(inside)),
		"too much padding":               inside + "==",
		"zero bytes behind it":           inside + strings.Repeat("\x00", 512),
		"zero bytes behind UTF-16":       apptest.UTF16(binary.LittleEndian, inside) + strings.Repeat("\x00", 511),
		"the mark of a file's end":       inside + "\r\n\x1a",
		"raw JSON":                       mailed(insideJSON),
		"raw JSON among braces":          "{see} " + insideJSON + " {end}",
		"raw JSON, quoted":               "> Hello\n> " + strings.ReplaceAll(insideJSON, `,"`, ",\n> \"") + "\n> Anna",
		"a PEM of ours alone":            "-----BEGIN HANDBACK UNSIGNED REQUEST-----\n" + inside + "\n-----END HANDBACK UNSIGNED REQUEST-----\n",
		"among other base64":             "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln\n" + inside + "\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			got, err := textsIn(t, form)
			if err != nil {
				t.Fatal(err)
			}
			want := inside
			if strings.Contains(form, ",\n> \"") {
				want = apptest.Base64(strings.ReplaceAll(insideJSON, `,"`, ",\n\""))
			}
			if diff := cmp.Diff([]string{want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got, err := textsIn(t, mailed(whole3)); err != nil || !slices.Equal(got, []string{whole3}) {
		t.Errorf("without padding: %q, %v", got, err)
	}
}

// wrapped64 returns text in a mail's lines of base64.
func wrapped64(text string) string {
	return strings.Join(slices.Collect(func(yield func(string) bool) {
		for len(text) > 76 && yield(text[:76]) {
			text = text[76:]
		}
		yield(text)
	}), "\r\n")
}

// F96
func TestSeveralRequestsInOneTextAreSeveral(t *testing.T) {
	for name, text := range map[string]string{
		"a line each":       inside + "\n" + another1,
		"a line each, mail": mailed(inside + "\n" + another1),
		"in sentences":      "The first is " + inside + ", the second " + another1 + ".",
		"wrapped":           wrapped(inside, "", "\n") + "\n" + wrapped(another1, "", "\n"),
		"one after another": inside + " " + another1,
		"raw and base64":    insideJSON + "\n" + another1,
		"a chat":            "[08:14] Anna: " + inside + "\n[08:15] Anna: " + another1,
		"quoted-printable":  quotedPrintable(inside + "\n" + another1),
		"attached":          wrapped64(base64.StdEncoding.EncodeToString([]byte(inside))) + "\r\n\r\n" + wrapped64(base64.StdEncoding.EncodeToString([]byte(another1))),
		"in and attached":   mailed(inside) + "\n" + wrapped64(base64.StdEncoding.EncodeToString([]byte(another1))),
	} {
		if got, err := textsIn(t, text); err != nil || !slices.Equal(got, []string{inside, another1}) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// F96: what cannot be read safely or is ambiguous is refused.
func TestWhatCannotBeReadSafelyInsideATextIsNamed(t *testing.T) {
	half := len(inside) / 2
	for name, row := range map[string]struct{ text, key string }{
		"cut":                       {mailed(inside[:half]), "carry.broken"},
		"words within":              {mailed(inside[:half] + "\nand the rest:\n" + inside[half:]), "carry.broken"},
		"a chat's name within":      {"[08:14] Anna: " + inside[:half] + "\n[08:14] Anna: " + inside[half:], "carry.broken"},
		"a changed character":       {mailed(inside[:half] + "!" + inside[half:]), "carry.broken"},
		"words glued to it":         {mailed(whole3 + "Thanks"), "carry.joined"},
		"a mail without a request":  {mailed("It is attached."), ""},
		"base64 of something":       {mailed(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("Hello, Anna. ", 20)))), ""},
		"JSON of something":         {mailed(`{"license":"GPYC-X5J2-L5SK-C3LK"}`), ""},
		"a web page of an error":    {"<html><body><h1>404 Not Found</h1></body></html>", "carry.html"},
		"a page's first line blank": {"\r\n\r\n<!doctype html><title>Sign in</title>", "carry.html"},
	} {
		got, err := textsIn(t, row.text)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || len(got) > 0 || row.key != "" && f.Key != row.key {
			t.Errorf("%s: %q, %v, want %s", name, got, err, row.key)
		}
	}
}

// F96
func TestTwoDecodingsThatDifferAreNotChosenFrom(t *testing.T) {
	// As percent signs it is one request, as HTML another one.
	text := strings.NewReplacer(`"request"`, `%22request&quot;`).Replace(insideJSON)
	one := strings.Replace(text, "&quot;", `%22`, 1) + " " + strings.Replace(strings.Replace(insideJSON, "C3LK", "C3LM", 1), `"request"`, `&quot;request&quot;`, 1)
	_, err := textsIn(t, one)
	if !errors.Is(err, fault.New(fault.Input, "carry.ambiguous")) {
		t.Errorf("%v", err)
	}
}

// F96: complete requests are read, and an error names the others.
func TestOneRequestIsReadBesideAnotherThatIsCut(t *testing.T) {
	for name, text := range map[string]string{
		"after":  inside + "\n" + another1[:300] + "\n",
		"before": another1[:300] + "\n\n" + inside + "\n",
	} {
		got, err := textsIn(t, text)
		if !slices.Equal(got, []string{inside}) || !errors.Is(err, fault.New(fault.Input, "carry.broken")) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// F96: parts, typed lines and documents among other text.
func TestOtherFormsAreFoundInsideATextToo(t *testing.T) {
	long := longRequest(2_000, false)
	var parts []string
	for _, p := range partsOf(t, long, LowDensity) {
		parts = append(parts, p.String())
	}
	for name, text := range map[string]string{
		"a mail":          mailed(strings.Join(parts, "\n")),
		"a mail, wrapped": mailed(wrapped64(parts[0]) + "\n" + wrapped64(strings.Join(parts[1:], "\n\n"))),
		"a chat":          "[08:14] Anna: " + strings.Join(parts, "\n[08:14] Anna: "),
		"run together":    mailed(strings.Join(parts, "")),
		"no empty lines":  "Please release\n" + strings.Join(parts, "\n") + "\nThank you",
	} {
		if name == "a mail, wrapped" {
			text = mailed(strings.Join(parts[1:], "\n") + "\n" + wrapped64(parts[0]))
		}
		if got, err := carriedIn(t, text); err != nil || got != long {
			t.Errorf("parts, %s: %v", name, err)
		}
	}
	lines := strings.Join(linesOf(t, inside), "\n")
	for name, text := range map[string]string{"a mail": mailed(lines), "an answer": "Anna wrote:\n> " + strings.ReplaceAll(mailed(lines), "\n", "\n> ")} {
		if got, err := carriedIn(t, text); err != nil || got != inside {
			t.Errorf("lines, %s: %q, %v", name, got, err)
		}
	}
	file := string(Handoff("License: GPYC\n", inside))
	for name, text := range map[string]string{"a mail": mailed(file), "CRLF": strings.ReplaceAll(mailed(file), "\n", "\r\n")} {
		got, err := Read(t.Context(), []byte(text))
		if err != nil || !cmp.Equal(got, []Piece{{Text: inside, People: "License: GPYC\n"}}) {
			t.Errorf("hand-off, %s: %+v, %v", name, got, err)
		}
	}
	changed := strings.Replace(mailed(file), "GPYC", "GPYD", 1)
	if got, err := Read(t.Context(), []byte(changed)); len(got) > 0 || !errors.Is(err, document.ErrDamaged) {
		t.Errorf("a changed hand-off: %+v, %v", got, err)
	}
	record := document.Record.Write("Released\n", `{"request":"`+inside+`"}`)
	got, err := Read(t.Context(), []byte(mailed(string(record))))
	if err != nil || !cmp.Equal(got, []Piece{{Receipt: record}}) {
		t.Errorf("receipt: %+v, %v", got, err)
	}
}

// F96: a text full of possible starts of requests takes about a second at most. The test
// counts work, because time depends on how busy the computer is.
func TestATextFullOfBeginningsIsGivenUp(t *testing.T) {
	for name, one := range map[string]string{
		"anchors":         "eyJ",
		"anchors apart":   "eyJ ",
		"open objects":    "{",
		"open members":    `{"a":`,
		"long strings":    `{"` + strings.Repeat("a", 5000),
		"coded members":   apptest.Base64(`{"a":`) + "\n",
		"coded requests":  apptest.Base64(`{"request":"`) + " ",
		"parts":           "HBK1001001",
		"whole parts":     "HBK100100100000000AAAA ",
		"documents":       "\nHANDBACK RECORD 1",
		"hand-offs":       "\nHANDBACK UNSIGNED REQUEST 1\n",
		"blocks":          strings.Repeat("QUFB", 10) + "\n\n",
		"blocks in one":   strings.Repeat("ZXlK", 10),
		"codings":         "=3D%3D&lt;\\u003c<b>",
		"soft ends":       "=\n",
		"tags":            "<",
		"lines":           "1 AAAAA AAAAA AAAAA AAAAA AAAAA AA ",
		"lines in rows":   "01 AAAAA AAAAA AAAAA AAAAA AAAAA AA\n",
		"numbers":         "1 ",
		"numbers in rows": "1 A\n",
		"no spaces":       "11AAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
		"zeros":           "\x00\x00A",
		"UTF-16":          "e\x00y\x00J\x00",
		"quotes":          ">\n",
		"small requests":  apptest.Base64(`{"hardware_id":1}`) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(one, MaxFileBytes/len(one))
			begun := time.Now()
			s := new(search)
			memory := allocated(func() {
				if _, err := s.find(text); strings.HasPrefix(name, "numbers") {
					_, _ = Read(t.Context(), []byte(text))
				} else if err != nil && fault.KindOf(err) != fault.Input {
					t.Error(err)
				}
			})
			if s.work > 2*maxWork || s.tries > maxTries+1 || memory > 256<<20 {
				t.Errorf("%d bytes were looked at, %d beginnings, %d MiB of memory", s.work, s.tries, memory>>20)
			}
			t.Logf("%v, %d bytes, %d beginnings, %d MiB", time.Since(begun), s.work, s.tries, memory>>20)
		})
	}
}

// All requests are found, even in a text that is full of them.
func TestADesksWholeDayInOneTextIsRead(t *testing.T) {
	var all []string
	size := 0
	for i := 0; size < MaxFileBytes-2_000; i++ {
		all = append(all, apptest.Base64(fmt.Sprintf(`{"request":"deactivation","hardware_id":"%d"}`, i)))
		size += len(all[i]) + 1
	}
	got, err := textsIn(t, strings.Join(all, "\n"))
	if err != nil || !slices.Equal(got, all) {
		t.Errorf("%d of %d: %v", len(got), len(all), err)
	}
}

func BenchmarkBeginnings(b *testing.B) {
	text := []byte(strings.Repeat(apptest.Base64(`{"a":`)+"\n", MaxFileBytes/9))
	for b.Loop() {
		_, _ = Read(b.Context(), text)
	}
}

// FuzzInside: whatever text is around a request, what is found is strict base64 of
// JSON that names a computer, and reads again as itself.
func FuzzInside(f *testing.F) {
	for _, seed := range []string{
		mailed(inside), mailed(insideJSON), quotedPrintable(mailed(inside)), url.QueryEscape(inside), html.EscapeString(insideJSON),
		base64.StdEncoding.EncodeToString([]byte(inside)), inside + "\n" + another1, whole3 + "x", noMark(binary.LittleEndian, inside),
		"[08:14] Anna: " + inside, mailed(strings.Join(linesOf(f, inside), "\n")), mailed(string(Handoff("x\n", inside))),
		mailed(partsOf(f, inside, NormalDensity)[0].String()), keyboards[2].typed + inside, inside + "\x00\x00\x00\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := new(search)
		found, err := s.find(decoded(text))
		if err != nil && fault.KindOf(err) != fault.Input {
			t.Errorf("not a fault of the input: %v", err)
		}
		for _, p := range found {
			if p.Text == "" {
				continue
			}
			content, err := base64.StdEncoding.Strict().DecodeString(p.Text)
			if err != nil || !json.Valid(content) {
				t.Fatalf("%q: %v", p.Text, err)
			}
			if again, err := Read(t.Context(), []byte(p.Text)); err != nil || len(again) != 1 || again[0].Text != p.Text {
				t.Errorf("%q reads again as %+v, %v", p.Text, again, err)
			}
		}
	})
}
