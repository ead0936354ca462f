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

// turnInterval is how long each of several codes is shown: long enough for a slow phone.
const turnInterval = 4 * time.Second

// codesPanel shows the codes of a request, one at a time.
type codesPanel struct {
	ui      *UI
	made    *app.Outgoing
	codes   []*carry.Code
	at      int // the index in codes
	drawing carry.Drawing

	view     *codeView
	noRoom   *widget.Label // shown instead of a code that would be too small
	problem  *widget.Label
	caption  *widget.Label
	previous *kit.Button
	next     *kit.Button
	turning  *kit.Check
	stop     func()    // stops the timer of turning
	full     *fullPage // the code on the whole screen; nil if it is not
	// fullScreen shows it there.
	fullScreen *kit.Button

	root fyne.CanvasObject
}

func newCodesPanel(u *UI, made *app.Outgoing) *codesPanel {
	p := &codesPanel{ui: u, made: made, drawing: carry.Drawing{Density: carry.NormalDensity}, view: newCodeView(u, 0), noRoom: centered(u.t("ui.codes.no_room")), problem: kit.NewText(""), caption: centered(""), stop: func() {}}
	p.problem.Hide()
	p.caption.TextStyle.Monospace = true // people compare the check code
	p.previous = kit.NewButton(u.t("ui.codes.previous"), theme.NavigateBackIcon(), func() { p.turn(-1) })
	p.next = kit.NewButton(u.t("ui.codes.next"), theme.NavigateNextIcon(), func() { p.turn(1) })
	p.turning = kit.NewCheck(u.t("ui.codes.turn"), p.autoTurn)
	p.fullScreen = kit.NewButton(u.t("ui.codes.full"), theme.ViewFullScreenIcon(), p.showFull)
	below := container.NewVBox(p.problem, p.caption, kit.NewCenteredFlow(p.previous, p.next, p.turning, p.fullScreen))
	p.root = container.New(&codePlace{p}, p.view, p.noRoom, below)
	p.showTurns(false)
	return p
}

// load draws the codes.
func (p *codesPanel) load(d carry.Drawing) {
	p.drawing = d
	var codes []*carry.Code
	var err error
	p.ui.work(func() { codes, err = p.made.Codes(d) }, func() {
		if d != p.drawing {
			return // another was chosen since
		}
		if err != nil { // the code of before would be taken for this one
			p.codes = nil
			p.view.clear()
			p.caption.SetText("")
			p.showTurns(false)
			p.fullScreen.Disable()
			p.problem.SetText(fault.Explain(err, p.ui.Words).Paragraph())
			p.problem.Show()
			p.root.Refresh()
			return
		}
		p.fullScreen.Enable()
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
	if code.Page != "" {
		caption += "\n" + p.ui.t("ui.codes.page", "page", code.Page)
	}
	p.caption.SetText(caption)
	if p.full != nil {
		p.full.show(code, caption)
	}
}

// showTurns shows or hides the buttons for turning, which need several codes.
func (p *codesPanel) showTurns(several bool) {
	p.previous.Hidden, p.next.Hidden, p.turning.Hidden = !several, !several, !several
}

// leastPixels is the least width of a module, in screen pixels, that a phone reads.
const leastPixels = 3

// codePlace is the layout of a codesPanel: the code above its texts and buttons. If the
// place is too small for a phone to read the code, a text says so instead.
type codePlace struct{ panel *codesPanel }

// MinSize has room for the texts and buttons alone.
func (c *codePlace) MinSize(objects []fyne.CanvasObject) fyne.Size {
	noRoom, below := objects[1].MinSize(), objects[2].MinSize()
	return fyne.NewSize(max(noRoom.Width, below.Width), noRoom.Height+below.Height)
}

// Layout places the code, or the text that says that there is no room.
func (c *codePlace) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	p, below := c.panel, objects[2]
	below.Resize(fyne.NewSize(size.Width, below.MinSize().Height)) // the width decides how its texts wrap, and so its height
	above := fyne.NewSize(size.Width, max(0, size.Height-below.MinSize().Height))
	below.Move(fyne.NewPos(0, above.Height))
	below.Resize(fyne.NewSize(size.Width, below.MinSize().Height))
	p.view.Resize(above)
	p.noRoom.Resize(above)
	p.noRoom.Hidden = p.view.pixels() >= leastPixels || len(p.codes) == 0
	p.view.Hidden = !p.noRoom.Hidden
}

// turn shows the code that is by places further, starting again at the ends.
func (p *codesPanel) turn(by int) {
	if len(p.codes) == 0 {
		return
	}
	p.at = (p.at + by + len(p.codes)) % len(p.codes)
	p.show()
}

// autoTurn turns the codes at an interval, or stops that.
func (p *codesPanel) autoTurn(on bool) {
	p.stop()
	p.stop = func() {}
	if on {
		p.stop = p.ui.Every(turnInterval, func() { p.turn(1) })
	}
}

// leave stops the timer of turning.
func (p *codesPanel) leave() { p.turning.SetChecked(false) }

// showFull shows the codes on the whole screen.
func (p *codesPanel) showFull() {
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

// fullPage shows a code on the whole screen. Esc leaves it, and the arrow keys turn.
type fullPage struct {
	panel   *codesPanel
	view    *codeView
	caption *widget.Label
	before  fyne.CanvasObject // the window's content before
	size    fyne.Size         // the window's size before
	root    fyne.CanvasObject
}

func newFullPage(p *codesPanel) *fullPage {
	f := &fullPage{panel: p, view: newCodeView(p.ui, 0), caption: widget.NewLabel("")}
	f.caption.TextStyle.Monospace = true
	bar := kit.NewCenteredFlow(f.caption, kit.NewFieldName(p.ui.t("ui.not_free")))
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
	f.panel.ui.window.Resize(f.size) // otherwise the driver leaves it as large as the screen
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
