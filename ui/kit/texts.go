package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewHeading returns the large title of a page.
func NewHeading(text string) *widget.Label {
	l := NewText(text)
	l.SizeName = theme.SizeNameHeadingText
	l.TextStyle.Bold = true
	return l
}

// NewTitle returns the top of a page: its name, and what it is used for.
func NewTitle(name, use string) fyne.CanvasObject {
	return NewNear(NewHeading(name), NewNarrow(64, NewText(use)))
}

// NewNear places labels that belong together close below each other.
func NewNear(labels ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(-theme.Padding()*2), labels...)
}

// NewSpace returns an empty space as high as so many letters.
func NewSpace(letters float32) fyne.CanvasObject {
	space := canvas.NewRectangle(color.Transparent)
	space.SetMinSize(fyne.NewSize(0, Letters(letters)))
	return space
}

// NewSubheading returns a bold line that wraps.
func NewSubheading(text string) *widget.Label {
	l := NewText(text)
	l.TextStyle.Bold = true
	return l
}

// NewText returns a label that wraps at words.
func NewText(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// NewCaption returns secondary text: smaller, in full contrast.
func NewCaption(text string) *widget.Label {
	l := NewText(text)
	l.SizeName = theme.SizeNameCaptionText
	return l
}

// NewNumbered returns texts as a numbered list that begins with first.
func NewNumbered(first int, texts []string) fyne.CanvasObject {
	list := container.NewVBox()
	for i, text := range texts {
		list.Add(container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(NewBadge(first+i, 0))), nil, NewText(text)))
	}
	return list
}

// NewDone returns a large check mark beside a heading and objects that say more.
func NewDone(heading string, more ...fyne.CanvasObject) fyne.CanvasObject {
	disc := canvas.NewCircle(theme.Color(theme.ColorNameSuccess))
	mark := widget.NewIcon(theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameBackground))
	size := fyne.NewSquareSize(Letters(4))
	tick := container.NewGridWrap(size, container.NewStack(disc, container.NewPadded(container.NewPadded(mark))))
	texts := container.NewVBox(NewHeading(heading))
	texts.Objects = append(texts.Objects, more...)
	return container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(tick)), nil, texts)
}

// NewBanner returns a warning in a frame, with an icon.
func NewBanner(text string) fyne.CanvasObject {
	l := NewSubheading(text)
	l.Importance = widget.WarningImportance
	frame := canvas.NewRectangle(color.Transparent)
	frame.StrokeColor, frame.StrokeWidth = theme.Color(theme.ColorNameWarning), 2
	icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
	return container.NewPadded(container.NewStack(frame, container.NewBorder(nil, nil, container.NewPadded(icon), nil, l)))
}

// NewPage returns the objects below each other, scrolled if the window is too small.
func NewPage(objects ...fyne.CanvasObject) *container.Scroll {
	return container.NewVScroll(container.NewPadded(container.NewVBox(objects...)))
}

// NewFieldName returns the bold label beside a field.
func NewFieldName(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.TextStyle.Bold = true
	return l
}
