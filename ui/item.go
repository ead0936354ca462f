package ui

import (
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
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/words"
)

// submitItem is one request, or one thing that could not be read.
type submitItem struct {
	app.Inspection
	sent    bool            // it was tried; a second try is a second decision
	result  *app.Submission // what became of it; nil before
	unknown error           // why a receipt closes no record here
}

// state is how far a request is, in words.
func (p *submitPage) state(item *submitItem) (string, mark) {
	switch {
	case item.result != nil:
		return item.result.Headline(p.ui.Words), markOf(item.result.Outcome)
	case item.sent:
		return p.ui.t("ui.state.sending"), waitMark
	case item.Verdict == request.Invalid:
		return p.ui.t("ui.state.invalid"), errorMark
	case item.Request.Handoff:
		return p.ui.t("ui.state.unsigned"), plainMark
	case item.Verdict == request.Valid:
		return p.ui.t("ui.state.valid"), plainMark
	}
	return p.ui.t("ui.state.unchecked"), plainMark
}

// detailsOf shows all that is known of an item.
func (p *submitPage) detailsOf(item *submitItem) fyne.CanvasObject {
	source := sourceNames(item.Sources)
	if item.Err != nil {
		content := container.NewVBox(quiet(source), newAdvice(fault.Explain(item.Err, p.ui.Words)))
		if item.Parts != nil {
			content.Add(newParts(p.ui, item.Parts))
		}
		return content
	}
	if item.Receipt != nil {
		return p.receiptDetails(item, source)
	}
	r := item.Request
	content := container.NewVBox()
	if item.result != nil {
		p.addOutcome(content, item)
	}
	signature := p.ui.t("signature." + string(item.Verdict))
	switch {
	case r.Handoff && item.sent:
		signature = p.ui.t("ui.handoff.signed")
	case r.Handoff:
		signature = p.ui.t("ui.handoff", "date", r.Date)
	}
	content.Add(near(
		subheading(p.ui.t("ui.item", "owner", words.Visible(r.Owner(), 60), "product", words.Visible(r.Product, 40))),
		quiet(p.ui.t("ui.item.source", "source", source, "check", r.CheckCode())),
		wrapped(signature)))
	for _, warning := range item.Warnings {
		l := wrapped(p.ui.t("ui.warning", "text", warning.In(p.ui.Words)))
		l.Importance = widget.WarningImportance
		content.Add(l)
	}
	toSign := r.Handoff && !item.sent // by a person who has looked at it
	content.Add(newFold(p.ui.t("ui.details"), newMembers(p.ui.Words, r.Members), toSign))
	return content
}

// newParts shows which parts of a request are in, number by number.
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

// addOutcome says what became of a request: in one sentence first, then of which
// license on which device, why, and what to do.
func (p *submitPage) addOutcome(content *fyne.Container, item *submitItem) {
	s := item.result
	headline := heading(s.Headline(p.ui.Words))
	headline.Importance = markOf(s.Outcome).importance
	icon := container.NewGridWrap(fyne.NewSquareSize(letters(2.4)), widget.NewIcon(markOf(s.Outcome).icon()))
	content.Add(container.NewBorder(nil, nil, container.NewCenter(icon), nil, headline))
	said := near(wrapped(p.ui.t("ui.outcome.of", "owner", words.Visible(s.Request.Owner(), 80), "product", words.Visible(s.Request.Product, 40),
		"id", words.Visible(s.Request.HardwareID, 80))))
	content.Add(said)
	message, advice := s.Explain(p.ui.Words)
	for _, text := range []string{message, advice} {
		if text != "" {
			said.Add(wrapped(words.Sentence(text)))
		}
	}
	if s.Message != "" {
		said.Add(quiet(p.ui.t("outcome.server_said", "message", words.Visible(s.Message, 500))))
	}
	if s.Receipt != "" {
		said.Add(quiet(p.ui.t("ui.receipt.beside", "path", s.Receipt)))
	}
	buttons := newFlow()
	if _, err := s.Record.Receipt(); err == nil {
		buttons.Add(newButton(p.ui.t("ui.receipt.show"), theme.MailReplyIcon(), func() { p.ui.showReceipt(s.Record) }))
	}
	if s.Outcome == licensespring.Refused || s.Outcome == licensespring.Unknown {
		buttons.Add(newButton(p.ui.t("ui.again"), theme.ViewRefreshIcon(), func() { p.askAgain(item) }))
	}
	content.Add(buttons)
	content.Add(widget.NewSeparator())
}
