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

// withSecret goes on with the secret of the profile in use, once it is known: typed
// before, or in the system's keyring, or typed now. Without is what can be done where
// there is none; it may be nil.
func (u *UI) withSecret(next func(secret.Secret), without func()) {
	under := u.app
	answers := secretAnswers{given: next, unsigned: without}
	if key, known := u.secrets[accountOf(under)]; known {
		if key.IsZero() { // the one that was used may be wrong
			u.askSecret(under, nil, answers)
			return
		}
		next(key)
		return
	}
	var key secret.Secret
	var err error
	u.work(func() { key, err = under.Secret() }, func() {
		if err != nil || key.IsZero() {
			u.askSecret(under, err, answers)
			return
		}
		u.secrets[accountOf(under)] = key
		next(key)
	})
}

// accountOf names whose secret it is, and where it goes.
func accountOf(a *app.App) string { return a.Profile.Destination("").Account(a.Profile.Name) }

// secretAnswers are what goes on after the question for a secret.
type secretAnswers struct {
	given    func(secret.Secret)
	unsigned func() // making the request unsigned; nil: that is no answer
	without  func() // going on without; nil: the dialog is closed, and that is all
}

// askSecret asks for the shared key of a profile, which is kept for this run, and in the
// system's keyring where the person says so and the keyring lets us. Why is what the
// keyring said.
func (u *UI) askSecret(under *app.App, why error, answers secretAnswers) {
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
			u.askSecret(under, why, answers)
			return
		}
		key, err := secret.Typed([]byte(entry.Text))
		if err = cmp.Or(err, app.CheckSecret(under.Profile, key, u.release.owner.Text)); err != nil {
			u.showError(err)
			return
		}
		u.setKey(under, key)
		if remember.Checked {
			u.remember(under, key)
		}
		answers.given(key)
	})
	cancel := kit.NewButton(u.t("ui.cancel"), nil, func() {})
	if answers.without != nil {
		cancel.OnTapped = answers.without
	}
	first := kit.NewText(u.t("ui.unsigned.hint", "contact", under.Contact()))
	first.Hidden = answers.unsigned == nil
	buttons := []*kit.Button{cancel}
	if answers.unsigned != nil {
		buttons = append(buttons, kit.NewButton(u.t("ui.unsigned"), theme.MailSendIcon(), answers.unsigned))
	}
	buttons = append(buttons, goOn)
	goOn.Importance = widget.HighImportance
	content := container.NewVBox(first, kit.NewText(u.t("ui.shared_key.of", "name", under.Profile.Name, "host", under.Profile.Destination("").Hosts())),
		container.NewBorder(nil, nil, kit.NewFieldName(u.t("ui.shared_key")), nil, entry), remember, hint)
	u.ask(u.t("ui.shared_key.title"), content, buttons...)
	entry.OnSubmitted = func(string) { goOn.Tapped(&fyne.PointEvent{}) }
	u.window.Canvas().Focus(entry)
}

// setKey uses a secret for what is made and sent in this run; the zero one is asked for.
func (u *UI) setKey(under *app.App, key secret.Secret) {
	u.secrets[accountOf(under)] = key
	u.batch.SetSecret(under, key)
}

// doubtKeys has the secrets asked for again that may have been wrong for what was sent.
func (u *UI) doubtKeys(sent []int) {
	for _, id := range sent {
		if row, ok := u.batch.Row(id); ok && row.Submission != nil && row.Submission.KeyDoubtful() {
			u.secrets[accountOf(row.App)] = secret.Secret{}
		}
	}
}

// remember puts the shared key into the system's keyring. Where that fails, the
// work goes on with the one that was typed.
func (u *UI) remember(under *app.App, key secret.Secret) {
	var err error
	u.work(func() { err = app.StoreSecret(under.Profile, key) }, func() {
		if err != nil {
			u.showError(err)
		}
	})
}
