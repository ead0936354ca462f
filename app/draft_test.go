package app

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

// F84
func TestWhatWasShownIsWhatLeaves(t *testing.T) {
	for name, unsigned := range map[string]bool{"signed": false, "unsigned": true} {
		b := newBench(t, acme())
		job := Create{LicenseKey: licenseKey, HardwareID: hardwareID}
		preview, err := b.Preview(job)
		if err != nil {
			t.Fatal(err)
		}
		job.Shown, job.Unsigned = &preview, unsigned
		made := b.create(t, job)
		for _, m := range preview.Members {
			if got := member(made.Request, m.Name); got != m.Text() && m.Name != "date" {
				t.Errorf("%s: %s=%s was shown, %s made", name, m.Name, m.Text(), got)
			}
		}
		if !preview.Of(made) || !made.Preview().Of(made) {
			t.Errorf("%s: %s was made", name, made.RequestID)
		}
	}
}

// F84
func TestNothingIsMadeThatWasNotShown(t *testing.T) {
	p := acme()
	p.Request.HostData = []string{"hostname"}
	for name, change := range map[string]func(*bench, *Create){
		"another host":        func(b *bench, _ *Create) { b.Hostname = func() (string, error) { return "other", nil } },
		"without host data":   func(_ *bench, job *Create) { job.NoHostData = true },
		"another owner":       func(_ *bench, job *Create) { job.LicenseKey = "AAAA-BBBB-CCCC-DDDD" },
		"another hardware ID": func(_ *bench, job *Create) { job.HardwareID = "other" },
		"another variable":    func(_ *bench, job *Create) { job.Variables = []request.Variable{{Name: "a", Value: "1"}} },
		"nothing was shown":   func(_ *bench, job *Create) { job.Shown = &Preview{} },
	} {
		b := newBench(t, p)
		job := Create{LicenseKey: licenseKey, HardwareID: hardwareID}
		preview, err := b.Preview(job)
		if err != nil {
			t.Fatal(err)
		}
		job.Shown = &preview
		change(b, &job)
		if made, err := b.Create(job); made != nil || apptest.Key(err) != "app.not_as_shown" {
			t.Errorf("%s: %v, %v", name, made, err)
		}
	}
}

// F108, F36: previews read the hardware ID once; making a request reads it again.
func TestAHardwareIDThatChangedSinceItWasShownIsNotSigned(t *testing.T) {
	p := acme()
	p.Hardware.Source = machine.LicenseSpring
	b := newBench(t, p)
	id := "4d1f0c2b9e8a47d6b3c5a1908f7e6d5c"
	root := fstest.MapFS{"etc/machine-id": {Data: []byte(id)}}
	b.Computer = machine.OfFiles(root)
	job := Create{LicenseKey: licenseKey}
	preview, err := b.Preview(job)
	if err != nil {
		t.Fatal(err)
	}
	root["etc/machine-id"].Data = []byte(strings.ToUpper(id))
	if again, err := b.Preview(job); err != nil || again.HardwareID.Value != preview.HardwareID.Value {
		t.Errorf("read again for each key: %v, %v", again.HardwareID, err)
	}
	job.Shown = &preview
	if made, err := b.Create(job); made != nil || apptest.Key(err) != "app.not_as_shown" {
		t.Errorf("%v, %v", made, err)
	}
	job.Shown = nil
	if made, err := b.Create(job); err != nil || made.Request.HardwareID == preview.HardwareID.Value {
		t.Errorf("not read anew: %v, %v", made, err)
	}
}

// F98
func TestWhatIsKnownToBeAnotherKeyIsNotTakenForTheSharedKey(t *testing.T) {
	job := Create{LicenseKey: "my-own-key-2026", HardwareID: hardwareID}
	for given, want := range map[string]string{
		"my-own-key-2026": "app.secret_is_owner", licenseKey: "app.secret_is_owner", strings.ToLower(licenseKey): "app.secret_is_owner",
		apiKey: "app.secret_is_client", sharedKey: "", "kw4qSnpSwXzgiv5yxYpZZmFEd9QAeiKTQ6OuyMja": "",
	} {
		b := newBench(t, acme())
		b.App.Secret = func() (secret.Secret, error) { return secret.New([]byte(given)), nil }
		made, err := b.Create(job)
		if apptest.Key(err) != want || (made != nil) != (want == "") || want != "" && fault.KindOf(err) != fault.Secret {
			t.Errorf("%s: %v", given, err)
		}
	}
}

// F98, F109
func TestAStoredKeyThatCannotBeMeantIsNotUsed(t *testing.T) {
	withKeyring(t)
	p := acme()
	for _, text := range []string{licenseKey, apiKey, sharedKey + " ", `"` + sharedKey + `"`} {
		if err := StoreSecret(p, secret.New([]byte(text))); fault.KindOf(err) != fault.Secret {
			t.Errorf("%q was stored: %v", text, err)
		}
		if err := secret.Store(p.Destination("").Account(p.Name), secret.New([]byte(text))); err != nil {
			t.Fatal(err)
		}
		if key, err := StoredSecret(p, ""); !key.IsZero() || fault.KindOf(err) != fault.Secret {
			t.Errorf("%q was taken out: %v", text, err)
		}
	}
}

// F99
func TestASecondRequestForALicenseAndComputerIsToldBeforeItIsMade(t *testing.T) {
	b := newBench(t, acme())
	job := Create{LicenseKey: licenseKey, HardwareID: hardwareID}
	first := b.create(t, job)
	if len(first.Warnings) != 0 {
		t.Errorf("of the first: %v", first.Warnings)
	}
	told := func(job Create, want bool) {
		t.Helper()
		preview, err := b.Preview(job)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, w := range preview.Warnings {
			text += w.Localize(b.Words)
		}
		if strings.Contains(text, first.CheckCode()) != want || strings.Contains(text, b.Words.Date(today)) != want {
			t.Errorf("%q", text)
		}
	}
	told(job, true)
	told(Create{LicenseKey: "AAAA-BBBB-CCCC-DDDD", HardwareID: hardwareID}, false)
	told(Create{LicenseKey: licenseKey, HardwareID: "other"}, false)
	told(Create{LicenseKey: licenseKey, HardwareID: hardwareID, Product: "other"}, false)
	if second := b.create(t, job); len(second.Warnings) != 1 || second.Warnings[0].Key != "app.warn.made_before" {
		t.Errorf("%v", second.Warnings)
	}
	for _, what := range []request.State{request.Refused, request.Released} {
		b := newBench(t, acme())
		made := b.create(t, job)
		if err := b.Journal.Note(made.Request, false, journal.Event{What: request.Submitting}, journal.Event{What: what, Code: "x"}); err != nil {
			t.Fatal(err)
		}
		if again := b.create(t, job); len(again.Warnings) != 0 {
			t.Errorf("%s: %v", what, again.Warnings)
		}
	}
}

// F99
func TestAKeyThatLacksAGroupIsToldAndMade(t *testing.T) {
	made := newBench(t, acme()).create(t, Create{LicenseKey: "GPYC-X5J2-L5SK"})
	if len(made.Warnings) != 1 || made.Warnings[0].Key != "request.doubt.key_groups" {
		t.Errorf("%v", made.Warnings)
	}
}

// F114
func TestALicenseBoundToATPMIsRefusedWithTheVendorsRoad(t *testing.T) {
	p := acme()
	p.Product.TPM, p.Support.Contact = true, "support@acme.example"
	b := newBench(t, p)
	for _, job := range []Create{{LicenseKey: licenseKey, HardwareID: hardwareID}, {LicenseKey: licenseKey, HardwareID: hardwareID, Unsigned: true}} {
		_, previewed := b.Preview(job)
		made, err := b.Create(job)
		if made != nil || apptest.Key(err) != "app.tpm" || apptest.Key(previewed) != "app.tpm" {
			t.Errorf("%v, %v, %v", made, err, previewed)
		}
		if advice := fault.Explain(err, b.Words).Advice; !strings.Contains(advice, "support@acme.example") || !strings.Contains(advice, "every device") {
			t.Error(advice)
		}
	}
	if records, _ := b.Journal.Records(); len(records) != 0 {
		t.Error("it is in the journal")
	}
}

// F115
func TestAConsumptionLicenseWithoutItsCountIsToldOrRefused(t *testing.T) {
	count, less := int64(0), int64(-1)
	for _, row := range []struct {
		name  string
		types []string
		wants string
		count *int64
		fault string
		told  bool
	}{
		{"another type", []string{"perpetual"}, "", nil, "", false},
		{"no count", []string{"perpetual", "consumption"}, "", nil, "", true},
		{"a count of none", []string{"consumption"}, "", &count, "", false},
		{"required", nil, profile.Required, nil, "app.wants_consumptions", false},
		{"required and given", nil, profile.Required, &count, "", false},
		{"less than none", nil, "", &less, "app.no_count", false},
	} {
		p := acme()
		p.Product.LicenseTypes, p.Product.Consumptions = row.types, row.wants
		b := newBench(t, p)
		job := Create{LicenseKey: licenseKey, HardwareID: hardwareID, Consumptions: row.count}
		preview, previewed := b.Preview(job)
		made, err := b.Create(job)
		if apptest.Key(err) != row.fault || apptest.Key(previewed) != row.fault {
			t.Errorf("%s: %v, %v", row.name, err, previewed)
		}
		if made != nil && (len(made.Warnings) == 1) != row.told || (len(preview.Warnings) == 1) != row.told {
			t.Errorf("%s: %v", row.name, preview.Warnings)
		}
	}
	for text, want := range map[string]int64{"0": 0, " 42 ": 42, "４２": 42, "x": -1, "1.5": -1, "99999999999999999999": -1} {
		if got := Count(text); got == nil || *got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if Count(" ") != nil {
		t.Error("an empty field is a count")
	}
}

// F109
func TestAProductCodeThatCannotBeMeantIsRefused(t *testing.T) {
	b := newBench(t, acme())
	for _, code := range []string{" acmecad", "acmecad\u00a0", "аcmecad", `"acmecad"`, "acme\u200bcad", "ａcmecad"} {
		if _, err := b.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID, Product: code}); !errors.Is(err, fault.New(fault.Input, "profile.product_code")) {
			t.Errorf("%q: %v", code, err)
		}
	}
}

// What is proposed in the form's field is looked at before it counts, so it need not be certain.
func TestWhatWasProbablyMeantIsProposedAndWhatIsRightIsLeftAlone(t *testing.T) {
	for _, row := range []struct {
		job  Create
		want string
		must bool
	}{
		{Create{LicenseKey: licenseKey}, licenseKey, false},
		{Create{LicenseKey: "“GPYC–X5J2–L5SK–C3LK”"}, licenseKey, true},
		{Create{LicenseKey: "gpyc-x5j2-l5sk-c3lk"}, licenseKey, false},
		{Create{LicenseKey: "my-own-key"}, "my-own-key", false},
		{Create{Username: "anna@acme.example"}, "anna@acme.example", false},
		{Create{Username: " anna@acme.example\u200b"}, "anna@acme.example", true},
	} {
		if got, must := Suggested(row.job); got != row.want || must != row.must {
			t.Errorf("%+v: %q, %v; want %q, %v", row.job, got, must, row.want, row.must)
		}
	}
}

func TestTheHardwareIDIsTheTypedOneElseThatOfTheSource(t *testing.T) {
	b := newBench(t, acme())
	b.Computer = machine.OfFiles(fstest.MapFS{"etc/machine-id": {Data: []byte("4d1f0c2b9e8a47d6b3c5a1908f7e6d5c")}})
	read, err := b.Computer.HardwareID(machine.MachineID, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		job  Create
		want string
		key  string
	}{
		{"typed", Create{HardwareID: hardwareID}, hardwareID, ""},
		{"typed though a source is named", Create{HardwareID: hardwareID, Source: machine.MachineID}, hardwareID, ""},
		{"of a source", Create{Source: machine.MachineID}, read.Value, ""},
		{"of the profile's, which is typed", Create{}, "", machine.ErrTyped.Key},
	} {
		if id, err := b.HardwareID(row.job); id.Value != row.want || apptest.Key(err) != row.key {
			t.Errorf("%s: %q, %v", row.name, id.Value, err)
		}
	}
}
