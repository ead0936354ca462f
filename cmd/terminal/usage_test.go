package terminal

import "testing"

func TestWhatWasProbablyMeantIsFoundAndNothingElse(t *testing.T) {
	names := []string{"create", "hardware-from", "hardware-id", "help", "history", "inspect", "json", "license-id", "license-key", "output", "submit"}
	for typed, want := range map[string]string{
		"creat": "create", "licence-key": "license-key", "Licence-Key": "license-key", "licensekey": "license-key", "hlep": "help", "subm": "submit",
		"licence": "license-id", "jsn": "json", "out": "output", "inpsect": "inspect", "destroy": "", "x": "", "": "", "é": "", "profile": "",
	} {
		if got := nearest(typed, names); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
