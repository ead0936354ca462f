package document

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestADocumentComesBackFromAFileAndFromAMail(t *testing.T) {
	for _, kind := range []Kind{Record, Unsigned} {
		for _, machine := range []string{"", "{}", "two\nlines", "-----BEGIN HANDBACK RECORD-----"} {
			file := kind.Write("for people\n\n-----BEGIN HANDBACK "+string(kind)+"-----\na trap\n", machine)
			for name, text := range map[string][]byte{"as it is": file, "from Windows": bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")),
				"with a byte order mark": append([]byte("\ufeff"), file...)} {
				_, got, err := kind.Parts(text)
				if err != nil || got != machine || !kind.Matches(text) {
					t.Errorf("%s %q %s: %q, %v", kind, machine, name, got, err)
				}
			}
		}
	}
}

// F15 F65
func TestADocumentThatIsNotWholeIsDamagedAndANewerOneIsNewer(t *testing.T) {
	file := Record.Write("for people\n", "{}")
	for n := range len(file) {
		if _, got, err := Record.Parts(file[:n]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d bytes: %q, %v", n, got, err)
		}
	}
	for bit := range len(file) * 8 {
		changed := bytes.Clone(file)
		changed[bit/8] ^= 1 << (bit % 8)
		if _, got, err := Record.Parts(changed); err == nil {
			t.Fatalf("bit %d: %q", bit, got)
		}
	}
	if _, _, err := Unsigned.Parts(file); !errors.Is(err, ErrDamaged) || Unsigned.Matches(file) {
		t.Errorf("of another kind: %v", err)
	}
	if _, _, err := Record.Parts([]byte(strings.Replace(string(file), "RECORD 1", "RECORD 2", 1))); !errors.Is(err, ErrNewer) {
		t.Errorf("newer: %v", err)
	}
	for _, rest := range []string{"nothing\n", "\npeople\n\n" + Record.begin() + "{}\n", "\npeople\n\n{}\n" + Record.end()} { // F81
		bare := []byte("HANDBACK RECORD 1\n" + sumPrefix + sum(rest) + "\n" + rest)
		if _, got, err := Record.Parts(bare); !errors.Is(err, ErrDamaged) {
			t.Errorf("without a whole machine's part: %q, %v", got, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("for people\n", "{}")
	f.Add("-----BEGIN HANDBACK RECORD-----\n", "\n")
	f.Fuzz(func(t *testing.T, people, machine string) {
		if strings.Contains(people+machine, "\r\n") || strings.Contains(machine, "\n"+Record.begin()) || strings.HasPrefix(machine, Record.begin()) ||
			strings.HasSuffix(people, "\r") || strings.HasSuffix(machine, "\r") {
			return // Handback never writes these
		}
		if _, got, err := Record.Parts(Record.Write(people, machine)); err != nil || got != machine {
			t.Errorf("%q, %v", got, err)
		}
	})
}
