package app

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/durable"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

func TestACardGivesItsHardwareIDBackAsAPageAndAsAPhotograph(t *testing.T) {
	b, _ := withJournal(t)
	id := machine.HardwareID{Value: `a"<b>&c 7`, Source: machine.Typed}
	path := filepath.Join(t.TempDir(), "card.html")
	if err := b.SaveCard(path, id, false); err != nil {
		t.Fatal(err)
	}
	if got, err := b.HardwareIDFrom(context.Background(), path); err != nil || got != id.Value {
		t.Errorf("the page gives %q, %v", got, err)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	code, err := carry.NewCode(string(between(page, "<metadata>", "</metadata>")))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := code.PNG(6)
	if err != nil {
		t.Fatal(err)
	}
	photograph := filepath.Join(t.TempDir(), "card.png")
	apptest.Write(t, photograph, picture)
	if got, err := b.HardwareIDFrom(context.Background(), photograph); err != nil || got != id.Value {
		t.Errorf("the photograph gives %q, %v", got, err)
	}
	if err := b.SaveCard(path, id, false); !errors.Is(err, durable.ErrExists) {
		t.Errorf("it was written over: %v", err)
	}
}

func between(text []byte, from, to string) []byte {
	_, rest, _ := bytes.Cut(text, []byte(from))
	found, _, _ := bytes.Cut(rest, []byte(to))
	return found
}

func TestACardIsWellFormedInEveryLanguageAndHoldsNoSecretAndNoLicenseKey(t *testing.T) {
	b, _ := withJournal(t)
	made := b.create(t, Create{})
	for _, language := range words.Languages() {
		a := b.App.WithWords(words.For(language))
		page, err := a.Card(machine.HardwareID{Value: hardwareID, Source: machine.Typed})
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(page)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", language, err)
			}
		}
		text := string(page)
		if !strings.Contains(text, `lang="`+language+`"`) || !strings.Contains(text, hardwareID) {
			t.Errorf("%s:\n%s", language, text)
		}
		if strings.Contains(text, made.LicenseKey) || strings.Contains(text, "<no value>") {
			t.Errorf("%s: the license key is on the card, or something is missing", language)
		}
	}
}

func TestACardOfATypedIDDoesNotNameThisComputer(t *testing.T) {
	b, _ := withJournal(t)
	b.Hostname = func() (string, error) { return "this-computer", nil }
	for source, named := range map[machine.Source]bool{machine.Typed: false, machine.MachineID: true} {
		page, err := b.Card(machine.HardwareID{Value: hardwareID, Source: source})
		if err != nil || strings.Contains(string(page), "this-computer") != named {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestTheNameOfACardIsSafe(t *testing.T) {
	for id, want := range map[string]string{"../../etc/passwd": "hardware-id-etcpassw.html", "": "hardware-id-.html", "ü:7b0aa26d48cb": "hardware-id-7b0aa26d.html"} {
		if got := cardName(machine.HardwareID{Value: id}); got != want {
			t.Errorf("%q: %s", id, got)
		}
	}
}

func TestASecretIsTestedAgainstTheNewestRequestOfItsProfile(t *testing.T) {
	b, _ := withJournal(t)
	if _, verdict := b.TestSecret(b.Profile, secret.New([]byte("any"))); verdict != request.Unchecked {
		t.Errorf("without a request it is %s", verdict)
	}
	made := b.create(t, Create{})
	key, err := b.Secret()
	if err != nil {
		t.Fatal(err)
	}
	if record, verdict := b.TestSecret(b.Profile, key); verdict != request.Valid || record.Request.Encode() != made.Encode() {
		t.Errorf("the right one is %s", verdict)
	}
	if _, verdict := b.TestSecret(b.Profile, secret.New([]byte("another"))); verdict != request.Invalid {
		t.Errorf("a wrong one is %s", verdict)
	}
	other := b.Profile
	other.Authorization.APIKey = "99999999-1111-2222-3333-444444444444"
	if _, verdict := b.TestSecret(other, key); verdict != request.Unchecked {
		t.Errorf("another vendor's is %s", verdict)
	}

	oauth, _ := withJournal(t)
	oauth.Profile.Authorization = profile.Authorization{Method: profile.OAuth, ClientID: "one", Signs: "client_id"}
	oauth.create(t, Create{})
	other = oauth.Profile
	other.Authorization.ClientID = "two"
	if _, verdict := oauth.TestSecret(other, key); verdict != request.Unchecked {
		t.Errorf("another vendor's client secret is %s", verdict)
	}
}
