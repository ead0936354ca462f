package window

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handback/app/sandbox"
	"handback/app/secret"
)

// clip puts a text into the clipboard like another program.
func (d *display) clip(text string) {
	d.t.Helper()
	c := exec.Command("xclip", "-selection", "clipboard")
	c.Env, c.Stdin = d.environment(), strings.NewReader(text)
	if err := c.Run(); err != nil {
		d.t.Fatal(err)
	}
}

// act is one action of a person: a key, or a typed word.
func (d *display) act(arguments ...string) {
	d.t.Helper()
	d.actions++
	d.x(arguments...)
}

// A pasted key becomes a saved request in four actions, and a request that is given as an
// argument is released after one. The limit is two.
func TestTheWayThroughIsShort(t *testing.T) {
	program := build(t, t.TempDir())
	d := newDisplay(t)
	d.clip("GPYC-X5J2-L5SK-C3LK")
	stop := d.run(program)
	d.actions = 0
	d.act("key", "ctrl+v")
	rest(500 * time.Millisecond)
	d.act("key", "Return") // to the second step
	rest(500 * time.Millisecond)
	d.act("key", "Return") // create
	d.still()
	d.act("key", "Return") // save
	file := d.saved()
	if d.actions > 4 {
		t.Errorf("%d actions to a saved request", d.actions)
	}
	stop()

	d.run(program, file)
	d.still() // until the file is read
	d.actions = 0
	d.act("key", "Return") // submit
	d.until("the receipt of the release", func() bool {
		found, _ := filepath.Glob(filepath.Join(d.home, "*.receipt.txt"))
		return len(found) == 1
	})
	if d.actions > 2 {
		t.Errorf("%d actions to released", d.actions)
	}
}

// TestTheTour takes a picture of every page, light and dark, in three languages and two
// sizes, into the folder named by HANDBACK_TOUR. They are for people to look at.
func TestTheTour(t *testing.T) {
	folder := os.Getenv("HANDBACK_TOUR")
	if folder == "" {
		t.Skip("make screenshots takes the pictures")
	}
	program := build(t, t.TempDir())
	for _, language := range []string{"en", "de", "ja"} {
		for _, look := range []string{"light", "dark"} {
			for _, percent := range []int{100, 150} {
				name := fmt.Sprintf("%s-%s-%d", language, look, percent)
				t.Run(name, func(t *testing.T) {
					settings := fmt.Sprintf("language = '%s'\nlook = '%s'\ntext_size = %d\n", language, look, percent)
					tour(t, program, settings, filepath.Join(folder, name))
				})
			}
		}
	}
}

// tour walks through both halves.
func tour(t *testing.T, program, settings, folder string) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apiKey, Secret: secret.New([]byte(sharedKey)), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(box)
	defer server.Close()
	d := newDisplay(t)
	d.home = filepath.Join(os.TempDir(), "Anna") // the path is in the pictures
	if err := os.MkdirAll(filepath.Join(d.home, ".cache"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(d.home) })
	if err := os.WriteFile(filepath.Join(d.home, "settings.toml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	profile := d.profile(server.URL)
	shot := func(name string) {
		t.Helper()
		time.Sleep(800 * time.Millisecond)
		d.picture(filepath.Join(folder, name+".png"))
	}
	stop := d.run(program, "--profile", profile)
	d.x("type", "--delay", "15", "GPYC-X5J2-L5SK-C3LK")
	shot("1-license")
	d.typed("")
	shot("2-check")
	d.opensDialog(func() { d.typed("") })
	shot("3-shared-key")
	d.typed(sharedKey)
	shot("4-take-along")
	d.typed("")
	file := d.saved()
	shot("4-saved")
	d.x("key", "ctrl+2")
	shot("5-submit")
	stop()

	d.run(program, "--profile", profile, file)
	shot("6-opened")
	d.opensDialog(func() { d.typed("") })
	d.typed(sharedKey)
	d.until("the sandbox to release the device", func() bool { return len(box.Released()) == 1 })
	shot("7-released")
	for _, page := range [][2]string{{"ctrl+3", "8-history"}, {"ctrl+4", "9-profiles"}, {"F1", "10-help"}, {"ctrl+comma", "11-settings"}} {
		d.x("key", page[0])
		shot(page[1])
		if page[0] == "F1" || page[0] == "ctrl+comma" {
			d.x("key", "Escape")
			time.Sleep(300 * time.Millisecond)
		}
	}
}
