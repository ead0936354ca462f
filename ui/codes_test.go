package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"handback/app"
	"handback/app/carry"
	"handback/app/drives"
	"handback/app/request"
)

// long returns a request that needs several codes.
func (d *desk) long() *app.Outgoing {
	d.t.Helper()
	var variables []request.Variable
	for _, name := range []string{"a", "b", "c", "d"} {
		variables = append(variables, request.Variable{Name: name, Value: strings.Repeat(name+"0123456789", 20)})
	}
	r, err := request.Make(request.Draft{Schema: request.Schema1, RequestID: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", LicenseKey: licenseKey,
		HardwareID: hardwareID, Product: d.app.Profile.Product.Code, APIKey: apiKey,
		Optional: []request.Member{request.Variables(variables)}}, d.app.Now, d.key())
	if err != nil {
		d.t.Fatal(err)
	}
	return d.app.NewOutgoing(r)
}

// carryLong opens the page that carries a long request, in small codes.
func carryLong(t *testing.T) *desk {
	d := sitWithKey(t, acme)
	d.showCarry(d.long())
	d.carry.ways.Choose(codeRoad)
	d.carry.density.SetSelected(d.UI.t("ui.density.low"))
	if len(d.carry.codes.codes) < 2 {
		t.Fatalf("%d codes", len(d.carry.codes.codes))
	}
	return d
}

func TestSeveralCodesTurnByHandAndAround(t *testing.T) {
	d := carryLong(t)
	count := len(d.carry.codes.codes)
	d.expect("Code 1 of ")
	d.tap("ui.codes.next")
	d.expect("Code 2 of ")
	d.tap("ui.codes.previous")
	d.tap("ui.codes.previous")
	if shown := d.carry.codes.view.code; shown.Number != count {
		t.Errorf("code %d is shown", shown.Number)
	}
}

func TestOneCodeHasNothingToTurn(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	d.carry.ways.Choose(codeRoad)
	d.expectNot("ui.codes.next")
	d.expect("Check code " + d.carry.made.CheckCode())
}

func TestCodesTurnByThemselvesUntilThePageIsLeft(t *testing.T) {
	d := carryLong(t)
	d.carry.codes.turning.SetChecked(true)
	d.tick()
	if got := d.carry.codes.view.code.Number; got != 2 {
		t.Errorf("code %d is shown", got)
	}
	d.tap("ui.back")
	if len(d.ticks) != 0 {
		t.Error("they turn on")
	}
}

func TestTheDensityChangesTheCodes(t *testing.T) {
	d := carryLong(t)
	few := len(d.carry.codes.codes)
	if d.carry.codes.view.code.Version != 10 {
		t.Errorf("version %d", d.carry.codes.view.code.Version)
	}
	d.carry.density.SetSelected(d.UI.t("ui.density.high"))
	if len(d.carry.codes.codes) >= few {
		t.Errorf("%d codes instead of %d", len(d.carry.codes.codes), few)
	}
}

func TestEscLeavesTheFullScreenAndTheArrowsTurn(t *testing.T) {
	d := carryLong(t)
	key := func(name fyne.KeyName) { d.typedKey(&fyne.KeyEvent{Name: name}) }
	d.tap("ui.codes.full")
	if !d.window.FullScreen() {
		t.Error("it does not fill the screen")
	}
	d.expect("Code 1 of ")
	d.expect("ui.not_free")
	d.expectNot("ui.step.carry")
	key(fyne.KeyRight)
	d.expect("Code 2 of ")
	if d.full.view.code.Number != 2 {
		t.Errorf("code %d is shown", d.full.view.code.Number)
	}
	key(fyne.KeyEscape)
	d.expect("ui.step.carry")
	d.expect("Code 2 of ")
	if d.window.FullScreen() {
		t.Error("it fills the screen still")
	}
}

func TestAStickIsOfferedByNameAndToldToBeSafe(t *testing.T) {
	d := sitWithKey(t, acme)
	stick := t.TempDir()
	d.drives = []drives.Drive{{Path: stick, Name: "BLUE STICK"}}
	made := d.carryIt()
	d.tap("Save onto BLUE STICK")
	d.expect(made.ClearFileName(d.app.Now()))
	d.expect("All of it is on BLUE STICK")
	if pieces, err := carry.ReadFile(t.Context(), d.carry.made.Files[0].Path); err != nil || pieces[0].Text != made.Encode() {
		t.Errorf("%v, %v", pieces, err)
	}
	if !strings.HasPrefix(d.carry.made.Files[0].Path, stick) {
		t.Errorf("it is in %s", d.carry.made.Files[0].Path)
	}
}

func TestAStickThatIsPluggedInLaterIsFound(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	d.expect("ui.drives.none")
	d.drives = []drives.Drive{{Path: t.TempDir(), Name: "LATE"}}
	d.tap("ui.drives.look")
	d.expectNot("ui.drives.none")
	d.button("Save onto LATE")
}

func TestPrintingSavesThePageAndOpensIt(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.carry.ways.Choose(paperRoad)
	d.tap("ui.print")
	name := strings.TrimSuffix(made.ClearFileName(d.app.Now()), ".req") + ".html"
	if page := d.saved()[name]; !strings.Contains(page, made.CheckCode()) {
		t.Errorf("%s holds %q", name, page)
	}
	if len(d.pages) != 1 || d.pages[0] != made.Files[0].Path {
		t.Errorf("opened: %v", d.pages)
	}
}

func TestTheTextWayGivesAMessageToTheContact(t *testing.T) {
	d := sitWithKey(t, acme)
	made := d.carryIt()
	d.carry.ways.Choose(textRoad)
	d.expect("support@acme.example")
	d.tap("ui.copy_message")
	text := fyne.CurrentApp().Clipboard().Content()
	for _, part := range []string{"support@acme.example", licenseKey, hardwareID, made.CheckCode(), "\n" + made.Encode() + "\n"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %q", part, text)
		}
	}
}

// F103: the driver leaves the window as large as the screen.
func TestTheWindowHasItsSizeAgainAfterTheFullScreen(t *testing.T) {
	d := sitWithKey(t, acme)
	d.showCarry(d.made())
	d.carry.ways.Choose(codeRoad)
	before := d.window.Canvas().Size()
	d.tap("ui.codes.full")
	d.window.Resize(fyne.NewSize(1920, 1080))
	d.tap("ui.codes.leave")
	if after := d.window.Canvas().Size(); after != before {
		t.Errorf("it was %v and is %v", before, after)
	}
}

// A code that was drawn before would be taken for the one that was asked for.
func TestWhereACodeCannotBeDrawnNoneIsShown(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	d.carry.ways.Choose(codeRoad)
	if d.carry.codes.fullScreen.Disabled() || d.carry.codes.view.code == nil {
		t.Fatal("there is no code to begin with")
	}
	d.carry.density.SetSelected(d.UI.t("ui.density.low"))
	d.carry.forms.SetSelected(d.UI.t("ui.code_form.plain"))
	if d.carry.codes.view.code != nil || !d.carry.codes.fullScreen.Disabled() {
		t.Errorf("a code of %d modules is shown", d.carry.codes.view.code.Modules)
	}
	d.expect("too long to be drawn")
	d.carry.density.SetSelected(d.UI.t("ui.density.normal"))
	if d.carry.codes.fullScreen.Disabled() || d.carry.codes.view.code.Text != d.carry.made.Encode() {
		t.Error("the plain code of normal density is not shown")
	}
}

func TestTheFormOfTheCodeIsKeptThroughNewSettings(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	d.carry.ways.Choose(codeRoad)
	d.carry.density.SetSelected(d.UI.t("ui.density.high"))
	d.carry.forms.SetSelected(d.UI.t("ui.code_form.plain"))
	d.wear(app.Settings{Language: "de", TextSize: 150})
	if want := (carry.Drawing{Form: carry.PlainCode, Density: carry.HighDensity}); d.carry.codes.drawing != want {
		t.Errorf("the code is %+v, not %+v", d.carry.codes.drawing, want)
	}
}
