package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Mark is how a state looks beside its text: an icon as well as a color.
type Mark struct {
	name       fyne.ThemeIconName
	Importance widget.Importance
}

// The marks of states.
var (
	PlainMark = Mark{theme.IconNameFile, widget.MediumImportance}
	WaitMark  = Mark{theme.IconNameHistory, widget.MediumImportance}
	FreeMark  = Mark{theme.IconNameConfirm, widget.SuccessImportance}
	ErrorMark = Mark{theme.IconNameError, widget.DangerImportance}
	DoubtMark = Mark{theme.IconNameQuestion, widget.WarningImportance}
	StillMark = Mark{theme.IconNameWarning, widget.WarningImportance}
)

// Icon returns the icon in the color of the mark.
func (m Mark) Icon() fyne.Resource {
	icon := theme.Icon(m.name)
	switch m.Importance {
	case widget.SuccessImportance:
		return theme.NewSuccessThemedResource(icon)
	case widget.DangerImportance:
		return theme.NewErrorThemedResource(icon)
	case widget.WarningImportance:
		return theme.NewWarningThemedResource(icon)
	}
	return icon
}

// NewListAndDetails places a list beside the details of its selected row.
func NewListAndDetails(rows *List, details fyne.CanvasObject) *container.Split {
	split := container.NewHSplit(rows, details)
	split.Offset = 0.36
	return split
}

// Row is a row of a list: a mark, a name, and below it a state in words.
type Row struct {
	icon        *widget.Icon
	name, state *widget.Label
}

// NewRow returns an empty row, as [List] needs it.
func NewRow() fyne.CanvasObject {
	name, state := widget.NewLabel(""), widget.NewLabel("")
	name.TextStyle.Bold = true
	state.SizeName = theme.SizeNameCaptionText
	for _, l := range []*widget.Label{name, state} {
		l.Truncation = fyne.TextTruncateEllipsis
	}
	return container.NewBorder(nil, nil, container.NewCenter(widget.NewIcon(nil)), nil, container.New(layout.NewCustomPaddedVBoxLayout(-theme.Padding()*3), name, state))
}

// RowOf returns the row that NewRow made o for.
func RowOf(o fyne.CanvasObject) Row {
	parts := o.(*fyne.Container).Objects
	labels := parts[0].(*fyne.Container).Objects
	return Row{parts[1].(*fyne.Container).Objects[0].(*widget.Icon), labels[0].(*widget.Label), labels[1].(*widget.Label)}
}

// Set changes what the row shows.
func (r Row) Set(name, state string, m Mark) {
	r.icon.SetResource(m.Icon())
	r.name.SetText(name)
	r.state.Importance = m.Importance
	r.state.SetText(state)
}
