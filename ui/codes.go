package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/carry"
	"handback/app/fault"
	"handback/ui/kit"
)

// turnEvery is how long each of several codes stays when they turn by
// themselves: long enough for a slow phone.
const turnEvery = 4 * time.Second

// codesPanel shows the codes of a request, one at a time.
type codesPanel struct {
	ui      *UI
	made    *app.Outgoing
	codes   []*carry.Code
	at      int // of codes
	density carry.Density

	view     *codeView
	noRoom   *widget.Label // instead of a code that would be too small
	problem  *widget.Label
	caption  *widget.Label
	previous *kit.Button
	next     *kit.Button
	turning  *kit.Check
	stop     func()    // ends the turning
	full     *fullPage // nil: not on the whole screen

	root fyne.CanvasObject
}

func newCodesPanel(u *UI, made *app.Outgoing) *codesPanel {
	p := &codesPanel{ui: u, made: made, density: carry.NormalDensity, view: newCodeView(u, 0), noRoom: centered(u.t("ui.codes.no_room")), problem: kit.NewText(""), caption: centered(""), stop: func() {}}
	p.problem.Hide()
	p.previous = kit.NewButton(u.t("ui.codes.previous"), theme.NavigateBackIcon(), func() { p.turn(-1) })
	p.next = kit.NewButton(u.t("ui.codes.next"), theme.NavigateNextIcon(), func() { p.turn(1) })
	p.turning = kit.NewCheck(u.t("ui.codes.turn"), p.turnAlone)
	full := kit.NewButton(u.t("ui.codes.full"), theme.ViewFullScreenIcon(), p.fill)
	below := container.NewVBox(p.problem, p.caption, kit.NewCenteredFlow(p.previous, p.next, p.turning, full))
	p.root = container.New(&codePlace{p}, p.view, p.noRoom, below)
	p.showTurns(false)
	return p
}

// load draws the codes at a density.
func (p *codesPanel) load(d carry.Density) {
	p.density = d
	var codes []*carry.Code
	var err error
	p.ui.work(func() { codes, err = p.made.Codes(d) }, func() {
		if d != p.density {
			return // another was chosen meanwhile
		}
		if err != nil {
			p.problem.SetText(fault.Explain(err, p.ui.Words).Paragraph())
			p.problem.Show()
			return
		}
		p.codes, p.at = codes, 0
		p.problem.Hide()
		p.showTurns(len(codes) > 1)
		p.show()
		p.root.Refresh()
	})
}

func (p *codesPanel) show() {
	code := p.codes[p.at]
	p.view.show(code, p.made.CheckCode())
	key := "ui.codes.one"
	if code.Count > 1 {
		key = "ui.codes.several"
	}
	caption := p.ui.t(key, "number", code.Number, "count", code.Count, "check", p.made.CheckCode())
	p.caption.SetText(caption)
	if p.full != nil {
		p.full.show(code, caption)
	}
}

// showTurns offers to turn, where there are several codes.
func (p *codesPanel) showTurns(several bool) {
	p.previous.Hidden, p.next.Hidden, p.turning.Hidden = !several, !several, !several
}

// leastPixels is how many of the screen's pixels a module has, for a phone to read it.
const leastPixels = 3

// codePlace gives the code of a panel the place above its words and buttons. A code
// for which that is too small is left out: no phone would read it.
type codePlace struct{ panel *codesPanel }

// MinSize has room for the words alone.
func (c *codePlace) MinSize(objects []fyne.CanvasObject) fyne.Size {
	noRoom, below := objects[1].MinSize(), objects[2].MinSize()
	return fyne.NewSize(max(noRoom.Width, below.Width), noRoom.Height+below.Height)
}

// Layout places the code, or what says that it has no room.
func (c *codePlace) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	p, below := c.panel, objects[2]
	below.Resize(fyne.NewSize(size.Width, below.MinSize().Height)) // its words are wrapped
	above := fyne.NewSize(size.Width, max(0, size.Height-below.MinSize().Height))
	below.Move(fyne.NewPos(0, above.Height))
	below.Resize(fyne.NewSize(size.Width, below.MinSize().Height))
	p.view.Resize(above)
	p.noRoom.Resize(above)
	p.noRoom.Hidden = p.view.pixels() >= leastPixels || len(p.codes) == 0
	p.view.Hidden = !p.noRoom.Hidden
}

// turn goes some codes on, and around at the ends.
func (p *codesPanel) turn(by int) {
	if len(p.codes) == 0 {
		return
	}
	p.at = (p.at + by + len(p.codes)) % len(p.codes)
	p.show()
}

// turnAlone lets the codes turn by themselves, or ends that.
func (p *codesPanel) turnAlone(on bool) {
	p.stop()
	p.stop = func() {}
	if on {
		p.stop = p.ui.Every(turnEvery, func() { p.turn(1) })
	}
}

// leave ends what goes on by itself.
func (p *codesPanel) leave() { p.turning.SetChecked(false) }

// fill shows the codes on the whole screen.
func (p *codesPanel) fill() {
	if len(p.codes) == 0 {
		return
	}
	p.full = newFullPage(p)
	p.ui.full = p.full
	p.full.before, p.full.size = p.ui.window.Content(), p.ui.window.Canvas().Size()
	p.ui.window.SetContent(p.full.root)
	p.ui.window.SetFullScreen(true)
	p.show()
}

// fullPage is a code on the whole screen. Esc leaves it, the arrows turn.
type fullPage struct {
	panel   *codesPanel
	view    *codeView
	caption *widget.Label
	before  fyne.CanvasObject
	size    fyne.Size // of the window before
	root    fyne.CanvasObject
}

func newFullPage(p *codesPanel) *fullPage {
	f := &fullPage{panel: p, view: newCodeView(p.ui, 0), caption: widget.NewLabel("")}
	bar := kit.NewCenteredFlow(f.caption)
	if len(p.codes) > 1 {
		bar.Add(kit.NewButton(p.ui.t("ui.codes.previous"), theme.NavigateBackIcon(), func() { p.turn(-1) }))
		bar.Add(kit.NewButton(p.ui.t("ui.codes.next"), theme.NavigateNextIcon(), func() { p.turn(1) }))
	}
	bar.Add(kit.NewButton(p.ui.t("ui.codes.leave"), theme.ViewRestoreIcon(), f.leave))
	f.root = container.NewBorder(nil, bar, nil, nil, f.view)
	return f
}

func (f *fullPage) show(code *carry.Code, caption string) {
	f.view.show(code, f.panel.made.CheckCode())
	f.caption.SetText(caption)
}

func (f *fullPage) leave() {
	f.panel.full, f.panel.ui.full = nil, nil
	f.panel.ui.window.SetFullScreen(false)
	f.panel.ui.window.SetContent(f.before)
	f.panel.ui.window.Resize(f.size) // the driver would leave the screen's
	f.panel.ui.focus()
}

func (f *fullPage) typedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyEscape:
		f.leave()
	case fyne.KeyRight, fyne.KeySpace, fyne.KeyReturn, fyne.KeyPageDown:
		f.panel.turn(1)
	case fyne.KeyLeft, fyne.KeyPageUp:
		f.panel.turn(-1)
	}
}
