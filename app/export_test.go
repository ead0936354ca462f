package app

import (
	"path/filepath"
	"slices"
	"testing"

	"handback/app/apptest"
	"handback/app/drives"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
)

func TestADriveIsThatOnWhichTheFileLies(t *testing.T) {
	b, stick := newBench(t, acme()), t.TempDir()
	b.Drives = func() []drives.Drive {
		return []drives.Drive{{Path: t.TempDir(), Name: "other"}, {Path: stick, Name: "STICK"}}
	}
	for path, want := range map[string]string{
		filepath.Join(stick, "a.req"): "STICK", filepath.Join(stick, "deep", "er", "a.req"): "STICK",
		stick + "-2": "", filepath.Join(stick, "..", "a.req"): "", "a.req": "",
	} {
		if d, ok := b.Drive(path); d.Name != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", path, d.Name, ok)
		}
	}
	b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: filepath.Join(stick, "a.req")}}})
	if names := apptest.Names(t, stick); !slices.Equal(names, []string{"a.req"}) {
		t.Errorf("the stick holds %v", names)
	}
}

func TestARequestOfAnotherProfileIsNotExportedAgain(t *testing.T) {
	b, other := newBench(t, acme()), newBench(t, bolt())
	made := other.create(t, Create{})
	record := other.Journal.Known(made.Request)
	if c, err := b.OutgoingOf(record); c != nil || apptest.Key(err) != "app.another_profile" {
		t.Errorf("%v, %v", c, err)
	}
	oauth := newBench(t, oauthProfile("client_id"))
	record = oauth.Journal.Known(oauth.create(t, Create{}).Request)
	if _, err := b.OutgoingOf(record); apptest.Key(err) != "app.another_profile" {
		t.Errorf("of an OAuth client: %v", err)
	}
	if c, err := oauth.OutgoingOf(record); err != nil || c.Encode() != record.Request.Encode() {
		t.Errorf("its own: %v", err)
	}
}

func TestARequestIsUnsentUntilItIsSubmittedOrClosed(t *testing.T) {
	for _, row := range []struct {
		happened []request.State
		want     bool
	}{
		{nil, true},
		{[]request.State{request.Exported}, true},
		{[]request.State{request.Submitting}, false},
		{[]request.State{request.Submitting, request.NotSent}, true},
		{[]request.State{request.Submitting, request.Released}, false},
		{[]request.State{request.Submitting, request.Refused}, false},
		{[]request.State{request.Submitting, request.Unknown, request.Exported}, false},
	} {
		b := newBench(t, acme())
		made := b.create(t, Create{})
		for _, state := range row.happened {
			if err := b.Journal.Note(made.Request, false, journal.Event{What: state}); err != nil {
				t.Fatal(err)
			}
		}
		if got := b.Unsent(made); got != row.want {
			t.Errorf("%v: %v", row.happened, got)
		}
	}
	b := newBench(t, acme())
	made := b.create(t, Create{})
	elsewhere := newBench(t, acme()).submit(t, made.Encode(), Submit{})
	receipt, err := elsewhere.Record.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.ApplyReceipt(Inspection{Receipt: &receipt}); err != nil || b.Unsent(made) {
		t.Errorf("closed by a receipt it is unsent: %v", err)
	}
}

func TestTheProposedNamesTellARequestFromAnUnsignedOne(t *testing.T) {
	b := newBench(t, acme())
	for unsigned, ending := range map[bool]string{false: ".req", true: ".handback"} {
		if name := b.create(t, Create{Unsigned: unsigned}).FileName(); filepath.Ext(name) != ending {
			t.Errorf("unsigned %v: %s", unsigned, name)
		}
	}
}

// The sheet says what to do with what it carries, and never in practice to send it.
func TestASheetsStepsFitWhatItCarries(t *testing.T) {
	b := newBench(t, acme())
	b.Profile.Support.Contact = "support@acme.example"
	text := b.Words.Text
	photograph, scan, typed := text("sheet.step.photograph"), text("sheet.step.scan", "contact", b.Contact()), text("sheet.step.type")
	portal := text("sheet.step.portal", "portal", b.Profile.Server.Portal, "contact", b.Contact())
	handoff, stop := text("sheet.step.handoff", "contact", b.Contact()), text("sheet.step.stop")
	for _, row := range []struct {
		handoff, typed bool
		want           []string
	}{
		{false, true, []string{photograph, scan, typed, portal, stop}},
		{true, true, []string{photograph, scan, typed, handoff, stop}},
		{false, false, []string{photograph, scan, portal, stop}},
	} {
		if got := b.sheetSteps(row.handoff, row.typed); !slices.Equal(got, row.want) {
			t.Errorf("%+v: %q", row, got)
		}
	}
	b.Profile = profile.Practice()
	if got := b.sheetSteps(false, true); !slices.Equal(got, []string{text("sheet.step.practice")}) {
		t.Errorf("in practice: %q", got)
	}
}
