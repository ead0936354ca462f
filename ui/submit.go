package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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
	rows    []app.Row // of the batch, those that need somebody first
	shown   []app.Row // those of rows that the filter shows
	at      int       // the ID of the selected row
	looked  face      // of the row whose details are shown
	run     *run      // what is being sent; nil if nothing is
	title   *widget.Label
	intro   fyne.CanvasObject
	filter  *kit.Filter
	open    *kit.Button
	clear   *kit.Button
	send    *kit.Button
	cancel  *kit.Button
	empty   fyne.CanvasObject
	split   *container.Split
	list    *kit.Entries
	details *fyne.Container
	sending *kit.Progress

	root fyne.CanvasObject
}

// run is requests that are sent one after the other. More may be added until it ends.
type run struct {
	ctx   context.Context
	stop  context.CancelFunc
	began time.Time
	count int // of requests
	queue []leg
}

// leg is the part of a run that was begun at one time.
type leg struct {
	ids  []int
	send func(context.Context)
}

func newSubmitPage(u *UI) *submitPage {
	p := &submitPage{ui: u, details: container.NewStack(), sending: kit.NewProgress()}
	if u.submit != nil {
		p.run = u.submit.run
	}
	p.title = kit.NewHeading(u.t("ui.submit"))
	p.intro = kit.NewNarrow(64, kit.NewText(u.t("ui.submit.intro")))
	p.open = kit.NewMainButton(u.t("ui.open"), theme.FolderOpenIcon(), p.choose)
	paste := kit.NewButton(u.t("ui.paste"), theme.ContentPasteIcon(), p.paste)
	lines := kit.NewButton(u.t("ui.lines"), theme.DocumentCreateIcon(), p.typeLines)
	p.clear = kit.NewButton(u.t("ui.clear"), theme.ContentClearIcon(), p.removeShown)
	p.send = kit.NewMainButton(u.t("ui.send"), theme.UploadIcon(), p.submit)
	p.cancel = kit.NewButton(u.t("ui.cancel"), theme.CancelIcon(), func() { p.run.stop() })
	p.filter = kit.NewFilter(p.showAnew)
	p.filter.Add("", u.t("ui.filter.all"), nil)
	for _, s := range []app.Standing{app.NeedsYou, app.ToSubmit, app.BeingSent, app.Done, app.Noted} {
		p.filter.Add(string(s), u.t("batch.filter."+string(s)), standingMarks[s].Icon())
	}
	p.empty = container.NewPadded(widget.NewCard("", "", kit.NewEmpty(theme.DownloadIcon(), u.t("ui.drop")).Root))
	p.list = kit.NewEntries(func() int { return len(p.shown) }, p.showRow, func(row int) { p.look(p.shown[row]) })
	p.list.OnDelete = func() { p.remove(p.at) }
	p.split = container.NewHSplit(p.list, p.details)
	p.split.Offset = listShare
	for _, o := range []fyne.CanvasObject{p.cancel, p.send, p.clear, p.split, p.filter.Root} {
		o.Hide()
	}
	top := container.NewVBox(kit.NewNear(p.title, p.intro), kit.NewFlow(p.open, paste, lines, p.clear), p.filter.Root)
	bottom := container.NewBorder(nil, nil, nil, container.NewHBox(p.cancel, p.send), p.sending.Root)
	p.root = container.NewPadded(container.NewBorder(top, bottom, nil, nil, container.NewStack(p.empty, p.split)))
	return p
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

// removeShown takes the rows that the filter shows out of the list.
func (p *submitPage) removeShown() {
	ids := make([]int, len(p.shown))
	for i, row := range p.shown {
		ids[i] = row.ID
	}
	p.remove(ids...)
}

// remove takes rows out of the list. If the selected row is one of them, the next one is
// selected.
func (p *submitPage) remove(ids ...int) {
	before := p.shown
	at := max(0, slices.IndexFunc(before, func(r app.Row) bool { return r.ID == p.at }))
	p.ui.batch.Remove(ids...)
	for _, row := range slices.Concat(before[at:], before[:at]) {
		if _, there := p.ui.batch.Row(row.ID); there {
			p.at = row.ID
			break
		}
	}
	p.show()
}

// add adds inputs to the batch and selects the first new row.
func (p *submitPage) add(inputs []app.Input) {
	if p.ui.window.Canvas().Overlays().Top() == nil {
		p.ui.window.Canvas().Unfocus() // so that Enter is not taken by another button before the inputs are read
	}
	p.ui.read(inputs, func(ids []int) { p.ui.submit.added(ids) }) // p may have been replaced meanwhile
}

// added shows new rows, and selects the first of them.
func (p *submitPage) added(ids []int) {
	fresh := map[int]bool{}
	for _, id := range ids {
		fresh[id] = true
	}
	isFresh := func(r app.Row) bool { return fresh[r.ID] }
	p.filter.Choose("")
	p.show()
	if i := slices.IndexFunc(p.shown, isFresh); i >= 0 {
		p.at = p.shown[i].ID
		p.showAnew()
	}
	for _, row := range p.rows {
		if row.Receipt != nil && isFresh(row) {
			p.applyReceipt(row)
		}
	}
	if p.send.Visible() && !p.send.Disabled() {
		p.ui.window.Canvas().Focus(p.send)
	} else if p.ui.tabs.SelectedIndex() == submitTab && len(p.shown) > 0 {
		p.ui.window.Canvas().Focus(p.list)
	}
}

// first returns what gets the focus when the page is opened.
func (p *submitPage) first() fyne.Focusable { return p.open }

// showAnew is like show, and scrolls to the selected row.
func (p *submitPage) showAnew() {
	p.show()
	if i := slices.IndexFunc(p.shown, func(r app.Row) bool { return r.ID == p.at }); i >= 0 {
		p.list.ScrollTo(i)
	}
}

// show shows the rows of the batch, what they amount to, and the details of the selected
// one. It does not scroll.
func (p *submitPage) show() {
	p.rows = p.ui.batch.Rows()
	app.ByNeed(p.rows)
	tally := app.TallyOf(p.rows)
	chosen := app.Standing(p.filter.Chosen)
	if chosen != "" && tally.Of[chosen] == 0 {
		chosen = ""
		p.filter.Choose("") // calls show
		return
	}
	p.shown = p.rows
	if chosen != "" {
		p.shown = slices.DeleteFunc(slices.Clone(p.rows), func(r app.Row) bool { return r.Standing() != chosen })
	}
	p.filter.Offer(func(key string) bool { return key == "" || tally.Of[app.Standing(key)] > 0 })
	none := len(p.rows) == 0
	show(p.empty, none)
	show(p.intro, none)
	show(p.split, !none)
	show(p.clear, !none)
	show(p.filter.Root, len(tally.Of) > 1)
	show(p.send, p.run != nil || slices.ContainsFunc(p.rows, canGo))
	p.setMain(p.open, none)
	p.showTexts(tally)
	p.showRun()
	p.list.Refresh()
	if none {
		p.looked = face{}
		p.details.RemoveAll()
		return
	}
	i := max(0, slices.IndexFunc(p.shown, func(r app.Row) bool { return r.ID == p.at }))
	p.list.Keep(i)
	p.look(p.shown[i]) // Keep does nothing if the row was selected before
}

// showTexts shows the summary, and what the button beside the others takes out.
func (p *submitPage) showTexts(tally app.Tally) {
	title, clear := p.ui.t("ui.submit"), p.ui.t("ui.clear")
	if tally.Rows > 0 {
		title = tally.Summary(p.ui.Words)
	}
	if p.filter.Chosen != "" {
		clear = p.ui.t("ui.clear.shown")
	}
	if p.title.Text != title {
		p.title.SetText(title)
	}
	if p.clear.Text != clear {
		p.clear.SetText(clear)
	}
}

// face is what the details of a row depend on. They are made anew only if it changes, so
// that they keep the focus while others are sent.
type face struct {
	id, needs, sources, parts int
	sending, noted            bool
	why                       string
	app                       *app.App
	submission                *app.Submission
}

func faceOf(r app.Row) face {
	f := face{r.ID, len(r.Needs), len(r.Sources), len(r.Parts), r.Sending, r.Noted, "", r.App, r.Submission}
	if r.Why != nil {
		f.why = r.Why.Error()
	}
	return f
}

// look shows the details of a row.
func (p *submitPage) look(row app.Row) {
	p.at = row.ID
	if p.looked == faceOf(row) {
		return
	}
	p.looked = faceOf(row)
	p.details.Objects = []fyne.CanvasObject{container.NewVScroll(container.NewPadded(p.detailsOf(row)))}
	p.details.Refresh()
}

func (p *submitPage) showRow(i int, entry kit.Entry) {
	row, side := p.shown[i], ""
	title := sourceNames(row.Sources)
	if row.Request != nil {
		title = words.Visible(row.Request.Owner(), 60)
	}
	if row.App != nil {
		side = words.Visible(row.App.Profile.Name, 40)
	}
	state, mark := p.state(row)
	entry.Set(title, side, state, mark)
}

// setMain makes a button look like the next step, or like any other.
func (p *submitPage) setMain(b *kit.Button, main bool) {
	importance := widget.MediumImportance
	if main {
		importance = widget.HighImportance
	}
	if b.Importance != importance {
		b.Importance = importance
		b.Refresh()
	}
}

// submit sends the requests that have not been sent.
func (p *submitPage) submit() {
	if p.send.Disabled() || !p.send.Visible() {
		return
	}
	p.askAndSend(p.waiting()) // requests that are added meanwhile are not sent
}

// canGo reports whether a row can be sent, perhaps after a question.
func canGo(r app.Row) bool { return r.Ready() || r.Askable() }

// waiting returns the rows that can be sent, some after a question.
func (p *submitPage) waiting() []app.Row {
	return slices.DeleteFunc(slices.Clone(p.rows), func(r app.Row) bool { return !canGo(r) })
}

// askAndSend sends the rows that are ready, and meanwhile asks for what others need: first
// for shared keys, then whether to sign what is unsigned. Rows for which it gets no answer
// stay as they are.
func (p *submitPage) askAndSend(rows []app.Row) {
	var ready, keyless []int
	var unsigned []app.Row
	for _, row := range rows {
		switch {
		case slices.Contains(row.Needs, app.NeedConfirmation):
			unsigned = append(unsigned, row)
		case row.Ready():
			ready = append(ready, row.ID)
		default:
			keyless = append(keyless, row.ID)
		}
	}
	p.sendReady(ready)
	p.promptSecrets(keyless, func() { p.confirmSigning(unsigned) })
}

// confirmSigning shows unsigned requests, and signs and sends them if the person agrees.
func (p *submitPage) confirmSigning(unsigned []app.Row) {
	if len(unsigned) == 0 {
		return
	}
	var ids []int
	var parts []fyne.CanvasObject
	for _, row := range unsigned {
		ids = append(ids, row.ID)
		parts = append(parts, kit.NewCaption(p.ui.t("ui.item.profile", "name", row.App.Profile.Name, "host", row.Result().Hosts)),
			newMembers(p.ui.Words, row.Request.Members), widget.NewSeparator())
	}
	members := container.NewVScroll(container.NewVBox(parts...))
	members.SetMinSize(fyne.NewSize(520, 260))
	p.ui.showMessage(p.ui.t("ui.sign"), container.NewVBox(kit.NewText(p.ui.t("ui.sign.question")), members),
		kit.NewButton(p.ui.t("ui.sign.yes"), theme.ConfirmIcon(), func() {
			p.ui.batch.Confirm(ids...)
			p.sendReady(ids)
			p.promptSecrets(ids, func() {})
		}),
		kit.NewMainButton(p.ui.t("ui.cancel"), nil, func() {}))
}

// promptSecrets asks for the shared keys that rows need, one after the other, and then
// calls then. With each key it sends the rows that are then ready.
func (p *submitPage) promptSecrets(ids []int, then func()) {
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
			given: func(secret.Secret) {
				p.sendReady(ids)
				p.promptSecrets(ids, then)
			},
			without: func() { p.promptSecrets(slices.DeleteFunc(slices.Clone(ids), sameProfile), then) },
		})
		return
	}
	p.show() // the rows say what they still need
	then()
}

// sendReady sends those of the rows that are ready, after those that are being sent.
func (p *submitPage) sendReady(ids []int) {
	ready := slices.DeleteFunc(slices.Clone(ids), func(id int) bool {
		row, ok := p.ui.batch.Row(id)
		return !ok || !row.Ready()
	})
	if len(ready) == 0 {
		return
	}
	begin := p.run == nil
	if begin {
		ctx, stop := context.WithCancel(context.Background())
		p.run = &run{ctx: ctx, stop: stop, began: p.ui.app.Now()}
	}
	p.run.count += len(ready)
	p.run.queue = append(p.run.queue, leg{ready, p.ui.batch.Start(ready...)})
	p.show()
	if begin {
		p.sendNext(p.run)
	}
}

// sendNext sends the next part of a run, or ends it if there is none.
func (p *submitPage) sendNext(r *run) {
	if len(r.queue) == 0 {
		r.stop()
		p.run = nil
		p.show()
		p.notify(r)
		return
	}
	next := r.queue[0]
	r.queue = r.queue[1:]
	p.ui.workForPage(func() { next.send(r.ctx) }, func() {
		p.ui.forgetDoubtfulKeys(next.ids)
		p.ui.submit.sendNext(r) // p may have been replaced meanwhile
	})
}

// longRun is how long a run takes of which the person is told that it has ended.
const longRun = 10 * time.Second

// notify shows a notification of the system that a run has ended, if it was long or the
// person works in another window. It has numbers only.
func (p *submitPage) notify(r *run) {
	u := p.ui
	if u.Notify == nil || u.app.Now().Sub(r.began) < longRun && (u.Away == nil || !u.Away()) {
		return
	}
	title, text := u.t("ui.sent.title"), app.TallyOf(p.rows).Summary(u.Words)
	u.Start(func() { u.Notify(title, text) }) // asks the system, which may take a while
}

// showRun shows how far the run is. While it goes on, what is listed cannot be cleared:
// its outcome is still to be shown.
func (p *submitPage) showRun() {
	busy := p.run != nil
	show(p.sending.Root, busy)
	show(p.cancel, busy)
	for _, b := range []*kit.Button{p.send, p.clear} {
		switch {
		case busy && !b.Disabled():
			b.Disable()
		case !busy && b.Disabled():
			b.Enable()
		}
	}
	if !busy {
		return
	}
	going := 0
	for _, row := range p.rows {
		if row.Sending {
			going++
		}
	}
	done := max(0, p.run.count-going)
	p.sending.Set(done, p.run.count, p.ui.t("ui.sending", "number", min(done+1, p.run.count), "count", p.run.count))
}

// confirmRetry asks whether to send a request again. The program never does so by itself.
func (p *submitPage) confirmRetry(row app.Row) {
	p.ui.confirm(p.ui.t("ui.again"), p.ui.t("ui.again.question"), p.ui.t("ui.send"), func() {
		p.ui.batch.Again(row.ID)
		if again, ok := p.ui.batch.Row(row.ID); ok {
			p.askAndSend([]app.Row{again})
		}
	})
}
