package ui

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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

// historyPage is "History": the requests that were made or submitted on this
// computer, and what became of them.
type historyPage struct {
	ui      *UI
	all     []journal.Record
	records []journal.Record // of all, those that are shown
	search  *kit.Field
	said    *widget.Label // what became of the last button pressed
	list    *kit.List
	details *fyne.Container // of the selected request
	faults  *fyne.Container // what could not be read
	empty   *widget.Label   // why no row shows

	root fyne.CanvasObject
}

func newHistoryPage(u *UI) *historyPage {
	p := &historyPage{ui: u, details: container.NewStack(), faults: container.NewVBox(), empty: centered(u.t("ui.history.empty")),
		search: kit.NewField(u.pressed), said: kit.NewText("")}
	p.search.SetPlaceHolder(u.t("ui.history.search"))
	p.search.OnChanged = func(string) { p.filter(nil) }
	p.said.Hide()
	p.list = kit.NewList(func() int { return len(p.records) }, p.showRow)
	p.list.OnSelected = p.show
	open := kit.NewButton(u.t("ui.receipt.open"), theme.FolderOpenIcon(), u.submit.choose)
	lines := kit.NewButton(u.t("ui.receipt.type"), theme.DocumentCreateIcon(), u.submit.typeLines)
	save := kit.NewButton(u.t("ui.history.csv"), theme.DocumentSaveIcon(), p.saveCSV)
	top := container.NewVBox(kit.NewHeading(u.t("ui.history")), kit.NewFlow(open, lines, save), p.search, p.said, p.faults)
	p.root = container.NewPadded(container.NewBorder(top, nil, nil, nil, container.NewStack(kit.NewListAndDetails(p.list, p.details), p.empty)))
	return p
}

// find is the row of a request, the first where it is not there.
func (p *historyPage) find(wanted *request.Request) int {
	return max(0, slices.IndexFunc(p.records, func(r journal.Record) bool {
		return wanted != nil && r.Request.Encode() == wanted.Encode()
	}))
}

// load reads the journal anew, and goes to a request; nil is the first.
func (p *historyPage) load(wanted *request.Request) {
	var records []journal.Record
	var errs []error
	p.ui.work(func() { records, errs = p.ui.app.Journal.Records() }, func() {
		p.all = records
		p.said.Hide()
		p.faults.RemoveAll()
		for _, err := range errs {
			p.faults.Add(newAdvice(fault.Explain(err, p.ui.Words)))
		}
		p.filter(wanted)
	})
}

// filter lists the records that are searched for, and goes to a request.
func (p *historyPage) filter(wanted *request.Request) {
	p.records = app.Matching(p.all, p.search.Text, p.ui.Words)
	p.details.RemoveAll()
	p.list.UnselectAll()
	p.list.Refresh()
	p.empty.SetText(p.ui.t("ui.history.empty"))
	if len(p.all) > 0 {
		p.empty.SetText(p.ui.t("ui.history.no_match", "text", words.Visible(p.search.Text, 60)))
	}
	if p.empty.Show(); len(p.records) > 0 {
		p.empty.Hide()
	}
	if len(p.records) > 0 {
		p.list.Select(p.find(wanted))
	}
}

// saveCSV writes what is listed into a file for a spreadsheet.
func (p *historyPage) saveCSV() {
	path := filepath.Join(p.ui.Folder, brand.Current().Command+"-"+time.Now().Format("20060102-150405")+".csv")
	records := p.records
	var err error
	p.ui.work(func() { err = app.SaveCSV(path, records, p.ui.Words) }, func() {
		if err != nil {
			p.ui.showError(err)
			return
		}
		p.said.SetText(p.ui.t("ui.receipt.saved", "path", path))
		p.said.Show()
	})
}

func (p *historyPage) showRow(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(p.records) {
		return
	}
	r := p.records[i]
	state := p.ui.t("ui.history.row", "state", r.Label(p.ui.Words), "date", p.ui.Words.Date(r.Touched()), "product", words.Visible(r.Request.Product, 40))
	mark := marks[r.State()]
	if r.ByReceipt() {
		mark = kit.DoubtMark
	}
	kit.RowOf(o).Set(words.Visible(r.Request.Owner(), 60), state, mark)
}

// show tells all that is known of one request, and what can be done with it.
func (p *historyPage) show(i widget.ListItemID) {
	if i >= len(p.records) {
		return
	}
	r := p.records[i]
	text := kit.NewValue(strings.TrimSpace(r.Describe(p.ui.Words)))
	text.Wrapping = fyne.TextWrapWord
	buttons := kit.NewFlow(kit.NewButton(p.ui.t("ui.history.submit"), theme.UploadIcon(), func() { p.submit(r) }))
	if !r.Answered() {
		buttons.Add(kit.NewButton(p.ui.t("ui.history.carry"), theme.ViewRefreshIcon(), func() { p.carry(r) }))
	}
	if _, err := r.MakeReceipt(); err == nil {
		buttons.Add(kit.NewButton(p.ui.t("ui.receipt.show"), theme.MailReplyIcon(), func() { p.ui.showReceipt(r) }))
	}
	p.details.RemoveAll()
	p.details.Add(container.NewBorder(nil, buttons, nil, nil, container.NewVScroll(text)))
}

// carry goes to the page on which the request is carried, once more.
func (p *historyPage) carry(r journal.Record) {
	made, err := p.ui.app.OutgoingOf(r)
	if err != nil {
		p.ui.showError(err)
		return
	}
	p.ui.tabs.SelectIndex(releaseTab)
	p.ui.showCarry(made)
}

// submit lays the request onto the page that submits. It is sent only when the
// person says so there.
func (p *historyPage) submit(r journal.Record) {
	p.ui.tabs.SelectIndex(submitTab)
	p.ui.submit.add([]app.Input{{Name: p.ui.t("ui.history"), Data: []byte(r.Request.Encode())}})
}
