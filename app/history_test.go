package app

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/words"
)

// withJournal returns a bench whose journal is in a folder. Restart returns it as after the
// program was started again.
func withJournal(t *testing.T) (b *bench, restart func() *bench) {
	b = newBench(t, acme())
	b.Journal.Folder = filepath.Join(t.TempDir(), "journal")
	return b, func() *bench {
		next := newBench(t, acme())
		next.Journal.Folder, next.Transport, next.wire = b.Journal.Folder, b.Transport, b.wire
		return next
	}
}

func (b *bench) state(t *testing.T, made *Outgoing) request.State {
	t.Helper()
	return b.Journal.Known(made.Request).State()
}

func TestWhatIsMadeIsInTheHistoryAndCanBeCarriedAgain(t *testing.T) {
	b, restart := withJournal(t)
	folder := t.TempDir()
	made := b.create(t, Create{Targets: []Target{{Kind: RequestFile, Path: filepath.Join(folder, "a.req")}}})
	records, errs := restart().Journal.Records()
	if len(records) != 1 || errs != nil || records[0].State() != request.Exported {
		t.Fatalf("%+v, %v", records, errs)
	}
	again, err := restart().OutgoingOf(records[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := restart().Export(again, []Target{{Kind: RequestFile, Path: filepath.Join(folder, "b.req")}}, false); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.req", "b.req"} {
		if data, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(data) != made.Encode() {
			t.Errorf("%s: %.40s, %v", name, data, err)
		}
	}
	exported := b.Journal.Known(made.Request).Last(request.Exported)
	if exported.Path != filepath.Join(folder, "b.req") || exported.SHA256 != again.Files[0].SHA256 {
		t.Errorf("%+v", exported)
	}
}

// F03 F04 F07: a request that could not be written is not in the journal.
func TestWhatCouldNotBeWrittenIsNotInTheHistory(t *testing.T) {
	b, _ := withJournal(t)
	path := filepath.Join(t.TempDir(), "a.req")
	apptest.Write(t, path, "")
	if _, err := b.Create(Create{LicenseKey: licenseKey, HardwareID: hardwareID, Targets: []Target{{Kind: RequestFile, Path: path}}}); err == nil {
		t.Fatal("the file was written over")
	}
	if records, _ := b.Journal.Records(); len(records) != 0 {
		t.Errorf("%+v", records)
	}
}

func TestAForeignRequestIsNotInTheHistoryUntilItIsSubmitted(t *testing.T) {
	b, _ := withJournal(t)
	other := newBench(t, acme())
	foreign := b.NewOutgoing(b.inspect(t, other.create(t, Create{}).Encode()).Request)
	if err := b.Export(foreign, []Target{{Kind: RequestFile, Path: filepath.Join(t.TempDir(), "a.req")}}, false); err != nil {
		t.Fatal(err)
	}
	if records, _ := b.Journal.Records(); len(records) != 0 {
		t.Errorf("%+v", records)
	}
	b.submit(t, foreign.Encode(), Submit{})
	if b.state(t, foreign) != request.Released {
		t.Error(b.state(t, foreign))
	}
}

func TestItIsOnRecordThatARequestLeavesBeforeItDoes(t *testing.T) {
	b, restart := withJournal(t)
	made := b.create(t, Create{})
	through := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		data, err := os.ReadDir(b.Journal.Folder)
		if len(data) == 0 || err != nil {
			t.Errorf("nothing on disk: %v", err)
		}
		if state := restart().state(t, made); state != request.Submitting {
			t.Errorf("while it leaves: %s", state)
		}
		return through.RoundTrip(r)
	})
	b.submit(t, made.Encode(), Submit{})
	record := restart().Journal.Known(made.Request)
	if last := record.Last(request.Released); last.Status != 200 || last.ServerDate.IsZero() {
		t.Errorf("%+v", last)
	}
	var happened []string
	for _, e := range record.Events {
		happened = append(happened, string(e.What))
	}
	if got := strings.Join(happened, " "); got != "created submitting released" {
		t.Error(got)
	}
}

func TestEveryOutcomeIsOnRecord(t *testing.T) {
	for _, row := range []struct {
		scenario string
		outcome  request.State
		state    request.State
	}{
		{"", request.Released, request.Released},
		{"revoked_api_key", request.Refused, request.Refused},
		{"cut", request.Unknown, request.Unknown},
	} {
		var scenarios []string
		if row.scenario != "" {
			scenarios = []string{row.scenario}
		}
		b := newBench(t, acme(), scenarios...)
		made := b.create(t, Create{})
		if s := b.submit(t, made.Encode(), Submit{}); s.Outcome != row.outcome || b.state(t, made) != row.state {
			t.Errorf("%s: %s, %s", row.scenario, s.Outcome, b.state(t, made))
		}
	}
}

// F55, F56: the program knows of a lost answer after it was started again.
func TestALostAnswerIsRememberedByTheNextRun(t *testing.T) {
	b, restart := withJournal(t)
	made := b.create(t, Create{})
	b.wire.Lose = true
	b.submit(t, made.Encode(), Submit{})
	b.wire.Lose = false
	next := restart()
	if s := next.submit(t, made.Encode(), Submit{}); s.Outcome != request.Unknown || !s.Before || len(b.wire.Sent()) != 1 {
		t.Errorf("it was sent again by itself: %+v", s)
	}
	if s := next.submit(t, made.Encode(), Submit{Again: true}); s.Outcome != request.ProbablyReleased {
		t.Errorf("%+v", s)
	}
	if next.state(t, made) != request.ProbablyReleased {
		t.Error(next.state(t, made))
	}
}

// F55: two programs with one home folder.
func TestARequestThatAnotherProgramSubmitsIsNotSent(t *testing.T) {
	b, restart := withJournal(t)
	made := b.create(t, Create{})
	second := make(chan Submission)
	through := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		other := restart()
		one := other.inspect(t, made.Encode())
		go func() { second <- other.Submit(context.Background(), one, Submit{}) }()
		s := <-second // the answer to the first has to wait for it
		if s.Outcome != request.NotSent || apptest.Key(s.Err) != "journal.busy" || s.Kind() != fault.Connection {
			t.Errorf("%+v", s)
		}
		return through.RoundTrip(r)
	})
	if s := b.submit(t, made.Encode(), Submit{}); s.Outcome != request.Released || len(b.wire.Sent()) != 1 {
		t.Errorf("%+v, sent %d times", s, len(b.wire.Sent()))
	}
}

// T3 F83: a request that this computer has seen released counts as released and is not sent
// again, unless the person asks for it. The person is told.
func TestARequestThatWasReleasedIsSentAgainOnRequestAlone(t *testing.T) {
	b, restart := withJournal(t)
	made := b.create(t, Create{})
	b.submit(t, made.Encode(), Submit{})
	second := restart()
	s := second.submit(t, made.Encode(), Submit{})
	if s.Outcome != request.Released || !s.Before || s.Kind() != "" || len(second.wire.Sent()) != 1 {
		t.Errorf("%s, sent %d times", s.Outcome, len(second.wire.Sent()))
	}
	s = restart().submit(t, made.Encode(), Submit{Again: true})
	said := ""
	for _, w := range s.Warnings {
		said += w.Localize(words.English())
	}
	if s.Code != "device_not_found" || said != "the License API released this already, on 2026-12-01 00:00:00 UTC, when it was submitted from this computer" {
		t.Errorf("%s: %q", s.Code, said)
	}
	if b.state(t, made) != request.Released {
		t.Error(b.state(t, made))
	}
}

// In practice no text says that the License API answered.
func TestAPracticeRequestThatWasReleasedIsPassedOverInItsOwnWords(t *testing.T) {
	w, home := words.English(), t.TempDir()
	open := func() *App {
		t.Helper()
		a, err := New(home, profile.Practice(), w, nil)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := open()
	made, err := a.Create(Create{LicenseKey: licenseKey, HardwareID: "workstation-7"})
	if err != nil {
		t.Fatal(err)
	}
	submit := func(job Submit) Submission {
		t.Helper()
		b := open().Batch(Options{Only: true, Submit: job})
		b.Add(t.Context(), Input{Name: "a.req", Data: []byte(made.Encode())})
		b.Send(t.Context())
		return *b.Rows()[0].Submission
	}
	submit(Submit{})
	s := submit(Submit{})
	message, _ := s.Explain(w)
	if date := w.Stamp(s.Record.Last(request.Released).At); !s.Before || message != "the sandbox inside this program took the request on "+date+"; it was not sent again" {
		t.Errorf("%v: %s", s.Before, message)
	}
	again := submit(Submit{Again: true})
	for _, warning := range again.Warnings {
		if said := warning.Localize(w); strings.Contains(said, "License API") {
			t.Errorf("warned: %s", said)
		}
	}
	if len(again.Warnings) == 0 || again.Before {
		t.Errorf("asked for again, it warns of %v", again.Warnings)
	}
}

func TestAReceiptIsNotTakenForWhatThisComputerSaw(t *testing.T) {
	b, restart := withJournal(t)
	made := b.create(t, Create{})
	elsewhere := newBench(t, acme())
	s := elsewhere.submit(t, made.Encode(), Submit{})
	receipt, err := s.Record.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Journal.ApplyReceipt(receipt); err != nil {
		t.Fatal(err)
	}
	warnings := restart().inspect(t, made.Encode()).Warnings
	if len(warnings) != 1 || warnings[0].Key != "app.warn.released_receipt" {
		t.Errorf("warned of %v", warnings)
	}
}

// F16
func TestAJournalThatCannotBeWrittenIsAWarning(t *testing.T) {
	b := newBench(t, acme())
	blocked := filepath.Join(t.TempDir(), "file")
	apptest.Write(t, blocked, "")
	b.Journal.Folder = blocked
	made := b.create(t, Create{})
	if len(made.Warnings) != 1 || made.Warnings[0].Key != journal.ErrUnwritable.Key {
		t.Errorf("%+v", made.Warnings)
	}
	if s := b.submit(t, made.Encode(), Submit{}); s.Outcome != request.Released || s.Warnings[0].Key != journal.ErrUnwritable.Key {
		t.Errorf("%+v", s)
	}
}

func TestARecordIsFoundByWhatAPersonReadsOff(t *testing.T) {
	b, _ := withJournal(t)
	one, two := b.create(t, Create{}), b.create(t, Create{Username: "me"})
	for named, want := range map[string]string{
		one.CheckCode(): one.Encode(), one.RequestID: one.Encode(), two.RequestID[:8]: two.Encode(),
	} {
		if r, err := b.Journal.Find(named); err != nil || r.Request.Encode() != want {
			t.Errorf("%s: %v", named, err)
		}
	}
	for _, named := range []string{"", one.RequestID[:3], "ABCD-2345-WXYZ"} {
		if _, err := b.Journal.Find(named); apptest.Key(err) != "journal.none" {
			t.Errorf("%q: %v", named, err)
		}
	}
}

// historyOf returns the whole history.
func historyOf(t *testing.T, a *App) (entries []*HistoryEntry) {
	t.Helper()
	for e, err := range a.History() {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

// matching returns the entries that a query chooses.
func matching(entries []*HistoryEntry, text string, stage Stage) (all []*HistoryEntry) {
	for _, e := range entries {
		if NewHistoryQuery(text, stage).Matches(e) {
			all = append(all, e)
		}
	}
	return all
}

// Each state of the history says what to do next, and is found by its filter and by what
// is shown of it.
func TestTheHistorySaysWhatIsNextAndIsFiltered(t *testing.T) {
	for _, row := range []struct {
		name  string
		make  Create
		do    func(b *bench, made *Outgoing)
		stage Stage
		next  string
	}{
		{"made", Create{}, func(*bench, *Outgoing) {}, OpenStage, "Take the request to a connected computer"},
		{"unsigned", Create{Unsigned: true}, func(*bench, *Outgoing) {}, OpenStage, "support, who sign and submit it"},
		{"released", Create{}, func(b *bench, made *Outgoing) { b.submit(t, made.Encode(), Submit{}) }, ReleasedStage, "The device no longer counts."},
		{"refused", Create{}, func(b *bench, made *Outgoing) {
			b.wire.Inner = newBench(t, acme(), "revoked_api_key").box.Transport()
			b.submit(t, made.Encode(), Submit{})
		}, RefusedStage, "The license was not released."},
		{"lost", Create{}, func(b *bench, made *Outgoing) {
			b.wire.Lose = true
			b.submit(t, made.Encode(), Submit{})
		}, UncertainStage, "It is not certain whether the license was released."},
	} {
		b := newBench(t, acme())
		row.do(b, b.create(t, row.make))
		entries := historyOf(t, b.App)
		if len(entries) != 1 {
			t.Fatalf("%s: %+v", row.name, entries)
		}
		details, err := b.HistoryDetails(entries[0].ID)
		if e := entries[0]; e.Stage != row.stage || !strings.Contains(details.Next, row.next) || err != nil {
			t.Errorf("%s: %s: %s, %v", row.name, e.Stage, details.Next, err)
		}
		for _, stage := range Stages() {
			if found := matching(entries, "", stage); len(found) > 0 != (stage == entries[0].Stage) {
				t.Errorf("%s: the filter %s finds %d", row.name, stage, len(found))
			}
		}
		for text, want := range map[string]int{"": 1, licenseKey: 1, strings.ReplaceAll(strings.ToLower(licenseKey), "-", ""): 1, "nowhere": 0, details.Next: 1} {
			if found := matching(entries, text, ""); len(found) != want {
				t.Errorf("%s: %q finds %d", row.name, text, len(found))
			}
		}
	}
}
