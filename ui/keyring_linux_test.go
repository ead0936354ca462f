package ui

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/apptest"
	"handback/app/profile"
	"handback/app/secret"
)

// inSession is a variable that is set in the test's own desktop session.
const inSession = "HANDBACK_TEST_SESSION"

// session runs the test again in a desktop session of its own, with a real, unlocked
// Secret Service. It returns true there.
func session(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inSession) != "" {
		return true
	}
	run := t.TempDir()
	if err := os.Chmod(run, 0o700); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("dbus-run-session", "--", "sh", "-c",
		`printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" -test.v -test.run "^$1\$"`, os.Args[0], t.Name())
	c.Env = append(os.Environ(), inSession+"=yes", "HOME="+run, "XDG_RUNTIME_DIR="+run, "DBUS_SESSION_BUS_ADDRESS=")
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("%v\n%s", err, out)
	}
	return false
}

// F67 F85: the window uses the keyring's secret for the destination that it was stored
// for, checks signatures with it before anything is sent, and gives it to no other
// destination.
func TestTheWindowGivesAStoredSecretToItsDestinationAlone(t *testing.T) {
	if !session(t) {
		return
	}
	p, err := profile.Parse([]byte(acme), "acme.toml")
	if err != nil {
		t.Fatal(err)
	}
	if err := app.StoreSecret(p, secret.New([]byte(sharedKey))); err != nil {
		t.Fatal(err)
	}
	d := sit(t, acme)
	text := d.made().Encode()
	d.opened(text)
	d.expect("signature.valid") // nobody typed a key
	d.enter()
	d.expect("outcome.released")

	asked := 0
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer evil.Close()
	ca, err := os.ReadFile(filepath.Join("..", "cmd", "handback", "testdata", "script", "a_secret_belongs_to_where_it_goes.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	_, pem, _ := strings.Cut(string(ca), "-----BEGIN CERTIFICATE-----")
	pem, _, _ = strings.Cut(pem, "-----END CERTIFICATE-----")
	oauth := "authorization.method = 'oauth'\nauthorization.client_id = '" + apiKey + "'\nauthorization.signs = 'api_key'\nauthorization.token_url = '" + evil.URL + "/token'\n"
	for name, row := range map[string]struct{ text, changed string }{
		"another endpoint":       {strings.Replace(acme, "https://api.acme.example", evil.URL, 1), "server.endpoint"},
		"another token address":  {acme + oauth, "authorization.method"},
		"another proxy":          {acme + "server.proxy = '" + evil.URL + "'\n", "server.proxy"},
		"another authority":      {acme + "server.extra_ca = '''\n-----BEGIN CERTIFICATE-----" + pem + "-----END CERTIFICATE-----\n'''\n", "server.extra_ca"},
		"a name that runs along": {strings.Replace(acme, "Acme CAD", "Acme", 1), ""},
	} {
		for _, imported := range []bool{true, false} {
			home, folder := t.TempDir(), t.TempDir()
			file := filepath.Join(folder, "acme.toml")
			chosen := file
			if imported {
				chosen = ""
				file = filepath.Join(home, "profiles", "acme.toml")
				if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			apptest.Write(t, file, row.text)
			other := &desk{t: t, window: test.NewTempWindow(t, widget.NewLabel(""))}
			other.UI = New(other.window, Options{Home: home, Profile: chosen, Words: d.UI.Words, Jobs: 1, Folder: folder, Start: other.start,
				Do: func(f func()) { f() }, Every: other.every, Browse: d.Browse, Picture: d.Picture})
			if other.app == nil {
				t.Fatalf("%s: %s", name, other)
			}
			other.app.Now = d.app.Now
			other.opened(text)
			other.expect("signature.unchecked")
			other.tap("ui.send")
			other.expect("ui.shared_key.title")
			if row.changed != "" {
				other.expect(row.changed)
			}
			other.tap("ui.cancel")
			if row := other.submit.rows[0]; row.Submission != nil || asked > 0 {
				t.Errorf("%s: it was sent, %d times to the other place", name, asked)
			}
		}
	}
}
