package ui

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"handback/ui/kit"
)

// F90: every key that F1 lists does what the list says.
func TestEachKeyUnderF1DoesWhatItSays(t *testing.T) {
	key := func(d *desk, name fyne.KeyName) { d.focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	onTab := func(tab int, name fyne.KeyName) func(*desk) bool {
		return func(d *desk) bool {
			d.tabs.SelectIndex((tab + 1) % len(d.tabs.Items))
			d.press(name)
			return d.tabs.SelectedIndex() == tab
		}
	}
	does := map[string]func(d *desk) bool{
		"Tab": func(d *desk) bool {
			before := d.focused()
			d.tab(false)
			return d.focused() != before
		},
		"Enter": func(d *desk) bool { // on each kind of widget that looks like a button
			d.tap("ui.settings")
			d.enter() // opens the list of languages
			open := len(d.window.Canvas().Overlays().List()) == 2
			key(d, fyne.KeyEscape)
			key(d, fyne.KeyEscape)
			d.tap("ui.help")
			d.window.Canvas().Focus(d.button("ui.keys").(*kit.Button))
			d.enter()
			d.expect("ui.keys.send")
			d.tap("ui.close")
			d.window.Canvas().Focus(d.button("ui.username").(*kit.Button))
			d.enter()
			return open && d.release.byUsername()
		},
		"Esc": func(d *desk) bool {
			for name, open := range map[string]func(){
				"settings":      func() { d.tap("ui.settings") },
				"help":          func() { d.tap("ui.help") },
				"hardware IDs":  func() { d.release.showCandidates() },
				"dead computer": func() { d.release.offerOtherID() },
				"lines":         func() { d.submit.typeLines() },
				"shared key":    func() { d.promptSecret(d.app, nil, secretAnswers{}) },
				"a profile":     func() { d.importProfile(profileFile(d.t, "Beta CAM")) },
				"an error":      func() { d.showError(oddity("")) },
				"a question":    func() { d.confirm("", "", "yes", func() { d.t.Error("Esc said yes") }) },
			} {
				open()
				stops := d.around(false)
				for _, stop := range stops[:len(stops)-1] {
					d.window.Canvas().Focus(stop)
					key(d, fyne.KeyEscape)
					if d.window.Canvas().Overlays().Top() != nil {
						d.t.Errorf("%s is open after Esc at %s", name, named(stop))
						return false
					}
					d.dialog.Show()
				}
				d.dialog.Hide()
			}
			d.carryIt()
			d.carry.ways.Choose(codeRoad)
			d.tap("ui.codes.full")
			d.tab(false)
			key(d, fyne.KeyEscape)
			return d.full == nil
		},
		"F1": func(d *desk) bool { key(d, fyne.KeyF1); return d.reads(d.UI.t("ui.keys")) },
		"Ctrl+O": func(d *desk) bool {
			d.press(fyne.KeyO)
			return d.tabs.SelectedIndex() == submitTab && d.window.Canvas().Overlays().Top() != nil
		},
		"Ctrl+S": func(d *desk) bool { d.carryIt(); d.press(fyne.KeyS); return len(d.saved()) == 1 },
		"Ctrl+C": func(d *desk) bool {
			made := d.carryIt()
			for _, o := range d.focusable() {
				if v, ok := o.(*kit.Value); ok && v.Text == made.CheckCode() {
					d.window.Canvas().Focus(v)
				}
			}
			d.copyValue() // like the canvas; the test canvas has no shortcuts
			return fyne.CurrentApp().Clipboard().Content() == made.CheckCode()
		},
		"Ctrl+Enter": func(d *desk) bool {
			d.opened(d.made().Encode())
			d.press(fyne.KeyReturn)
			return len(d.wire.Sent()) == 1
		},
		"Ctrl+V": func(d *desk) bool {
			d.tabs.SelectIndex(submitTab)
			fyne.CurrentApp().Clipboard().SetContent(d.made().Encode())
			d.UI.paste()
			return len(d.submit.rows) == 1
		},
		"Ctrl+,": func(d *desk) bool { d.press(fyne.KeyComma); return d.reads(d.UI.t("ui.settings.language")) },
		"Ctrl++": func(d *desk) bool { d.press(fyne.KeyPlus); return d.textSize() == 125 },
		"Ctrl+-": func(d *desk) bool { d.press(fyne.KeyMinus); return d.textSize() == 80 },
	}
	d := sitWithKey(t, acme)
	for tab := range d.tabs.Items {
		number := strconv.Itoa(tab + 1)
		does["Ctrl+"+number] = onTab(tab, fyne.KeyName(number))
	}
	var listed []string
	for i, o := range d.keys().(*fyne.Container).Objects {
		if i%2 == 0 {
			listed = append(listed, strings.Replace(o.(*widget.Label).Text, "Cmd", "Ctrl", 1))
		}
	}
	for _, name := range listed {
		t.Run(name, func(t *testing.T) {
			check, known := does[name]
			if !known {
				t.Fatal("nobody knows whether that is true")
			}
			if !check(sitWithKey(t, acme)) {
				t.Error("it does not")
			}
		})
		delete(does, name)
	}
	for name := range does {
		t.Errorf("%s does something, and is not listed: %v", name, slices.Sorted(slices.Values(listed)))
	}
}

type oddity string

func (o oddity) Error() string { return "odd: " + string(o) }
