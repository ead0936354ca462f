package ui

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/brand"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
	"handback/ui/kit"
)

// historyPage is the page "History": the requests that were made or submitted on this
// computer, and their outcomes.
type historyPage struct {
	ui      *UI
	all     []app.HistoryEntry
	entries []app.HistoryEntry // those of all that are shown
	wanted  *request.Request   // of the selected entry
	search  *kit.Field
	stages  *kit.Filter
	open    *kit.Button
	result  *widget.Label // of the last button
	list    *kit.Entries
	details *fyne.Container // of the selected entry
	split   *container.Split
	finding *fyne.Container // search and filter
	save    *kit.Button
	faults  *fyne.Container // records that could not be read
	empty   *kit.Empty      // why no row is shown

	root fyne.CanvasObject
}

func newHistoryPage(u *UI) *historyPage {
	p := &historyPage{ui: u, details: container.NewStack(), faults: container.NewVBox(), empty: kit.NewEmpty(theme.HistoryIcon(), ""),
		search: kit.NewField(u.pressed), result: kit.NewText("")}
	p.search.SetPlaceHolder(u.t("ui.history.search"))
	p.search.OnChanged = func(string) { p.filter() }
	p.stages = kit.NewFilter(p.filter)
	p.stages.Add("", u.t("ui.filter.all"), nil)
	for _, stage := range app.Stages() {
		p.stages.Add(string(stage), u.t("history.stage."+string(stage)), stageMarks[stage].Icon())
	}
	p.result.Hide()
	p.list = kit.NewEntries(func() int { return len(p.entries) }, p.showRow, p.show)
	p.open = kit.NewButton(u.t("ui.receipt.open"), theme.FolderOpenIcon(), u.submit.choose)
	lines := kit.NewButton(u.t("ui.receipt.type"), theme.DocumentCreateIcon(), u.submit.typeLines)
	p.save = kit.NewButton(u.t("ui.history.csv"), theme.DocumentSaveIcon(), p.saveCSV)
	p.finding = container.NewVBox(p.search, p.stages.Root)
	p.split = container.NewHSplit(p.list, p.details)
	p.split.Offset = listShare
	heading := kit.NewHeading(u.t("ui.history"))
	heading.Wrapping = fyne.TextWrapOff // beside the buttons
	top := container.NewVBox(kit.NewFlow(heading, p.open, lines, p.save), p.finding, p.result, p.faults)
	p.root = container.NewPadded(container.NewBorder(top, nil, nil, nil, container.NewStack(p.split, p.empty.Root)))
	return p
}

// listShare is the share of the width that a list has beside its details.
const listShare = 0.42

// first returns what gets the focus: the list, or a button if there is nothing to list.
func (p *historyPage) first() fyne.Focusable {
	if len(p.entries) == 0 {
		return p.open
	}
	return p.list
}

// load reads the journal and selects the record of wanted. If wanted is nil, it selects
// the one that was selected before, or the first.
func (p *historyPage) load(wanted *request.Request) {
	var entries []app.HistoryEntry
	var errs []error
	p.ui.work(func() { entries, errs = p.ui.app.History() }, func() {
		p.all = entries
		p.offerStages()
		p.result.Hide()
		p.faults.RemoveAll()
		for _, err := range errs {
			p.faults.Add(newAdvice(fault.Explain(err, p.ui.Words)))
		}
		if wanted != nil {
			p.wanted = wanted
			p.search.SetText("") // so that it is among those shown
			p.stages.Choose("")
		}
		p.filter()
		if c := p.ui.window.Canvas(); c.Focused() == fyne.Focusable(p.open) && p.ui.tabs.SelectedIndex() == historyTab {
			c.Focus(p.first())
		}
	})
}

// offerStages shows the filters that there is a record for.
func (p *historyPage) offerStages() {
	there := map[string]bool{"": true}
	for _, e := range p.all {
		there[string(e.Stage)] = true
	}
	p.stages.Offer(func(key string) bool { return there[key] })
	show(p.stages.Root, len(there) > 2)
}

// filter shows the entries of the chosen stage that match the search, and selects that of
// wanted, or the first one.
func (p *historyPage) filter() {
	text, stage := p.search.Text, app.Stage(p.stages.Chosen)
	p.entries = app.Found(p.all, text, stage)
	show(p.finding, len(p.all) > 0)
	show(p.save, len(p.all) > 0)
	show(p.split, len(p.entries) > 0)
	show(p.empty.Root, len(p.entries) == 0)
	switch {
	case len(p.entries) > 0:
		p.list.UnselectAll()
		p.list.Refresh()
		p.list.Select(p.find())
		return
	case len(p.all) == 0:
		p.empty.SetText(p.ui.t("ui.history.empty"))
	case strings.TrimSpace(text) == "":
		p.empty.SetText(p.ui.t("ui.history.no_stage"))
	default:
		p.empty.SetText(p.ui.t("ui.history.no_match", "text", words.Visible(text, 60)))
	}
	p.details.RemoveAll()
}

// find returns the row of wanted, or the first row if it is not shown.
func (p *historyPage) find() int {
	if p.wanted == nil {
		return 0
	}
	text := p.wanted.Encode()
	return max(0, slices.IndexFunc(p.entries, func(e app.HistoryEntry) bool {
		return e.Request.HardwareID == p.wanted.HardwareID && e.Request.Encode() == text
	}))
}

// show makes an object visible, or not.
func show(o fyne.CanvasObject, visible bool) {
	if visible == o.Visible() {
		return
	}
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

// saveCSV writes the shown records into a file for a spreadsheet.
func (p *historyPage) saveCSV() {
	path := filepath.Join(p.ui.Folder, brand.Current().Command+"-"+time.Now().Format("20060102-150405")+".csv")
	var records []journal.Record
	for _, e := range p.entries {
		records = append(records, e.Record)
	}
	var err error
	p.ui.work(func() { err = app.SaveCSV(path, records, p.ui.Words) }, func() {
		if err != nil {
			p.ui.showError(err)
			return
		}
		p.result.SetText(p.ui.t("ui.receipt.saved", "path", path))
		p.result.Show()
	})
}

func (p *historyPage) showRow(i int, row kit.Entry) {
	e := p.entries[i]
	state := p.ui.t("ui.history.row", "state", e.Label(p.ui.Words), "product", words.Visible(e.Request.Product, 40))
	row.Set(words.Visible(e.Request.Owner(), 60), p.ui.Words.Date(e.Updated()), state, markOf(e))
}

// markOf returns the mark of an entry's state. What only a receipt says is in doubt.
func markOf(e app.HistoryEntry) kit.Mark {
	if e.ByReceipt() {
		return kit.DoubtMark
	}
	return marks[e.State()]
}

// show shows the details of an entry: what became of the request, what to do next, whose
// it is, what happened when, and the text of its record.
func (p *historyPage) show(i int) {
	e := p.entries[i]
	p.wanted = e.Request
	u := p.ui
	headline := kit.NewSubheading(e.Headline(u.Words))
	headline.SizeName = theme.SizeNameSubHeadingText
	mark := markOf(e)
	headline.Importance = mark.Importance
	content := container.NewVBox(newHeadline(mark, headline))
	if e.Practice {
		content.Add(kit.NewCaption(u.t("journal.practice")))
	}
	content.Add(kit.NewNear(kit.NewFieldName(u.t("ui.history.next")), kit.NewText(e.Next)))
	content.Add(p.buttons(e))
	content.Add(widget.NewSeparator())
	content.Add(p.facts(e))
	content.Add(kit.NewFieldName(u.t("ui.history.when")))
	for _, event := range e.Events {
		content.Add(kit.NewNear(kit.NewCaption(u.Words.Stamp(event.At.Local())), kit.NewText(words.Sentence(event.Brief(u.Words)))))
	}
	text := kit.NewValue(strings.TrimSpace(e.Describe(u.Words)))
	text.Wrapping = fyne.TextWrapWord
	content.Add(kit.NewFold(u.t("ui.history.details"), text, false))
	p.details.RemoveAll()
	p.details.Add(container.NewVScroll(container.NewPadded(content)))
}

// newHeadline places the mark of a state before its sentence.
func newHeadline(m kit.Mark, headline *widget.Label) fyne.CanvasObject {
	icon := container.NewGridWrap(fyne.NewSquareSize(kit.Letters(2)), widget.NewIcon(m.Icon()))
	return container.NewBorder(nil, nil, container.NewCenter(icon), nil, headline)
}

// facts shows of which license and computer the request is.
func (p *historyPage) facts(e app.HistoryEntry) fyne.CanvasObject {
	r, grid := e.Request, container.New(layout.NewFormLayout())
	owner := "license_key"
	if r.Username != "" {
		owner = "username"
	}
	for _, row := range [][2]string{{owner, r.Owner()}, {"product", r.Product}, {"hardware_id", r.HardwareID}} {
		grid.Add(kit.NewFieldName(app.MemberName(p.ui.Words, row[0])))
		grid.Add(kit.NewValue(words.Exact(row[1], 200)))
	}
	grid.Add(kit.NewFieldName(p.ui.t("ui.check_code")))
	grid.Add(kit.NewValue(r.CheckCode()))
	return grid
}

// buttons returns what can be done with a request, first what is next.
func (p *historyPage) buttons(e app.HistoryEntry) fyne.CanvasObject {
	u := p.ui
	carry := kit.NewButton(u.t("ui.history.carry"), theme.ViewRefreshIcon(), func() { p.carry(e.Record) })
	submit := kit.NewButton(u.t("ui.history.submit"), theme.UploadIcon(), func() { p.submit(e.Record) })
	receipt := kit.NewButton(u.t("ui.receipt.show"), theme.MailReplyIcon(), func() { u.showReceipt(e.Record) })
	_, err := e.MakeReceipt()
	show(carry, !e.Answered())
	show(receipt, err == nil)
	row := kit.NewFlow(carry, receipt, submit)
	if app.CanAsk(e.Record) {
		row.Objects = append([]fyne.CanvasObject{u.newAskButton(e.Request, func() { u.history.load(e.Request) })}, row.Objects...)
	}
	return row
}

// carry shows how to carry the request of a record again.
func (p *historyPage) carry(r journal.Record) {
	made, err := p.ui.app.OutgoingOf(r)
	if err != nil {
		p.ui.showError(err)
		return
	}
	p.ui.tabs.SelectIndex(releaseTab)
	p.ui.showCarry(made)
}

// submit puts the request on the page that submits. The person sends it from there.
func (p *historyPage) submit(r journal.Record) {
	p.ui.tabs.SelectIndex(submitTab)
	p.ui.submit.add([]app.Input{{Name: p.ui.t("ui.history"), Data: []byte(r.Request.Encode())}})
}
