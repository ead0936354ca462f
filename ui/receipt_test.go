package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handback/app"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/secret"
)

// answered submits a request and opens the page with its receipt.
func (d *desk) answered() {
	d.t.Helper()
	d.Open(d.file(d.made().Encode()))
	d.tap("ui.send")
	d.tap("ui.receipt.show")
}

func TestAReceiptShowsAsACodeAndAsTwoLinesAndIsSaved(t *testing.T) {
	d := sitWithKey(t, acme)
	d.answered()
	d.expect("01 ")
	d.expect("02 ")
	d.expect("journal.no_proof")
	d.tap("ui.receipt.save")
	saved, err := filepath.Glob(filepath.Join(d.folder, "*.receipt.txt"))
	if err != nil || len(saved) != 1 {
		t.Fatalf("saved %v, %v", saved, err)
	}
	d.expect(saved[0])
}

func TestAReceiptThatIsOpenedOrTypedClosesTheRecord(t *testing.T) {
	there := sitWithKey(t, acme)
	there.answered()
	record := there.app.Journal.Known(there.made().Request)
	receipt, err := record.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	file := there.file(string(record.Text(there.Words, "Handback")))
	forms := map[string]func(d *desk){
		"a file": func(d *desk) { d.Open(file) },
		"two typed lines": func(d *desk) {
			d.tabs.SelectIndex(2)
			d.tap("ui.receipt.type")
			for _, line := range app.ReceiptLines(receipt) {
				d.typed(strings.ToLower(line))
				d.enter()
			}
			d.tap("ui.go_on")
		},
	}
	for name, bring := range forms {
		t.Run(name, func(t *testing.T) {
			d := sitWithKey(t, acme)
			if err := d.app.Journal.Note(d.made().Request, false, journal.Event{What: request.Created}); err != nil {
				t.Fatal(err)
			}
			bring(d)
			if d.tabs.SelectedIndex() != 2 {
				t.Fatalf("the history does not show, but\n%s", d)
			}
			d.expect("A receipt says: released. This computer has not seen it.")
			if state := d.app.Journal.Known(d.made().Request).State(); state != request.Released {
				t.Errorf("state %s", state)
			}
		})
	}
}

func TestAReceiptOfAnotherComputerSaysSo(t *testing.T) {
	there := sitWithKey(t, acme)
	there.answered()
	record := there.app.Journal.Known(there.made().Request)
	d := sitWithKey(t, acme)
	d.Open(there.file(string(record.Text(there.Words, "Handback"))))
	d.expect("The history has no request " + there.made().CheckCode())
	d.expect("journal.no_proof")
	if d.submit.send.Visible() {
		t.Error("a receipt can be sent")
	}
}

func TestWhereThereIsNoSharedKeyTheRequestIsMadeUnsigned(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=nowhere") // no keyring
	d := sit(t, acme)
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter()
	d.enter()
	d.expect("The system's keyring cannot be used")
	d.tap("ui.unsigned")
	if !d.carry.made.Handoff {
		t.Fatal("it is signed")
	}
	d.expect("ui.not_free.handoff")
	d.expect(".handback")
	d.tap("ui.save")
	text, err := os.ReadFile(d.carry.made.Files[0].Path)
	if err != nil || !strings.HasPrefix(string(text), "HANDBACK UNSIGNED REQUEST 1\n") {
		t.Errorf("saved %.40q, %v", text, err)
	}
}

func TestAnUnsignedRequestIsSignedOnlyAfterAConfirmation(t *testing.T) {
	d := sitWithKey(t, acme)
	made, err := d.app.Create(app.Create{LicenseKey: licenseKey, HardwareID: hardwareID, Unsigned: true})
	if err != nil {
		t.Fatal(err)
	}
	file := d.file(string(d.app.File(made)))
	d.Open(file)
	d.expect(hardwareID) // without a button
	d.tap("ui.send")
	d.expect("ui.sign.question")
	d.expect(hardwareID)
	d.enter() // the focused button changes nothing
	if len(d.wire.Sent()) != 0 {
		t.Fatal("Enter sent it")
	}
	d.tap("ui.send")
	d.tap("ui.sign.yes")
	if len(d.wire.Sent()) != 1 {
		t.Fatalf("sent %d times", len(d.wire.Sent()))
	}
	d.expect("outcome.released")
}

func TestAnUnsignedRequestThatIsDroppedMeanwhileIsNotSigned(t *testing.T) {
	d := sit(t, acme) // without a key, so that the window asks
	made, err := d.app.Create(app.Create{LicenseKey: licenseKey, HardwareID: "dropped", Unsigned: true})
	if err != nil {
		t.Fatal(err)
	}
	d.Open(d.file(d.made().Encode()))
	d.tap("ui.send")
	d.submit.add([]app.Input{{Name: "dropped", Data: d.app.File(made)}})
	d.typed(sharedKey)
	d.enter()
	if released := d.box.Released(); len(released) != 1 || released[0].HardwareID == "dropped" {
		t.Errorf("released %v", released)
	}
}

func TestAKeyThatMayBeWrongIsNotTakenFromTheKeyringAgain(t *testing.T) {
	d := sit(t, acme)
	d.setKey(d.app, secret.New([]byte("another key")))
	d.Open(d.file(d.made().Encode()))
	d.tap("ui.send")
	d.expect("ui.shared_key.title")
}
