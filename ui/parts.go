package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

func heading(text string) *widget.Label {
	l := wrapped(text)
	l.SizeName = theme.SizeNameHeadingText
	l.TextStyle.Bold = true
	return l
}

// newTitle is what a page begins with.
func newTitle(name, use string) fyne.CanvasObject {
	return near(heading(name), newNarrow(64, wrapped(use)))
}

// near sets labels below each other that belong together.
func near(labels ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(-theme.Padding()*2), labels...)
}

func subheading(text string) *widget.Label {
	l := wrapped(text)
	l.TextStyle.Bold = true
	return l
}

func wrapped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// quiet is for what need not be read: smaller, in full contrast.
func quiet(text string) *widget.Label {
	l := wrapped(text)
	l.SizeName = theme.SizeNameCaptionText
	return l
}

// newAdvice shows an error in words: what happened in bold, what to do below.
func newAdvice(e fault.Explanation) fyne.CanvasObject {
	what := value(words.Sentence(e.Message))
	what.Wrapping, what.TextStyle = fyne.TextWrapWord, fyne.TextStyle{Bold: true}
	size := canvas.NewRectangle(color.Transparent)
	size.SetMinSize(fyne.NewSize(480, 0))
	return container.NewStack(size, container.NewVBox(what, wrapped(e.Advice)))
}

// newBanner is a line that cannot be missed, by its icon, its words and its
// frame.
func newBanner(text string) fyne.CanvasObject {
	l := subheading(text)
	l.Importance = widget.WarningImportance
	frame := canvas.NewRectangle(color.Transparent)
	frame.StrokeColor, frame.StrokeWidth = theme.Color(theme.ColorNameWarning), 2
	icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
	return container.NewPadded(container.NewStack(frame, container.NewBorder(nil, nil, container.NewPadded(icon), nil, l)))
}

// newMembers shows what a request holds, member by member.
func newMembers(w *words.Words, members []request.Member) *fyne.Container {
	grid := container.New(layout.NewFormLayout())
	for _, m := range members {
		name := widget.NewLabel(app.MemberName(w, m.Name))
		name.Alignment = fyne.TextAlignTrailing
		grid.Add(name)
		grid.Add(value(app.MemberText(m)))
	}
	return grid
}

// newReasons shows what a request holds, and of every member why it is there and what
// it costs to leave it out.
func newReasons(w *words.Words, members []request.Member) *fyne.Container {
	grid := container.New(layout.NewFormLayout())
	for _, m := range members {
		grid.Add(fieldName(app.MemberName(w, m.Name)))
		text := near(value(app.MemberText(m)))
		if why := "member.why." + m.Name; w.Has(why) {
			text.Add(quiet(w.Text(why)))
		}
		grid.Add(text)
	}
	return grid
}

// page is a page's content, scrolled where the window is small.
func page(objects ...fyne.CanvasObject) *container.Scroll {
	return container.NewVScroll(container.NewPadded(container.NewVBox(objects...)))
}
