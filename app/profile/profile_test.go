package profile

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/brand"
	"handback/app/fault"
	"handback/app/licensespring"
	"handback/app/machine"
)

func acme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/acme.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAProfileIsReadWithItsDefaults(t *testing.T) {
	p, err := Parse([]byte(acme(t)), "acme.toml")
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "Acme CAD" || p.Product.Code != "acmecad" || p.Practice || p.Support.Contact != "support@acme.example" {
		t.Errorf("%+v", p)
	}
	least, err := Parse([]byte("name = 'a'\nproduct.code = 'b'\nauthorization.api_key = 'c'"), "")
	if err != nil {
		t.Fatal(err)
	}
	if least.Request.Schema != 1 || least.Hardware.Source != machine.LicenseSpring ||
		least.Server.Endpoint != licensespring.DefaultEndpoint || least.Authorization.Signs != "api_key" {
		t.Errorf("%+v", least)
	}
}

func TestThePageForVendorsHasEachSettingAndARightProfile(t *testing.T) {
	text, err := os.ReadFile("../../docs/vendors.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, name := range MemberNames() {
		if !strings.Contains(page, "\n| `"+name+"` |") {
			t.Errorf("docs/vendors.md does not say what %s is", name)
		}
	}
	_, example, _ := strings.Cut(page, "```toml\n")
	example, _, _ = strings.Cut(example, "```")
	if p, err := Parse([]byte(example), "docs/vendors.md"); err != nil || p.Product.Code == "" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestThePracticeProfileIsOneThatItsOwnRulesWouldTake(t *testing.T) {
	p := Practice()
	if w := p.complete(); w == nil || w.must.Key != "profile.must.not_practice" {
		t.Fatalf("only its name may be refused, not %v", w)
	}
	p.Name = "other"
	if w := p.complete(); w != nil {
		t.Errorf("%v", w)
	}
	if PracticeSecret().IsZero() {
		t.Error("no secret")
	}
}

// F64
func TestAWrongProfileIsRefusedWithItsLine(t *testing.T) {
	text := acme(t)
	swap := func(old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%q is not there", old)
		}
		return strings.Replace(text, old, new, 1)
	}
	for _, row := range []struct{ name, text, key, says string }{
		{"unknown member", swap(`code =`, `colour = 1`+"\ncode ="), "profile.unknown_member", "line 5: product.colour"},
		{"unknown table", text + "[other]\nx = 1", "profile.unknown_member", "line 27: other"},
		{"secret-like member", swap(`contact =`, `shared_key = "x"`+"\ncontact ="), ErrSecretLike.Key, "line 26: the profile has a member named like a secret, support.shared_key"},
		{"secret-like member after an unknown one", swap(`code =`, `colour = 1`+"\ncode =") + "client_secret = 's'", ErrSecretLike.Key, "client_secret"},
		{"secret-like table", text + "[Password]\nx = 1", ErrSecretLike.Key, "Password"},
		{"token beside token_url", swap(`api_key = "0`, `token = "x"`+"\n"+`api_key = "0`), ErrSecretLike.Key, "authorization.token"},
		{"another case", swap(`endpoint =`, "EndPoint = 'http://127.0.0.1:9'\nendpoint ="), "profile.same_name", "line 22: server.EndPoint"},
		{"a table in another case", text + "[Server]\nportal = 'x'", "profile.same_name", "line 27: Server"},
		{"secret-like member in an inline table", text + "x = {a = [{'pass\u0077ord' = 1}]}", ErrSecretLike.Key, "support.x.a.password"},
		{"secret-like member in an array of tables", text + "[[x.y]]\n\"pass\\u0077ord\" = 1", ErrSecretLike.Key, "x.y.password"},
		{"secret-like member before a fault of syntax", swap(`schema = 1`, "shared_key = 'x'\nschema = "), ErrSecretLike.Key, "line 14"},
		{"syntax", swap(`schema = 1`, `schema = `), "profile.syntax", "line 14"},
		{"wrong type", swap(`schema = 1`, `schema = "1"`), "profile.syntax", "line 14"},
		{"schema", swap(`schema = 1`, `schema = 3`), "profile.wrong", "line 14: request.schema must be 1 or 2"},
		{"http endpoint", swap(`https://api`, `http://api`), "profile.wrong", "line 22: server.endpoint"},
		{"endpoint with a password", swap(`https://api`, `https://me:pw@api`), "profile.wrong", "line 22: server.endpoint"},
		{"proxy with a password", swap(`endpoint =`, "proxy = 'http://me:pw@proxy:3128'\nendpoint ="), "profile.wrong", "line 22: server.proxy"},
		{"a page without https", swap(`contact =`, "desk = 'http://desk.acme.example'\ncontact ="), "profile.wrong", "support.desk"},
		{"a page with a query", swap(`contact =`, "desk = 'https://desk.acme.example/?to=x'\ncontact ="), "profile.wrong", "support.desk"},
		{"a page that looks like another", swap(`contact =`, "desk = 'https://desk.аcme.example'\ncontact ="), "profile.wrong", "support.desk"},
		{"proxy that is none", swap(`endpoint =`, "proxy = 'socks5://proxy'\nendpoint ="), "profile.wrong", "line 22: server.proxy"},
		{"faster than the API allows", swap(`endpoint =`, "rate = 51\nendpoint ="), "profile.wrong", "line 22: server.rate"}, // F116
		{"a rate below zero", swap(`endpoint =`, "rate = -1\nendpoint ="), "profile.wrong", "line 22: server.rate"},
		{"an authority that is none", swap(`endpoint =`, "extra_ca = 'MIIB'\nendpoint ="), "profile.wrong", "line 22: server.extra_ca"},
		{"source", swap(`"licensespring"`, `"other"`), "profile.wrong", "line 19: hardware.source"},
		{"protected-id without application", swap(`"licensespring"`, `"protected-id"`), "profile.wrong", "line 18: hardware.application_id must be given"},
		{"authorization", swap(`"license_key"`, `"sso"`), "profile.wrong", "line 7: product.authorization_method"},
		{"method", swap(`method = "api_key"`, `method = "none"`), "profile.wrong", "line 10: authorization.method"},
		{"OAuth without client", swap(`method = "api_key"`, `method = "oauth"`), "profile.wrong", "line 9: authorization.client_id"},
		{"encoding", swap(`"base64"`, `"base32"`), "profile.wrong", "line 15"},
		{"host data", swap(`host_data = []`, `host_data = ["ip"]`), "profile.wrong", "line 16"},
		{"no name", swap(`name = "Acme CAD"`, ``), "profile.wrong", "line 1: name"},
		{"named practice", swap(`Acme CAD`, `Practice`), "profile.wrong", "line 2: name"},
		{"not UTF-8", text + "\xff", "profile.utf8", "UTF-8"},
	} {
		_, err := Parse([]byte(row.text), "acme.toml")
		if !errors.Is(err, fault.New(fault.Input, row.key)) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want %s saying %q", row.name, err, row.key, row.says)
		}
	}
}

func TestARequestGoesOverHTTPSOrToThisComputer(t *testing.T) {
	for address, want := range map[string]bool{
		"https://api.licensespring.com": true, "http://127.0.0.1:8080": true, "http://[::1]:1": true, "http://localhost": true,
		"http://example.com": false, "ftp://127.0.0.1": false, "https://": false, "": false, "api.licensespring.com": false,
		"http://127.0.0.1.example.com": false, "https://a?x=1": false, "http://127.0.0.1:": false, "https://u@a": false, "http://localhost.example.com": false,
	} {
		if got := licensespring.SafeAddress(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

func TestWhichProfileIsUsed(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "profiles")
	choose := func(named string) string {
		p, err := Choose(Folders{Own: folder}, named)
		if err != nil {
			return string(fault.KindOf(err))
		}
		return p.Name
	}
	expect := func(named, want string) {
		t.Helper()
		if got := choose(named); got != want {
			t.Errorf("%q: %s, want %s", named, got, want)
		}
	}
	expect("", "practice")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	add := func(file, name string) {
		text := strings.Replace(acme(t), "Acme CAD", name, 1)
		apptest.Write(t, filepath.Join(folder, file), text)
	}
	add("a.toml", "Acme CAD")
	expect("", "Acme CAD")
	expect("practice", "practice")
	add("b.toml", "Bolt")
	expect("", "usage")
	expect("bolt", "Bolt")
	expect("Nut", "usage")
	expect(filepath.Join(folder, "b.toml"), "Bolt")
	expect(filepath.Join(folder, "c.toml"), "input")
	add("c.toml", "BOLT")
	expect("bolt", "usage") // two of one name
	apptest.Write(t, filepath.Join(folder, "d.toml"), "x =")
	expect("Acme CAD", "Acme CAD") // an unreadable profile in the same folder does not matter
	expect("Nut", "input")         // it may be this one
}

func TestLicenseTypesThatCannotGoOfflineAreKnown(t *testing.T) {
	for _, row := range []struct {
		types []string
		want  bool
	}{{nil, true}, {[]string{"subscription", "perpetual"}, true}, {[]string{"subscription"}, false}} {
		if got := (Product{LicenseTypes: row.types}).CanGoOffline(); got != row.want {
			t.Errorf("%v: %v", row.types, got)
		}
	}
	if !slices.Contains(HostData, "hostname") {
		t.Error("a profile could not ask for the hostname")
	}
}

// branded builds a vendor's profile in until the test ends, and returns folders for others.
func branded(t *testing.T) Folders {
	t.Helper()
	text := []byte(acme(t))
	ofBrand = func() []byte { return text }
	t.Cleanup(func() { ofBrand = brand.Profile })
	return Folders{Own: filepath.Join(t.TempDir(), "profiles"), Machine: filepath.Join(t.TempDir(), "etc")}
}

// imported imports Acme's profile under another name, for another API key.
func imported(t *testing.T, folders Folders, name string) {
	t.Helper()
	if _, err := importFile(folders.Own, written(t, t.TempDir(), name), false); err != nil {
		t.Fatal(err)
	}
}

// importFile imports a file.
func importFile(folder, path string, replace bool) (Profile, error) {
	_, text, err := Read(path)
	if err != nil {
		return Profile{}, err
	}
	return Import(folder, path, text, replace)
}

// written writes Acme's profile under another name, for another API key.
func written(t *testing.T, folder, name string) (path string) {
	t.Helper()
	path = filepath.Join(folder, "x.toml")
	text := strings.NewReplacer("Acme CAD", name, "00000000-", "99999999-").Replace(acme(t))
	if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheBuiltInProfileIsUsedByItselfWhereNoneIsImported(t *testing.T) {
	folders := branded(t)
	all, err := List(folders)
	if err != nil || len(all) != 1 || !all[0].BuiltIn || all[0].Path != "" || all[0].Practice {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, named := range []string{"", "Acme CAD", "acme cad"} {
		if p, err := Choose(folders, named); err != nil || !p.BuiltIn || p.Name != "Acme CAD" {
			t.Errorf("%q: %+v, %v", named, p, err)
		}
	}
	if p, err := Choose(folders, "practice"); err != nil || !p.Practice || p.BuiltIn {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := Choose(folders, "testdata/acme.toml"); err != nil || p.BuiltIn {
		t.Errorf("a file of the same content is taken for it: %+v, %v", p, err)
	}
}

func TestBesideAnImportedProfileTheBuiltInOneIsChosenByName(t *testing.T) {
	folders := branded(t)
	imported(t, folders, "Bolt")
	if p, err := Choose(folders, ""); !errors.Is(err, fault.New(fault.Usage, "profile.several")) || !strings.Contains(err.Error(), "Acme CAD") {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := Choose(folders, "Bolt"); err != nil || p.BuiltIn {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := Choose(folders, "Acme CAD"); err != nil || !p.BuiltIn {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAnImportedProfileOfItsNameGoesBeforeTheBuiltInOneUntilItIsRemoved(t *testing.T) {
	folders := branded(t)
	imported(t, folders, "ACME CAD")
	if all, err := List(folders); err != nil || len(all) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	for _, named := range []string{"", "Acme CAD"} {
		if p, err := Choose(folders, named); err != nil || p.BuiltIn || p.Name != "ACME CAD" {
			t.Errorf("%q: %+v, %v", named, p, err)
		}
	}
	if p, err := Remove(folders, "Acme CAD"); err != nil || p.Name != "ACME CAD" {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := Choose(folders, ""); err != nil || !p.BuiltIn {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestTheBuiltInProfileCannotBeRemovedAndItsSecretHasAPlaceOfItsOwn(t *testing.T) {
	folders := branded(t)
	if _, err := Remove(folders, "Acme CAD"); !errors.Is(err, fault.New(fault.Usage, "profile.built_in")) {
		t.Error(err)
	}
	built, err := Named(folders, "acme cad") // what set-secret looks for
	if err != nil || !built.BuiltIn {
		t.Fatalf("%+v, %v", built, err)
	}
	imported(t, folders, "Acme CAD")
	other, err := Named(folders, "Acme CAD")
	if err != nil || other.BuiltIn || other.Destination("").Account(other.Name) == built.Destination("").Account(built.Name) {
		t.Errorf("%+v, %v", other, err)
	}
}

func TestAnImportedProfileGoesBeforeTheMachinesAndThatBeforeTheBuiltInOne(t *testing.T) {
	folders := branded(t)
	path := written(t, folders.Machine, "acme cad")
	for _, named := range []string{"", "Acme CAD"} {
		if p, err := Choose(folders, named); err != nil || !p.Machine || p.BuiltIn || p.Path != path || p.Imported() {
			t.Errorf("%q: %+v, %v", named, p, err)
		}
	}
	imported(t, folders, "ACME CAD")
	if all, err := List(folders); err != nil || len(all) != 1 || !all[0].Imported() {
		t.Errorf("%+v, %v", all, err)
	}
	imported(t, folders, "Bolt")
	if all, err := List(folders); err != nil || len(all) != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	if p, err := Choose(Folders{Own: folders.Own + "-none"}, ""); err != nil || !p.BuiltIn {
		t.Errorf("a machine's profile where its folder is not asked: %+v, %v", p, err)
	}
}

func TestAMachinesProfileIsNotAPersonsToRemove(t *testing.T) {
	folders := branded(t)
	path := written(t, folders.Machine, "Acme CAD")
	if _, err := Remove(folders, "Acme CAD"); !errors.Is(err, fault.New(fault.Usage, "profile.machine")) {
		t.Error(err)
	}
	imported(t, folders, "Acme CAD")
	if _, err := Remove(folders, "Acme CAD"); err != nil {
		t.Error(err)
	}
	if p, _, err := Read(path); err != nil || p.Name != "Acme CAD" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestABrokenProfileOfTheMachineIsToldOnce(t *testing.T) {
	folders := Folders{Own: filepath.Join(t.TempDir(), "profiles"), Machine: t.TempDir()}
	path := filepath.Join(folders.Machine, "x.toml")
	apptest.Write(t, path, "x =")
	if p, err := Choose(folders, ""); err == nil || strings.Count(err.Error(), path) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAProfileBehindOneThatCannotBeReadIsNotTakenForIt(t *testing.T) {
	folders := branded(t)
	if p, err := Choose(folders, "Acme CAD"); err != nil || !p.BuiltIn {
		t.Fatalf("%+v, %v", p, err)
	}
	path := written(t, folders.Machine, "Acme CAD")
	apptest.Write(t, path, "name = 'Acme CAD'\nx =")
	if p, err := Choose(folders, "Acme CAD"); !errors.Is(err, fault.New(fault.Input, "profile.machine_wrong")) {
		t.Errorf("%+v, %v", p, err)
	}
	imported(t, folders, "Acme CAD") // which is nearer
	if p, err := Choose(folders, "Acme CAD"); err != nil || !p.Imported() {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestTwoProfilesOfOneNameAreNeitherAndBothFilesAreNamed(t *testing.T) {
	folders := branded(t)
	one := written(t, folders.Machine, "Bolt")
	other := filepath.Join(folders.Machine, "y.toml")
	if err := os.Link(one, other); err != nil {
		t.Fatal(err)
	}
	for _, named := range []string{"", "Bolt"} {
		if p, err := Choose(folders, named); err == nil || !strings.Contains(err.Error(), one) || !strings.Contains(err.Error(), other) {
			t.Errorf("%q: %+v, %v", named, p, err)
		}
	}
	if all, _ := List(folders); len(all) != 1 || !all[0].BuiltIn {
		t.Errorf("%+v", all)
	}
}

func TestAProfilesFileEndsInTOMLInAnyCaseAndWhatEditorsLeaveIsNone(t *testing.T) {
	folders := Folders{Own: t.TempDir()}
	if err := errors.Join(os.Rename(written(t, folders.Own, "Bolt"), filepath.Join(folders.Own, "BOLT.TOML")),
		os.WriteFile(filepath.Join(folders.Own, ".#bolt.toml"), []byte("x ="), 0o600),
		os.WriteFile(filepath.Join(folders.Own, "bolt.toml~"), []byte("x ="), 0o600)); err != nil {
		t.Fatal(err)
	}
	if p, err := Choose(folders, ""); err != nil || p.Name != "Bolt" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAProfileOfNothingButDotsIsRefusedWithoutMuchMemory(t *testing.T) {
	for name, text := range map[string]string{
		"a name":  strings.Repeat("a.", maxBytes/2-2) + "a=1",
		"a table": "[" + strings.Repeat("a.", maxBytes/4) + "a]\n" + strings.Repeat("a=1\n", maxBytes/8-9),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Parse([]byte(text), name)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 64<<20 {
			t.Errorf("%s: %v, %d bytes", name, err, took)
		}
	}
}
