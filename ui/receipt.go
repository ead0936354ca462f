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

// showReceipt shows what goes back to the offline computer, in all its forms.
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
	u.ask(u.t("ui.receipt"), content, kit.NewMainButton(u.t("ui.close"), nil, func() {}))
}

// close notes in the history what a receipt says, and shows it there. Where the
// request is not of this computer, the card says so.
func (p *submitPage) close(item app.Row) {
	var err error
	var record journal.Record
	p.ui.work(func() { record, err = p.ui.app.ApplyReceipt(item.Inspection) }, func() {
		if err != nil {
			p.unknown[item.ID] = err
			p.show()
			return
		}
		p.ui.tabs.SelectIndex(historyTab)
		p.ui.showHistory(record.Request)
	})
}

// receiptDetails says what a receipt says, and where it closes no record, why.
func (p *submitPage) receiptDetails(item app.Row, source string) fyne.CanvasObject {
	content := container.NewVBox(kit.NewSubheading(p.ui.t("ui.receipt")), kit.NewCaption(p.ui.t("ui.item.source", "source", source, "check", item.Receipt.CheckCode())))
	if err := p.unknown[item.ID]; err != nil {
		content.Add(newAdvice(fault.Explain(err, p.ui.Words)))
	}
	content.Add(kit.NewValue(strings.TrimSpace(item.Receipt.Describe(p.ui.Words))))
	return content
}
