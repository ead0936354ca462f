package ui

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"handback/app"
	"handback/ui/kit"
)

// tab presses the Tab key like the real driver: the widget that has the focus may keep
// the key.
func (d *desk) tab(back bool) {
	c := d.window.Canvas()
	switch keeps, ok := c.Focused().(fyne.Tabbable); {
	case ok && keeps.AcceptsTab():
		c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	case back:
		c.FocusPrevious()
	default:
		c.FocusNext()
	}
}

// around returns the widgets that the Tab key reaches, until it is back at the first.
func (d *desk) around(back bool) []fyne.Focusable {
	c := d.window.Canvas()
	c.Unfocus()
	var stops []fyne.Focusable
	for range 200 {
		d.tab(back)
		stop := c.Focused()
		if stop == nil || slices.Contains(stops, stop) {
			return append(stops, stop)
		}
		stops = append(stops, stop)
	}
	return stops
}

// focusable returns all visible widgets that could have the focus, in drawing order.
func (d *desk) focusable() (all []fyne.Focusable) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		disabled, can := o.(fyne.Disableable)
		if f, ok := o.(fyne.Focusable); ok && (!can || !disabled.Disabled()) {
			all = append(all, f)
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			renderer := test.WidgetRenderer(o)
			renderer.Layout(o.Size()) // Fyne makes a new renderer if the last is unused for a minute
			for _, child := range renderer.Objects() {
				walk(child)
			}
		}
	}
	walk(d.top())
	return all
}

func named(f fyne.Focusable) string {
	switch f := f.(type) {
	case *kit.Button:
		return fmt.Sprintf("%T %q", f, f.Text)
	case *kit.Field:
		return fmt.Sprintf("%T %q", f, f.PlaceHolder)
	}
	return fmt.Sprintf("%T", f)
}

// F102: on every page and in every dialog, from every widget, the Tab key goes on, and
// reaches in both directions every widget that can have the focus; and the window's own
// keys work. Fyne's file dialogs do not pass keys on.
func TestTheTabKeyWalksAllTheWayRoundAndNoStopIsDead(t *testing.T) {
	count := 0
	walk := func(name string, d *desk) {
		c := d.window.Canvas()
		before, keys := c.Focused(), c.OnTypedKey()
		defer func() {
			c.SetOnTypedKey(keys)
			c.Focus(before)
		}()
		var heard []fyne.KeyName
		c.SetOnTypedKey(func(e *fyne.KeyEvent) { heard = append(heard, e.Name) })
		stops := d.around(false)
		back := d.around(true)
		if len(stops) < 2 || stops[0] != stops[len(stops)-1] {
			t.Errorf("%s: from the last stop Tab does not come back to the first, after %s", name, named(stops[max(0, len(stops)-2)]))
			return
		}
		stops = stops[:len(stops)-1]
		slices.Reverse(back[:len(back)-1])
		if !slices.Equal(stops, back[:len(back)-1]) {
			t.Errorf("%s: Shift+Tab goes another way", name)
		}
		for _, f := range d.focusable() {
			if !slices.Contains(stops, f) {
				t.Errorf("%s: %s is not reached", name, named(f))
			}
		}
		for _, stop := range stops {
			count++
			c.Focus(stop)
			for _, key := range []fyne.KeyName{fyne.KeyF1, fyne.KeyEscape} {
				heard = nil
				stop.TypedKey(&fyne.KeyEvent{Name: key})
				if !slices.Equal(heard, []fyne.KeyName{key}) {
					t.Errorf("%s: %s is dead at %s", name, key, named(stop))
				}
			}
		}
	}
	pages(t, app.Settings{}, walk)
	for name, open := range map[string]func(d *desk){
		"open a profile":     func(d *desk) { d.tabs.SelectIndex(profilesTab); d.tap("ui.profiles.import") },
		"open a hardware ID": func(d *desk) { d.release.chooseID() },
		"choose a folder":    func(d *desk) { d.carryIt(); d.tap("ui.choose") },
	} {
		d := sitWithKey(t, acme)
		open(d)
		walk(name, d)
	}
	if count < 800 {
		t.Errorf("only %d stops", count)
	}
}

// F102: the focus is visible.
func TestWhatHasTheFocusIsMarked(t *testing.T) {
	seen := map[string]bool{}
	pages(t, app.Settings{TextSize: 100}, func(name string, d *desk) {
		c := d.window.Canvas()
		before := c.Focused()
		defer c.Focus(before)
		for _, stop := range d.focusable() {
			kind := fmt.Sprintf("%T", stop)
			if seen[kind] || kind == "*kit.Field" { // its cursor blinks
				continue
			}
			seen[kind] = true
			for range 2 { // over a minute after the last picture, Fyne drops what it drew
				c.Capture()
			}
			c.Focus(stop)
			with := c.Capture()
			c.Unfocus()
			if reflect.DeepEqual(with, c.Capture()) {
				t.Errorf("%s: nobody sees that %s has the focus", name, named(stop))
			}
		}
	})
	if len(seen) < 5 {
		t.Errorf("only %v", seen)
	}
}

// F102: a button that is no longer visible does nothing on a key.
func TestWhatIsGoneFromThePageLosesTheFocus(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.window.Canvas().Focus(d.submit.clear)
	d.enter()
	if got := d.window.Canvas().Focused(); got == fyne.Focusable(d.submit.clear) {
		t.Error("a button that is hidden has the keys")
	}
	d.tabs.SelectIndex(profilesTab)
	gone := d.button("ui.profiles.set").(*kit.Button)
	d.window.Canvas().Focus(gone)
	d.profiles.load()
	if got := d.window.Canvas().Focused(); got == fyne.Focusable(gone) {
		t.Error("a button of the page that was there before has the keys")
	}
}
