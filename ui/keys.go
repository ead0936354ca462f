package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"

	"handback/app"
	"handback/app/brand"
	"handback/ui/kit"
)

// shortcut is a key that works wherever the focus is.
type shortcut struct {
	key  fyne.KeyName // with Ctrl, on macOS with Cmd
	name string       // in the help; empty: not listed
	does string       // what it does, a key of the catalogue
	do   func()
}

// shortcuts returns all shortcuts in the order in which F1 lists them.
func (u *UI) shortcuts() []shortcut {
	var all []shortcut
	for tab, p := range u.pages() {
		number := strconv.Itoa(tab + 1)
		all = append(all, shortcut{fyne.KeyName(number), number, p.name, func() { u.tabs.SelectIndex(tab) }})
	}
	return append(all, []shortcut{
		{fyne.KeyO, "O", "ui.keys.open", func() { u.tabs.SelectIndex(submitTab); u.submit.choose() }},
		{fyne.KeyS, "S", "ui.keys.save", func() {
			if u.carry != nil && u.tabs.SelectedIndex() == releaseTab {
				u.carry.save.OnTapped()
			}
		}},
		{fyne.KeyReturn, "Enter", "ui.keys.send", func() {
			if u.tabs.SelectedIndex() == submitTab {
				u.submit.submit()
			}
		}},
		{fyne.KeyComma, ",", "ui.settings", u.showSettings},
		{fyne.KeyPlus, "+", "ui.keys.larger", func() { u.resize(1) }},
		{fyne.KeyEqual, "", "", func() { u.resize(1) }}, // for keyboards on which + needs Shift
		{fyne.KeyMinus, "-", "ui.keys.smaller", func() { u.resize(-1) }},
	}...)
}

// addShortcuts registers the shortcuts with the window. Fyne sends them to a focused
// field instead, which passes them on.
func (u *UI) addShortcuts() {
	u.window.Canvas().AddShortcut(&fyne.ShortcutCopy{}, func(fyne.Shortcut) { u.copyValue() })
	u.window.Canvas().AddShortcut(&fyne.ShortcutPaste{}, func(fyne.Shortcut) { u.paste() })
	for _, s := range u.shortcuts() {
		u.window.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: s.key, Modifier: fyne.KeyModifierShortcutDefault}, func(typed fyne.Shortcut) { u.pressed(typed) })
	}
}

// copyValue copies the value that has the focus.
func (u *UI) copyValue() {
	if v, ok := u.window.Canvas().Focused().(*kit.Value); ok {
		fyne.CurrentApp().Clipboard().SetContent(v.Copied())
	}
}

// paste reads the clipboard on the page that submits. On other pages only fields paste.
func (u *UI) paste() {
	if u.app != nil && u.tabs.SelectedIndex() == submitTab && u.noOverlay() {
		u.submit.paste()
	}
}

// noOverlay reports whether neither a dialog nor a code on the whole screen covers the
// page.
func (u *UI) noOverlay() bool { return u.window.Canvas().Overlays().Top() == nil && u.full == nil }

// pressed runs a shortcut of the window and reports whether typed is one. While a dialog
// is open, shortcuts do nothing.
func (u *UI) pressed(typed fyne.Shortcut) bool {
	custom, ok := typed.(*desktop.CustomShortcut)
	if !ok || custom.Modifier != fyne.KeyModifierShortcutDefault || u.app == nil {
		return false
	}
	for _, s := range u.shortcuts() {
		if s.key == custom.KeyName {
			if u.noOverlay() {
				s.do()
			}
			return true
		}
	}
	return false
}

// questions are frequent questions with their answers, as keys of the catalogue.
var questions = []struct{ question, answer string }{
	{"ui.ask.what_not", "ui.ask.what_not.answer"},
	{"ui.ask.withdraw", "ui.ask.withdraw.answer"},
	{"ui.ask.new_computer", "ui.ask.new_computer.answer"},
	{"ui.ask.no_key", "ui.ask.no_key.answer"},
	{"ui.ask.unknown", "ui.ask.unknown.answer"},
	{"ui.ask.screen_reader", "ui.ask.screen_reader.answer"},
}

// help opens the help: questions with answers, the keys, and the version.
func (u *UI) help() {
	portal, contact := "", u.t("message.contact")
	if u.app != nil {
		portal, contact = u.app.Profile.Server.Portal, u.app.Contact()
	}
	all := container.NewVBox()
	for _, q := range questions {
		if q.question == "ui.ask.screen_reader" && u.Accessible {
			continue // screen readers can read the window
		}
		all.Add(kit.NewFold(u.t(q.question), kit.NewText(u.t(q.answer, "portal", portal, "contact", contact)), false))
	}
	all.Add(kit.NewFold(u.t("ui.keys"), u.keys(), false))
	all.Add(kit.NewFold(u.t("about.title"), kit.NewText(brand.Current().Name+" "+app.Packaged()+"\n"+strings.Join(app.About(u.Words), "\n")), false))
	scroll := container.NewVScroll(all)
	scroll.SetMinSize(fyne.NewSize(600, 420))
	u.showMessage(u.t("ui.help"), scroll, kit.NewMainButton(u.t("ui.close"), nil, func() {}))
}

// keys returns a table of the keys.
func (u *UI) keys() fyne.CanvasObject {
	modifier := u.t("ui.keys.ctrl")
	if fyne.KeyModifierShortcutDefault == fyne.KeyModifierSuper {
		modifier = u.t("ui.keys.cmd")
	}
	grid := container.New(layout.NewFormLayout())
	row := func(name, does string) {
		grid.Add(kit.NewFieldName(name))
		grid.Add(kit.NewText(does))
	}
	row(u.t("ui.keys.tab"), u.t("ui.keys.tab.does"))
	row(u.t("ui.keys.enter"), u.t("ui.keys.enter.does"))
	row(u.t("ui.keys.esc"), u.t("ui.keys.esc.does"))
	row("F1", u.t("ui.help"))
	row(modifier+"+C", u.t("ui.keys.copy"))
	row(modifier+"+V", u.t("ui.keys.paste"))
	for _, s := range u.shortcuts() {
		if s.name == "" {
			continue
		}
		row(modifier+"+"+s.name, u.t(s.does))
	}
	return grid
}
