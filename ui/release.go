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

// releasePage has the first two steps of "Release this computer": which license and which
// device, and a look at what will leave the computer. Going back loses nothing that was
// typed.
type releasePage struct {
	ui   *UI
	step int // licenseStep or checkStep

	kind       *kit.Radio    // license key or username, if the profile allows both
	ownerName  *widget.Label // beside owner, if there is no choice
	owner      *kit.Field
	hint       *widget.Label
	wrong      *widget.Label // what is wrong with the owner
	suggestion *widget.Label // a correction of the owner
	accept     *kit.Button   // accepts the suggestion
	source     *kit.Select
	sources    []machine.Source // in the order of the options in source
	typed      *kit.Field
	typedRow   *fyne.Container // with typed
	found      *fyne.Container // the hardware ID that was read
	id         *kit.Value
	idNote     *widget.Label   // what is wrong with the hardware ID, or doubtful
	origin     *widget.Label   // where the hardware ID was read
	count      *kit.Field      // the consumptions, if the product has such licenses
	summary    *fyne.Container // of what will leave: which license, which computer, to whom
	members    *fyne.Container // all that will leave
	notes      *widget.Label   // what to know before the request is made
	host       *kit.Check      // whether to send the data about the computer that the profile asks for
	problem    *widget.Label
	next       *kit.Button // to the second step
	create     *kit.Button
	previews   int // how many previews were started; only the newest is shown

	shown    app.Preview   // shown on the second step
	made     *app.Outgoing // the last request made
	madeFrom app.Create    // the form that it was made from

	steps, place, buttons *fyne.Container // of the current step
	license, check        *container.Scroll
	back                  *kit.Button

	root fyne.CanvasObject
}

func newReleasePage(u *UI) *releasePage {
	p := &releasePage{ui: u, ownerName: kit.NewFieldName(""), owner: kit.NewField(u.pressed), hint: kit.NewCaption(""), wrong: kit.NewCaption(""),
		typed: kit.NewField(u.pressed), id: kit.NewValue(""), idNote: kit.NewCaption(""), origin: kit.NewCaption(""), count: kit.NewField(u.pressed),
		summary: container.NewStack(), members: container.NewStack(), notes: kit.NewText(""), problem: kit.NewText(""),
		steps: container.NewStack(), place: container.NewStack(), buttons: kit.NewButtonRow()}
	p.kind = kit.NewRadio([]string{u.t("ui.license_key"), u.t("ui.username")}, func(string) { p.changeKind() })
	p.owner.OnChanged = func(string) { p.ownerChanged() }
	p.owner.OnSubmitted = func(string) { p.goOn() }
	p.typed.OnChanged = func(text string) {
		p.typed.TextStyle.Monospace = text != "" // as in ownerChanged
		p.typed.Refresh()
		p.preview()
	}
	p.typed.OnSubmitted = func(string) { p.goOn() }
	p.typed.SetPlaceHolder(u.t("ui.type_id"))
	p.count.OnChanged, p.count.OnSubmitted = func(string) { p.preview() }, p.typed.OnSubmitted
	p.wrong.Importance, p.problem.Importance = widget.DangerImportance, widget.DangerImportance
	p.notes.Importance, p.idNote.Importance = widget.WarningImportance, widget.WarningImportance
	p.notes.Hide()
	p.wrong.Hide()
	p.problem.Hide()
	p.suggestion = kit.NewText("")
	p.accept = kit.NewButton(u.t("ui.understood.use"), theme.ConfirmIcon(), p.acceptSuggestion)
	p.accept.Importance = widget.LowImportance
	p.accept.Hide()
	p.suggestion.Hide()
	p.host = kit.NewCheck(u.t("ui.host_data"), func(bool) { p.preview() })
	p.host.Checked, p.host.Hidden = true, len(u.app.Profile.Request.HostData) == 0
	p.next = kit.NewMainButton(u.t("ui.next_step"), theme.NavigateNextIcon(), p.goOn)
	p.back = kit.NewButton(u.t("ui.back"), theme.NavigateBackIcon(), func() { p.show(licenseStep) })
	p.create = kit.NewMainButton(u.t("ui.create"), theme.ConfirmIcon(), p.submit)
	p.fillSources()
	p.license = kit.NewPage(kit.NewTitle(u.t("ui.release"), u.t("ui.release.intro")), kit.NewNarrow(48, p.form()))
	all := container.NewVBox(kit.NewCaption(u.t("ui.leaves.intro")), p.members)
	p.check = kit.NewPage(kit.NewTitle(u.t("ui.leaves"), u.t("ui.check.intro")), kit.NewNarrow(66, p.notes), p.summary, p.host, kit.NewNarrow(66, u.newFold(u.t("ui.check.all"), all)))
	p.root = container.NewBorder(container.NewPadded(p.steps), newActions(p.problem, p.buttons), nil, nil, p.place)
	p.kind.SetSelected(p.kind.Options[0])
	p.restrictKind()
	p.set(licenseStep)
	return p
}

// newActions returns the bottom of a step, with the buttons last.
func newActions(objects ...fyne.CanvasObject) fyne.CanvasObject {
	pad := theme.Padding()
	return container.New(layout.NewCustomPaddedVBoxLayout(0), widget.NewSeparator(),
		container.New(layout.NewCustomPaddedLayout(pad/2, pad, pad, pad), container.NewVBox(objects...)))
}

// form returns the form of the first step: the license, below it the hardware ID, and
// folded what is needed only if that is not the one to release.
func (p *releasePage) form() fyne.CanvasObject {
	u := p.ui
	p.typedRow = container.NewVBox(kit.NewFieldName(u.t("member.hardware_id")), p.typed, kit.NewCaption(u.t("ui.typed_id.hint")))
	p.typedRow.Hidden = p.selectedSource() != machine.Typed
	count := container.NewVBox(kit.NewFieldName(u.t("member.consumptions")), p.count)
	count.Hidden = !u.app.Profile.Product.Consumes()
	p.id.SizeName = theme.SizeNameCaptionText
	p.found = kit.NewNear(kit.NewCaption(u.t("ui.id")), p.id)
	p.found.Hide() // until the ID is read: loading its typeface would delay the window
	p.idNote.Hide()
	tools := kit.NewFlow(
		kit.NewButton(u.t("ui.ids.show"), theme.ListIcon(), p.showCandidates),
		kit.NewButton(u.t("ui.ids.file"), theme.FolderOpenIcon(), p.chooseID),
		kit.NewButton(u.t("ui.dead"), theme.QuestionIcon(), p.offerOtherID),
		kit.NewButton(u.t("ui.copy"), theme.ContentCopyIcon(), func() { fyne.CurrentApp().Clipboard().SetContent(p.id.Text) }),
		kit.NewButton(u.t("ui.card"), theme.DocumentPrintIcon(), p.printCard))
	other := container.NewVBox(kit.NewText(u.t("ui.other.use")), p.source, p.origin, tools)
	return container.NewVBox(p.kind, p.ownerName, p.owner, p.ownerNotes(), p.typedRow, count,
		kit.NewNear(p.found, p.idNote), u.newFold(u.t("ui.other"), other))
}

// set shows a step without moving the focus.
func (p *releasePage) set(step int) {
	p.step = step
	p.steps.Objects = []fyne.CanvasObject{newSteps(p.ui, step)}
	p.problem.Hide()
	if step == licenseStep {
		p.place.Objects, p.buttons.Objects = []fyne.CanvasObject{p.license}, []fyne.CanvasObject{p.next}
	} else {
		p.place.Objects, p.buttons.Objects = []fyne.CanvasObject{p.check}, []fyne.CanvasObject{p.back, p.create}
	}
	p.steps.Refresh()
	p.place.Refresh()
	p.buttons.Refresh()
}

// show shows a step and moves the focus to it.
func (p *releasePage) show(step int) {
	p.set(step)
	p.ui.focus()
}

// ownerNotes returns the place below the owner, for the hint, an error or a suggestion.
// Its height is fixed, so that the form does not move.
func (p *releasePage) ownerNotes() fyne.CanvasObject {
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(0, max(p.accept.MinSize().Height, 2*kit.Letters(1.5)+theme.InnerPadding())))
	return container.NewStack(room, p.hint, p.wrong,
		container.NewBorder(nil, nil, nil, container.NewVBox(p.accept), p.suggestion))
}

// showSuggestion shows a correction of the owner if there is one that differs from it,
// else the hint.
func (p *releasePage) showSuggestion() {
	suggested, _ := app.Suggested(p.job())
	p.suggestion.SetText(p.ui.t("ui.understood", "owner", words.Visible(suggested, 60)))
	p.wrong.Hide()
	if suggested == "" || suggested == p.owner.Text {
		p.accept.Hide()
		p.suggestion.Hide()
		p.hint.Show()
		return
	}
	p.hint.Hide()
	p.accept.Show()
	p.suggestion.Show()
}

func (p *releasePage) acceptSuggestion() {
	suggested, _ := app.Suggested(p.job())
	p.owner.SetText(suggested)
	p.ui.window.Canvas().Focus(p.owner)
	p.owner.CursorColumn = len([]rune(suggested))
	p.owner.Refresh()
}

// ownerChanged updates the page after something was typed. A license key is in a typeface
// in which O and 0, and I and 1, differ; the empty field is not, since loading that
// typeface would delay the window.
func (p *releasePage) ownerChanged() {
	p.owner.TextStyle.Monospace = p.owner.Text != "" && !p.byUsername()
	p.owner.Refresh()
	p.preview()
}

// restrictKind hides the choice between license key and username if the profile has made
// it; the name of the field then says which.
func (p *releasePage) restrictKind() {
	switch p.ui.app.Profile.Product.AuthorizationMethod {
	case profile.LicenseKey:
		p.kind.Hide()
	case profile.User:
		p.kind.SetSelected(p.kind.Options[1])
		p.kind.Hide()
	}
	p.ownerName.SetText(p.kind.Selected)
	p.ownerName.Hidden = p.kind.Visible()
}

func (p *releasePage) byUsername() bool { return p.kind.Selected == p.kind.Options[1] }

func (p *releasePage) changeKind() {
	p.owner.SetPlaceHolder("XXXX-XXXX-XXXX-XXXX")
	p.hint.SetText(p.ui.t("ui.license_key.hint"))
	if p.byUsername() {
		p.owner.SetPlaceHolder("")
		p.hint.SetText(p.ui.t("ui.username.hint"))
	}
	p.ownerChanged()
}

func (p *releasePage) fillSources() {
	p.sources = append(machine.Sources(), machine.Typed)
	var options []string
	for _, s := range p.sources {
		options = append(options, p.ui.t("source."+string(s)))
	}
	p.source = kit.NewSelect(options, func(string) { p.changeSource() })
	p.source.Selected = options[slices.Index(p.sources, p.ui.app.Profile.Hardware.Source)]
}

func (p *releasePage) selectedSource() machine.Source { return p.sources[p.source.SelectedIndex()] }

func (p *releasePage) changeSource() {
	p.ui.app.Computer.Forget()
	p.typedRow.Hidden = p.selectedSource() != machine.Typed
	p.license.Content.Refresh()
	p.preview()
	if !p.typedRow.Hidden {
		p.ui.window.Canvas().Focus(p.typed)
	}
}

// load reads what the page shows first.
func (p *releasePage) load() { p.changeSource() }

// job returns the request that the form describes.
func (p *releasePage) job() app.Create {
	job := app.Create{LicenseKey: p.owner.Text, Source: p.selectedSource(), NoHostData: !p.host.Checked}
	if p.byUsername() {
		job.LicenseKey, job.Username = "", p.owner.Text
	}
	if job.Source == machine.Typed {
		job.HardwareID = p.typed.Text
	}
	job.Consumptions = app.Count(p.count.Text)
	return job
}

// preview updates the page after a change: the hardware ID, the members that would leave
// the computer, and what is wrong so far.
func (p *releasePage) preview() {
	if p.root == nil {
		return // the page is still being built
	}
	p.showSuggestion()
	job, untouched, made, of := p.job(), p.owner.Text == "", p.made, p.madeFrom
	p.previews++
	turn := p.previews
	var id machine.HardwareID
	var idErr, err error
	var preview app.Preview
	var differs string
	p.ui.work(func() {
		if job.Source == machine.Typed {
			differs = p.differsNote(job.HardwareID)
		}
		if id, idErr = p.ui.app.HardwareID(job); idErr == nil {
			preview, err = p.ui.app.Preview(job)
		}
		if made != nil && reflect.DeepEqual(job, of) && p.ui.app.Unsent(made) {
			preview = made.Preview() // the request already made will be carried again
		}
	}, func() {
		if turn != p.previews {
			return // a newer preview was started
		}
		p.showID(id, idErr, differs)
		p.members.RemoveAll()
		p.summary.RemoveAll()
		p.shown = app.Preview{}
		if idErr == nil && err == nil {
			p.showPreview(preview)
		}
		p.setProblem(err, untouched)
	})
}

// showPreview shows what leaves the computer, and the warnings.
func (p *releasePage) showPreview(preview app.Preview) {
	p.shown = preview
	p.summary.RemoveAll()
	p.summary.Add(newSummary(p.ui, preview.Members))
	p.members.RemoveAll()
	p.members.Add(newReasons(p.ui.Words, preview.Members))
	var notes []string
	for _, warning := range preview.Warnings {
		notes = append(notes, words.Sentence(warning.Localize(p.ui.Words)))
	}
	p.notes.SetText(strings.Join(notes, "\n"))
	p.notes.Hidden = len(notes) == 0
	p.check.Content.Refresh()
}

// showID shows the hardware ID that was read, and what is wrong with it or doubtful.
func (p *releasePage) showID(id machine.HardwareID, err error, differs string) {
	p.id.SetText(words.Visible(id.Value, 200))
	p.origin.SetText(p.ui.t("ui.origin", "origin", id.Origin))
	p.origin.Hidden = err != nil || id.Source == machine.Typed
	p.found.Hidden = err != nil || id.Source == machine.Typed
	var notes []string
	if err != nil && (p.typedRow.Hidden || p.typed.Text != "") { // an empty field has no error yet
		e := fault.Explain(err, p.ui.Words)
		notes = append(notes, e.Paragraph())
	}
	for _, doubt := range id.Doubts {
		notes = append(notes, doubt.Localize(p.ui.Words))
	}
	if differs != "" {
		notes = append(notes, differs)
	}
	p.idNote.SetText(strings.Join(notes, "\n"))
	p.idNote.Hidden = len(notes) == 0
	p.license.Content.Refresh() // its height may have changed
}

// setProblem shows an error: about the owner below the owner, any other above the
// buttons. An untouched form has no error yet.
func (p *releasePage) setProblem(err error, untouched bool) {
	p.wrong.Hide()
	p.problem.Hide()
	if err == nil || untouched || p.accept.Visible() { // a suggestion is shown there
		return
	}
	text := fault.Explain(err, p.ui.Words).Paragraph()
	if p.step == licenseStep && p.ui.app.CheckOwner(p.job()) != nil {
		p.hint.Hide()
		p.wrong.SetText(text)
		p.wrong.Show()
		return
	}
	p.problem.SetText(text)
	p.problem.Show()
}

// goOn goes to the second step if the form is right. A necessary correction of the owner
// is entered first, for the person to check.
func (p *releasePage) goOn() {
	if p.next.Disabled() {
		return
	}
	job := p.job()
	if _, must := app.Suggested(job); must && strings.TrimSpace(p.owner.Text) != "" {
		p.acceptSuggestion() // the next Enter goes on
		return
	}
	p.run(p.next, func() error {
		_, err := p.ui.app.Preview(job)
		return err
	}, func() { p.show(checkStep) })
}

// submit makes the request that is shown, and goes to the page that carries it. If it was
// made before and not submitted from here, it is carried again.
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
			p.preview() // of a new request, for the person to check first
		})
	default:
		p.ui.withSecret(func(key secret.Secret) { p.make(job, shown, key) }, func() { p.make(job, shown, secret.Secret{}) })
	}
}

// make makes the request that was shown, unsigned if key is zero, and goes to the page
// that carries it.
func (p *releasePage) make(job app.Create, shown app.Preview, key secret.Secret) {
	var made *app.Outgoing
	p.run(p.create, func() (err error) {
		with := job
		with.Shown, with.Secret, with.Unsigned = &shown, key, key.IsZero()
		made, err = p.ui.app.Create(with)
		return err
	}, func() {
		p.made, p.madeFrom = made, job
		p.ui.showCarry(made)
	})
}

// run does the work of button b, which is disabled meanwhile, and calls then unless work
// fails.
func (p *releasePage) run(b *kit.Button, work func() error, then func()) {
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
