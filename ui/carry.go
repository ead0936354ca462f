package ui

import (
	"errors"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/carry"
	"handback/app/drives"
	"handback/app/durable"
	"handback/app/portal"
	"handback/app/words"
	"handback/ui/kit"
)

// The roads, in the order of carryPage.roads.
const (
	fileRoad = iota
	codeRoad
	paperRoad
	textRoad
)

// road is a way to carry a request.
type road struct {
	name    string // a key of the catalogue
	first   string // what to do on it here, a key of the catalogue
	then    string // what to do on the connected computer, a key of the catalogue
	icon    fyne.Resource
	use     fyne.CanvasObject // what it needs, above its steps; nil if nothing
	more    fyne.CanvasObject // what it may need, below its steps; nil if nothing
	coded   bool              // the codes are shown
	buttons []*kit.Button     // the last is the most likely one
}

// carryPage is the page "Take along": four roads on which to carry a request, of which one
// is shown: as a file, as codes, on paper or as text. Once the request was carried on one,
// the page says that it is done.
type carryPage struct {
	ui   *UI
	made *app.Outgoing

	codes   *codesPanel
	ways    *kit.Panels
	roads   []road
	drives  *fyne.Container
	folder  *kit.Field
	name    *kit.Field
	density *kit.Radio
	forms   *kit.Radio // for whom the code is; nil if there is only one form
	save    *kit.Button
	open    *kit.Button // the folder of what was saved
	done    *outcome    // shown instead of the roads; nil: nothing was carried, or another road is wanted
	carried bool        // it was saved, printed or copied

	place   *fyne.Container // with the roads, or with what is done
	buttons *fyne.Container
	root    fyne.CanvasObject
}

// outcome is what was done on a road.
type outcome struct {
	road    int
	files   []app.File // none if the request was copied
	printed bool       // the file was opened to print it
}

func newCarryPage(u *UI, made *app.Outgoing) *carryPage {
	p := &carryPage{ui: u, made: made, codes: newCodesPanel(u, made), drives: container.NewVBox(),
		folder: kit.NewField(u.pressed), name: kit.NewField(u.pressed), place: container.NewStack(), buttons: kit.NewButtonRow()}
	p.roads = []road{
		fileRoad:  p.fileRoad(),
		codeRoad:  p.codeRoad(),
		paperRoad: p.paperRoad(),
		textRoad:  p.textRoad(),
	}
	p.ways = kit.NewPanels(p.showRoad)
	for i, r := range p.roads {
		p.ways.Add(u.t(r.name), r.icon, p.roadPage(i))
	}
	p.root = container.NewBorder(container.NewPadded(newSteps(u, carryStep)), newActions(p.buttons), nil, nil, p.place)
	p.ways.Choose(fileRoad)
	return p
}

// notFree says that the license is not free yet.
func (p *carryPage) notFree() fyne.CanvasObject {
	if p.made.Handoff {
		return kit.NewBanner(p.ui.t("ui.not_free.handoff"))
	}
	return kit.NewBanner(p.ui.t("ui.not_free"))
}

// showRoad shows the chosen road, with the codes beside it if it uses them.
func (p *carryPage) showRoad() {
	p.done = nil
	road := container.NewVScroll(container.NewPadded(p.ways.Root))
	if p.roads[p.ways.At].coded {
		p.showPlace(kit.NewBesideSquare(p.notFree(), road, p.codes.root))
		return
	}
	p.showPlace(container.NewBorder(p.notFree(), nil, nil, nil, road))
}

// roadPage returns the texts of a road: what it needs, and what to do on it.
func (p *carryPage) roadPage(i int) fyne.CanvasObject {
	r := p.roads[i]
	texts := container.NewVBox()
	if r.use != nil {
		texts.Add(r.use)
	}
	texts.Add(kit.NewSubheading(p.ui.t("ui.next")))
	texts.Add(kit.NewNumbered(1, p.steps(i)))
	if r.more != nil {
		texts.Add(r.more)
	}
	texts.Add(p.facts())
	return kit.NewNarrow(56, texts)
}

// facts shows which request this is.
func (p *carryPage) facts() fyne.CanvasObject {
	u := p.ui
	grid := container.New(layout.NewFormLayout())
	for _, fact := range [][2]string{{"ui.check.license", words.Visible(p.made.Owner(), 80)}, {"ui.check_code", p.made.CheckCode()}} {
		grid.Add(kit.NewFieldName(u.t(fact[0])))
		grid.Add(kit.NewValue(fact[1]))
	}
	return grid
}

// steps returns what to do on a road, in order.
func (p *carryPage) steps(i int) []string {
	u := p.ui
	r, contact := p.roads[i], u.app.Contact()
	if u.app.Profile.Practice {
		return []string{u.t(r.first), u.t("ui.next.practice")}
	}
	steps := []string{u.t(r.first), u.t("ui.next.stop")}
	switch {
	case p.made.Handoff && i != textRoad:
		steps = append(steps, u.t("ui.next.handoff", "contact", contact))
	default:
		steps = append(steps, u.t(r.then, "contact", contact, "portal", u.app.Profile.Server.Portal))
	}
	return steps
}

// showButtons shows the buttons of the road, or of what is done.
func (p *carryPage) showButtons() {
	shown := p.roads[p.ways.At].buttons
	if p.done != nil {
		shown = []*kit.Button{kit.NewButton(p.ui.t("ui.done.another"), theme.ViewRefreshIcon(), func() {
			p.showRoad()
			p.ui.focus()
		})}
		if len(p.done.files) > 0 {
			shown = append(shown, p.open)
		}
	}
	p.buttons.Objects = []fyne.CanvasObject{kit.NewButton(p.ui.t("ui.back"), theme.NavigateBackIcon(), p.ui.showRelease)}
	for _, b := range shown {
		p.buttons.Add(b)
	}
	p.buttons.Refresh()
}

// first returns what gets the focus: the most likely button, which is that of a drive if
// there is one.
func (p *carryPage) first() fyne.Focusable {
	if p.done == nil && p.ways.At == fileRoad && len(p.drives.Objects) > 0 {
		if drive, ok := p.drives.Objects[0].(*kit.Button); ok {
			return drive
		}
	}
	return p.buttons.Objects[len(p.buttons.Objects)-1].(fyne.Focusable)
}

// fileRoad saves the request as a file. Each removable drive has a button of its own.
func (p *carryPage) fileRoad() road {
	u := p.ui
	p.folder.SetText(u.Folder)
	p.name.SetText(p.made.ClearFileName(u.app.Now()))
	p.name.OnSubmitted = func(string) { p.saveAs(app.RequestFile) }
	p.folder.OnSubmitted = p.name.OnSubmitted
	p.save = kit.NewMainButton(u.t("ui.save"), theme.DocumentSaveIcon(), func() { p.saveAs(app.RequestFile) })
	choose := kit.NewButton(u.t("ui.choose"), theme.FolderOpenIcon(), p.choose)
	look := kit.NewButton(u.t("ui.drives.look"), theme.ViewRefreshIcon(), p.findDrives)
	look.Importance = widget.LowImportance
	place := container.New(layout.NewFormLayout(),
		kit.NewFieldName(u.t("ui.folder")), container.NewBorder(nil, nil, nil, choose, p.folder),
		kit.NewFieldName(u.t("ui.file")), p.name)
	return road{name: "ui.way.file", first: "ui.way.file.first", then: "ui.way.file.then", icon: theme.FileIcon(), use: container.NewVBox(kit.NewBeside(p.drives, look), place), buttons: []*kit.Button{p.save}}
}

// codeRoad shows the codes, whose density can be chosen for old phones and bad light, and
// saves the code as a file.
func (p *carryPage) codeRoad() road {
	u := p.ui
	var names []string
	for _, d := range carry.Densities() {
		names = append(names, u.t("ui.density."+string(d)))
	}
	p.density = kit.NewRadio(names, func(name string) {
		p.codes.load(carry.Drawing{Form: p.codes.drawing.Form, Density: carry.Densities()[slices.Index(names, name)]})
	})
	p.density.SetSelected(names[slices.Index(carry.Densities(), p.codes.drawing.Density)])
	saveCode := kit.NewButton(u.t("ui.save_code"), theme.DocumentSaveIcon(), func() { p.saveAs(app.QRFile) })
	density := container.NewVBox(kit.NewFieldName(u.t("ui.density")), p.density, kit.NewCaption(u.t("ui.density.use")))
	if forms := p.made.CodeForms(); len(forms) > 1 {
		density.Add(kit.NewFieldName(u.t("ui.code_form")))
		density.Add(p.newForms(forms))
		density.Add(kit.NewCaption(u.t("ui.code_form.use")))
	}
	return road{name: "ui.way.code", first: "ui.way.code.first", then: "ui.way.code.then", icon: theme.MediaPhotoIcon(), more: u.newFold(u.t("ui.density.fold"), density), coded: true, buttons: []*kit.Button{saveCode}}
}

// newForms lets the person choose for whom the code is, the usual form first.
func (p *carryPage) newForms(forms []carry.CodeForm) fyne.CanvasObject {
	var names []string
	for _, f := range forms {
		names = append(names, p.ui.t("ui.code_form."+string(f)))
	}
	p.forms = kit.NewRadio(names, func(name string) {
		p.codes.load(carry.Drawing{Form: forms[slices.Index(names, name)], Density: p.codes.drawing.Density})
	})
	p.codes.drawing.Form = forms[0]
	p.forms.SetSelected(names[0])
	return p.forms
}

// restoreDrawing chooses what was chosen on the page before.
func (p *carryPage) restoreDrawing(before *carryPage) {
	choose := func(to, from *kit.Radio) {
		if to != nil && from != nil {
			to.SetSelected(to.Options[slices.Index(from.Options, from.Selected)])
		}
	}
	choose(p.density, before.density)
	choose(p.forms, before.forms)
}

// paperRoad prints or saves the sheet.
func (p *carryPage) paperRoad() road {
	u := p.ui
	print := kit.NewMainButton(u.t("ui.print"), theme.DocumentPrintIcon(), p.print)
	saveSheet := kit.NewButton(u.t("ui.save_sheet"), theme.DocumentSaveIcon(), func() { p.saveAs(app.SheetFile) })
	return road{name: "ui.way.paper", first: "ui.way.paper.first", then: "ui.way.paper.then", icon: theme.DocumentPrintIcon(), buttons: []*kit.Button{saveSheet, print}}
}

// newMessage shows words to be sent, whole.
func newMessage(text string) *kit.Value {
	message := kit.NewValue(text)
	message.Wrapping = fyne.TextWrapWord
	return message
}

// textRoad copies the request as text, for mail.
func (p *carryPage) textRoad() road {
	u := p.ui
	text := kit.NewButton(u.t("ui.copy_text"), theme.ContentCopyIcon(), func() { p.copy(string(u.app.File(p.made))) })
	message := kit.NewMainButton(u.t("ui.copy_message"), theme.MailComposeIcon(), func() { p.copy(u.app.Message(p.made) + "\n\n" + string(u.app.File(p.made)) + "\n") })
	return road{name: "ui.way.text", first: "ui.way.text.first", then: "ui.way.text.then", icon: theme.ContentCopyIcon(), use: newMessage(u.app.Message(p.made)), buttons: []*kit.Button{text, message}}
}

func centered(text string) *widget.Label {
	l := kit.NewCaption(text)
	l.Alignment = fyne.TextAlignCenter
	return l
}

// load draws the codes and looks for removable drives.
func (p *carryPage) load() {
	p.codes.load(p.codes.drawing)
	p.findDrives()
}

// leave stops the timers of the page.
func (p *carryPage) leave() { p.codes.leave() }

// findDrives shows a button for each removable drive, which saves the request onto it.
func (p *carryPage) findDrives() {
	var found []drives.Drive
	p.ui.work(func() { found = p.ui.app.Drives() }, func() {
		p.drives.RemoveAll()
		for _, d := range found {
			name := p.ui.t("ui.drives.save", "name", words.Visible(d.Name, 40))
			p.drives.Add(kit.NewMainButton(name, theme.StorageIcon(), func() {
				p.folder.SetText(d.Path)
				p.saveAs(app.RequestFile)
			}))
		}
		p.save.Importance = widget.MediumImportance // a drive is the better place
		if len(found) == 0 {
			p.save.Importance = widget.HighImportance
			p.drives.Add(kit.NewCaption(p.ui.t("ui.drives.none")))
		}
		p.save.Refresh()
		p.place.Refresh()
		if c := p.ui.window.Canvas(); c.Focused() == fyne.Focusable(p.save) {
			c.Focus(p.first())
		}
	})
}

// extensions are those of the files that are not the request's own file.
var extensions = map[app.Kind]string{app.QRFile: ".png", app.SheetFile: ".html"}

// roadOf are the roads on which files are carried.
var roadOf = map[app.Kind]int{app.RequestFile: fileRoad, app.QRFile: codeRoad, app.SheetFile: paperRoad}

// target returns the file to write for a kind, from the folder and the name on the page.
func (p *carryPage) target(kind app.Kind) app.Target {
	path := filepath.Join(p.folder.Text, p.name.Text)
	if end, other := extensions[kind]; other {
		path = path[:len(path)-len(filepath.Ext(path))] + end
	}
	return app.Target{Kind: kind, Path: path, Drawing: p.codes.drawing}
}

// saveAs writes a file of the request. It asks before it replaces a file with other
// content.
func (p *carryPage) saveAs(kind app.Kind) { p.saveTo(p.target(kind), false) }

func (p *carryPage) saveTo(target app.Target, replace bool) {
	var files []app.File
	p.write(func() (err error) {
		files, err = p.ui.app.Save(p.made, target, replace)
		return err
	}, func(err error) {
		switch {
		case errors.Is(err, durable.ErrExists):
			p.ui.confirm(p.ui.t("ui.replace"), p.ui.t("ui.replace.question", "path", target.Path), p.ui.t("ui.replace.yes"),
				func() { p.saveTo(target, true) })
		case err != nil:
			p.ui.showError(err)
		default:
			p.showResult(outcome{roadOf[target.Kind], files, false})
		}
	})
}

// print writes the sheet and opens it in the browser, where it can be printed.
func (p *carryPage) print() {
	var file app.File
	target := p.target(app.SheetFile)
	p.write(func() (err error) {
		file, err = p.ui.app.PrintSheet(p.made, target)
		return err
	}, func(err error) {
		if err != nil {
			p.ui.showError(err)
			return
		}
		p.showResult(outcome{paperRoad, []app.File{file}, true})
		p.ui.browse(file.Path)
	})
}

// write runs do, which writes files, and then calls then with its error. While it runs,
// no other file can be written.
func (p *carryPage) write(do func() error, then func(error)) {
	if p.save.Disabled() {
		return
	}
	var err error
	focused := p.ui.window.Canvas().Focused()
	if focused == nil {
		focused = p.first()
	}
	p.save.Disable()
	p.ui.workForPage(func() { err = do() }, func() {
		p.save.Enable()
		p.ui.window.Canvas().Focus(focused) // a disabled button loses it
		then(err)
	})
}

// copy puts a text into the clipboard.
func (p *carryPage) copy(text string) {
	fyne.CurrentApp().Clipboard().SetContent(text)
	p.showResult(outcome{road: textRoad})
}

// showResult shows that a road was gone, where the files are, and what to do next on it,
// instead of the roads.
func (p *carryPage) showResult(done outcome) {
	p.carried, p.done = true, &done
	more := container.NewVBox()
	for _, file := range done.files {
		more.Add(kit.NewText(p.ui.t("ui.saved", "path", file.Path, "bytes", file.Bytes)))
	}
	if len(done.files) == 0 {
		more.Add(kit.NewText(p.ui.t("ui.copied"))) // on X11 the clipboard is lost when the program ends
	} else {
		path := done.files[0].Path
		if drive, ok := p.ui.app.Drive(path); ok {
			more.Add(kit.NewText(p.ui.t("ui.drives.safe", "name", words.Visible(drive.Name, 40))))
		}
		p.open = kit.NewButton(p.ui.t("ui.done.folder"), theme.FolderOpenIcon(), func() { p.ui.openFolder(filepath.Dir(path)) })
	}
	if done.printed {
		more.Add(kit.NewText(p.ui.t("ui.print.no_browser")))
	}
	more.Add(kit.NewSubheading(p.ui.t("ui.next")))
	more.Add(kit.NewNumbered(1, p.steps(done.road)[1:]))
	more.Add(p.facts())
	page := container.NewVScroll(container.NewPadded(kit.NewNarrow(60, kit.NewDone(p.ui.t("ui.done"), more.Objects...))))
	p.showPlace(container.NewBorder(p.notFree(), nil, nil, nil, page))
	p.ui.window.Canvas().Focus(p.first())
}

// showPlace shows a road or what is done, with its buttons.
func (p *carryPage) showPlace(o fyne.CanvasObject) {
	p.place.Objects = []fyne.CanvasObject{o}
	p.place.Refresh()
	p.showButtons()
}

func (p *carryPage) choose() {
	q := portal.Question{Title: p.ui.t("ui.choose.folder"), Accept: p.ui.t("ui.choose.this"), Folder: p.folder.Text, Folders: true}
	p.ui.choose(q, func(paths ...string) { p.folder.SetText(paths[0]) })
}
