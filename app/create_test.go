package app

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
)

func TestACreatedRequestIsInEveryTarget(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	paths := map[Kind]string{RequestFile: filepath.Join(folder, "a.req"), QRFile: filepath.Join(folder, "a.png")}
	made := b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: paths[RequestFile]}, {Kind: QRFile, Path: paths[QRFile]}}})
	if len(made.Files) != 2 {
		t.Fatalf("%+v", made.Files)
	}
	for _, file := range made.Files {
		data, err := os.ReadFile(file.Path)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if file.Path != paths[file.Kind] || file.Bytes != len(data) || file.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%+v does not tell of its file", file)
		}
		if text := b.inspect(t, string(data)).Request.Encode(); text != made.Encode() {
			t.Errorf("%s holds %s", file.Path, text)
		}
	}
	if made.HardwareID.Source != machine.Typed || made.Request.HardwareID != hardwareID || made.Verify(secret.New([]byte(sharedKey))) != request.Valid {
		t.Errorf("%+v", made)
	}
}

func TestNothingIsWrittenWhenAnyTargetIsRefused(t *testing.T) {
	for _, row := range []struct {
		name    string
		second  func(folder string) Target
		replace bool
		want    string
	}{
		{"exists", func(f string) Target { return Target{Kind: RequestFile, Path: filepath.Join(f, "there.req")} }, false, durable.ErrExists.Key},
		{"is a folder", func(f string) Target { return Target{Kind: RequestFile, Path: filepath.Join(f, "folder")} }, true, durable.ErrNotRegular.Key},
		{"no such folder", func(f string) Target { return Target{Kind: RequestFile, Path: filepath.Join(f, "none", "a.req")} }, false, "durable.folder"},
		{"reserved name", func(f string) Target { return Target{Kind: RequestFile, Path: filepath.Join(f, "NUL.req")} }, false, durable.ErrName.Key},
		{"code in no form", func(f string) Target { return Target{Kind: QRFile, Path: filepath.Join(f, "code.jpg")} }, false, "app.code_form"},
		{"named in two ways", func(string) Target { return Target{Kind: RequestFile, Path: "first.req"} }, true, "app.same_target"},
		{"named twice", func(f string) Target { return Target{Kind: RequestFile, Path: filepath.Join(f, ".", "first.req")} }, false, "app.same_target"},
	} {
		t.Run(row.name, func(t *testing.T) {
			b, folder := newBench(t, acme()), t.TempDir()
			t.Chdir(folder)
			apptest.Write(t, filepath.Join(folder, "there.req"), "mine")
			if err := os.Mkdir(filepath.Join(folder, "folder"), 0o700); err != nil {
				t.Fatal(err)
			}
			before := apptest.Names(t, folder)
			made, err := b.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID, Replace: row.replace,
				Targets: []Target{{Kind: RequestFile, Path: filepath.Join(folder, "first.req")}, row.second(folder)}})
			if made != nil || apptest.Key(err) != row.want {
				t.Errorf("%v, %v; want %s", made, err, row.want)
			}
			if diff := cmp.Diff(before, apptest.Names(t, folder)); diff != "" {
				t.Errorf("the folder changed: %s", diff)
			}
			if data, _ := os.ReadFile(filepath.Join(folder, "there.req")); string(data) != "mine" {
				t.Errorf("a file that was there now holds %q", data)
			}
		})
	}
}

// longNote makes a request too long for one code of low density.
var longNote = []request.Variable{{Name: "note", Value: strings.Repeat("0123456789 abcdefghij, ", 20) + strings.Repeat("ß", 300)}}

func TestALongRequestHasAFileForEachOfItsCodes(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	target := []Target{{Kind: QRFile, Path: filepath.Join(folder, "a.png"), Drawing: carry.Drawing{Density: carry.LowDensity}}}
	made := b.create(t, Create{Targets: target, Variables: longNote})
	codes, err := made.Codes(carry.Drawing{Density: carry.LowDensity})
	if err != nil || len(codes) < 2 || len(made.Files) != len(codes) {
		t.Fatalf("%d codes, %v, files %+v", len(codes), err, made.Files)
	}
	var inputs []Input
	for i, file := range made.Files {
		if file.Path != filepath.Join(folder, fmt.Sprintf("a-%d.png", i+1)) {
			t.Errorf("code %d is in %s", i+1, file.Path)
		}
		inputs = append(inputs, Input{Name: file.Path})
	}
	slices.Reverse(inputs)
	all := b.Inspect(t.Context(), inputs)
	if len(all) != 1 || all[0].Err != nil || all[0].Request.Encode() != made.Encode() || len(all[0].Sources) != len(codes) {
		t.Errorf("%+v", all)
	}

	batch := b.Batch(Options{Only: true})
	batch.Add(t.Context(), inputs[1:]...)
	if rows := batch.Rows(); len(rows) != 1 || !errors.Is(rows[0].Err, carry.ErrMissing) || len(rows[0].Parts) != len(codes)-1 {
		t.Fatalf("%+v", rows)
	}
	batch.Add(t.Context(), inputs[0])
	if rows := batch.Rows(); len(rows) != 1 || rows[0].Err != nil || rows[0].Request.Encode() != made.Encode() {
		t.Errorf("%+v", rows)
	}
}

func TestWhereOneOfTheCodesFilesExistsNoneIsWritten(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	there := filepath.Join(folder, "a-2.png")
	apptest.Write(t, there, "mine")
	_, err := b.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID, Variables: longNote, Targets: []Target{
		{Kind: RequestFile, Path: filepath.Join(folder, "a.req")},
		{Kind: QRFile, Path: filepath.Join(folder, "a.png"), Drawing: carry.Drawing{Density: carry.LowDensity}}}})
	if !errors.Is(err, durable.ErrExists) {
		t.Fatalf("%v", err)
	}
	if diff := cmp.Diff([]string{"a-2.png"}, apptest.Names(t, folder)); diff != "" {
		t.Error(diff)
	}
}

func TestExportWritesTheSameRequestAgainAndReplacesOnlyWhenTold(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	made := b.create(t, Create{})
	target := []Target{{Kind: RequestFile, Path: filepath.Join(folder, "a.req")}}
	apptest.Write(t, target[0].Path, "mine")
	if err := b.Export(made, target, false); !errors.Is(err, durable.ErrExists) {
		t.Fatalf("%v", err)
	}
	if data, _ := os.ReadFile(target[0].Path); string(data) != "mine" || len(made.Files) != 0 {
		t.Errorf("%q, %v", data, made.Files)
	}
	if err := b.Export(made, target, true); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(target[0].Path); string(data) != made.Encode() || len(made.Files) != 1 {
		t.Errorf("%q, %v", data, made.Files)
	}
}

func TestTheFormRefusesWhatMustNotBeMade(t *testing.T) {
	typed := func(c Create) Create { c.HardwareID = hardwareID; return c }
	byKey, byUser := acme(), acme()
	byKey.Product.AuthorizationMethod, byUser.Product.AuthorizationMethod = profile.LicenseKey, profile.User
	for _, row := range []struct {
		name    string
		profile profile.Profile
		job     Create
		want    string
	}{
		{"no owner", acme(), typed(Create{}), "app.no_owner"},
		{"both owners", acme(), typed(Create{LicenseKey: licenseKey, Username: "me"}), request.ErrBothOwners.Key},
		{"username for a key product", byKey, typed(Create{Username: "me"}), "app.wants_license_key"},
		{"key for a user product", byUser, typed(Create{LicenseKey: licenseKey}), "app.wants_username"},
		{"look-alike dash", byKey, typed(Create{LicenseKey: "GPYC–X5J2"}), "request.license_key_form"},
		{"only spaces", acme(), typed(Create{LicenseKey: "  "}), "request.missing"},
		{"spaces around a username", byUser, typed(Create{Username: " me"}), "request.username_form"},
		{"hidden character in a username", byUser, typed(Create{Username: "m\u202ee"}), "request.username_form"},
		{"line break in the hardware ID", acme(), Create{LicenseKey: licenseKey, HardwareID: "a\nb"}, "request.hidden_character"},
		{"no hardware ID", acme(), Create{LicenseKey: licenseKey}, machine.ErrTyped.Key},
		{"source that fails", acme(), Create{LicenseKey: licenseKey, Source: machine.LicenseSpring}, "machine.unknown_source"},
		{"unknown schema", acme(), typed(Create{LicenseKey: licenseKey, Schema: 3}), "request.schema"},
	} {
		b := newBench(t, row.profile)
		if made, err := b.Create(row.job); made != nil || apptest.Key(err) != row.want {
			t.Errorf("%s: %v, %v; want %s", row.name, made, err, row.want)
		}
	}
}

func TestWithoutASecretNothingIsMade(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	for name, ask := range map[string]func() (secret.Secret, error){
		"none":    func() (secret.Secret, error) { return secret.Secret{}, secret.ErrNone },
		"nothing": func() (secret.Secret, error) { return secret.Secret{}, nil },
	} {
		b.App.Secret = ask
		made, err := b.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID, Targets: []Target{{Kind: RequestFile, Path: filepath.Join(folder, "a.req")}}})
		if made != nil || apptest.Key(err) != "app.no_key" || fault.KindOf(err).ExitStatus() != 5 {
			t.Errorf("%s: %v, %v", name, made, err)
		}
	}
	if left := apptest.Names(t, folder); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

// F34
func TestAClockBeforeTheReleaseStopsUnlessIgnored(t *testing.T) {
	for _, row := range []struct {
		name string
		now  time.Time
		want string
	}{
		{"1970", time.Unix(0, 0), "app.clock"},
		{"2000", time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), "app.clock"},
		{"the second before", Released.Add(-time.Second), "app.clock"},
		{"the release", Released, ""},
	} {
		b := newBench(t, acme())
		b.Now = func() time.Time { return row.now }
		job := Create{LicenseKey: licenseKey, HardwareID: hardwareID}
		if _, err := b.Create(job); apptest.Key(err) != row.want {
			t.Errorf("%s: %v", row.name, err)
		}
		if _, err := b.Preview(job); apptest.Key(err) != row.want {
			t.Errorf("%s, preview: %v", row.name, err)
		}
		if err := b.checkClock(); apptest.Key(err) != row.want {
			t.Errorf("%s, check: %v", row.name, err)
		}
		job.IgnoreClock = true
		made, err := b.Create(job)
		if err != nil {
			t.Errorf("%s, ignored: %v", row.name, err)
		} else if when, _ := made.Made(); !when.Equal(row.now.Truncate(time.Second)) {
			t.Errorf("%s: dated %s", row.name, made.Date)
		}
	}
}

// F32
func TestLicenseTypesThatCannotGoOfflineAreRefused(t *testing.T) {
	for _, row := range []struct {
		types []string
		want  string
	}{{nil, ""}, {[]string{"perpetual"}, ""}, {[]string{"floating", "trial"}, ""}, {[]string{"subscription", "floating"}, "app.license_types"}} {
		p := acme()
		p.Product.LicenseTypes = row.types
		_, err := newBench(t, p).Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID})
		if apptest.Key(err) != row.want {
			t.Errorf("%v: %v", row.types, err)
		}
		if row.want != "" && !strings.Contains(err.Error(), "subscription, floating") {
			t.Errorf("which types? %v", err)
		}
	}
}

func names(r *request.Request) []string {
	var all []string
	for _, m := range r.Members {
		all = append(all, m.Name)
	}
	return all
}

func TestARequestHoldsTheLeastAndHostDataOnlyAsTheProfileAsks(t *testing.T) {
	least := []string{"request", "request_id", "license_key", "hardware_id", "product", "date", "api_key"}
	all := map[string]string{"hostname": "workstation", "os_hostname": "workstation", "app_name": "Handback", "app_ver": Version, "sdk_lang": "Go"}
	for _, row := range [][]string{nil, {"hostname"}, {"os_hostname"}, {"app_name", "app_ver"}, profile.HostData} {
		p := acme()
		p.Request.HostData = row
		b := newBench(t, p)
		asked := false
		b.Hostname = func() (string, error) { asked = true; return "workstation", nil }
		made := b.create(t, Create{}).Request
		got := names(made)
		if diff := cmp.Diff(least, got[:len(least)]); diff != "" {
			t.Errorf("%v: %s", row, diff)
		}
		extra := slices.Sorted(slices.Values(got[len(least):]))
		if want := slices.Sorted(slices.Values(row)); !slices.Equal(extra, want) {
			t.Errorf("%v: the request also holds %v", row, extra)
		}
		for _, name := range row {
			if member(made, name) != all[name] {
				t.Errorf("%s is %q", name, member(made, name))
			}
		}
		if wants := slices.Contains(row, "hostname") || slices.Contains(row, "os_hostname"); asked != wants {
			t.Errorf("%v: the computer's name was read: %v", row, asked)
		}
	}
}

func TestAHostnameThatCannotBeReadIsSaid(t *testing.T) {
	p := acme()
	p.Request.HostData = []string{"hostname"}
	b := newBench(t, p)
	b.Hostname = func() (string, error) { return "", errors.New("no name") }
	_, err := b.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID})
	if apptest.Key(err) != "app.hostname" || !strings.Contains(err.Error(), "no name") {
		t.Errorf("%v", err)
	}
}

func TestWhatWasAskedForIsInTheRequest(t *testing.T) {
	none := int64(0)
	b := newBench(t, acme())
	made := b.create(t, Create{Username: "me@acme.example", Product: "acmecam", LicenseID: 42, Consumptions: &none,
		Variables: []request.Variable{{Name: "site", Value: "Graz"}}}).Request
	for name, want := range map[string]string{"username": "me@acme.example", "product": "acmecam", "license_id": "42",
		"consumptions": "0", "variables": `{"site":"Graz"}`, "license_key": "", "api_key": apiKey} {
		if got := member(made, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	two := b.create(t, Create{Schema: request.Schema2}).Request
	if two.Schema != request.Schema2 || two.Verify(secret.New([]byte(sharedKey))) != request.Valid {
		t.Errorf("%s", two.JSON())
	}
	if plain := b.create(t, Create{}).Request; slices.Contains(names(plain), "consumptions") || slices.Contains(names(plain), "license_id") {
		t.Errorf("what was not said is in it: %s", plain.JSON())
	}
}

func TestThePreviewShowsWhatTheRequestThenHolds(t *testing.T) {
	for name, job := range map[string]Create{
		"license key": {LicenseKey: licenseKey},
		"username":    {Username: "me@acme.example", LicenseID: 7},
		"schema 2":    {LicenseKey: licenseKey, Schema: request.Schema2, Variables: []request.Variable{{Name: "a", Value: "1"}}},
	} {
		p := acme()
		p.Request.HostData = []string{"hostname", "app_name"}
		b := newBench(t, p)
		job.HardwareID = hardwareID
		b.App.Secret = func() (secret.Secret, error) { t.Error("a preview needs no secret"); return secret.Secret{}, nil }
		preview, err := b.Preview(job)
		if err != nil {
			t.Fatal(err)
		}
		b.App.Secret = func() (secret.Secret, error) { return secret.New([]byte(sharedKey)), nil }
		made := b.create(t, job)
		if len(preview.Members) != len(made.Members) {
			t.Fatalf("%s: %v and %v", name, preview.Members, names(made.Request))
		}
		for i, m := range preview.Members {
			if m.Name != made.Members[i].Name || m.Text() != made.Members[i].Text() && m.Name != "request_id" {
				t.Errorf("%s: %s=%s was shown, %s=%s made", name, m.Name, m.Text(), made.Members[i].Name, made.Members[i].Text())
			}
		}
	}
}

func TestATypedHardwareIDIsPassedOnAsItIsWithAWarning(t *testing.T) {
	made := newBench(t, acme()).create(t, Create{HardwareID: "03000200-0400-0500-0006-000700080009"})
	if made.Request.HardwareID != "03000200-0400-0500-0006-000700080009" || len(made.Warnings) == 0 {
		t.Errorf("%+v, %v", made.Request.HardwareID, made.Warnings)
	}
	if fine := newBench(t, acme()).create(t, Create{}); len(fine.Warnings) != 0 {
		t.Errorf("%v", fine.Warnings)
	}
}

func TestEachRequestHasAnIDOfItsOwn(t *testing.T) {
	b := newBench(t, acme())
	first, second := b.create(t, Create{}), b.create(t, Create{})
	if first.RequestID == second.RequestID || first.FileName() == second.FileName() || first.CheckCode() == second.CheckCode() {
		t.Errorf("%s and %s", first.RequestID, second.RequestID)
	}
}

func TestAVariableGivenTwiceIsAFaultOfUsage(t *testing.T) {
	b := newBench(t, acme())
	twice := []request.Variable{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}}
	_, err := b.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID, Variables: twice})
	if apptest.Key(err) != "app.variable_twice" || fault.KindOf(err) != fault.Usage {
		t.Error(err)
	}
}

func TestTheNameForPeopleSaysWhoseAndOfWhichDay(t *testing.T) {
	b, _ := withJournal(t)
	day := today.Local().Format("-2006-01-02")
	for name, row := range map[string]struct {
		job    Create
		middle string
	}{
		"a license key":  {Create{}, "-C3LK"},
		"a short key":    {Create{LicenseKey: "KEY-A"}, ""},
		"a username":     {Create{Username: "anna.müller-lüdenscheidt@acme.example"}, "-annamllerlde"},
		"no letters":     {Create{Username: "山田@acme.example"}, ""},
		"to be signed":   {Create{Unsigned: true}, "-C3LK"},
		"no path at all": {Create{Username: "../../etc"}, "-etc"},
	} {
		job := row.job
		if job.Username != "" {
			b.Profile.Product.AuthorizationMethod = "user"
		} else {
			b.Profile.Product.AuthorizationMethod = ""
		}
		made := b.create(t, job)
		end := ".req"
		if made.Handoff {
			end = ".handback"
		}
		got := made.ClearFileName(today)
		if want := strings.TrimSuffix(made.FileName(), end) + row.middle + day + end; got != want || len(got) > 60 {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if key := made.LicenseKey; len(key) > 4 && strings.Contains(strings.ReplaceAll(got, "-", ""), strings.ReplaceAll(key, "-", "")) {
			t.Errorf("%s: %s has the whole key", name, got)
		}
	}
}
