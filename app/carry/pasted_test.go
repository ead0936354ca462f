package carry

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/words"
)

// The content has all that the forms below turn on: +, / and two characters of
// padding in its base64, and no space that could hide in white space.
const (
	content = `{"license_key":"GPYC-X5J2","n":"~~~???>>>ÿÿ.."}`
	carried = "eyJsaWNlbnNlX2tleSI6IkdQWUMtWDVKMiIsIm4iOiJ+fn4/Pz8+Pj7Dv8O/Li4ifQ=="
)

func TestTheExampleTurnsOnEveryForm(t *testing.T) {
	if got := base64.StdEncoding.EncodeToString([]byte(content)); got != carried {
		t.Fatalf("the base64 of the content is %s", got)
	}
	for _, part := range []string{"+", "/", "=="} {
		if !strings.Contains(carried, part) {
			t.Errorf("no %s", part)
		}
	}
}

func wrapped(text, lineStart, lineEnd string) string {
	var lines strings.Builder
	for len(text) > 0 {
		n := min(20, len(text))
		lines.WriteString(lineStart + text[:n] + lineEnd)
		text = text[n:]
	}
	return lines.String()
}

var (
	urlSafe   = strings.NewReplacer("+", "-", "/", "_").Replace(carried)
	unpadded  = strings.TrimRight(carried, "=")
	twice     = base64.StdEncoding.EncodeToString([]byte(carried))
	percented = strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3d").Replace(carried)
	jsonText  = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(content) + `"`
)

func TestEveryFormOfARequestGivesTheSameText(t *testing.T) {
	forms := map[string]string{
		"as it is":                         carried,
		"final newline":                    carried + "\n",
		"CRLF":                             carried + "\r\n",
		"byte order mark":                  "\ufeff" + carried,
		"UTF-16 LE":                        apptest.UTF16(binary.LittleEndian, carried+"\r\n"),
		"UTF-16 BE":                        apptest.UTF16(binary.BigEndian, carried),
		"white space around":               " \t\v\f\r\n" + carried + " \n\n",
		"no-break spaces":                  "\u00a0" + carried[:9] + "\u00a0\u202f\u2007" + carried[9:] + "\u00a0",
		"zero-width and direction":         "\u200e" + carried[:9] + "\u200b\u2060\ufeff\u00ad" + carried[9:] + "\u2069",
		"line and paragraph separators":    carried[:9] + "\u2028\u2029\u0085\u3000" + carried[9:],
		"white space in the padding":       unpadded + " =\n=",
		"wrapped":                          wrapped(carried, "", "\n"),
		"wrapped by CRLF":                  wrapped(carried, "", "\r\n"),
		"wrapped by CR":                    wrapped(carried, "", "\r"),
		"wrapped and indented":             wrapped(carried, "    ", "\n"),
		"mail quoting":                     wrapped(carried, "> ", "\n"),
		"mail quoting without space":       wrapped(carried, ">", "\r\n"),
		"mail quoting twice":               wrapped(carried, "> >> ", "\n"),
		"mail quoting with an empty line":  ">\n" + wrapped(carried, "> ", "\n") + ">\n",
		"double quotes":                    `"` + carried + `"`,
		"single quotes":                    `'` + carried + `'`,
		"typographic quotes":               "“" + carried + "”",
		"German quotes":                    "„" + carried + "“",
		"French quotes":                    "« " + carried + " »",
		"backticks":                        "```\n" + carried + "\n```",
		"quotes and white space":           " \" " + carried + " \"\n",
		"JSON string":                      `"` + strings.ReplaceAll(carried, "/", `\/`) + `"`,
		"JSON string with code points":     `"` + strings.ReplaceAll(carried, "+", `\u002B`) + `"` + "\n",
		"JSON string with newlines":        `"` + wrapped(carried, "", `\r\n`) + `"`,
		"data URI":                         "data:;base64," + carried,
		"data URI with a type":             "data:text/plain;charset=utf-8;base64," + carried,
		"data URI in capitals":             "DATA:application/octet-stream;BASE64," + carried,
		"data URI of the file":             "data:application/octet-stream;base64," + twice,
		"data URI, percent-encoded base64": "data:;base64," + percented,
		"data URI, percent-encoded":        "data:," + percented,
		"data URI in quotes, wrapped":      `"` + wrapped("data:;base64,"+carried, "", "\n") + `"`,
		"URL-safe":                         urlSafe,
		"no padding":                       unpadded,
		"URL-safe without padding":         strings.TrimRight(urlSafe, "="),
		"half of the padding":              unpadded + "=",
		"JSON":                             content,
		"JSON with white space around":     "\ufeff\r\n " + content + "\r\n",
		"JSON in UTF-16":                   apptest.UTF16(binary.LittleEndian, content),
		"JSON in single quotes":            "'" + content + "'",
		"JSON in a JSON string":            jsonText,
		"JSON in a data URI":               "data:application/json;base64," + carried,
		"mail-quoted JSON":                 "> " + content + "\n>\n",
		"much at once":                     apptest.UTF16(binary.BigEndian, "\r\n"+wrapped("“"+strings.TrimRight(urlSafe, "=")+"”", "> ", "\r\n")),
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			got, err := Text([]byte(form))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(carried, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestJSONIsTakenAsItStands(t *testing.T) {
	for _, json := range []string{"{ \"a\" :\n\t1 }", `{"a":"` + "\xff" + `"}`, `{"a":"\u0041"`, "{}>", "{}"} {
		got, err := Text([]byte(json))
		if err != nil || string(bytesOf(got)) != json {
			t.Errorf("%q became %q, %v", json, bytesOf(got), err)
		}
	}
	quoted, err := Text([]byte("> {\n>  \"a\": \">b\"\n> }\n"))
	if want := "{\n\"a\": \">b\"\n}"; err != nil || string(bytesOf(quoted)) != want {
		t.Errorf("mail-quoted: %q, %v", bytesOf(quoted), err)
	}
}

// F17 F28
func TestWhatIsNoRequestIsNamedOrPlaced(t *testing.T) {
	bad := map[string]struct{ given, key, says string }{
		"nothing":                   {"", "carry.empty", ""},
		"a byte order mark":         {"\ufeff", "carry.empty", ""},
		"white space":               {" \r\n\u00a0\u200b", "carry.empty", ""},
		"empty quotes":              {`""`, "carry.empty", ""},
		"mail marks":                {">\n> >\n", "carry.empty", ""},
		"an empty data URI":         {"data:;base64,", "carry.empty", ""},
		"garbage inside":            {carried[:8] + "!" + carried[8:], "carry.character", "'!' at position 9"},
		"garbage at the start":      {"#" + carried, "carry.character", "'#' at position 1"},
		"garbage after white space": {"\n\n  " + carried[:8] + "*", "carry.character", "'*' at position 13"},
		"garbage in quotes":         {`"` + carried[:8] + "*" + `"`, "carry.character", "'*' at position 10"},
		"garbage in mail quoting":   {"> ab\n> c*", "carry.character", "'*' at position 9"},
		"garbage in a data URI":     {"data:;base64,ab*d", "carry.character", "'*' at position 16"},
		"garbage after a no-break":  {"\u00a0ab*d", "carry.character", "'*' at position 4"},
		"a bad byte":                {carried[:8] + "\xff" + carried[8:], "carry.character", `'\xff' at position 9`},
		"a NUL":                     {carried[:4] + "\x00", "carry.character", `'\x00' at position 5`},
		"a newline escape":          {carried[:4] + `\n` + carried[4:], "carry.character", `'\\' at position 5`},
		"a letter of another kind":  {"еyJ" + carried[3:], "carry.character", "'е' at position 1"}, // Cyrillic
		"an en dash":                {carried[:4] + "–" + carried[4:], "carry.character", "'–' at position 5"},
		"a quote inside":            {carried[:4] + `"` + carried[4:], "carry.character", `'"' at position 5`},
		"a greater-than inside":     {carried[:4] + ">" + carried[4:], "carry.character", "'>' at position 5"},
		"prose":                     {"Hello, please release " + carried, "carry.character", ""},
		"half of a UTF-16 unit":     {apptest.UTF16(binary.LittleEndian, "abcd") + "e", "carry.character", "at position 5"},
		"two joined":                {carried + carried, "carry.joined", "position 69"},
		"two on two lines":          {carried + "\n" + carried, "carry.joined", "position 70"},
		"padding in the middle":     {"ab=c", "carry.joined", "position 4"},
		"a lone character":          {"a", "carry.length", ""},
		"one character too many":    {unpadded + "abc", "carry.length", ""},
		"too much padding":          {carried + "=", "carry.length", ""},
		"padding on a whole group":  {"abcd=", "carry.length", ""},
		"padding alone":             {"==", "carry.length", ""},
		"four bits left over":       {strings.TrimSuffix(unpadded, "Q") + "R==", "carry.trailing_bits", ""},
		"two bits left over":        {"abd=", "carry.trailing_bits", ""},
		"bits left over, unpadded":  {"ab", "carry.trailing_bits", ""},
		"a PDF":                     {"%PDF-1.7\n%âãÏÓ", "carry.pdf", ""},
		"a ZIP":                     {"PK\x03\x04\x14\x00", "carry.archive", ""},
		"a gzip":                    {"\x1f\x8b\x08", "carry.archive", ""},
		"a certificate request":     {"-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n", "carry.pem", ""},
		"the same with a BOM":       {"\ufeff\r\n-----BEGIN NEW CERTIFICATE REQUEST-----", "carry.pem", ""},
		"the same in binary":        {"0\x82\x02\x8a0\x82\x01", "carry.pem", ""},
		"the same without its ends": {"MIICijCCAXICAQAwRTELMAkGA1UE", "carry.pem", ""},
		"a web page":                {"\r\n<!DOCTYPE html><html>", "carry.html", ""},
		"a drawing":                 {`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "carry.svg", ""},
		"an old Word document":      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "carry.document", ""},
		"rich text":                 {`{\rtf1\ansi}`, "carry.document", ""},
		"a PNG":                     {"\x89PNG\r\n\x1a\n", "carry.picture", ""},
		"a picture in a data URI":   {"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA", "carry.picture", ""},
	}
	for name, b := range bad {
		t.Run(name, func(t *testing.T) {
			got, err := Text([]byte(b.given))
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok {
				t.Fatalf("got %q, %v", got, err)
			}
			if f.Key != b.key || f.Kind != fault.Input || !strings.Contains(f.Error(), b.says) {
				t.Errorf("got %s (%s): %s", f.Key, f.Kind, f)
			}
		})
	}
}

func TestBase64ThatBeginsLikeAnotherFileIsRead(t *testing.T) {
	for _, text := range []string{"BMabBMabBMab", "RIFFabcdWEBP", "GIF8abcd", "AAAAftypheic"} {
		if got, err := Read(t.Context(), []byte(text)); err != nil || !cmp.Equal(got, []Piece{{Text: text}}) {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}

func TestACharacterThatDisturbsAScreenIsShownEscaped(t *testing.T) {
	for _, given := range []string{"ab\x1b[2J", "ab\x07"} {
		_, err := Text([]byte(given))
		if err == nil || strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' }) {
			t.Errorf("%q: %v", given, err)
		}
	}
}

func TestTheLargestTextIsReadAndNoLargerOne(t *testing.T) {
	largest := strings.Repeat("a", MaxFileBytes)
	if got, err := Text([]byte(largest)); err != nil || got != largest {
		t.Errorf("%d bytes: %v", len(largest), err)
	}
	jsonRoom := MaxFileBytes / 4 * 3
	for _, tooLarge := range []string{
		largest + "a",
		strings.Repeat(" ", MaxFileBytes+1),
		"{" + strings.Repeat("a", jsonRoom),
	} {
		if _, err := Text([]byte(tooLarge)); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%d bytes: %v", len(tooLarge), err)
		}
	}
	if _, err := Text([]byte("{" + strings.Repeat("a", jsonRoom-1))); err != nil {
		t.Error(err)
	}
}

// F18: only a cut that takes nothing but padding may read.
func TestEveryCutOfARequestIsRefusedOrReadsAsACut(t *testing.T) {
	for n := range len(carried) {
		got, err := Text([]byte(carried[:n]))
		if n >= len(unpadded) {
			if err != nil || got != carried {
				t.Errorf("cut at %d: %q, %v", n, got, err)
			}
			continue
		}
		if err == nil && (got == carried || !strings.HasPrefix(carried, strings.TrimRight(got, "="))) {
			t.Errorf("cut at %d reads as %q", n, got)
		}
	}
}

func TestTheFileNameComesFromTheRequestID(t *testing.T) {
	names := map[string]string{
		"3f2504e0-4f89-41d3-9a0c-0305e82c3301":   "ls_deactivation-3f2504e0.req",
		"3F2504E0-4F89-41D3-9A0C-0305E82C3301":   "ls_deactivation-3f2504e0.req",
		"3f25-04e0":                              "ls_deactivation-3f2504e0.req",
		"{3f2504e0-4f89-41d3-9a0c-0305e82c3301}": "ls_deactivation-3f2504e0.req",
		"../../etc/3f2504e0":                     "ls_deactivation-ec3f2504.req",
		"3f2504e":                                "ls_deactivation.req",
		"":                                       "ls_deactivation.req",
		"NUL\x00\n/\\:*?":                        "ls_deactivation.req",
		"３f2504e0":                               "ls_deactivation.req", // a full-width digit
	}
	for id, want := range names {
		if got := FileName(id, RequestEnding); got != want {
			t.Errorf("%q gives %s, want %s", id, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{
		content, carried, urlSafe, unpadded, twice, jsonText, "> " + carried, "“" + carried + "”",
		apptest.UTF16(binary.LittleEndian, carried), apptest.UTF16(binary.BigEndian, content), wrapped(carried, "> ", "\r\n"),
		`"` + strings.ReplaceAll(carried, "/", `\/`) + `"`, "data:;base64," + carried, "data:;base64," + twice,
		"data:," + percented, carried + carried, "ab", "a", "=", "\"", ">", "{", "data:,", "\xff\xfe", "\xfe\xffa",
		"-----BEGIN CERTIFICATE REQUEST-----", "%PDF-", "<svg", "data:;base64,e1xydGYx",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Text(data)
		if err != nil {
			if fault.KindOf(err) != fault.Input {
				t.Fatalf("not a fault of the input: %v", err)
			}
			return
		}
		decoded, err := base64.StdEncoding.Strict().DecodeString(got)
		if err != nil || base64.StdEncoding.EncodeToString(decoded) != got {
			t.Fatalf("%q is not strict base64: %v", got, err)
		}
		if again, err := Text([]byte(got)); err != nil || again != got {
			t.Fatalf("%q reads again as %q, %v", got, again, err)
		}
	})
}

func TestEveryFaultHasItsWords(t *testing.T) {
	english := words.English()
	keys := []string{"carry.too_long", "carry.empty", "carry.too_large", "carry.no_code", "carry.picture_slow",
		"carry.stopped", "carry.character", "carry.joined", "carry.length", "carry.trailing_bits", "carry.html",
		"carry.svg", "carry.no_picture", "carry.picture_pixels", "carry.picture_damaged", "carry.reader_failed",
		"carry.other_code", "carry.scale", "carry.not_drawn"}
	for _, s := range fileSigns {
		keys = append(keys, s.key)
	}
	for _, key := range keys {
		if !english.Has(key) || !english.Has(key+".advice") {
			t.Errorf("%s has no words", key)
		}
	}
}

func TestANestOfWrappingsIsNotTakenApartForEver(t *testing.T) {
	for _, nest := range []string{strings.Repeat("data:,", 100_000) + "x", strings.Repeat("data:;base64,", 70_000) + "x"} {
		if _, err := Text([]byte(nest)); err == nil {
			t.Errorf("%.40s was read", nest)
		}
	}
	nested := fault.New(fault.Input, "carry.nested")
	if _, err := Text([]byte(strings.Repeat("data:,", maxWrappings+1) + carried)); !errors.Is(err, nested) {
		t.Errorf("one wrapping too many: %v", err)
	}
	if got, err := Text([]byte(strings.Repeat("data:,", maxWrappings) + carried)); err != nil || got != carried {
		t.Errorf("as many as are allowed: %q, %v", got, err)
	}
}
