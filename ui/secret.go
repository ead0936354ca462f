package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"handback/app/fault"
	"handback/app/secret"
	"handback/app/words"
)

// withSecret goes on with next once the profile's secret is known: typed before,
// or in the system's keyring, or typed now. Without is what can be done where there
// is none; it may be nil.
func (u *UI) withSecret(next, without func()) {
	key, err := u.app.Secret()
	if err == nil && !key.IsZero() {
		next()
		return
	}
	if u.doubtful { // the keyring's may be the one that was refused
		u.askSecret(nil, next, without)
		return
	}
	account := u.app.Profile.Account()
	u.work(func() { key, err = secret.Kept(account) }, func() {
		if err != nil {
			u.askSecret(err, next, without)
			return
		}
		u.key = key
		next()
	})
}

// askSecret asks for the shared key, which is kept for this run, and in the
// system's keyring where the person says so and the keyring lets us. Why is what
// the keyring said.
func (u *UI) askSecret(why error, next, without func()) {
	entry := newSecretField(u)
	remember := newCheck(u.t("ui.shared_key.remember"), nil)
	hint := quiet(u.t("ui.shared_key.hint"))
	if errors.Is(why, secret.ErrKeyring) {
		remember.Hide()
		hint.SetText(words.Sentences(words.Sentence(fault.Explain(why, u.Words).Message), hint.Text))
	}
	goOn := newButton(u.t("ui.go_on"), nil, func() {
		if entry.Text == "" {
			u.askSecret(why, next, without)
			return
		}
		u.key, u.doubtful = secret.New([]byte(entry.Text)), false
		if remember.Checked {
			u.remember(u.key)
		}
		next()
	})
	buttons := []*button{newButton(u.t("ui.cancel"), nil, func() {})}
	if without != nil {
		buttons = append(buttons, newButton(u.t("ui.unsigned"), theme.MailSendIcon(), without))
		hint.SetText(words.Sentences(hint.Text, u.t("ui.unsigned.hint", "contact", u.app.Contact())))
	}
	buttons = append(buttons, goOn)
	goOn.Importance = widget.HighImportance
	name := fieldName(u.t("ui.shared_key"))
	content := container.NewVBox(container.NewBorder(nil, nil, name, nil, entry), remember, hint)
	u.ask(u.t("ui.shared_key.title"), content, buttons...)
	entry.OnSubmitted = func(string) { goOn.Tapped(&fyne.PointEvent{}) }
	u.window.Canvas().Focus(entry)
}

// remember puts the shared key into the system's keyring. Where that fails, the
// work goes on with the one that was typed.
func (u *UI) remember(key secret.Secret) {
	account := u.app.Profile.Account()
	var err error
	u.work(func() { err = secret.Keep(account, key) }, func() {
		if err != nil {
			u.showError(err)
		}
	})
}
