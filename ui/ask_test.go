package ui

import (
	"testing"
)

// asked counts the questions among what was sent.
func (d *desk) asked() (n int) {
	for _, r := range d.wire.Sent() {
		if r.Method == "GET" {
			n++
		}
	}
	return n
}

func TestAnOutcomeThatIsNotKnownIsSettledByTheButtonThatAsks(t *testing.T) {
	for _, inHistory := range []bool{false, true} {
		d := sitWithKey(t, acme)
		d.wire.Lose = true
		made := d.made()
		d.opened(made.Encode())
		d.enter()
		d.expect("outcome.unknown")
		d.wire.Lose = false
		if inHistory {
			d.lookBack()
			d.expect("journal.state.unknown")
		}
		d.tap("ui.ask")
		d.expect("journal.told.confirmed")
		d.lookBack()
		d.expect("journal.told.confirmed")
		if d.asked() != 1 || len(d.wire.Sent()) != 2 {
			t.Errorf("%d questions, %d sent", d.asked(), len(d.wire.Sent()))
		}
		if d.reads(d.UI.t("ui.ask")) {
			t.Error("there is nothing left to ask")
		}
	}
}

func TestTheButtonThatAsksSaysWhyItCannotBeTold(t *testing.T) {
	d := sitWithKey(t, acme)
	d.wire.Lose = true
	d.opened(d.made().Encode())
	d.enter()
	d.tap("ui.ask")
	d.expect("check.lost.advice")
	d.tap("ui.close")
	d.expect("outcome.unknown")
	d.button("ui.ask")
}

func TestNothingIsAskedOfARequestWhoseOutcomeIsKnown(t *testing.T) {
	d := sitWithKey(t, acme)
	d.opened(d.made().Encode())
	d.expectNot(d.UI.t("ui.ask"))
	d.enter()
	d.expect("outcome.released")
	d.expectNot(d.UI.t("ui.ask"))
}
