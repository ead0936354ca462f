package ui

import (
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
	"handback/ui/kit"
)

const (
	doubleClick = 400 * time.Millisecond
	lookAgain   = 2 * time.Second // for sticks that are plugged in meanwhile
	pageOfRows  = 10              // that Page Up and Page Down go
)

// chooser is where several files and folders are chosen. Fyne's dialog takes one, and
// keeps its keys to itself.
type chooser struct {
	ui      *UI
	folder  string // that is shown; empty: none yet
	entries []app.Entry
	marks   picks           // of the entries
	clicked time.Time       // when an entry was, last
	asked   int             // the number of the folder that was asked for last
	places  []app.Entry     // where to go with one key; drives are no folders
	chosen  func(...string) // goes on with the paths
	shift   func() bool     // tells whether Shift is held
	closed  bool

	path  *kit.Field
	goTo  *kit.List // the places
	files *fileList
	state *widget.Label
	open  *kit.Button
	whole *kit.Button
}

// chooseFiles lets the person choose files and folders, and goes on with their paths. It
// begins with the folder that was shown last.
func (u *UI) chooseFiles(then func(paths ...string)) {
	c := newChooser(u)
	up := kit.NewButton(u.t("ui.choose.up"), theme.MoveUpIcon(), c.goUp)
	cancel := kit.NewButton(u.t("ui.cancel"), nil, nil)
	buttons := kit.NewButtonRow()
	buttons.Objects = []fyne.CanvasObject{cancel, c.whole, c.open}
	width := canvas.NewRectangle(color.Transparent)
	width.SetMinSize(fyne.NewSize(kit.Letters(10), 0))
	top, bottom, places := container.New(layout.NewBorderLayout(nil, nil, up, nil), up, c.path), container.NewVBox(c.state, buttons), container.NewStack(width, c.goTo)
	d := dialog.NewCustomWithoutButtons(u.t("ui.choose.title"), // in the order of the Tab key
		container.New(layout.NewBorderLayout(top, bottom, places, nil), top, places, c.files, bottom), u.window)
	cancel.OnTapped = d.Hide
	c.chosen = func(paths ...string) {
		d.Hide()
		then(paths...)
	}
	stop := u.Every(lookAgain, c.findPlaces)
	d.SetOnClosed(func() {
		if !c.closed { // it is told again where another dialog makes way
			c.closed = true
			stop()
		}
	})
	window := u.window.Canvas().Size()
	d.Resize(fyne.NewSize(min(1000, window.Width-40), min(760, window.Height-40)))
	u.showDialog(d)
	c.findPlaces()
	c.show(u.looked, "")
	u.window.Canvas().Focus(c.files)
}

func newChooser(u *UI) *chooser {
	c := &chooser{ui: u, path: kit.NewField(u.pressed), state: kit.NewCaption(""), shift: shiftHeld}
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
	c.tell()
	return c
}

// shiftHeld tells whether Shift is held now, where the driver knows.
func shiftHeld() bool {
	driver, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && driver.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// findPlaces offers the person's own folders, and the sticks and cards that are there.
func (c *chooser) findPlaces() {
	var found []drives.Drive
	c.ui.work(func() { found = c.ui.app.Drives() }, func() {
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

// show shows a folder, with the keys at an entry; empty: at the first. What cannot be
// read is told, and what was shown stays.
func (c *chooser) show(folder, at string) {
	c.asked++
	asked := c.asked
	var entries []app.Entry
	var err error
	c.ui.work(func() { entries, err = app.List(folder) }, func() {
		switch {
		case c.closed || asked != c.asked:
		case err != nil && c.folder == "" && folder != c.ui.Folder: // it may have been on a stick
			c.show(c.ui.Folder, "")
		case err != nil:
			c.state.SetText(fault.Explain(err, c.ui.Words).Paragraph())
		default:
			c.folder, c.entries, c.clicked = folder, entries, time.Time{}
			c.ui.looked = folder
			c.path.SetText(folder)
			c.marks = newPicks(len(entries), max(0, slices.IndexFunc(entries, func(e app.Entry) bool { return e.Name == at })))
			c.files.ScrollToOffset(0)
			c.tell()
			if canvas := c.ui.window.Canvas(); canvas.Focused() == fyne.Focusable(c.path) {
				canvas.Focus(c.files)
			}
		}
	})
}

// tell shows what is marked, and where the keys are.
func (c *chooser) tell() {
	switch n := c.marks.count(); {
	case n > 0:
		c.state.SetText(c.ui.t("ui.choose.marked", "count", n))
	case len(c.entries) == 0 && c.folder != "":
		c.state.SetText(c.ui.t("ui.choose.empty"))
	default:
		c.state.SetText(c.ui.t("ui.choose.use"))
	}
	for b, can := range map[*kit.Button]bool{c.open: len(c.entries) > 0, c.whole: len(c.entries) > 0} {
		if can {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	c.files.Refresh()
	c.files.Highlight(c.marks.at)
}

// typed goes to the folder that was typed, or opens the file.
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
		case file:
			c.chosen(path)
		default:
			c.show(path, "")
		}
	})
}

// openFolder opens the folder that is shown. Where another path was typed, it goes there.
func (c *chooser) openFolder() {
	if c.path.Text != c.folder {
		c.typed(c.path.Text)
		return
	}
	c.chosen(c.folder)
}

// enter opens what is marked; where nothing is, it goes into the folder that the keys
// are at, or opens the file.
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

// goInto shows a folder, or opens a file.
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

// click marks an entry, with Shift all from where the keys were. A double click goes
// into a folder, and opens a file with what is marked.
func (c *chooser) click(i int) {
	twice := i == c.marks.at && time.Since(c.clicked) < doubleClick
	c.clicked = time.Now()
	switch {
	case twice && c.entries[i].Folder:
		c.goInto(i)
	case twice:
		c.marks.on[i] = true
		c.enter()
	case c.shift():
		c.marks.move(i, true)
		c.tell()
	default:
		c.marks.turn(i)
		c.tell()
	}
}
