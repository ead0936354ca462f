package machine

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"handback/app/fault"
)

// The example of DSP0134, section 7.2.1.
const exampleUUID = "00112233-4455-6677-8899-AABBCCDDEEFF"

// The UUID of the recorded firmware (QEMU's -uuid).
const recordedUUID = "6F1D0C3A-92B4-4E57-8A11-3C5D7E9F0B24"

var (
	errDamaged     = fault.New(fault.Hardware, "machine.smbios_damaged")
	errWithoutUUID = fault.New(fault.Hardware, "machine.smbios_without_uuid")
)

// firmware reads a table of testdata.
func firmware(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	digits := regexp.MustCompile(`(?m)#.*$|\s+`).ReplaceAll(text, nil)
	table, err := hex.DecodeString(string(digits))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// rsmb puts structures after a header with their length.
func rsmb(structures ...string) []byte {
	table := strings.Join(structures, "")
	return append([]byte{0, 3, 0, 0, byte(len(table)), byte(len(table) >> 8), 0, 0}, table...)
}

func TestTheSystemUUIDIsFoundInAFirmwareTable(t *testing.T) {
	const system = "\x01\x1b\x01\x00\x00\x00\x00\x00\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff\x06\x00\x00\x00\x00"
	const other = "\x01\x1b\x02\x00\x00\x00\x00\x00\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\x06\x00\x00\x00\x00"
	const end = "\x7f\x04\xff\x00\x00\x00"
	tests := []struct {
		name string
		raw  []byte
		want string
		err  error
	}{
		{"recorded, 32-bit entry point", firmware(t, "recorded-pc.hex"), recordedUUID, nil},
		{"recorded, 64-bit entry point", firmware(t, "recorded-q35.hex"), recordedUUID, nil},
		{"desktop", firmware(t, "desktop.hex"), exampleUUID, nil},
		{"without strings or end", firmware(t, "bare.hex"), exampleUUID, nil},
		{"version 2.0 has no UUID", firmware(t, "old.hex"), "", errWithoutUUID},
		{"bytes behind the table are not part of it", append(rsmb("\x02\x04\x00\x00\x00\x00"), system...), "", errWithoutUUID},
		{"the first of two", rsmb(system, other), exampleUUID, nil},
		{"nothing after the end", rsmb(end, system), "", errWithoutUUID},
		{"an empty table", rsmb(), "", errWithoutUUID},
		{"nothing at all", nil, "", errDamaged},
		{"a header cut short", rsmb()[:7], "", errDamaged},
		{"a length beyond the bytes", []byte{0, 3, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 27}, "", errDamaged},
		{"a structure of length zero", rsmb("\x02\x00\x00\x00\x00\x00", system), "", errDamaged},
		{"a structure of length three", rsmb("\x02\x03\x00\x00\x00\x00", system), "", errDamaged},
		{"a structure longer than the table", rsmb("\x01\xff\x00\x00\x00\x00"), "", errDamaged},
		{"strings without an end", rsmb("\x02\x04\x00\x00abc\x00def"), "", errDamaged},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := systemUUID(test.raw)
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestAFirmwareTableCutAnywhereGivesNoUUID(t *testing.T) {
	whole := firmware(t, "desktop.hex")
	for length := range whole {
		if got, err := systemUUID(whole[:length]); got != "" || !errors.Is(err, errDamaged) {
			t.Errorf("the first %d bytes: got %q, %v", length, got, err)
		}
	}
}

func FuzzSystemUUID(f *testing.F) {
	for _, name := range []string{"desktop.hex", "bare.hex", "old.hex"} {
		f.Add(firmware(f, name))
	}
	f.Add(rsmb("\x02\x04\x00\x00abc\x00def"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		uuid, err := systemUUID(raw)
		if (err == nil) != likeUUID.form().MatchString(uuid) || uuid != strings.ToUpper(uuid) {
			t.Errorf("got %q, %v", uuid, err)
		}
		if err != nil && fault.KindOf(err) != fault.Hardware {
			t.Errorf("not a fault of kind hardware: %v", err)
		}
		if !bytes.Equal(raw, before) {
			t.Error("the table was changed")
		}
	})
}
