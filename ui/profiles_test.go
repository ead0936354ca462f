package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/profile"
	"handback/ui/kit"
)

// profileFile writes a vendor's profile into a file.
func profileFile(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vendor.toml")
	apptest.Write(t, path, strings.Replace(acme, "Acme CAD", name, 1))
	return path
}

// acmeMembers are the settings of the invented vendor's profile.
func acmeMembers(t *testing.T) []profile.Member {
	t.Helper()
	one, err := profile.Parse([]byte(acme), "acme.toml")
	if err != nil || len(one.Members()) < 9 {
		t.Fatalf("%d settings, %v", len(one.Members()), err)
	}
	return slices.DeleteFunc(one.Members(), func(m profile.Member) bool { return m.Name == "name" })
}

// Where requests and the shared key go is seen without unfolding anything.
func TestWhatDecidesWhereASecretGoesIsNotFolded(t *testing.T) {
	d := sit(t, practice)
	path := filepath.Join(t.TempDir(), "vendor.toml")
	oauth := strings.Replace(acme, "authorization.api_key = '"+apiKey+"'", "authorization.method = 'oauth'\nauthorization.client_id = 'c1'\n"+
		"authorization.token_url = 'https://login.evil.example/token'\nserver.proxy = 'http://proxy.evil.example:3128'", 1)
	apptest.Write(t, path, oauth)
	d.Open(path)
	d.expect("https://login.evil.example/token")
	d.expect("http://proxy.evil.example:3128")
}

func TestADroppedProfileIsShownBeforeItIsImportedAndThenInUse(t *testing.T) {
	d := sit(t, practice)
	d.Open(profileFile(t, "Beta CAM"))
	d.expect("ui.profiles.accept.question")
	for _, said := range []string{"Beta CAM", "https://api.acme.example", "https://portal.acme.example", "support@acme.example", "vendor.toml"} {
		d.expect(said)
	}
	d.expectNot(apiKey) // who it is comes first, the technical rest is folded
	d.tap("ui.profiles.all")
	for _, m := range acmeMembers(t) {
		d.expect(m.Value)
	}
	if entries, _ := os.ReadDir(filepath.Join(d.Home, "profiles")); len(entries) != 0 {
		t.Fatalf("it was imported before anybody said so: %v", entries)
	}
	d.tap("ui.profiles.accept.yes")
	if d.app.Profile.Name != "Beta CAM" || d.tabs.SelectedIndex() != releaseTab {
		t.Fatalf("%s is in use, tab %d", d.app.Profile.Name, d.tabs.SelectedIndex())
	}
	d.expect("Beta CAM · https://api.acme.example")
}

// F76
func TestAProfileIsImportedAsItWasShown(t *testing.T) {
	d := sit(t, practice)
	path := profileFile(t, "Beta CAM")
	d.Open(path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, path, strings.Replace(string(text), "api.acme.example", "evil.example", 1))
	d.tap("ui.profiles.accept.yes")
	if got := d.app.Profile.Server.Endpoint; got != "https://api.acme.example" {
		t.Errorf("%s was imported unseen", got)
	}
}

func TestAProfileThatIsWrongIsNotImported(t *testing.T) {
	d := sit(t, practice)
	path := filepath.Join(t.TempDir(), "vendor.toml")
	apptest.Write(t, path, acme+"\nshared_key = 'x'\n")
	d.Open(path)
	d.expect("named like a secret")
	if d.app.Profile.Practice != true {
		t.Error("it is in use")
	}
}

func TestAProfileOfTheSameNameIsReplacedAfterAQuestionOnly(t *testing.T) {
	d := sitWithKey(t, acme)
	path := profileFile(t, "Acme CAD")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, path, strings.Replace(string(text), "support@acme.example", "new@acme.example", 1))
	d.Open(path)
	d.tap("ui.profiles.accept.yes")
	d.expect("ui.profiles.replace.question")
	if d.app.Profile.Support.Contact == "new@acme.example" {
		t.Fatal("it was replaced before anybody said so")
	}
	d.tap("ui.replace.yes")
	if d.app.Profile.Support.Contact != "new@acme.example" {
		t.Errorf("the contact is %q", d.app.Profile.Support.Contact)
	}
}

func TestAProfileIsRemovedAfterAQuestionAndPracticeFollows(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=nowhere") // no keyring
	d := sitWithKey(t, acme)
	d.tabs.SelectIndex(profilesTab)
	d.expect("in use")
	d.tap("ui.profiles.remove")
	d.expect("stay in the history")
	d.enter() // the focused button changes nothing
	if d.app.Profile.Practice {
		t.Fatal("Enter removed it")
	}
	d.tap("ui.profiles.remove")
	d.tap("ui.profiles.remove.yes")
	if !d.app.Profile.Practice {
		t.Errorf("%s is in use", d.app.Profile.Name)
	}
	if entries, _ := os.ReadDir(filepath.Join(d.Home, "profiles")); len(entries) != 0 {
		t.Errorf("left: %v", entries)
	}
}

func TestASharedKeyThatCannotBeKeptIsSaid(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=nowhere")
	d := sitWithKey(t, acme)
	d.tabs.SelectIndex(profilesTab)
	d.tap("ui.profiles.set")
	d.typed("a-new-key")
	d.enter()
	d.expect("The system's keyring cannot be used")
	d.tap("ui.close")
	d.tap("ui.profiles.test")
	d.expect("The system's keyring cannot be used")
}

func TestTheMachinesProfileSaysSoAndIsNotOfferedForRemoval(t *testing.T) {
	d := sitWithKey(t, acme)
	d.tabs.SelectIndex(profilesTab)
	d.expect("ui.profiles.remove")
	d.profiles.profiles[0].Machine = true
	d.profiles.show(0)
	d.expect("For everybody on this computer")
	d.expectNot("ui.profiles.remove")
}

func TestWhereAProfileIsBrokenAnotherCanBeChosen(t *testing.T) {
	d := sit(t, "x =")
	d.expect("line 1")
	var chooser *kit.Select
	for _, o := range d.shown() {
		if s, ok := o.(*kit.Select); ok {
			chooser = s
		}
	}
	if chooser == nil {
		t.Fatal("there is nothing to choose from")
	}
	chooser.SetSelected("practice")
	d.expect("ui.practice")
}
