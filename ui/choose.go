package ui

import (
	"cmp"
	"image/color"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/drives"
	"handback/app/fault"
	"handback/app/portal"
	"handback/ui/kit"
)

const (
	doubleClick   = 400 * time.Millisecond
	driveInterval = 2 * time.Second // how often to look for removable drives
	pageOfRows    = 10              // rows that Page Up and Page Down move
)

// choose lets the person choose what q asks for, in the system's file dialog or, if there
// is none, in the window's own. It calls then with at least one path. If q names no folder,
// it begins where files were last chosen.
func (u *UI) choose(q portal.Question, then func(paths ...string)) {
	if u.choosing {
		return
	}
	q.Folder = cmp.Or(q.Folder, u.lastFolder)
	if u.Choose == nil {
		u.showChooser(q, then)
		return
	}
	var paths []string
	var err error
	u.choosing = true
	u.workForPage(func() { paths, err = u.Choose(q) }, func() {
		u.choosing = false
		switch {
		case err != nil:
			u.Choose = nil // there is none later either
			u.showChooser(q, then)
		case len(paths) > 0:
			if u.lastFolder = paths[0]; !q.Folders {
				u.lastFolder = filepath.Dir(paths[0])
			}
			then(paths...)
		}
	})
}

// chooseFiles lets the person choose files and folders to read.
func (u *UI) chooseFiles(then func(paths ...string)) {
	u.choose(portal.Question{Title: u.t("ui.choose.title"), Accept: u.t("ui.choose.open"), Many: true, Whole: u.t("ui.choose.whole_of")}, then)
}

// chooser is the window's own file dialog: for several files and folders, one file, or a
// folder. Fyne's allows one file only, does not pass keys on, and stores its last folder
// outside the home folder.
type chooser struct {
	ui      *UI
	asked   portal.Question
	folder  string // the one shown; empty: none yet
	entries []app.Entry
	marks   picks           // marks of the entries
	clicked time.Time       // when an entry was last clicked
	loads   int             // how many folders were loaded; only the newest is shown
	places  []app.Entry     // shown at the side; Folder is false for drives
	chosen  func(...string) // called with the chosen paths
	shift   func() bool     // reports whether Shift is down
	closed  bool

	path  *kit.Field
	goTo  *kit.List // the places
	files *fileList
	state *widget.Label
	open  *kit.Button
	whole *kit.Button
}

// showChooser opens the window's own dialog.
func (u *UI) showChooser(q portal.Question, then func(paths ...string)) {
	c := newChooser(u, q)
	up := kit.NewButton(u.t("ui.choose.up"), theme.MoveUpIcon(), c.goUp)
	cancel := kit.NewButton(u.t("ui.cancel"), nil, nil)
	buttons := kit.NewButtonRow()
	switch {
	case q.Folders:
		buttons.Objects = []fyne.CanvasObject{cancel, c.open, c.whole}
	case q.Many:
		buttons.Objects = []fyne.CanvasObject{cancel, c.whole, c.open}
	default:
		buttons.Objects = []fyne.CanvasObject{cancel, c.open}
	}
	width := canvas.NewRectangle(color.Transparent)
	width.SetMinSize(fyne.NewSize(kit.Letters(10), 0))
	top, bottom, places := container.New(layout.NewBorderLayout(nil, nil, up, nil), up, c.path), container.NewVBox(c.state, buttons), container.NewStack(width, c.goTo)
	d := dialog.NewCustomWithoutButtons(q.Title, // in the order of the Tab key
		container.New(layout.NewBorderLayout(top, bottom, places, nil), top, places, c.files, bottom), u.window)
	cancel.OnTapped = d.Hide
	c.chosen = func(paths ...string) {
		d.Hide()
		then(paths...)
	}
	stop := u.Every(driveInterval, c.findPlaces)
	d.SetOnClosed(func() {
		if !c.closed { // called again when another dialog replaces this one
			c.closed = true
			stop()
		}
	})
	window := u.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(1000, window.Width-40), min(760, window.Height-40)))
	u.showDialog(d)
	c.findPlaces()
	c.show(q.Folder, "")
	u.window.Canvas().Focus(c.files)
}

func newChooser(u *UI, q portal.Question) *chooser {
	c := &chooser{ui: u, asked: q, path: kit.NewField(u.pressed), state: kit.NewCaption(""), shift: shiftHeld}
	c.path.SetPlaceHolder(u.t("ui.choose.path"))
	c.path.OnSubmitted = c.typed
	c.goTo = kit.NewList(func() int { return len(c.places) }, func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < len(c.places) {
			icon := theme.StorageIcon()
			if c.places[i].Folder {
				icon = theme.FolderIcon()
			}
			entryRowOf(o).set(c.places[i].Name, icon, nil)
		}
	})
	c.goTo.CreateItem = newEntryRow
	c.goTo.OnSelected = func(i widget.ListItemID) {
		c.goTo.UnselectAll()
		c.show(c.places[i].Path, "")
		u.window.Canvas().Focus(c.files)
	}
	c.files = newFileList(c)
	c.open = kit.NewMainButton(u.t("ui.choose.open"), theme.FolderOpenIcon(), c.enter)
	c.whole = kit.NewButton(u.t("ui.choose.whole"), theme.FolderIcon(), c.openFolder)
	if q.Folders {
		c.open = kit.NewButton(u.t("ui.choose.open"), theme.FolderOpenIcon(), c.enter)
		c.whole = kit.NewMainButton(u.t("ui.choose.this"), theme.ConfirmIcon(), c.openFolder)
	}
	c.showState()
	return c
}

// shiftHeld reports whether Shift is down, if the driver knows.
func shiftHeld() bool {
	driver, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && driver.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// findPlaces lists the person's own folders and the removable drives.
func (c *chooser) findPlaces() {
	var found []drives.Drive
	c.ui.work(func() { found = cmp.Or(c.ui.app, c.ui.base).Drives() }, func() {
		var places []app.Entry
		for _, d := range found {
			places = append(places, app.Entry{Path: d.Path, Name: d.Name})
		}
		for _, folder := range append([]string{c.ui.Folder}, c.ui.Places...) {
			one := app.Entry{Path: folder, Name: filepath.Base(folder), Folder: true}
			if !slices.Contains(places, one) {
				places = append(places, one)
			}
		}
		if !slices.Equal(places, c.places) {
			c.places = places
			c.goTo.Refresh()
		}
	})
}

// show lists a folder and goes to the entry named at, or to the first if at is empty. If
// the folder cannot be read, it shows the error and keeps the list.
func (c *chooser) show(folder, at string) {
	c.loads++
	load := c.loads
	var entries []app.Entry
	var err error
	c.ui.work(func() {
		entries, err = app.List(folder)
		entries = slices.DeleteFunc(entries, c.hides)
	}, func() {
		switch {
		case c.closed || load != c.loads:
		case err != nil && c.folder == "" && folder != c.ui.Folder: // the last folder may be on a drive that is gone
			c.show(c.ui.Folder, "")
		case err != nil:
			c.state.SetText(fault.Explain(err, c.ui.Words).Paragraph())
		default:
			c.folder, c.entries, c.clicked = folder, entries, time.Time{}
			c.ui.lastFolder = folder
			c.path.SetText(folder)
			c.marks = newPicks(len(entries), max(0, slices.IndexFunc(entries, func(e app.Entry) bool { return e.Name == at })))
			c.files.ScrollToOffset(0)
			c.showState()
			if canvas := c.ui.window.Canvas(); canvas.Focused() == fyne.Focusable(c.path) {
				canvas.Focus(c.files)
			}
		}
	})
}

// hides reports whether an entry is not one to choose, or to find one in.
func (c *chooser) hides(e app.Entry) bool {
	matches := func(pattern string) bool {
		ok, _ := filepath.Match(pattern, strings.ToLower(e.Name))
		return ok
	}
	return !e.Folder && (c.asked.Folders || len(c.asked.Patterns) > 0 && !slices.ContainsFunc(c.asked.Patterns, matches))
}

// showState shows how many entries are marked, and the current entry.
func (c *chooser) showState() {
	switch n := c.marks.count(); {
	case n > 0:
		c.state.SetText(c.ui.t("ui.choose.marked", "count", n))
	case len(c.entries) == 0 && c.folder != "":
		c.state.SetText(c.ui.t("ui.choose.empty"))
	case c.asked.Many:
		c.state.SetText(c.ui.t("ui.choose.use"))
	default:
		c.state.SetText(c.ui.t("ui.choose.use_one"))
	}
	for b, can := range map[*kit.Button]bool{c.open: len(c.entries) > 0, c.whole: len(c.entries) > 0 || c.asked.Folders && c.folder != ""} {
		if can {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	c.files.Refresh()
	c.files.Highlight(c.marks.at)
}

// typed goes to the folder, or chooses the file, whose path was typed.
func (c *chooser) typed(text string) {
	path := strings.TrimSpace(text)
	if paths := pathsIn(path); len(paths) > 0 {
		path = paths[0]
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.folder, path)
	}
	file := false
	c.ui.work(func() {
		file = app.IsFile(path)
	}, func() {
		switch {
		case c.closed:
		case file && !c.asked.Folders:
			c.chosen(path)
		default:
			c.show(path, "")
		}
	})
}

// openFolder chooses the folder that is shown. If another path was typed, it chooses that
// one if it is a folder, and otherwise goes there.
func (c *chooser) openFolder() {
	path := strings.TrimSpace(c.path.Text)
	if path == c.folder {
		c.chosen(c.folder)
		return
	}
	folder := false
	c.ui.work(func() { folder = filepath.IsAbs(path) && app.IsFolder(path) }, func() {
		switch {
		case c.closed:
		case folder:
			c.chosen(path)
		default:
			c.typed(c.path.Text)
		}
	})
}

// enter chooses the marked entries. If none is marked, it goes into the current folder or
// chooses the current file.
func (c *chooser) enter() {
	var paths []string
	for i, on := range c.marks.on {
		if on {
			paths = append(paths, c.entries[i].Path)
		}
	}
	switch {
	case len(paths) > 0:
		c.chosen(paths...)
	case len(c.entries) > 0:
		c.goInto(c.marks.at)
	}
}

// goInto lists a folder, or chooses a file.
func (c *chooser) goInto(i int) {
	if e := c.entries[i]; !e.Folder {
		c.chosen(e.Path)
	} else {
		c.show(e.Path, "")
	}
}

func (c *chooser) goUp() {
	if up := filepath.Dir(c.folder); up != c.folder {
		c.show(up, filepath.Base(c.folder))
	}
}

// click marks an entry; with Shift all from the current one. A double click goes into a
// folder, or chooses a file and what is marked.
func (c *chooser) click(i int) {
	twice := i == c.marks.at && time.Since(c.clicked) < doubleClick
	c.clicked = time.Now()
	switch {
	case twice && c.entries[i].Folder:
		c.goInto(i)
	case twice && c.asked.Many:
		c.marks.on[i] = true
		c.enter()
	case twice:
		c.goInto(i)
	case !c.asked.Many:
		c.marks.move(i, false)
		c.showState()
	case c.shift():
		c.marks.move(i, true)
		c.showState()
	default:
		c.marks.turn(i)
		c.showState()
	}
}
