package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/apptest"
	"handback/app/drives"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// The values of an invented vendor.
const (
	apiKey     = apptest.APIKey
	sharedKey  = apptest.SharedKey
	licenseKey = apptest.LicenseKey
	hardwareID = apptest.HardwareID
	practice   = ""
	acme       = "name = 'Acme CAD'\nproduct.code = 'acmecad'\nauthorization.api_key = '" + apiKey + "'\nhardware.source = 'typed'\n" +
		"server.endpoint = 'https://api.acme.example'\nserver.portal = 'https://portal.acme.example'\nsupport.contact = 'support@acme.example'\n"
)

// today is a day after the release of this version.
var today = app.Released.AddDate(0, 1, 0)

// desk is a window as a person uses it, with a sandbox as its server.
type desk struct {
	*UI
	t         testing.TB
	window    fyne.Window
	folder    string // proposed for saving files
	wire      *apptest.Wire
	box       *sandbox.Sandbox
	queue     []func() // waiting jobs, if slow is set
	slow      bool
	drives    []drives.Drive
	ticks     map[int]func() // running timers
	pages     []string       // opened in the browser, and folders
	noBrowser error          // what opening them returns
	picture   []byte         // in the clipboard
}

// begin opens the window with profiles of these texts.
func begin(t testing.TB, settings app.Settings, texts ...string) *desk {
	t.Helper()
	test.NewTempApp(t)
	d := &desk{t: t, ticks: map[int]func(){}, window: test.NewTempWindow(t, widget.NewLabel("")), folder: t.TempDir()}
	home := t.TempDir()
	folder := filepath.Join(home, "profiles")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		apptest.Write(t, filepath.Join(folder, strconv.Itoa(i)+".toml"), text)
	}
	d.window.Resize(fyne.NewSize(1000, 720))
	d.UI = New(d.window, Options{Home: home, Settings: settings, Words: words.English(), Jobs: 1, Folder: d.folder, Start: d.start, Do: func(f func()) { f() },
		Every: d.every, Browse: func(path string) error { d.pages = append(d.pages, path); return d.noBrowser },
		Picture: func() []byte { return d.picture }})
	return d
}

// sit opens the window with a profile of this text. The computer has no hardware ID of
// its own, and the clock stands still.
func sit(t testing.TB, text string, scenarios ...string) *desk {
	t.Helper()
	texts, settings := []string{text}, app.Settings{}
	if text == practice {
		texts, settings = nil, app.Settings{Profile: profile.Practice().Name}
	}
	d := begin(t, settings, texts...)
	if d.app == nil {
		return d
	}
	now := func() time.Time { return today }
	key := secret.New([]byte(sharedKey))
	if d.app.Profile.Practice {
		key = profile.PracticeSecret()
	}
	var err error
	d.box, err = sandbox.New(sandbox.Options{Product: d.app.Profile.Product.Code, APIKey: d.app.Profile.Authorization.APIKey,
		Secret: key, Scenarios: scenarios, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	d.wire = &apptest.Wire{Inner: d.box.Transport()}
	d.app.Transport, d.app.Now, d.app.Computer = d.wire, now, &machine.Computer{}
	d.app.Journal.Now = now
	d.app.Drives = func() []drives.Drive { return d.drives }
	d.release.load()
	d.focus()
	return d
}

// sitWithKey is like sit, with the shared key already known.
func sitWithKey(t testing.TB, text string, scenarios ...string) *desk {
	t.Helper()
	d := sit(t, text, scenarios...)
	if text != practice {
		d.setKey(d.app, secret.New([]byte(sharedKey)))
	}
	return d
}

// wear applies settings.
func (d *desk) wear(s app.Settings) {
	if s != (app.Settings{}) {
		d.apply(s)
	}
}

// every stores what a timer would call; the clock stands still.
func (d *desk) every(_ time.Duration, do func()) (stop func()) {
	n := len(d.ticks)
	d.ticks[n] = do
	return func() { delete(d.ticks, n) }
}

// tick lets every timer fire once.
func (d *desk) tick() {
	for _, do := range d.ticks {
		do()
	}
}

func (d *desk) start(job func()) {
	if d.slow {
		d.queue = append(d.queue, job)
		return
	}
	job()
}

// doWork runs the waiting jobs.
func (d *desk) doWork() {
	for len(d.queue) > 0 {
		job := d.queue[0]
		d.queue = d.queue[1:]
		job()
	}
}

// eachOf visits an object and everything that it shows, from the top.
func eachOf(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			eachOf(child, visit)
		}
	case *widget.Label, *kit.Value, *widget.Entry, *kit.Field: // their parts repeat their text
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			eachOf(child, visit)
		}
	}
}

// shown returns everything in the open dialog, else on the page.
func (d *desk) shown() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	eachOf(d.top(), func(o fyne.CanvasObject) { all = append(all, o) })
	return all
}

// top returns the open dialog, else the page.
func (d *desk) top() fyne.CanvasObject {
	if dialog := d.window.Canvas().Overlays().Top(); dialog != nil {
		return dialog
	}
	return d.window.Canvas().Content()
}

// texts returns the visible texts.
func (d *desk) texts() []string {
	var all []string
	for _, o := range d.shown() {
		if f, ok := o.(*kit.Field); ok {
			o = &f.Entry
		}
		if v, ok := o.(*kit.Value); ok {
			o = &v.Label
		}
		switch o := o.(type) {
		case *widget.Label:
			all = append(all, o.Text)
		case *widget.Entry:
			if !o.Password {
				all = append(all, o.Text)
			}
			if o.Text == "" {
				all = append(all, o.PlaceHolder)
			}
		case *canvas.Text:
			all = append(all, o.Text)
		}
	}
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}

func (d *desk) reads(text string) bool {
	return slices.ContainsFunc(d.texts(), func(one string) bool { return strings.Contains(one, text) })
}

// expect fails the test unless a text is visible: one of the catalogue, by its key, or
// any other.
func (d *desk) expect(text string) {
	d.t.Helper()
	if d.UI.Words.Has(text) {
		text = d.UI.t(text)
	}
	if !d.reads(text) {
		d.t.Fatalf("%q cannot be read, but\n%s", text, d)
	}
}

func (d *desk) expectNot(text string) {
	d.t.Helper()
	if d.UI.Words.Has(text) {
		text = d.UI.t(text)
	}
	if d.reads(text) {
		d.t.Fatalf("%q can be read", text)
	}
}

// button returns the button with a text. Fyne's dialogs have buttons of Fyne's own type.
func (d *desk) button(text string) fyne.Tappable {
	d.t.Helper()
	if d.UI.Words.Has(text) {
		text = d.UI.t(text)
	}
	for _, o := range d.shown() {
		switch b := o.(type) {
		case *kit.Button:
			if b.Text == text {
				return b
			}
		case *kit.Choice:
			if b.Text == text {
				return b
			}
		case *widget.Button:
			if b.Text == text {
				return b
			}
		}
	}
	d.t.Fatalf("there is no button %q", text)
	return nil
}

func (d *desk) tap(text string) {
	d.t.Helper()
	b := d.button(text)
	if can, ok := b.(fyne.Disableable); ok && can.Disabled() {
		d.t.Fatalf("the button %q is disabled", text)
	}
	test.Tap(b)
}

// typed types into what has the focus.
func (d *desk) typed(text string) {
	d.t.Helper()
	focused := d.focused()
	for _, r := range text {
		focused.TypedRune(r)
	}
}

func (d *desk) enter() {
	d.t.Helper()
	d.focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
}

func (d *desk) focused() fyne.Focusable {
	d.t.Helper()
	focused := d.window.Canvas().Focused()
	if focused == nil {
		d.t.Fatal("nothing has the focus")
	}
	return focused
}

// typeID selects typing and types the hardware ID, then focuses the owner.
func (d *desk) typeID(id string) {
	d.t.Helper()
	d.release.source.SetSelected(d.UI.t("source.typed"))
	if d.focused() != fyne.Focusable(d.release.typed) {
		d.t.Fatal("the ID cannot be typed right away")
	}
	d.typed(id)
	d.window.Canvas().Focus(d.release.owner)
}

// carryIt makes a request and opens the page that carries it.
func (d *desk) carryIt() *app.Outgoing {
	d.t.Helper()
	d.typeID(hardwareID)
	d.typed(licenseKey)
	d.enter() // to the second step
	d.enter() // Create has the focus
	if d.carry == nil {
		d.t.Fatalf("no request was made:\n%s", d)
	}
	return d.carry.made
}

// key returns the shared key in use; zero if it has to be asked for.
func (d *desk) key() secret.Secret { return d.secrets[accountOf(d.app)] }

// made returns a request with the desk's profile, always the same.
func (d *desk) made() *app.Outgoing {
	d.t.Helper()
	return d.madeFor(licenseKey)
}

func (d *desk) madeFor(owner string) *app.Outgoing {
	d.t.Helper()
	key := secret.New([]byte(sharedKey))
	if d.app.Profile.Practice {
		key = profile.PracticeSecret()
	}
	r, err := request.Make(request.Draft{Schema: request.Schema1, RequestID: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", LicenseKey: owner,
		HardwareID: hardwareID, Product: d.app.Profile.Product.Code, APIKey: d.app.Profile.Authorization.APIKey}, d.app.Now, key)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.app.NewOutgoing(r)
}

// file writes a request's text into a file.
func (d *desk) file(text string) string {
	d.t.Helper()
	path := filepath.Join(d.t.TempDir(), "a.req")
	apptest.Write(d.t, path, text)
	return path
}

// saved returns the files in the proposed folder, by name.
func (d *desk) saved() map[string]string {
	d.t.Helper()
	entries, err := os.ReadDir(d.folder)
	if err != nil {
		d.t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(d.folder, e.Name()))
		if err != nil {
			d.t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

func (d *desk) setScale(scale float32) {
	c, ok := d.window.Canvas().(software.WindowlessCanvas)
	if !ok {
		d.t.Fatalf("%T has no scale", d.window.Canvas())
	}
	c.SetScale(scale)
}

// String returns the visible texts of the window.
func (d *desk) String() string { return strings.Join(d.texts(), "\n") }
