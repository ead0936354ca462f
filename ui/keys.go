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

// shortcut is a key that does something wherever the cursor is.
type shortcut struct {
	key  fyne.KeyName // with Ctrl, on macOS with Cmd
	name string       // as it stands under F1; empty: it does not
	does string       // the key of its words
	do   func()
}

// shortcuts are all there are, in the order of F1.
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
		{fyne.KeyComma, ",", "ui.settings", u.askSettings},
		{fyne.KeyPlus, "+", "ui.keys.larger", func() { u.resize(1) }},
		{fyne.KeyEqual, "", "", func() { u.resize(1) }}, // where + takes Shift
		{fyne.KeyMinus, "-", "ui.keys.smaller", func() { u.resize(-1) }},
	}...)
}

// listen lets the shortcuts work where no text is typed; fields pass them on.
func (u *UI) listen() {
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

// paste reads what the clipboard holds on the page that submits; elsewhere fields take it.
func (u *UI) paste() {
	if u.app != nil && u.tabs.SelectedIndex() == submitTab && u.alone() {
		u.submit.paste()
	}
}

// alone reports whether nothing lies over the page.
func (u *UI) alone() bool { return u.window.Canvas().Overlays().Top() == nil && u.full == nil }

// pressed does what a shortcut says, and tells whether it is one. While a dialog is
// open they rest.
func (u *UI) pressed(typed fyne.Shortcut) bool {
	custom, ok := typed.(*desktop.CustomShortcut)
	if !ok || custom.Modifier != fyne.KeyModifierShortcutDefault || u.app == nil {
		return false
	}
	for _, s := range u.shortcuts() {
		if s.key == custom.KeyName {
			if u.alone() {
				s.do()
			}
			return true
		}
	}
	return false
}

// questions are what people wonder, and the answers, by the keys of their words.
var questions = []struct{ asked, answer string }{
	{"ui.ask.what_not", "ui.ask.what_not.answer"},
	{"ui.ask.withdraw", "ui.ask.withdraw.answer"},
	{"ui.ask.new_computer", "ui.ask.new_computer.answer"},
	{"ui.ask.no_key", "ui.ask.no_key.answer"},
	{"ui.ask.unknown", "ui.ask.unknown.answer"},
}

// help answers what people wonder, and lists the keys.
func (u *UI) help() {
	portal, contact := "", u.t("message.contact")
	if u.app != nil {
		portal, contact = u.app.Profile.Server.Portal, u.app.Contact()
	}
	all := container.NewVBox()
	for _, q := range questions {
		all.Add(kit.NewFold(u.t(q.asked), kit.NewText(u.t(q.answer, "portal", portal, "contact", contact)), false))
	}
	all.Add(kit.NewFold(u.t("ui.keys"), u.keys(), false))
	all.Add(kit.NewFold(u.t("about.title"), kit.NewText(brand.Current().Name+" "+app.Packaged()+"\n"+strings.Join(app.About(u.Words), "\n")), false))
	scroll := container.NewVScroll(all)
	scroll.SetMinSize(fyne.NewSize(600, 420))
	u.ask(u.t("ui.help"), scroll, kit.NewMainButton(u.t("ui.close"), nil, func() {}))
}

// keys lists the keys.
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
