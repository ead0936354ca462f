package ui

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// thread is a real UI thread: functions for it wait until the test, which is the thread,
// runs them.
type thread struct {
	mu    sync.Mutex
	queue []func()
	work  sync.WaitGroup
}

func (t *thread) post(do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue = append(t.queue, do)
}

// turn runs the waiting functions, and reports whether there were any.
func (t *thread) turn() bool {
	t.mu.Lock()
	queue := t.queue
	t.queue = nil
	t.mu.Unlock()
	for _, do := range queue {
		do()
	}
	return len(queue) > 0
}

// settle runs waiting functions until nothing is busy.
func (t *thread) settle() {
	idle := make(chan struct{})
	go func() { t.work.Wait(); close(idle) }()
	for {
		select {
		case <-idle:
			for t.turn() {
			}
			return
		case <-time.After(time.Millisecond):
			t.turn()
		}
	}
}

// random is how long the window is used at random.
const random = 5 * time.Second

// F62 F97: files dropped, texts typed, pages switched, sending canceled and the window
// closed at random, with every job on its own goroutine: nothing is sent twice, nothing
// is lost. The race detector finds no data race.
func TestTheWindowUsedAtRandomSendsEachRequestOnce(t *testing.T) {
	test.NewTempApp(t)
	home, folder := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "profiles"), 0o700); err != nil {
		t.Fatal(err)
	}
	key := secret.New([]byte(sharedKey))
	names := []string{"Acme CAD", "Bolt CAM"}
	boxes := map[string]*sandbox.Sandbox{}
	var files []string
	for i, name := range names {
		client := fmt.Sprintf("0000000%d-1111-2222-3333-444444444444", i)
		box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: client, Secret: key, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			box.ServeHTTP(w, r)
			time.Sleep(time.Duration(rand.IntN(10)) * time.Millisecond) // done, and the answer is still on its way
		}))
		t.Cleanup(server.Close)
		boxes[name] = box
		apptest.Write(t, filepath.Join(home, "profiles", fmt.Sprint(i, ".toml")), fmt.Sprintf(
			"name = '%s'\nproduct.code = 'acmecad'\nauthorization.api_key = '%s'\nhardware.source = 'typed'\nserver.endpoint = '%s'\n", name, client, server.URL))
		for n := range 12 {
			draft := request.Draft{Schema: request.Schema1, RequestID: fmt.Sprintf("3f2504e0-4f89-41d3-9a0c-%012d", 100*i+n), LicenseKey: licenseKey,
				HardwareID: fmt.Sprint("device-", n), Product: "acmecad", APIKey: client}
			made, err := request.Make(draft, time.Now, key)
			if n%4 == 3 {
				made, err = request.Unsigned(draft, time.Now)
			}
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, fmt.Sprintf("%d-%d.req", i, n))
			text := made.Encode()
			if made.Handoff {
				text = string(carry.Handoff("", made.Encode()))
			}
			apptest.Write(t, path, text)
			files = append(files, path)
		}
	}
	ui := &thread{}
	start := func(job func()) {
		ui.work.Go(job)
	}
	window := test.NewWindow(widget.NewLabel("")) // closed by the test
	window.Resize(fyne.NewSize(1000, 720))
	u := New(window, Options{Home: home, Profile: names[0], Words: words.English(), System: []string{"en"}, Folder: folder, Start: start, Do: ui.post,
		Every: func(time.Duration, func()) func() { return func() {} }, Browse: func(string) error { return nil }, Picture: func() []byte { return nil }})
	closed := false
	window.SetOnClosed(func() { closed = true })
	give := func() {
		for _, name := range names {
			p, err := app.Profile(home, name)
			if err != nil {
				t.Fatal(err)
			}
			under, err := u.base.WithProfile(p, nil)
			if err != nil {
				t.Fatal(err)
			}
			u.setKey(under, key)
		}
	}
	drop := func() {
		var uris []fyne.URI
		for range 1 + rand.IntN(3) {
			uris = append(uris, storage.NewFileURI(files[rand.IntN(len(files))]))
		}
		u.dropped(uris)
	}
	d := &desk{UI: u, t: t, window: window}
	tapped := func(texts ...string) {
		for _, o := range d.shown() {
			if b, ok := o.(*kit.Button); ok && !b.Disabled() && slices.ContainsFunc(texts, func(text string) bool { return b.Text == u.t(text) }) {
				test.Tap(b)
				return
			}
		}
	}
	actions := []func(){
		drop, drop, drop,
		func() { u.tabs.SelectIndex(rand.IntN(len(u.tabs.Items))) },
		func() { u.tabs.SelectIndex(submitTab); u.submit.submit() },
		func() { u.tabs.SelectIndex(submitTab); u.submit.submit() },
		func() { tapped("ui.sign.yes", "ui.close") },
		func() { tapped("ui.remove") },
		func() { tapped("ui.cancel") },
		func() {
			if u.submit.run != nil && rand.IntN(4) == 0 {
				u.submit.run.stop()
			}
		},
		func() {
			if f := window.Canvas().Focused(); f != nil {
				for _, r := range "GPYC-X5J2" {
					f.TypedRune(r)
				}
			}
		},
		func() {
			if all, err := app.Profiles(home); err == nil && !u.working() {
				_ = u.use(all[rand.IntN(len(all))])
			}
		},
		func() {
			s := u.Settings
			s.Language = words.Languages()[rand.IntN(len(words.Languages()))]
			u.apply(s)
		},
		func() { u.setKey(u.app, secret.New([]byte("mistyped"))) },
		give,
		func() {
			if u.submit.run != nil { // it asks first
				u.close()
				tapped("ui.cancel")
			}
		},
	}
	ui.settle()
	for end := time.Now().Add(random); time.Now().Before(end); {
		actions[rand.IntN(len(actions))]()
		time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond)
		for range rand.IntN(3) {
			ui.turn()
		}
	}
	ui.settle()

	// If all requests are then dropped, keys given and signing confirmed, each is released, once.
	if u.dialog != nil {
		u.dialog.Hide()
	}
	give()
	var uris []fyne.URI
	for _, file := range files {
		uris = append(uris, storage.NewFileURI(file))
	}
	u.dropped(uris)
	ui.settle()
	give()
	// What was canceled while its answer was on the way is not known to the window, nor to
	// the record: sent again, it can only be found released already.
	done := []request.State{request.Released, request.ProbablyReleased}
	for range 2 { // again, for what was canceled or refused with a mistyped key
		for _, row := range u.batch.Rows() {
			if slices.Contains(row.Needs, app.NeedDecision) && !slices.Contains(done, row.Submission.Outcome) {
				u.batch.Again(row.ID)
			}
			u.batch.Confirm(row.ID)
		}
		u.submit.show()
		u.submit.sendReady(idsOf(u.batch.Rows()))
		ui.settle()
	}
	for _, row := range u.batch.Rows() {
		if s := row.Result(); !slices.Contains(done, s.Outcome) {
			message, _ := s.Explain(words.English())
			t.Errorf("%v: %s, %s, needs %v", row.Sources, s.Outcome, message, row.Needs)
		}
	}
	for name, box := range boxes {
		if n := len(box.Released()); n != 12 {
			t.Errorf("%s: %d devices released", name, n)
		}
	}
	records, errs := u.app.Journal.Records()
	if len(records) != len(files) || errs != nil {
		t.Errorf("%d records, %v", len(records), errs)
	}
	for _, r := range records {
		var answers []request.State
		for _, e := range r.Events {
			if slices.Contains(done, e.What) {
				answers = append(answers, e.What)
			}
		}
		if len(answers) != 1 {
			t.Errorf("%s was answered %v", r.Request.HardwareID, answers)
		}
	}
	u.dialog = nil
	u.carry = nil
	u.close()
	ui.settle()
	if !closed {
		t.Error("it did not close")
	}
}

func idsOf(rows []app.Row) (ids []int) {
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}
