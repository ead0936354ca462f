package journal

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/request"
	"handback/app/words"
)

// imported returns the record of a request after a number of receipts was applied, each
// with a number of events that have this message.
func imported(t *testing.T, j *Journal, receipts, events int, message string) Record {
	t.Helper()
	r := requestOf(t, "w")
	note(t, j, r, what(request.Created, request.Exported)...)
	var record Record
	for i := range receipts {
		from := Record{Request: r}
		for n := range events {
			at := today.Add(-time.Duration(i*events+n+1) * time.Second)
			from.Events = append(from.Events, Event{At: at, What: request.Refused, Code: "x", Message: message, Sent: message})
		}
		receipt, err := from.MakeReceipt()
		if err != nil {
			t.Fatal(err)
		}
		if record, err = j.ApplyReceipt(receipt); err != nil {
			t.Fatalf("receipt %d: %v", i, err)
		}
	}
	return record
}

// F69: a record that is too long to be read again would be taken for none, and the
// request sent twice.
func TestWhateverReceiptsSayTheRecordIsReadAgain(t *testing.T) {
	for _, row := range []struct {
		receipts, events int
		message          string
	}{
		{2, 1, strings.Repeat("x", 3500000)},
		{2, 1, strings.Repeat("\u202e", 1000000)},
		{2, 3000, strings.Repeat("x", 1000)},
		{200, 1, "x"},
	} {
		folder := t.TempDir()
		kept := imported(t, in(folder), row.receipts, row.events, row.message)
		note(t, in(folder), requestOf(t, "w"), what(request.Submitting, request.Unknown)...)
		all, errs := in(folder).Records()
		if len(all) != 1 || errs != nil {
			t.Fatalf("%d receipts of %d events: %v", row.receipts, row.events, errs)
		}
		said := 0
		for _, e := range all[0].Events {
			if e.FromReceipt {
				said++
			}
			if len(e.Message) > maxMessage || len(e.Sent) > maxMessage {
				t.Errorf("a message of %d bytes", len(e.Message))
			}
		}
		if said > maxReceiptEvents || !all[0].Lost() || submissions(all[0]) != 1 || kept.ReceiptOutcome().What != request.Refused {
			t.Errorf("%d of receipts, lost %v, %d submissions", said, all[0].Lost(), submissions(all[0]))
		}
	}
}

func TestAReleaseThatAReceiptSaysStaysAmongManyReceipts(t *testing.T) {
	j := in(t.TempDir())
	r := requestOf(t, "w")
	note(t, j, r, what(request.Created)...)
	released, err := Record{Request: r, Events: []Event{{At: today.Add(-time.Hour * 1000), What: request.Released}}}.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.ApplyReceipt(released); err != nil {
		t.Fatal(err)
	}
	if got := imported(t, j, 100, 1, "x"); got.ReceiptOutcome().What != request.Released {
		t.Errorf("it says %s", got.ReceiptOutcome().What)
	}
	if state := j.Known(r).State(); state != request.Released {
		t.Errorf("read again: %s", state)
	}
}

// F69: what the next submission depends on is not dropped.
func TestARecordOfManySubmissionsKeepsWhatCounts(t *testing.T) {
	for _, message := range []string{"", strings.Repeat("\u202e", maxMessage/3)} {
		r := Record{Request: requestOf(t, "w"), Events: what(request.Created, request.Submitting, request.Unknown)}
		for range 3000 {
			r.Events = append(r.Events, what(request.Submitting)...)
			r.Events = append(r.Events, Event{At: today, What: request.Refused, Message: message})
		}
		text := r.Text(words.English(), "Handback test")
		again, err := Parse(text)
		if err != nil || len(text) > maxBytes {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		if !again.Lost() || submissions(again) != 3001 || again.State() != request.Refused || again.Events[0].What != request.Created {
			t.Errorf("lost %v, %d submissions, %s", again.Lost(), submissions(again), again.State())
		}
	}
}

// F69: the signed forms of a large unsigned request alone would fill a record.
func TestARecordOfALargeHandoffIsReadAgain(t *testing.T) {
	r := Record{Request: requestOf(t, "w"), Events: what(request.Created)}
	for i := range 6 {
		r.Events = append(r.Events, Event{At: today, What: request.Submitting, Sent: fmt.Sprint(i) + strings.Repeat("A", 1400000)})
	}
	again, err := Parse(r.Text(words.English(), "Handback test"))
	if err != nil || submissions(again) != 6 || again.Events[6].Sent != r.Events[6].Sent {
		t.Errorf("%v", err)
	}
}

// F69: a record that an earlier version wrote too long is set aside.
func TestARecordThatIsTooLongIsSetAside(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "w")
	note(t, in(folder), r, what(request.Created)...)
	apptest.Write(t, recordFile(t, folder), make([]byte, maxBytes+1))
	if err := in(folder).Note(r, false, what(request.Submitting, request.Released)...); apptest.Key(err) != "journal.set_aside" {
		t.Errorf("got %v", err)
	}
	if !in(folder).Known(r).Answered() {
		t.Error("the next one was not begun")
	}
}

// F69: no record is written that could not be read back.
func TestARecordThatCouldNotBeReadBackIsNotWritten(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "w")
	note(t, in(folder), r, what(request.Created)...)
	before, _ := os.ReadFile(recordFile(t, folder))
	if err := in(folder).Note(r, false, Event{What: "something new"}); apptest.Key(err) != "journal.unwritable" {
		t.Errorf("got %v", err)
	}
	if after, _ := os.ReadFile(recordFile(t, folder)); string(after) != string(before) {
		t.Error("it was written")
	}
}
