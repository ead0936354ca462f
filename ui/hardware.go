package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/portal"
	"handback/app/words"
	"handback/ui/kit"
)

// chooseID lets the person choose a file with a hardware ID: a request, a license file, a
// sheet or a photograph.
func (p *releasePage) chooseID() {
	p.ui.choose(portal.Question{Title: p.ui.t("ui.choose.id")}, func(paths ...string) { p.takeIDFrom(paths[0]) })
}

// takeIDFrom enters the hardware ID of a file into the form, for the person to check.
func (p *releasePage) takeIDFrom(path string) {
	var id string
	var err error
	p.ui.work(func() { id, err = p.ui.app.HardwareIDFrom(context.Background(), path) }, func() {
		if err != nil {
			p.ui.showError(err)
			return
		}
		p.takeID(id)
	})
}

// takeID enters a hardware ID into the form.
func (p *releasePage) takeID(id string) {
	p.typed.SetText(id)
	p.source.SetSelected(p.ui.t("source." + string(machine.Typed)))
	p.ui.window.Canvas().Focus(p.owner)
}

// showCandidates lists every hardware ID of this computer, each with its origin and the
// doubts about it. The person can choose one.
func (p *releasePage) showCandidates() {
	var all []machine.Candidate
	p.ui.work(func() { all = p.ui.app.Computer.All(p.ui.app.Profile.Hardware.ApplicationID) }, func() {
		list := container.NewVBox()
		for _, one := range all {
			list.Add(p.candidate(one))
			list.Add(widget.NewSeparator())
		}
		scroll := container.NewVScroll(list)
		scroll.SetMinSize(fyne.NewSize(520, 360))
		p.ui.showMessage(p.ui.t("ui.ids"), container.NewVBox(kit.NewText(p.ui.t("ui.ids.use")), scroll), kit.NewMainButton(p.ui.t("ui.close"), nil, func() {}))
	})
}

func (p *releasePage) candidate(one machine.Candidate) fyne.CanvasObject {
	id := one.HardwareID
	content := container.NewVBox(kit.NewFieldName(p.ui.t("source." + string(id.Source))))
	if one.Err != nil {
		content.Add(kit.NewCaption(fault.Explain(one.Err, p.ui.Words).Paragraph()))
		return content
	}
	content.Add(kit.NewValue(words.Visible(id.Value, 200)))
	content.Add(kit.NewCaption(p.ui.t("ui.origin", "origin", id.Origin)))
	for _, doubt := range id.Doubts {
		content.Add(kit.NewCaption(p.ui.t("ui.warning", "text", doubt.Localize(p.ui.Words))))
	}
	content.Add(container.NewHBox(kit.NewButton(p.ui.t("ui.ids.take"), theme.ConfirmIcon(), func() {
		p.ui.dialog.Hide()
		p.takeID(id.Value)
	})))
	return content
}

// offerOtherID lets the person enter the hardware ID of a computer that no longer works.
func (p *releasePage) offerOtherID() {
	u := p.ui
	u.showMessage(u.t("ui.dead.title"), kit.NewText(u.t("ui.dead.use")),
		kit.NewButton(u.t("ui.cancel"), nil, func() {}),
		kit.NewButton(u.t("ui.dead.type"), theme.DocumentCreateIcon(), func() {
			p.source.SetSelected(u.t("source." + string(machine.Typed)))
		}),
		kit.NewMainButton(u.t("ui.ids.file"), theme.FolderOpenIcon(), p.chooseID))
}

// printCard saves a card with the hardware ID, opens it in the browser, where it can be
// printed, and shows the path: there is no way to know whether a browser opened.
func (p *releasePage) printCard() {
	u, job := p.ui, p.job()
	var path string
	var err error
	u.work(func() {
		var id machine.HardwareID
		if id, err = u.app.HardwareID(job); err == nil {
			path, err = u.app.PrintCard(u.Folder, id)
		}
	}, func() {
		if err != nil {
			u.showError(err)
			return
		}
		u.showMessage(u.t("ui.card"), kit.NewNear(kit.NewText(u.t("ui.receipt.saved", "path", path)), kit.NewText(u.t("ui.print.no_browser"))),
			kit.NewMainButton(u.t("ui.close"), nil, func() {}))
		u.browse(path)
	})
}

// differsNote returns a note for a typed hardware ID that is not this computer's own in
// the profile, else "".
func (p *releasePage) differsNote(typed string) string {
	own, err := p.ui.app.HardwareID(app.Create{Source: p.ui.app.Profile.Hardware.Source})
	if err != nil || typed == "" || own.Value == typed {
		return ""
	}
	return p.ui.t("ui.id.differs", "id", words.Visible(own.Value, 80))
}
