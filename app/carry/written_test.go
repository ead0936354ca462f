package carry

import (
	"errors"
	"os"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/words"
)

// F93: the error names the kind of a file that is not a request.
func TestAFileThatWasNotWrittenToItsEndIsNamed(t *testing.T) {
	half := len(inside) / 2
	zeros := func(n int) string { return strings.Repeat("\x00", n) }
	for name, row := range map[string]struct{ content, key, says string }{
		"zeros alone":            {zeros(484), "carry.zeros", ""},
		"many zeros":             {zeros(5 << 20), "carry.zeros", ""},
		"one zero":               {"\x00", "carry.zeros", ""},
		"zeros from the middle":  {inside[:half] + zeros(len(inside)-half), "carry.zeros_within", "from byte 183 on"},
		"zeros at the beginning": {zeros(half) + inside[half:], "carry.zeros_within", "from byte 1 on"},
		"a hole":                 {inside[:half] + zeros(16) + inside[half+16:], "carry.zeros_within", ""},
		"a hand-off's hole":      {string(Handoff("x\n", inside))[:200] + zeros(400), "carry.zeros_within", ""},
		"a Mac's companion":      {"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        \x00\x02", "carry.companion", "._"},
		"a Mac's folder":         {"\x00\x00\x00\x01Bud1\x00\x00\x10\x00", "carry.companion", ""},
		"a shortcut":             {"L\x00\x00\x00\x01\x14\x02\x00\x00\x00", "carry.shortcut", ""},
		"a link":                 {"[InternetShortcut]\r\nURL=https://acme.example/\r\n", "carry.shortcut", ""},
	} {
		_, err := ReadFile(t.Context(), apptest.File(t, "a.req", []byte(row.content)))
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Key != row.key {
			t.Errorf("%s: %v, want %s", name, err, row.key)
			continue
		}
		if said := fault.Explain(f, words.English()); row.says != "" && !strings.Contains(f.Error()+said.Advice, row.says) {
			t.Errorf("%s: %v", name, f)
		}
	}
}

// F93: the error names the kind of a large file too.
func TestALargeFileIsNamedByItsBeginning(t *testing.T) {
	for name, row := range map[string]struct{ head, key string }{
		"a screenshot": {"\x89PNG\r\n\x1a\n", "carry.picture_bytes"},
		"a photograph": {"\xff\xd8\xff\xe0", "carry.picture_bytes"},
		"HEIC":         {"\x00\x00\x00\x18ftypheic", "carry.heic"},
		"a PDF":        {"%PDF-1.7\n", "carry.pdf"},
		"a film":       {"\x1aE\xdf\xa3", "durable.too_large"},
	} {
		path := apptest.File(t, "large", []byte(row.head))
		if err := os.Truncate(path, MaxPictureBytes+1); err != nil {
			t.Fatal(err)
		}
		_, err := ReadFile(t.Context(), path)
		if apptest.Key(err) != row.key {
			t.Errorf("%s: %v, want %s", name, err, row.key)
		}
	}
}
