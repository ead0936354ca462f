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

// looks are the looks' names, by the keys of their words.
var looks = map[app.Look]string{app.SystemLook: "ui.settings.system", app.Light: "ui.settings.look.light", app.Dark: "ui.settings.look.dark",
	app.HighContrast: "ui.settings.look.contrast"}

// askSettings offers the language, the size of the text and the look.
func (u *UI) askSettings() {
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

	u.ask(u.t("ui.settings"), container.New(layout.NewFormLayout(),
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

// resize makes the text some steps larger, or smaller.
func (u *UI) resize(steps int) {
	sizes := app.TextSizes()
	s := u.Settings
	s.TextSize = sizes[min(max(0, slices.Index(sizes, u.textSize())+steps), len(sizes)-1)]
	u.apply(s)
}

// apply keeps settings and shows everything anew under them. What was typed, opened
// and made stays.
func (u *UI) apply(s app.Settings) {
	if u.working() {
		return
	}
	u.Settings = s
	var err error
	u.work(func() { err = s.Save(u.Home) }, func() {
		if err != nil {
			u.showError(err)
		}
	})
	u.Words = u.wordsFor(s)
	u.dress()
	if u.app == nil {
		u.start()
		return
	}
	u.app = u.app.WithWords(u.Words)
	under := u.app
	u.work(func() { u.batch.Prefer(under) }, func() {})
	kept := *u
	u.build()
	u.keep(kept)
}

// wordsFor are the words in the language of the settings.
func (u *UI) wordsFor(s app.Settings) *words.Words {
	if s.Language == "" {
		return words.For(u.System...)
	}
	return words.For(s.Language)
}

// dress gives the window its look and its language.
func (u *UI) dress() {
	fyne.CurrentApp().Settings().SetTheme(Theme(u.Settings, u.Words.Language()))
	u.name()
}

// name gives the window its language.
func (u *UI) name() {
	u.speak()
	u.window.SetTitle(u.t("ui.title"))
}

// keepTyped takes over what was typed and what is listed, on pages that were built anew
// for another profile.
func (u *UI) keepTyped(before UI) {
	if before.release == nil {
		return
	}
	r, old := u.release, before.release
	if i := slices.Index(old.kind.Options, old.kind.Selected); i >= 0 && len(r.kind.Options) == len(old.kind.Options) {
		r.kind.SetSelected(r.kind.Options[i])
	}
	r.owner.SetText(old.owner.Text)
	r.typed.SetText(old.typed.Text)
	u.submit.at, u.submit.unknown = before.submit.at, before.submit.unknown
	u.submit.show()
}

// keep takes over what was typed, opened and made on pages that were built anew.
func (u *UI) keep(before UI) {
	u.keepTyped(before)
	r, old := u.release, before.release
	r.made, r.of = old.made, old.of
	r.host.SetChecked(old.host.Checked)
	r.source.SetSelectedIndex(old.source.SelectedIndex())
	r.set(old.step)
	if c := before.carry; c != nil {
		c.leave()
		u.showCarry(c.made)
		u.carry.carried = c.carried
		u.carry.folder.SetText(c.folder.Text)
		u.carry.name.SetText(c.name.Text)
		u.carry.ways.Choose(c.ways.At)
	}
	u.tabs.SelectIndex(before.tabs.SelectedIndex())
	u.focus()
}

// fynesOwn are the words that Fyne's dialogs and menus say by themselves, by its own
// keys, and ours for them.
var fynesOwn = map[string]string{
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

// spoken: Fyne, which has one language for the whole program, was given words of ours.
var spoken bool

// speak lets Fyne's own words follow the language of ours: under whatever language
// Fyne takes the system's to be, it is given ours.
func (u *UI) speak() {
	w, system := u.Words, lang.SystemLocale()
	if !spoken && strings.HasPrefix(string(system), w.Language()) {
		return // it speaks that by itself
	}
	spoken = true
	texts := map[string]string{}
	for own, key := range fynesOwn {
		texts[own] = w.Text(key)
	}
	file, err := json.Marshal(texts)
	if err != nil {
		return // it holds texts alone
	}
	for _, locale := range []fyne.Locale{system, fyne.Locale(system.LanguageString())} {
		if err := lang.AddTranslationsForLocale(file, locale); err != nil {
			fyne.LogError("Fyne's own words", err)
		}
	}
}
