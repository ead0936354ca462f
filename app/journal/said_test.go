package journal

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"handback/app/request"
	"handback/app/words"
)

// closed returns the record of a request with events of this computer, and then those of
// a receipt that says something else.
func closed(t *testing.T, seen []request.State, said ...request.State) Record {
	t.Helper()
	j, r := in(t.TempDir()), requestOf(t, "w")
	note(t, j, r, what(seen...)...)
	from := Record{Request: r}
	for i, s := range said {
		from.Events = append(from.Events, Event{At: today.Add(time.Duration(i+1) * time.Minute), What: s, Status: 200})
	}
	receipt, err := from.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.ApplyReceipt(receipt); err != nil {
		t.Fatal(err)
	}
	return j.Known(r)
}

// F70: anybody can write a receipt.
func TestWhatAReceiptSaysIsNotTakenForWhatWasSeenHere(t *testing.T) {
	for _, row := range []struct {
		seen, said     []request.State
		state          request.State
		byReceipt      bool
		lost, answered bool
		submissions    int
		label          string
	}{
		{[]request.State{request.Created}, []request.State{request.Submitting, request.Released}, request.Released, true, false, false, 0, "released, a receipt says"},
		{[]request.State{request.Created}, []request.State{request.Submitting, request.Unknown}, request.Unknown, true, false, false, 0, "unknown, a receipt says"},
		{[]request.State{request.Created, request.Submitting, request.Refused}, []request.State{request.Submitting, request.Released}, request.Refused, false, false, false, 1, "refused"},
		{[]request.State{request.Created, request.Submitting, request.Refused}, []request.State{request.Unknown}, request.Refused, false, false, false, 1, "refused"},
		{[]request.State{request.Created, request.Submitting, request.Unknown}, []request.State{request.Released}, request.Released, true, true, false, 1, "released, a receipt says"},
		{[]request.State{request.Created, request.Submitting, request.Unknown}, []request.State{request.Refused}, request.Refused, true, true, false, 1, "refused, a receipt says"},
		{[]request.State{request.Created, request.Submitting, request.Released}, []request.State{request.Refused}, request.Released, false, false, true, 1, "released"},
		{[]request.State{request.Created, request.Submitting, request.NotSent}, []request.State{request.ProbablyReleased}, request.ProbablyReleased, true, false, false, 1, "probably released, a receipt says"},
	} {
		r := closed(t, row.seen, row.said...)
		if r.State() != row.state || r.ByReceipt() != row.byReceipt || r.Lost() != row.lost || r.Answered() != row.answered || submissions(r) != row.submissions {
			t.Errorf("seen %v, said %v: %s, by receipt %v, lost %v, answered %v, %d submissions", row.seen, row.said, r.State(), r.ByReceipt(), r.Lost(), r.Answered(), submissions(r))
		}
		if got := r.Label(words.English()); got != row.label {
			t.Errorf("seen %v, said %v: %q", row.seen, row.said, got)
		}
		head, text := r.Headline(words.English()), r.Describe(words.English())
		if says := strings.Contains(head, "A receipt says: "); !says || !strings.Contains(text, head) {
			t.Errorf("seen %v, said %v: %q", row.seen, row.said, head)
		}
		if answered := strings.Contains(head, "the License API answered"); answered != row.answered {
			t.Errorf("seen %v, said %v: %q", row.seen, row.said, head)
		}
	}
}

// F70: no receipt is made of another one, which would hide where it came from.
func TestAReceiptIsNotMadeOfAnotherOne(t *testing.T) {
	r := closed(t, []request.State{request.Created}, request.Submitting, request.Released)
	if _, err := r.MakeReceipt(); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("got %v", err)
	}
	if _, err := ParseReceipt(r.Text(words.English(), "Handback test")); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("read: %v", err)
	}
}

// F70: a receipt dated in the future would stay first for ever.
func TestAReceiptOfTheFutureIsRefused(t *testing.T) {
	for _, row := range []struct {
		at     time.Time
		future bool
	}{
		{today.Add(15 * time.Minute), false},
		{today.Add(15*time.Minute + time.Second), true},
		{today.Add(20 * time.Minute), true},
		{time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), true},
		{today.AddDate(-5, 0, 0), false},
	} {
		folder, r := t.TempDir(), requestOf(t, "w")
		note(t, in(folder), r, what(request.Created)...)
		receipt, err := Record{Request: r, Events: []Event{{At: row.at, What: request.Released}}}.MakeReceipt()
		if err != nil {
			t.Fatal(err)
		}
		_, err = in(folder).ApplyReceipt(receipt)
		if errors.Is(err, ErrFuture) != row.future || in(folder).Known(r).State() == request.Released == row.future {
			t.Errorf("%v: %v", row.at, err)
		}
	}
}

// F81: forty bits of a digest can be matched by trying.
func TestAReceiptIsMatchedByItsWholeDigest(t *testing.T) {
	j, r := in(t.TempDir()), requestOf(t, "w")
	note(t, j, r, what(request.Created)...)
	receipt, err := answeredBy("w", t, request.Submitting, request.Released).MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	brief := receipt.Brief()
	for i := range len(Digest{}) {
		other := bytes.Clone(brief)
		other[i] ^= 1
		changed, err := ParseBrief(other)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := j.ApplyReceipt(changed); !errors.Is(err, ErrNoRecord) {
			t.Errorf("byte %d of the digest does not count: %v", i, err)
		}
	}
}
