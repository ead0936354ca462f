package ui

import (
	"cmp"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app"
	"handback/app/fault"
	"handback/app/secret"
	"handback/app/words"
	"handback/ui/kit"
)

// withSecret calls next with the shared key of the profile in use, from this run, from
// the keyring or from a prompt. The prompt offers unsigned if that is not nil.
func (u *UI) withSecret(next func(secret.Secret), unsigned func()) {
	a := u.app
	answers := secretAnswers{given: next, unsigned: unsigned}
	if key, known := u.secrets[accountOf(a)]; known {
		if key.IsZero() { // the last key may have been wrong
			u.promptSecret(a, nil, answers)
			return
		}
		next(key)
		return
	}
	var key secret.Secret
	var err error
	u.work(func() { key, err = a.Secret() }, func() {
		if err != nil || key.IsZero() {
			u.promptSecret(a, err, answers)
			return
		}
		u.secrets[accountOf(a)] = key
		next(key)
	})
}

// accountOf returns the keyring account of a's shared key, which names the profile and
// its destination.
func accountOf(a *app.App) string { return a.Profile.Destination("").Account(a.Profile.Name) }

// secretAnswers are the functions to call after the prompt for a shared key.
type secretAnswers struct {
	given    func(secret.Secret)
	unsigned func() // make the request unsigned; nil: not offered
	without  func() // canceled; nil: only the dialog closes
}

// promptSecret asks for the shared key of a's profile. The key is remembered until the
// program ends, and stored in the system's keyring if the person wants it and the keyring
// works. why is the error of reading the keyring, or nil.
func (u *UI) promptSecret(a *app.App, why error, answers secretAnswers) {
	entry := kit.NewSecretField(u.pressed)
	remember := kit.NewCheck(u.t("ui.shared_key.remember"), nil)
	hint := kit.NewCaption(u.t("ui.shared_key.hint"))
	if errors.Is(why, secret.ErrKeyring) {
		remember.Hide()
	}
	if why != nil && !errors.Is(why, secret.ErrNone) && !errors.Is(why, secret.ErrNotStored) {
		e := fault.Explain(why, u.Words)
		hint.SetText(words.Sentences(words.Sentence(e.Message), hint.Text))
		if errors.Is(why, app.ErrMoved) {
			hint.SetText(words.Sentences(e.Paragraph(), u.t("ui.shared_key.hint")))
			hint.Importance = widget.WarningImportance
		}
	}
	goOn := kit.NewButton(u.t("ui.go_on"), nil, func() {
		if entry.Text == "" {
			u.promptSecret(a, why, answers)
			return
		}
		key, err := secret.Typed([]byte(entry.Text))
		if err = cmp.Or(err, app.CheckSecret(a.Profile, key, u.release.owner.Text)); err != nil {
			u.showError(err)
			return
		}
		u.secrets[accountOf(a)] = key
		if remember.Checked {
			u.remember(a, key)
		}
		u.work(func() { u.batch.SetSecret(a, key) }, func() { answers.given(key) }) // of thousands of requests each signature is checked
	})
	cancel := kit.NewButton(u.t("ui.cancel"), nil, func() {})
	if answers.without != nil {
		cancel.OnTapped = answers.without
	}
	first := kit.NewText(u.t("ui.unsigned.hint", "contact", a.Contact()))
	first.Hidden = answers.unsigned == nil
	buttons := []*kit.Button{cancel}
	if answers.unsigned != nil {
		buttons = append(buttons, kit.NewButton(u.t("ui.unsigned"), theme.MailSendIcon(), answers.unsigned))
	}
	buttons = append(buttons, goOn)
	likely := func(text string) { // without a key, the likely button is the other
		for _, b := range buttons {
			b.Importance = widget.MediumImportance
		}
		b := goOn
		if text == "" && answers.unsigned != nil {
			b = buttons[1]
		}
		b.Importance = widget.HighImportance
		for _, b := range buttons {
			b.Refresh()
		}
	}
	entry.OnChanged = likely
	likely("")
	content := container.NewVBox(first, kit.NewText(u.t("ui.shared_key.of", "name", a.Profile.Name, "host", a.Profile.Destination("").Hosts())),
		container.NewBorder(nil, nil, kit.NewFieldName(u.t("ui.shared_key")), nil, entry), remember, hint)
	u.showMessage(u.t("ui.shared_key.title"), content, buttons...)
	entry.OnSubmitted = func(string) { goOn.Tapped(&fyne.PointEvent{}) }
	u.window.Canvas().Focus(entry)
}

// setKey sets the shared key for this run; a zero key means that the next use asks for
// it.
func (u *UI) setKey(a *app.App, key secret.Secret) {
	u.secrets[accountOf(a)] = key
	u.batch.SetSecret(a, key)
}

// forgetDoubtfulKeys drops the keys that, by the answers to what was sent, may be wrong.
// The next use asks for them.
func (u *UI) forgetDoubtfulKeys(sent []int) {
	for _, id := range sent {
		if row, ok := u.batch.Row(id); ok && row.Submission != nil && row.Submission.KeyDoubtful() {
			u.secrets[accountOf(row.App)] = secret.Secret{}
		}
	}
}

// remember stores a shared key in the system's keyring. If that fails, the key can still
// be used in this run.
func (u *UI) remember(a *app.App, key secret.Secret) {
	var err error
	u.work(func() { err = app.StoreSecret(a.Profile, key) }, func() {
		if err != nil {
			u.showError(err)
		}
	})
}
