package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"handback/app/secret"
)

// askSecret asks for the shared key, which is kept for this run alone, and
// goes on with next.
func (u *UI) askSecret(next func()) {
	entry := widget.NewPasswordEntry()
	item := widget.NewFormItem(u.t("ui.shared_key"), entry)
	item.HintText = u.t("ui.shared_key.hint")
	d := dialog.NewForm(u.t("ui.shared_key.title"), u.t("ui.go_on"), u.t("ui.cancel"), []*widget.FormItem{item}, func(ok bool) {
		if !ok || entry.Text == "" {
			return
		}
		u.key = secret.New([]byte(entry.Text))
		next()
	}, u.window)
	entry.OnSubmitted = func(string) { d.Submit() }
	d.Resize(fyne.NewSize(520, 200))
	u.showDialog(d)
	u.window.Canvas().Focus(entry)
}
