package sandbox

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/fault"
	"handback/app/words"
)

func TestAFileOfLicensesIsReadWhole(t *testing.T) {
	file, err := os.Open("testdata/licenses.toml")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := LoadLicenses(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []License{
		{Key: key, HardwareIDs: []string{hardware}, Blacklisted: []string{"stolen"}, Features: []string{"export"}},
		{Username: "user@example.com", ID: 42, Product: "other", ProductState: "archived", Bundle: "suite",
			Type: "trial", Expires: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Inactive: true, Disabled: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFileOfLicensesIsRefusedWithItsLine(t *testing.T) {
	for name, row := range map[string]struct{ text, key, says string }{
		"unknown member": {"[[license]]\nlicense_key = \"K\"\nlicence_key = \"K\"\n", "sandbox.licenses_member", "line 3: license.licence_key"},
		"unknown table":  {"\n[[licenses]]\nlicense_key = \"K\"\n", "sandbox.licenses_member", "line 2: licenses"},
		"syntax":         {"[[license]]\nlicense_key = K\n", "sandbox.licenses_syntax", "line 2"},
		"wrong type":     {"[[license]]\nlicense_key = 7\n", "sandbox.licenses_syntax", "line 2"},
		"no license":     {"", "sandbox.licenses_none", "lists none"},
		"no owner":       {"[[license]]\nlicense_key=\"K\"\n[[license]]\ntype = \"trial\"\n", "sandbox.license_owner", "license 2"},
		"type":           {"[[license]]\nlicense_key=\"K\"\ntype = \"rented\"\n", "sandbox.license_value", "rented"},
		"product state":  {"[[license]]\nlicense_key=\"K\"\nproduct_state = \"gone\"\n", "sandbox.license_value", "gone"},
		"too long":       {strings.Repeat("#", MaxLicenses+1), "sandbox.licenses_too_long", "1,048,576"},
	} {
		_, err := LoadLicenses(strings.NewReader(row.text))
		if !errors.Is(err, fault.New(fault.Input, row.key)) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e := fault.Explain(err, words.English()); e.Kind != fault.Input || e.Advice == "" || strings.Contains(e.Advice, "no value") {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if _, err := LoadLicenses(broken{}); !errors.Is(err, fault.New(fault.Input, "sandbox.licenses_unreadable")) {
		t.Error(err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }
