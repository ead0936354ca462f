package ui

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/fault"
	"handback/app/machine"
	"handback/app/profile"
	"handback/app/words"
)

// releasePage is "Release this computer": whose license, which device, and
// what will leave the computer.
type releasePage struct {
	ui *UI

	kind     *widget.RadioGroup // license key or username, where the profile allows both
	owner    *field
	hint     *widget.Label
	accept   *button // takes what the owner was probably meant to be
	source   *widget.Select
	sources  []machine.Source // of the select's options
	typed    *field
	id       *widget.Label
	idNote   *widget.Label
	members  *fyne.Container
	problem  *widget.Label
	create   *button
	previews int // the newest preview asked for

	root fyne.CanvasObject
}

func newReleasePage(u *UI) *releasePage {
	p := &releasePage{ui: u, owner: newField(u), hint: quiet(""), typed: newField(u), id: value(""), idNote: quiet(""),
		members: container.NewStack(), problem: wrapped("")}
	p.kind = widget.NewRadioGroup([]string{u.t("ui.license_key"), u.t("ui.username")}, func(string) { p.changeKind() })
	p.kind.Horizontal, p.kind.Required = true, true
	p.owner.OnChanged = func(string) { p.preview() }
	p.owner.OnSubmitted = func(string) { p.submit() }
	p.typed.OnChanged = func(string) { p.preview() }
	p.typed.OnSubmitted = func(string) { p.submit() }
	p.typed.SetPlaceHolder(u.t("ui.type_id"))
	p.problem.Importance = widget.DangerImportance
	p.problem.Hide()
	p.accept = newButton("", theme.ConfirmIcon(), p.takeSuggested)
	p.accept.Importance = widget.LowImportance
	p.accept.Hide()
	p.create = newMainButton(u.t("ui.create"), theme.ConfirmIcon(), p.submit)
	p.fillSources()
	p.id.Hide() // until it is read; its typeface would delay the first sight of the window

	copyID := newButton(u.t("ui.copy"), theme.ContentCopyIcon(), func() { fyne.CurrentApp().Clipboard().SetContent(p.id.Text) })
	others := newButton(u.t("ui.ids.show"), theme.ListIcon(), p.showCandidates)
	from := newButton(u.t("ui.ids.file"), theme.FolderOpenIcon(), p.chooseID)
	form := container.New(layout.NewFormLayout(),
		fieldName(u.t("member.product")), wrapped(u.app.Profile.Product.Code),
		fieldName(u.t("ui.belongs_to")), container.NewVBox(p.kind, p.owner, p.under()),
		fieldName(u.t("member.hardware_id")), container.NewVBox(p.source, p.typed,
			p.id, p.idNote, container.NewHBox(copyID, others, from)),
	)
	leaves := container.NewVBox(subheading(u.t("ui.leaves")), quiet(u.t("ui.leaves.intro")), p.members)
	p.root = container.NewBorder(nil,
		container.NewPadded(container.NewVBox(p.problem, container.NewHBox(p.create))), nil, nil,
		page(heading(u.t("ui.release")), wrapped(u.t("ui.release.intro")),
			container.NewGridWithColumns(2, form, widget.NewCard("", "", leaves))))
	p.kind.SetSelected(p.kind.Options[0])
	p.restrictKind()
	return p
}

// under is what stands under the owner, in a place of its own that does not move the
// form: a hint, or what was understood.
func (p *releasePage) under() fyne.CanvasObject {
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(0, p.accept.MinSize().Height))
	return container.NewStack(room, p.hint, container.NewHBox(p.accept))
}

// understand shows what the owner was probably meant to be, where that is something
// else than what stands there.
func (p *releasePage) understand() {
	suggested, _ := app.Suggested(p.job())
	p.accept.SetText(p.ui.t("ui.understood", "owner", words.Visible(suggested, 60)))
	if suggested == "" || suggested == p.owner.Text {
		p.accept.Hide()
		p.hint.Show()
		return
	}
	p.hint.Hide()
	p.accept.Show()
}

func (p *releasePage) takeSuggested() {
	suggested, _ := app.Suggested(p.job())
	p.owner.SetText(suggested)
	p.ui.window.Canvas().Focus(p.owner)
	p.owner.CursorColumn = len([]rune(suggested))
	p.owner.Refresh()
}

func fieldName(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.TextStyle.Bold = true
	return l
}

// restrictKind leaves out the choice that the profile has made.
func (p *releasePage) restrictKind() {
	switch p.ui.app.Profile.Product.AuthorizationMethod {
	case profile.LicenseKey:
		p.kind.Hide()
	case profile.User:
		p.kind.SetSelected(p.kind.Options[1])
		p.kind.Hide()
	}
}

func (p *releasePage) byUsername() bool { return p.kind.Selected == p.kind.Options[1] }

func (p *releasePage) changeKind() {
	p.owner.SetPlaceHolder("XXXX-XXXX-XXXX-XXXX")
	p.hint.SetText(p.ui.t("ui.license_key.hint"))
	if p.byUsername() {
		p.owner.SetPlaceHolder("")
		p.hint.SetText(p.ui.t("ui.username.hint"))
	}
	p.preview()
}

func (p *releasePage) fillSources() {
	p.sources = append(machine.Sources(), machine.Typed)
	var options []string
	for _, s := range p.sources {
		options = append(options, p.ui.t("source."+string(s)))
	}
	p.source = widget.NewSelect(options, func(string) { p.changeSource() })
	p.source.Selected = options[slices.Index(p.sources, p.ui.app.Profile.Hardware.Source)]
	p.typed.Hide()
}

func (p *releasePage) chosen() machine.Source { return p.sources[p.source.SelectedIndex()] }

func (p *releasePage) changeSource() {
	p.typed.Hidden = p.chosen() != machine.Typed
	p.typed.Refresh()
	p.preview()
	if !p.typed.Hidden {
		p.ui.window.Canvas().Focus(p.typed)
	}
}

// load reads what the page shows first.
func (p *releasePage) load() { p.changeSource() }

// job is what the form asks for.
func (p *releasePage) job() app.Create {
	job := app.Create{LicenseKey: p.owner.Text, Source: p.chosen()}
	if p.byUsername() {
		job.LicenseKey, job.Username = "", p.owner.Text
	}
	if job.Source == machine.Typed {
		job.HardwareID = p.typed.Text
	}
	return job
}

// preview shows what would leave the computer, and what is wrong so far.
func (p *releasePage) preview() {
	if p.root == nil {
		return // while the page is being built
	}
	p.understand()
	job, untouched := p.job(), p.owner.Text == ""
	p.previews++
	turn := p.previews
	var id machine.HardwareID
	var idErr, err error
	var preview app.Preview
	var differs string
	p.ui.work(func() {
		if job.Source == machine.Typed {
			differs = p.differs(job.HardwareID)
		}
		if id, idErr = p.ui.app.HardwareID(job); idErr == nil {
			preview, err = p.ui.app.Preview(job)
		}
	}, func() {
		if turn != p.previews {
			return // something was typed since
		}
		p.showID(id, idErr, differs)
		p.members.RemoveAll()
		if idErr != nil || err != nil {
			p.members.Add(quiet(p.ui.t("ui.leaves.later")))
		} else {
			p.members.Add(newMembers(p.ui.Words, preview.Members))
		}
		p.setProblem(err, untouched)
	})
}

func (p *releasePage) showID(id machine.HardwareID, err error, differs string) {
	p.id.SetText(words.Visible(id.Value, 200))
	p.id.Show()
	note := p.ui.t("ui.origin", "origin", id.Origin)
	switch {
	case err != nil:
		e := fault.Explain(err, p.ui.Words)
		note = e.Paragraph()
	case id.Source == machine.Typed:
		note = p.ui.t("ui.typed_id.hint")
	}
	for _, doubt := range id.Doubts {
		note += "\n" + doubt.In(p.ui.Words)
	}
	if differs != "" {
		note += "\n" + differs
	}
	p.idNote.SetText(note)
}

// setProblem shows what is wrong with the form; an empty one is not wrong yet.
func (p *releasePage) setProblem(err error, untouched bool) {
	if err == nil || untouched || p.accept.Visible() { // what is wrong with the owner stands under it
		p.problem.Hide()
		return
	}
	e := fault.Explain(err, p.ui.Words)
	p.problem.SetText(e.Paragraph())
	p.problem.Show()
}

// submit checks the form before it asks for the secret, makes the request, and
// goes on to carrying it.
func (p *releasePage) submit() {
	if p.create.Disabled() {
		return
	}
	job := p.job()
	if _, must := app.Suggested(job); must && strings.TrimSpace(p.owner.Text) != "" {
		p.takeSuggested() // for the person to look at; the next Enter goes on
		return
	}
	p.try(func() error {
		_, err := p.ui.app.Preview(job)
		return err
	}, func() {
		p.ui.withSecret(func() { p.make(job) }, func() {
			job.Unsigned = true
			p.make(job)
		})
	})
}

// make makes the request, and goes on to carrying it.
func (p *releasePage) make(job app.Create) {
	var made *app.Created
	p.try(func() (err error) {
		made, err = p.ui.app.Create(job)
		return err
	}, func() { p.ui.showCarry(made) })
}

// try does a part of the work, and goes on where it went well.
func (p *releasePage) try(work func() error, then func()) {
	var err error
	p.create.Disable()
	p.ui.work(func() { err = work() }, func() {
		p.create.Enable()
		if err != nil {
			p.setProblem(err, false)
			p.ui.window.Canvas().Focus(p.owner)
			return
		}
		then()
	})
}
