package ui

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/machine"
	"handback/app/words"
	"handback/ui/kit"
)

// smallest is the smallest window in which everything can be read, at every text size.
var smallest = fyne.NewSize(900, 640)

// settle lays the window out like the real driver, which lays out again what changed its
// size by wrapping.
func (d *desk) settle() {
	tops := append([]fyne.CanvasObject{d.window.Canvas().Content()}, d.window.Canvas().Overlays().List()...)
	for range 4 {
		for _, top := range tops {
			eachOf(top, func(o fyne.CanvasObject) {
				if c, ok := o.(*fyne.Container); ok && c.Layout != nil {
					c.Layout.Layout(c.Objects, c.Size())
				}
				if s, ok := o.(*container.Scroll); ok {
					s.Refresh()
				}
			})
		}
	}
}

// drawn is a text with its position.
type drawn struct {
	text     string
	from, to fyne.Position
}

// place is where something may be drawn.
type place struct {
	from, to fyne.Position
	scrolled bool // vertically
	entry    bool
	typed    bool // the cursor reaches text that is longer
}

// drawnIn returns the texts that are drawn, and those that are cut.
func (d *desk) drawnIn(top fyne.CanvasObject) (all []drawn, cut []string) {
	var walk func(o fyne.CanvasObject, at fyne.Position, in place)
	into := func(objects []fyne.CanvasObject, at fyne.Position, in place) {
		for _, o := range objects {
			walk(o, at, in)
		}
	}
	entry := func(e *widget.Entry, at fyne.Position, in place) {
		in.typed = e.Text != ""
		in.from.X, in.to.X = max(in.from.X, at.X), min(in.to.X, at.X+e.Size().Width)
		in.entry = true
		into(test.WidgetRenderer(e).Objects(), at, in)
	}
	walk = func(o fyne.CanvasObject, at fyne.Position, in place) {
		if !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		switch o := o.(type) {
		case *canvas.Text:
			one, wrong := draw(o, at, in)
			if one.text != "" {
				all = append(all, one)
			}
			if wrong {
				cut = append(cut, fmt.Sprintf("%q at %v, %v wide, in %v to %v", o.Text, at, fyne.MeasureText(o.Text, o.TextSize, o.TextStyle).Width, in.from, in.to))
			}
		case *container.Scroll:
			if in.entry { // Fyne lays it out when something is typed
				walk(o.Content, at, in)
				return
			}
			end := at.Add(fyne.NewPos(o.Size().Width, o.Size().Height))
			inner := place{fyne.NewPos(max(at.X, in.from.X), max(at.Y, in.from.Y)), fyne.NewPos(min(end.X, in.to.X), min(end.Y, in.to.Y)), true, false, false}
			walk(o.Content, at, inner)
		case *fyne.Container:
			into(o.Objects, at, in)
		case *kit.Field:
			entry(&o.Entry, at, in)
		case *widget.Entry:
			entry(o, at, in)
		case fyne.Widget:
			into(test.WidgetRenderer(o).Objects(), at, in)
		}
	}
	size := d.window.Canvas().Size()
	walk(top, fyne.Position{}, place{to: fyne.NewPos(size.Width, size.Height)})
	return all, cut
}

// draw returns the visible part of a text, and whether a part of it cannot be reached.
func draw(text *canvas.Text, at fyne.Position, in place) (one drawn, cut bool) {
	size := fyne.MeasureText(text.Text, text.TextSize, text.TextStyle)
	switch text.Alignment {
	case fyne.TextAlignCenter:
		at.X += (text.Size().Width - size.Width) / 2
	case fyne.TextAlignTrailing:
		at.X += text.Size().Width - size.Width
	}
	to := at.Add(size)
	spare := float32(1)
	if strings.HasSuffix(text.Text, "…") {
		spare = text.TextSize // Fyne measures its ellipsis in another size
	}
	cut = !in.typed && (at.X < in.from.X-1 || to.X > in.to.X+spare) || !in.scrolled && (at.Y < in.from.Y-2 || to.Y > in.to.Y+2)
	from := fyne.NewPos(max(at.X, in.from.X), max(at.Y, in.from.Y))
	to = fyne.NewPos(min(to.X, in.to.X), min(to.Y, in.to.Y))
	if strings.TrimSpace(text.Text) == "" || from.X >= to.X || from.Y >= to.Y {
		return drawn{}, cut && strings.TrimSpace(text.Text) != ""
	}
	return drawn{text.Text, from, to}, cut
}

// overlapping returns the pairs of texts that are drawn over each other.
func overlapping(all []drawn) (pairs []string) {
	for i, a := range all {
		for _, b := range all[:i] {
			// The distance of lines is less than the height of their letters.
			if a.from.X < b.to.X-1 && b.from.X < a.to.X-1 && a.from.Y < b.to.Y-6 && b.from.Y < a.to.Y-6 {
				pairs = append(pairs, fmt.Sprintf("%q and %q", a.text, b.text))
			}
		}
	}
	return pairs
}

func TestNoWordIsCutOrOverlapsAnotherInAnyLanguageAtAnySize(t *testing.T) {
	sizes := []int{200} // where most is cut; make layouts has all
	if os.Getenv("HANDBACK_LAYOUTS") == "all" {
		sizes = []int{80, 100, 150, 200}
	}
	count := 0
	for _, language := range words.Languages() {
		for _, percent := range sizes {
			settings := app.Settings{Language: language, TextSize: percent}
			seen := map[string]bool{}
			pages(t, settings, func(name string, d *desk) {
				d.window.Resize(smallest)
				d.settle()
				top := d.window.Canvas().Content()
				if dialog := d.window.Canvas().Overlays().Top(); dialog != nil {
					top = dialog
				}
				all, cut := d.drawnIn(top)
				count += len(all)
				for _, problem := range append(cut, overlapping(all)...) {
					if !seen[problem] {
						seen[problem] = true
						t.Errorf("%s %d %%, %s: %s", language, percent, name, problem)
					}
				}
				if least := top.MinSize(); least.Width > smallest.Width || least.Height > smallest.Height {
					t.Errorf("%s %d %%, %s needs %v", language, percent, name, least)
				}
			})
		}
	}
	if count < 250*len(sizes)*len(words.Languages()) {
		t.Errorf("only %d pieces of text were measured", count)
	}
}

// The driver lays out again a widget that became higher, but not what is below it.
func TestWhatStandsBelowMakesRoomForALongNote(t *testing.T) {
	d := sit(t, practice)
	r := d.release
	r.showID(machine.HardwareID{Value: "short"}, nil, "")
	for _, note := range []string{"", strings.Repeat("what speaks against it, ", 40), ""} {
		r.showID(machine.HardwareID{Value: "short"}, nil, note)
		all, _ := d.drawnIn(d.window.Canvas().Content())
		for _, pair := range overlapping(all) {
			t.Errorf("with a note of %d letters: %s", len(note), pair)
		}
	}
}
