package ui

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"handback/app"
	"handback/app/brand"
	"handback/app/fault"
	"handback/ui/kit"
)

// showError opens a dialog that says what happened, what was left as it is and what to do
// next. It shows nothing for a cancellation.
func (u *UI) showError(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	e := fault.Explain(err, u.Words)
	details := strings.Join([]string{e.Title(u.Words), e.Message, e.Advice, brand.Current().Name + " " + app.Packaged() + ", " + string(e.Kind)}, "\n")
	u.showMessage(e.Title(u.Words), newAdvice(e),
		kit.NewButton(u.t("ui.copy"), theme.ContentCopyIcon(), func() { fyne.CurrentApp().Clipboard().SetContent(details) }),
		kit.NewMainButton(u.t("ui.close"), nil, func() {}))
}

// confirm asks before something that cannot be undone. Enter and Esc cancel.
func (u *UI) confirm(title, question, yes string, do func()) {
	u.showMessage(title, kit.NewText(question), kit.NewButton(yes, nil, do), kit.NewMainButton(u.t("ui.cancel"), nil, func() {}))
}

// showMessage opens a dialog with buttons, each of which closes it first. The last one
// has the focus.
func (u *UI) showMessage(title string, content fyne.CanvasObject, buttons ...*kit.Button) {
	row := kit.NewButtonRow()
	d := dialog.NewCustomWithoutButtons(title, container.NewBorder(nil, row, nil, nil, u.fitting(content)), u.window)
	for _, b := range buttons {
		do := b.OnTapped
		b.OnTapped = func() { d.Hide(); do() }
		row.Add(b)
	}
	u.showDialog(d)
	u.window.Canvas().Focus(buttons[len(buttons)-1])
}

// fitting returns content for a dialog: as wide as is easy to read, and scrolled if it is
// higher than the window.
func (u *UI) fitting(content fyne.CanvasObject) fyne.CanvasObject {
	window := u.window.Canvas().Size()
	width := min(max(560, kit.Letters(32)), window.Width-140)
	for range 2 { // the first wraps the texts, so that the second knows their height
		content.Resize(fyne.NewSize(width, content.MinSize().Height))
	}
	scroll := container.NewVScroll(content)
	scroll.SetMinSize(fyne.NewSize(width, min(content.MinSize().Height, window.Height-kit.Letters(12))))
	return scroll
}

// showDialog opens a dialog, and closes one that is open.
func (u *UI) showDialog(d dialog.Dialog) {
	if u.dialog != nil {
		u.dialog.Hide()
	}
	u.dialog = d
	d.Show()
}

// typedKey handles keys that no widget uses: Esc closes the open dialog, F1 shows the
// help.
func (u *UI) typedKey(event *fyne.KeyEvent) {
	if u.full != nil {
		u.full.typedKey(event)
		return
	}
	switch {
	case event.Name == fyne.KeyEscape && u.dialog != nil:
		u.dialog.Hide()
	case event.Name == fyne.KeyF1 && u.window.Canvas().Overlays().Top() == nil:
		u.help()
	}
}
