package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"handback/app"
	"handback/app/brand"
	"handback/app/profile"
	"handback/app/words"
	"handback/ui/kit"
)

// showWelcome fills the window with the question with which it starts: whether the person
// has a vendor's profile or practices first; with several profiles, which one to use.
func (u *UI) showWelcome() {
	u.app = nil
	profiles, _ := app.Profiles(u.Home) // asksForProfile has read them without an error
	heading, use := brand.Current().Name, u.t("ui.welcome.use")
	ways := container.New(layout.NewCustomPaddedVBoxLayout(2 * theme.Padding()))
	for _, one := range profiles {
		if !one.Practice {
			heading, use = u.t("ui.welcome.which"), u.t("ui.welcome.which.use")
			ways.Add(kit.NewChoice(words.Visible(one.Name, 60), words.Visible(one.Destination("").Hosts(), 80), theme.AccountIcon(), func() { u.begin(one) }))
		}
	}
	ways.Add(kit.NewChoice(u.t("ui.welcome.file"), u.t("ui.welcome.file.use"), theme.FolderOpenIcon(), u.chooseProfile))
	ways.Add(kit.NewChoice(u.t("ui.welcome.practice"), u.t("ui.welcome.practice.use"), theme.HelpIcon(), func() { u.begin(profile.Practice()) }))
	if len(u.batch.Rows()) > 0 {
		ways.Add(kit.NewText(u.t("ui.welcome.opened")))
	}
	top := container.NewPadded(container.NewHBox(layout.NewSpacer(), u.tools()))
	page := container.NewVScroll(kit.NewColumn(42, container.NewPadded(container.NewPadded(container.NewVBox(kit.NewTitle(heading, use), kit.NewSpace(0.5), ways)))))
	u.window.SetContent(container.NewBorder(top, nil, nil, nil, page))
	u.window.Canvas().Focus(ways.Objects[0].(fyne.Focusable))
}

// begin uses the profile that was chosen at the start, and shows the requests that were
// opened before that.
func (u *UI) begin(p profile.Profile) {
	if err := u.use(p); err != nil {
		u.showError(err)
		return
	}
	var ids []int
	for _, row := range u.batch.Rows() {
		ids = append(ids, row.ID)
	}
	if len(ids) > 0 {
		u.tabs.SelectIndex(submitTab)
		u.submit.added(ids)
	}
}
