package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/carry"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// submitPage is "Submit a request": what was opened, dropped or pasted, what
// it says, and what became of it.
type submitPage struct {
	ui      *UI
	items   []*submitItem
	at      int // of the items, the one whose details are shown
	open    *button
	clear   *button
	send    *button
	cancel  *button
	empty   fyne.CanvasObject
	split   *container.Split
	list    *list
	details *fyne.Container
	reading int // how many times something is being read
	busy    *widget.ProgressBarInfinite
	doing   *widget.Label // which one is being sent
	stop    context.CancelFunc

	root fyne.CanvasObject
}

func newSubmitPage(u *UI) *submitPage {
	p := &submitPage{ui: u, details: container.NewStack(), busy: widget.NewProgressBarInfinite(), doing: widget.NewLabel("")}
	p.open = newMainButton(u.t("ui.open"), theme.FolderOpenIcon(), p.choose)
	paste := newButton(u.t("ui.paste"), theme.ContentPasteIcon(), p.paste)
	lines := newButton(u.t("ui.lines"), theme.DocumentCreateIcon(), p.typeLines)
	p.clear = newButton(u.t("ui.clear"), theme.ContentClearIcon(), p.removeAll)
	p.send = newMainButton(u.t("ui.send"), theme.UploadIcon(), p.submit)
	p.cancel = newButton(u.t("ui.cancel"), theme.CancelIcon(), func() { p.stop() })
	p.empty = dropPlace(u.t("ui.drop"))
	for _, o := range []fyne.CanvasObject{p.busy, p.doing, p.cancel, p.send, p.clear} {
		o.Hide()
	}
	p.list = newList(func() int { return len(p.items) }, p.showRow)
	p.list.OnSelected = p.look
	p.split = newListAndDetails(p.list, p.details)
	p.split.Hide()
	top := container.NewVBox(newTitle(u.t("ui.submit"), u.t("ui.submit.intro")), newFlow(p.open, paste, lines, p.clear))
	bottom := container.NewBorder(nil, nil, container.NewHBox(p.send, p.doing), p.cancel, p.busy)
	p.root = container.NewPadded(container.NewBorder(top, bottom, nil, nil, container.NewStack(p.empty, p.split)))
	return p
}

// dropPlace is the large framed place that says what to put there.
func dropPlace(text string) fyne.CanvasObject {
	l := centered(text)
	return container.NewPadded(widget.NewCard("", "", container.NewVBox(layout.NewSpacer(),
		container.NewCenter(widget.NewIcon(theme.DownloadIcon())), l, layout.NewSpacer())))
}

func (p *submitPage) choose() {
	p.ui.showDialog(dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil || file == nil {
			return
		}
		defer file.Close()
		p.add([]app.Input{{Name: file.URI().Path()}})
	}, p.ui.window))
}

// paste reads the picture in the clipboard, else the text: a request, or files
// that were copied.
func (p *submitPage) paste() {
	var picture []byte
	p.ui.work(func() { picture = p.ui.Picture() }, func() {
		text := fyne.CurrentApp().Clipboard().Content()
		switch files := copied(text); {
		case picture != nil:
			p.add([]app.Input{{Name: p.ui.t("ui.pasted.picture"), Data: picture}})
		case files != nil:
			p.ui.Open(files...)
		default:
			p.add([]app.Input{{Name: p.ui.t("ui.pasted"), Data: []byte(text)}})
		}
	})
}

// copied are the files that a file manager put into the clipboard, a line each;
// nil where there is anything else.
func copied(text string) []string {
	var files []string
	for line := range strings.Lines(text) {
		uri, err := storage.ParseURI(strings.TrimSpace(line))
		if err != nil || uri.Scheme() != "file" {
			return nil
		}
		files = append(files, uri.Path())
	}
	return files
}

func (p *submitPage) typeLines() {
	p.ui.askLines(func(text string) {
		p.add([]app.Input{{Name: p.ui.t("ui.lines.source"), Data: []byte(text)}})
	})
}

func (p *submitPage) removeAll() {
	p.items = nil
	p.show()
}

// add reads inputs and lists them; a request that is listed already is not
// listed again. Parts are put together with those that came before.
func (p *submitPage) add(inputs []app.Input) {
	var read []app.Inspection
	var rest []*submitItem
	for _, item := range p.items {
		if item.Parts == nil {
			rest = append(rest, item)
			continue
		}
		inputs = append(inputs, app.Input{Waiting: &item.Inspection})
	}
	p.items = rest
	p.reading++
	p.ui.work(func() { read = p.ui.app.Inspect(context.Background(), inputs) }, func() {
		p.reading--
		first := len(p.items)
		for _, one := range read {
			if listed := p.find(one.Request); listed != nil {
				listed.Sources = append(listed.Sources, one.Sources...)
				continue
			}
			item := &submitItem{Inspection: one}
			p.items = append(p.items, item)
			p.at = first
			if item.Receipt != nil {
				p.close(item)
			}
		}
		p.show()
		if p.send.Visible() {
			p.ui.window.Canvas().Focus(p.send)
		}
	})
}

// find gives the item that is the same request, nil where there is none.
func (p *submitPage) find(r *request.Request) *submitItem {
	for _, item := range p.items {
		if r != nil && item.Request != nil && item.Request.Encode() == r.Encode() {
			return item
		}
	}
	return nil
}

// show lists the items, and the details of the one that is looked at.
func (p *submitPage) show() {
	none := len(p.items) == 0
	for o, visible := range map[fyne.CanvasObject]bool{p.empty: none, p.split: !none, p.clear: !none, p.send: len(p.waiting()) > 0} {
		if visible {
			o.Show()
		} else {
			o.Hide()
		}
	}
	p.setMain(p.open, none)
	p.list.Refresh()
	if none {
		return
	}
	p.at = min(p.at, len(p.items)-1)
	p.list.Select(p.at)
	p.look(p.at) // of an item that was selected before too
}

// look shows the details of an item.
func (p *submitPage) look(i widget.ListItemID) {
	if i >= len(p.items) {
		return
	}
	p.at = i
	p.details.Objects = []fyne.CanvasObject{container.NewVScroll(container.NewPadded(p.detailsOf(p.items[i])))}
	p.details.Refresh()
}

func (p *submitPage) showRow(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(p.items) {
		return
	}
	item, row := p.items[i], rowOf(o)
	title, state := sourceNames(item.Sources), p.ui.t("ui.state.unreadable")
	mark := errorMark
	switch {
	case item.Receipt != nil:
		state, mark = p.ui.t("ui.receipt"), plainMark
	case item.Parts != nil:
		state, mark = p.ui.t("ui.state.parts", "have", item.Parts[0].Count-len(carry.Missing(item.Parts)), "count", item.Parts[0].Count), waitMark
	case item.Request != nil:
		title = words.Visible(item.Request.Owner(), 60)
		state, mark = p.state(item)
	}
	row.set(title, state, mark)
}

// setMain makes a button the one that goes on, or one beside it.
func (p *submitPage) setMain(b *button, main bool) {
	b.Importance = widget.MediumImportance
	if main {
		b.Importance = widget.HighImportance
	}
	b.Refresh()
}

// submit sends what was not sent yet, one request after the other.
func (p *submitPage) submit() {
	if p.send.Disabled() || !p.send.Visible() {
		return
	}
	waiting := p.waiting() // what comes in meanwhile waits for a decision of its own
	send := func() { p.ui.withSecret(func() { p.sendAll(waiting) }, nil) }
	var handoffs []fyne.CanvasObject
	for _, item := range waiting {
		if item.Request.Handoff {
			handoffs = append(handoffs, newMembers(p.ui.Words, item.Request.Members), widget.NewSeparator())
		}
	}
	if len(handoffs) == 0 {
		send()
		return
	}
	members := container.NewVScroll(container.NewVBox(handoffs...))
	members.SetMinSize(fyne.NewSize(520, 260))
	p.ui.ask(p.ui.t("ui.sign"), container.NewVBox(wrapped(p.ui.t("ui.sign.question")), members),
		newButton(p.ui.t("ui.sign.yes"), theme.ConfirmIcon(), send),
		newMainButton(p.ui.t("ui.cancel"), nil, func() {}))
}

// waiting are the requests that were not sent yet.
func (p *submitPage) waiting() (waiting []*submitItem) {
	for _, item := range p.items {
		if item.Request != nil && !item.sent {
			waiting = append(waiting, item)
		}
	}
	return waiting
}

// sendAll sends requests; the hand-offs among them were confirmed. A request that
// was sent in the meantime is passed over.
func (p *submitPage) sendAll(waiting []*submitItem) {
	waiting = slices.DeleteFunc(waiting, func(item *submitItem) bool { return item.sent })
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.setBusy(true)
	for _, item := range waiting {
		item.sent, item.result = true, nil
	}
	p.show()
	p.ui.work(func() {
		for i, item := range waiting {
			p.ui.Do(func() { p.doing.SetText(p.ui.t("ui.sending", "number", i+1, "count", len(waiting))) })
			s := p.ui.app.Submit(ctx, item.Inspection, app.Submit{SignHandoffs: true})
			p.ui.Do(func() { p.finish(item, s) })
		}
	}, func() {
		stop()
		p.setBusy(false)
		p.show()
	})
}

func (p *submitPage) setBusy(busy bool) {
	for _, o := range []fyne.CanvasObject{p.busy, p.doing, p.cancel} {
		if busy {
			o.Show()
		} else {
			o.Hide()
		}
	}
	if busy {
		p.send.Disable()
		p.clear.Disable() // what is on its way has an outcome to show
		p.busy.Start()
	} else {
		p.busy.Stop()
		p.send.Enable()
		p.clear.Enable()
	}
}

// finish notes what became of a request, and shows it.
func (p *submitPage) finish(item *submitItem, s app.Submission) {
	// What was surely not processed may be tried again.
	item.sent = s.Outcome != licensespring.NotSent
	item.Inspection, item.result = s.Inspection, &s
	if s.KeyDoubtful() {
		p.ui.key, p.ui.doubtful = secret.Secret{}, true // a mistyped one would stick: ask again
	}
	p.show()
}

// askAgain lets the person decide on a second try, which this program never
// makes by itself.
func (p *submitPage) askAgain(item *submitItem) {
	p.ui.confirm(p.ui.t("ui.again"), p.ui.t("ui.again.question"), p.ui.t("ui.send"), func() {
		item.sent, item.result = false, nil
		p.show()
		p.submit()
	})
}
