package app

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/journal"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// A desk sees at a glance what needs it: the summary counts it, and it is at the top.
func TestWhatNeedsSomebodyIsCountedAndComesFirst(t *testing.T) {
	b := newBench(t, acme())
	batch := b.knowing(acme())
	var inputs []Input
	for n := range 5 {
		inputs = append(inputs, pasted(b.create(t, Create{HardwareID: fmt.Sprint("device-", n)}).Encode())...)
	}
	unsigned := b.create(t, Create{Unsigned: true, HardwareID: "device-9"})
	inputs = slices.Insert(inputs, 2, Input{Name: "page", Data: []byte("<html>")}, Input{Name: "a.handback", Data: b.File(unsigned)})
	batch.Add(t.Context(), inputs...)
	w := words.English()
	look := func() (summary string, order []int) {
		rows := batch.Rows()
		ByNeed(rows)
		for _, r := range rows {
			order = append(order, r.ID)
		}
		return TallyOf(rows).Summary(w), order
	}
	summary, order := look()
	if summary != "2 need you · 5 to submit" {
		t.Error(summary)
	}
	if diff := cmp.Diff([]int{3, 4, 1, 2, 5, 6, 7}, order); diff != "" {
		t.Error(diff)
	}
	send := batch.Start()
	if summary, _ := look(); summary != "2 need you · 5 being submitted" {
		t.Error(summary)
	}
	send(t.Context())
	if summary, _ := look(); summary != "5 released · 2 need you" {
		t.Error(summary)
	}
	batch.Confirm(4)
	batch.Send(t.Context())
	summary, order = look()
	if summary != "6 released · 1 needs you" || order[0] != 3 {
		t.Errorf("%s, %v", summary, order)
	}
	if got := TallyOf(batch.Rows()).Summary(words.For("de")); got != "6 freigegeben · 1 wartet auf Sie" {
		t.Error(got)
	}
}

// A row stands where the person is needed, or not, whatever became of it.
func TestEachOutcomeHasItsStanding(t *testing.T) {
	for _, row := range []struct {
		scenario string
		profile  profile.Profile
		secret   bool
		want     Standing
		summary  string
	}{
		{"", acme(), true, Done, "1 released"},
		{"", profile.Practice(), true, Done, "1 released in practice"},
		{"", acme(), false, ToSubmit, "1 to submit"}, // its secret is asked for when it is submitted
		{"revoked_api_key", acme(), true, NeedsYou, "1 needs you"},
		{"cut", acme(), true, NeedsYou, "1 needs you"},
	} {
		var scenarios []string
		if row.scenario != "" {
			scenarios = []string{row.scenario}
		}
		b := newBench(t, row.profile, scenarios...)
		text := b.create(t, Create{}).Encode()
		if !row.secret {
			b.App.Secret = func() (secret.Secret, error) { return secret.Secret{}, secret.ErrNone }
		}
		batch := b.Batch(Options{Only: true})
		batch.Add(t.Context(), pasted(text)...)
		batch.Send(t.Context())
		r := batch.Rows()[0]
		if got := r.Standing(); got != row.want || r.Askable() == row.secret {
			t.Errorf("%+v: %s, askable %v", row, got, r.Askable())
		}
		if got := TallyOf(batch.Rows()).Summary(words.English()); got != row.summary {
			t.Errorf("%+v: %q", row, got)
		}
	}
	for _, one := range []Row{{}, {Inspection: Inspection{Parts: []carry.Part{{}}}, Needs: []Need{NeedPart}}} {
		if one.Standing() != NeedsYou || one.Askable() {
			t.Errorf("%+v", one)
		}
	}
	// After a wrong secret, somebody has to look.
	b := newBench(t, acme())
	batch := b.Batch(Options{Only: true})
	batch.Add(t.Context(), pasted(b.create(t, Create{}).Encode())...)
	batch.SetSecret(b.App, secret.New([]byte("mistyped")))
	if r := batch.Rows()[0]; r.Standing() != NeedsYou || !r.Askable() {
		t.Errorf("after a wrong secret: %s", r.Standing())
	}
	// While its profile is looked for, a request troubles nobody.
	if got := (Row{Inspection: Inspection{Request: &request.Request{}}}).Standing(); got != ToSubmit {
		t.Error(got)
	}
}

func TestAReceiptIsNotedOrNeedsSomebody(t *testing.T) {
	there := newBench(t, acme())
	made := there.create(t, Create{})
	record := there.submit(t, made.Encode(), Submit{}).Record
	for _, row := range []struct {
		known bool
		want  Standing
	}{{true, Noted}, {false, NeedsYou}} {
		b := newBench(t, acme())
		if row.known {
			if err := b.Journal.Note(made.Request, false, journal.Event{What: request.Created}); err != nil {
				t.Fatal(err)
			}
		}
		batch := b.knowing(acme())
		ids := batch.Add(t.Context(), Input{Name: "a.receipt.txt", Data: record.Text(words.English(), "Handback test")})
		_, err := batch.ApplyReceipt(ids[0])
		r := batch.Rows()[0]
		if r.Standing() != row.want || (err == nil) != row.known || !row.known && apptest.Key(r.Why) != "journal.none" {
			t.Errorf("%+v: %s, %v, %v", row, r.Standing(), err, r.Why)
		}
	}
	if _, err := there.knowing(acme()).ApplyReceipt(1); err == nil {
		t.Error("a row that is not there was noted")
	}
}
