package app

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
	"handback/app/words"
)

// deskOf returns a bench whose sandbox knows one license on one device, and a request that
// it can release.
func deskOf(t *testing.T, scenarios ...string) (*bench, string) {
	t.Helper()
	b := newBench(t, acme())
	text := b.create(t, Create{}).Encode()
	b.Journal = &journal.Journal{Words: words.English(), Tool: "Handback test", Now: b.Now} // another computer
	box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apiKey, Secret: secret.New([]byte(sharedKey)), Now: b.Now, Scenarios: scenarios,
		Licenses: []sandbox.License{{Key: licenseKey, HardwareIDs: []string{hardwareID}}}})
	if err != nil {
		t.Fatal(err)
	}
	b.box, b.wire.Inner = box, box.Transport()
	b.cached.client = nil
	return b, text
}

// posts returns how many requests to release a license were sent.
func (b *bench) posts() (n int) {
	for _, r := range b.wire.Sent() {
		if r.Method == "POST" {
			n++
		}
	}
	return n
}

func (b *bench) check(t *testing.T, text string) Checked {
	t.Helper()
	c := b.Check(context.Background(), b.inspect(t, text), Submit{})
	message, advice := c.Explain(b.Words)
	if message == "" || advice == "" || strings.Contains(message+advice, "<no value>") {
		t.Errorf("%q, %q", message, advice)
	}
	return c
}

func TestACheckSaysWhatTheVendorsRecordSaysAndChangesNothing(t *testing.T) {
	b, text := deskOf(t)
	c := b.check(t, text)
	if c.Holds != request.Held || c.Kind() != "" || b.posts() != 0 || len(b.box.Released()) != 0 {
		t.Fatalf("%+v", c)
	}
	if e := c.Record.Events[0]; e.Holds != request.Held || e.Endpoint == "" || e.Status != 200 || c.Record.State() != request.Created {
		t.Errorf("%+v", e)
	}
	b.submit(t, text, Submit{})
	if c = b.check(t, text); c.Holds != request.NotHeld || c.Record.Standing() != journal.Confirmed || c.Record.State() != request.Released {
		t.Errorf("%s, %s", c.Holds, c.Record.Standing())
	}
	if got := c.Record.Label(b.Words); got != "released, confirmed by the vendor's record" {
		t.Errorf("the list says %q", got)
	}
	var list strings.Builder
	if err := WriteCSV(&list, slices.Values([]journal.Record{c.Record}), b.Words); err != nil {
		t.Error(err)
	}
	if got := list.String(); !strings.Contains(got, "released, confirmed by the vendor's record") {
		t.Errorf("the CSV file says %q", got)
	}
	if got := c.Record.Describe(b.Words); !strings.Contains(got, "the device does not hold the license") || !strings.Contains(got, "the device holds the license") {
		t.Errorf("the record says %q", got)
	}
}

func TestARequestThatWasNeverSentAndIsNotHeldHasNothingToRelease(t *testing.T) {
	b, text := deskOf(t, "list_empty")
	c := b.check(t, text)
	if c.Record.Standing() != journal.NeverHeld || c.Record.Answered() || stageOf(c.Record) != RefusedStage {
		t.Errorf("%s, %s", c.Record.State(), c.Record.Standing())
	}
}

// An outcome that is not known is settled by asking, not by sending again.
func TestALostAnswerIsSettledByAsking(t *testing.T) {
	for _, row := range []struct {
		scenario string
		want     request.State
		standing journal.Standing
		kind     fault.Kind
	}{
		{"drop", request.Released, journal.Confirmed, ""},
		{"bad_gateway", request.Released, journal.Confirmed, ""},
		{"internal_error", request.Refused, journal.StillHeld, fault.Refused},
		{"login_page", request.Refused, journal.StillHeld, fault.Refused},
	} {
		b, text := deskOf(t, row.scenario)
		s := b.submit(t, text, Submit{Check: true})
		confirmed, told := s.Confirmed()
		if s.Outcome != row.want || s.Kind() != row.kind || !told || confirmed != (row.standing == journal.Confirmed) || s.Record.Standing() != row.standing || b.posts() != 1 {
			t.Errorf("%s: %s, %v, %v, %s, %d sent", row.scenario, s.Outcome, confirmed, told, s.Record.Standing(), b.posts())
		}
		if message, advice := s.Explain(b.Words); message == "" || advice == "" || s.Headline(b.Words) != b.Words.Text("journal.told."+string(row.standing)) {
			t.Errorf("%s: %q, %q, %q", row.scenario, s.Headline(b.Words), message, advice)
		}

		b, text = deskOf(t, row.scenario)
		if s = b.submit(t, text, Submit{}); s.Outcome != request.Unknown || !CanAsk(s.Record) {
			t.Fatalf("%s: %s", row.scenario, s.Outcome)
		}
		if c := b.check(t, text); c.Record.State() != row.want || c.Record.Standing() != row.standing || b.posts() != 1 {
			t.Errorf("%s, asked later: %s", row.scenario, c.Record.State())
		}
		if s = b.submit(t, text, Submit{}); row.want == request.Released && (!s.Before || b.posts() != 1) {
			t.Errorf("%s: sent again", row.scenario)
		}
	}
}

func TestAnUncertainRequestIsAskedAboutAndNotSentAgain(t *testing.T) {
	for _, row := range []struct {
		scenario string
		later    []string // scenarios when it is submitted again
		again    bool
		want     request.State
		posts    int
	}{
		{"drop", nil, false, request.Released, 1},
		{"drop", nil, true, request.Released, 2},
		{"internal_error", nil, false, request.Refused, 1},
		{"internal_error", nil, true, request.Released, 2},
		{"drop", []string{"list_missing"}, false, request.Unknown, 1},
		{"internal_error", []string{"list_missing"}, true, request.Released, 2},
	} {
		b, text := deskOf(t, row.scenario)
		if s := b.submit(t, text, Submit{}); s.Outcome != request.Unknown {
			t.Fatal(s.Outcome)
		}
		if row.later != nil || row.again {
			licenses := []sandbox.License{{Key: licenseKey}}
			if row.scenario == "internal_error" {
				licenses[0].HardwareIDs = []string{hardwareID}
			}
			box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apiKey, Secret: secret.New([]byte(sharedKey)), Now: b.Now, Scenarios: row.later, Licenses: licenses})
			if err != nil {
				t.Fatal(err)
			}
			b.wire.Inner = box.Transport()
		}
		batch := b.Batch(Options{Only: true, Submit: Submit{Check: true, Again: row.again}})
		batch.Add(context.Background(), Input{Name: "pasted", Data: []byte(text)})
		batch.Send(context.Background())
		s := batch.Rows()[0].Result()
		if s.Outcome != row.want || b.posts() != row.posts || s.Sent() != (row.posts == 2) {
			t.Errorf("%+v: %s, %d sent", row, s.Outcome, b.posts())
		}
		if message, advice := s.Explain(b.Words); message == "" || advice == "" || strings.Contains(message+advice, "<no value>") {
			t.Errorf("%+v: %q, %q", row, message, advice)
		}
	}
}

func TestAnUncertainRequestStaysSoIfNothingCanBeAsked(t *testing.T) {
	b, text := deskOf(t, "drop")
	b.submit(t, text, Submit{})
	one := b.inspect(t, text)
	ctx, cancel := context.WithCancel(context.Background())
	b.wire.Inner = apptest.RoundTrip(func(*http.Request) (*http.Response, error) {
		cancel()
		return nil, ctx.Err()
	})
	s := b.Submit(ctx, one, Submit{Check: true})
	if s.Outcome != request.Unknown || !s.Before || s.Kind() != fault.Unknown || b.posts() != 1 || !hasWarning(s, "app.warn.unconfirmed") {
		t.Errorf("%s, %v, %d sent, %v", s.Outcome, s.Before, b.posts(), s.Warnings)
	}
}

func TestWhatTheDeviceDoesNotHoldIsSentOnlyIfItIsAskedFor(t *testing.T) {
	b, text := deskOf(t, "list_empty")
	s := b.submit(t, text, Submit{Check: true})
	if s.Outcome != request.Refused || s.Code != "not_held" || s.Kind() != fault.Refused || s.Sent() || b.posts() != 0 {
		t.Fatalf("%s %s, sent %v", s.Outcome, s.Code, s.Sent())
	}
	if got := s.Headline(b.Words); got != b.Words.Text("journal.told.not_held") {
		t.Errorf("headline %q", got)
	}
	if _, advice := s.Explain(b.Words); !strings.Contains(advice, "--again") {
		t.Errorf("advice %q", advice)
	}
	s = b.submit(t, text, Submit{Check: true, Again: true})
	if s.Outcome != request.Released || b.posts() != 1 || !hasWarning(s, "app.warn.not_held") {
		t.Errorf("%s, %d sent, %v", s.Outcome, b.posts(), s.Warnings)
	}
}

func hasWarning(s Submission, key string) bool {
	for _, w := range s.Warnings {
		if w.Key == key {
			return true
		}
	}
	return false
}

func TestWhatCannotBeToldHoldsNothingUp(t *testing.T) {
	for _, scenario := range []string{"list_missing", "list_forbidden", "list_not_json"} {
		b, text := deskOf(t, scenario)
		s := b.submit(t, text, Submit{Check: true})
		_, told := s.Confirmed()
		if s.Outcome != request.Released || told || !hasWarning(s, "app.warn.untold") || !hasWarning(s, "app.warn.unconfirmed") || s.Record.Standing() != "" {
			t.Errorf("%s: %s, %v", scenario, s.Outcome, s.Warnings)
		}
		c := b.check(t, text)
		if c.Holds != request.Untold || c.Kind() == "" || c.Record.State() != request.Released || c.Record.Label(b.Words) != "released" {
			t.Errorf("%s: %s, %s", scenario, c.Holds, c.Record.State())
		}
	}
}

func TestALicenseThatStaysListedAfterItsReleaseIsToldOf(t *testing.T) {
	b, text := deskOf(t, "list_late")
	s := b.submit(t, text, Submit{Check: true})
	confirmed, told := s.Confirmed()
	if s.Outcome != request.Released || confirmed || !told || s.Kind() != "" || !hasWarning(s, "app.warn.still_listed") || s.Record.Standing() != journal.StillListed {
		t.Errorf("%s, %v, %v", s.Outcome, confirmed, s.Warnings)
	}
}

func TestTheProfileMayAskForTheCheck(t *testing.T) {
	b, text := deskOf(t)
	b.Profile.Server.Check = true
	if s := b.submit(t, text, Submit{}); s.Outcome != request.Released || s.Asked.Holds != request.NotHeld || len(b.wire.Sent()) != 3 {
		t.Errorf("%s, %s, %d sent", s.Outcome, s.Asked.Holds, len(b.wire.Sent()))
	}
	b, text = deskOf(t)
	if s := b.submit(t, text, Submit{Check: true, DryRun: true}); s.Outcome != request.NotSent || len(b.wire.Sent()) != 0 {
		t.Errorf("a dry run: %s, %d sent", s.Outcome, len(b.wire.Sent()))
	}
	b, text = deskOf(t)
	if s := b.submit(t, text, Submit{}); s.Asked.Holds != "" || len(b.wire.Sent()) != 1 {
		t.Errorf("nobody asked for it: %s", s.Asked.Holds)
	}
}

// A record at another address says nothing about what was sent here.
func TestARecordElsewhereSettlesNothing(t *testing.T) {
	b, text := deskOf(t, "drop")
	b.submit(t, text, Submit{})
	c := b.Check(context.Background(), b.inspect(t, text), Submit{Endpoint: "https://elsewhere.example"})
	if c.Holds != request.NotHeld || c.Record.State() != request.Unknown || c.Record.Standing() != "" {
		t.Errorf("%s, %s", c.Record.State(), c.Record.Standing())
	}
}

func TestNothingIsAskedAboutARequestOfAnotherVendor(t *testing.T) {
	for _, row := range foreign(t) {
		b := newBench(t, row.profile)
		c := b.Check(context.Background(), b.inspect(t, row.text), Submit{})
		if apptest.Key(c.Err) != row.want || len(b.wire.Sent()) != 0 || fault.KindOf(c.Err).ExitStatus() != 3 {
			t.Errorf("%s: %v", row.name, c.Err)
		}
	}
}

func TestACancelledCheckIsNeitherAskedNorNoted(t *testing.T) {
	b, text := deskOf(t)
	one := b.inspect(t, text)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if c := b.Check(ctx, one, Submit{}); c.Kind().ExitStatus() != 7 || len(c.Record.Events) != 0 || len(b.wire.Sent()) != 0 {
		t.Errorf("%v", c.Err)
	}
}

func TestAfterACancelledSubmissionNothingIsAsked(t *testing.T) {
	b, text := deskOf(t)
	one := b.inspect(t, text)
	ctx, cancel := context.WithCancel(context.Background())
	inner := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			_, _ = io.ReadAll(r.Body)
			cancel()
			return nil, ctx.Err()
		}
		return inner.RoundTrip(r)
	})
	s := b.Submit(ctx, one, Submit{Check: true})
	if s.Outcome != request.Unknown || hasWarning(s, "app.warn.unconfirmed") || len(b.wire.Sent()) != 2 {
		t.Errorf("%s, %v, %d sent", s.Outcome, s.Warnings, len(b.wire.Sent()))
	}
}

func TestTheHistorySaysWhatToDoAfterTheRecordWasAsked(t *testing.T) {
	for scenario, key := range map[string]string{"drop": "check.confirmed.advice", "internal_error": "check.still_held.advice"} {
		b, text := deskOf(t, scenario)
		b.submit(t, text, Submit{Check: true})
		entries := historyOf(t, b.App)
		if len(entries) != 1 {
			t.Fatalf("%s: %+v", scenario, entries)
		}
		if details, err := b.HistoryDetails(entries[0].ID); err != nil || details.Next != b.Words.Text(key) {
			t.Errorf("%s: %+v, %v", scenario, details, err)
		}
		if found := matching(entries, "asked", ""); len(found) != 1 {
			t.Errorf("%s: the search does not find what was asked", scenario)
		}
	}
}

func TestABundleIsSentOnItsPathIfTheProfileOrThePersonSaysSo(t *testing.T) {
	for _, row := range []struct{ profile, person, want bool }{{false, false, false}, {true, false, true}, {false, true, true}, {true, true, true}} {
		b := newBench(t, acme())
		text := b.create(t, Create{}).Encode()
		b.submit(t, text, Submit{DryRun: true})
		b.Profile.Product.Bundle = row.profile
		b.submit(t, b.create(t, Create{HardwareID: "other"}).Encode(), Submit{Bundle: !row.person}) // the client is not reused
		b.submit(t, text, Submit{Bundle: row.person})
		sent := b.wire.Sent()
		if got := strings.HasSuffix(sent[len(sent)-1].URL.Path, "/deactivate_bundle_offline"); got != row.want {
			t.Errorf("%+v: %s", row, sent[len(sent)-1].URL.Path)
		}
	}
}

func TestABatchSettlesItsRow(t *testing.T) {
	b, text := deskOf(t, "drop")
	batch := b.Batch(Options{Only: true})
	batch.Add(context.Background(), Input{Name: "pasted", Data: []byte(text)})
	batch.Send(context.Background())
	row := batch.Rows()[0]
	if row.Submission.Outcome != request.Unknown || row.Standing() != NeedsYou {
		t.Fatalf("%+v", row.Submission)
	}
	c, a := batch.Check(context.Background(), row.Request)
	row = batch.Rows()[0]
	if a == nil || c.Holds != request.NotHeld || row.Submission.Outcome != request.Released || row.Standing() != Done || b.posts() != 1 {
		t.Errorf("%s, %s", c.Holds, row.Submission.Outcome)
	}
}
