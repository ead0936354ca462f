package app

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"handback/app/carry"
	"handback/app/machine"
	"handback/app/request"
	"handback/app/words"
)

// Requests of up to 600 characters, signed and unsigned, and the card, in every language:
// each is one page of A4 and of Letter as Chromium prints it, with the vendor's name, and
// zbarimg reads its code from the paper.
func TestASheetAndACardAreOnePageOfPaperEach(t *testing.T) {
	if os.Getenv("HANDBACK_PRINTED") != "all" {
		t.Skip("make printed installs what it needs")
	}
	b, _ := withJournal(t)
	b.Profile.Name = "Acme Aided Design GmbH"
	b.Profile.Support.Contact = "license-support@acme-cad.example"
	var longest *Outgoing
	// What does not deflate has the most lines to type.
	noise := sha512.Sum512([]byte("seat"))
	more := sha512.Sum512(noise[:])
	for seat := base64.StdEncoding.EncodeToString(append(noise[:], more[:]...)); longest == nil || len(longest.Encode()) > 600; seat = seat[:len(seat)-2] {
		longest = b.create(t, Create{Variables: []request.Variable{{Name: "seat", Value: seat}}})
	}
	made := []*Outgoing{b.create(t, Create{}), b.create(t, Create{Unsigned: true}), longest}
	if n := len(longest.Encode()); n < 590 {
		t.Fatalf("the longest request has %d characters", n)
	}
	var page bytes.Buffer
	var codes [][]string // of each page
	for _, language := range words.Languages() {
		a := b.App.WithWords(words.For(language))
		add := func(html []byte, err error) {
			if err != nil {
				t.Fatal(err)
			}
			if page.Len() == 0 {
				page.Write(html[:bytes.Index(html, []byte("<main>"))])
			}
			codes = append(codes, codesOn(html))
			fmt.Fprintf(&page, `<div lang="%s" style="break-after: page">%s</div>`, language, between(html, "<main>", "</main>"))
		}
		for _, one := range made {
			add(a.Sheet(one, carry.Drawing{}))
		}
	}
	sheets := page.String()
	page.Reset()
	card, err := b.Card(machine.HardwareID{Value: hardwareID, Source: machine.MachineID})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(codes); i += len(made) {
		if len(codes[i]) != 2 || len(codes[i+1]) != 1 {
			t.Errorf("a usual sheet has %d codes, an unsigned one %d", len(codes[i]), len(codes[i+1]))
		}
	}
	for size, points := range map[string]string{"A4": `59\d\S* x 84\d`, "letter": `612 x 792`} {
		style := "<style>@page { size: " + size + " }</style></head>"
		for _, row := range []struct {
			name, html string
			codes      [][]string
		}{
			{"sheets", strings.Replace(sheets, "</head>", style, 1) + "</body></html>", codes},
			{"card", strings.Replace(string(card), "</head>", style, 1), [][]string{codesOn(card)}},
		} {
			paper := printPage(t, row.name+"-"+size, row.html)
			info, err := exec.Command("pdfinfo", paper).Output()
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{fmt.Sprintf(`Pages: +%d\n`, len(row.codes)), `Page size: +` + points} {
				if !regexp.MustCompile(want).Match(info) {
					t.Errorf("%s on %s: not %q:\n%s", row.name, size, want, info)
				}
			}
			for i, code := range row.codes {
				text, err := exec.Command("pdftotext", "-f", fmt.Sprint(i+1), "-l", fmt.Sprint(i+1), "-layout", paper, "-").Output()
				if err != nil || !strings.Contains(strings.Join(strings.Fields(string(text)), " "), b.Profile.Name) {
					t.Errorf("%s on %s: page %d does not name the vendor (%v): %s", row.name, size, i+1, err, text)
				}
				got := scanned(t, paper, i+1)
				slices.Sort(got)
				if !slices.Equal(got, code) {
					t.Errorf("%s on %s: from page %d is read %q, want %q", row.name, size, i+1, got, code)
				}
			}
		}
	}
}

// codesOn returns the texts of the codes on a page, sorted.
func codesOn(html []byte) (all []string) {
	for _, match := range regexp.MustCompile(`<metadata>(.+?)</metadata>`).FindAllSubmatch(html, -1) {
		all = append(all, string(match[1]))
	}
	slices.Sort(all)
	return all
}

// printPage prints an HTML page with Chromium and returns the path of the PDF file.
func printPage(t *testing.T, name, html string) string {
	t.Helper()
	folder := t.TempDir()
	from, to := filepath.Join(folder, name+".html"), filepath.Join(folder, name+".pdf")
	if err := os.WriteFile(from, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(folder, "chromium"), "--print-to-pdf="+to, "file://"+from)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return to
}

// scanned returns the texts of the codes on a page of a PDF file, as zbarimg reads them at
// 130 dots per inch.
func scanned(t *testing.T, paper string, page int) []string {
	t.Helper()
	picture := filepath.Join(t.TempDir(), "page")
	if said, err := exec.Command("pdftoppm", "-r", "130", "-gray", "-png", "-singlefile", "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), paper, picture).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	text, err := exec.Command("zbarimg", "--quiet", "--raw", picture+".png").Output()
	if err != nil {
		t.Errorf("page %d: %v", page, err)
	}
	return strings.Fields(string(text))
}
