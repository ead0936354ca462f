package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/theme"

	"handback/app"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
	"handback/ui/kit"
)

// newAskButton returns a button that asks the vendor's record whether the device of a
// request still holds its license, and then calls done.
func (u *UI) newAskButton(r *request.Request, done func()) *kit.Button {
	button := kit.NewButton(u.t("ui.ask"), theme.QuestionIcon(), nil)
	button.OnTapped = func() {
		button.Disable()
		u.ask(r, func() {
			button.Enable()
			done()
		})
	}
	return button
}

// ask asks the vendor's record about a request. It shows why, if the record does not say;
// what it says is in the history, and in the request's row. It asks for a shared key that is
// missing.
func (u *UI) ask(r *request.Request, done func()) {
	var checked app.Checked
	var a *app.App
	u.workForPage(func() { checked, a = u.batch.Check(context.Background(), r) }, func() {
		done()
		switch {
		case a != nil && errors.Is(checked.Err, secret.ErrNone):
			u.promptSecret(a, checked.Err, secretAnswers{given: func(secret.Secret) { u.ask(r, done) }})
		case checked.Err != nil:
			u.showError(checked.Err)
		case !checked.Holds.Told():
			message, advice := checked.Explain(u.Words)
			u.showMessage(u.t("ui.ask"), newAdvice(fault.Explanation{Message: message, Advice: advice}),
				kit.NewMainButton(u.t("ui.close"), nil, func() {}))
		}
	})
}
