package app

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/document"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// handoffOf makes an unsigned request and returns it and the path of its file.
func handoffOf(t *testing.T, b *bench, c Create) (*Outgoing, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.handback")
	c.Unsigned = true
	c.Targets = []Target{{Kind: RequestFile, Path: path}}
	return b.create(t, c), path
}

// F80: an unsigned request whose text for people is another one's is refused, although its
// checksum is right. Those in every language are read.
func TestAHandoffThatSaysSomethingElseToPeopleIsRefused(t *testing.T) {
	for _, language := range words.Languages() {
		b := newBench(t, acme())
		b.Words = words.For(language)
		made, path := handoffOf(t, b, Create{})
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if one := b.Inspect(t.Context(), []Input{{Name: path}})[0]; one.Err != nil || one.Request.CheckCode() != made.CheckCode() {
			t.Errorf("%s: %v", language, one.Err)
		}
		people, machine, err := document.Unsigned.Parts(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, other := range map[string]string{
			"another key":      strings.Replace(people, made.LicenseKey, "AAAA-BBBB-CCCC-DDDD", 1),
			"a line more":      people + "License: AAAA-BBBB-CCCC-DDDD\n",
			"a contact's line": strings.Replace(people, b.Contact(), "x\nLicense: AAAA-BBBB-CCCC-DDDD", 1),
			"nothing":          "\n",
		} {
			lying := document.Unsigned.Write(other, machine)
			one := b.Inspect(t.Context(), []Input{{Name: "a.handback", Data: lying}})[0]
			if !errors.Is(one.Err, document.ErrContradicts) || one.Request != nil {
				t.Errorf("%s, %s: %v", language, name, one.Err)
			}
		}
	}
}

// F80: the contact need not be that of this computer's profile.
func TestAHandoffOfAnotherProfilesContactIsRead(t *testing.T) {
	b := newBench(t, acme())
	b.Profile.Support.Contact = "Acme Support, +43 316 1234, support@acme.example"
	_, path := handoffOf(t, b, Create{})
	b.Profile.Support.Contact = ""
	if one := b.Inspect(t.Context(), []Input{{Name: path}})[0]; one.Err != nil {
		t.Error(one.Err)
	}
}

// F74: everything that is signed can be read before, wherever it is shown, and deceptive
// characters are escaped. A request that is too long to be read is not made.
func TestAllThatAHandoffHoldsCanBeReadBeforeItIsSigned(t *testing.T) {
	b := newBench(t, acme())
	long := strings.Repeat("x", 900) + " end of it"
	made, path := handoffOf(t, b, Create{Variables: []request.Variable{{Name: "site", Value: long}, {Name: "pаge", Value: "a\u00a0b"}}})
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := b.Sheet(made, carry.Drawing{})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(made.Members, func(m request.Member) bool { return m.Name == "variables" })
	for where, text := range map[string]string{"the file": string(file), "the sheet": string(sheet), "the window and the command": MemberText(made.Members[at])} {
		for _, want := range []string{"end of it", `p\u{430}ge`, `a\u{A0}b`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %s", where, want)
			}
		}
	}
	var variables []request.Variable
	for _, name := range strings.Split(strings.Repeat("v", 20), "") {
		variables = append(variables, request.Variable{Name: name + string(rune('a'+len(variables))), Value: long})
	}
	_, err = b.Create(Create{Unsigned: true, LicenseKey: licenseKey, HardwareID: hardwareID, Variables: variables})
	if !errors.Is(err, fault.New(fault.Input, "request.handoff_long")) {
		t.Errorf("too long: %v", err)
	}
}

// F112: text from a scanner is accepted if a valid signature proves it; else an error says
// what it is.
func TestAScannersTextIsTakenWhereItsSignatureProvesIt(t *testing.T) {
	b := newBench(t, acme())
	made := b.create(t, Create{})
	german := strings.NewReplacer("y", "z", "z", "y", "Y", "Z", "Z", "Y", "/", "-", "+", "`", "=", "").Replace(made.Encode())
	if one := b.Inspect(t.Context(), []Input{{Name: "scan", Data: []byte(german)}})[0]; one.Err != nil || one.Verdict != request.Valid {
		t.Errorf("%v, %s", one.Err, one.Verdict)
	}
	b.Secret = func() (secret.Secret, error) { return secret.Secret{}, secret.ErrNone }
	if one := b.Inspect(t.Context(), []Input{{Name: "scan", Data: []byte(german)}})[0]; !errors.Is(one.Err, carry.ErrRetyped) {
		t.Errorf("without a secret: %v", one.Err)
	}
}

// F96: the program reads its own message in every language, and as mail changes it.
func TestItsOwnMessageIsRead(t *testing.T) {
	for _, language := range words.Languages() {
		for _, unsigned := range []bool{false, true} {
			b := newBench(t, acme())
			b.Words = words.For(language)
			made := b.create(t, Create{Unsigned: unsigned})
			message := b.Message(made) + "\n\n" + string(b.File(made)) + "\n"
			for name, text := range map[string]string{"as it is": message, "CRLF": strings.ReplaceAll(message, "\n", "\r\n"), "quoted": "> " + strings.ReplaceAll(message, "\n", "\n> ")} {
				all := b.Inspect(t.Context(), []Input{{Name: "pasted", Data: []byte(text)}})
				if len(all) != 1 || all[0].Err != nil || all[0].Request.CheckCode() != made.CheckCode() {
					t.Errorf("%s, unsigned %v, %s: %+v", language, unsigned, name, all)
				}
			}
		}
	}
}

// F96: a text with the IDs of two computers is refused.
func TestAHardwareIDIsNotGuessedAmongTwo(t *testing.T) {
	b := newBench(t, acme())
	one, two := b.create(t, Create{HardwareID: "one"}), b.create(t, Create{HardwareID: "two"})
	for text, want := range map[string]string{
		"Hello,\n" + one.Encode() + "\nAnna":          "one",
		one.Encode() + "\n" + two.Encode():            "",
		one.Encode() + "\nand again\n" + one.Encode(): "one",
	} {
		path := filepath.Join(t.TempDir(), "mail.txt")
		apptest.Write(t, path, text)
		if got, err := b.HardwareIDFrom(t.Context(), path); got != want || (err == nil) != (want != "") {
			t.Errorf("%s, %v, want %q", got, err, want)
		}
	}
}
