package request

import (
	"errors"
	"strings"
	"testing"

	"handback/app/fault"
)

const meantKey = "GPYC-X5J2-L5SK-C3LK"

// F109
func TestALicenseKeyThatCannotBeMeantIsRefusedWithWhatIsAccepted(t *testing.T) {
	for _, typed := range []string{
		"ＧＰＹＣ-Ｘ５Ｊ２-Ｌ５ＳＫ-Ｃ３ＬＫ", "ＧＰＹＣ－Ｘ５Ｊ２－Ｌ５ＳＫ－Ｃ３ＬＫ", "ＧＰＹＣーＸ５Ｊ２ーＬ５ＳＫーＣ３ＬＫ", // a keyboard of East Asia
		"GРYС-X5J2-L5SK-C3LK", "GPYC-X5J2-L5SΚ-C3LK", "GPΥC-Χ5J2-L5SK-C3LK", "𝐆PYC-X5J2-L5SK-C3LK", // look-alikes
		`"GPYC-X5J2-L5SK-C3LK"`, "'GPYC-X5J2-L5SK-C3LK'", "“GPYC-X5J2-L5SK-C3LK”", "„GPYC-X5J2-L5SK-C3LK“", "«GPYC-X5J2-L5SK-C3LK»", "`GPYC-X5J2-L5SK-C3LK`", `"GPYC-X5J2-L5SK-C3LK`,
		"[GPYC-X5J2-L5SK-C3LK]", "(GPYC-X5J2-L5SK-C3LK)", "<GPYC-X5J2-L5SK-C3LK>", "{GPYC-X5J2-L5SK-C3LK}", "「GPYC-X5J2-L5SK-C3LK」", `("GPYC-X5J2-L5SK-C3LK").`,
		"GPYC-X5J2-L5SK-C3LK!", "GPYC-X5J2-L5SK-C3LK,", "GPYC-X5J2-L5SK-C3LK.", "GPYC-X5J2-L5SK-C3LK;", "GPYC-X5J2-L5SK-C3LK:", "GPYC-X5J2-L5SK-C3LK。", "• GPYC-X5J2-L5SK-C3LK", "- GPYC-X5J2-L5SK-C3LK", "GPYC-X5J2-L5SK-C3LK-",
		"LICENSE_KEY=GPYC-X5J2-L5SK-C3LK", "License key: GPYC-X5J2-L5SK-C3LK", "Lizenzschlüssel: GPYC-X5J2-L5SK-C3LK", "key GPYC-X5J2-L5SK-C3LK", "ライセンスキー：ＧＰＹＣ－Ｘ５Ｊ２－Ｌ５ＳＫ－Ｃ３ＬＫ",
		" GPYC-X5J2-L5SK-C3LK", "GPYC-X5J2-L5SK-C3LK\u00a0", "GPYC-X5J2-\u2800L5SK-C3LK", "GPYC-X5J2-L5SK-C3LK\u3164", "GPYC-\u200bX5J2-L5SK-C3LK", "\ufeffGPYC-X5J2-L5SK-C3LK", "GPYC X5J2 L5SK C3LK", "GPYC－X5J2-L5SK-C3LK\u202c",
	} {
		wantProposal(t, CheckLicenseKey, typed, "request.license_key_form", meantKey)
	}
	for typed, want := range map[string]string{`"my-own-key"`: "my-own-key", "[K/1=]": "K/1=", "key=abc.def": "abc.def", "ｍｙ-own": "my-own", "СССР": "CCCP"} {
		wantProposal(t, CheckLicenseKey, typed, "request.license_key_form", want)
	}
}

// A key that a vendor brought along is accepted unchanged.
func TestAVendorsOwnKeyIsTakenAsItIs(t *testing.T) {
	for _, key := range []string{meantKey, "gpyc-x5j2-l5sk-c3lk", "my-own-key", "ACME:2026/7+x_y", "QUJDRA==", "a.b=c", "ключ-1", "Schlüssel", "鍵ABC", "{a}-{b}x"} {
		if key == "{a}-{b}x" {
			continue // no key has a bracket at an end
		}
		if err := CheckLicenseKey(key); err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// F109
func TestAUsernameThatCannotBeMeantIsRefusedWithWhatIsAccepted(t *testing.T) {
	for typed, want := range map[string]string{
		"Anna Smith <anna@acme.example>":     "anna@acme.example",
		`"Smith, Anna" <anna@acme.example>`:  "anna@acme.example",
		"<anna@acme.example>":                "anna@acme.example",
		"mailto:anna@acme.example":           "anna@acme.example",
		"MAILTO:anna@acme.example?subject=x": "anna@acme.example",
		"[anna](mailto:anna@acme.example)":   "anna@acme.example",
		"E-Mail: anna@acme.example":          "anna@acme.example",
		"anna＠acme.example":                  "anna@acme.example",
		"ａｎｎａ@acme.example":                  "anna@acme.example",
		"jose\u0301@acme.example":            "josé@acme.example",
		"Anna\u00a0Smith":                    "Anna Smith",
		"Anna\u2800Smith":                    "Anna Smith",
		"anna@acme.example\u2800":            "anna@acme.example",
		" anna@acme.example":                 "anna@acme.example",
		"an\u200bna@acme.example":            "anna@acme.example",
		"m\u202ee":                           "me",
		"аnna@acme.example":                  "anna@acme.example",
		`"anna@acme.example"`:                "anna@acme.example",
		"anna@acme.example,":                 "anna@acme.example",
		"anna@acme.example.":                 "anna@acme.example",
		"(anna)":                             "anna",
		"ｶﾞ":                                 "",
	} {
		if want == "" {
			continue
		}
		wantProposal(t, CheckUsername, typed, "request.username_form", want)
	}
	for _, name := range []string{"anna@acme.example", "Anna Smith", "J. Smith Jr.", "josé@例.com", "анна", "Анна Smith", `ACME\anna`, "anna+cad@acme.example", "山田太郎", "नमस्ते"} {
		if err := CheckUsername(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// wantProposal checks that a text is refused, and that its proposal is accepted.
func wantProposal(t *testing.T, check func(string) error, typed, key, want string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Fault](check(typed))
	if !ok || f.Key != key || f.Kind != fault.Input || len(f.Pairs) != 2 || f.Pairs[1] != want {
		t.Errorf("%q: %v, want the proposal %q", typed, check(typed), want)
		return
	}
	if err := check(want); err != nil {
		t.Errorf("%q is proposed and refused: %v", want, err)
	}
}

func TestLettersOfTwoScriptsInOneWordAreRefused(t *testing.T) {
	for name, err := range map[string]error{"key": CheckLicenseKey("GPYC-Я5J2"), "user": CheckUsername("Яnna")} {
		if !errors.Is(err, fault.New(fault.Input, "request.mixed_letters")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// F93
func TestAnOwnerThatIsTooLongIsNamed(t *testing.T) {
	long := strings.Repeat("k", maxRunes+1)
	for key, err := range map[string]error{"request.license_key_long": CheckLicenseKey(long), "request.username_long": CheckUsername(long)} {
		if !errors.Is(err, fault.New(fault.Input, key)) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if err := CheckLicenseKey(long[1:]); err != nil {
		t.Error(err)
	}
}

// F99
func TestAKeyThatIsNearlyUsualIsDoubted(t *testing.T) {
	for key, want := range map[string]string{
		meantKey: "", "GPYC-X5J2-L5SK-C3LK-AAAA": "", "my-own-key": "", "QUJDRA==": "", "ключ": "", "ACME-2026": "key_groups",
		"GPYC-X5J2-L5SK": "key_groups", "gpyc-x5j2": "key_groups", "GPYC-X5J2-L5S-C3LK": "key_group", "GPYC-X5J2-L5SKC3LK": "key_group",
		"GPYCX5J2L5SKC3LK": "key_hyphens", "GPYC-X5J2-L5SKK-C3LK": "key_group",
	} {
		got := ""
		if doubts := DoubtLicenseKey(key); len(doubts) > 0 {
			got = strings.TrimPrefix(doubts[0].Key, "request.doubt.")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

func FuzzWhatIsProposedIsAccepted(f *testing.F) {
	for _, seed := range []string{meantKey, "“GPYC X5J2”.", "Name <a@b>", "mailto:a@b", "jose\u0301", "ＡＢ＝", "аnna", "key=key=x", "-a- b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if proposed := ProposeLicenseKey(text); proposed != ProposeLicenseKey(proposed) {
			t.Fatalf("key %q: %q, then %q", text, proposed, ProposeLicenseKey(proposed))
		}
		if proposed := ProposeUsername(text); proposed != ProposeUsername(proposed) {
			t.Fatalf("name %q: %q, then %q", text, proposed, ProposeUsername(proposed))
		}
	})
}
