package ui

import (
	"encoding/json"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"handback/app"
	"handback/app/words"
	"handback/ui/kit"
)

// looks are the names of the looks, as keys of the catalogue.
var looks = map[app.Look]string{app.SystemLook: "ui.settings.system", app.Light: "ui.settings.look.light", app.Dark: "ui.settings.look.dark",
	app.HighContrast: "ui.settings.look.contrast"}

// showSettings opens a dialog for language, text size and look.
func (u *UI) showSettings() {
	languages := append([]string{""}, words.Languages()...)
	var names []string
	for _, tag := range languages {
		name := u.t("ui.settings.system")
		if tag != "" {
			name = words.For(tag).Text("format.language")
		}
		names = append(names, name)
	}
	language := kit.NewSelect(names, nil)
	language.SetSelectedIndex(max(0, slices.Index(languages, u.Settings.Language)))

	var sizes []string
	for _, percent := range app.TextSizes() {
		sizes = append(sizes, u.t("ui.settings.percent", "number", percent))
	}
	size := kit.NewSelect(sizes, nil)
	size.SetSelectedIndex(slices.Index(app.TextSizes(), u.textSize()))

	var shown []string
	for _, l := range app.Looks() {
		shown = append(shown, u.t(looks[l]))
	}
	look := kit.NewSelect(shown, nil)
	look.SetSelectedIndex(slices.Index(app.Looks(), u.Settings.Look))

	u.showMessage(u.t("ui.settings"), container.New(layout.NewFormLayout(),
		kit.NewFieldName(u.t("ui.settings.language")), language,
		kit.NewFieldName(u.t("ui.settings.text_size")), size,
		kit.NewFieldName(u.t("ui.settings.look")), look),
		kit.NewButton(u.t("ui.cancel"), nil, func() {}),
		kit.NewMainButton(u.t("ui.settings.apply"), theme.ConfirmIcon(), func() {
			u.apply(app.Settings{Language: languages[language.SelectedIndex()], TextSize: app.TextSizes()[size.SelectedIndex()],
				Look: app.Looks()[look.SelectedIndex()]})
		}))
	u.window.Canvas().Focus(language)
}

func (u *UI) textSize() int {
	if u.Settings.TextSize == 0 {
		return 100
	}
	return u.Settings.TextSize
}

// resize changes the text size by some steps.
func (u *UI) resize(steps int) {
	sizes := app.TextSizes()
	s := u.Settings
	s.TextSize = sizes[min(max(0, slices.Index(sizes, u.textSize())+steps), len(sizes)-1)]
	u.apply(s)
}

// apply stores settings and rebuilds the window with them. What was typed, opened and
// made is carried over.
func (u *UI) apply(s app.Settings) {
	if u.working() {
		return
	}
	s.Profile = u.Settings.Profile // no setting of the dialog
	u.Settings = s
	var err error
	u.work(func() { err = s.Save(u.Home) }, func() {
		if err != nil {
			u.showError(err)
		}
	})
	u.Words = u.wordsFor(s)
	u.applyLook()
	if u.app == nil {
		u.start()
		return
	}
	u.app = u.app.WithWords(u.Words)
	a := u.app
	u.work(func() { u.batch.Prefer(a) }, func() {})
	before := *u
	u.build()
	u.restore(before)
}

// wordsFor returns the texts in the language of the settings.
func (u *UI) wordsFor(s app.Settings) *words.Words {
	if s.Language == "" {
		return words.For(u.System...)
	}
	return words.For(s.Language)
}

// applyLook sets theme and language of the window.
func (u *UI) applyLook() {
	fyne.CurrentApp().Settings().SetTheme(Theme(u.Settings, u.Words.Language()))
	u.applyLanguage()
}

// applyLanguage sets the language of the window.
func (u *UI) applyLanguage() {
	u.overrideFyneTexts()
	u.window.SetTitle(u.t("ui.title"))
}

// restoreTyped copies what was typed and listed from the pages before to pages that were
// built for another profile.
func (u *UI) restoreTyped(before UI) {
	if before.release == nil {
		return
	}
	r, old := u.release, before.release
	if i := slices.Index(old.kind.Options, old.kind.Selected); i >= 0 && len(r.kind.Options) == len(old.kind.Options) {
		r.kind.SetSelected(r.kind.Options[i])
	}
	r.owner.SetText(old.owner.Text)
	r.typed.SetText(old.typed.Text)
	u.submit.at = before.submit.at
	u.submit.show()
}

// restore copies what was typed, opened and made from the pages before to rebuilt pages.
func (u *UI) restore(before UI) {
	u.restoreTyped(before)
	r, old := u.release, before.release
	r.made, r.madeFrom = old.made, old.madeFrom
	r.host.SetChecked(old.host.Checked)
	r.source.SetSelectedIndex(old.source.SelectedIndex())
	r.set(old.step)
	if c := before.carry; c != nil {
		c.leave()
		u.showCarry(c.made)
		u.carry.carried = c.carried
		u.carry.folder.SetText(c.folder.Text)
		u.carry.name.SetText(c.name.Text)
		u.carry.restoreDrawing(c)
		u.carry.ways.Choose(c.ways.At)
		if c.done != nil {
			u.carry.showResult(*c.done)
		}
	}
	u.tabs.SelectIndex(before.tabs.SelectedIndex())
	u.focus()
}

// fyneTexts maps the translation keys of Fyne's own dialogs and menus to keys of the
// catalogue.
var fyneTexts = map[string]string{
	"Advanced":          "fyne.advanced",
	"Cancel":            "fyne.cancel",
	"Confirm":           "fyne.confirm",
	"Copy":              "fyne.copy",
	"Create Folder":     "fyne.create_folder",
	"Cut":               "fyne.cut",
	"Enter filename":    "fyne.enter_filename",
	"Error":             "fyne.error",
	"Favourites":        "fyne.favourites",
	"File":              "fyne.file",
	"Folder":            "fyne.folder",
	"New Folder":        "fyne.new_folder",
	"No":                "fyne.no",
	"OK":                "fyne.ok",
	"Open":              "fyne.open",
	"Paste":             "fyne.paste",
	"Quit":              "fyne.quit",
	"Redo":              "fyne.redo",
	"Save":              "fyne.save",
	"Select all":        "fyne.select_all",
	"Show Hidden Files": "fyne.show_hidden_files",
	"Undo":              "fyne.undo",
	"Yes":               "fyne.yes",
	"file.name":         "fyne.file.name",
	"file.parent":       "fyne.file.parent",
}

// textsOverridden records that Fyne's texts were overridden. Fyne has one language per
// process.
var textsOverridden bool

// overrideFyneTexts puts Fyne's own texts into the window's language. Fyne takes its
// language from the system, so ours are added as translations for that.
func (u *UI) overrideFyneTexts() {
	w, system := u.Words, lang.SystemLocale()
	if !textsOverridden && strings.HasPrefix(string(system), w.Language()) {
		return // Fyne has this language already
	}
	textsOverridden = true
	texts := map[string]string{}
	for own, key := range fyneTexts {
		texts[own] = w.Text(key)
	}
	file, err := json.Marshal(texts)
	if err != nil {
		return // cannot fail: a map of strings
	}
	for _, locale := range []fyne.Locale{system, fyne.Locale(system.LanguageString())} {
		if err := lang.AddTranslationsForLocale(file, locale); err != nil {
			fyne.LogError("Fyne's own words", err)
		}
	}
}
