package ui

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The steps of releasing this computer, in their order.
const (
	whoStep = iota
	leavesStep
	carryStep
)

var stepNames = []string{"ui.step.who", "ui.step.leaves", "ui.step.carry"}

// newSteps shows the three steps: which are done, which one this is, and what is
// left.
func newSteps(u *UI, at int) fyne.CanvasObject {
	row := newFlow()
	for i, key := range stepNames {
		if i > 0 {
			row.Add(container.NewCenter(widget.NewIcon(theme.NavigateNextIcon())))
		}
		name := widget.NewLabel(u.t(key))
		name.TextStyle.Bold = i == at
		row.Add(container.NewHBox(container.NewCenter(newBadge(i+1, at+1)), name))
	}
	count := widget.NewLabel(u.t("ui.step.of", "number", at+1, "count", len(stepNames)))
	count.SizeName = theme.SizeNameCaptionText
	row.Add(count)
	return container.NewVBox(row, widget.NewSeparator())
}

// newBadge is a step's number in a circle, full for the one that this is, and a check
// mark for one that is done.
func newBadge(number, at int) fyne.CanvasObject {
	circle := canvas.NewCircle(color.Transparent)
	circle.StrokeWidth = 1.5
	circle.StrokeColor = theme.Color(theme.ColorNamePrimary)
	text := canvas.NewText(fmt.Sprint(number), theme.Color(theme.ColorNameForeground))
	text.TextStyle.Bold = true
	text.TextSize = theme.CaptionTextSize()
	content := fyne.CanvasObject(container.NewCenter(text))
	switch {
	case number < at:
		content = container.NewPadded(widget.NewIcon(theme.NewPrimaryThemedResource(theme.ConfirmIcon())))
	case number == at:
		circle.FillColor = theme.Color(theme.ColorNamePrimary)
		text.Color = theme.Color(theme.ColorNameForegroundOnPrimary)
	default:
		circle.StrokeColor = theme.Color(theme.ColorNamePlaceHolder)
	}
	return container.NewGridWrap(fyne.NewSquareSize(letters(1.7)), container.NewStack(circle, content))
}
