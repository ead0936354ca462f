package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// submitPage is the page "Submit a request": the batch of requests that were opened,
// dropped, pasted or typed.
type submitPage struct {
	ui      *UI
	rows    []app.Row     // of the batch, as shown
	at      int           // the ID of the selected row
	unknown map[int]error // why a receipt could not be applied, by row ID
	open    *kit.Button
	clear   *kit.Button
	send    *kit.Button
	cancel  *kit.Button
	empty   fyne.CanvasObject
	split   *container.Split
	list    *kit.List
	details *fyne.Container
	sending int // how many requests are being sent
	busy    *widget.ProgressBarInfinite
	doing   *widget.Label // says which one is being sent
	stop    context.CancelFunc

	root fyne.CanvasObject
}

func newSubmitPage(u *UI) *submitPage {
	p := &submitPage{ui: u, details: container.NewStack(), unknown: map[int]error{}, busy: widget.NewProgressBarInfinite(), doing: widget.NewLabel("")}
	p.open = kit.NewMainButton(u.t("ui.open"), theme.FolderOpenIcon(), p.choose)
	paste := kit.NewButton(u.t("ui.paste"), theme.ContentPasteIcon(), p.paste)
	lines := kit.NewButton(u.t("ui.lines"), theme.DocumentCreateIcon(), p.typeLines)
	p.clear = kit.NewButton(u.t("ui.clear"), theme.ContentClearIcon(), p.removeAll)
	p.send = kit.NewMainButton(u.t("ui.send"), theme.UploadIcon(), p.submit)
	p.cancel = kit.NewButton(u.t("ui.cancel"), theme.CancelIcon(), func() { p.stop() })
	p.empty = dropPlace(u.t("ui.drop"))
	for _, o := range []fyne.CanvasObject{p.busy, p.doing, p.cancel, p.send, p.clear} {
		o.Hide()
	}
	p.list = kit.NewList(func() int { return len(p.rows) }, p.showRow)
	p.list.OnSelected = func(i widget.ListItemID) {
		if i < len(p.rows) {
			p.look(p.rows[i].ID)
		}
	}
	p.split = kit.NewListAndDetails(p.list, p.details)
	p.split.Hide()
	top := container.NewVBox(kit.NewTitle(u.t("ui.submit"), u.t("ui.submit.intro")), kit.NewFlow(p.open, paste, lines, p.clear))
	bottom := container.NewBorder(nil, nil, container.NewHBox(p.send, p.doing), p.cancel, p.busy)
	p.root = container.NewPadded(container.NewBorder(top, bottom, nil, nil, container.NewStack(p.empty, p.split)))
	return p
}

// dropPlace returns the large frame that invites to drop files.
func dropPlace(text string) fyne.CanvasObject {
	l := centered(text)
	return container.NewPadded(widget.NewCard("", "", container.NewVBox(layout.NewSpacer(),
		container.NewCenter(widget.NewIcon(theme.DownloadIcon())), l, layout.NewSpacer())))
}

func (p *submitPage) choose() { p.ui.chooseFiles(p.ui.Open) }

// paste reads the clipboard: a picture, copied files, or the text of a request.
func (p *submitPage) paste() {
	text := fyne.CurrentApp().Clipboard().Content()
	var picture []byte
	var paths []string
	p.ui.work(func() { picture, paths = p.ui.Picture(), pathsIn(text) }, func() {
		switch {
		case picture != nil:
			p.add([]app.Input{{Name: p.ui.t("ui.pasted.picture"), Data: picture}})
		case paths != nil:
			p.ui.Open(paths...)
		default:
			p.add([]app.Input{{Name: p.ui.t("ui.pasted"), Data: []byte(text)}})
		}
	})
}

func (p *submitPage) typeLines() {
	p.ui.openLines(func(text string) {
		p.add([]app.Input{{Name: p.ui.t("ui.lines.source"), Data: []byte(text)}})
	})
}

func (p *submitPage) removeAll() {
	var ids []int
	for _, row := range p.rows {
		ids = append(ids, row.ID)
	}
	p.ui.batch.Remove(ids...)
	p.show()
}

// add adds inputs to the batch and selects the first new row.
func (p *submitPage) add(inputs []app.Input) {
	if p.ui.window.Canvas().Overlays().Top() == nil {
		p.ui.window.Canvas().Unfocus() // so that Enter is not taken by another button before the inputs are read
	}
	p.ui.read(inputs, func(ids []int) { p.ui.submit.added(ids) }) // p may have been replaced meanwhile
}

func (p *submitPage) added(ids []int) {
	if len(ids) > 0 {
		p.at = ids[0]
	}
	p.show()
	for _, row := range p.rows {
		if row.Receipt != nil && slices.Contains(ids, row.ID) {
			p.applyReceipt(row)
		}
	}
	if p.send.Visible() {
		p.ui.window.Canvas().Focus(p.send)
	} else if p.ui.tabs.SelectedIndex() == submitTab {
		p.ui.window.Canvas().Focus(p.list)
	}
}

// show shows the rows of the batch and the details of the selected one.
func (p *submitPage) show() {
	p.rows = p.ui.batch.Rows()
	none := len(p.rows) == 0
	for o, visible := range map[fyne.CanvasObject]bool{p.empty: none, p.split: !none, p.clear: !none, p.send: len(p.waiting()) > 0 || p.sending > 0} {
		if visible {
			o.Show()
		} else {
			o.Hide()
		}
	}
	p.setMain(p.open, none)
	p.list.Refresh()
	if none {
		p.details.RemoveAll()
		return
	}
	i := max(0, slices.IndexFunc(p.rows, func(r app.Row) bool { return r.ID == p.at }))
	p.list.Select(i)
	p.look(p.rows[i].ID) // Select does nothing if the row was selected before
	if p.sending > 0 {
		going := 0
		for _, row := range p.rows {
			if row.Sending {
				going++
			}
		}
		p.doing.SetText(p.ui.t("ui.sending", "number", min(p.sending-going+1, p.sending), "count", p.sending))
	}
}

// look shows the details of a row.
func (p *submitPage) look(id int) {
	i := slices.IndexFunc(p.rows, func(r app.Row) bool { return r.ID == id })
	if i < 0 {
		return
	}
	p.at = id
	p.details.Objects = []fyne.CanvasObject{container.NewVScroll(container.NewPadded(p.detailsOf(p.rows[i])))}
	p.details.Refresh()
}

func (p *submitPage) showRow(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(p.rows) {
		return
	}
	item, row := p.rows[i], kit.RowOf(o)
	title := sourceNames(item.Sources)
	if item.Request != nil {
		title = words.Visible(item.Request.Owner(), 60)
	}
	state, mark := p.state(item)
	row.Set(title, state, mark)
}

// setMain makes a button look like the next step, or like any other.
func (p *submitPage) setMain(b *kit.Button, main bool) {
	b.Importance = widget.MediumImportance
	if main {
		b.Importance = widget.HighImportance
	}
	b.Refresh()
}

// submit sends the requests that have not been sent.
func (p *submitPage) submit() {
	if p.send.Disabled() || !p.send.Visible() {
		return
	}
	p.confirmAndSend(p.waiting()) // requests that are added meanwhile are not sent
}

// confirmAndSend asks for what rows need and sends them. Unsigned requests that are not
// confirmed, and requests without a shared key, stay; they do not delay the others.
func (p *submitPage) confirmAndSend(rows []app.Row) {
	var handoffs []fyne.CanvasObject
	var ids, unsigned []int
	hosts := ""
	for _, row := range rows {
		ids = append(ids, row.ID)
		if slices.Contains(row.Needs, app.NeedConfirmation) {
			unsigned = append(unsigned, row.ID)
			hosts = row.Result().Hosts
			handoffs = append(handoffs, kit.NewCaption(p.ui.t("ui.item.profile", "name", row.App.Profile.Name, "host", hosts)),
				newMembers(p.ui.Words, row.Request.Members), widget.NewSeparator())
		}
	}
	if len(handoffs) == 0 {
		p.promptSecrets(ids)
		return
	}
	members := container.NewVScroll(container.NewVBox(handoffs...))
	members.SetMinSize(fyne.NewSize(520, 260))
	others := kit.NewMainButton(p.ui.t("ui.cancel"), nil, func() {})
	if len(ids) > len(unsigned) {
		others = kit.NewMainButton(p.ui.t("ui.sign.others"), nil, func() {
			p.promptSecrets(slices.DeleteFunc(ids, func(id int) bool { return slices.Contains(unsigned, id) }))
		})
	}
	p.ui.showMessage(p.ui.t("ui.sign"), container.NewVBox(kit.NewText(p.ui.t("ui.sign.question")), members),
		kit.NewButton(p.ui.t("ui.sign.yes"), theme.ConfirmIcon(), func() {
			p.ui.batch.Confirm(unsigned...)
			p.promptSecrets(ids)
		}), others)
}

// promptSecrets asks for the shared keys that rows need, one after the other, and sends
// the rows that are then ready.
func (p *submitPage) promptSecrets(ids []int) {
	for _, id := range ids {
		row, ok := p.ui.batch.Row(id)
		if !ok || !slices.Contains(row.Needs, app.NeedSecret) {
			continue
		}
		a := row.App
		sameProfile := func(id int) bool { // the rows with the same profile
			row, ok := p.ui.batch.Row(id)
			return ok && row.App == a && slices.Contains(row.Needs, app.NeedSecret)
		}
		p.ui.promptSecret(a, row.Why, secretAnswers{
			given:   func(secret.Secret) { p.promptSecrets(ids) },
			without: func() { p.promptSecrets(slices.DeleteFunc(slices.Clone(ids), sameProfile)) },
		})
		return
	}
	p.sendAll(ids)
}

// waiting returns the rows that can be sent, some after a question.
func (p *submitPage) waiting() (waiting []app.Row) {
	for _, row := range p.rows {
		answerable := !slices.ContainsFunc(row.Needs, func(n app.Need) bool { return n != app.NeedConfirmation && n != app.NeedSecret })
		if row.Ready() || row.App != nil && !row.Sending && len(row.Needs) > 0 && answerable {
			waiting = append(waiting, row)
		}
	}
	return waiting
}

// sendAll sends the rows that are ready.
func (p *submitPage) sendAll(ids []int) {
	if p.sending > 0 {
		return
	}
	ready := slices.DeleteFunc(slices.Clone(ids), func(id int) bool {
		row, ok := p.ui.batch.Row(id)
		return !ok || !row.Ready()
	})
	if len(ready) == 0 {
		p.show() // the rows say why
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.setBusy(len(ready))
	send := p.ui.batch.Start(ready...)
	p.ui.workForPage(func() { send(ctx) }, func() {
		stop()
		p.ui.forgetDoubtfulKeys(ready)
		p.ui.submit.setBusy(0) // p may have been replaced meanwhile
		p.ui.submit.show()
	})
}

// setBusy shows how many requests are being sent; 0 means that sending has ended.
func (p *submitPage) setBusy(sending int) {
	p.sending = sending
	for _, o := range []fyne.CanvasObject{p.busy, p.doing, p.cancel} {
		if sending > 0 {
			o.Show()
		} else {
			o.Hide()
		}
	}
	if sending > 0 {
		p.send.Disable()
		p.clear.Disable() // the outcome of what is being sent is still to be shown
		p.busy.Start()
	} else {
		p.busy.Stop()
		p.send.Enable()
		p.clear.Enable()
	}
}

// confirmRetry asks whether to send a request again. The program never does so by itself.
func (p *submitPage) confirmRetry(row app.Row) {
	p.ui.confirm(p.ui.t("ui.again"), p.ui.t("ui.again.question"), p.ui.t("ui.send"), func() {
		p.ui.batch.Again(row.ID)
		if again, ok := p.ui.batch.Row(row.ID); ok {
			p.confirmAndSend([]app.Row{again})
		}
	})
}
