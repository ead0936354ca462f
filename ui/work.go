package ui

import (
	"time"

	"handback/ui/kit"
)

// working reports whether a page waits for a job, so that it must not be rebuilt. If so,
// it says so to the person.
func (u *UI) working() bool {
	if u.app == nil || u.tabs == nil {
		return false // no page waits
	}
	if u.jobs > 0 {
		u.showMessage(u.t("ui.working"), kit.NewText(u.t("ui.working.wait")), kit.NewMainButton(u.t("ui.close"), nil, func() {}))
	}
	return u.jobs > 0
}

// workForPage is like work, and counts the job as one that a page waits for.
func (u *UI) workForPage(job func(), then func()) {
	u.jobs++
	u.work(job, func() {
		u.jobs--
		then()
	})
}

// work runs job off the UI thread, and then calls then on it, which shows the result. A
// widget that then removed loses the focus.
func (u *UI) work(job func(), then func()) {
	u.Start(func() {
		job()
		u.Do(func() {
			then()
			kit.DropFocus(u.window.Canvas())
		})
	})
}

// every calls do on the UI thread at the interval pause, until stop is called.
func (u *UI) every(pause time.Duration, do func()) (stop func()) {
	ticker, done := time.NewTicker(pause), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				u.Do(do)
			case <-done:
				ticker.Stop()
				return
			}
		}
	}()
	return func() { close(done) }
}
