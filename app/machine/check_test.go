package machine

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/words"
)

var english = words.English()

// The hashes: printf %s TEXT | sha256sum.
func TestATypedIDIsDoubtedButNamesWhy(t *testing.T) {
	tests := []struct {
		name, id string
		want     []string
	}{
		{"a hash", etcHash, nil},
		{"an ID of the application's own", "Grüße, box 17", nil},
		{"empty", "", []string{"empty"}},
		{"spaces alone", " \t", []string{"empty", "spaces"}},
		{"a space behind", etcHash + " ", []string{"spaces"}},
		{"a no-break space before", "\u00a0" + etcHash, []string{"spaces"}},
		{"a final newline", etcHash + "\n", []string{"spaces"}},
		{"a newline inside", "box\n17", []string{"hidden"}},
		{"a zero-width space", "box\u200b17", []string{"hidden"}},
		{"uninitialized", "uninitialized", []string{"uninitialized"}},
		{"zeros", "00000000-0000-0000-0000-000000000000", []string{"junk"}},
		{"all F in braces", "{ffffffff-ffff-ffff-ffff-ffffffffffff}", []string{"junk"}},
		{"a maker's example", "03000200-0400-0500-0006-000700080009", []string{"junk"}},
		{"zeros hashed", "12b9377cbe7e5c94e8a70d9d23929523d14afa954793130f8a3959c7b849aca8", []string{"junk_hash"}},
		{"zeros without dashes hashed", "84e0c0eafaa95a34c293f278ac52e45ce537bab5e752a00e6959a13ae103b65a", []string{"junk_hash"}},
		{"all F hashed, in upper case", "4E51C150ACFEBAAB357180CC567641E72436491D16520F8F7DD0D4BFAC30E594", []string{"junk_hash"}},
		{"a maker's example hashed", "4f8e903d48444eb737d06d7a8fd4c48130eedde98cd7ae82a5f2f3410b8435b9", []string{"junk_hash"}},
		{"uninitialized hashed", "c35fc5870fa929ad33e774d9945c362333f1b785e99ac8964a96a226bcf08d53", []string{"junk_hash"}},
		{"nothing hashed", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", []string{"junk_hash"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, doubt := range Check(test.id) {
				got = append(got, strings.TrimPrefix(doubt.Key, "machine.doubt."))
				if text := english.Text(doubt.Key, doubt.Pairs...); strings.Contains(text, "<no value>") {
					t.Errorf("%s lacks a placeholder: %s", doubt.Key, text)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

func TestHiddenCharactersAreNamedOnce(t *testing.T) {
	doubts := Check("a\u200bb\u200bc\x00d")
	if len(doubts) != 1 || !slices.Equal(doubts[0].Pairs, []any{"characters", "U+200B, U+0000"}) {
		t.Errorf("got %v", doubts)
	}
}

// Every key in this package has a text, and every fault has advice.
func TestEveryFaultAndDoubtHasWords(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"(machine\.[a-z_.]+)"`)
	found := 0
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		code, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range key.FindAllStringSubmatch(string(code), -1) {
			found++
			if !english.Has(match[1]) {
				t.Errorf("%s has no text", match[1])
			}
			if !strings.HasPrefix(match[1], "machine.doubt.") && !english.Has(match[1]+".advice") {
				t.Errorf("%s has no advice", match[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d keys were found", found)
	}
}
