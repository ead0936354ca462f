package kit

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewBadge returns the number of a step in a circle, filled if it is the current step at.
// A step before at has a check mark.
func NewBadge(number, at int) fyne.CanvasObject {
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
	return container.NewGridWrap(fyne.NewSquareSize(Letters(1.7)), container.NewStack(circle, content))
}
