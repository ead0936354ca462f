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

// historyPage is the page "History": the requests that were made or submitted on this
// computer, and their outcomes.
type historyPage struct {
	ui      *UI
	all     []journal.Record
	records []journal.Record // those of all that match search
	search  *kit.Field
	result  *widget.Label // of the last button
	list    *kit.List
	details *fyne.Container // of the selected record
	faults  *fyne.Container // records that could not be read
	empty   *widget.Label   // why no row is shown

	root fyne.CanvasObject
}

func newHistoryPage(u *UI) *historyPage {
	p := &historyPage{ui: u, details: container.NewStack(), faults: container.NewVBox(), empty: centered(u.t("ui.history.empty")),
		search: kit.NewField(u.pressed), result: kit.NewText("")}
	p.search.SetPlaceHolder(u.t("ui.history.search"))
	p.search.OnChanged = func(string) { p.filter(nil) }
	p.result.Hide()
	p.list = kit.NewList(func() int { return len(p.records) }, p.showRow)
	p.list.OnSelected = p.show
	open := kit.NewButton(u.t("ui.receipt.open"), theme.FolderOpenIcon(), u.submit.choose)
	lines := kit.NewButton(u.t("ui.receipt.type"), theme.DocumentCreateIcon(), u.submit.typeLines)
	save := kit.NewButton(u.t("ui.history.csv"), theme.DocumentSaveIcon(), p.saveCSV)
	top := container.NewVBox(kit.NewHeading(u.t("ui.history")), kit.NewFlow(open, lines, save), p.search, p.result, p.faults)
	p.root = container.NewPadded(container.NewBorder(top, nil, nil, nil, container.NewStack(kit.NewListAndDetails(p.list, p.details), p.empty)))
	return p
}

// find returns the row of a request, or the first row if it is not shown.
func (p *historyPage) find(wanted *request.Request) int {
	return max(0, slices.IndexFunc(p.records, func(r journal.Record) bool {
		return wanted != nil && r.Request.Encode() == wanted.Encode()
	}))
}

// load reads the journal and selects the record of wanted, or the first one if wanted is
// nil.
func (p *historyPage) load(wanted *request.Request) {
	var records []journal.Record
	var errs []error
	p.ui.work(func() { records, errs = p.ui.app.Journal.Records() }, func() {
		p.all = records
		p.result.Hide()
		p.faults.RemoveAll()
		for _, err := range errs {
			p.faults.Add(newAdvice(fault.Explain(err, p.ui.Words)))
		}
		p.filter(wanted)
	})
}

// filter shows the records that match the search, and selects that of wanted.
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

// saveCSV writes the shown records into a file for a spreadsheet.
func (p *historyPage) saveCSV() {
	path := filepath.Join(p.ui.Folder, brand.Current().Command+"-"+time.Now().Format("20060102-150405")+".csv")
	records := p.records
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

func (p *historyPage) showRow(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(p.records) {
		return
	}
	r := p.records[i]
	state := p.ui.t("ui.history.row", "state", r.Label(p.ui.Words), "date", p.ui.Words.Date(r.Updated()), "product", words.Visible(r.Request.Product, 40))
	mark := marks[r.State()]
	if r.ByReceipt() {
		mark = kit.DoubtMark
	}
	kit.RowOf(o).Set(words.Visible(r.Request.Owner(), 60), state, mark)
}

// show shows the details of a record and what can be done with it.
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
