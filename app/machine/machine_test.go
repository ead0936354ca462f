package machine

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/denisbrodbeck/machineid"
	"github.com/google/go-cmp/cmp"

	"handback/app/fault"
	"handback/app/words"
)

// Invented IDs, and what they hash to: printf %s ID | sha256sum.
const (
	etcID     = "4d1f0c2b9e8a47d6b3c5a1908f7e6d5c"
	etcHash   = "14631cb11526e1694e9bd09919a898e1b35ee33a06b61664d212aa826605037c"
	dbusID    = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	dbusHash  = "435cdbd557a00db74aad01efa3c83ef79fb0ff6e7cd49b9bee040ac6413e6a06"
	vendorID  = "7C9E6679-7425-40DE-944B-E07FC1F90AE7"
	vendorSum = "444d2fc6e36b55f328ede802cee76f91ed4be20caab780be558440449fdfde1d"
	crHash    = "4bb33c259a0133b8560c1f0a2067e3be6484d22dc2a9eda8cca343ffbcf05316" // of etcID and \r
	guid      = "8f3a1c5e-2b4d-4e6f-9a0b-1c2d3e4f5a6b"
	guidHash  = "7b34438037b06465a1a11f4eb20ae4b3678aa4bcf8d12ac29e84ff89e56af985"
	smbiosSum = "d3a90d7c845e316455c3209ec7664dcf1cd2cebae4b0bbabd2e81303e033f3d7" // of recordedUUID

	// printf %s com.example.app | openssl dgst -sha256 -hmac DBUSID
	application = "com.example.app"
	protectedID = "5f57d77ee8b738ea20da1d80941856270e7d030d6feb79d93d1d8bcabcabaa94"
)

// files returns a root with the given paths and texts.
func files(pairs ...string) fstest.MapFS {
	root := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		root[strings.TrimPrefix(pairs[i], "/")] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return root
}

// likeTheLibrary behaves with a root as machineid 1.0.1 does with the real one, including
// its traps.
func likeTheLibrary(root fs.FS) library {
	id := func() (string, error) {
		text, err := fs.ReadFile(root, dbusFile[1:])
		if err != nil {
			text, err = fs.ReadFile(root, etcFile[1:])
		}
		return strings.TrimSpace(string(text)), err
	}
	return library{id, func(application string) (string, error) {
		key, err := id()
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(application))
		return hex.EncodeToString(mac.Sum(nil)), err
	}}
}

func linux(pairs ...string) *Computer {
	root := files(pairs...)
	return onLinux(root, likeTheLibrary(root))
}

func constant(id string) func() (string, error) { return func() (string, error) { return id, nil } }

func windowsWith(table []byte, guid string) *Computer {
	firmware := func() ([]byte, error) { return table, nil }
	cards := func() ([]card, error) { return []card{{"Ethernet", "00:1b:63:2f:4a:9c"}, {"Tunnel", ""}}, nil }
	return onWindows(firmware, constant(guid), cards, library{constant(guid), func(string) (string, error) { return protectedID, nil }})
}

func mac() *Computer {
	cards := func() ([]card, error) { return []card{{"en0", "00:1b:63:2f:4a:9c"}}, nil }
	return onMac(cards, library{constant(recordedUUID), func(string) (string, error) { return protectedID, nil }})
}

// a finding is the short form of a candidate: the keys of its doubts or its fault.
type finding struct {
	Value, Origin string
	Doubts        []string
	Fault         string
}

func short(c Candidate) finding {
	f := finding{Value: c.HardwareID.Value, Origin: c.HardwareID.Origin}
	for _, doubt := range c.HardwareID.Doubts {
		f.Doubts = append(f.Doubts, strings.TrimPrefix(doubt.Key, "machine.doubt."))
	}
	if c.Err != nil {
		f.Fault = c.Err.Error()
		var known *fault.Fault
		if errors.As(c.Err, &known) {
			f.Fault = strings.TrimPrefix(known.Key, "machine.")
		}
	}
	return f
}

func read(c *Computer, source Source) finding {
	id, err := c.HardwareID(source, application)
	return short(Candidate{id, err})
}

func TestEachSourceOnLinuxReadsItsFiles(t *testing.T) {
	tests := []struct {
		name   string
		source Source
		on     *Computer
		want   finding
	}{
		{"the first line of /etc/machine-id is hashed", LicenseSpring,
			linux(etcFile, etcID+"\nmore\n", dbusFile, dbusID), finding{etcHash, etcFile, nil, ""}},
		{"without a line end", LicenseSpring, linux(etcFile, etcID), finding{etcHash, etcFile, nil, ""}},
		{"nothing is trimmed", LicenseSpring, linux(etcFile, etcID+"\r\n"), finding{crHash, etcFile, []string{"not_machine_id"}, ""}},
		{"else the D-Bus file", LicenseSpring, linux(dbusFile, dbusID+"\n", vendorFile, vendorID), finding{dbusHash, dbusFile, nil, ""}},
		{"an empty file is passed over", LicenseSpring, linux(etcFile, "", dbusFile, dbusID), finding{dbusHash, dbusFile, nil, ""}},
		{"else the vendor's file", LicenseSpring, linux(vendorFile, vendorID+"\n"), finding{vendorSum, vendorFile, nil, ""}},
		{"a vendor's file that is no UUID", LicenseSpring, linux(vendorFile, etcID), finding{etcHash, vendorFile, []string{"not_uuid"}, ""}},
		{"no file", LicenseSpring, linux(), finding{Fault: "no_file"}},
		{"only empty files", LicenseSpring, linux(etcFile, "", dbusFile, "", vendorFile, ""), finding{Fault: "no_file"}},
		{"cryptography is the same", LicenseSpringCryptography, linux(etcFile, etcID+"\n"), finding{etcHash, etcFile, nil, ""}},
		{"a machine ID as it is", MachineID, linux(dbusFile, dbusID+"\n"), finding{dbusID, dbusFile, nil, ""}},
		{"a machine ID from /etc", MachineID, linux(etcFile, etcID+"\n"), finding{etcID, etcFile, nil, ""}},
		{"a machine ID of another shape", MachineID, linux(etcFile, "box-17\n"), finding{"box-17", etcFile, []string{"not_machine_id"}, ""}},
		{"the same ID in both files is no doubt", MachineID, linux(etcFile, dbusID, dbusFile, dbusID+"\n"), finding{dbusID, dbusFile, nil, ""}},
		{"two machine IDs", MachineID, linux(etcFile, etcID, dbusFile, dbusID), finding{dbusID, dbusFile, []string{"files_differ"}, ""}},
		{"no machine ID", MachineID, linux(vendorFile, vendorID), finding{Fault: "no_file"}},
		{"a machine ID with a control character", MachineID, linux(etcFile, "box\x0017"), finding{Origin: etcFile, Fault: "control"}},
		{"a machine ID that is no text", MachineID, linux(etcFile, "box\xff17"), finding{Origin: etcFile, Fault: "not_text"}},
		{"a protected ID", ProtectedID, linux(dbusFile, dbusID+"\n"), finding{protectedID, dbusFile, nil, ""}},
		{"a protected ID is sure of its file", ProtectedID, linux(dbusFile, dbusID, etcFile, etcID), finding{protectedID, dbusFile, nil, ""}},
		{"no protected ID", ProtectedID, linux(), finding{Fault: "no_file"}},
		{"a network card", MACDecimal, linux("/sys/class/net/eth0/address", "00:1b:63:2f:4a:9c\n"), finding{"117628160668", "eth0", nil, ""}},
		{"no network card", MACDecimal, linux("/sys/class/net/bonding_masters", ""), finding{Fault: "no_card"}},
		{"no list of network cards", MACDecimal, linux(), finding{Origin: "network cards", Fault: "unreadable"}},
		{"a typed ID is not read", Typed, linux(etcFile, etcID), finding{Fault: "typed"}},
		{"an unknown source", "license-spring", linux(etcFile, etcID), finding{Fault: "unknown_source"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, read(test.on, test.source)); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

func TestEachSourceOnWindowsAndMacOS(t *testing.T) {
	const guidOrigin = `HKLM\SOFTWARE\Microsoft\Cryptography\MachineGuid`
	pc := windowsWith(firmware(t, "recorded-pc.hex"), guid)
	tests := []struct {
		name   string
		source Source
		on     *Computer
		want   finding
	}{
		{"Windows hashes the SMBIOS UUID", LicenseSpring, pc, finding{smbiosSum, "SMBIOS system UUID", nil, ""}},
		{"Windows without a UUID", LicenseSpring, windowsWith(firmware(t, "old.hex"), guid), finding{Origin: "SMBIOS system UUID", Fault: "smbios_without_uuid"}},
		{"Windows hashes the MachineGuid as stored", LicenseSpringCryptography, pc, finding{guidHash, guidOrigin, nil, ""}},
		{"the MachineGuid as it is", MachineID, pc, finding{guid, guidOrigin, nil, ""}},
		{"a MachineGuid of another shape", MachineID, windowsWith(nil, "PC-17"), finding{"PC-17", guidOrigin, []string{"not_uuid"}, ""}},
		{"Windows' protected ID", ProtectedID, pc, finding{protectedID, guidOrigin, nil, ""}},
		{"Windows' network card", MACDecimal, pc, finding{"117628160668", "Ethernet", nil, ""}},
		{"the vendor's ID on macOS is not guessed", LicenseSpring, mac(), finding{Fault: "unknown_on_macos"}},
		{"nor its other one", LicenseSpringCryptography, mac(), finding{Fault: "unknown_on_macos"}},
		{"IOPlatformUUID", MachineID, mac(), finding{recordedUUID, "IOPlatformUUID", nil, ""}},
		{"macOS' protected ID", ProtectedID, mac(), finding{protectedID, "IOPlatformUUID", nil, ""}},
		{"macOS' network card", MACDecimal, mac(), finding{"117628160668", "en0", nil, ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, read(test.on, test.source)); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

func TestWhatTheSystemWillNotTellIsAFault(t *testing.T) {
	no := errors.New("access denied")
	id := func() (string, error) { return "", no }
	protected := func(string) (string, error) { return "", no }
	pc := onWindows(func() ([]byte, error) { return nil, no }, id, func() ([]card, error) { return nil, no }, library{id, protected})
	pcs := map[Source]*Computer{LicenseSpring: pc, LicenseSpringCryptography: pc, MachineID: pc, MACDecimal: pc,
		ProtectedID: onMac(nil, library{constant(recordedUUID), protected})}
	for source, computer := range pcs {
		id, err := computer.HardwareID(source, application)
		if short(Candidate{Err: err}).Fault != "unreadable" || !errors.Is(err, no) || fault.KindOf(err) != fault.Hardware || id.Source != source || id.Origin == "" {
			t.Errorf("%s: got %+v, %v", source, id, err)
		}
	}
}

// F36: IDs that are not unique to a machine are refused by all sources.
func TestAnIDThatManyMachinesShareIsRefused(t *testing.T) {
	tests := []struct{ name, text, fault string }{
		{"an empty line", "\n", "empty"},
		{"spaces", "  \n", "empty"},
		{"uninitialized", "uninitialized\n", "uninitialized"},
		{"zeros", "00000000-0000-0000-0000-000000000000", "junk"},
		{"zeros as a machine ID", "00000000000000000000000000000000\n", "junk"},
		{"all F", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "junk"},
		{"all f, lower case", "ffffffff-ffff-ffff-ffff-ffffffffffff\n", "junk"},
		{"a maker's example", "03000200-0400-0500-0006-000700080009", "junk"},
		{"a maker's example without dashes", "03000200040005000006000700080009", "junk"},
		{"another maker's", "00020003-0004-0005-0006-000700080009", "junk"},
		{"one digit", "11111111-1111-1111-1111-111111111111", "junk"},
		{"one digit a group", "11111111-2222-3333-4444-555555555555", "junk"},
		{"a short piece again and again", "FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE", "junk"},
		{"blanks in ASCII", "20202020-2020-2020-2020-202020202020", "junk"},
		{"a piece twice", "deadbeef-cafe-f00d-dead-beefcafef00d", "junk"},
		{"counted up", "12345678-1234-5678-90ab-cddeefaabbcc", "junk"},
		{"the standard's example", exampleUUID, "junk"},
		{"all hexadecimal digits", "0123456789abcdef0123456789abcdef\n", "junk"},
	}
	computers := map[string]func(text string) *Computer{
		etcFile:   func(text string) *Computer { return linux(etcFile, text) },
		dbusFile:  func(text string) *Computer { return linux(dbusFile, text, etcFile, "") },
		"Windows": func(text string) *Computer { return windowsWith(nil, text) },
	}
	for _, test := range tests {
		for where, computer := range computers {
			for _, source := range []Source{LicenseSpring, LicenseSpringCryptography, MachineID, ProtectedID} {
				if where == "Windows" && source == LicenseSpring {
					continue // below: it reads the firmware
				}
				_, err := computer(test.text).HardwareID(source, application)
				if got := short(Candidate{Err: err}).Fault; got != test.fault || fault.KindOf(err) != fault.Hardware {
					t.Errorf("%s in %s by %s: got %v", test.name, where, source, err)
				}
			}
		}
	}
}

func TestAJunkUUIDInTheFirmwareIsRefused(t *testing.T) {
	whole := firmware(t, "bare.hex")
	for _, uuid := range []string{
		strings.Repeat("\x00", 16), strings.Repeat("\xff", 16),
		"\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00\x07\x00\x08\x00\x09",
	} {
		copy(whole[16:], uuid) // behind the header and the structure's first eight bytes
		if got := read(windowsWith(whole, guid), LicenseSpring); got.Fault != "junk" {
			t.Errorf("%x: got %+v", uuid, got)
		}
	}
}

// machineid returns "" without an error for an empty D-Bus file, and would use it as key.
func TestAnEmptyMachineIDIsAnErrorAndKeysNothing(t *testing.T) {
	c := linux(dbusFile, "", etcFile, etcID)
	for _, source := range []Source{ProtectedID} {
		want := finding{Origin: dbusFile, Fault: "empty"}
		if diff := cmp.Diff(want, read(c, source)); diff != "" {
			t.Errorf("%s: want -, got +\n%s", source, diff)
		}
	}
}

func TestBothMachineIDsAreShownWhereTheFilesDiffer(t *testing.T) {
	tests := []struct {
		name      string
		dbus, etc string
		want      []finding
	}{
		{"two IDs", dbusID, etcID, []finding{{dbusID, dbusFile, []string{"files_differ"}, ""}, {etcID, etcFile, []string{"files_differ"}, ""}}},
		{"one of them empty", "", etcID, []finding{{etcID, etcFile, []string{"useless_file"}, ""}}},
		{"one of them not there yet", dbusID, "uninitialized", []finding{{dbusID, dbusFile, nil, ""}}},
		{"one of them junk", dbusID, "00000000000000000000000000000000", []finding{{dbusID, dbusFile, nil, ""}}},
		{"none of its own", "uninitialized", "", []finding{{Origin: dbusFile, Fault: "uninitialized"}}},
		{"an empty second", dbusID, "", []finding{{dbusID, dbusFile, nil, ""}}},
		{"the same", dbusID, dbusID + "\n", []finding{{dbusID, dbusFile, nil, ""}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []finding
			for _, c := range linux(dbusFile, test.dbus, etcFile, test.etc).All("") {
				if c.HardwareID.Source == MachineID {
					got = append(got, short(c))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

func TestAllShowsEverySourceAndEveryCard(t *testing.T) {
	c := linux(etcFile, etcID, "/sys/class/net/eth0/address", "00:1b:63:2f:4a:9c\n", "/sys/class/net/eth1/address", "02:00:5e:10:00:01\n")
	want := []finding{
		{etcHash, etcFile, nil, ""}, {etcHash, etcFile, nil, ""}, {etcID, etcFile, nil, ""}, {Fault: "no_application_id"},
		{"117628160668", "eth0", nil, ""}, {"2200601362433", "eth1", []string{"local_address"}, ""},
	}
	var got []finding
	var sources []Source
	for _, candidate := range c.All("") {
		got = append(got, short(candidate))
		sources = append(sources, candidate.HardwareID.Source)
	}
	if diff := cmp.Diff(want, got[:min(len(want), len(got))]); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	if diff := cmp.Diff(Sources(), slices.Compact(sources)); diff != "" {
		t.Errorf("sources: want -, got +\n%s", diff)
	}
}

func TestAPersonChoosesAmongSeveralCards(t *testing.T) {
	const net = "/sys/class/net/"
	_, err := linux(net+"eth0/address", "00:1b:63:2f:4a:9c", net+"wlan0/address", "00:1b:63:2f:4a:9d").HardwareID(MACDecimal, "")
	if !errors.Is(err, ErrSeveralCards) || !strings.Contains(err.Error(), "eth0 117628160668, wlan0 117628160669") {
		t.Errorf("got %v", err)
	}
}

func TestOnlyCardsWithAnAddressCount(t *testing.T) {
	const net = "/sys/class/net/"
	c := linux(net+"lo/address", "00:00:00:00:00:00", net+"lo/type", "772\n",
		net+"loop9/address", "02:11:22:33:44:55", net+"loop9/type", "772\n", // a loopback with an address
		net+"eth0/address", "00:1b:63:2f:4a:9c\n", net+"eth0/type", "1\n",
		net+"br0/address", "00:1b:63:2f:4a:9c\n", // a bridge has its port's address
		net+"sit0/address", "0.0.0.0", net+"ib0/address", "80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1",
		net+"dummy0/address", "00:00:00:00:00:00", net+"dummy0/type", "1\n",
		net+"odd0/address", "1:2:3:4:5:6", net+"odd1/address", "zz:00:00:00:00:01", net+"none/speed", "1000")
	id, err := c.HardwareID(MACDecimal, "")
	if id.Value != "117628160668" || err != nil {
		t.Errorf("got %+v, %v", id, err)
	}
}

// F36.
func TestAnIDThatChangesBetweenTwoReadsIsAFault(t *testing.T) {
	root := files(dbusFile, dbusID)
	steady := likeTheLibrary(root)
	for name, answers := range map[string][]string{"another": {dbusID, etcID}, "lost": {dbusID, ""}, "found": {"", dbusID}} {
		t.Run(name, func(t *testing.T) {
			turn := 0
			c := onLinux(root, library{func() (string, error) { turn++; return answers[(turn-1)%2], nil }, steady.protectedID})
			if _, err := c.HardwareID(MachineID, ""); !errors.Is(err, ErrChanged) || fault.KindOf(err) != fault.Hardware {
				t.Errorf("got %v", err)
			}
			if i := slices.IndexFunc(c.All(""), func(c Candidate) bool { return errors.Is(c.Err, ErrChanged) }); i != 2 {
				t.Errorf("All names it at %d", i)
			}
		})
	}
}

func TestProtectedIDNeedsAnApplicationID(t *testing.T) {
	_, err := linux(dbusFile, dbusID).HardwareID(ProtectedID, "")
	if !errors.Is(err, ErrNoApplicationID) || !strings.Contains(fault.Explain(err, english).Advice, "application_id") {
		t.Errorf("got %v", err)
	}
}

// The real library, on the machine that runs the tests: the result is the unchanged
// machine ID, or a fault if there is none.
func TestTheRealMachineIDIsTheLibrarys(t *testing.T) {
	want, failed := machineid.ID()
	got, err := Local().HardwareID(MachineID, "")
	if failed != nil || refuse(want, "") != nil {
		if fault.KindOf(err) != fault.Hardware {
			t.Fatalf("no machine ID here (%v): got %v, %v", failed, got, err)
		}
		return
	}
	if err != nil || got.Value != want || got.Origin == "" {
		t.Fatalf("got %+v, %v; want %q", got, err, want)
	}
	want, _ = machineid.ProtectedID(application)
	if got, err := Local().HardwareID(ProtectedID, application); err != nil || got.Value != want {
		t.Errorf("got %+v, %v; want %q", got, err, want)
	}
}

// Profiles name these: a new source is added below them.
func TestSourcesAreSpelledAsInAProfile(t *testing.T) {
	want := []Source{"licensespring", "licensespring-cryptography", "machine-id", "protected-id", "mac-decimal"}
	if diff := cmp.Diff(want, Sources()[:len(want)]); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	for source, valid := range map[Source]bool{"typed": true, "mac-decimal": true, "": false, "Typed": false, "mac": false} {
		if source.Valid() != valid {
			t.Errorf("%q: valid is %v", source, !valid)
		}
	}
}

func TestEverySourceIsReadOnEverySystemAndSaysItsName(t *testing.T) {
	reference := ""
	for _, pattern := range []string{"../../README.md", "../../docs/*.md"} {
		pages, err := filepath.Glob(pattern)
		if err != nil || pages == nil {
			t.Fatal(pattern, err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			reference += string(text)
		}
	}
	for _, row := range sources {
		key := "source." + string(row.name)
		switch {
		case row.linux == nil || row.windows == nil:
			t.Errorf("the row %s of sources in app/machine/sources.go lacks what reads it on Linux or on Windows", row.name)
			continue
		case !words.English().Has(key):
			t.Errorf("people read no name of %s: add %s to assets/translation/en.json", row.name, key)
		case !strings.Contains(reference, string(row.name)):
			t.Errorf("a vendor does not find %s: add it where README.md or docs/ lists what hardware.source can be", row.name)
		}
		for system, c := range map[string]*Computer{"Linux": linux(etcFile, etcID), "Windows": windowsWith(nil, guid), "macOS": mac()} {
			for _, candidate := range c.candidates(row.name, application) {
				if candidate.HardwareID.Source != row.name {
					t.Errorf("on %s what is read for %s says that it is of %s: its reader must name the source that it is given", system, row.name, candidate.HardwareID.Source)
				}
			}
		}
	}
}
