package ui

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/carry"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
	"handback/ui/kit"
)

// state returns the state of a row in words, with its mark.
func (p *submitPage) state(item app.Row) (string, kit.Mark) {
	switch {
	case item.Sending:
		return p.ui.t("ui.state.sending"), kit.WaitMark
	case item.Submission != nil:
		return item.Submission.Headline(p.ui.Words), marks[item.Submission.Outcome]
	case item.Noted:
		return p.ui.t("ui.state.noted"), kit.PlainMark
	case item.Receipt != nil:
		return p.ui.t("ui.state.not_noted"), kit.StillMark
	case item.Parts != nil:
		return p.ui.t("ui.state.parts", "have", item.Parts[0].Count-len(carry.Missing(item.Parts)), "count", item.Parts[0].Count), kit.StillMark
	case item.Err != nil:
		return p.ui.t("ui.state.unreadable"), kit.ErrorMark
	case item.Request == nil || item.App == nil && item.Why == nil:
		return p.ui.t("ui.state.reading"), kit.WaitMark
	case item.Verdict == request.Invalid:
		return p.ui.t("ui.state.invalid"), kit.ErrorMark
	case item.Why != nil && len(item.Needs) == 0:
		return p.ui.t("ui.state.cannot"), kit.ErrorMark
	case slices.Contains(item.Needs, app.NeedConfirmation):
		return p.ui.t("ui.state.unsigned"), kit.StillMark
	case slices.Contains(item.Needs, app.NeedSecret):
		return p.ui.t("ui.state.secret"), kit.PlainMark
	case item.Request.Handoff:
		return p.ui.t("ui.state.confirmed"), kit.PlainMark
	case item.Verdict == request.Valid:
		return p.ui.t("ui.state.valid"), kit.PlainMark
	}
	return p.ui.t("ui.state.unchecked"), kit.PlainMark
}

// detailsOf returns the details of a row.
func (p *submitPage) detailsOf(item app.Row) fyne.CanvasObject {
	content := container.NewVBox()
	source := sourceNames(item.Sources)
	switch {
	case item.Err != nil:
		content.Add(kit.NewCaption(source))
		content.Add(newAdvice(fault.Explain(item.Err, p.ui.Words)))
		if item.Parts != nil {
			content.Add(newParts(p.ui, item.Parts))
		}
	case item.Receipt != nil:
		content.Add(p.receiptDetails(item, source))
	case item.Request != nil:
		p.addRequest(content, item, source)
	}
	if item.Request == nil {
		content.Add(p.buttonsOf(item))
	}
	return content
}

// buttonsOf returns the buttons with which a row gets what it needs, or is taken out. What
// it needs is asked for this row alone.
func (p *submitPage) buttonsOf(item app.Row) fyne.CanvasObject {
	row := kit.NewFlow()
	switch {
	case item.Sending:
		return row
	case item.Parts != nil:
		row.Add(kit.NewMainButton(p.ui.t("ui.item.parts"), theme.FolderOpenIcon(), p.choose))
	case !item.Askable():
	case slices.Contains(item.Needs, app.NeedConfirmation):
		row.Add(kit.NewMainButton(p.ui.t("ui.item.sign"), theme.ConfirmIcon(), func() { p.askAndSend([]app.Row{item}) }))
	default:
		row.Add(kit.NewMainButton(p.ui.t("ui.item.secret"), theme.LoginIcon(), func() { p.askAndSend([]app.Row{item}) }))
	}
	row.Add(kit.NewButton(p.ui.t("ui.remove"), theme.DeleteIcon(), func() { p.remove(item.ID) }))
	return row
}

// addRequest adds the outcome of a request, its owner and its members.
func (p *submitPage) addRequest(content *fyne.Container, item app.Row, source string) {
	r := item.Request
	sent := item.Sending || item.Submission != nil
	if item.Submission != nil && !item.Sending {
		p.addOutcome(content, item)
	}
	signature := p.ui.t("signature." + string(item.Verdict))
	switch {
	case r.Handoff && sent:
		signature = p.ui.t("ui.handoff.signed")
	case r.Handoff:
		signature = p.ui.t("ui.handoff", "date", r.Date)
	}
	texts := kit.NewNear(
		kit.NewSubheading(p.ui.t("ui.item", "owner", words.Visible(r.Owner(), 60), "product", words.Visible(r.Product, 40))),
		kit.NewCaption(p.ui.t("ui.item.source", "source", source, "check", r.CheckCode())))
	if item.App != nil && !item.App.Profile.Practice {
		texts.Add(kit.NewCaption(p.ui.t("ui.item.profile", "name", words.Visible(item.App.Profile.Name, 60), "host", item.Result().Hosts)))
	}
	texts.Add(kit.NewText(signature))
	content.Add(texts)
	if item.Why != nil && item.Submission == nil {
		content.Add(newAdvice(fault.Explain(item.Why, p.ui.Words)))
	}
	warnings := item.Warnings
	if item.Submission != nil {
		warnings = item.Submission.Warnings
	}
	for _, warning := range warnings {
		if errors.Is(item.Why, &fault.Fault{Key: warning.Key}) {
			continue // shown above
		}
		l := kit.NewText(p.ui.t("ui.warning", "text", warning.Localize(p.ui.Words)))
		l.Importance = widget.WarningImportance
		content.Add(l)
	}
	toSign := r.Handoff && !sent // open, before the buttons: whoever signs it must see it
	parts := []fyne.CanvasObject{p.buttonsOf(item), kit.NewFold(p.ui.t("ui.details"), newMembers(p.ui.Words, r.Members), toSign)}
	if toSign {
		slices.Reverse(parts)
	}
	for _, part := range parts {
		content.Add(part)
	}
}

// newParts shows which parts of a request were read, and which are missing.
func newParts(u *UI, parts []carry.Part) fyne.CanvasObject {
	missing := carry.Missing(parts)
	row := container.NewGridWrap(fyne.NewSize(56, 32))
	for n := 1; n <= parts[0].Count; n++ {
		key, importance := "ui.part.in", widget.SuccessImportance
		if slices.Contains(missing, n) {
			key, importance = "ui.part.missing", widget.DangerImportance
		}
		l := widget.NewLabel(u.t(key, "number", n))
		l.Importance = importance
		row.Add(l)
	}
	return row
}

func sourceNames(sources []string) string {
	var names []string
	for _, s := range sources {
		names = append(names, words.Visible(filepath.Base(s), 80))
	}
	return strings.Join(names, ", ")
}

// addOutcome adds the outcome of a request: a sentence, then the license and device, the
// reason, and what to do.
func (p *submitPage) addOutcome(content *fyne.Container, item app.Row) {
	s := item.Submission
	headline := kit.NewHeading(s.Headline(p.ui.Words))
	headline.Importance = marks[s.Outcome].Importance
	icon := container.NewGridWrap(fyne.NewSquareSize(kit.Letters(2.4)), widget.NewIcon(marks[s.Outcome].Icon()))
	content.Add(container.NewBorder(nil, nil, container.NewCenter(icon), nil, headline))
	texts := kit.NewNear(kit.NewText(p.ui.t("ui.outcome.of", "owner", words.Visible(s.Request.Owner(), 80), "product", words.Visible(s.Request.Product, 40),
		"id", words.Visible(s.Request.HardwareID, 80))))
	content.Add(texts)
	message, advice := s.Explain(p.ui.Words)
	for _, text := range []string{message, advice} {
		if text != "" {
			texts.Add(kit.NewText(words.Sentence(text)))
		}
	}
	if s.Message != "" {
		texts.Add(kit.NewCaption(p.ui.t("outcome.server_said", "message", words.Visible(s.Message, 500))))
	}
	if s.ReceiptPath != "" {
		texts.Add(kit.NewCaption(p.ui.t("ui.receipt.beside", "path", s.ReceiptPath)))
	}
	buttons := kit.NewFlow()
	if _, err := s.Record.MakeReceipt(); err == nil {
		buttons.Add(kit.NewButton(p.ui.t("ui.receipt.show"), theme.MailReplyIcon(), func() { p.ui.showReceipt(s.Record) }))
	}
	if app.CanAsk(s.Record) {
		buttons.Add(p.ui.newAskButton(s.Request, p.ui.submit.show))
	}
	if slices.Contains(item.Needs, app.NeedDecision) {
		buttons.Add(kit.NewButton(p.ui.t("ui.again"), theme.ViewRefreshIcon(), func() { p.confirmRetry(item) }))
	}
	content.Add(buttons)
	content.Add(widget.NewSeparator())
}
