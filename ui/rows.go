package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app/journal"
	"handback/app/licensespring"
)

// mark is how a state looks beside its words: never by color alone.
type mark struct {
	name       fyne.ThemeIconName
	importance widget.Importance
}

// The marks.
var (
	plainMark = mark{theme.IconNameFile, widget.MediumImportance}
	waitMark  = mark{theme.IconNameHistory, widget.MediumImportance}
	freeMark  = mark{theme.IconNameConfirm, widget.SuccessImportance}
	errorMark = mark{theme.IconNameError, widget.DangerImportance}
	doubtMark = mark{theme.IconNameQuestion, widget.WarningImportance}
	stillMark = mark{theme.IconNameWarning, widget.WarningImportance}
)

func (m mark) icon() fyne.Resource {
	icon := theme.Icon(m.name)
	switch m.importance {
	case widget.SuccessImportance:
		return theme.NewSuccessThemedResource(icon)
	case widget.DangerImportance:
		return theme.NewErrorThemedResource(icon)
	case widget.WarningImportance:
		return theme.NewWarningThemedResource(icon)
	}
	return icon
}

// marks are those of outcomes and of states in the history, which have one name.
var marks = map[string]mark{
	string(journal.Created):          waitMark,
	string(journal.Exported):         waitMark,
	string(journal.Submitting):       waitMark,
	string(journal.Released):         freeMark,
	string(journal.Refused):          errorMark,
	string(journal.ProbablyReleased): doubtMark,
	string(journal.Unknown):          doubtMark,
	string(licensespring.NotSent):    stillMark,
	string(licensespring.Cancelled):  stillMark,
}

func markOf[Name journal.State | licensespring.Outcome](name Name) mark { return marks[string(name)] }

// newListAndDetails sets a list beside what is known of the chosen row.
func newListAndDetails(rows *list, details fyne.CanvasObject) *container.Split {
	split := container.NewHSplit(rows, details)
	split.Offset = 0.36
	return split
}

// row is one of a list: a mark, a name, and its state in words below.
type row struct {
	icon        *widget.Icon
	name, state *widget.Label
}

// newRow is an empty one, as a list wants it.
func newRow() fyne.CanvasObject {
	name, state := widget.NewLabel(""), widget.NewLabel("")
	name.TextStyle.Bold = true
	state.SizeName = theme.SizeNameCaptionText
	for _, l := range []*widget.Label{name, state} {
		l.Truncation = fyne.TextTruncateEllipsis
	}
	return container.NewBorder(nil, nil, container.NewCenter(widget.NewIcon(nil)), nil, container.New(layout.NewCustomPaddedVBoxLayout(-theme.Padding()*3), name, state))
}

// rowOf is the row that newRow made.
func rowOf(o fyne.CanvasObject) row {
	parts := o.(*fyne.Container).Objects
	labels := parts[0].(*fyne.Container).Objects
	return row{parts[1].(*fyne.Container).Objects[0].(*widget.Icon), labels[0].(*widget.Label), labels[1].(*widget.Label)}
}

func (r row) set(name, state string, m mark) {
	r.icon.SetResource(m.icon())
	r.name.SetText(name)
	r.state.Importance = m.importance
	r.state.SetText(state)
}
