package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"handback/app/apptest"
	"handback/app/drives"
	"handback/app/portal"
)

// tree returns a folder with requests in it and below it, which the chooser shows.
func (d *desk) tree() string {
	d.t.Helper()
	folder := filepath.Join(d.folder, "work")
	if err := os.MkdirAll(filepath.Join(folder, "Old", "older"), 0o700); err != nil {
		d.t.Fatal(err)
	}
	for name, owner := range map[string]string{"a.req": "KEY-A", "B.req": "KEY-B", "c #1 100%.req": "KEY-C", "Old/d.req": "KEY-D", "Old/older/e.req": "KEY-E", ".hidden.req": "KEY-H"} {
		apptest.Write(d.t, filepath.Join(folder, name), d.madeFor(owner).Encode())
	}
	return folder
}

// strike sends keys, one after the other, to what has the focus.
func (d *desk) strike(names ...fyne.KeyName) {
	d.t.Helper()
	for _, name := range names {
		d.focused().TypedKey(&fyne.KeyEvent{Name: name})
	}
}

// owners returns the owners of the listed requests, in order.
func (d *desk) owners() string {
	var all []string
	for _, row := range d.batch.Rows() {
		if row.Request != nil {
			all = append(all, strings.TrimPrefix(row.Request.Owner(), "KEY-"))
		} else {
			all = append(all, "!"+filepath.Base(row.Sources[0]))
		}
	}
	return strings.Join(all, " ")
}

// picking opens the chooser at a folder.
func (d *desk) picking(folder string) *chooser {
	d.t.Helper()
	d.lastFolder = folder
	d.press(fyne.KeyO)
	return d.focused().(*fileList).c
}

const (
	keyDown, keySpace, keyEnter, keyBack = fyne.KeyDown, fyne.KeySpace, fyne.KeyReturn, fyne.KeyBackspace
)

// F101: the folder has Old, a.req, B.req and c, in this order.
func TestManyFilesAndFoldersAreChosenWithTheKeysAlone(t *testing.T) {
	for name, row := range map[string]struct {
		keys   []fyne.KeyName
		shift  []fyne.KeyName // with Shift, after keys
		then   []fyne.KeyName
		owners string
	}{
		"one file":                  {keys: []fyne.KeyName{keyDown, keyEnter}, owners: "A"},
		"two files":                 {keys: []fyne.KeyName{keyDown, keySpace, keyDown, keyDown, keySpace, keyEnter}, owners: "A C"},
		"a mark taken away":         {keys: []fyne.KeyName{keyDown, keySpace, keySpace, keyDown, keySpace, keyEnter}, owners: "B"},
		"a folder":                  {keys: []fyne.KeyName{keySpace, keyEnter}, owners: "D E"},
		"a folder and a file":       {keys: []fyne.KeyName{keySpace, fyne.KeyEnd, keySpace, keyEnter}, owners: "D E C"},
		"a row of files":            {keys: []fyne.KeyName{keyDown}, shift: []fyne.KeyName{keyDown, keyDown}, then: []fyne.KeyName{keyEnter}, owners: "A B C"},
		"a row that became shorter": {keys: []fyne.KeyName{keyDown}, shift: []fyne.KeyName{keyDown, keyDown, fyne.KeyUp}, then: []fyne.KeyName{keyEnter}, owners: "A B"},
		"to the end":                {keys: []fyne.KeyName{keySpace, keyDown, keyDown}, shift: []fyne.KeyName{fyne.KeyPageDown}, then: []fyne.KeyName{keyEnter}, owners: "D E B C"},
		"into a folder":             {keys: []fyne.KeyName{keyEnter, keyDown, keyEnter}, owners: "D"},
		"in, down and up again":     {keys: []fyne.KeyName{keyEnter, keyEnter, keyBack, keyBack, keySpace, keyEnter}, owners: "D E"},
		"beyond the first and last": {keys: []fyne.KeyName{fyne.KeyUp, fyne.KeyPageDown, keyDown, keyDown, keyEnter}, owners: "C"},
	} {
		t.Run(name, func(t *testing.T) {
			d := sitWithKey(t, acme)
			c := d.picking(d.tree())
			d.expect("B.req")
			d.expectNot(".hidden")
			d.strike(row.keys...)
			c.shift = func() bool { return true }
			d.strike(row.shift...)
			c.shift = func() bool { return false }
			d.strike(row.then...)
			if d.window.Canvas().Overlays().Top() != nil {
				t.Error("the dialog is still open")
			}
			if got := d.owners(); got != row.owners {
				t.Errorf("read %q, want %q", got, row.owners)
			}
		})
	}
}

// F101
func TestTheDialogMarksAllFindsByLettersAndTakesAPath(t *testing.T) {
	d := sitWithKey(t, acme)
	folder := d.tree()
	d.picking(folder)
	d.focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	d.expect(d.UI.t("ui.choose.marked", "count", 4))
	d.tap("ui.choose.open")
	if got := d.owners(); got != "D E A B C" {
		t.Errorf("all: %q", got)
	}
	d.tap("ui.clear")

	d.picking(folder)
	d.typed("b")
	d.enter()
	if got := d.owners(); got != "B" {
		t.Errorf("by a letter: %q", got)
	}
	d.tap("ui.clear")

	d.picking(folder)
	d.tap("ui.choose.whole")
	if got := d.owners(); got != "B D E A C" {
		t.Errorf("the whole folder: %q", got)
	}
	d.tap("ui.clear")

	for _, row := range []struct{ typed, owners string }{
		{filepath.Join(folder, "a.req"), "A"},
		{"  Old/d.req ", "D"},
		{`"` + filepath.Join(folder, "B.req") + `"`, "B"},
		{storage.NewFileURI(folder).String() + "/c%20%231%20100%25.req", "C"},
	} {
		c := d.picking(folder)
		d.window.Canvas().Focus(c.path)
		c.path.SetText("")
		d.typed(row.typed)
		d.enter()
		if got := d.owners(); got != row.owners {
			t.Errorf("%s: %q", row.typed, got)
		}
		d.tap("ui.clear")
	}
}

// F101
func TestAFolderThatCannotBeReadIsToldAndTheOtherStays(t *testing.T) {
	d := sitWithKey(t, acme)
	folder := d.tree()
	c := d.picking(folder)
	d.window.Canvas().Focus(c.path)
	c.path.SetText("")
	d.typed("none")
	d.enter()
	d.expect(filepath.Join(folder, "none") + " cannot be read")
	d.expect("B.req")
	if d.focused() != fyne.Focusable(c.path) {
		t.Errorf("the path cannot be mended: %s has the focus", named(d.focused()))
	}
	d.tap("ui.choose.whole") // the path names no folder
	if len(d.submit.rows) != 0 {
		t.Error("another folder than the one that was typed was opened")
	}
	d.expect(filepath.Join(folder, "none") + " cannot be read")
	d.window.Canvas().Focus(c.path)
	c.path.SetText("Old")
	d.enter()
	if d.focused() != fyne.Focusable(c.files) {
		t.Errorf("%s has the focus", named(d.focused()))
	}
	d.expect("d.req")
	d.tap("ui.cancel")

	d.lastFolder = filepath.Join(folder, "taken out meanwhile") // for example on a drive that was unplugged
	d.press(fyne.KeyO)
	d.expect("work") // in the proposed folder
	d.tap("ui.cancel")
	if len(d.wire.Sent()) != 0 || len(d.submit.rows) != 0 {
		t.Error("something was read")
	}
}

// F101
func TestTheDialogRemembersItsFolderAndOffersSticks(t *testing.T) {
	d := sitWithKey(t, acme)
	folder := d.tree()
	d.picking(folder)
	d.strike(keyEnter) // goes into Old
	d.tap("ui.cancel")
	d.press(fyne.KeyO)
	c := d.focused().(*fileList).c
	if c.folder != filepath.Join(folder, "Old") {
		t.Errorf("it begins in %s", c.folder)
	}
	d.expectNot("STICK")
	d.drives = []drives.Drive{{Path: filepath.Join(folder, "Old", "older"), Name: "STICK"}}
	d.tick()
	d.expect("STICK")
	d.window.Canvas().Focus(c.goTo)
	d.strike(keyEnter)
	d.expect("e.req")
	d.strike(keyEnter)
	if got := d.owners(); got != "E" {
		t.Errorf("from the stick: %q", got)
	}
	if len(d.ticks) != 0 {
		t.Error("it still looks for sticks")
	}
}

// F101
func TestAClickMarksAndADoubleClickOpens(t *testing.T) {
	d := sitWithKey(t, acme)
	c := d.picking(d.tree())
	click := func(row int) {
		c.files.Select(row)
		c.clicked = c.clicked.Add(-2 * doubleClick)
	}
	click(1)
	click(2)
	click(1) // unmarks it
	c.shift = func() bool { return true }
	click(3)
	c.shift = func() bool { return false }
	if got := fmt.Sprint(c.marks.on); got != "[false true true true]" {
		t.Error(got)
	}
	c.files.Select(0)
	c.files.Select(0)
	d.expect("d.req")
	c.files.Select(1)
	c.files.Select(1)
	if got := d.owners(); got != "D" {
		t.Errorf("%q", got)
	}
}

// F101
func TestFilesAndFoldersAreDroppedAndPasted(t *testing.T) {
	paths := func(folder string) []string {
		return []string{filepath.Join(folder, "c #1 100%.req"), filepath.Join(folder, "Old"), filepath.Join(folder, "none.req"), filepath.Join(folder, "a.req")}
	}
	addresses := func(folder string) (all []string) {
		for _, path := range paths(folder) {
			all = append(all, strings.NewReplacer("%", "%25", " ", "%20", "#", "%23").Replace("file://"+filepath.ToSlash(path)))
		}
		return all
	}
	paste := func(d *desk, text string) {
		fyne.CurrentApp().Clipboard().SetContent(text)
		d.tabs.SelectIndex(submitTab)
		d.UI.paste()
	}
	for name, give := range map[string]func(d *desk, folder string){
		"dropped": func(d *desk, folder string) {
			var uris []fyne.URI
			for _, path := range paths(folder) {
				uris = append(uris, storage.NewFileURI(path))
			}
			d.dropped(uris)
		},
		"addresses": func(d *desk, folder string) { paste(d, strings.Join(addresses(folder), "\r\n")+"\r\n") },
		"GNOME": func(d *desk, folder string) {
			paste(d, "x-special/nautilus-clipboard\ncopy\n"+strings.Join(addresses(folder), "\n")+"\n")
		},
		"paths":   func(d *desk, folder string) { paste(d, strings.Join(paths(folder), "\n")) },
		"Windows": func(d *desk, folder string) { paste(d, `"`+strings.Join(paths(folder), "\"\r\n\"")+`"`) },
	} {
		t.Run(name, func(t *testing.T) {
			d := sitWithKey(t, acme)
			give(d, d.tree())
			if got := d.owners(); got != "C D E !none.req A" {
				t.Errorf("read %q", got)
			}
		})
	}
	for _, text := range []string{"", "/9j/4AAQSkZJRg", "/no/such/file\nand more", "a.req", "// a remark", "\n\n"} {
		if got := pathsIn(text); got != nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// F101
func TestPastingByTheKeyWorksOnThePageThatSubmitsAndRestsUnderADialog(t *testing.T) {
	d := sitWithKey(t, acme)
	fyne.CurrentApp().Clipboard().SetContent(d.made().Encode())
	d.UI.paste()
	if d.tabs.SelectedIndex() != releaseTab {
		t.Error("it pasted from another page")
	}
	d.press(fyne.Key2)
	d.strike(fyne.KeyF1)
	d.tap("ui.keys")
	d.expect("Ctrl+V")
	d.expect("ui.keys.paste")
	d.UI.paste()
	d.tap("ui.close")
	if len(d.submit.rows) != 0 {
		t.Error("it pasted behind a dialog")
	}
	d.UI.paste()
	if len(d.submit.rows) != 1 {
		t.Errorf("%d are listed", len(d.submit.rows))
	}
}

// F101: requests among dropped files are listed, and the person is asked about the only
// profile; with several profiles none is silently ignored.
func TestAProfileAmongRequestsIsNotLost(t *testing.T) {
	d := sitWithKey(t, acme)
	folder := d.tree()
	bolt := filepath.Join(folder, "bolt.toml")
	apptest.Write(t, bolt, strings.Replace(acme, "Acme CAD", "Bolt CAM", 1))
	apptest.Write(t, filepath.Join(folder, "crane.toml"), strings.Replace(acme, "Acme CAD", "Crane", 1))
	d.Open(filepath.Join(folder, "a.req"), bolt, filepath.Join(folder, "B.req"))
	d.expect("ui.profiles.accept")
	d.expect("Bolt CAM")
	d.tap("ui.profiles.accept.yes")
	if d.app.Profile.Name != "Bolt CAM" || d.owners() != "A B" {
		t.Errorf("%s, %q", d.app.Profile.Name, d.owners())
	}
	d.submit.removeShown()
	d.Open(bolt, filepath.Join(folder, "a.req"), filepath.Join(folder, "crane.toml"))
	if d.window.Canvas().Overlays().Top() != nil || d.owners() != "!bolt.toml A !crane.toml" {
		t.Errorf("%q", d.owners())
	}
	d.expect("app.is_profile.advice")
}

// F101
func TestTheTabKeyGoesThroughTheDialogAsItIsRead(t *testing.T) {
	d := sitWithKey(t, acme)
	c := d.picking(d.tree())
	d.window.Canvas().Focus(c.path)
	for _, want := range []fyne.Focusable{c.goTo, c.files} {
		d.tab(false)
		if got := d.focused(); got != want {
			t.Errorf("it goes to %s", named(got))
		}
	}
}

// F101: one dialog for all questions, with the keys alone.
func TestOneFileOrAFolderIsChosenWithTheKeysAlone(t *testing.T) {
	for name, row := range map[string]struct {
		asked portal.Question
		keys  []fyne.KeyName
		want  string
		shown string // before the keys; of a folder after them
	}{
		"one file":             {portal.Question{}, []fyne.KeyName{keyDown, keySpace, keyDown, keyDown, keyEnter}, "B.req", "a.req"},
		"one file in a folder": {portal.Question{}, []fyne.KeyName{keyEnter, fyne.KeyEnd, keyEnter}, "Old/d.req", "Old"},
		"of one kind":          {portal.Question{Patterns: []string{"*.toml"}}, []fyne.KeyName{fyne.KeyEnd, keyEnter}, "acme.TOML", "acme.TOML"},
		"a folder":             {portal.Question{Folders: true}, []fyne.KeyName{keyEnter, keyEnter}, "Old/older", "ui.choose.empty"},
	} {
		t.Run(name, func(t *testing.T) {
			d := sitWithKey(t, acme)
			folder := d.tree()
			apptest.Write(t, filepath.Join(folder, "acme.TOML"), acme)
			row.asked.Title, row.asked.Folder = "Choose one", folder
			var got []string
			d.choose(row.asked, func(paths ...string) { got = append(got, paths...) })
			d.expect("Choose one")
			d.expectNot("ui.choose.use")
			if !row.asked.Folders {
				d.expect(row.shown)
			}
			if len(row.asked.Patterns) > 0 || row.asked.Folders {
				d.expectNot("B.req")
			}
			d.focused().(*fileList).c.shift = func() bool { return true } // marks nothing here
			d.focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
			d.strike(row.keys...)
			if row.asked.Folders {
				d.expect(row.shown)
				d.tap("ui.choose.this")
			}
			if len(got) != 1 || got[0] != filepath.Join(folder, filepath.FromSlash(row.want)) {
				t.Errorf("%q", got)
			}
			if d.window.Canvas().Overlays().Top() != nil {
				t.Error("the dialog is still open")
			}
		})
	}
}

// F101: the system's dialog takes the place of the window's, on every page.
func TestTheSystemsDialogIsShownWhereThereIsOne(t *testing.T) {
	d := sitWithKey(t, acme)
	folder := d.tree()
	var asked []portal.Question
	var answer []string
	d.Choose = func(q portal.Question) ([]string, error) {
		asked = append(asked, q)
		return answer, nil
	}
	answer = []string{filepath.Join(folder, "a.req"), filepath.Join(folder, "B.req")}
	d.press(fyne.KeyO)
	if got := d.owners(); got != "A B" || !asked[0].Many || asked[0].Whole == "" {
		t.Errorf("%q, %+v", got, asked)
	}
	answer = nil // cancelled
	d.tap("ui.open")
	if d.owners() != "A B" || asked[1].Folder != folder {
		t.Errorf("%q, %+v", d.owners(), asked)
	}
	d.tabs.SelectIndex(profilesTab)
	answer = []string{profileFile(t, "Bolt CAM")}
	d.tap("ui.profiles.import")
	d.expect("ui.profiles.accept")
	if q := asked[2]; q.Many || len(q.Patterns) != 1 {
		t.Errorf("%+v", q)
	}
	d.tap("ui.cancel")
	d.tabs.SelectIndex(releaseTab)
	d.carryIt()
	answer = []string{folder}
	d.tap("ui.choose")
	if !asked[3].Folders || d.carry.folder.Text != folder {
		t.Errorf("%+v, %s", asked[3], d.carry.folder.Text)
	}
	if d.window.Canvas().Overlays().Top() != nil {
		t.Error("the window's own dialog was shown too")
	}
}

func TestWhereTheSystemHasNoDialogTheWindowShowsItsOwn(t *testing.T) {
	d := sitWithKey(t, acme)
	asked := 0
	d.Choose = func(portal.Question) ([]string, error) {
		asked++
		return nil, portal.ErrNone
	}
	for range 2 {
		d.picking(d.folder)
		d.tap("ui.cancel")
	}
	if asked != 1 {
		t.Errorf("it was asked %d times", asked)
	}
}

// While the system's dialog is open, a second one is not, and nothing is rebuilt.
func TestOneDialogOfTheSystemIsOpenAtATime(t *testing.T) {
	d := sitWithKey(t, acme)
	var waiting []func()
	d.Start = func(job func()) { waiting = append(waiting, job) }
	asked := 0
	d.Choose = func(portal.Question) ([]string, error) {
		asked++
		return nil, nil
	}
	d.press(fyne.KeyO)
	d.press(fyne.KeyO)
	if !d.working() {
		t.Error("the pages may be rebuilt")
	}
	d.tap("ui.close")
	for len(waiting) > 0 {
		job := waiting[0]
		waiting = waiting[1:]
		job()
	}
	if asked != 1 || d.jobs != 0 {
		t.Errorf("asked %d times, %d jobs", asked, d.jobs)
	}
}

// Fyne's file dialogs store their last folder in the preferences, outside the home folder.
func TestNoFileDialogOfFynesIsUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range []string{"NewFile" + "Open", "NewFile" + "Save", "NewFolder" + "Open", "ShowFile" + "Open", "ShowFile" + "Save", "ShowFolder" + "Open", "Preferences" + "()"} {
			if strings.Contains(string(text), one) {
				t.Errorf("%s uses %s", file, one)
			}
		}
	}
}
