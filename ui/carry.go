package ui

import (
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/words"
)

// carryPage is "Carry it": a made request as a code to photograph, as a file
// to save, and as text to copy.
type carryPage struct {
	ui   *UI
	made *app.Created

	code   *codeView
	noCode *widget.Label
	folder *widget.Entry
	name   *widget.Entry
	save   *button
	saved  *widget.Label

	root fyne.CanvasObject
}

func newCarryPage(u *UI, made *app.Created) *carryPage {
	p := &carryPage{ui: u, made: made, code: newCodeView(380), noCode: wrapped(""), folder: widget.NewEntry(), name: widget.NewEntry(), saved: wrapped("")}
	p.noCode.Hide()
	p.saved.Hide()
	p.folder.SetText(u.Folder)
	p.name.SetText(made.FileName())
	p.name.OnSubmitted = func(string) { p.saveAs(app.RequestFile) }
	p.folder.OnSubmitted = p.name.OnSubmitted
	p.save = newMainButton(u.t("ui.save"), theme.DocumentSaveIcon(), func() { p.saveAs(app.RequestFile) })
	saveCode := newButton(u.t("ui.save_code"), theme.MediaPhotoIcon(), func() { p.saveAs(app.QRFile) })
	copyText := newButton(u.t("ui.copy_text"), theme.ContentCopyIcon(), p.copy)
	choose := newButton(u.t("ui.choose"), theme.FolderOpenIcon(), p.choose)
	back := newButton(u.t("ui.back"), theme.NavigateBackIcon(), u.showRelease)

	notFree := newBanner(u.t("ui.not_free"))
	facts := container.New(layout.NewFormLayout(),
		fieldName(u.t("ui.belongs_to")), value(u.t("ui.item", "owner", words.Visible(made.Owner(), 80), "product", made.Product)),
		fieldName(u.t("ui.check_code")), value(made.CheckCode()))
	file := container.New(layout.NewFormLayout(),
		fieldName(u.t("ui.folder")), container.NewBorder(nil, nil, nil, choose, p.folder),
		fieldName(u.t("ui.file")), p.name)
	right := container.NewVScroll(container.NewPadded(container.NewVBox(
		heading(u.t("ui.carry")), notFree, facts,
		widget.NewSeparator(), subheading(u.t("ui.as_file")), file, container.NewHBox(p.save, saveCode, copyText), p.saved,
		widget.NewSeparator(), subheading(u.t("ui.next")), wrapped(p.next()))))
	left := container.NewBorder(nil, container.NewVBox(p.noCode, centered(u.t("ui.scan"))), nil, nil, p.code)
	p.root = container.NewBorder(nil, container.NewPadded(container.NewHBox(back)), nil, nil,
		container.NewGridWithColumns(2, container.NewPadded(left), right))
	return p
}

func centered(text string) *widget.Label {
	l := quiet(text)
	l.Alignment = fyne.TextAlignCenter
	return l
}

// next says what to do now.
func (p *carryPage) next() string {
	if p.ui.app.Profile.Practice {
		return p.ui.t("ui.next.practice")
	}
	contact := p.ui.app.Profile.Support.Contact
	if contact == "" {
		contact = p.ui.t("ui.next.support")
	}
	return p.ui.t("ui.next.steps", "portal", p.ui.app.Profile.Server.Portal, "contact", contact)
}

// load draws the code.
func (p *carryPage) load() {
	var err error
	var codes []*carry.Code
	p.ui.work(func() { codes, err = p.made.Codes(carry.NormalDensity) }, func() {
		if err != nil {
			e := fault.Explain(err, p.ui.Words)
			p.noCode.SetText(e.Paragraph())
			p.noCode.Show()
			return
		}
		p.code.show(codes[0])
	})
}

// saveAs writes the request, or its code beside it. A file that exists is
// replaced after a question only.
func (p *carryPage) saveAs(kind app.Kind) {
	path := filepath.Join(p.folder.Text, p.name.Text)
	if kind == app.QRFile {
		path = path[:len(path)-len(filepath.Ext(path))] + ".png"
	}
	p.write(app.Target{Kind: kind, Path: path}, false)
}

func (p *carryPage) write(target app.Target, replace bool) {
	if p.save.Disabled() {
		return // one file after the other
	}
	var err error
	p.saved.Hide()
	p.save.Disable()
	p.ui.work(func() { err = p.ui.app.Export(p.made, []app.Target{target}, replace) }, func() {
		p.save.Enable()
		p.ui.window.Canvas().Focus(p.save) // which it lost by resting
		switch {
		case errors.Is(err, durable.ErrExists):
			p.askReplace(target)
		case err != nil:
			p.ui.showError(err)
		default:
			file := p.made.Files[len(p.made.Files)-1]
			p.say(p.ui.t("ui.saved", "path", file.Path, "bytes", file.Bytes))
		}
	})
}

func (p *carryPage) askReplace(target app.Target) {
	p.ui.confirm(p.ui.t("ui.replace"), p.ui.t("ui.replace.question", "path", target.Path), p.ui.t("ui.replace.yes"),
		func() { p.write(target, true) })
}

// copy puts the request's text into the clipboard. On X11 it dies with the
// program: the page says so.
func (p *carryPage) copy() {
	fyne.CurrentApp().Clipboard().SetContent(p.made.Encode())
	p.say(p.ui.t("ui.copied"))
}

// say tells what became of the last button pressed.
func (p *carryPage) say(text string) {
	p.saved.SetText(text)
	p.saved.Show()
}

func (p *carryPage) choose() {
	p.ui.showDialog(dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err == nil && folder != nil {
			p.folder.SetText(folder.Path())
		}
	}, p.ui.window))
}
