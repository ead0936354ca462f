package ui

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app/words"
	"handback/ui/kit"
)

// fileList is the list of entries in a chooser.
type fileList struct {
	kit.List
	c *chooser
}

func newFileList(c *chooser) *fileList {
	f := &fileList{c: c}
	f.Length = func() int { return len(c.entries) }
	f.CreateItem = newEntryRow
	f.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < len(c.entries) {
			kind, mark := theme.FileIcon(), theme.CheckButtonIcon()
			if c.entries[i].Folder {
				kind = theme.FolderIcon()
			}
			if c.marks.on[i] {
				mark = theme.NewPrimaryThemedResource(theme.CheckButtonCheckedIcon())
			}
			if !c.asked.Many {
				mark = nil
			}
			entryRowOf(o).set(c.entries[i].Name, kind, mark)
		}
	}
	f.OnSelected = func(i widget.ListItemID) {
		f.UnselectAll() // the list has its own marks
		c.click(i)
	}
	f.ExtendBaseWidget(f)
	return f
}

// TypedKey moves among the entries, marks and opens them, and goes up.
func (f *fileList) TypedKey(event *fyne.KeyEvent) {
	m, shift := &f.c.marks, f.c.asked.Many && f.c.shift()
	switch event.Name {
	case fyne.KeyUp:
		m.move(m.at-1, shift)
	case fyne.KeyDown:
		m.move(m.at+1, shift)
	case fyne.KeyPageUp:
		m.move(m.at-pageOfRows, shift)
	case fyne.KeyPageDown:
		m.move(m.at+pageOfRows, shift)
	case fyne.KeyHome:
		m.move(0, shift)
	case fyne.KeyEnd:
		m.move(len(m.on)-1, shift)
	case fyne.KeySpace:
		if len(m.on) > 0 && f.c.asked.Many {
			m.turn(m.at)
		}
	case fyne.KeyBackspace:
		f.c.goUp()
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		f.c.enter()
		return
	default:
		kit.ForwardedKey(f, event)
		return
	}
	f.c.showState()
}

// TypedRune goes to the next entry whose name begins with r.
func (f *fileList) TypedRune(r rune) {
	n := len(f.c.entries)
	for i := 1; i <= n && r != ' '; i++ {
		row := (f.c.marks.at + i) % n
		if first := []rune(f.c.entries[row].Name)[0]; unicode.ToLower(first) == unicode.ToLower(r) {
			f.c.marks.move(row, false)
			f.c.showState()
			return
		}
	}
}

// TypedShortcut marks all entries on Ctrl+A.
func (f *fileList) TypedShortcut(typed fyne.Shortcut) {
	if _, all := typed.(*fyne.ShortcutSelectAll); all && f.c.asked.Many {
		f.c.marks.all()
		f.c.showState()
	}
}

// entryRow is the row of a file or folder.
type entryRow struct {
	mark, kind *widget.Icon
	name       *widget.Label
}

func newEntryRow() fyne.CanvasObject {
	name := widget.NewLabel("")
	name.Truncation = fyne.TextTruncateEllipsis
	return container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, theme.Padding(), 0),
		container.NewHBox(widget.NewIcon(nil), widget.NewIcon(nil))), nil, name)
}

// entryRowOf returns the row of an object that newEntryRow returned.
func entryRowOf(o fyne.CanvasObject) entryRow {
	parts := o.(*fyne.Container).Objects
	icons := parts[1].(*fyne.Container).Objects[0].(*fyne.Container).Objects
	return entryRow{icons[0].(*widget.Icon), icons[1].(*widget.Icon), parts[0].(*widget.Label)}
}

func (r entryRow) set(name string, kind, mark fyne.Resource) {
	r.mark.SetResource(mark)
	if mark == nil {
		r.mark.Hide()
	}
	r.kind.SetResource(kind)
	r.name.SetText(words.Visible(name, 200))
}
