package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"handback/app/carry"
	"handback/ui/kit"
)

// linesOf returns the lines of a request.
func (d *desk) linesOf() []string {
	d.t.Helper()
	lines, err := carry.Lines(d.made().Encode(), nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return lines
}

func (d *desk) openLines() {
	d.t.Helper()
	d.tabs.SelectIndex(1)
	d.tap("ui.lines")
}

func TestTheLinesOfASheetAreTypedIn(t *testing.T) {
	d := sitWithKey(t, acme)
	d.openLines()
	lines := d.linesOf()
	d.typed(strings.ToLower(lines[0]))
	for _, line := range lines[1:] {
		d.enter()
		d.typed(line)
	}
	d.expect("ui.lines.complete")
	d.tap("ui.go_on")
	d.expect(licenseKey)
	d.expect(d.made().CheckCode())
}

func TestAWrongLineIsMarkedWhileItIsTyped(t *testing.T) {
	d := sitWithKey(t, acme)
	d.openLines()
	lines := d.linesOf()
	wrong := lines[1][:3] + string(lines[1][4]) + string(lines[1][3]) + lines[1][5:]
	if wrong == lines[1] {
		t.Fatal("the two letters are alike")
	}
	d.typed(lines[0])
	d.enter()
	d.typed(wrong)
	d.expect("right\nWRONG")
	d.expect("Line 2 has a wrong letter")
	d.enter()
	d.typed(lines[2][:7])
	d.expect("right\nWRONG\n…")
	if !d.button("ui.go_on").(*kit.Button).Disabled() {
		t.Error("one can go on")
	}
}

func TestWhatWasTypedIsThereAgain(t *testing.T) {
	d := sitWithKey(t, acme)
	d.openLines()
	line := d.linesOf()[0]
	d.typed(line)
	d.expect("1 of ")
	d.tap("ui.cancel")
	d.openLines()
	if entry := d.focused().(*kit.Field); entry.Text != line {
		t.Errorf("%q", entry.Text)
	}
}

func TestPartsComeTogetherAsTheyCome(t *testing.T) {
	d := sitWithKey(t, acme)
	long := d.long()
	codes, err := long.Codes(carry.Drawing{Density: carry.LowDensity})
	if err != nil {
		t.Fatal(err)
	}
	d.opened(codes[0].Text)
	d.expect("1: in")
	d.expect("2: –")
	if d.submit.send.Visible() {
		t.Error("half a request can be sent")
	}
	for _, code := range codes[1:] {
		picture, err := code.PNG(6)
		if err != nil {
			t.Fatal(err)
		}
		d.picture = picture
		d.tap("ui.paste")
	}
	if len(d.submit.rows) != 1 || d.submit.rows[0].Err != nil || d.submit.rows[0].Request.Encode() != long.Encode() {
		t.Errorf("%+v", d.submit.rows)
	}
	d.expectNot("2: –")
}

func TestFilesThatWereCopiedArePasted(t *testing.T) {
	d := sitWithKey(t, acme)
	d.tabs.SelectIndex(1)
	fyne.CurrentApp().Clipboard().SetContent("file://" + d.file(d.made().Encode()) + "\r\n")
	d.tap("ui.paste")
	d.expect(licenseKey)
}
