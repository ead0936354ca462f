package journal

import (
	"slices"
	"strings"
	"testing"
	"time"

	"handback/app/request"
	"handback/app/words"
)

const there = "https://api.acme.example"

// asked adds to a journal what the vendor's record said, as the program does.
func asked(t *testing.T, j *Journal, r *request.Request, h request.Holds, endpoint string) Record {
	t.Helper()
	note(t, j, r, Event{What: j.Known(r).After(h, endpoint), Holds: h, Endpoint: endpoint, Status: 200})
	return j.Known(r)
}

// seen returns a journal that has a request with these events, all at there.
func seen(t *testing.T, states ...request.State) (*Journal, *request.Request) {
	t.Helper()
	j, r := in(t.TempDir()), requestOf(t, "w")
	var events []Event
	for _, s := range states {
		events = append(events, Event{What: s, Endpoint: map[bool]string{true: there}[s == request.Submitting]})
	}
	if events != nil {
		note(t, j, r, events...)
	}
	return j, r
}

func TestTheVendorsRecordSettlesWhatIsNotCertainAndNothingElse(t *testing.T) {
	type states = []request.State
	lost := states{request.Created, request.Submitting, request.Unknown}
	probably := states{request.Created, request.Submitting, request.ProbablyReleased}
	released := states{request.Created, request.Submitting, request.Released}
	refused := states{request.Created, request.Submitting, request.Refused}
	made := states{request.Created, request.Exported}
	for _, row := range []struct {
		seen     states
		holds    request.Holds
		endpoint string
		state    request.State
		standing Standing
		answered bool
	}{
		{lost, request.NotHeld, there, request.Released, Confirmed, true},
		{lost, request.Held, there, request.Refused, StillHeld, false},
		{lost, request.Untold, there, request.Unknown, "", false},
		{lost, request.NotHeld, "https://elsewhere.example", request.Unknown, "", false},
		{lost, request.Held, "https://elsewhere.example", request.Unknown, "", false},
		{probably, request.NotHeld, there, request.Released, Confirmed, true},
		{probably, request.Held, there, request.Refused, StillHeld, false},
		{released, request.NotHeld, there, request.Released, Confirmed, true},
		{released, request.Held, there, request.Released, StillListed, true},
		{released, request.NotHeld, "https://elsewhere.example", request.Released, "", true},
		{refused, request.NotHeld, there, request.Refused, NeverHeld, false},
		{refused, request.Held, there, request.Refused, StillHeld, false},
		{made, request.Held, there, request.Exported, "", false},
		{made, request.NotHeld, there, request.Refused, NeverHeld, false},
		{made, request.Untold, there, request.Exported, "", false},
		{nil, request.Held, there, request.Created, "", false},
		{nil, request.Untold, there, request.Created, "", false},
	} {
		j, r := seen(t, row.seen...)
		record := asked(t, j, r, row.holds, row.endpoint)
		if record.State() != row.state || record.Standing() != row.standing || record.Answered() != row.answered {
			t.Errorf("%v, then %s: %s, %q, answered %v", row.seen, row.holds, record.State(), record.Standing(), record.Answered())
		}
		if slices.Contains(row.seen, request.Unknown) != record.Lost() && !row.answered {
			t.Errorf("%v, then %s: lost %v", row.seen, row.holds, record.Lost())
		}
		want := record.Last(row.state)
		if slices.Contains(row.seen, row.state) && want.Holds != "" {
			t.Errorf("%v, then %s: the last answer is what the record said", row.seen, row.holds)
		}
	}
}

func TestWhatTheRecordSaidBeforeASubmissionSaysNothingAfterIt(t *testing.T) {
	j, r := seen(t)
	asked(t, j, r, request.Held, there)
	note(t, j, r, Event{What: request.Submitting, Endpoint: there}, Event{What: request.Released})
	if record := j.Known(r); record.Standing() != "" || record.Label(words.English()) != "released" {
		t.Errorf("%q", record.Label(words.English()))
	}
}

// Versions that do not know Holds take What for the state: it must be one that they know,
// and never further than what is certain.
func TestOlderVersionsReadWhatTheRecordSaid(t *testing.T) {
	older := []request.State{request.Created, request.Exported, request.Submitting, request.Released, request.ProbablyReleased, request.Refused, request.Unknown, request.NotSent}
	for _, states := range [][]request.State{nil, {request.Created, request.Exported}, {request.Submitting, request.Unknown}, {request.Submitting, request.Released}} {
		for _, h := range request.AllHolds() {
			j, r := seen(t, states...)
			for _, e := range asked(t, j, r, h, there).Events {
				if !slices.Contains(older, e.What) {
					t.Errorf("%v, then %s: %q", states, h, e.What)
				}
			}
		}
	}
	_, r := seen(t)
	for _, wrong := range []Event{{At: today, What: request.Created, Holds: "perhaps"}, {At: today, What: "asked", Holds: request.Held}} {
		if _, err := Parse(Record{Request: r, Events: []Event{wrong}}.Text(words.English(), "test")); err == nil {
			t.Errorf("%+v was read", wrong)
		}
	}
}

func TestAReceiptTellsTheOfflineComputerWhatTheRecordSaid(t *testing.T) {
	desk, r := seen(t, request.Submitting, request.Unknown)
	record := asked(t, desk, r, request.NotHeld, there)
	receipt, err := ParseReceipt(record.Text(words.English(), "Handback test"))
	if err != nil {
		t.Fatal(err)
	}
	offline, _ := seen(t, request.Created)
	got, err := offline.ApplyReceipt(receipt)
	if err != nil || got.State() != request.Released || !got.ByReceipt() || got.Label(words.English()) != "released, a receipt says" {
		t.Errorf("%v, %q", err, got.Label(words.English()))
	}
	if text := got.Describe(words.English()); !strings.Contains(text, "asked "+there+": the device does not hold the license (HTTP 200) (as a receipt says)") {
		t.Errorf("it says %s", text)
	}
	// A release and its confirmation in the same second are two events, in two receipts.
	desk, r = seen(t, request.Submitting, request.Released)
	first, err := desk.Known(r).MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if receipt, err = asked(t, desk, r, request.NotHeld, there).MakeReceipt(); err != nil {
		t.Fatal(err)
	}
	offline, _ = seen(t, request.Created)
	for _, one := range []Receipt{first, receipt, receipt} {
		if got, err = offline.ApplyReceipt(one); err != nil {
			t.Fatal(err)
		}
	}
	if len(got.Events) != 4 || got.Events[3].Holds != request.NotHeld {
		t.Errorf("%+v", got.Events)
	}
}

func TestWhatWasAskedElsewhereIsNotPartOfWhatHappenedHere(t *testing.T) {
	j, r := seen(t, request.Created, request.Submitting, request.Unknown)
	record := asked(t, j, r, request.NotHeld, "https://elsewhere.example")
	if here, elsewhere := record.At(there), record.At("https://elsewhere.example"); len(here.Events) != 2 || len(elsewhere.Events) != 1 {
		t.Errorf("%+v, %+v", here.Events, elsewhere.Events)
	}
}

func TestARecordThatWasAskedVeryOftenKeepsWhatBecameOfIt(t *testing.T) {
	r := Record{Request: requestOf(t, "w"), Events: []Event{{At: today, What: request.Submitting, Endpoint: there}, {At: today, What: request.Unknown}}}
	r.Events = append(r.Events, Event{At: today, What: r.After(request.Held, there), Holds: request.Held, Endpoint: there})
	for i := range 2000 {
		r.Events = append(r.Events, Event{At: today.Add(time.Duration(i)), What: r.After(request.Untold, there), Holds: request.Untold, Endpoint: there})
	}
	again, err := Parse(r.Text(words.English(), "test"))
	if err != nil || again.State() != request.Refused || !again.Lost() || again.Answered() {
		t.Errorf("%v, %s", err, again.State())
	}
}
