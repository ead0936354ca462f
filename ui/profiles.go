package ui

import (
	"cmp"
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/portal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// profilesPage is the page "Profiles": the vendors' settings on this computer, and their
// shared keys in the keyring.
type profilesPage struct {
	ui       *UI
	profiles []profile.Profile
	list     *kit.List
	details  *fyne.Container // of the selected profile
	problem  *fyne.Container // errors, and the result of the last button
	imports  *kit.Button

	root fyne.CanvasObject
}

func newProfilesPage(u *UI) *profilesPage {
	p := &profilesPage{ui: u, details: container.NewStack(), problem: container.NewVBox()}
	p.list = kit.NewList(func() int { return len(p.profiles) }, p.showRow)
	p.list.OnSelected = p.show
	p.imports = kit.NewMainButton(u.t("ui.profiles.import"), theme.FolderOpenIcon(), u.chooseProfile)
	top := container.NewVBox(kit.NewTitle(u.t("ui.profiles"), u.t("ui.profiles.intro")), kit.NewFlow(p.imports), p.problem)
	p.root = container.NewPadded(container.NewBorder(top, nil, nil, nil, kit.NewListAndDetails(p.list, p.details)))
	return p
}

// load reads the profiles and selects the one in use.
func (p *profilesPage) load() {
	var all []profile.Profile
	var err error
	p.ui.work(func() { all, err = app.Profiles(p.ui.Home) }, func() {
		p.profiles = all
		p.problem.RemoveAll()
		if err != nil {
			p.problem.Add(newAdvice(fault.Explain(err, p.ui.Words)))
		}
		p.list.UnselectAll()
		p.list.Refresh()
		p.list.Select(max(0, slices.IndexFunc(all, p.inUse)))
	})
}

func (p *profilesPage) inUse(one profile.Profile) bool { return one.Name == p.ui.app.Profile.Name }

func (p *profilesPage) showRow(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(p.profiles) {
		return
	}
	one := p.profiles[i]
	state, mark := one.Server.Endpoint, kit.PlainMark
	if one.Practice {
		state, mark = p.ui.t("ui.profiles.practice"), kit.StillMark
	}
	if p.inUse(one) {
		state = p.ui.t("ui.profiles.in_use", "state", state)
	}
	kit.RowOf(o).Set(words.Visible(one.Name, 60), words.Visible(state, 100), mark)
}

// show shows the settings of a profile and what can be done with it.
func (p *profilesPage) show(i widget.ListItemID) {
	if i >= len(p.profiles) {
		return
	}
	one := p.profiles[i]
	buttons := kit.NewFlow()
	if !p.inUse(one) {
		buttons.Add(kit.NewButton(p.ui.t("ui.profiles.use"), theme.ConfirmIcon(), func() { p.use(one) }))
	}
	if !one.Practice {
		if one.EmbeddedKey() == nil {
			buttons.Add(kit.NewButton(p.ui.t("ui.profiles.set"), theme.VisibilityOffIcon(), func() { p.setSecret(one) }))
			buttons.Add(kit.NewButton(p.ui.t("ui.profiles.test"), theme.QuestionIcon(), func() { p.testSecret(one) }))
		}
		if one.Imported() {
			buttons.Add(kit.NewButton(p.ui.t("ui.profiles.remove"), theme.DeleteIcon(), func() { p.remove(one) }))
		}
	}
	content := container.NewVBox()
	if one.Practice {
		content.Add(kit.NewBanner(p.ui.t("ui.practice")))
	}
	if one.Machine {
		content.Add(kit.NewText(p.ui.t("ui.profiles.machine", "path", words.Visible(one.Path, 300))))
	}
	if !one.Practice {
		content.Add(newVendor(p.ui, one, one.Path))
	}
	content.Add(container.NewPadded(buttons))
	content.Add(p.ui.newFold(p.ui.t("ui.profiles.all"), newSettings(p.ui, one)))
	p.details.RemoveAll()
	p.details.Add(container.NewVScroll(content))
}

// vendorSettings are the settings by which a person knows a vendor, and those that decide
// where the shared key and the requests go.
var vendorSettings = map[string]string{
	"server.endpoint":         "ui.vendor.endpoint",
	"server.portal":           "ui.vendor.portal",
	"support.contact":         "ui.vendor.support",
	"support.desk":            "setting.support.desk",
	"authorization.token_url": "setting.authorization.token_url",
	"server.proxy":            "setting.server.proxy",
	"server.extra_ca":         "setting.server.extra_ca",
}

// newVendor shows who made a profile, as far as its file says, and where the file lies.
func newVendor(u *UI, one profile.Profile, path string) fyne.CanvasObject {
	grid := container.New(layout.NewFormLayout())
	for _, m := range one.Members() {
		if key := vendorSettings[m.Name]; key != "" {
			grid.Add(kit.NewFieldName(u.t(key)))
			grid.Add(kit.NewValue(words.Visible(m.Value, 300)))
		}
	}
	if path != "" { // it is not built in
		grid.Add(kit.NewFieldName(u.t("ui.vendor.file")))
		grid.Add(kit.NewValue(words.Visible(path, 300)))
	}
	return container.NewVBox(kit.NewHeading(words.Visible(one.Name, 60)), grid)
}

// newSettings shows the settings of a profile.
func newSettings(u *UI, one profile.Profile) fyne.CanvasObject {
	grid := container.New(layout.NewFormLayout())
	for _, m := range one.Members() {
		name := widget.NewLabel(u.t("setting." + m.Name))
		name.Alignment = fyne.TextAlignTrailing
		grid.Add(name)
		grid.Add(kit.NewValue(words.Visible(m.Value, 300)))
	}
	return grid
}

func (p *profilesPage) use(one profile.Profile) {
	if p.ui.working() {
		return
	}
	if err := p.ui.use(one); err != nil {
		p.ui.showError(err)
		return
	}
	p.ui.tabs.SelectIndex(profilesTab)
}

// chooseProfile lets the person choose a vendor's profile to import.
func (u *UI) chooseProfile() {
	q := portal.Question{Title: u.t("ui.choose.profile"), Patterns: []string{"*.toml"}}
	u.choose(q, func(paths ...string) { u.importProfile(paths[0]) })
}

// importProfile shows whose profile a file is, and imports and uses it once the person
// accepts.
func (u *UI) importProfile(path string) {
	if u.working() {
		return
	}
	var one profile.Profile
	var text []byte
	var err error
	u.work(func() { one, text, err = profile.Read(path) }, func() {
		if err != nil {
			u.showError(err)
			return
		}
		question := kit.NewSubheading(u.t("ui.profiles.accept.question"))
		question.SizeName = theme.SizeNameSubHeadingText
		content := container.NewVBox(newVendor(u, one, path), question, kit.NewText(u.t("ui.profiles.accept.use")),
			u.newFold(u.t("ui.profiles.all"), newSettings(u, one)))
		u.showMessage(u.t("ui.profiles.accept"), content,
			kit.NewButton(u.t("ui.cancel"), nil, func() {}),
			kit.NewMainButton(u.t("ui.profiles.accept.yes"), theme.ConfirmIcon(), func() { u.accept(path, text, false) }))
	})
}

// accept imports a profile with the text that was shown, and uses it. It asks before it
// replaces one of the same name.
func (u *UI) accept(path string, text []byte, replace bool) {
	var one profile.Profile
	var err error
	u.work(func() { one, err = profile.Import(app.ProfileFolders(u.Home).Own, path, text, replace) }, func() {
		switch {
		case errors.Is(err, profile.ErrImported):
			u.confirm(u.t("ui.profiles.replace"), u.t("ui.profiles.replace.question"), u.t("ui.replace.yes"), func() { u.accept(path, text, true) })
		case err != nil:
			u.showError(err)
		default:
			page := profilesTab
			if u.app == nil || u.app.Profile.Practice { // the first real one: now a license can be released
				page = releaseTab
			}
			if err := u.use(one); err != nil {
				u.showError(err)
				return
			}
			u.tabs.SelectIndex(page)
		}
	})
}

// setSecret asks for a profile's shared key and stores it in the system's keyring.
func (p *profilesPage) setSecret(one profile.Profile) {
	entry := kit.NewSecretField(p.ui.pressed)
	set := kit.NewMainButton(p.ui.t("ui.profiles.set.yes"), nil, func() {
		if entry.Text == "" {
			return
		}
		key, err := secret.Typed([]byte(entry.Text))
		if err = cmp.Or(err, app.CheckSecret(one, key)); err != nil {
			p.ui.showError(err)
			return
		}
		p.ui.work(func() { err = app.StoreSecret(one, key) }, func() {
			if err != nil {
				p.ui.showError(err)
				return
			}
			p.showResult(p.ui.t("ui.profiles.kept", "name", one.Name))
		})
	})
	entry.OnSubmitted = func(string) { set.OnTapped() }
	p.ui.showMessage(p.ui.t("ui.profiles.set"), container.NewVBox(kit.NewText(p.ui.t("ui.profiles.set.use", "name", one.Name)), entry),
		kit.NewButton(p.ui.t("ui.cancel"), nil, func() {}), set)
	p.ui.window.Canvas().Focus(entry)
}

// testSecret shows whether the keyring has the shared key, and whether the newest request
// in the history was signed with it.
func (p *profilesPage) testSecret(one profile.Profile) {
	var err error
	var signed journal.Record
	var verdict request.Verdict
	p.ui.work(func() {
		var key secret.Secret
		if key, err = app.StoredSecret(one, ""); err == nil {
			signed, verdict = p.ui.app.TestSecret(one, key)
		}
	}, func() {
		if errors.Is(err, secret.ErrNotStored) || errors.Is(err, secret.ErrNone) {
			p.setSecret(one) // there is nothing to test yet
			return
		}
		if err != nil {
			p.ui.showError(err)
			return
		}
		text := "ui.profiles.test.kept"
		switch verdict {
		case request.Valid:
			text = "ui.profiles.test.right"
		case request.Invalid:
			text = "ui.profiles.test.wrong"
		}
		check, date := "", ""
		if signed.Request != nil {
			check, date = signed.Request.CheckCode(), p.ui.Words.Date(signed.Updated())
		}
		p.showResult(p.ui.t(text, "name", one.Name, "check", check, "date", date))
	})
}

// remove asks, and then removes a profile, and its shared key from the keyring.
func (p *profilesPage) remove(one profile.Profile) {
	if p.ui.working() {
		return
	}
	p.ui.confirm(p.ui.t("ui.profiles.remove"), p.ui.t("ui.profiles.remove.question", "name", one.Name), p.ui.t("ui.profiles.remove.yes"), func() {
		var err, left error
		p.ui.work(func() {
			_, left, err = app.RemoveProfile(p.ui.Home, one.Name)
		}, func() {
			switch {
			case err != nil:
				p.ui.showError(err)
			case p.inUse(one):
				p.ui.start()
			default:
				p.load()
			}
			if left != nil {
				p.ui.showError(left)
			}
		})
	})
}

// showResult shows the result of the last button.
func (p *profilesPage) showResult(text string) {
	p.problem.RemoveAll()
	p.problem.Add(kit.NewText(text))
}
