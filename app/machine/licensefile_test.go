package machine

import (
	"errors"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/fault"
)

func TestTheHardwareIDIsTakenFromARequestOrLicenseFile(t *testing.T) {
	nested := func(depth int) string {
		return strings.Repeat(`{"a":`, depth-1) + `{"hardware_id":"box"}` + strings.Repeat(`}`, depth-1)
	}
	tests := []struct{ name, file, want, fault string }{
		{"JSON", `{"product":"p","hardware_id":"box"}`, "box", ""},
		{"base64 of JSON", apptest.Base64(`{"hardware_id":"box"}`), "box", ""},
		{"base64 with a line end", apptest.Base64(`{"hardware_id":"box"}`) + "\r\n", "box", ""},
		{"a byte order mark and white space", "\ufeff \r\n" + `{"hardware_id":"box"}` + "\n", "box", ""},
		{"a request of schema 2", `{"request":{"hardware_id":"box"},"signature":"x"}`, "box", ""},
		{"a bundle's licenses", `[{"license":{"hardware_id":"box"}},{"license":{"hardware_id":"box"}}]`, "box", ""},
		{"neither trimmed nor re-cased", `{"hardware_id":" Box "}`, " Box ", ""},
		{"escapes are undone", `{"hardware_id":"b\u00f6x\/"}`, "böx/", ""},
		{"a string that is called like the member", `{"a":["hardware_id"],"b":"hardware_id","hardware_id":"box"}`, "box", ""},
		{"as deep as it may be", nested(maxDepth), "box", ""},
		{"too deep", nested(maxDepth + 1), "", "file_too_deep"},
		{"a final newline of old Python", `{"hardware_id":"box\n"}`, "", "file_control"},
		{"a zero byte", `{"hardware_id":"b\u0000ox"}`, "", "file_control"},
		{"a control character of the second block", `{"hardware_id":"b\u0085ox"}`, "", "file_control"},
		{"two that differ", `{"hardware_id":"box","license":{"hardware_id":"Box"}}`, "", "file_several_ids"},
		{"none", `{"product":"p"}`, "", "file_without_id"},
		{"in another case", `{"Hardware_ID":"box"}`, "", "file_without_id"},
		{"an empty one", `{"hardware_id":""}`, "", "file_without_id"},
		{"a number", `{"hardware_id":17}`, "", "file_without_id"},
		{"a list", `{"hardware_id":["box"]}`, "", "file_without_id"},
		{"a member twice", `{"hardware_id":"box","hardware_id":"box"}`, "", "file_unreadable"},
		{"something behind", `{"hardware_id":"box"}{}`, "", "file_unreadable"},
		{"cut short", `{"hardware_id":"box"`, "", "file_unreadable"},
		{"bytes that are no UTF-8", "{\"hardware_id\":\"b\xffox\"}", "", "file_unreadable"},
		{"half a surrogate pair", `{"hardware_id":"b\ud800ox"}`, "", "file_unreadable"},
		{"base64 cut short", apptest.Base64(`{"hardware_id":"box"}`)[:9], "", "file_unreadable"},
		{"base64 with bits left over", strings.Replace(apptest.Base64(`{"hardware_id":"bo"}`), "n0=", "n1=", 1), "", "file_unreadable"},
		{"base64 of base64", apptest.Base64(apptest.Base64(`{"hardware_id":"box"}`)), "", "file_unreadable"},
		{"nothing", "", "", "file_unreadable"},
		{"a certificate request", "-----BEGIN CERTIFICATE REQUEST-----\n", "", "file_unreadable"},
		{"too long", `{"hardware_id":"box"}` + strings.Repeat(" ", maxLicenseFile), "", "file_too_long"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := FromLicenseFile([]byte(test.file))
			if got != test.want || short(Candidate{Err: err}).Fault != test.fault {
				t.Errorf("got %q, %v; want %q, %s", got, err, test.want, test.fault)
			}
			if err != nil && fault.KindOf(err) != fault.Input {
				t.Errorf("a fault of kind %s", fault.KindOf(err))
			}
		})
	}
}

func TestAControlCharacterInAFileIsNamed(t *testing.T) {
	_, err := FromLicenseFile([]byte(`{"hardware_id":"box\r\n"}`))
	if err == nil || !strings.Contains(err.Error(), "U+000D, U+000A") {
		t.Errorf("got %v", err)
	}
}

func FuzzFromLicenseFile(f *testing.F) {
	f.Add([]byte(`{"hardware_id":"box"}`))
	f.Add([]byte(apptest.Base64(`[{"license":{"hardware_id":"box"}}]`)))
	f.Add([]byte(`{"hardware_id":"box\n"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		id, err := FromLicenseFile(data)
		if (err == nil) != (id != "") {
			t.Errorf("got %q, %v", id, err)
		}
		if err == nil && refuseID(id, "") != nil {
			t.Errorf("an ID that cannot be signed: %q", id)
		}
		var known *fault.Fault
		if err != nil && !errors.As(err, &known) {
			t.Errorf("no fault: %v", err)
		}
	})
}
