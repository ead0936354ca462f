package ui

import (
	"image/color"
	"reflect"
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
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// releasePage are the first two steps of "Release this computer": whose license and
// which device, and what will leave the computer. Going back loses nothing.
type releasePage struct {
	ui   *UI
	step int // whoStep or leavesStep

	kind     *kit.Radio // license key or username, where the profile allows both
	owner    *kit.Field
	hint     *widget.Label
	wrong    *widget.Label // what is wrong with the owner
	meant    *widget.Label // what the owner was probably meant to be
	accept   *kit.Button   // takes that
	source   *kit.Select
	sources  []machine.Source // of the select's options
	typed    *kit.Field
	tools    *fyne.Container // what can be done with the hardware ID
	equal    *widget.Label   // names the command to people who use a screen reader
	id       *kit.Value
	idNote   *widget.Label
	count    *kit.Field // the consumptions, where the product has such licenses
	members  *fyne.Container
	notes    *widget.Label // what to know before it is made
	host     *kit.Check    // sends what the profile asks for about the computer
	problem  *widget.Label
	next     *kit.Button // to what leaves
	create   *kit.Button
	previews int // the newest preview asked for

	shown app.Preview   // what the second step shows
	made  *app.Outgoing // the last that was made
	of    app.Create    // what it was made of

	steps, place, buttons *fyne.Container // of the step that is shown
	who, leaves           *container.Scroll
	back                  *kit.Button

	root fyne.CanvasObject
}

func newReleasePage(u *UI) *releasePage {
	p := &releasePage{ui: u, owner: kit.NewField(u.pressed), hint: kit.NewCaption(""), wrong: kit.NewCaption(""), typed: kit.NewField(u.pressed), id: kit.NewValue(""), idNote: kit.NewCaption(""), equal: kit.NewCaption(u.t("ui.screen_reader")),
		count: kit.NewField(u.pressed), members: container.NewStack(), notes: kit.NewText(""), problem: kit.NewText(""),
		steps: container.NewStack(), place: container.NewStack(), buttons: kit.NewFlow()}
	p.kind = kit.NewRadio([]string{u.t("ui.license_key"), u.t("ui.username")}, func(string) { p.changeKind() })
	p.owner.OnChanged = func(string) { p.preview() }
	p.owner.OnSubmitted = func(string) { p.goOn() }
	p.typed.OnChanged = func(string) { p.preview() }
	p.typed.OnSubmitted = func(string) { p.goOn() }
	p.typed.SetPlaceHolder(u.t("ui.type_id"))
	p.count.OnChanged, p.count.OnSubmitted = p.typed.OnChanged, p.typed.OnSubmitted
	p.wrong.Importance, p.problem.Importance = widget.DangerImportance, widget.DangerImportance
	p.notes.Importance = widget.WarningImportance
	p.notes.Hide()
	p.wrong.Hide()
	p.problem.Hide()
	p.meant = kit.NewText("")
	p.accept = kit.NewButton(u.t("ui.understood.use"), theme.ConfirmIcon(), p.takeSuggested)
	p.accept.Importance = widget.LowImportance
	p.accept.Hide()
	p.meant.Hide()
	p.host = kit.NewCheck(u.t("ui.host_data"), func(bool) { p.preview() })
	p.host.Checked, p.host.Hidden = true, len(u.app.Profile.Request.HostData) == 0
	p.next = kit.NewMainButton(u.t("ui.next_step"), theme.NavigateNextIcon(), p.goOn)
	p.back = kit.NewButton(u.t("ui.back"), theme.NavigateBackIcon(), func() { p.show(whoStep) })
	p.create = kit.NewMainButton(u.t("ui.create"), theme.ConfirmIcon(), p.submit)
	p.fillSources()
	p.who = kit.NewPage(kit.NewTitle(u.t("ui.release"), u.t("ui.release.intro")), kit.NewNarrow(66, p.form()), kit.NewNarrow(66, p.equal))
	p.leaves = kit.NewPage(kit.NewTitle(u.t("ui.leaves"), u.t("ui.leaves.intro")), p.host, kit.NewNarrow(66, p.notes), kit.NewNarrow(66, p.members))
	p.root = container.NewBorder(container.NewPadded(p.steps), container.NewPadded(container.NewVBox(p.problem, p.buttons)), nil, nil, p.place)
	p.kind.SetSelected(p.kind.Options[0])
	p.restrictKind()
	p.set(whoStep)
	return p
}

// form is what the first step asks for.
func (p *releasePage) form() fyne.CanvasObject {
	u := p.ui
	p.tools = kit.NewFlow(
		kit.NewButton(u.t("ui.copy"), theme.ContentCopyIcon(), func() { fyne.CurrentApp().Clipboard().SetContent(p.id.Text) }),
		kit.NewButton(u.t("ui.ids.show"), theme.ListIcon(), p.showCandidates),
		kit.NewButton(u.t("ui.ids.file"), theme.FolderOpenIcon(), p.chooseID),
		kit.NewButton(u.t("ui.card"), theme.DocumentPrintIcon(), p.printCard),
		kit.NewButton(u.t("ui.dead"), theme.QuestionIcon(), p.askDead))
	for _, o := range []fyne.CanvasObject{p.id, p.tools, p.equal} {
		o.Hide() // until it is read: their typeface and pictures would delay the first sight of the window
	}
	form := container.New(layout.NewFormLayout(),
		kit.NewFieldName(u.t("member.product")), kit.NewText(u.app.Profile.Product.Code),
		kit.NewFieldName(u.t("ui.belongs_to")), container.NewVBox(p.kind, p.owner, p.under()),
		kit.NewFieldName(u.t("member.hardware_id")), container.NewVBox(p.source, p.typed, kit.NewNear(p.id, p.idNote), p.tools))
	if u.app.Profile.Product.Consumes() {
		form.Add(kit.NewFieldName(u.t("member.consumptions")))
		form.Add(p.count)
	}
	return form
}

// set shows a step.
func (p *releasePage) set(step int) {
	p.step = step
	p.steps.Objects = []fyne.CanvasObject{newSteps(p.ui, step)}
	p.problem.Hide()
	if step == whoStep {
		p.place.Objects, p.buttons.Objects = []fyne.CanvasObject{p.who}, []fyne.CanvasObject{p.next}
	} else {
		p.place.Objects, p.buttons.Objects = []fyne.CanvasObject{p.leaves}, []fyne.CanvasObject{p.back, p.create}
	}
	p.steps.Refresh()
	p.place.Refresh()
	p.buttons.Refresh()
}

// show goes to a step.
func (p *releasePage) show(step int) {
	p.set(step)
	p.ui.focus()
}

// under is what stands under the owner, in a place of its own that does not move the
// form: a hint, what is wrong, or what was understood.
func (p *releasePage) under() fyne.CanvasObject {
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(0, max(p.accept.MinSize().Height, 3*kit.Letters(1.5))))
	return container.NewStack(room, p.hint, p.wrong,
		container.NewBorder(nil, nil, nil, container.NewVBox(p.accept), p.meant))
}

// understand shows what the owner was probably meant to be, where that is something
// else than what stands there.
func (p *releasePage) understand() {
	suggested, _ := app.Suggested(p.job())
	p.meant.SetText(p.ui.t("ui.understood", "owner", words.Visible(suggested, 60)))
	p.wrong.Hide()
	if suggested == "" || suggested == p.owner.Text {
		p.accept.Hide()
		p.meant.Hide()
		p.hint.Show()
		return
	}
	p.hint.Hide()
	p.accept.Show()
	p.meant.Show()
}

func (p *releasePage) takeSuggested() {
	suggested, _ := app.Suggested(p.job())
	p.owner.SetText(suggested)
	p.ui.window.Canvas().Focus(p.owner)
	p.owner.CursorColumn = len([]rune(suggested))
	p.owner.Refresh()
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
	p.source = kit.NewSelect(options, func(string) { p.changeSource() })
	p.source.Selected = options[slices.Index(p.sources, p.ui.app.Profile.Hardware.Source)]
	p.typed.Hide()
}

func (p *releasePage) chosen() machine.Source { return p.sources[p.source.SelectedIndex()] }

func (p *releasePage) changeSource() {
	p.ui.app.Computer.Forget()
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
	job := app.Create{LicenseKey: p.owner.Text, Source: p.chosen(), NoHostData: !p.host.Checked}
	if p.byUsername() {
		job.LicenseKey, job.Username = "", p.owner.Text
	}
	if job.Source == machine.Typed {
		job.HardwareID = p.typed.Text
	}
	job.Consumptions = app.Count(p.count.Text)
	return job
}

// preview shows what would leave the computer, and what is wrong so far.
func (p *releasePage) preview() {
	if p.root == nil {
		return // while the page is being built
	}
	p.understand()
	job, untouched, made, of := p.job(), p.owner.Text == "", p.made, p.of
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
		if made != nil && reflect.DeepEqual(job, of) && p.ui.app.Unsent(made) {
			preview = made.Preview() // which is carried again
		}
	}, func() {
		if turn != p.previews {
			return // something was typed since
		}
		p.showID(id, idErr, differs)
		p.members.RemoveAll()
		p.shown = app.Preview{}
		if idErr == nil && err == nil {
			p.showPreview(preview)
		}
		p.setProblem(err, untouched)
	})
}

// showPreview shows what leaves, and what to know before.
func (p *releasePage) showPreview(preview app.Preview) {
	p.shown = preview
	p.members.RemoveAll()
	p.members.Add(newReasons(p.ui.Words, preview.Members))
	var notes []string
	for _, warning := range preview.Warnings {
		notes = append(notes, words.Sentence(warning.Localize(p.ui.Words)))
	}
	p.notes.SetText(strings.Join(notes, "\n"))
	p.notes.Hidden = len(notes) == 0
	p.leaves.Content.Refresh()
}

func (p *releasePage) showID(id machine.HardwareID, err error, differs string) {
	p.id.SetText(words.Visible(id.Value, 200))
	if !p.tools.Visible() {
		p.id.Show()
		p.tools.Show()
		p.equal.Hidden = p.ui.Accessible
	}
	note := p.ui.t("ui.origin", "origin", id.Origin)
	switch {
	case err != nil:
		e := fault.Explain(err, p.ui.Words)
		note = e.Paragraph()
	case id.Source == machine.Typed:
		note = p.ui.t("ui.typed_id.hint")
	}
	for _, doubt := range id.Doubts {
		note += "\n" + doubt.Localize(p.ui.Words)
	}
	if differs != "" {
		note += "\n" + differs
	}
	p.idNote.SetText(note)
	p.who.Content.Refresh() // what is below makes room
}

// setProblem shows what is wrong: with the owner under it, else above the buttons. An
// empty form is not wrong yet.
func (p *releasePage) setProblem(err error, untouched bool) {
	p.wrong.Hide()
	p.problem.Hide()
	if err == nil || untouched || p.accept.Visible() { // what was understood stands there
		return
	}
	text := fault.Explain(err, p.ui.Words).Paragraph()
	if p.step == whoStep && p.ui.app.CheckOwner(p.job()) != nil {
		p.hint.Hide()
		p.wrong.SetText(text)
		p.wrong.Show()
		return
	}
	p.problem.SetText(text)
	p.problem.Show()
}

// goOn goes from who to what leaves, once nothing is wrong with the form.
func (p *releasePage) goOn() {
	if p.next.Disabled() {
		return
	}
	job := p.job()
	if _, must := app.Suggested(job); must && strings.TrimSpace(p.owner.Text) != "" {
		p.takeSuggested() // for the person to look at; the next Enter goes on
		return
	}
	p.try(p.next, func() error {
		_, err := p.ui.app.Preview(job)
		return err
	}, func() { p.show(leavesStep) })
}

// submit makes the request that is shown, and goes on to carrying it. One that was made
// before, and not submitted from here, is carried again.
func (p *releasePage) submit() {
	job, shown, made := p.job(), p.shown, p.made
	switch {
	case p.create.Disabled():
	case shown.Of(made):
		unsent := false
		p.ui.work(func() { unsent = p.ui.app.Unsent(made) }, func() {
			if unsent {
				p.ui.showCarry(made)
				return
			}
			p.preview() // of another one, to be looked at first
		})
	default:
		p.ui.withSecret(func(key secret.Secret) { p.make(job, shown, key) }, func() { p.make(job, shown, secret.Secret{}) })
	}
}

// make makes the request that was shown, unsigned without a key, and goes on to carrying
// it.
func (p *releasePage) make(job app.Create, shown app.Preview, key secret.Secret) {
	var made *app.Outgoing
	p.try(p.create, func() (err error) {
		with := job
		with.Shown, with.Secret, with.Unsigned = &shown, key, key.IsZero()
		made, err = p.ui.app.Create(with)
		return err
	}, func() {
		p.made, p.of = made, job
		p.ui.showCarry(made)
	})
}

// try does a part of the work that a button began, and goes on where it went well.
func (p *releasePage) try(b *kit.Button, work func() error, then func()) {
	var err error
	b.Disable()
	p.ui.workForPage(func() { err = work() }, func() {
		b.Enable()
		if err != nil {
			p.setProblem(err, false)
			p.ui.focus()
			return
		}
		then()
	})
}
