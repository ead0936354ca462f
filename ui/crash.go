package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"handback/app/crash"
	"handback/ui/kit"
)

// OfferReports shows the reports of earlier runs that crashed. Nothing is sent: the
// person can copy them for support.
func (u *UI) OfferReports(reports []crash.Report) {
	if len(reports) == 0 {
		return
	}
	var texts []string
	for _, r := range reports {
		texts = append(texts, r.Text)
	}
	all := strings.Join(texts, "\n\n")
	shown := container.NewVScroll(kit.NewValue(all))
	shown.SetMinSize(fyne.NewSize(520, 240))
	u.showMessage(u.t("ui.crash"), container.NewVBox(kit.NewText(u.t("ui.crash.use")), shown),
		kit.NewButton(u.t("ui.copy"), theme.ContentCopyIcon(), func() {
			fyne.CurrentApp().Clipboard().SetContent(all)
			u.OfferReports(reports)
		}),
		kit.NewButton(u.t("ui.crash.remove"), theme.DeleteIcon(), func() { u.work(func() { crash.Remove(reports) }, func() {}) }),
		kit.NewMainButton(u.t("ui.crash.keep"), nil, func() {}))
}
