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

// showError opens a dialog that says what happened, what was kept and what to
// do next.
func (u *UI) showError(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	e := fault.Explain(err, u.Words)
	details := strings.Join([]string{e.Title(u.Words), e.Message, e.Advice, brand.Current().Name + " " + app.Packaged() + ", " + string(e.Kind)}, "\n")
	u.ask(e.Title(u.Words), newAdvice(e),
		kit.NewButton(u.t("ui.copy"), theme.ContentCopyIcon(), func() { fyne.CurrentApp().Clipboard().SetContent(details) }),
		kit.NewMainButton(u.t("ui.close"), nil, func() {}))
}

// confirm asks before something that cannot be taken back. Enter and Esc leave
// things as they are.
func (u *UI) confirm(title, question, yes string, do func()) {
	u.ask(title, kit.NewText(question), kit.NewButton(yes, nil, do), kit.NewMainButton(u.t("ui.cancel"), nil, func() {}))
}

// ask opens a dialog of our own buttons, of which the last has the focus.
func (u *UI) ask(title string, content fyne.CanvasObject, buttons ...*kit.Button) {
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

// fitting is a dialog's content as wide as it is read well, as high as it is, and
// scrolled where the window is smaller than that.
func (u *UI) fitting(content fyne.CanvasObject) fyne.CanvasObject {
	window := u.window.Canvas().Size()
	width := min(max(560, kit.Letters(32)), window.Width-140)
	for range 2 { // words are wrapped at the first, and their height is known at the second
		content.Resize(fyne.NewSize(width, content.MinSize().Height))
	}
	scroll := container.NewVScroll(content)
	scroll.SetMinSize(fyne.NewSize(width, min(content.MinSize().Height, window.Height-kit.Letters(12))))
	return scroll
}

// showDialog opens a dialog; one that is open makes way.
func (u *UI) showDialog(d dialog.Dialog) {
	if u.dialog != nil {
		u.dialog.Hide()
	}
	u.dialog = d
	d.Show()
}

// typedKey gets the keys that no widget wants: Esc closes the open dialog, F1 lists
// the keys.
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
