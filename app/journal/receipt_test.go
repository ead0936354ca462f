package journal

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/document"
	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

func answeredBy(id string, t *testing.T, states ...request.State) Record {
	t.Helper()
	r := Record{Request: requestOf(t, id)}
	for i, s := range states {
		r.Events = append(r.Events, Event{At: today.Add(time.Duration(i) * time.Minute), What: s, Status: 200})
	}
	return r
}

func TestAReceiptSaysWhatBecameOfTheRequestAndAReleaseStays(t *testing.T) {
	for _, row := range []struct {
		states []request.State
		want   request.State
	}{
		{[]request.State{request.Created, request.Exported}, ""},
		{[]request.State{request.Submitting}, ""},
		{[]request.State{request.Submitting, request.NotSent}, ""},
		{[]request.State{request.Submitting, request.Refused}, request.Refused},
		{[]request.State{request.Submitting, request.Unknown, request.Submitting, request.NotSent}, request.Unknown},
		{[]request.State{request.Submitting, request.Unknown, request.Submitting, request.ProbablyReleased}, request.ProbablyReleased},
		{[]request.State{request.Submitting, request.Released, request.Submitting, request.Refused}, request.Released},
	} {
		receipt, err := answeredBy("w", t, row.states...).MakeReceipt()
		if row.want == "" {
			if !errors.Is(err, ErrNoAnswer) {
				t.Errorf("%v: %v", row.states, err)
			}
			continue
		}
		if err != nil || receipt.Outcome().What != row.want {
			t.Errorf("%v: %+v, %v", row.states, receipt, err)
		}
	}
}

func TestAReceiptClosesTheRecordInEitherForm(t *testing.T) {
	for _, outcome := range request.Answers() {
		submitted := answeredBy("w", t, request.Submitting, outcome)
		whole, err := ParseReceipt(submitted.Text(words.English(), "Handback test"))
		if err != nil {
			t.Fatal(err)
		}
		brief, err := ParseBrief(whole.Brief())
		if err != nil {
			t.Fatal(err)
		}
		if brief.CheckCode() != submitted.Request.CheckCode() || !strings.Contains(brief.Describe(words.English()), "not a proof") {
			t.Errorf("%s: %s", brief.CheckCode(), brief.Describe(words.English()))
		}
		for name, receipt := range map[string]Receipt{"whole": whole, "brief": brief} {
			j := in(t.TempDir())
			note(t, j, requestOf(t, "other"), what(request.Created)...)
			note(t, j, requestOf(t, "w"), what(request.Created, request.Exported)...)
			var once Record
			for range 2 { // the second time nothing is new
				if once, err = j.ApplyReceipt(receipt); err != nil || once.State() != outcome {
					t.Fatalf("%s %s: %s, %v", name, outcome, once.State(), err)
				}
			}
			kept := j.Known(requestOf(t, "w"))
			if diff := cmp.Diff(once.Events, kept.Events); diff != "" {
				t.Error(diff)
			}
			if said := kept.ReceiptOutcome(); !said.FromReceipt || !said.At.Equal(receipt.Outcome().At) {
				t.Errorf("%s %s: kept %+v", name, outcome, said)
			}
			if !kept.ByReceipt() || !strings.Contains(kept.Describe(words.English()), "A receipt says: ") || answeredBy("w", t, request.Submitting, outcome).ByReceipt() {
				t.Errorf("%s %s: %s", name, outcome, kept.Describe(words.English()))
			}
			if n := len(kept.Events); n != 2+len(receipt.Events) {
				t.Errorf("%s %s: %d events", name, outcome, n)
			}
			if state := j.Known(requestOf(t, "other")).State(); state != request.Created {
				t.Errorf("the other request is %s", state)
			}
		}
	}
}

func TestAReceiptOfARequestThatIsNotHereChangesNothing(t *testing.T) {
	j := in(t.TempDir())
	receipt, err := answeredBy("elsewhere", t, request.Submitting, request.Released).MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.ApplyReceipt(receipt); !errors.Is(err, ErrNoRecord) {
		t.Errorf("got %v", err)
	}
	if records, errs := j.Records(); len(records)+len(errs) > 0 {
		t.Errorf("%v, %v", records, errs)
	}
}

// F18: a receipt cut anywhere is refused.
func TestABriefReceiptThatIsNotOneIsRefused(t *testing.T) {
	receipt, err := answeredBy("w", t, request.Submitting, request.Released).MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	brief := receipt.Brief()
	for n := range len(brief) {
		if _, err := ParseBrief(brief[:n]); !errors.Is(err, document.ErrDamaged) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
	for _, number := range []byte{0, 5, 255} {
		brief[len(Digest{})] = number
		if _, err := ParseBrief(brief); !errors.Is(err, document.ErrDamaged) {
			t.Errorf("outcome %d: %v", number, err)
		}
	}
	if _, err := ParseReceipt([]byte("HANDBACK RECORD 1\n")); !errors.Is(err, document.ErrDamaged) {
		t.Errorf("got %v", err)
	}
	if _, err := ParseReceipt(document.Record.Write(strings.Repeat("x", maxBytes), "{}")); !errors.Is(err, document.ErrDamaged) || !errors.Is(err, fault.New(fault.Input, "reason.too_large")) {
		t.Errorf("too large: %v", err)
	}
	if _, err := ParseReceipt(answeredBy("w", t, request.Created).Text(words.English(), "x")); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("got %v", err)
	}
}

func TestARecordIsFoundByItsCheckCodeOrTheBeginningOfItsID(t *testing.T) {
	j := in(t.TempDir())
	a, b := requestOf(t, "a"), requestOf(t, "b") // of one request ID
	note(t, j, a, what(request.Created)...)
	note(t, j, b, what(request.Created)...)
	if found, err := j.Find(strings.ToLower(a.CheckCode())); err != nil || found.Request.HardwareID != "a" {
		t.Errorf("%v, %v", found, err)
	}
	if _, err := j.Find("3f2504e0"); apptest.Key(err) != "journal.several" {
		t.Errorf("by an ID of two: %v", err)
	}
	for _, named := range []string{"3f2", "", "ABCD-EFGH-IJKL"} {
		if _, err := j.Find(named); !errors.Is(err, ErrNoRecord) {
			t.Errorf("%q: %v", named, err)
		}
	}
	if label := answeredBy("w", t, request.Created).Label(words.English()); label != "made" {
		t.Error(label)
	}
}

func TestARecordsFileIsKnownForItsRequestAlone(t *testing.T) {
	folder := t.TempDir()
	note(t, in(folder), requestOf(t, "w"), what(request.Created)...)
	path := recordFile(t, folder)
	if !IsOf(path, requestOf(t, "w")) || IsOf(path, requestOf(t, "x")) || IsOf(path+"x", requestOf(t, "w")) {
		t.Error("it is taken for another one's, or not for its own")
	}
}

// F80: a receipt whose text for people is another receipt's is refused, although its
// checksum is right. Receipts in every language are read.
func TestAReceiptThatSaysSomethingElseToPeopleIsRefused(t *testing.T) {
	submitted := answeredBy("w", t, request.Submitting, request.Refused)
	for _, language := range words.Languages() {
		file := submitted.write(words.For(language), "Another tool 1.0", 0)
		if _, err := ParseReceipt(file); err != nil {
			t.Errorf("%s: %v", language, err)
		}
		people, machine, err := document.Record.Parts(file)
		if err != nil {
			t.Fatal(err)
		}
		released := answeredBy("w", t, request.Submitting, request.Released).people(words.For(language), "Another tool 1.0")
		for name, other := range map[string]string{"another outcome": released, "a line more": people + "Released.\n", "nothing": ""} {
			if _, err := ParseReceipt(document.Record.Write(other, machine)); !errors.Is(err, document.ErrContradicts) {
				t.Errorf("%s, %s: %v", language, name, err)
			}
		}
	}
}
