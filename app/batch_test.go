package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// bolt is a second profile, of another vendor.
func bolt() profile.Profile {
	p := acme()
	p.Name, p.Product.Code, p.Authorization.APIKey = "Bolt CAM", "boltcam", "99999999-1111-2222-3333-444444444444"
	p.Server.Endpoint = "https://api.bolt.example"
	return p
}

// knowing returns a batch that knows these profiles and practice, and the secret of each.
func (b *bench) knowing(profiles ...profile.Profile) *Batch {
	return b.Batch(Options{
		Profiles: func() ([]profile.Profile, error) { return append(slices.Clone(profiles), profile.Practice()), nil },
		Secret:   func(profile.Profile) (secret.Secret, error) { return secret.New([]byte(sharedKey)), nil },
	})
}

func pasted(texts ...string) (inputs []Input) {
	for i, text := range texts {
		inputs = append(inputs, Input{Name: fmt.Sprint("pasted ", i+1), Data: []byte(text)})
	}
	return inputs
}

func outcomesOf(b *Batch) (all []string) {
	for _, r := range b.Rows() {
		all = append(all, string(r.Result().Outcome))
	}
	return all
}

// F94: a request is sent with its own profile, whichever is in use.
func TestEachRequestFindsItsProfile(t *testing.T) {
	b := newBench(t, acme())
	ours := b.create(t, Create{}).Encode()
	theirs := newBench(t, bolt()).create(t, Create{}).Encode()
	twin := acme()
	twin.Name, twin.Server.Endpoint = "Acme elsewhere", "https://elsewhere.example"
	cam := acme()
	cam.Name, cam.Product.Code = "Acme CAM", "acmecam"
	for _, row := range []struct {
		name     string
		chosen   profile.Profile
		profiles []profile.Profile
		text     string
		want     string // the profile's name, or the key of the error
	}{
		{"the only one", acme(), []profile.Profile{acme()}, ours, "Acme CAD"},
		{"another than the one in use", bolt(), []profile.Profile{bolt(), acme()}, ours, "Acme CAD"},
		{"none is in use", profile.Profile{}, []profile.Profile{bolt(), acme()}, theirs, "Bolt CAM"},
		{"two products of a vendor", bolt(), []profile.Profile{acme(), cam}, ours, "Acme CAD"},
		{"two that fit", bolt(), []profile.Profile{acme(), twin}, ours, "app.several_profiles"},
		{"two that fit, of which one is in use", twin, []profile.Profile{acme(), twin}, ours, "Acme elsewhere"},
		{"none that fits", bolt(), []profile.Profile{bolt()}, ours, "app.no_profile"},
		{"a file's, which was not imported", acme(), nil, ours, "Acme CAD"},
		{"another than the file's", acme(), []profile.Profile{bolt()}, theirs, "Bolt CAM"},
		{"practice alone", profile.Practice(), nil, ours, "app.real_in_practice"},
		{"a product that none has", cam, []profile.Profile{cam}, ours, "app.another_product"},
	} {
		one := newBench(t, acme())
		one.App.Profile = row.chosen
		batch := one.knowing(row.profiles...)
		batch.Add(t.Context(), pasted(row.text)...)
		r := batch.Rows()[0]
		got := apptest.Key(r.Why)
		if got == "" {
			got = r.App.Profile.Name
		}
		if got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
		batch.Send(t.Context())
		if sent := len(one.wire.Sent()) > 0; sent != (r.Why == nil) {
			t.Errorf("%s: sent %v, why %v", row.name, sent, r.Why)
		}
	}
}

// F94: rows stay when another profile is chosen, and find theirs once it is imported.
func TestAnotherChoiceOfProfileKeepsWhatIsListed(t *testing.T) {
	b := newBench(t, bolt())
	text := newBench(t, acme()).create(t, Create{}).Encode()
	known := []profile.Profile{bolt()}
	batch := b.Batch(Options{Profiles: func() ([]profile.Profile, error) { return append(slices.Clone(known), profile.Practice()), nil }})
	batch.Add(t.Context(), pasted(text)...)
	if r := batch.Rows()[0]; r.App != nil || apptest.Key(r.Why) != "app.no_profile" {
		t.Fatalf("%+v", r)
	}
	known = append(known, acme())
	under, err := b.WithProfile(acme(), func() (secret.Secret, error) { return secret.New([]byte(sharedKey)), nil })
	if err != nil {
		t.Fatal(err)
	}
	batch.Prefer(under)
	if r := batch.Rows()[0]; r.App != under || r.Verdict != request.Valid || !r.Ready() {
		t.Errorf("%+v", r)
	}
	batch.Prefer(b.App)
	if r := batch.Rows()[0]; r.App == nil || r.App.Profile.Name != "Acme CAD" || !r.Ready() {
		t.Errorf("%+v", r)
	}
}

// F95: parts come in any order, one by one or all together.
func TestPartsAreJoinedHoweverTheyCome(t *testing.T) {
	b := newBench(t, acme())
	made := b.create(t, Create{Variables: []request.Variable{{Name: "note", Value: strings.Repeat("x", 800)}}})
	codes, err := made.Codes(carry.Drawing{Density: carry.LowDensity})
	if err != nil || len(codes) < 2 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	var inputs []Input
	for _, code := range codes {
		inputs = append(inputs, pasted(code.Text)...)
	}
	for range 20 {
		batch := b.knowing(acme())
		var all sync.WaitGroup
		for _, input := range inputs {
			all.Go(func() { batch.Add(t.Context(), input) })
		}
		all.Wait()
		if rows := batch.Rows(); len(rows) != 1 || !rows[0].Ready() || rows[0].Request.Encode() != made.Encode() {
			t.Fatalf("%d rows: %+v", len(rows), rows)
		}
	}
	batch := b.knowing(acme())
	batch.Add(t.Context(), inputs[:1]...)
	if r := batch.Rows()[0]; !slices.Equal(r.Needs, []Need{NeedPart}) || r.Ready() {
		t.Errorf("%+v", r)
	}
	batch.Add(t.Context(), pasted(made.Encode())...) // whole, from elsewhere
	batch.Add(t.Context(), inputs[1:]...)
	if rows := batch.Rows(); len(rows) != 1 || rows[0].Request == nil {
		t.Errorf("%d rows: %+v", len(rows), rows)
	}
}

// F100: a row that needs a person does not stop the others, and can be removed.
func TestWhatNeedsSomebodyDoesNotHoldUpTheOthers(t *testing.T) {
	b := newBench(t, acme())
	var texts []string
	for n := range 3 {
		texts = append(texts, b.create(t, Create{HardwareID: fmt.Sprint("device-", n)}).Encode())
	}
	unsigned := b.create(t, Create{Unsigned: true, HardwareID: "device-9"})
	batch := b.knowing(acme())
	batch.Add(t.Context(), append(pasted(texts...), Input{Name: "a.handback", Data: b.File(unsigned)}, Input{Name: "page", Data: []byte("<html>")})...)
	batch.Send(t.Context())
	if diff := cmp.Diff([]string{"released", "released", "released", "not_sent", "not_sent"}, outcomesOf(batch)); diff != "" {
		t.Fatal(diff)
	}
	rows := batch.Rows()
	if r := rows[3]; !slices.Equal(r.Needs, []Need{NeedConfirmation}) || !errors.Is(r.Result().Err, ErrUnconfirmed) {
		t.Errorf("%+v", r)
	}
	batch.Remove(rows[4].ID, rows[0].ID)
	batch.Confirm(rows[3].ID)
	batch.Send(t.Context())
	if diff := cmp.Diff([]string{"released", "released", "released"}, outcomesOf(batch)); diff != "" {
		t.Error(diff)
	}
	if len(b.wire.Sent()) != 4 {
		t.Errorf("sent %d times", len(b.wire.Sent()))
	}
	batch.Add(t.Context(), pasted(texts[0])...)
	if r := batch.Rows()[3]; r.Submission == nil || !r.Submission.Before {
		t.Errorf("what was taken out cannot be added again: %+v", r)
	}
}

// F82: cancelling ends a submission at once, with a message of its own.
func TestCancellingEndsTheRestInItsOwnWords(t *testing.T) {
	b := newBench(t, acme())
	var texts []string
	for n := range 5 {
		texts = append(texts, b.create(t, Create{HardwareID: fmt.Sprint("device-", n)}).Encode())
	}
	ctx, cancel := context.WithCancel(t.Context())
	through := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := through.RoundTrip(r)
		if len(b.wire.Sent()) == 2 {
			cancel()
		}
		return answer, err
	})
	batch := b.knowing(acme())
	batch.options.Jobs = 1
	batch.Add(t.Context(), pasted(texts...)...)
	batch.Send(ctx)
	got := outcomesOf(batch)
	if got[0] != "released" || !slices.Equal(got[2:], []string{"cancelled", "cancelled", "cancelled"}) || len(b.wire.Sent()) != 2 {
		t.Fatalf("%v, sent %d times", got, len(b.wire.Sent()))
	}
	s := batch.Rows()[4].Result()
	if message, _ := s.Explain(words.English()); !strings.Contains(message, "cancelled before it was sent") || s.Kind() != fault.Connection {
		t.Errorf("%q, %s", message, s.Kind())
	}
	if state := b.state(t, &Outgoing{Request: batch.Rows()[4].Request}); state != request.Created {
		t.Errorf("the journal says %s", state)
	}
	b.wire.Inner = through
	batch.Send(t.Context())
	if n := len(b.box.Released()); n != 5 {
		t.Errorf("%d were released after another try", n)
	}
}

// F82: cancelling ends the wait for another program that has locked the request.
func TestCancellingWhileARequestIsWaitedForIsNotCalledBusy(t *testing.T) {
	b, restart := withJournal(t)
	made := b.create(t, Create{})
	locked, err := b.Journal.Lock(t.Context(), made.Request)
	if err != nil {
		t.Fatal(err)
	}
	defer locked.Unlock()
	for name, other := range map[string]*bench{"in this program": b, "in another one": restart()} {
		one := other.inspect(t, made.Encode())
		ctx, cancel := context.WithCancel(t.Context())
		cancelled := make(chan Submission)
		go func() { cancelled <- other.Submit(ctx, one, Submit{}) }()
		cancel()
		if s := <-cancelled; s.Outcome != request.Cancelled {
			t.Errorf("%s: %s, %v", name, s.Outcome, s.Err)
		}
	}
}

// F68: if two programs have inspected one request, the second is told, and sends nothing.
func TestWhatHappenedSinceTheInspectionStopsASubmission(t *testing.T) {
	for _, row := range []struct {
		name    string
		lose    bool
		outcome request.State
		key     string
	}{
		{"released meanwhile", false, request.Released, ""},
		{"sent meanwhile without an answer", true, request.Unknown, ""},
	} {
		b, restart := withJournal(t)
		made := b.create(t, Create{Unsigned: true})
		other := restart()
		text := string(b.File(made))
		first, second := b.inspect(t, text), other.inspect(t, text)
		b.wire.Lose = row.lose
		b.Submit(t.Context(), first, Submit{SignHandoffs: true})
		b.wire.Lose = false
		s := other.Submit(t.Context(), second, Submit{SignHandoffs: true})
		if s.Outcome != row.outcome || apptest.Key(s.Err) != row.key || len(b.wire.Sent()) != 1 {
			t.Errorf("%s: %s, %v, sent %d times", row.name, s.Outcome, s.Err, len(b.wire.Sent()))
		}
		if s.Known.Changes() != 2 {
			t.Errorf("%s: what is known now does not go along: %+v", row.name, s.Known)
		}
		if s = other.Submit(t.Context(), s.Inspection, Submit{SignHandoffs: true, Again: true}); len(b.wire.Sent()) != 2 {
			t.Errorf("%s: who knows and asks again sent %d times: %v", row.name, len(other.wire.Sent()), s.Err)
		}
	}
}

// F68: many submit one request at the same time to a slow server.
func TestOfManyAtOnceOneSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, restart := withJournal(t)
		made := b.create(t, Create{})
		through := b.wire.Inner
		b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second) // until all others wait for the record
			return through.RoundTrip(r)
		})
		var all sync.WaitGroup
		for range 20 {
			other := restart()
			one := other.inspect(t, made.Encode())
			all.Go(func() {
				if s := other.Submit(t.Context(), one, Submit{}); s.Outcome != request.Released {
					t.Errorf("%s, %v", s.Outcome, s.Err)
				}
			})
		}
		all.Wait()
		if len(b.wire.Sent()) != 1 {
			t.Errorf("sent %d times", len(b.wire.Sent()))
		}
	})
}

// F97: with a mistyped secret nothing is sent; with the right one, set while inputs are
// added, everything is.
func TestTheSecretOfABatchIsOneForAllOfItsRequests(t *testing.T) {
	b := newBench(t, acme())
	var texts []string
	for n := range 4 {
		texts = append(texts, b.create(t, Create{HardwareID: fmt.Sprint("device-", n)}).Encode())
	}
	b.App.Secret = func() (secret.Secret, error) { return secret.Secret{}, secret.ErrNone }
	batch := b.knowing(acme())
	batch.Add(t.Context(), pasted(texts...)...)
	for _, r := range batch.Rows() {
		if !slices.Equal(r.Needs, []Need{NeedSecret}) || fault.KindOf(r.Result().Err) != fault.Secret {
			t.Fatalf("%+v", r)
		}
	}
	batch.SetSecret(b.App, secret.New([]byte("mistyped")))
	batch.Send(t.Context())
	for _, r := range batch.Rows() {
		if !slices.Equal(r.Needs, []Need{NeedSecret}) || !errors.Is(r.Why, errSignature) {
			t.Fatalf("%+v", r)
		}
	}
	if len(b.wire.Sent()) != 0 {
		t.Fatalf("sent %d times", len(b.wire.Sent()))
	}
	var all sync.WaitGroup
	all.Go(func() { batch.SetSecret(b.App, secret.New([]byte(sharedKey))) })
	all.Go(func() { batch.Add(t.Context(), pasted(texts...)...) })
	all.Wait()
	batch.Send(t.Context())
	if n := len(b.box.Released()); n != 4 {
		t.Errorf("%d were released: %v", n, outcomesOf(batch))
	}
}

// F97: a key that the server does not accept is not used for the next request.
func TestASecretThatTheServerDoesNotTakeIsNotUsedForTheNext(t *testing.T) {
	b := newBench(t, acme())
	var inputs []Input
	for n := range 3 {
		inputs = append(inputs, Input{Name: fmt.Sprint(n), Data: b.File(b.create(t, Create{Unsigned: true, HardwareID: fmt.Sprint("device-", n)}))})
	}
	b.App.Secret = func() (secret.Secret, error) { return secret.New([]byte("mistyped")), nil }
	batch := b.Batch(Options{Only: true, Submit: Submit{SignHandoffs: true}})
	batch.Add(t.Context(), inputs...)
	batch.Send(t.Context())
	if diff := cmp.Diff([]string{"refused", "not_sent", "not_sent"}, outcomesOf(batch)); diff != "" || len(b.wire.Sent()) != 1 {
		t.Errorf("sent %d times: %s", len(b.wire.Sent()), diff)
	}
	if r := batch.Rows()[1]; !slices.Contains(r.Needs, NeedSecret) {
		t.Errorf("%+v", r)
	}
}

// F83: what was released at another endpoint, such as a sandbox, is not released here, and
// what a receipt says was not seen here.
func TestReleasedAtAnotherAddressIsNotReleasedHere(t *testing.T) {
	b, _ := withJournal(t)
	made := b.create(t, Create{})
	if s := b.submit(t, made.Encode(), Submit{Endpoint: "https://sandbox.example"}); s.Outcome != request.Released {
		t.Fatalf("%+v", s)
	}
	s := b.submit(t, made.Encode(), Submit{})
	if len(b.wire.Sent()) != 2 || s.Before || s.Code != "device_not_found" || s.Outcome != request.Refused {
		t.Errorf("%s, before %v, sent %d times", s.Outcome, s.Before, len(b.wire.Sent()))
	}
	b, _ = withJournal(t)
	made = b.create(t, Create{})
	receipt, err := newBench(t, acme()).submit(t, made.Encode(), Submit{}).Record.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Journal.ApplyReceipt(receipt); err != nil {
		t.Fatal(err)
	}
	if s := b.submit(t, made.Encode(), Submit{}); s.Before || len(b.wire.Sent()) != 1 {
		t.Errorf("a receipt kept it from being sent: %+v", s)
	}
}

// F97: everything at the same time, for the race detector.
func TestABatchIsSafeForSeveralGoroutines(t *testing.T) {
	b := newBench(t, acme())
	changes := make(chan struct{}, 1)
	batch := b.Batch(Options{Only: true, Changed: func() {
		select {
		case changes <- struct{}{}:
		default:
		}
	}})
	var texts []string
	for n := range 40 {
		texts = append(texts, b.create(t, Create{HardwareID: fmt.Sprint("device-", n)}).Encode())
	}
	var all sync.WaitGroup
	for i := range texts {
		all.Go(func() {
			ids := batch.Add(t.Context(), pasted(texts[i])...)
			if i%5 == 0 {
				batch.Remove(ids...)
			}
		})
		all.Go(func() { batch.Send(t.Context()) })
		all.Go(func() {
			for _, r := range batch.Rows() {
				_, _ = r.Result().Explain(words.English())
			}
		})
		if i%8 == 0 {
			all.Go(func() { batch.SetSecret(b.App, secret.New([]byte(sharedKey))) })
			all.Go(func() { batch.Prefer(b.App) })
		}
	}
	all.Wait()
	batch.Send(t.Context())
	for _, r := range batch.Rows() {
		if s := r.Result(); s.Outcome != request.Released {
			t.Errorf("%s, %v", s.Outcome, s.Err)
		}
	}
	<-changes
}
