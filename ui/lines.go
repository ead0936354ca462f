package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app/carry"
	"handback/app/fault"
	"handback/ui/kit"
)

const (
	typedRows = 14 // rows that are visible at once
	rowHeight = 20 // in Fyne's units
)

// linesField is a field for the lines of a sheet, with a mark beside each that says
// whether it is right.
type linesField struct {
	ui     *UI
	entry  *kit.Field
	marks  *widget.Label
	state  *widget.Label
	done   *kit.Button
	rows   *container.Scroll
	typing carry.Typing
	root   fyne.CanvasObject
}

// openLines opens a dialog for typing lines, and calls then with the text once all lines
// are there and right. A canceled text is there the next time.
func (u *UI) openLines(then func(text string)) {
	f := newLinesField(u)
	f.entry.SetText(u.lines)
	d := dialog.NewCustomWithoutButtons(u.t("ui.lines.title"), f.root, u.window)
	cancel := kit.NewButton(u.t("ui.cancel"), nil, d.Hide)
	f.done.OnTapped = func() {
		d.Hide()
		then(f.entry.Text)
		u.lines = ""
	}
	f.root.(*fyne.Container).Add(container.NewHBox(layout.NewSpacer(), cancel, f.done))
	d.Resize(fyne.NewSize(640, 0))
	u.showDialog(d)
	u.window.Canvas().Focus(f.entry)
}

func newLinesField(u *UI) *linesField {
	f := &linesField{ui: u, entry: kit.NewField(u.pressed), marks: widget.NewLabel(""), state: kit.NewText(u.t("ui.lines.use"))}
	f.done = kit.NewMainButton(u.t("ui.go_on"), nil, nil)
	f.done.Disable()
	f.entry.TextStyle.Monospace, f.marks.TextStyle.Monospace = true, true
	f.entry.MultiLine = true
	f.entry.Wrapping, f.entry.Scroll = fyne.TextWrapOff, fyne.ScrollNone
	f.entry.SetPlaceHolder("01 ABCDE FGHIJ KLMNO …")
	f.entry.SetMinRowsVisible(typedRows)
	f.entry.OnChanged = f.check
	f.entry.OnCursorChanged = f.follow
	f.rows = container.NewScroll(container.NewBorder(nil, nil, f.marks, nil, f.entry))
	f.rows.SetMinSize(fyne.NewSize(560, min(typedRows*rowHeight, u.window.Canvas().Size().Height-kit.Letters(14))))
	f.root = container.NewVBox(f.rows, f.state)
	return f
}

// follow scrolls to the line that is being typed.
func (f *linesField) follow() {
	row := fyne.MeasureText("0", theme.TextSize(), f.entry.TextStyle).Height
	bottom := float32(f.entry.CursorRow+2)*row + theme.InnerPadding()
	top := float32(f.entry.CursorRow) * row
	offset := f.rows.Offset
	if hidden := bottom - f.rows.Size().Height; offset.Y < hidden {
		offset.Y = hidden
	}
	offset.Y = min(offset.Y, top)
	f.rows.ScrollToOffset(offset)
}

// check marks each line, and shows what is wrong or missing.
func (f *linesField) check(text string) {
	f.ui.lines = text
	f.typing = carry.Typed(text)
	lines := strings.Split(text, "\n")
	f.entry.SetMinRowsVisible(max(typedRows, len(lines)+1))
	wrong := map[int]error{}
	for _, w := range f.typing.Wrong {
		wrong[w.Index] = w.Err
	}
	marks := make([]string, len(lines))
	for i, line := range lines {
		switch {
		case strings.TrimSpace(line) == "":
		case wrong[i] != nil:
			marks[i] = f.ui.t("ui.lines.wrong")
		case i < len(lines)-1 || f.complete(line):
			marks[i] = f.ui.t("ui.lines.right")
		default:
			marks[i] = "…"
		}
	}
	f.marks.SetText(strings.Join(marks, "\n"))
	f.state.SetText(f.status())
	if f.typing.Complete() == nil {
		f.done.Enable()
	} else {
		f.done.Disable()
	}
}

// complete reports whether the last line, which may still be typed, is right already.
func (f *linesField) complete(line string) bool { return len(carry.Typed(line+"\n").Wrong) == 0 }

// status returns what is wrong, else what is missing.
func (f *linesField) status() string {
	if len(f.typing.Wrong) > 0 {
		e := fault.Explain(f.typing.Wrong[0].Err, f.ui.Words)
		return e.Paragraph()
	}
	if f.typing.Complete() == nil {
		return f.ui.t("ui.lines.complete")
	}
	if f.typing.Count == 0 {
		return f.ui.t("ui.lines.use")
	}
	return f.ui.t("ui.lines.progress", "have", fmt.Sprint(len(f.typing.Have)), "count", f.typing.Count)
}
