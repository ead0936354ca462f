package app

import (
	"errors"
	"time"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// noteCreated adds a new request to the journal, with the files that it was written to.
func (a *App) noteCreated(c *Outgoing, files []File) {
	c.inJournal = true
	a.note(c, append([]journal.Event{{What: request.Created}}, exports(files)...)...)
}

// note adds events to a request's record. A journal error becomes a warning, not a failure.
func (a *App) note(c *Outgoing, events ...journal.Event) {
	if err := a.Journal.Note(c.Request, a.Profile.Practice, events...); err != nil {
		c.Warnings = append(c.Warnings, phrases(err)...)
	}
}

func exports(files []File) []journal.Event {
	var all []journal.Event
	for _, f := range files {
		all = append(all, journal.Event{What: request.Exported, Kind: string(f.Kind), Path: f.Path, Bytes: f.Bytes, SHA256: f.SHA256})
	}
	return all
}

// phrases returns the messages of the faults in an error.
func phrases(err error) []words.Phrase {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []words.Phrase
		for _, one := range joined.Unwrap() {
			all = append(all, phrases(one)...)
		}
		return all
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return []words.Phrase{words.Say(f.Key, f.Pairs...)}
	}
	return nil
}

// The warnings that a request was released before. A submission with Before set has no
// need of them, and leaves them out.
const (
	warnReleased  = "app.warn.released_before"
	warnPracticed = "app.warn.practice_before"
)

// historyWarnings returns what the journal says of a request that is submitted again.
func historyWarnings(record journal.Record) []words.Phrase {
	at := func(what request.State) time.Time { return record.Last(what).At }
	if record.Answered() {
		key := warnReleased
		if record.Practice {
			key = warnPracticed
		}
		return []words.Phrase{words.Say(key, "date", at(request.Released))}
	}
	var warnings []words.Phrase
	if record.Lost() {
		warnings = append(warnings, words.Say("app.warn.lost_before", "date", at(request.Unknown)))
	}
	if said := record.ReceiptOutcome(); said.What == request.Released {
		warnings = append(warnings, words.Say("app.warn.released_receipt", "date", said.At))
	}
	return warnings
}
