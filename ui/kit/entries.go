package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Entries is a list whose arrow keys select a row at once, so that its details can be read
// while going through it. Home, End, Page Up and Page Down work too.
type Entries struct {
	List
	OnDelete func() // what the Delete key does; nil: nothing
	at       int    // the selected row
	choose   func(row int)
}

// NewEntries returns a list of rows made by NewEntry. choose is called with the row that
// was selected.
func NewEntries(length func() int, update func(row int, entry Entry), choose func(row int)) *Entries {
	e := &Entries{choose: choose}
	e.frame = newFrame()
	e.Length, e.CreateItem = length, NewEntry
	e.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < length() { // it may have become shorter
			update(i, EntryOf(o))
		}
	}
	e.OnSelected = func(i widget.ListItemID) {
		e.at = i
		if i < length() {
			e.choose(i)
		}
	}
	e.ExtendBaseWidget(e)
	return e
}

// Keep selects a row without scrolling.
func (e *Entries) Keep(row int) {
	offset := e.GetScrollOffset()
	e.Select(row)
	e.ScrollToOffset(offset)
}

// FocusGained shows the frame. The list's own mark of the current row is not needed, as
// it is the selected one.
func (e *Entries) FocusGained() { showFrame(e.frame) }

// FocusLost hides the frame.
func (e *Entries) FocusLost() { e.frame.Hide() }

// TypedKey selects another row, or removes the selected one.
func (e *Entries) TypedKey(event *fyne.KeyEvent) {
	last := e.Length() - 1
	page := max(1, int(e.Size().Height/(e.CreateItem().MinSize().Height+theme.Padding()))-1)
	move := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1, fyne.KeyPageUp: -page, fyne.KeyPageDown: page, fyne.KeyHome: -last - 1, fyne.KeyEnd: last + 1}
	switch step, moves := move[event.Name]; {
	case last < 0:
		ForwardedKey(e, event)
	case moves:
		e.Select(min(max(e.at+step, 0), last))
	case event.Name == fyne.KeyDelete && e.OnDelete != nil:
		e.OnDelete()
	case event.Name == fyne.KeySpace || entered(event):
		e.choose(min(e.at, last))
	default:
		ForwardedKey(e, event)
	}
}

// Entry is a row of Entries: a mark, a name, at its side a caption, and below a state in
// words.
type Entry struct {
	icon              *widget.Icon
	line              *fyne.Container // of name and side
	name, side, state *widget.Label
}

// NewEntry returns an empty row, as [Entries] needs it.
func NewEntry() fyne.CanvasObject {
	name, side, state := widget.NewLabel(""), widget.NewLabel(""), widget.NewLabel("")
	name.TextStyle.Bold = true
	side.Alignment = fyne.TextAlignTrailing
	side.SizeName, state.SizeName = theme.SizeNameCaptionText, theme.SizeNameCaptionText
	for _, l := range []*widget.Label{name, side, state} {
		l.Truncation = fyne.TextTruncateEllipsis
	}
	icon := container.New(layout.NewCustomPaddedLayout(0, 0, theme.Padding(), 0), widget.NewIcon(nil))
	return container.NewBorder(nil, nil, icon, nil,
		container.New(layout.NewCustomPaddedVBoxLayout(-theme.Padding()*4), container.New(&sideBySide{}, name, side), state))
}

// EntryOf returns the row that NewEntry made o for.
func EntryOf(o fyne.CanvasObject) Entry {
	parts := o.(*fyne.Container).Objects
	lines := parts[0].(*fyne.Container).Objects
	line := lines[0].(*fyne.Container)
	return Entry{parts[1].(*fyne.Container).Objects[0].(*widget.Icon), line, line.Objects[0].(*widget.Label), line.Objects[1].(*widget.Label), lines[1].(*widget.Label)}
}

// Set changes what the row shows.
func (r Entry) Set(name, side, state string, m Mark) {
	r.icon.SetResource(m.Icon())
	r.name.SetText(name)
	if r.side.Text != side {
		r.side.SetText(side)
		r.line.Layout.Layout(r.line.Objects, r.line.Size())
	}
	r.state.Importance = m.Importance
	r.state.SetText(state)
}

// sideBySide gives the second of two labels the width of its text, but at most half.
type sideBySide struct{}

// MinSize is that of both at their least widths.
func (sideBySide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	a, b := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(a.Width+b.Width, max(a.Height, b.Height))
}

// Layout places both, the second at the right.
func (sideBySide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := objects[1].(*widget.Label)
	width := fyne.MeasureText(side.Text, theme.Size(side.SizeName), side.TextStyle).Width + 2*theme.InnerPadding() + theme.Padding()
	width = min(width, size.Width/2)
	objects[0].Resize(fyne.NewSize(size.Width-width, size.Height))
	objects[1].Resize(fyne.NewSize(width, size.Height))
	objects[1].Move(fyne.NewPos(size.Width-width, 0))
}
