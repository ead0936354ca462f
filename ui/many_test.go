package ui

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"handback/app"
	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/ui/kit"
)

// vendors are three invented vendors: their names, products and API keys.
var vendors = []struct{ name, product, apiKey string }{
	{"Acme CAD", "acmecad", apiKey},
	{"Bolt CAM", "boltcam", "11111111-1111-2222-3333-444444444444"},
	{"Crane Works", "crane", "22222222-1111-2222-3333-444444444444"},
}

// hosts is the network between the window and the vendors' servers.
type hosts map[string]http.RoundTripper

func (h hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	return h[r.URL.Host].RoundTrip(r)
}

// draftOf returns what the request number n of a vendor says.
func draftOf(product, key string, n int) request.Draft {
	return request.Draft{Schema: request.Schema1, RequestID: fmt.Sprintf("3f2504e0-4f89-41d3-9a0c-%012d", n), LicenseKey: fmt.Sprintf("%s-%d", product, n),
		HardwareID: fmt.Sprint("device-", n), Product: product, APIKey: key}
}

// morning is a desk in the morning: 27 signed requests of three vendors whose shared keys
// are known, and among them one that is unsigned and three that nothing can be done with.
func morning(t testing.TB) (d *desk, paths []string, boxes []*sandbox.Sandbox) {
	t.Helper()
	d = sitWithKey(t, acme)
	folder := t.TempDir()
	add := func(name, text string) {
		path := filepath.Join(folder, name)
		apptest.Write(t, path, text)
		paths = append(paths, path)
	}
	key := secret.New([]byte(sharedKey))
	network := hosts{}
	for i, v := range vendors {
		host := "api." + strings.TrimSuffix(v.product, "cad") + ".example"
		if i > 0 {
			text := strings.NewReplacer("Acme CAD", v.name, apiKey, v.apiKey, "acmecad", v.product, "api.acme.example", host).Replace(acme)
			apptest.Write(t, filepath.Join(d.Home, "profiles", v.product+".toml"), text)
			p, err := profile.Named(app.ProfileFolders(d.Home), v.name)
			if err != nil {
				t.Fatal(err)
			}
			under, err := d.base.WithProfile(p, nil)
			if err != nil {
				t.Fatal(err)
			}
			d.setKey(under, key)
		}
		box, err := sandbox.New(sandbox.Options{Product: v.product, APIKey: v.apiKey, Secret: key, Now: d.app.Now})
		if err != nil {
			t.Fatal(err)
		}
		network[host], boxes = box.Transport(), append(boxes, box)
		for n := range 9 {
			made, err := request.Make(draftOf(v.product, v.apiKey, n), d.app.Now, key)
			if err != nil {
				t.Fatal(err)
			}
			add(fmt.Sprintf("%s-%d.req", v.product, n), made.Encode())
		}
	}
	d.wire.Inner = network
	unsigned, err := request.Unsigned(draftOf("acmecad", apiKey, 100), d.app.Now)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := d.long().Codes(carry.Drawing{Density: carry.LowDensity})
	if err != nil {
		t.Fatal(err)
	}
	add("unsigned.handback", string(d.app.File(d.app.NewOutgoing(unsigned))))
	add("part.txt", codes[0].Text)
	add("page.html", "<html>")
	add("empty.req", "")
	return d, paths, boxes
}

func urisOf(paths []string) (uris []fyne.URI) {
	for _, path := range paths {
		uris = append(uris, storage.NewFileURI(path))
	}
	return uris
}

func released(boxes []*sandbox.Sandbox) (n int) {
	for _, box := range boxes {
		n += len(box.Released())
	}
	return n
}

// Of 31 mixed inputs the four that need somebody are at the top, in sight, and the summary
// says so. Three actions, of which one is the confirmation, bring each to its outcome:
// dropping them, Enter, and to sign the unsigned one.
func TestAMorningsRequestsTakeThreeActions(t *testing.T) {
	d, paths, boxes := morning(t)
	d.dropped(urisOf(paths)) // the first action
	d.expect("4 need you · 27 to submit")
	for i, row := range d.submit.rows {
		if needs := row.Standing() == app.NeedsYou; needs != (i < 4) {
			t.Errorf("row %d: %s", i, row.Standing())
		}
	}
	d.settle()
	all, _ := d.drawnIn(d.window.Canvas().Content())
	for _, name := range []string{"acmecad-100", "part.txt", "page.html", "empty.req"} {
		if !slices.ContainsFunc(all, func(one drawn) bool { return one.text == name && one.to.Y < d.window.Canvas().Size().Height-60 }) {
			t.Errorf("%s is out of sight", name)
		}
	}
	d.enter() // the second: Submit has the focus
	if n := released(boxes); n != 27 {
		t.Fatalf("while it is asked for the unsigned one, %d of 27 are released", n)
	}
	d.expect("ui.sign.question")
	d.tap("ui.sign.yes") // the third
	if n := released(boxes); n != 28 || len(d.wire.Sent()) != 28 {
		t.Errorf("%d are released, %d were sent", n, len(d.wire.Sent()))
	}
	d.expect("28 released · 3 need you")
	for i, want := range []string{"part.txt", "page.html", "empty.req"} {
		if got := sourceNames(d.submit.rows[i].Sources); got != want {
			t.Errorf("row %d is %s", i, got)
		}
	}
	for _, v := range vendors {
		d.submit.list.Select(slices.IndexFunc(d.submit.shown, func(r app.Row) bool { return r.App != nil && r.App.Profile.Name == v.name }))
		d.expect(v.name + " · api.")
	}
}

// A request that is given as an argument is released after one action.
func TestARequestAsAnArgumentTakesOneAction(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.enter()
	d.expect("1 released")
	if len(d.box.Released()) != 1 {
		t.Errorf("released %v", d.box.Released())
	}
}

// The bar says how many of how many are done, and more may be added to a run.
func TestARunSaysHowFarItIs(t *testing.T) {
	d, paths, _ := morning(t)
	d.dropped(urisOf(paths[:28]))
	var seen []string
	d.Do = func(f func()) {
		f()
		if d.submit.run != nil {
			seen = append(seen, fmt.Sprintf("%.3f", d.submit.sending.Value()))
		}
	}
	d.slow = true
	d.tap("ui.send")
	d.expect("ui.sign.question")
	d.tap("ui.sign.yes") // while the others are being sent
	d.expect("Submitting 1 of 28…")
	d.submit.filter.Choose(string(app.BeingSent))
	if len(d.submit.shown) != 28 {
		t.Errorf("%d are shown", len(d.submit.shown))
	}
	d.doWork()
	for _, want := range []string{"0.036", "0.500", "0.964"} { // 1, 14 and 27 of 28
		if !slices.Contains(seen, want) {
			t.Errorf("%s was never shown, but %v", want, seen)
		}
	}
	if !slices.IsSorted(seen) {
		t.Errorf("it went back: %v", seen)
	}
	d.expect("28 released")
	d.expectNot("Submitting")
}

// Nobody sits before a run of some length: the system says that it has ended, in numbers
// alone. A short run is seen.
func TestTheSystemSaysThatALongRunHasEnded(t *testing.T) {
	for _, row := range []struct {
		name  string
		takes time.Duration
		away  bool
		want  bool
	}{
		{"short", time.Second, false, false},
		{"long", 11 * time.Second, false, true},
		{"in another window", time.Second, true, true},
	} {
		d := sitWithKey(t, acme)
		var said []string
		d.Notify = func(title, text string) { said = append(said, title, text) }
		d.Away = func() bool { return row.away }
		d.opened(d.made().Encode())
		d.slow = true
		d.tap("ui.send")
		later := d.app.Now().Add(row.takes)
		d.app.Now = func() time.Time { return later }
		d.doWork()
		if row.want != (len(said) == 2) {
			t.Errorf("%s: %q", row.name, said)
		}
		if row.want && (said[0] != d.UI.t("ui.sent.title") || said[1] != "1 released") {
			t.Errorf("%s: %q", row.name, said)
		}
		if text := strings.Join(said, " "); strings.Contains(text, licenseKey) || strings.Contains(text, hardwareID) {
			t.Errorf("it says whose license it was: %s", text)
		}
	}
}

// With the keys alone one goes through the list, takes a row out, and chooses what the
// list shows.
func TestTheListIsWorkedWithTheKeysAlone(t *testing.T) {
	d, paths, _ := morning(t)
	d.dropped(urisOf(paths))
	press := func(key fyne.KeyName) {
		t.Helper()
		d.focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	reach := func(stop fyne.Focusable) {
		t.Helper()
		for range 40 {
			if d.window.Canvas().Focused() == stop {
				return
			}
			d.tab(false)
		}
		t.Fatalf("Tab does not reach %s", named(stop))
	}
	reach(d.submit.list)
	press(fyne.KeyDown)
	press(fyne.KeyDown)
	d.expect("carry.html.advice")
	press(fyne.KeyDelete)
	d.expect("3 need you · 27 to submit")
	d.expect("carry.empty.advice") // the next one
	press(fyne.KeyEnd)
	d.expect("crane-8 · crane")
	press(fyne.KeyHome)
	d.expect("acmecad-100 · acmecad")
	press(fyne.KeyPageDown) // to the last row in sight
	press(fyne.KeyPageDown)
	if d.submit.list.GetScrollOffset() == 0 {
		t.Error("Page Down stays")
	}
	reach(d.submit.filter.Buttons[string(app.NeedsYou)])
	d.enter()
	if len(d.submit.shown) != 3 {
		t.Errorf("%d are shown", len(d.submit.shown))
	}
	reach(d.submit.clear)
	d.enter() // takes out those that are shown
	d.expect("27 to submit")
	if d.submit.filter.Chosen != "" || len(d.submit.shown) != 27 {
		t.Errorf("%q, %d are shown", d.submit.filter.Chosen, len(d.submit.shown))
	}
}

// What a row needs can be given from its details, for it alone.
func TestWhatARowNeedsIsAskedForThatRow(t *testing.T) {
	d, paths, boxes := morning(t)
	d.dropped(urisOf(paths))
	d.submit.list.Select(0)
	d.tap("ui.item.sign")
	d.tap("ui.sign.yes")
	if n := released(boxes); n != 1 {
		t.Errorf("%d are released", n)
	}
	d.expect("1 released · 3 need you · 27 to submit")
	d.submit.list.Select(0)
	d.button("ui.item.parts")

	d = sit(t, acme)
	d.opened(d.made().Encode())
	d.tap("ui.item.secret")
	d.typed(sharedKey)
	d.enter()
	d.expect("1 released")
}

// Nothing moves under the eye while others are sent: the selected row, its details and
// the part of the list that is in sight stay.
func TestTheListStaysWhereItIsDuringARun(t *testing.T) {
	d, paths, _ := morning(t)
	d.dropped(urisOf(paths[:27]))
	d.submit.list.Select(20)
	fold := d.button("ui.details").(*kit.Button)
	d.window.Canvas().Focus(fold)
	d.submit.list.ScrollTo(0) // away from the selected row
	offset := d.submit.list.GetScrollOffset()
	d.Do = func(f func()) {
		f()
		if got := d.submit.list.GetScrollOffset(); got != offset {
			t.Fatalf("it scrolled from %v to %v", offset, got)
		}
		row := d.submit.rows[20]
		if d.submit.at != row.ID || row.Submission == nil && !row.Sending && d.window.Canvas().Focused() != fyne.Focusable(fold) {
			t.Fatalf("another row is selected, or its details lost the focus")
		}
	}
	d.submit.submit()
}

// thousands is a desk with 5,000 requests and the same in its history.
func thousands(t testing.TB) *desk {
	t.Helper()
	d := sitWithKey(t, acme)
	var inputs []app.Input
	for n := range 5000 {
		made, err := request.Make(draftOf("acmecad", apiKey, n), d.app.Now, d.key())
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, app.Input{Name: fmt.Sprint(n, ".req"), Data: []byte(made.Encode())})
	}
	d.UI.batch.Add(t.Context(), inputs...)
	return d
}

// onThread does the jobs on the UI thread with 5,000 rows, each five times, and returns how
// long the longest of each took.
func onThread(t testing.TB) map[string]time.Duration {
	d := thousands(t)
	d.withRecords()
	d.tabs.SelectIndex(submitTab)
	page := d.submit
	took := map[string]time.Duration{}
	measure := func(what string, do func()) {
		for range 5 {
			began := time.Now()
			do()
			took[what] = max(took[what], time.Since(began))
		}
	}
	page.show()
	measure("show", page.show)
	n := 0
	measure("filter", func() {
		n++
		page.filter.Choose([]string{"", string(app.ToSubmit)}[n%2])
	})
	page.filter.Choose("")
	measure("scroll", func() {
		n++
		page.list.ScrollTo([]int{0, 4000}[n%2])
	})
	measure("select", func() { page.list.Select(page.at % 4000) })
	ids := make([]int, len(page.rows))
	for i, row := range page.rows {
		ids[i] = row.ID
	}
	measure("added", func() { page.added(ids) })
	d.slow = true
	took["submit"] = time.Hour
	for range 3 {
		began := time.Now()
		page.submit()
		took["submit"] = min(took["submit"], time.Since(began))
		measure("update", page.show)
		page.run.stop()
		d.UI.stale.Store(true) // here each change would be shown by itself
		d.doWork()             // all are canceled
		d.UI.stale.Store(false)
		page.show()
	}
	d.slow = false
	measure("remove", func() { page.remove(ids[:500]...); ids = ids[500:] })
	d.tabs.SelectIndex(historyTab)
	history := d.history
	history.load(nil)
	measure("search", func() {
		n++
		history.search.SetText("acmecad-" + fmt.Sprint(n))
	})
	measure("search nothing", func() {
		n++
		history.search.SetText("nowhere " + fmt.Sprint(n))
	})
	history.search.SetText("")
	stages := []app.Stage{"", app.ReleasedStage}
	measure("stage", func() {
		n++
		history.stages.Choose(string(stages[n%2]))
	})
	return took
}

// withRecords puts a record of each of a batch's requests into a history that is in
// memory.
func (d *desk) withRecords() {
	d.t.Helper()
	d.app.Journal.Folder = ""
	for _, row := range d.UI.batch.Rows() {
		if err := d.app.Journal.Note(row.Request, false, journal.Event{What: request.Created}, journal.Event{What: request.Released, Status: 200}); err != nil {
			d.t.Fatal(err)
		}
	}
}
