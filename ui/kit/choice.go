package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Choice is a large button for one of a few ways to go on: an icon, a name and below it
// what the way leads to.
type Choice struct {
	widget.BaseWidget
	Text     string // the name
	OnTapped func()

	use    string
	icon   fyne.Resource
	frame  *canvas.Rectangle // visible while it has the focus
	ground *canvas.Rectangle
	over   bool // the mouse is over it
}

// NewChoice returns a choice.
func NewChoice(text, use string, icon fyne.Resource, tapped func()) *Choice {
	c := &Choice{Text: text, OnTapped: tapped, use: use, icon: icon, frame: newFrame(), ground: canvas.NewRectangle(nil)}
	c.frame.CornerRadius, c.ground.CornerRadius = theme.InputRadiusSize(), theme.InputRadiusSize()
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer draws the icon, the texts and the ground.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	size := fyne.NewSquareSize(Letters(2))
	icon := container.NewCenter(container.NewGridWrap(size, widget.NewIcon(theme.NewPrimaryThemedResource(c.icon))))
	name := NewSubheading(c.Text)
	name.SizeName = theme.SizeNameSubHeadingText
	texts := NewNear(name)
	if c.use != "" {
		texts.Add(NewText(c.use))
	}
	content := container.NewBorder(nil, nil, container.NewPadded(container.NewPadded(icon)), nil, texts)
	return &choiceRenderer{framed{widget.NewSimpleRenderer(container.NewStack(c.ground, container.NewPadded(content))), c.frame}, c}
}

type choiceRenderer struct {
	framed
	of *Choice
}

// Layout also colors the ground.
func (r *choiceRenderer) Layout(size fyne.Size) {
	r.of.color()
	r.framed.Layout(size)
}

// Refresh colors the ground for the theme.
func (r *choiceRenderer) Refresh() {
	r.of.color()
	r.framed.Refresh()
}

func (c *Choice) color() {
	c.ground.FillColor, c.ground.StrokeColor, c.ground.StrokeWidth = theme.Color(theme.ColorNameInputBackground), theme.Color(theme.ColorNameInputBorder), 1
	if c.over {
		c.ground.FillColor = theme.Color(theme.ColorNameButton)
	}
	c.ground.Refresh()
}

// AccessibilityLabel returns what a screen reader says.
func (c *Choice) AccessibilityLabel() string { return c.Text }

// AccessibilityRole returns the role of a button.
func (c *Choice) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Cursor returns the hand of a link.
func (c *Choice) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn shows that it can be pressed.
func (c *Choice) MouseIn(*desktop.MouseEvent) { c.over = true; c.color() }

// MouseMoved does nothing.
func (c *Choice) MouseMoved(*desktop.MouseEvent) {}

// MouseOut undoes MouseIn.
func (c *Choice) MouseOut() { c.over = false; c.color() }

// FocusGained shows the frame and scrolls the choice into view.
func (c *Choice) FocusGained() {
	showFrame(c.frame)
	Reveal(c)
}

// FocusLost hides the frame.
func (c *Choice) FocusLost() { c.frame.Hide() }

// Tapped calls OnTapped. A widget that this hides loses the focus.
func (c *Choice) Tapped(*fyne.PointEvent) {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(c)
	c.OnTapped()
	DropFocus(canvas)
}

// TypedRune does nothing.
func (c *Choice) TypedRune(rune) {}

// TypedKey acts on Enter and Space, and passes the others on.
func (c *Choice) TypedKey(event *fyne.KeyEvent) {
	if !entered(event) && event.Name != fyne.KeySpace {
		pass(c, event)
		return
	}
	c.Tapped(nil)
}
