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
	all     []*app.HistoryEntry // those that were read so far
	there   map[string]bool     // the stages of all, and ""
	entries []*app.HistoryEntry // those of all that are shown
	wanted  string              // the ID of the selected entry, or of the one to select once it is there
	shown   string              // the ID of the entry whose details are shown
	passing bool                // the entry that is being selected is not wanted, only the first
	reads   int                 // how often the journal was read; a job of an earlier time stops
	reading bool
	finds   int // how often it was searched; a job of an earlier time stops
	looking bool
	stop    chan struct{} // closed when the running search is no longer wanted
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

// A journal is read in parts, so that the first rows are shown at once and the UI thread is
// never held for long: the first part has few records, each other what was read meanwhile.
const (
	firstRead = 50
	readPause = 100 * time.Millisecond
)

// load reads the journal and selects the record of wanted. If wanted is nil, it selects
// the one that was selected before, or the first.
func (p *historyPage) load(wanted *request.Request) {
	p.result.Hide()
	if wanted != nil {
		p.wanted = journal.ID(wanted)
		p.search.SetText("") // so that it is among those shown
		p.stages.Choose("")
	}
	p.reads++
	p.reading = true
	n, first := p.reads, true
	part := func(entries []*app.HistoryEntry) {
		p.ui.Do(func() {
			if n == p.reads {
				p.add(entries, first)
				first = false
			}
		})
	}
	var entries []*app.HistoryEntry
	var errs []error
	p.ui.work(func() {
		shown, pause := time.Now(), time.Duration(0)
		for e, err := range p.ui.app.History() {
			if err != nil {
				errs = append(errs, err)
			}
			if e != nil {
				entries = append(entries, e)
			}
			if len(entries) >= firstRead && time.Since(shown) >= pause {
				part(entries)
				entries, shown, pause = nil, time.Now(), readPause
			}
		}
	}, func() {
		if n != p.reads {
			return
		}
		p.reading = false
		p.add(entries, first)
		p.faults.RemoveAll()
		for _, err := range errs {
			p.faults.Add(newAdvice(fault.Explain(err, p.ui.Words)))
		}
	})
}

// add adds entries that were read. The first ones replace those of the last time.
func (p *historyPage) add(entries []*app.HistoryEntry, first bool) {
	if first {
		p.all, p.there = nil, map[string]bool{"": true}
	}
	p.all = append(p.all, entries...)
	for _, e := range entries {
		p.there[string(e.Stage)] = true
	}
	p.stages.Offer(func(key string) bool { return p.there[key] })
	show(p.stages.Root, len(p.there) > 2)
	switch {
	case first:
		p.filter()
	case !p.looking: // else the search takes them when it has ended
		query := p.query()
		for _, e := range entries {
			if query.Matches(e) {
				p.entries = append(p.entries, e)
			}
		}
		p.arrange(p.shown == "")
	}
}

func (p *historyPage) query() app.HistoryQuery {
	return app.NewHistoryQuery(p.search.Text, app.Stage(p.stages.Chosen))
}

// firstFound is how many entries a search shows before it has ended.
const firstFound = 200

// filter shows the entries of the chosen stage that match the search, and selects that of
// wanted, or the first one.
func (p *historyPage) filter() {
	p.finds++
	if p.stop != nil {
		close(p.stop)
	}
	stop := make(chan struct{})
	p.stop = stop
	p.looking = true
	n, all, query := p.finds, p.all, p.query()
	var found []*app.HistoryEntry
	p.ui.work(func() {
		told := false
		for i, e := range all {
			if query.Matches(e) {
				found = append(found, e)
			}
			if i%256 > 0 {
				continue
			}
			select {
			case <-stop:
				return
			default:
			}
			if len(found) >= firstFound && len(all) > 10*firstFound && !told {
				told = true
				some := slices.Clone(found)
				p.ui.Do(func() { p.showFound(n, some) })
			}
		}
	}, func() {
		if n != p.finds {
			return
		}
		p.looking = false
		for _, e := range p.all[len(all):] { // that were read meanwhile
			if query.Matches(e) {
				found = append(found, e)
			}
		}
		p.showFound(n, found)
	})
}

// showFound shows what search n found so far.
func (p *historyPage) showFound(n int, found []*app.HistoryEntry) {
	if n != p.finds {
		return
	}
	p.entries = found
	p.arrange(true)
	if c := p.ui.window.Canvas(); c.Focused() == fyne.Focusable(p.open) && p.ui.tabs.SelectedIndex() == historyTab {
		c.Focus(p.first())
	}
}

// arrange shows the entries, or why there are none, and selects that of wanted or, if there
// is none yet, the first one.
func (p *historyPage) arrange(selecting bool) {
	show(p.finding, len(p.all) > 0)
	show(p.save, len(p.all) > 0)
	if len(p.entries) == 0 && p.looking {
		return // it will not take long
	}
	show(p.split, len(p.entries) > 0)
	show(p.empty.Root, len(p.entries) == 0)
	switch {
	case len(p.entries) > 0:
		p.list.Refresh()
		row := p.find()
		if selecting || row >= 0 && p.shown != p.wanted {
			p.passing = row < 0 && (p.reading || p.looking)
			p.list.UnselectAll()
			p.list.Select(max(0, row))
			p.passing = false
		}
		return
	case p.reading:
		p.empty.SetText(p.ui.t("ui.history.reading", "count", len(p.all)))
	case len(p.all) == 0:
		p.empty.SetText(p.ui.t("ui.history.empty"))
	case strings.TrimSpace(p.search.Text) == "":
		p.empty.SetText(p.ui.t("ui.history.no_stage"))
	default:
		p.empty.SetText(p.ui.t("ui.history.no_match", "text", words.Visible(p.search.Text, 60)))
	}
	p.shown = ""
	p.details.RemoveAll()
}

// find returns the row of wanted, or -1 if it is not shown.
func (p *historyPage) find() int {
	return slices.IndexFunc(p.entries, func(e *app.HistoryEntry) bool { return e.ID == p.wanted })
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
	entries := p.entries
	records := func(yield func(journal.Record) bool) {
		for _, e := range entries {
			if r, err := p.ui.app.HistoryDetails(e.ID); err == nil && !yield(r.Record) { // else it was removed meanwhile
				return
			}
		}
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
	state := p.ui.t("ui.history.row", "state", e.Label, "product", words.Visible(e.Product, 40))
	row.Set(words.Visible(e.Owner, 60), p.ui.Words.Date(e.Updated), state, markOf(e.State, e.ByReceipt))
}

// markOf returns the mark of a state. What only a receipt says is in doubt.
func markOf(state request.State, byReceipt bool) kit.Mark {
	if byReceipt {
		return kit.DoubtMark
	}
	return marks[state]
}

// show shows the details of an entry, once its record was read.
func (p *historyPage) show(i int) {
	id := p.entries[i].ID
	if !p.passing {
		p.wanted = id
	}
	p.shown = id
	var details app.HistoryDetails
	var err error
	p.ui.work(func() { details, err = p.ui.app.HistoryDetails(id) }, func() {
		switch {
		case id != p.shown:
		case err != nil:
			p.details.RemoveAll()
			p.details.Add(container.NewPadded(newAdvice(fault.Explain(err, p.ui.Words))))
		default:
			p.showDetails(details)
		}
	})
}

// showDetails shows what became of a request, what to do next, whose it is, what happened
// when, and the text of its record.
func (p *historyPage) showDetails(e app.HistoryDetails) {
	u := p.ui
	headline := kit.NewSubheading(e.Headline(u.Words))
	headline.SizeName = theme.SizeNameSubHeadingText
	mark := markOf(e.State(), e.ByReceipt())
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
func (p *historyPage) facts(e app.HistoryDetails) fyne.CanvasObject {
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
func (p *historyPage) buttons(e app.HistoryDetails) fyne.CanvasObject {
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
