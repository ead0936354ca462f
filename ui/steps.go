package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/ui/kit"
)

// The steps of releasing this computer.
const (
	licenseStep = iota
	checkStep
	carryStep
)

var stepNames = []string{"ui.step.license", "ui.step.check", "ui.step.carry"}

// newSteps shows the steps: those that are done, the current one and those to come.
func newSteps(u *UI, at int) fyne.CanvasObject {
	row := kit.NewFlow()
	for i, key := range stepNames {
		if i > 0 {
			row.Add(container.NewCenter(widget.NewIcon(theme.NavigateNextIcon())))
		}
		name := widget.NewLabel(u.t(key))
		name.TextStyle.Bold = i == at
		row.Add(container.NewHBox(container.NewCenter(kit.NewBadge(i+1, at+1)), name))
	}
	count := widget.NewLabel(u.t("ui.step.of", "number", at+1, "count", len(stepNames)))
	count.SizeName = theme.SizeNameCaptionText
	row.Add(count)
	return container.NewVBox(row, widget.NewSeparator())
}
