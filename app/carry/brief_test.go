package carry

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

func TestABriefOfAnyLengthIsTwoLinesAtMostAndComesBack(t *testing.T) {
	for length := minBrief; length <= maxBrief; length++ {
		brief := bytes.Repeat([]byte{0xa5}, length)
		lines := BriefLines(brief)
		if len(lines) > 2 {
			t.Fatalf("%d bytes are %d lines", length, len(lines))
		}
		for name, text := range map[string]string{
			"as it stands": strings.Join(lines, "\n"),
			"typed":        strings.ToLower(strings.ReplaceAll(strings.Join(lines, "\n\n"), " ", "")[0:2]) + " " + strings.ToLower(strings.Join(lines, "\n\n")[3:]),
		} {
			pieces, err := Read(context.Background(), []byte(text))
			if err != nil || len(pieces) != 1 || !bytes.Equal(pieces[0].Brief, brief) || pieces[0].Text != "" {
				t.Errorf("%s, %d bytes: %+v, %v", name, length, pieces, err)
			}
		}
	}
}

func TestABriefComesBackFromItsCode(t *testing.T) {
	brief := []byte("seventeen bytes..")
	code, err := NewCode(strings.Join(BriefLines(brief), "\n"))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := code.PNG(ModulePixels)
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := Read(context.Background(), picture)
	if err != nil || len(pieces) != 1 || !bytes.Equal(pieces[0].Brief, brief) {
		t.Errorf("%+v, %v", pieces, err)
	}
}

func TestABriefThatIsNotWholeSaysSo(t *testing.T) {
	lines := BriefLines(bytes.Repeat([]byte{7}, maxBrief))
	long := numberedLines(append([]byte{briefVersion, 0, 3, 0, 0, 0, 0}, bytes.Repeat([]byte{7}, 30)...))
	sum := numberedLines([]byte{briefVersion, 0, 1, 0, 0, 0, 0, 7, 7, 7})
	for name, row := range map[string]struct {
		lines []string
		want  error
	}{
		"one line of two":   {lines[:1], ErrMissing},
		"too long":          {long, ErrTooLarge},
		"a wrong sum":       {sum, ErrSum},
		"a newer version":   {numberedLines([]byte{briefVersion + 1, 0, 1, 0, 0, 0, 0, 7, 7, 7}), ErrNewer},
		"the other of two":  {lines[1:], nil},
		"a line of another": {[]string{lines[0], strings.Replace(lines[1], "A", "B", 1)}, nil},
	} {
		_, err := Read(context.Background(), []byte(strings.Join(row.lines, "\n")))
		if err == nil || row.want != nil && !errors.Is(err, row.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestACodeInArmorIsReadAsAPart(t *testing.T) {
	carried := requestText(416)
	codes, err := Codes(carried, Drawing{}, Reader{})
	if err != nil || len(codes) != 1 {
		t.Fatal(codes, err)
	}
	picture, err := codes[0].PNG(ModulePixels)
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := Read(context.Background(), picture)
	if err != nil || len(pieces) != 1 || pieces[0].Part == nil {
		t.Errorf("%+v, %v", pieces, err)
	}
}

func TestAHandoffsFileIsReadWholeOrRefused(t *testing.T) {
	carried := requestText(416)
	file := Handoff("for people\n", carried)
	pieces, err := Read(context.Background(), file)
	if err != nil || len(pieces) != 1 || pieces[0].Text != carried {
		t.Fatalf("%+v, %v", pieces, err)
	}
	for n := range len(file) {
		pieces, err := Read(context.Background(), file[:n])
		if err == nil && pieces[0].Text == carried { // the first words may be base64 of something
			t.Fatalf("cut to %d bytes: %+v", n, pieces)
		}
	}
	if _, err := Read(context.Background(), bytes.Replace(file, []byte("people"), []byte("others"), 1)); err == nil {
		t.Error("changed, and read")
	}
}
