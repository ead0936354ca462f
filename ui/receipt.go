package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"handback/app"
	"handback/app/fault"
	"handback/app/journal"
	"handback/ui/kit"
)

const receiptCodeSize = 240

// showReceipt opens a dialog with a receipt for the offline computer, as a code, as lines
// to type, and to save as a file.
func (u *UI) showReceipt(r journal.Record) {
	receipt, err := r.MakeReceipt()
	if err != nil {
		u.showError(err)
		return
	}
	code, err := app.ReceiptCode(receipt)
	if err != nil {
		u.showError(err)
		return
	}
	view := newCodeView(u, receiptCodeSize)
	view.show(code, receipt.CheckCode())
	saved := kit.NewText("")
	saved.Hide()
	content := container.NewVBox(kit.NewText(u.t("ui.receipt.use")), view,
		kit.NewValue(strings.Join(app.ReceiptLines(receipt), "\n")), kit.NewCaption(u.t("journal.no_proof")), saved)
	save := kit.NewButton(u.t("ui.receipt.save"), theme.DocumentSaveIcon(), nil)
	save.OnTapped = func() {
		var path string
		var err error
		u.work(func() { path, err = u.app.SaveReceipt(r, u.Folder) }, func() {
			saved.SetText(u.t("ui.receipt.saved", "path", path))
			if err != nil {
				saved.SetText(fault.Explain(err, u.Words).Paragraph())
			}
			saved.Show()
		})
	}
	content.Add(container.NewHBox(save))
	u.showMessage(u.t("ui.receipt"), content, kit.NewMainButton(u.t("ui.close"), nil, func() {}))
}

// applyReceipt stores the receipt's outcome in the history and shows it there. If the
// history has no such request, the row says so.
func (p *submitPage) applyReceipt(item app.Row) {
	var err error
	var record journal.Record
	p.ui.work(func() { record, err = p.ui.batch.ApplyReceipt(item.ID) }, func() {
		if err != nil {
			p.ui.submit.show()
			return
		}
		p.ui.tabs.SelectIndex(historyTab)
		p.ui.showHistory(record.Request)
	})
}

// receiptDetails shows the content of a receipt, and the reason if it could not be
// applied.
func (p *submitPage) receiptDetails(item app.Row, source string) fyne.CanvasObject {
	content := container.NewVBox(kit.NewSubheading(p.ui.t("ui.receipt")), kit.NewCaption(p.ui.t("ui.item.source", "source", source, "check", item.Receipt.CheckCode())))
	if item.Why != nil && !item.Noted {
		content.Add(newAdvice(fault.Explain(item.Why, p.ui.Words)))
	}
	content.Add(kit.NewValue(strings.TrimSpace(item.Receipt.Describe(p.ui.Words))))
	return content
}
