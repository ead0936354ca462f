package ui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/google/go-cmp/cmp"

	"handback/app"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/ui/kit"
)

func TestTypingTheKeyAndPressingEnterIsAllThatIsNeeded(t *testing.T) {
	d := sit(t, practice)
	d.typeID(hardwareID)
	d.window.Canvas().Unfocus()
	d.focus() // as when the window opens
	d.typed(licenseKey)
	d.enter() // the key is accepted
	d.expect("ui.leaves")
	d.enter() // Create is pressed
	if d.carry == nil {
		t.Fatalf("no request was made:\n%s", d)
	}
	d.enter() // Save is pressed
	made := d.carry.made
	if diff := cmp.Diff(map[string]string{made.ClearFileName(d.app.Now()): made.Encode()}, d.saved()); diff != "" {
		t.Error(diff)
	}
	if made.LicenseKey != licenseKey || made.Request.HardwareID != hardwareID || made.Verify(profile.PracticeSecret()) != request.Valid {
		t.Errorf("%s", made.JSON())
	}
	if len(d.wire.Sent()) != 0 {
		t.Error("something was sent")
	}
}

func TestTheFocusIsOnTheKeyWhenTheWindowOpens(t *testing.T) {
	for _, text := range []string{practice, acme} {
		d := sit(t, text)
		if d.focused() != fyne.Focusable(d.release.owner) {
			t.Errorf("%T has the focus", d.focused())
		}
	}
}

// F84
func TestWhatWillLeaveIsShownBeforeItIsMade(t *testing.T) {
	d := sitWithKey(t, acme+"request.host_data = ['app_name', 'app_ver', 'sdk_lang']\n")
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	shown := map[string]string{}
	grid := d.release.members.Objects[0].(*fyne.Container).Objects
	for i := 0; i < len(grid); i += 2 {
		text := grid[i+1].(*fyne.Container).Objects
		shown[grid[i].(*widget.Label).Text] = text[0].(*kit.Value).Text
		if len(text) != 2 || text[1].(*widget.Label).Text == "" {
			t.Errorf("nobody says why %s is there", grid[i].(*widget.Label).Text)
		}
	}
	d.enter()
	want := map[string]string{}
	for _, m := range d.carry.made.Members {
		want[app.MemberName(d.UI.Words, m.Name)] = m.Text()
	}
	id := d.UI.t("member.request_id")
	if shown[id] == "" || len(want) != 10 {
		t.Errorf("%v", shown)
	}
	date := d.UI.t("member.date") // the reason says that it is when the request was made
	delete(shown, date)
	delete(want, date)
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Error(diff)
	}
}

func TestTheCheckShowsLicenseComputerAndReceiverAndAllTheRestOnRequest(t *testing.T) {
	d := sitWithKey(t, acme+"request.host_data = ['app_name']\n")
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	for _, said := range []string{licenseKey, hardwareID, "Acme CAD", "api.acme.example", "acmecad"} {
		d.expect(said)
	}
	d.expectNot(apiKey)
	d.expectNot("member.why.date")
	d.tap("ui.check.all")
	for _, m := range d.release.shown.Members {
		d.expect(app.MemberName(d.UI.Words, m.Name))
		d.expect(app.MemberText(m))
		d.expect("member.why." + m.Name)
	}
	if len(d.release.shown.Members) < 8 {
		t.Errorf("only %d members", len(d.release.shown.Members))
	}
}

func TestTheCheckOfPracticeGoesToNobody(t *testing.T) {
	d := sit(t, practice)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	d.expect("ui.check.to.nobody")
	d.expect("ui.check.to.practice")
}

// F99, F115
func TestWhatToKnowBeforeARequestIsMadeStandsAboveWhatLeaves(t *testing.T) {
	d := sitWithKey(t, acme+"product.license_types = ['consumption']\n")
	d.typeID(hardwareID)
	d.typed("GPYC-X5J2-L5SK")
	d.enter()
	d.expect("The license key has 3 groups of four")
	d.expect("settled wrongly, in money")
	d.release.count.SetText("x")
	d.tap("ui.create")
	if d.carry != nil {
		t.Fatal("it was made without a count that was typed")
	}
	d.release.count.SetText("42")
	d.expectNot("settled wrongly, in money")
	d.tap("ui.create")
	if d.carry == nil || *d.release.madeFrom.Consumptions != 42 {
		t.Errorf("%s", d)
	}
}

// F84
func TestWhatIsShownAgainIsWhatIsCarriedAgain(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	d.enter()
	made := d.carry.made
	d.showRelease()
	if !d.release.shown.Of(made) {
		t.Error("another one is shown")
	}
	d.enter()
	if d.carry == nil || d.carry.made != made {
		t.Error("another one was made")
	}
}

// F98
func TestTheLicenseKeyIsNotTakenForTheSharedKey(t *testing.T) {
	d := sit(t, acme)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	d.enter()
	d.expect("Most people have no shared key")
	d.typed(licenseKey)
	d.enter()
	d.expect("was given as the shared key")
	if d.carry != nil {
		t.Error("it was signed with")
	}
}

func TestAKeyWithALookAlikeDashIsProposedAnewAndMakesNothing(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	d.typed("GPYC–X5J2–L5SK–C3LK")
	d.expect("Understood as " + licenseKey)
	d.enter()
	if d.carry != nil || len(d.saved()) != 0 {
		t.Fatal("a request was made")
	}
	if d.focused() != fyne.Focusable(d.release.owner) || d.release.owner.Text != licenseKey {
		t.Errorf("%q stands there to be looked at", d.release.owner.Text)
	}
	d.expectNot("Understood as")
	d.enter()
	d.enter()
	if d.carry == nil {
		t.Errorf("the right key makes no request:\n%s", d)
	}
}

func TestAKeyInSmallLettersIsSuggestedInCapitalsAndTakenAsTyped(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	form := d.release.id.Position()
	d.typed(strings.ToLower(licenseKey))
	d.expect("Understood as " + licenseKey)
	if d.release.id.Position() != form {
		t.Error("the form moved")
	}
	d.tap("ui.understood.use")
	if d.release.owner.Text != licenseKey {
		t.Errorf("%q stands there", d.release.owner.Text)
	}
	d.expectNot("Understood as")
	d.release.owner.SetText(strings.ToLower(licenseKey))
	d.enter()
	d.enter()
	if d.carry == nil || d.carry.made.LicenseKey != strings.ToLower(licenseKey) {
		t.Error("a key in small letters cannot be meant")
	}
}

func TestAnEmptyFormSaysNothingUntilItIsSubmitted(t *testing.T) {
	d := sitWithKey(t, acme)
	if d.release.wrong.Visible() {
		t.Errorf("before anything was typed: %s", d.release.wrong.Text)
	}
	form := d.release.id.Position()
	d.enter()
	if d.release.id.Position() != form {
		t.Error("the form moved")
	}
	if !d.release.wrong.Visible() || d.release.step != licenseStep {
		t.Error("nothing is said")
	}
}

func TestTheProfileShapesTheForm(t *testing.T) {
	method := func(m string) string { return acme + "product.authorization_method = '" + m + "'\n" }
	for _, row := range []struct {
		name, profile     string
		choice            bool
		hint, placeholder string
		byUsername        bool
	}{
		{"license key", method("license_key"), false, "ui.license_key.hint", "XXXX-XXXX-XXXX-XXXX", false},
		{"user", method("user"), false, "ui.username.hint", "", true},
		{"either", acme, true, "ui.license_key.hint", "XXXX-XXXX-XXXX-XXXX", false},
	} {
		d := sitWithKey(t, row.profile)
		if d.release.kind.Visible() != row.choice || d.release.owner.PlaceHolder != row.placeholder {
			t.Errorf("%s: choice %v, placeholder %q", row.name, d.release.kind.Visible(), d.release.owner.PlaceHolder)
		}
		d.expect(row.hint)
		if row.byUsername != d.reads("single sign-on") {
			t.Errorf("%s: the sentence on single sign-on", row.name)
		}
		d.typeID(hardwareID)
		d.typed("me@acme.example")
		d.enter()
		d.enter()
		if d.carry == nil {
			t.Fatalf("%s:\n%s", row.name, d)
		}
		made := d.carry.made
		if (made.Username != "") != row.byUsername || (made.LicenseKey != "") == row.byUsername {
			t.Errorf("%s: %s", row.name, made.JSON())
		}
	}
}

func TestAUsernameCanBeChosenWhereTheProfileLeavesItOpen(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	d.release.kind.SetSelected(d.UI.t("ui.username"))
	d.expect("ui.username.hint")
	d.typed("me@acme.example")
	d.enter()
	d.enter()
	if d.carry == nil || d.carry.made.Username != "me@acme.example" || d.carry.made.LicenseKey != "" {
		t.Errorf("%s", d)
	}
}

func TestAWrongFormIsSaidBeforeTheSharedKeyIsAskedFor(t *testing.T) {
	d := sit(t, acme)
	d.typeID(hardwareID)
	d.typed("GPYC X5J2")
	d.enter()
	d.expectNot("ui.shared_key.title")
	if d.release.owner.Text != "GPYC-X5J2" {
		t.Errorf("%q stands there to be looked at", d.release.owner.Text)
	}
}

func TestARealProfileAsksForTheSharedKeyAndSignsWithIt(t *testing.T) {
	d := sit(t, acme)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	d.enter()
	d.expect("ui.shared_key.title")
	if d.carry != nil {
		t.Fatal("a request was made without a key")
	}
	d.typed(sharedKey)
	if !d.focused().(*kit.Field).Password || d.reads(sharedKey) {
		t.Error("the shared key can be read on the screen")
	}
	d.enter()
	if d.carry == nil {
		t.Fatalf("no request was made:\n%s", d)
	}
	if d.carry.made.Verify(secret.New([]byte(sharedKey))) != request.Valid {
		t.Error("it is signed with another key")
	}
	if d.window.Canvas().Overlays().Top() != nil {
		t.Error("the question is still open")
	}
	d.tap("ui.back")
	d.tap("ui.back")
	d.typed("2")
	d.enter()
	d.tap("ui.create")
	d.expect("ui.not_free") // it is asked for once
}

func TestCancellingTheQuestionForTheSharedKeyMakesNothing(t *testing.T) {
	d := sit(t, acme)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	d.enter()
	d.typed("half a ke")
	d.tap("ui.cancel")
	if d.carry != nil || !d.key().IsZero() || d.window.Canvas().Overlays().Top() != nil {
		t.Fatal("it went on")
	}
	if d.release.owner.Text != licenseKey || d.release.create.Disabled() {
		t.Error("the form did not stay as it was")
	}
	d.tap("ui.create")
	d.enter() // an empty key is not accepted
	if d.carry != nil || !d.key().IsZero() {
		t.Error("an empty key was taken")
	}
}

func TestATypedHardwareIDIsSignedAsTyped(t *testing.T) {
	d := sit(t, practice)
	d.typeID("My-Device 1")
	d.expect("ui.typed_id.hint")
	d.typed(licenseKey)
	d.enter()
	d.enter()
	if d.carry == nil || d.carry.made.Request.HardwareID != "My-Device 1" {
		t.Errorf("%s", d)
	}
}

func TestADoubtfulTypedHardwareIDIsTold(t *testing.T) {
	d := sit(t, practice)
	d.typeID("00000000-0000-0000-0000-000000000000")
	d.expect("Many computers have the ID")
}

func TestAHardwareSourceThatFailsSaysWhyAndMakesNothing(t *testing.T) {
	d := sit(t, practice)
	d.app.Computer = machine.Local()
	d.typed(licenseKey)
	d.release.source.SetSelected(d.UI.t("source.protected-id")) // the practice profile has no application ID
	d.expect("does not name an application ID")
	d.tap("ui.next_step")
	if d.release.step != licenseStep {
		t.Error("it goes on")
	}
	d.typeID(hardwareID)
	d.enter()
	d.enter()
	if d.carry == nil {
		t.Errorf("typing the ID is no way out:\n%s", d)
	}
}

// F108
func TestASourceThatIsChosenAnewIsReadAnew(t *testing.T) {
	d := sit(t, practice)
	id := &fstest.MapFile{Data: []byte("4d1f0c2b9e8a47d6b3c5a1908f7e6d5c")}
	d.app.Computer = machine.OfFiles(fstest.MapFS{"etc/machine-id": id})
	source := func(name string) { d.release.source.SetSelected(d.UI.t("source." + name)) }
	source("machine-id")
	d.expect(string(id.Data))
	id.Data = []byte("0a1b2c3d4e5f60718293a4b5c6d7e8f9")
	d.typed(licenseKey)
	d.expectNot(string(id.Data))
	source("licensespring")
	source("machine-id")
	d.expect(string(id.Data))
}

func TestAWrongClockIsToldBeforeAnythingIsMade(t *testing.T) {
	d := sitWithKey(t, acme)
	was := d.app.Now
	d.app.Now = func() time.Time { return was().AddDate(-20, 0, 0) }
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.expect("This computer's clock says")
	d.enter()
	if d.release.step != licenseStep {
		t.Error("a request was made")
	}
}

func TestThePageFollowsWhatWasTypedLast(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	d.slow = true
	d.typed("GPYC–")
	d.release.owner.SetText(licenseKey)
	late := d.queue
	d.queue = nil
	late[len(late)-1]() // the last one ends first
	for _, job := range late[:len(late)-1] {
		job()
	}
	if d.release.wrong.Visible() || len(d.release.members.Objects) == 0 {
		t.Errorf("an older answer replaced the newer: %s", d.release.wrong.Text)
	}
}

func TestAHardwareIDIsTakenFromAFileAndAnotherOneIsSaid(t *testing.T) {
	d := sitWithKey(t, acme)
	d.release.takeIDFrom(d.file(d.made().Encode()))
	if d.release.typed.Text != hardwareID || d.release.selectedSource() != "typed" {
		t.Fatalf("%q is typed", d.release.typed.Text)
	}
	d.expect("It is signed exactly as typed")
	d.release.takeIDFrom(d.file("hello"))
	d.expect("fault.title.input")
	d.tap("ui.close")
	d.tap("ui.other")
	d.tap("ui.ids.show")
	d.expect("source.machine-id")
	d.tap("ui.close")
}

func TestATypedHardwareIDThatIsNotThisComputersIsTold(t *testing.T) {
	d := sitWithKey(t, acme)
	d.app.Computer = machine.Local()
	i := slices.IndexFunc(d.app.Computer.All(""), func(c machine.Candidate) bool { return c.Err == nil })
	if i < 0 {
		t.Fatal("this computer has no hardware ID at all")
	}
	own := d.app.Computer.All("")[i].HardwareID
	d.app.Profile.Hardware.Source = own.Source
	d.typeID(hardwareID)
	d.expect("This computer's own is another one: " + own.Value)
	d.release.takeID(own.Value)
	d.expectNot("This computer's own is another one")
}

func TestTheHardwareIDMakesRoomForItselfWhenItAppears(t *testing.T) {
	d := sit(t, practice)
	d.app.Computer = machine.OfFiles(fstest.MapFS{"etc/machine-id": &fstest.MapFile{Data: []byte("4d1f0c2b9e8a47d6b3c5a1908f7e6d5c")}})
	d.release.found.Hide() // as when the window opens
	d.release.license.Content.Refresh()
	d.release.load()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject
	bottom := at(d.release.id).Y + d.release.id.MinSize().Height
	if top := at(d.button("ui.other").(*kit.Button)).Y; !d.release.id.Visible() || top < bottom-1 {
		t.Errorf("the ID ends at %v, what is below begins at %v", bottom, top)
	}
}

func TestTheFirstPageHasOneFieldAndTheRestIsFolded(t *testing.T) {
	d := sitWithKey(t, strings.Replace(acme, "hardware.source = 'typed'\n", "product.authorization_method = 'license_key'\n", 1))
	d.app.Computer = machine.OfFiles(fstest.MapFS{"etc/machine-id": &fstest.MapFile{Data: []byte("4d1f0c2b9e8a47d6b3c5a1908f7e6d5c")}})
	d.release.load()
	count := func() (fields, buttons int) {
		eachOf(d.release.place, func(o fyne.CanvasObject) {
			switch o.(type) {
			case *kit.Field, *kit.Select:
				fields++
			case *kit.Button:
				buttons++
			}
		})
		return fields, buttons
	}
	if fields, buttons := count(); fields != 1 || buttons != 1 {
		t.Errorf("%d fields and %d buttons", fields, buttons)
	}
	d.expect("ui.id")
	d.expectNot("handback create") // advice is in the help
	d.tap("ui.other")
	if fields, buttons := count(); fields != 2 || buttons != 6 {
		t.Errorf("unfolded: %d fields and %d buttons", fields, buttons)
	}
	d.tap("ui.help")
	d.tap("ui.ask.screen_reader")
	d.expect("handback create")
}

func TestWhatIsUnfoldedIsScrolledIntoView(t *testing.T) {
	d := sit(t, practice)
	d.window.Resize(fyne.NewSize(1000, 520))
	d.settle()
	d.slow = true
	d.tap("ui.other")
	d.settle() // as the driver does before the job runs
	d.doWork()
	button := d.button("ui.card").(*kit.Button)
	bottom := fyne.CurrentApp().Driver().AbsolutePositionForObject(button).Y + button.Size().Height
	if end := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.release.next).Y; bottom > end {
		t.Errorf("the last button ends at %v, the page at %v", bottom, end)
	}
}

func TestWhatIsUnfoldedInADialogIsScrolledIntoViewToo(t *testing.T) {
	d := sit(t, practice)
	d.window.Resize(fyne.NewSize(1000, 560))
	d.Open(profileFile(t, "Beta CAM"))
	d.settle()
	d.slow = true
	d.tap("ui.profiles.all")
	d.settle()
	d.doWork()
	for _, o := range d.shown() {
		if s, ok := o.(*container.Scroll); ok && s.Content.Size().Height > s.Size().Height {
			if s.Offset.Y == 0 {
				t.Errorf("%v of %v are shown from the top", s.Size(), s.Content.Size())
			}
			return
		}
	}
	t.Error("nothing is scrolled: the window is too large")
}

func TestTheActionsOfEachStepAreAtTheRight(t *testing.T) {
	d := sitWithKey(t, acme)
	right := func(what string, b *kit.Button) {
		t.Helper()
		end := fyne.CurrentApp().Driver().AbsolutePositionForObject(b).X + b.Size().Width
		if least := d.window.Canvas().Size().Width - 20; end < least {
			t.Errorf("%s ends at %v of %v", what, end, least)
		}
	}
	right("Next", d.release.next)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	right("Create", d.release.create)
	d.enter()
	right("Save", d.carry.save)
}

// F105: there is no way to know whether a browser opens, so the card's path is always
// shown.
func TestTheCardToKeepSaysWhereItLiesAndNeverAsks(t *testing.T) {
	d := sitWithKey(t, acme)
	d.typeID(hardwareID)
	d.tap("ui.other")
	for range 2 {
		d.tap("ui.card")
		d.expectNot("ui.replace")
		d.expect(filepath.Join(d.folder, "hardware-id-"))
		d.expect("ui.print.no_browser")
		d.tap("ui.close")
	}
	if len(d.pages) != 2 || len(d.saved()) == 0 {
		t.Errorf("opened %v, saved %d", d.pages, len(d.saved()))
	}
}
