package carry

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/fault"
)

func linesOf(t testing.TB, carried string) []string {
	t.Helper()
	lines, err := Lines(carried, nil)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestARequestOfAnyLengthComesBackFromTypedLines(t *testing.T) {
	for _, size := range []int{300, 700, 5_000, 30_000} {
		carried := longRequest(size, false)
		lines := linesOf(t, carried)
		rand.New(rand.NewPCG(4, 4)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		var ungrouped []string
		for _, line := range lines {
			number, letters, _ := strings.Cut(line, " ")
			ungrouped = append(ungrouped, number+". "+strings.ReplaceAll(letters, " ", ""))
		}
		for form, text := range map[string]string{
			"as they stand": strings.Join(lines, "\n"),
			"repeated":      strings.Join(append(lines, lines[0]), "\n"),
			"small letters": strings.ToLower(strings.Join(lines, "\r\n")),
			"blank lines":   "\n\n" + strings.Join(lines, "\n \n") + "\n",
			"no groups":     strings.Join(ungrouped, "\n"),
			"mail-quoted":   "> " + strings.Join(lines, "\n> "),
			"dashes":        strings.ReplaceAll(strings.Join(lines, "\n"), " ", "-"),
		} {
			if form != "dashes" {
				if got, err := carriedBy(t, text); err != nil || got != carried {
					t.Errorf("%d bytes, %s, read: %v", size, form, err)
				}
			}
			if err := Typed(text).Complete(); err != nil {
				t.Errorf("%d bytes, %s: %v", size, form, err)
			}
		}
	}
}

// typable are a keyboard's characters on the keys of letters and digits.
const typable = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// A line with any wrong character or any swap of neighbors, in its number and its check
// letters too, is refused or read correctly.
func TestEveryWrongCharacterAndEverySwapInALineShows(t *testing.T) {
	long := linesOf(t, longRequest(30_000, false))
	lines := append(linesOf(t, requestText(480)), long[8], long[9], long[98], long[99], long[1022], long[1023], long[1055])
	for _, text := range lines {
		meant, err := readLine(text)
		if err != nil {
			t.Fatal(text, err)
		}
		for _, wrong := range append(mistyped(text), swapped(text)...) {
			got, err := readLine(wrong)
			if err == nil && got != meant {
				t.Errorf("%q for %q is read as %+v", wrong, text, got)
			}
		}
	}
}

func mistyped(text string) (all []string) {
	for i := range len(text) {
		for _, other := range []byte(typable) {
			if text[i] != ' ' && other != text[i] {
				all = append(all, text[:i]+string(other)+text[i+1:])
			}
		}
	}
	return all
}

func swapped(text string) (all []string) {
	for i := range len(text) - 1 {
		if text[i] != text[i+1] {
			all = append(all, text[:i]+string(text[i+1])+string(text[i])+text[i+2:])
		}
	}
	return all
}

// The same for the letters as they are typed without groups.
func TestSwapsOverTheGroupsBordersShowToo(t *testing.T) {
	for _, text := range linesOf(t, requestText(480)) {
		number, letters, _ := strings.Cut(text, " ")
		letters = strings.ReplaceAll(letters, " ", "")
		meant, _ := readLine(text)
		for _, wrong := range swapped(letters) {
			if got, err := readLine(number + " " + wrong); err == nil {
				t.Errorf("%q is read as %+v, not as %+v", wrong, got, meant)
			}
		}
	}
}

func TestLettersThatLookAlikeAreTakenForWhatTheyMustBe(t *testing.T) {
	for _, text := range linesOf(t, longRequest(3_000, false)) {
		meant, err := readLine(text)
		if err != nil {
			t.Fatal(err)
		}
		number, letters, _ := strings.Cut(text, " ")
		for _, alike := range []*strings.Replacer{
			strings.NewReplacer("O", "0"), strings.NewReplacer("B", "8"), strings.NewReplacer("I", "1"), strings.NewReplacer("L", "1"),
		} {
			typed := alike.Replace(letters)
			got, err := readLine(number + " " + typed)
			if err != nil && strings.Count(typed, "1") > 2 {
				continue // two readings may pass the check
			}
			if err != nil || got != meant {
				t.Errorf("%q for %q: %+v, %v", typed, letters, got, err)
			}
		}
		spelled := strings.NewReplacer("0", "O", "1", "l").Replace(number)
		if got, err := readLine(spelled + " " + letters); err != nil || got != meant {
			t.Errorf("%q for %q: %+v, %v", spelled, number, got, err)
		}
	}
}

func TestAWrongLineIsNamedWhileTheLastOneIsStillTyped(t *testing.T) {
	lines := linesOf(t, requestText(480))
	wrong := strings.Replace(lines[2], lines[2][4:5], "?", 1)
	text := strings.Join([]string{lines[0], lines[1], wrong, lines[3][:9]}, "\n")
	typing := Typed(text)
	if len(typing.Wrong) != 1 || typing.Wrong[0].Index != 2 || !strings.Contains(typing.Wrong[0].Err.Error(), "line 3") {
		t.Errorf("%+v", typing.Wrong)
	}
	if typing.Count != len(lines) || !cmp.Equal(typing.Have, []int{1, 2}) {
		t.Errorf("%+v", typing)
	}
	if typing.Complete() == nil {
		t.Error("complete")
	}
	if typing = Typed(text + "\n"); len(typing.Wrong) != 2 {
		t.Errorf("a line that was left half typed is not wrong: %+v", typing.Wrong)
	}
}

func TestTypedLinesThatAreNotARequestSayWhy(t *testing.T) {
	lines := linesOf(t, requestText(480))
	last := len(lines) - 1
	other := linesOf(t, requestText(484))
	join := func(all ...string) string { return strings.Join(all, "\n") }
	rows := map[string]struct{ text, want string }{
		"nothing":                   {"\n \n", "carry.empty"},
		"line 1 is missing":         {join(lines[1:]...), "carry.first_line"},
		"a line is missing":         {join(append(lines[:3:3], lines[4:]...)...), "carry.parts_missing"},
		"the last line is missing":  {join(lines[:last]...), "carry.parts_missing"},
		"one of another request":    {join(append(append(lines[:3:3], other[3]), lines[4:]...)...), "carry.sum carry.armor_damaged"},
		"two of one number":         {join(append(lines, other[3])...), "carry.parts_conflict"},
		"a line too many":           {join(append(lines, line{last + 2, "ABCDE"}.text(2))...), "carry.armor_damaged"},
		"a short line amid":         {join(append(append(lines[:3:3], line{4, "ABCDE"}.text(2)), lines[4:]...)...), "carry.line_length"},
		"a line that is too long":   {lines[0] + "A", "carry.line_length"},
		"no number":                 {lines[0][3:], "carry.line_number"},
		"number 0":                  {"00 " + lines[0][3:], "carry.line_number"},
		"a letter there is not":     {strings.Replace(lines[0], lines[0][3:4], "9", 1), "carry.line_letter"},
		"a newer version":           {line{1, "AIAAAAAAAAAAAAAAAAAAAAAAA"}.text(2), "carry.newer"},
		"a first line with no room": {line{1, "AEAAA"}.text(2), "carry.armor_damaged"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			err := Typed(row.text + "\n").Complete()
			var f *fault.Fault
			if !errors.As(err, &f) || !strings.Contains(row.want, f.Key) {
				t.Errorf("%v, want %s", err, row.want)
			}
		})
	}
}

func FuzzLines(f *testing.F) {
	f.Add(strings.Join(linesOf(f, requestText(400)), "\n"))
	f.Add(linesOf(f, apptest.Base64("{}"))[0])
	f.Add(strings.Join(BriefLines([]byte("seventeen bytes.")), "\n"))
	f.Add("1 A\n2. B\n>3: C1L0O8\n0 9")
	f.Fuzz(func(t *testing.T, text string) {
		typing := Typed(text)
		if typing.Complete() != nil {
			return
		}
		if typing.Brief != nil {
			if back := Typed(strings.Join(BriefLines(typing.Brief), "\n")); !bytes.Equal(back.Brief, typing.Brief) {
				t.Errorf("%x comes back as %x", typing.Brief, back.Brief)
			}
			return
		}
		carried, err := Join([]Part{typing.part()}, nil)
		if err != nil {
			return
		}
		if back, err := carriedBy(t, strings.Join(linesOf(t, carried), "\n")); err != nil || back != carried {
			t.Errorf("%q comes back as %q, %v", carried, back, err)
		}
	})
}
