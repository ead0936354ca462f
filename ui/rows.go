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

// outcomeMark is that of an answer.
func outcomeMark(o licensespring.Outcome) mark {
	switch o {
	case licensespring.Released:
		return freeMark
	case licensespring.Refused:
		return errorMark
	case licensespring.Unknown, licensespring.ProbablyReleased:
		return doubtMark
	}
	return stillMark
}

// stateMark is that of a record in the history.
func stateMark(s journal.State) mark {
	switch s {
	case journal.Released:
		return freeMark
	case journal.Refused:
		return errorMark
	case journal.ProbablyReleased, journal.Unknown:
		return doubtMark
	}
	return waitMark
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
