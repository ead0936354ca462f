package request

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/fault"
	"handback/app/secret"
)

type vector struct {
	Name         string `json:"name"`
	Key          string `json:"key"`
	Signature    string `json:"signature"`
	SignatureHex string `json:"signature_hex"`
	JSON         string `json:"json"`
	Base64       string `json:"base64"`
}

type vectors struct {
	Clock time.Time `json:"clock"`
	V1    []vector  `json:"v1"`
	V2    []vector  `json:"v2"`
	Inner []vector  `json:"v2_with_inner"`
	SDK   []vector  `json:"sdk_payload"`
}

func load(t testing.TB) (v vectors) {
	t.Helper()
	text, err := os.ReadFile("testdata/licensespring.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.V1)*len(v.V2)*len(v.Inner)*len(v.SDK) == 0 {
		t.Fatal("the vectors are missing")
	}
	return v
}

func decode(t testing.TB, text string) *Request {
	t.Helper()
	r, err := Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryVectorOfTheVendorsCodeVerifies(t *testing.T) {
	v := load(t)
	for _, rows := range [][]vector{v.V1, v.V2, v.Inner, v.SDK} {
		for _, row := range rows {
			r := decode(t, row.Base64)
			if string(r.JSON()) != row.JSON {
				t.Errorf("%s: decoded %s", row.Name, r.JSON())
			}
			if got := r.Verify(secret.New([]byte(row.Key))); got != Valid {
				t.Errorf("%s: signature %s", row.Name, got)
			}
			if got := r.Verify(secret.New([]byte(row.Key + "x"))); got != Invalid {
				t.Errorf("%s: with another key, signature %s", row.Name, got)
			}
			if got := r.Verify(secret.Secret{}); got != Unchecked {
				t.Errorf("%s: without a key, signature %s", row.Name, got)
			}
		}
	}
}

// draftOf returns the draft of a decoded request.
func draftOf(r *Request) Draft {
	d := Draft{Schema: r.Schema, RequestID: r.RequestID, LicenseKey: r.LicenseKey, Username: r.Username,
		HardwareID: r.HardwareID, Product: r.Product, APIKey: r.APIKey, ClientID: r.ClientID}
	for _, m := range r.Members {
		for _, name := range optionalOrder {
			if m.Name == name {
				d.Optional = append(d.Optional, m)
			}
		}
	}
	return d
}

func TestOurFormsAreSignedAgainToTheSameBytes(t *testing.T) {
	v := load(t)
	for _, rows := range [][]vector{v.V1, v.Inner} {
		for _, row := range rows {
			draft := draftOf(decode(t, row.Base64))
			made, err := Make(draft, func() time.Time { return v.Clock }, secret.New([]byte(row.Key)))
			if err != nil {
				t.Errorf("%s: %v", row.Name, err)
				continue
			}
			if diff := cmp.Diff(row.JSON, string(made.JSON())); diff != "" {
				t.Errorf("%s, schema %d: %s", row.Name, made.Schema, diff)
			}
			if made.Encode() != row.Base64 {
				t.Errorf("%s: another base64", row.Name)
			}
		}
	}
}

func TestTheOuterSignatureOfSchema2CanBeHex(t *testing.T) {
	v := load(t)
	for _, row := range v.Inner {
		draft := draftOf(decode(t, row.Base64))
		draft.Hex = true
		made, err := Make(draft, func() time.Time { return v.Clock }, secret.New([]byte(row.Key)))
		if err != nil {
			t.Fatal(err)
		}
		if made.signature != row.SignatureHex {
			t.Errorf("%s: %s, want %s", row.Name, made.signature, row.SignatureHex)
		}
		if got := made.Verify(secret.New([]byte(row.Key))); got != Valid {
			t.Errorf("%s: %s", row.Name, got)
		}
	}
}

var (
	testKey   = secret.New([]byte("test-shared-key"))
	testClock = func() time.Time { return time.Date(2026, 3, 5, 8, 8, 9, 0, time.FixedZone("", 3600)) }
)

func testDraft() Draft {
	return Draft{Schema: Schema1, RequestID: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", LicenseKey: "GPYC-X5J2-L5SK-C3LK",
		HardwareID: "8b06c6", Product: "lkprod1", APIKey: "0000-1111"}
}

// F35
func TestTheDateIsTheClocksInGMTWhateverTheZone(t *testing.T) {
	r, err := Make(testDraft(), testClock, testKey)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Thu, 05 Mar 2026 07:08:09 GMT"; r.Date != want {
		t.Errorf("date %q, want %q", r.Date, want)
	}
}

func TestARequestThatMustNotBeMadeIsRefused(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Draft)
		key    string
	}{
		{"newline in the license key", func(d *Draft) { d.LicenseKey = "A\nB" }, "request.hidden_character"},
		{"carriage return in the hardware ID", func(d *Draft) { d.HardwareID += "\r" }, "request.hidden_character"},
		{"C1 control in the API key", func(d *Draft) { d.APIKey += "\u0085" }, "request.hidden_character"},
		{"direction override in the username", func(d *Draft) { d.LicenseKey, d.Username = "", "a\u202eb" }, "request.hidden_character"},
		{"tab in the product", func(d *Draft) { d.Product = "a\tb" }, "request.hidden_character"},
		{"invalid UTF-8 in the username", func(d *Draft) { d.LicenseKey, d.Username = "", "a\xff" }, "request.utf8"},
		{"key and username", func(d *Draft) { d.Username = "me" }, "request.both_owners"},
		{"neither", func(d *Draft) { d.LicenseKey = "" }, "request.missing"},
		{"only spaces", func(d *Draft) { d.LicenseKey = "  " }, "request.missing"},
		{"no hardware ID", func(d *Draft) { d.HardwareID = "" }, "request.missing"},
		{"no product", func(d *Draft) { d.Product = "" }, "request.missing"},
		{"no client", func(d *Draft) { d.APIKey = "" }, "request.missing"},
		{"two clients", func(d *Draft) { d.ClientID = "c" }, "request.both_clients"},
		{"schema 3", func(d *Draft) { d.Schema = 3 }, "request.schema"},
		{"a member of no use", func(d *Draft) { d.Optional = []Member{Text("password", "x")} }, "request.not_optional"},
		{"a variable twice", func(d *Draft) {
			d.Optional = []Member{Variables([]Variable{{"a", "1"}, {"a", "2"}})}
		}, "request.duplicate"},
	} {
		d := testDraft()
		row.change(&d)
		if _, err := Make(d, testClock, testKey); !errors.Is(err, fault.New(fault.Input, row.key)) {
			t.Errorf("%s: %v, want %s", row.name, err, row.key)
		}
	}
}

func TestVariablesKeepWhatWasTyped(t *testing.T) {
	got := string(Variables([]Variable{{"b", "007"}, {"a", "1.5"}, {"c", "true"}, {"10", "x"}, {"2", "1.50"},
		{"d", "NaN"}, {"e", "-0"}, {"f", "12345678901234567890"}, {"g", "<&>"}, {"h", "-7"}, {"i", "Infinity"}}).Value)
	want := `{"2":"1.50","10":"x","b":"007","a":1.5,"c":true,"d":"NaN","e":"-0","f":"12345678901234567890","g":"<&>","h":-7,"i":"Infinity"}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

const plain = `{"request":"deactivation","request_id":"i","license_key":"K","hardware_id":"h","product":"p","date":"Thu, 05 Mar 2026 07:08:09 GMT","api_key":"a","signature":"s"}`

func TestDecodingIsStrict(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(plain, old, new, 1) }
	for _, row := range []struct{ name, json, key string }{
		{"empty", ``, "request.json"},
		{"array", `[]`, "request.not_object"},
		{"string", `"x"`, "request.not_object"},
		{"cut", plain[:60], "request.json"},
		{"second value", plain + `{}`, "request.trailing"},
		{"garbage after", plain + `x`, "request.trailing"},
		{"duplicate member", swap(`"product":"p"`, `"product":"p","product":"q"`), "request.duplicate"},
		{"duplicate by escape", swap(`"product":"p"`, `"product":"p","produc\u0074":"q"`), "request.duplicate"},
		{"case-folded member", swap(`"product":"p"`, `"product":"p","Product":"q"`), "request.case"},
		{"null", swap(`"p"`, `null`), "request.null"},
		{"wrong type", swap(`"p"`, `7`), "request.wrong_type"},
		{"huge number", swap(`"p"`, `"p","x":1e999`), "request.number"},
		{"deep", swap(`"p"`, `"p","x":[[[[[[[]]]]]]]`), "request.too_deep"},
		{"invalid UTF-8", swap(`"p"`, "\"p\xff\""), "request.utf8"},
		{"lone surrogate", swap(`"p"`, `"p\ud800"`), "request.json"},
		{"replacement character", swap(`"p"`, `"p\ufffd"`), "request.utf8"},
		{"long string", swap(`"p"`, `"`+strings.Repeat("p", maxRunes+1)+`"`), "request.long_string"},
		{"control character in the key", swap(`"K"`, `"K\n"`), "request.hidden_character"},
		{"an activation", swap(`"deactivation"`, `"activation"`), "request.other"},
		{"an activation in schema 2", `{"request":` + swap(`"deactivation"`, `"activation"`) + `,"signature":"s"}`, "request.other"},
		{"wrong weekday", swap(`Thu`, `Fri`), "request.weekday"},
		{"wrong weekday in JavaScript's style", swap(`Thu, 05 Mar 2026 07:08:09 GMT`, `Fri Mar 5 2026 07:08:09 GMT+0000`), "request.weekday"},
		{"no key", swap(`"license_key":"K",`, ``), "request.missing"},
		{"spaces for a key", swap(`"K"`, `"  "`), "request.missing"},
		{"no date", swap(`"date":"Thu, 05 Mar 2026 07:08:09 GMT",`, ``), "request.missing"},
		{"no product", swap(`"product":"p",`, ``), "request.missing"},
		{"schema 3", `{"request":` + swap(`"request"`, `"schema_version":3,"request"`) + `,"signature":"s"}`, "request.schema"},
		{"signature not a string", `{"request":` + plain + `,"signature":1}`, "request.wrong_type"},
		{"a documented member beside the request", `{"request":` + plain + `,"signature":"s","hardware_id":"other"}`, "request.beside"},
		{"an invisible letter in the hardware ID", swap(`"h"`, "\"h\u3164\U000e0041\""), "request.hidden_character"},
		{"65 members", swap(`"product"`, manyMembers(57)+`"product"`), "request.too_many"},
	} {
		if _, err := DecodeJSON([]byte(row.json)); !errors.Is(err, fault.New(fault.Input, row.key)) {
			t.Errorf("%s: %v, want %s", row.name, err, row.key)
		}
	}
	if _, err := DecodeJSON([]byte(swap(`"product"`, manyMembers(56)+`"product"`))); err != nil {
		t.Errorf("64 members: %v", err)
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"m` + strings.Repeat("x", i) + `":1,`)
	}
	return b.String()
}

func TestBase64IsStrict(t *testing.T) {
	text := base64.StdEncoding.EncodeToString([]byte(plain + " ")) // ends in padding
	if !strings.HasSuffix(text, "=") {
		t.Fatal("the test wants padding")
	}
	for _, bad := range []string{text + "\n", "\n" + text, text[:8] + "\r\n" + text[8:], text[:len(text)-1],
		text + text, text[:8] + "-" + text[9:], " " + text} {
		if _, err := Decode(bad); !errors.Is(err, fault.New(fault.Input, "request.base64")) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	trailing := []byte(text)
	at := strings.IndexByte(text, '=') - 1
	trailing[at]++ // an unused bit of the last letter
	if _, err := Decode(string(trailing)); err == nil {
		t.Error("trailing bits were let through")
	}
}

func TestDatesOfEverySDKAreRead(t *testing.T) {
	want := time.Date(2026, 3, 5, 7, 8, 9, 0, time.UTC)
	for _, date := range []string{"Thu, 05 Mar 2026 07:08:09 GMT", "Thu, 05 Mar 2026 07:08:09 UTC",
		"Thu Mar 5 2026 07:08:09 GMT+0000", "Thu Mar 05 2026 08:08:09 GMT+0100 (Central European Standard Time)",
		"2026-03-05T07:08:09Z"} {
		r, err := DecodeJSON([]byte(strings.Replace(plain, "Thu, 05 Mar 2026 07:08:09 GMT", date, 1)))
		if err != nil {
			t.Errorf("%s: %v", date, err)
			continue
		}
		if made, ok := r.Made(); !ok || !made.Equal(want) {
			t.Errorf("%s: read as %v", date, made)
		}
	}
}

// F33 F27
func TestWarningsNameWhatAPersonShouldKnow(t *testing.T) {
	now := time.Date(2026, 3, 5, 7, 10, 0, 0, time.UTC)
	for _, row := range []struct {
		name, old, new string
		now            time.Time
		want           []string
	}{
		{"nothing", "", "", now, nil},
		{"old", "", "", now.AddDate(0, 0, 15), []string{"request.warn.old"}},
		{"future", "", "", now.Add(-time.Hour), []string{"request.warn.future"}},
		{"both", `"K"`, `"K","username":"u"`, now, []string{"request.warn.both_owners"}},
		{"unknown", `"K"`, `"K","password":"u"`, now, []string{"request.warn.unknown_member"}},
		{"fraction of a second", "07:08:09 GMT", "07:08:09.5 GMT", now, []string{"request.warn.date"}},
		{"date", "Thu, 05 Mar 2026 07:08:09 GMT", "yesterday", now, []string{"request.warn.date"}},
	} {
		r, err := DecodeJSON([]byte(strings.Replace(plain, row.old, row.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range r.Warnings(row.now) {
			got = append(got, w.Key)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
	}
}

func TestARequestIsTheSameHoweverItsJSONIsSpaced(t *testing.T) {
	identity := func(text string) string {
		r, err := DecodeJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return r.Identity()
	}
	tight := strings.Replace(plain, `"api_key"`, `"variables":{"a":1,"b":[2]},"api_key"`, 1)
	var spaced bytes.Buffer
	if err := json.Indent(&spaced, []byte(tight), "", "  "); err != nil {
		t.Fatal(err)
	}
	if identity(tight) != identity(spaced.String()) {
		t.Error("spaces make another request")
	}
	for _, other := range []string{strings.Replace(tight, `"s"}`, `"t"}`, 1), strings.Replace(tight, `[2]`, `[3]`, 1)} {
		if identity(tight) == identity(other) {
			t.Errorf("%s counts as the same", other)
		}
	}
}

func TestMembersThatTheSignatureDoesNotCoverAreListed(t *testing.T) {
	r, err := DecodeJSON([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"request", "request_id", "product"}, r.NotCovered()); diff != "" {
		t.Error(diff)
	}
	r, err = DecodeJSON([]byte(`{"request":` + plain + `,"signature":"s","note":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"note"}, r.NotCovered()); diff != "" {
		t.Error(diff)
	}
}

func TestAKeyOfTheUsualFormIsSuggestedInCapitals(t *testing.T) {
	for typed, want := range map[string]string{
		"gpyc-x5j2-l5sk-c3lk":      "GPYC-X5J2-L5SK-C3LK",
		" gpyc–x5j2–l5sk–c3lk\n":   "GPYC-X5J2-L5SK-C3LK",
		"gpyc x5j2 l5sk c3lk":      "GPYC-X5J2-L5SK-C3LK",
		"gpyc-x5j2-l5sk-c3lk-aaaa": "GPYC-X5J2-L5SK-C3LK-AAAA",
		"gpyc-x5j2":                "gpyc-x5j2",
		"my-own-key":               "my-own-key",
		"":                         "",
	} {
		if got := SuggestLicenseKey(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}

func TestALicenseKeyIsNeverChangedSilently(t *testing.T) {
	for _, row := range []struct {
		typed, proposed string
		fine            bool
	}{
		{"GPYC-X5J2", "GPYC-X5J2", true},
		{"gpyc-x5j2", "gpyc-x5j2", true},
		{" GPYC-X5J2\r\n", "GPYC-X5J2", false},
		{"GPYC–X5J2", "GPYC-X5J2", false},
		{"GPYC−X5 J2", "GPYC-X5J2", false},
		{"GPYC-\u200bX5J2", "GPYC-X5J2", false},
		{" GPYC X5J2\tL5SK ", "GPYC-X5J2-L5SK", false},
		{" ", "", false},
	} {
		if got := ProposeLicenseKey(row.typed); got != row.proposed {
			t.Errorf("%q: proposed %q", row.typed, got)
		}
		if err := CheckLicenseKey(row.typed); (err == nil) != row.fine {
			t.Errorf("%q: %v", row.typed, err)
		}
	}
}

// F75: twelve letters, 60 bits.
func TestTheCheckCodeIsThatOfTheDecodedJSON(t *testing.T) {
	// printf '%s' "$JSON" | sha256sum | cut -c1-16 | xxd -r -p | base32 | cut -c1-12
	if got, want := decode(t, load(t).V1[0].Base64).CheckCode(), "6W2F-4E3Y-KITC"; got != want {
		t.Errorf("check code %s, want %s", got, want)
	}
}

func FuzzDecode(f *testing.F) {
	v := load(f)
	for _, rows := range [][]vector{v.V1, v.V2, v.Inner, v.SDK} {
		for _, row := range rows {
			f.Add(row.Base64)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Decode(text)
		if err != nil {
			if fault.KindOf(err) == fault.Unexpected {
				t.Fatalf("an error without words: %v", err)
			}
			return
		}
		if r.Encode() != text {
			t.Fatalf("decoded and encoded, %q became %q", text, r.Encode())
		}
		r.Verify(testKey)
		r.Warnings(testClock())
		r.NotCovered()
	})
}

func FuzzOurFormSurvivesDecoding(f *testing.F) {
	f.Add("K", "", "h", "p", "name", "value", true)
	f.Add("", "josé@例.com", "h", "p", "1", "1e21", false)
	f.Fuzz(func(t *testing.T, licenseKey, username, hardwareID, product, name, value string, schema2 bool) {
		d := Draft{Schema: Schema1, RequestID: "i", LicenseKey: licenseKey, Username: username, HardwareID: hardwareID,
			Product: product, APIKey: "a", Optional: []Member{Variables([]Variable{{name, value}})}}
		if schema2 {
			d.Schema = Schema2
		}
		made, err := Make(d, testClock, testKey)
		if err != nil {
			return
		}
		again, err := Make(draftOf(decode(t, made.Encode())), testClock, testKey)
		if err != nil {
			t.Fatal(err)
		}
		if again.Encode() != made.Encode() {
			t.Fatalf("%s became %s", made.JSON(), again.JSON())
		}
	})
}
