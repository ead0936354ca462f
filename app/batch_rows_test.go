package app

import (
	"testing"

	"handback/app/request"
)

func TestARowIsFoundByItsIDUntilItIsRemoved(t *testing.T) {
	b := newBench(t, acme())
	batch := b.Batch(Options{Only: true})
	first, second := b.create(t, Create{}), b.create(t, Create{Username: "me"})
	ids := batch.Add(t.Context(), pasted(first.Encode(), second.Encode())...)
	batch.Remove(ids[0], 99)
	if _, ok := batch.Row(ids[0]); ok {
		t.Error("a row that was removed is still there")
	}
	if r, ok := batch.Row(ids[1]); !ok || r.Request.Encode() != second.Encode() {
		t.Errorf("the other one is %+v", r)
	}
}

// F83
func TestWhatHasAnOutcomeIsSentAgainOnceSomebodyDecides(t *testing.T) {
	b := newBench(t, acme(), "cut")
	batch := b.Batch(Options{Only: true})
	ids := batch.Add(t.Context(), pasted(b.create(t, Create{}).Encode())...)
	batch.Send(t.Context())
	batch.Send(t.Context())
	if r, _ := batch.Row(ids[0]); len(b.wire.Sent()) != 1 || r.Submission.Outcome != request.Unknown || len(r.Needs) != 1 || r.Needs[0] != NeedDecision {
		t.Fatalf("sent %d times: %+v", len(b.wire.Sent()), r)
	}
	batch.Again(ids...)
	batch.Send(t.Context())
	if len(b.wire.Sent()) != 2 {
		t.Errorf("sent %d times", len(b.wire.Sent()))
	}
}
