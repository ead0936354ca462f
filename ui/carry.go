package ui

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

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

// carryPage is the page "Carry it": the codes of a request, and four ways to carry it: as
// a file, as codes, on paper or as text.
type carryPage struct {
	ui   *UI
	made *app.Outgoing

	codes   *codesPanel
	ways    *kit.Panels
	drives  *fyne.Container
	folder  *kit.Field
	name    *kit.Field
	density *kit.Radio
	save    *kit.Button
	saved   *widget.Label
	carried bool // it was saved, printed or copied

	root fyne.CanvasObject
}

func newCarryPage(u *UI, made *app.Outgoing) *carryPage {
	p := &carryPage{ui: u, made: made, codes: newCodesPanel(u, made), drives: container.NewVBox(),
		folder: kit.NewField(u.pressed), name: kit.NewField(u.pressed), saved: kit.NewText("")}
	p.saved.Hide()
	facts := container.New(layout.NewFormLayout(),
		kit.NewFieldName(u.t("ui.belongs_to")), kit.NewValue(u.t("ui.item", "owner", words.Visible(made.Owner(), 80), "product", made.Product)),
		kit.NewFieldName(u.t("ui.check_code")), kit.NewValue(made.CheckCode()))
	p.ways = kit.NewPanels(p.saved.Hide)
	p.ways.Add(u.t("ui.way.file"), theme.FileIcon(), p.fileWay())
	p.ways.Add(u.t("ui.way.code"), theme.MediaPhotoIcon(), p.codeWay())
	p.ways.Add(u.t("ui.way.paper"), theme.DocumentPrintIcon(), p.paperWay())
	p.ways.Add(u.t("ui.way.text"), theme.ContentCopyIcon(), p.textWay())
	banner := u.t("ui.not_free")
	if made.Handoff {
		banner = u.t("ui.not_free.handoff")
	}
	back := kit.NewButton(u.t("ui.back"), theme.NavigateBackIcon(), u.showRelease)
	texts := container.NewPadded(container.NewVBox(facts, p.ways.Root, p.saved,
		widget.NewSeparator(), kit.NewNear(kit.NewSubheading(u.t("ui.next")), kit.NewText(p.next()))))
	p.root = container.NewBorder(container.NewPadded(newSteps(u, carryStep)), container.NewPadded(kit.NewFlow(back)), nil, nil,
		kit.NewBesideSquare(kit.NewBanner(banner), container.NewVScroll(texts), p.codes.root))
	return p
}

// fileWay saves the request as a file. Each removable drive has a button of its own.
func (p *carryPage) fileWay() fyne.CanvasObject {
	u := p.ui
	p.folder.SetText(u.Folder)
	p.name.SetText(p.made.ClearFileName(u.app.Now()))
	p.name.OnSubmitted = func(string) { p.saveAs(app.RequestFile) }
	p.folder.OnSubmitted = p.name.OnSubmitted
	p.save = kit.NewMainButton(u.t("ui.save"), theme.DocumentSaveIcon(), func() { p.saveAs(app.RequestFile) })
	choose := kit.NewButton(u.t("ui.choose"), theme.FolderOpenIcon(), p.choose)
	look := kit.NewButton(u.t("ui.drives.look"), theme.ViewRefreshIcon(), p.findDrives)
	place := container.New(layout.NewFormLayout(),
		kit.NewFieldName(u.t("ui.folder")), container.NewBorder(nil, nil, nil, choose, p.folder),
		kit.NewFieldName(u.t("ui.file")), p.name)
	return container.NewVBox(p.drives, place, kit.NewFlow(p.save, look))
}

// codeWay chooses the density of the codes, for old phones and bad light, and saves the
// code as a file.
func (p *carryPage) codeWay() fyne.CanvasObject {
	u := p.ui
	var names []string
	for _, d := range carry.Densities() {
		names = append(names, u.t("ui.density."+string(d)))
	}
	p.density = kit.NewRadio(names, func(name string) {
		p.codes.load(carry.Densities()[slices.Index(names, name)])
	})
	p.density.SetSelected(names[slices.Index(carry.Densities(), p.codes.density)])
	saveCode := kit.NewButton(u.t("ui.save_code"), theme.DocumentSaveIcon(), func() { p.saveAs(app.QRFile) })
	return container.NewVBox(kit.NewText(u.t("ui.way.code.use")), kit.NewFieldName(u.t("ui.density")), p.density,
		kit.NewCaption(u.t("ui.density.use")), kit.NewFlow(saveCode))
}

// paperWay prints or saves the sheet.
func (p *carryPage) paperWay() fyne.CanvasObject {
	u := p.ui
	print := kit.NewButton(u.t("ui.print"), theme.DocumentPrintIcon(), p.print)
	saveSheet := kit.NewButton(u.t("ui.save_sheet"), theme.DocumentSaveIcon(), func() { p.saveAs(app.SheetFile) })
	return container.NewVBox(kit.NewText(u.t("ui.way.paper.use")), kit.NewFlow(print, saveSheet))
}

// textWay copies the request as text, for mail and for phones that scan text.
func (p *carryPage) textWay() fyne.CanvasObject {
	u := p.ui
	text := kit.NewButton(u.t("ui.copy_text"), theme.ContentCopyIcon(), func() { p.copy(string(u.app.File(p.made))) })
	message := kit.NewButton(u.t("ui.copy_message"), theme.MailComposeIcon(), func() { p.copy(u.app.Message(p.made) + "\n\n" + string(u.app.File(p.made)) + "\n") })
	return container.NewVBox(kit.NewText(u.t("ui.way.text.use", "contact", u.app.Contact())), kit.NewValue(u.app.Message(p.made)),
		kit.NewFlow(text, message))
}

func centered(text string) *widget.Label {
	l := kit.NewCaption(text)
	l.Alignment = fyne.TextAlignCenter
	return l
}

// next returns what the person does next.
func (p *carryPage) next() string {
	if p.ui.app.Profile.Practice {
		return p.ui.t("ui.next.practice")
	}
	if p.made.Handoff {
		return p.ui.t("ui.next.handoff", "contact", p.ui.app.Contact())
	}
	return p.ui.t("ui.next.steps", "portal", p.ui.app.Profile.Server.Portal, "contact", p.ui.app.Contact())
}

// load draws the codes and looks for removable drives.
func (p *carryPage) load() {
	p.codes.load(p.codes.density)
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
		if len(found) == 0 {
			p.drives.Add(kit.NewCaption(p.ui.t("ui.drives.none")))
		}
		p.drives.Refresh()
	})
}

// extensions are those of the files that are not the request's own file.
var extensions = map[app.Kind]string{app.QRFile: ".png", app.SheetFile: ".html"}

// target returns the file to write for a kind, from the folder and the name on the page.
func (p *carryPage) target(kind app.Kind) app.Target {
	path := filepath.Join(p.folder.Text, p.name.Text)
	if end, other := extensions[kind]; other {
		path = path[:len(path)-len(filepath.Ext(path))] + end
	}
	return app.Target{Kind: kind, Path: path, Density: p.codes.density}
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
			p.showSaved(files)
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
		p.showSaved([]app.File{file}, p.ui.t("ui.print.no_browser"))
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
	if focused == nil && p.ways.At == 0 {
		focused = p.save
	}
	p.saved.Hide()
	p.save.Disable()
	p.ui.workForPage(func() { err = do() }, func() {
		p.save.Enable()
		p.ui.window.Canvas().Focus(focused) // a disabled button loses it
		then(err)
	})
}

// showSaved shows where the files are, whether a drive can be unplugged, and the lines of
// more.
func (p *carryPage) showSaved(files []app.File, more ...string) {
	var lines []string
	for _, file := range files {
		lines = append(lines, p.ui.t("ui.saved", "path", file.Path, "bytes", file.Bytes))
	}
	if drive, ok := p.ui.app.Drive(files[0].Path); ok {
		lines = append(lines, p.ui.t("ui.drives.safe", "name", words.Visible(drive.Name, 40)))
	}
	p.showResult(strings.Join(append(lines, more...), "\n"))
}

// copy puts a text into the clipboard. On X11 it is lost when the program ends; the page
// says so.
func (p *carryPage) copy(text string) {
	fyne.CurrentApp().Clipboard().SetContent(text)
	p.showResult(p.ui.t("ui.copied"))
}

// showResult shows the result of the last button. With it the request has been carried.
func (p *carryPage) showResult(text string) {
	p.carried = true
	p.saved.SetText(text)
	p.saved.Show()
	p.ui.revealSoon(p.saved)
}

func (p *carryPage) choose() {
	q := portal.Question{Title: p.ui.t("ui.choose.folder"), Accept: p.ui.t("ui.choose.this"), Folder: p.folder.Text, Folders: true}
	p.ui.choose(q, func(paths ...string) { p.folder.SetText(paths[0]) })
}
