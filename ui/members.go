package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
	"handback/ui/kit"
)

// newAdvice shows an error: what happened in bold, and below it what to do.
func newAdvice(e fault.Explanation) fyne.CanvasObject {
	what := kit.NewValue(words.Sentence(e.Message))
	what.Wrapping, what.TextStyle = fyne.TextWrapWord, fyne.TextStyle{Bold: true}
	size := canvas.NewRectangle(color.Transparent)
	size.SetMinSize(fyne.NewSize(480, 0))
	return container.NewStack(size, container.NewVBox(what, kit.NewText(e.Advice)))
}

// newMembers shows the members of a request.
func newMembers(w *words.Words, members []request.Member) *fyne.Container {
	grid := container.New(layout.NewFormLayout())
	for _, m := range members {
		name := widget.NewLabel(app.MemberName(w, m.Name))
		name.Alignment = fyne.TextAlignTrailing
		grid.Add(name)
		grid.Add(kit.NewValue(app.MemberText(m)))
	}
	return grid
}

// newSummary shows what a person has to check of a request: which license, which computer,
// and to whom it goes. Its values are those of the members.
func newSummary(u *UI, members []request.Member) fyne.CanvasObject {
	values := map[string]string{}
	for _, m := range members {
		values[m.Name] = app.MemberText(m)
	}
	profile := u.app.Profile
	to, host := words.Visible(profile.Name, 60), u.t("ui.check.to.use", "host", words.Visible(profile.Destination("").Hosts(), 80))
	if profile.Practice {
		to, host = u.t("ui.check.to.nobody"), u.t("ui.check.to.practice")
	}
	large := func(text string) fyne.CanvasObject {
		v := kit.NewValue(text)
		v.SizeName = theme.SizeNameSubHeadingText
		return v
	}
	grid := container.New(layout.NewFormLayout())
	row := func(name string, value, use fyne.CanvasObject) {
		title := kit.NewFieldName(name)
		title.SizeName = theme.SizeNameSubHeadingText
		grid.Add(title)
		grid.Add(kit.NewNear(value, use))
	}
	row(u.t("ui.check.license"), large(values["license_key"]+values["username"]), kit.NewCaption(u.t("ui.check.product", "product", values["product"])))
	row(u.t("ui.check.computer"), large(values["hardware_id"]), kit.NewCaption(u.t("member.hardware_id")))
	name := kit.NewText(to)
	name.SizeName = theme.SizeNameSubHeadingText
	row(u.t("ui.check.to"), name, kit.NewCaption(host))
	return grid
}

// newReasons shows the members of a request, each with the reason why it is sent and what
// leaving it out costs.
func newReasons(w *words.Words, members []request.Member) *fyne.Container {
	grid := container.New(layout.NewFormLayout())
	for _, m := range members {
		grid.Add(kit.NewFieldName(app.MemberName(w, m.Name)))
		text := kit.NewNear(kit.NewValue(app.MemberText(m)))
		if why := "member.why." + m.Name; w.Has(why) {
			text.Add(kit.NewCaption(w.Text(why)))
		}
		grid.Add(text)
	}
	return grid
}
