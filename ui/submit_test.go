package ui

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/profile"
	"handback/app/secret"
	"handback/app/words"
)

// opened gives a request to the page that submits.
func (d *desk) opened(text string) {
	d.t.Helper()
	d.Open(d.file(text))
}

func TestARequestComesInByEveryWay(t *testing.T) {
	for name, give := range map[string]func(d *desk){
		"argument": func(d *desk) { d.opened(d.made().Encode()) },
		"pasted text": func(d *desk) {
			fyne.CurrentApp().Clipboard().SetContent("> " + d.made().Encode() + "\n")
			d.tabs.SelectIndex(1)
			d.tap("ui.paste")
		},
		"dropped file": func(d *desk) { d.dropped([]fyne.URI{storage.NewFileURI(d.file(d.made().Encode()))}) },
		"picture of the code": func(d *desk) {
			codes, err := d.made().Codes(carry.Drawing{})
			if err != nil {
				d.t.Fatal(err)
			}
			picture, err := codes[0].PNG(6)
			if err != nil {
				d.t.Fatal(err)
			}
			d.opened(string(picture))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := sitWithKey(t, acme)
			give(d)
			d.expect(licenseKey)
			d.expect(d.made().CheckCode())
			d.expect("signature.valid")
			if len(d.wire.Sent()) != 0 {
				t.Fatal("it was sent before anybody said so")
			}
			d.enter() // Submit has the focus
			d.expect("outcome.released")
			if len(d.wire.Sent()) != 1 || len(d.box.Released()) != 1 {
				t.Errorf("sent %d times, released %v", len(d.wire.Sent()), d.box.Released())
			}
		})
	}
}

func TestTheSameRequestIsListedOnce(t *testing.T) {
	d := sitWithKey(t, acme)
	text := d.made().Encode()
	d.Open(d.file(text), d.file(text+"\n"))
	d.opened(text)
	fyne.CurrentApp().Clipboard().SetContent(text)
	d.tap("ui.paste")
	if len(d.submit.rows) != 1 {
		t.Errorf("%d requests are listed", len(d.submit.rows))
	}
	if got := len(d.submit.rows[0].Sources); got != 4 {
		t.Errorf("it names %d of its four sources", got)
	}
	d.opened(d.madeFor("ANOTHER-KEY").Encode())
	if len(d.submit.rows) != 2 {
		t.Errorf("%d requests are listed", len(d.submit.rows))
	}
}

func TestAFileThatCannotBeReadIsShownWithItsAdvice(t *testing.T) {
	for name, row := range map[string]struct{ text, key string }{
		"web page":    {"<html></html>", "carry.html"},
		"certificate": {"-----BEGIN CERTIFICATE REQUEST-----", "carry.pem"},
		"empty":       {"", "carry.empty"},
		"activation":  {base64.StdEncoding.EncodeToString([]byte(`{"request":"activation"}`)), "request.other"},
	} {
		d := sitWithKey(t, acme)
		d.opened(row.text)
		d.expect("a.req")
		d.expect(row.key + ".advice")
		d.expectNot("<no value>")
		if d.submit.send.Visible() && !d.submit.send.Disabled() {
			t.Errorf("%s can be submitted", name)
		}
	}
	d := sitWithKey(t, acme)
	d.Open(filepath.Join(d.folder, "gone.req"))
	d.expect("gone.req cannot be read")
}

func TestPracticeNeverSaysThatTheLicenseIsFree(t *testing.T) {
	d := sit(t, practice)
	d.opened(d.made().Encode())
	d.enter()
	d.expect("outcome.practice_released")
	d.expect(words.Sentence(d.UI.t("app.practice_released")))
	for _, text := range d.texts() {
		if strings.Contains(text, "license is free") {
			t.Errorf("%q", text)
		}
	}
}

// F83
func TestWhatWasReleasedIsSentAgainOnRequestAlone(t *testing.T) {
	d := sit(t, practice)
	d.opened(d.made().Encode())
	d.enter()
	d.tap("ui.clear")
	d.expect("ui.drop")
	d.opened(d.made().Encode())
	d.expect("outcome.practice_released")
	if d.submit.send.Visible() {
		t.Error("it is sent again without being asked for")
	}
	d.tap("ui.again")
	d.tap("ui.send")
	if len(d.wire.Sent()) != 2 || len(d.box.Released()) != 1 {
		t.Fatalf("sent %d times, released %v", len(d.wire.Sent()), d.box.Released())
	}
	d.expect("outcome.nothing_to_release")
	d.expect("code.device_not_found.advice")
	d.expectNot("outcome.practice_released")
}

// F55 F62
func TestSubmittingTwiceAtOnceSendsOnce(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.slow = true
	send := d.button("ui.send")
	test.Tap(send)
	test.Tap(send)
	d.submit.send.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.submit.submit()
	if len(d.wire.Sent()) != 0 {
		t.Fatal("it was sent on the window's own thread")
	}
	if !d.submit.send.Disabled() || !d.submit.cancel.Visible() {
		t.Error("while it is sent, Submit is not disabled, or there is no way to cancel")
	}
	d.doWork()
	if len(d.wire.Sent()) != 1 {
		t.Errorf("sent %d times", len(d.wire.Sent()))
	}
	if d.submit.cancel.Visible() || d.submit.run != nil {
		t.Error("it still looks busy")
	}
	d.expect("outcome.released")
}

func TestAnUnknownOutcomeIsCalledSoAndNotSentAgainByPressingAgain(t *testing.T) {
	d := sitWithKey(t, acme)
	d.wire.Lose = true
	d.opened(d.made().Encode())
	d.enter()
	d.expect("outcome.unknown")
	d.expectNot("outcome.refused")
	d.expect("Submit the same request again")
	d.wire.Lose = false
	test.Tap(d.submit.send)
	d.submit.send.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.opened(d.made().Encode())
	test.Tap(d.submit.send)
	if len(d.wire.Sent()) != 1 {
		t.Fatalf("sent %d times", len(d.wire.Sent()))
	}
	d.tap("ui.clear") // removes the rows, but the journal knows
	d.opened(d.made().Encode())
	d.enter()
	if len(d.wire.Sent()) != 1 {
		t.Fatalf("sent %d times", len(d.wire.Sent()))
	}
	d.tap("ui.again")
	d.tap("ui.send")
	d.expect("outcome.probably_released")
}

func TestWhatIsOnItsWayCannotBeClearedBeforeItsOutcomeIsShown(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.slow = true
	d.tap("ui.send")
	test.Tap(d.button("ui.clear"))
	d.doWork()
	d.expect("outcome.released")
	d.tap("ui.clear")
	d.expectNot("outcome.released")
}

// F62
func TestCancellingBeforeItIsSentSendsNothingAndCanBeTriedAgain(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.slow = true
	d.tap("ui.send")
	d.tap("ui.cancel")
	d.doWork()
	d.expect("outcome.cancelled")
	if len(d.box.Released()) != 0 {
		t.Fatal("it was released")
	}
	d.tap("ui.send")
	d.expect("ui.state.sending") // no longer the outcome of the first try
	d.expectNot("outcome.cancelled")
	d.doWork()
	d.slow = false
	d.expect("outcome.released")
}

func TestWhatIsDroppedMeanwhileWaitsForADecisionOfItsOwn(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.slow = true
	d.tap("ui.send")
	d.opened(d.madeFor("ANOTHER-KEY").Encode())
	sending, reading := d.queue[0], d.queue[1]
	d.queue = nil
	reading()
	if !d.submit.send.Disabled() {
		t.Error("Submit can be pressed while something is being sent")
	}
	sending()
	if len(d.wire.Sent()) != 1 || len(d.submit.rows) != 2 {
		t.Fatalf("sent %d times, %d listed", len(d.wire.Sent()), len(d.submit.rows))
	}
	d.slow = false
	d.tap("ui.send")
	if len(d.wire.Sent()) != 2 || len(d.box.Released()) != 2 {
		t.Errorf("sent %d times", len(d.wire.Sent()))
	}
}

func TestAnothersRequestIsShownWithAWarningAndNotSent(t *testing.T) {
	real := sitWithKey(t, acme).made().Encode()
	for name, row := range map[string]struct{ profile, text, warning string }{
		"real in practice": {practice, real, "This request was not made for practice."},
		"another vendor":   {strings.Replace(acme, apiKey, "99999999-1111-2222-3333-444444444444", 1), real, "another vendor or API key"},
		"another product":  {strings.Replace(acme, "acmecad", "acmecam", 1), real, "for the product acmecad"},
	} {
		d := sitWithKey(t, row.profile)
		d.opened(row.text)
		d.expect(row.warning)
		d.expect("ui.state.cannot")
		if d.submit.send.Visible() {
			t.Errorf("%s: it can be submitted", name)
		}
		if len(d.wire.Sent()) != 0 {
			t.Errorf("%s: it was sent", name)
		}
	}
}

func TestSubmittingAsksForTheSharedKeyWhereItIsNotKnown(t *testing.T) {
	d := sit(t, acme)
	d.opened(d.made().Encode())
	d.expect("signature.unchecked")
	d.enter()
	d.expect("ui.shared_key.title")
	d.tap("ui.cancel")
	if len(d.wire.Sent()) != 0 || d.submit.rows[0].Submission != nil {
		t.Fatal("it went on")
	}
	d.tap("ui.send")
	d.typed(sharedKey)
	d.enter()
	d.expect("outcome.released")
}

func TestAMistypedSharedKeyIsAskedForAgain(t *testing.T) {
	d := sit(t, acme)
	d.opened(d.made().Encode())
	d.enter()
	d.typed("mistyped")
	d.enter()
	d.expect("ui.shared_key.title")
	d.expect(words.Sentence(d.UI.t("app.signature_invalid")))
	d.tap("ui.cancel")
	d.expect("ui.state.invalid")
	d.expect("app.signature_invalid.advice")
	if len(d.wire.Sent()) != 0 {
		t.Error("it was sent")
	}
	d.tap("ui.send")
	d.expect("ui.shared_key.title")
	d.typed(sharedKey)
	d.enter()
	d.expect("outcome.released")
}

func TestAfterALostAnswerASecondTryIsAskedForAndMade(t *testing.T) {
	d := sitWithKey(t, acme)
	d.wire.Lose = true
	d.opened(d.made().Encode())
	d.enter()
	d.wire.Lose = false
	d.tap("ui.again")
	d.expect("ui.again.question")
	d.tap("ui.cancel")
	if len(d.wire.Sent()) != 1 {
		t.Fatalf("after a no it was sent %d times", len(d.wire.Sent()))
	}
	d.tap("ui.again")
	d.tap("ui.send")
	if len(d.wire.Sent()) != 2 {
		t.Fatalf("after a yes it was sent %d times", len(d.wire.Sent()))
	}
	d.expect("outcome.probably_released")
}

func TestARequestThatLiesOnTheScreenIsShownEscaped(t *testing.T) {
	d := sitWithKey(t, acme)
	lie := strings.Replace(string(d.made().JSON()), `,"date"`, `,"note\u202etxt":"a\u202eb","date"`, 1)
	d.opened(base64.StdEncoding.EncodeToString([]byte(lie)))
	d.tap("ui.details")
	d.expect(`note\u{202E}txt`)
	d.expect(`a\u{202E}b`)
	d.expectNot("\u202e")
}

func TestEverythingARequestSaysCanBeSeen(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.expectNot(hardwareID)
	d.tap("ui.details")
	for _, m := range d.made().Members {
		d.expect(m.Text())
	}
}

func TestSeveralRequestsAreSentOneAfterTheOtherEachOnce(t *testing.T) {
	d := sitWithKey(t, acme)
	owners := []string{"KEY-1", "KEY-2", "KEY-3"}
	var paths []string
	for _, owner := range owners {
		paths = append(paths, d.file(d.madeFor(owner).Encode()))
	}
	d.Open(paths...)
	d.enter()
	if len(d.wire.Sent()) != 3 || len(d.box.Released()) != 3 {
		t.Fatalf("sent %d times, released %v", len(d.wire.Sent()), d.box.Released())
	}
	for i, device := range d.box.Released() {
		if device.Owner != owners[i] {
			t.Errorf("%d is %s", i, device.Owner)
		}
	}
}

func TestAPracticeRequestMadeHereIsSubmittedHere(t *testing.T) {
	d := sit(t, practice)
	made := d.carryIt()
	d.enter()
	d.Open(filepath.Join(d.folder, made.ClearFileName(d.app.Now())))
	d.enter()
	d.expect("outcome.practice_released")
	if text, err := os.ReadFile(filepath.Join(d.folder, made.ClearFileName(d.app.Now()))); err != nil || string(text) != made.Encode() {
		t.Errorf("%q, %v", text, err)
	}
	if released := d.box.Released(); len(released) != 1 || released[0].Owner != licenseKey {
		t.Errorf("%v", d.box.Released())
	}
}

// F68: two windows with one home show the same unsigned request, and both people confirm
// it.
func TestOfTwoWindowsThatConfirmOneRequestOneSendsIt(t *testing.T) {
	first := sitWithKey(t, acme)
	unsigned, err := first.app.Create(app.Create{LicenseKey: licenseKey, HardwareID: hardwareID, Unsigned: true})
	if err != nil {
		t.Fatal(err)
	}
	file := first.file(string(first.app.File(unsigned)))
	second := New(test.NewTempWindow(t, widget.NewLabel("")), Options{Home: first.Home, Words: first.UI.Words, Jobs: 1, Folder: first.folder, Start: first.start,
		Do: func(f func()) { f() }, Every: first.every, Browse: first.Browse, Picture: first.Picture})
	second.app.Transport, second.app.Now = first.wire, first.app.Now
	second.setKey(second.app, secret.New([]byte(sharedKey)))
	other := &desk{UI: second, t: t, window: second.window}
	first.Open(file)
	second.Open(file)
	first.tap("ui.send")
	other.tap("ui.send") // now both questions are open
	first.tap("ui.sign.yes")
	other.tap("ui.sign.yes")
	if len(first.wire.Sent()) != 1 {
		t.Errorf("sent %d times", len(first.wire.Sent()))
	}
	first.expect("outcome.released")
	other.expect("outcome.released_before")
}

// F100: among many requests only the unsigned one waits for its confirmation.
func TestAnUnsignedRequestHoldsUpNoOther(t *testing.T) {
	d := sitWithKey(t, acme)
	unsigned, err := d.app.Create(app.Create{LicenseKey: licenseKey, HardwareID: "lathe-9", Unsigned: true})
	if err != nil {
		t.Fatal(err)
	}
	d.Open(d.file(d.madeFor("KEY-1").Encode()), d.file(string(d.app.File(unsigned))), d.file(d.madeFor("KEY-2").Encode()))
	d.tap("ui.send")
	if len(d.box.Released()) != 2 || len(d.submit.rows) != 3 {
		t.Fatalf("before an answer, %d are released, %d listed", len(d.box.Released()), len(d.submit.rows))
	}
	d.tap("ui.cancel")
	d.expect("ui.state.unsigned")
	d.tap("ui.remove")
	if len(d.submit.rows) != 2 || d.submit.send.Visible() {
		t.Errorf("%d are listed", len(d.submit.rows))
	}
}

// F94: a request of another profile than the one in use uses its own, and choosing a
// profile empties no list and no field.
func TestARequestOfAnotherProfileIsSentAndNothingIsEmptied(t *testing.T) {
	d := sitWithKey(t, acme)
	other := strings.NewReplacer("Acme CAD", "Bolt CAM", apiKey, "99999999-1111-2222-3333-444444444444", "acmecad", "boltcam").Replace(acme)
	apptest.Write(t, filepath.Join(d.Home, "profiles", "bolt.toml"), other)
	text := d.madeFor("KEY-1").Encode()
	bolt, err := profile.Named(app.ProfileFolders(d.Home), "Bolt CAM")
	if err != nil {
		t.Fatal(err)
	}
	d.typed("GPYC-X5")
	if err := d.use(bolt); err != nil {
		t.Fatal(err)
	}
	if d.release.owner.Text != "GPYC-X5" {
		t.Errorf("what was typed is %q", d.release.owner.Text)
	}
	d.opened(text)
	d.expect("Acme CAD · api.acme.example")
	d.expect("signature.valid")
	if len(d.submit.waiting()) != 1 {
		t.Errorf("it cannot be sent:\n%s", d)
	}
	if err := d.use(profile.Practice()); err != nil {
		t.Fatal(err)
	}
	if len(d.submit.rows) != 1 {
		t.Error("the list was emptied")
	}

	// The choice is remembered, and without one an opened file finds its profile.
	for _, remembered := range []string{"Bolt CAM", ""} {
		settings, err := app.LoadSettings(d.Home)
		if err != nil || settings.Profile != "practice" && remembered != "" {
			t.Fatalf("%+v, %v", settings, err)
		}
		settings.Profile = remembered
		again := New(test.NewTempWindow(t, widget.NewLabel("")), Options{Home: d.Home, Settings: settings, Words: d.UI.Words, Jobs: 1, Folder: d.folder,
			Start: d.start, Do: func(f func()) { f() }, Every: d.every, Browse: d.Browse, Picture: d.Picture})
		if remembered != "" {
			if again.app == nil || again.app.Profile.Name != remembered {
				t.Errorf("%+v", again.app)
			}
			continue
		}
		if again.app != nil {
			t.Fatal("of several profiles one was chosen by nobody")
		}
		again.Open(d.file(text))
		if again.app == nil || again.app.Profile.Name != "Acme CAD" || len(again.submit.rows) != 1 {
			t.Errorf("the request is lost behind the question: %+v", again.app)
		}
	}
}
