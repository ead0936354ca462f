package main

import (
	"errors"
	"strings"
	"testing"

	"handback/app/fault"
	"handback/app/words"
	"handback/cmd/terminal"
)

// F81
func TestALineOfStandardInputIsTakenWholeOrRefused(t *testing.T) {
	for name, row := range map[string]struct{ given, want, key string }{
		"a line":               {"GPYC-X5J2\n", "GPYC-X5J2", ""},
		"of Windows":           {"\ufeffGPYC-X5J2\r\n", "GPYC-X5J2", ""},
		"as long as it may be": {strings.Repeat("k", maxLine), strings.Repeat("k", maxLine), ""},
		"too long":             {strings.Repeat("k", maxLine+1), "-", "cmd.stdin_long"},
		"two lines":            {"GPYC\nX5J2\n", "", "cmd.stdin_text"},
		"UTF-16 of ASCII":      {"G\x00P\x00Y\x00C\x00", "", "cmd.stdin_text"},
		"no UTF-8":             {"GPYC\xff", "", "cmd.stdin_text"},
		"nothing":              {" \n", "", "cmd.stdin_empty"},
		"a byte order mark":    {"\ufeff\n", "", "cmd.stdin_empty"},
	} {
		c := &command{in: strings.NewReader(row.given), words: words.English()}
		value := "-"
		err := c.stdinLine("license-key", &value)
		if row.key == "" && err != nil || row.key != "" && !errors.Is(err, fault.New(fault.Input, row.key)) || value != row.want {
			t.Errorf("%s: %q, %v", name, value, err)
		}
	}
}

// failsOnce is a writer that has no space for the first write.
type failsOnce struct{ failed bool }

func (f *failsOnce) Write(text []byte) (int, error) {
	if f.failed {
		return len(text), nil
	}
	f.failed = true
	return 0, errors.New("no space left")
}

// F81
func TestAnOutputThatFailedOnceIsNotWhole(t *testing.T) {
	p := &terminal.Printer{To: new(failsOnce)}
	for range 3 {
		_, _ = p.Write([]byte("half a request"))
	}
	if err := p.Failure(); fault.KindOf(err) != fault.Write {
		t.Errorf("%v", err)
	}
}
