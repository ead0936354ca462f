package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
	"handback/ui/kit"
)

// newAdvice shows an error: what happened in bold, and below it what to do.
func newAdvice(e fault.Explanation) fyne.CanvasObject {
	what := kit.NewValue(words.Sentence(e.Message))
	what.Wrapping, what.TextStyle = fyne.TextWrapWord, fyne.TextStyle{Bold: true}
	size := canvas.NewRectangle(color.Transparent)
	size.SetMinSize(fyne.NewSize(480, 0))
	return container.NewStack(size, container.NewVBox(what, kit.NewText(e.Advice)))
}

// newMembers shows the members of a request.
func newMembers(w *words.Words, members []request.Member) *fyne.Container {
	grid := container.New(layout.NewFormLayout())
	for _, m := range members {
		name := widget.NewLabel(app.MemberName(w, m.Name))
		name.Alignment = fyne.TextAlignTrailing
		grid.Add(name)
		grid.Add(kit.NewValue(app.MemberText(m)))
	}
	return grid
}

// newReasons shows the members of a request, each with the reason why it is sent and what
// leaving it out costs.
func newReasons(w *words.Words, members []request.Member) *fyne.Container {
	grid := container.New(layout.NewFormLayout())
	for _, m := range members {
		grid.Add(kit.NewFieldName(app.MemberName(w, m.Name)))
		text := kit.NewNear(kit.NewValue(app.MemberText(m)))
		if why := "member.why." + m.Name; w.Has(why) {
			text.Add(kit.NewCaption(w.Text(why)))
		}
		grid.Add(text)
	}
	return grid
}
