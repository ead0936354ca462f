package carry

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"handback/app/words"
)

// sheetOf returns a sheet as the program makes it.
func sheetOf(t testing.TB, carried string, d Density) Sheet {
	return Sheet{Words: words.English(), CheckCode: "ABCD-EFGH-IJKL", Facts: []Fact{{"License key", "GPYC-X5J2-L5SK-C3LK"}},
		Steps: []string{"Photograph it."}, Message: "Please release it.", Codes: codesOf(t, carried, d), Lines: linesOf(t, carried)}
}

func pageOf(t testing.TB, s Sheet) string {
	t.Helper()
	page, err := s.HTML()
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// textOf returns what a screen reader reads of a page, which has to be well-formed.
func textOf(t testing.TB, page string) string {
	t.Helper()
	var text strings.Builder
	var element string
	decoder := xml.NewDecoder(strings.NewReader(page))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			if element != "metadata" {
				text.Write(token)
			}
		case xml.EndElement:
			element = ""
		case xml.StartElement:
			element = token.Name.Local
			for _, a := range token.Attr {
				if a.Name.Local == "aria-label" {
					text.WriteString("[" + a.Value + "]")
				}
			}
		}
	}
}

func TestTheSheetSaysEverythingInClearText(t *testing.T) {
	for _, carried := range []string{requestText(480), longRequest(5_000, false)} {
		s := sheetOf(t, carried, NormalDensity)
		text := textOf(t, pageOf(t, s))
		want := append([]string{"ABCD-EFGH-IJKL", "GPYC-X5J2-L5SK-C3LK", "Photograph it.", "Please release it.", "not free yet"}, s.Lines...)
		for _, code := range s.Codes {
			caption := fmt.Sprintf("Code %d of %d · check code ABCD-EFGH-IJKL", code.Number, code.Count)
			want = append(want, "["+caption+"]"+caption) // for the eye and for the ear
		}
		for _, one := range want {
			if !strings.Contains(text, one) {
				t.Errorf("%q is not on it", one)
			}
		}
	}
}

func TestASheetHasOnePageForAUsualRequestAndNumbersThemAll(t *testing.T) {
	long := sheetOf(t, longRequest(9_000, false), NormalDensity)
	for range 80 {
		long.Facts = append(long.Facts, Fact{"Device variables", strings.Repeat("v", 50)})
	}
	noisy := func(bytes int) Sheet { // base64 twice deflates the least, and so has the most lines
		noise := make([]byte, bytes)
		for i := range noise {
			sum := sha256.Sum256([]byte{byte(i), byte(i >> 8)})
			noise[i] = sum[0]
		}
		return sheetOf(t, base64.StdEncoding.EncodeToString([]byte(`{"hardware_id":"`+base64.StdEncoding.EncodeToString(noise)+`"}`)), NormalDensity)
	}
	usual, middle := noisy(320), noisy(420)
	if usual, middle := len(usual.Codes[0].Text), len(middle.Codes[0].Text); usual != 596 || middle < 750 || len(long.Codes) < 7 {
		t.Fatalf("the requests have %d and %d characters", usual, middle)
	}
	usual.Vendor, long.Vendor = "Acme CAD", "Acme CAD"
	for _, row := range []struct {
		sheet Sheet
		pages int
	}{{usual, 1}, {middle, 2}, {long, 1 + 3 + (len(long.Codes)+5)/6 + (len(long.Lines)+71)/72}} {
		page := pageOf(t, row.sheet)
		if got := strings.Count(page, "<section"); got != row.pages {
			t.Errorf("%d characters have %d pages, want %d", len(row.sheet.Codes[0].Text), got, row.pages)
		}
		for n := range row.pages {
			if number := fmt.Sprintf("Page %d of %d</p>", n+1, row.pages); strings.Count(page, number) != 1 {
				t.Errorf("%q is not on it once", number)
			}
		}
		if got := strings.Count(page, "Acme CAD"); got != row.pages && row.sheet.Vendor != "" {
			t.Errorf("the vendor's name is on %d of %d pages", got, row.pages)
		}
	}
}

func TestTheSheetNeedsNothingElse(t *testing.T) {
	page := pageOf(t, sheetOf(t, longRequest(3_000, false), LowDensity))
	page = strings.NewReplacer(`xmlns="http://www.w3.org/1999/xhtml"`, "", `xmlns="http://www.w3.org/2000/svg"`, "").Replace(page)
	for _, outside := range []string{"http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"} {
		if strings.Contains(page, outside) {
			t.Errorf("it has %s", outside)
		}
	}
}

func TestAModuleOnPaperIsHalfAMillimeterOrMore(t *testing.T) {
	size := regexp.MustCompile(`<svg [^>]*width="([0-9.]+)mm"[^>]*viewBox="0 0 ([0-9]+) `)
	for _, carried := range []string{requestText(200), requestText(480), requestText(856), longRequest(9_000, false)} {
		for _, d := range Densities() {
			for _, match := range size.FindAllStringSubmatch(pageOf(t, sheetOf(t, carried, d)), -1) {
				width, _ := strconv.ParseFloat(match[1], 64)
				modules, _ := strconv.ParseFloat(match[2], 64)
				if width/modules < 0.5 || width > 186 {
					t.Errorf("%s: %v modules in %v mm", d, modules, width)
				}
			}
		}
	}
}

func TestWhatARequestSaysCannotBreakTheSheet(t *testing.T) {
	s := sheetOf(t, requestText(400), NormalDensity)
	hostile := `</td><script>alert("1")</script>&amp;' onload="x`
	s.Facts, s.Message, s.Steps = []Fact{{hostile, hostile}}, hostile, []string{hostile}
	page := pageOf(t, s)
	if strings.Contains(page, "<script") || strings.Count(textOf(t, page), hostile) != 4 {
		t.Error(page)
	}
}

func TestPracticeShoutsOnTheSheet(t *testing.T) {
	s := sheetOf(t, requestText(400), NormalDensity)
	s.Practice = true
	if text := textOf(t, pageOf(t, s)); !strings.Contains(text, "Practice: no license is released") || strings.Contains(text, "not free yet") {
		t.Error(text)
	}
}

func TestOneSheetIsTheSameBytesAlways(t *testing.T) {
	s := sheetOf(t, requestText(480), NormalDensity)
	if first, again := pageOf(t, s), pageOf(t, s); first != again {
		t.Error("two pages of one sheet differ")
	}
}
