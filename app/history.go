package app

import (
	"errors"
	"iter"
	"time"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/licensespring"
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

// The warnings that a request was submitted before. A submission with Before set has no
// need of them, and leaves them out.
const (
	warnReleased  = "app.warn.released_before"
	warnPracticed = "app.warn.practice_before"
	warnLost      = "app.warn.lost_before"
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
		warnings = append(warnings, words.Say(warnLost, "date", at(request.Unknown)))
	}
	if said := record.ReceiptOutcome(); said.What == request.Released {
		warnings = append(warnings, words.Say("app.warn.released_receipt", "date", said.At))
	}
	return warnings
}

// Stage is a group of states by which the history is filtered. Empty means all.
type Stage string

// The stages, in the order in which filters show them.
const (
	OpenStage      Stage = "open" // made, and no answer is known
	ReleasedStage  Stage = "released"
	RefusedStage   Stage = "refused"
	UncertainStage Stage = "uncertain"
)

// Stages returns all stages in their order.
func Stages() []Stage { return []Stage{OpenStage, ReleasedStage, RefusedStage, UncertainStage} }

// HistoryEntry is what the history's list shows of a record, and what it is found by.
type HistoryEntry struct {
	ID        string // see [App.HistoryDetails]
	Owner     string // the license key or username
	Product   string
	Updated   time.Time // when something happened to the request last
	State     request.State
	Label     string // the state, for people
	ByReceipt bool   // State comes from a receipt
	Stage     Stage
	Practice  bool // no license was released
	finder    journal.Finder
}

// History returns all records one after another, the one that was written last first. The
// errors, which come with no entry, name those that could not be read.
func (a *App) History() iter.Seq2[*HistoryEntry, error] { return a.HistoryAfter("") }

// HistoryAfter is like [App.History], but begins after the entry with an ID, if there is one.
func (a *App) HistoryAfter(id string) iter.Seq2[*HistoryEntry, error] {
	return journal.EachAfter(a.Journal, id, a.historyEntry)
}

// HistoryNamed returns the entries that are found at once by the beginning of a code; see
// [journal.EachNamed].
func (a *App) HistoryNamed(text string) iter.Seq2[*HistoryEntry, error] {
	return journal.EachNamed(a.Journal, text, a.historyEntry)
}

func (a *App) historyEntry(r journal.Record) *HistoryEntry {
	q := r.Request
	return &HistoryEntry{journal.ID(q), q.Owner(), q.Product, r.Updated(), r.State(), r.Label(a.Words), r.ByReceipt(), stageOf(r), r.Practice, r.Finder(a.Words, nextStep(r, a.Words))}
}

// HistoryDetails is all that the history shows of a record.
type HistoryDetails struct {
	journal.Record
	Next string // what to do next, for people
}

// HistoryDetails returns the details of the entry with an ID.
func (a *App) HistoryDetails(id string) (HistoryDetails, error) {
	r, err := a.Journal.Stored(id)
	if err != nil {
		return HistoryDetails{}, err
	}
	return HistoryDetails{r, nextStep(r, a.Words)}, nil
}

// stageOf returns the group of a record's state.
func stageOf(r journal.Record) Stage {
	switch r.State() {
	case request.Released:
		return ReleasedStage
	case request.Refused:
		return RefusedStage
	case request.Unknown, request.ProbablyReleased:
		return UncertainStage
	}
	return OpenStage
}

// HistoryQuery chooses entries of the history.
type HistoryQuery struct {
	text  journal.Query
	stage Stage
}

// NewHistoryQuery returns the query for entries of a stage that match a text; see
// [journal.Finder.Matches].
func NewHistoryQuery(text string, stage Stage) HistoryQuery {
	return HistoryQuery{journal.NewQuery(text), stage}
}

// Matches reports whether the query chooses an entry.
func (q HistoryQuery) Matches(e *HistoryEntry) bool {
	return (q.stage == "" || e.Stage == q.stage) && e.finder.Matches(q.text)
}

// nextStep returns what a person does next with a request.
func nextStep(r journal.Record, w *words.Words) string {
	switch state := r.State(); {
	case r.Practice && state == request.Released:
		return w.Text("history.next.practice")
	case r.Standing() != "":
		return w.Text("check." + string(r.Standing()) + ".advice")
	case state == request.Submitting:
		return w.Text("history.next.submitting")
	case state.IsAnswer():
		last := r.Last(state)
		if r.ByReceipt() {
			last = r.ReceiptOutcome()
		}
		_, advice := licensespring.Answer{Outcome: state, Status: last.Status, Code: last.Code, Message: last.Message}.Explain(w)
		return advice
	case r.Request.Handoff:
		return w.Text("history.next.unsigned")
	}
	return w.Text("history.next.signed")
}
