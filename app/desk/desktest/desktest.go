// Package desktest is what every [desk.Store] must do, as tests. Only tests import it.
package desktest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"handback/app/desk"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func id(n int) string { return fmt.Sprintf("%032x", n) }

func filing(n int, visitor string) desk.Filing {
	return desk.Filing{ID: id(n), Request: "cmVxdWVzdA==", At: noon.Add(time.Duration(n) * time.Second), Visitors: []string{desk.Digest(visitor)}}
}

// Run runs the tests. Open returns a Store of the same record each time it is called; Begin
// is called before each test and makes the record an empty one.
func Run(t *testing.T, begin func(t *testing.T) (open func() desk.Store)) {
	for name, test := range map[string]func(*testing.T, func() desk.Store){
		"what waits is listed, the oldest first, until it is decided about":   waits,
		"the same request is filed once, for each who brings it":              filedOnce,
		"one address does not fill the desk":                                  fromOne,
		"a full desk takes no more":                                           full,
		"of many decisions at the same time one counts":                       decided,
		"a person can be changed and removed, but not the last administrator": people,
		"of many first people one is stored":                                  first,
		"a session ends":                                                      sessions,
		"visits are counted together by all programs":                         counted,
		"actions are listed, the last first":                                  actions,
		"profiles are added and removed by name":                              profiles,
		"a secret belongs to the destination that it had first":               bound,
		"whatever names have, they are only names":                            hostile,
	} {
		t.Run(name, func(t *testing.T) { test(t, begin(t)) })
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func waits(t *testing.T, open func() desk.Store) {
	s := open()
	for _, n := range []int{2, 1, 3} {
		_, err := s.File(t.Context(), filing(n, "a"), 10, 10)
		ok(t, err)
	}
	list := func() (ids []string) {
		all, err := open().Waiting(t.Context(), 10)
		ok(t, err)
		for _, f := range all {
			ids = append(ids, f.ID)
		}
		return ids
	}
	if got := list(); !slices.Equal(got, []string{id(1), id(2), id(3)}) {
		t.Errorf("waiting: %v", got)
	}
	d := desk.Decision{Reason: "not ours", By: "anna", At: noon}
	f, err := s.Decide(t.Context(), id(2), d)
	ok(t, err)
	if f.Decision != d || f.ID != id(2) {
		t.Errorf("decided: %+v", f)
	}
	if got := list(); !slices.Equal(got, []string{id(1), id(3)}) {
		t.Errorf("waiting after the decision: %v", got)
	}
	if f, err := open().Filing(t.Context(), id(2)); err != nil || f.Decision != d || !f.IsVisitor("a") {
		t.Errorf("the decided one: %+v %v", f, err)
	}
	if f, err := s.Decide(t.Context(), id(1), desk.Decision{Confirmed: true, By: "anna", At: noon}); err != nil || f.Settled {
		t.Errorf("confirmed: %+v %v", f, err)
	}
	if got := list(); !slices.Equal(got, []string{id(1), id(3)}) {
		t.Errorf("waiting after a confirmation: %v", got)
	}
	ok(t, s.Tried(t.Context(), id(1), "no connection"))
	if f, err := open().Filing(t.Context(), id(1)); err != nil || f.Settled || f.Trouble != "no connection" {
		t.Errorf("not sent: %+v %v", f, err)
	}
	for range 2 {
		ok(t, s.Tried(t.Context(), id(1), ""))
		if f, err := open().Filing(t.Context(), id(1)); err != nil || !f.Settled || !f.Decision.Confirmed || !slices.Equal(list(), []string{id(3)}) {
			t.Errorf("settled: %+v %v", f, err)
		}
	}
	if err := s.Tried(t.Context(), id(9), ""); !errors.Is(err, desk.ErrNone) {
		t.Errorf("none settled: %v", err)
	}
	everything := func() (ids []string) {
		for f, err := range open().Filings(t.Context()) {
			ok(t, err)
			ids = append(ids, f.ID)
		}
		return ids
	}
	if got := everything(); len(got) != 3 || got[0] != id(3) {
		t.Errorf("all, the unsettled first: %v", got)
	}
	for _, n := range []int{1, 2} {
		f, err := s.Reopen(t.Context(), id(n))
		if again := list(); err != nil || !f.Decision.IsZero() || f.Settled || f.Trouble != "" || !slices.Contains(again, id(n)) {
			t.Errorf("reopened: %+v %v, waiting %v", f, err, again)
		}
		_, err = s.Decide(t.Context(), id(n), d)
		ok(t, err)
	}
	if _, err := s.Reopen(t.Context(), id(9)); !errors.Is(err, desk.ErrNone) {
		t.Errorf("none reopened: %v", err)
	}
	if _, err := s.Decide(t.Context(), id(9), d); !errors.Is(err, desk.ErrNone) {
		t.Errorf("about none: %v", err)
	}
	if all, err := s.Waiting(t.Context(), 1); err != nil || len(all) != 1 || all[0].ID != id(3) {
		t.Errorf("one at most: %v %v", all, err)
	}
}

func filedOnce(t *testing.T, open func() desk.Store) {
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			if _, err := open().File(t.Context(), filing(1, fmt.Sprint("visitor ", n)), 10, 10); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	f, err := open().Filing(t.Context(), id(1))
	ok(t, err)
	for n := range 8 {
		if !f.IsVisitor(fmt.Sprint("visitor ", n)) {
			t.Errorf("visitor %d cannot come back", n)
		}
	}
	if f.IsVisitor("another") || f.IsVisitor("") {
		t.Error("somebody else can come back")
	}
	all, err := open().Waiting(t.Context(), 10)
	ok(t, err)
	if len(all) != 1 {
		t.Errorf("%d wait", len(all))
	}
	_, err = open().Decide(t.Context(), id(1), desk.Decision{Confirmed: true, By: "anna", At: noon})
	ok(t, err)
	again, err := open().File(t.Context(), filing(1, "late"), 10, 10)
	ok(t, err)
	if !again.Decision.Confirmed || !again.IsVisitor("late") {
		t.Errorf("brought again after the decision: %+v", again)
	}
}

func full(t *testing.T, open func() desk.Store) {
	var stored, turned atomic.Int32
	var group sync.WaitGroup
	for n := range 12 {
		group.Go(func() {
			switch _, err := open().File(t.Context(), filing(n, "a"), 5, 5); {
			case err == nil:
				stored.Add(1)
			case errors.Is(err, desk.ErrFull):
				turned.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if stored.Load() != 5 || turned.Load() != 7 {
		t.Errorf("%d stored, %d turned away", stored.Load(), turned.Load())
	}
	all, err := open().Waiting(t.Context(), 10)
	ok(t, err)
	if _, err := open().File(t.Context(), desk.Filing{ID: all[0].ID, Visitors: []string{desk.Digest("b")}}, 5, 5); err != nil {
		t.Errorf("one that waits already: %v", err)
	}
}

func fromOne(t *testing.T, open func() desk.Store) {
	file := func(n int, from string) error {
		f := filing(n, "a")
		f.From = from
		_, err := open().File(t.Context(), f, 10, 2)
		return err
	}
	for n := range 2 {
		ok(t, file(n, "x"))
	}
	if err := file(2, "x"); !errors.Is(err, desk.ErrAddressFull) {
		t.Errorf("the third from an address: %v", err)
	}
	ok(t, file(1, "x")) // waits already
	ok(t, file(0, "y"))
	for n := range 3 {
		ok(t, file(10+n, "y"+fmt.Sprint(n)))
		ok(t, file(20+n, "")) // not known
	}
	_, err := open().Decide(t.Context(), id(0), desk.Decision{Reason: "not ours", By: "anna", At: noon})
	ok(t, err)
	ok(t, file(3, "x"))
	if err := file(4, "x"); !errors.Is(err, desk.ErrAddressFull) {
		t.Errorf("after one was refused and another one came: %v", err)
	}
	_, err = open().Decide(t.Context(), id(1), desk.Decision{Confirmed: true, By: "anna", At: noon})
	ok(t, err)
	if err := file(4, "x"); !errors.Is(err, desk.ErrAddressFull) {
		t.Errorf("one is confirmed, but has no outcome: %v", err)
	}
	ok(t, open().Tried(t.Context(), id(1), ""))
	ok(t, file(4, "x"))
	for n := range 2 {
		if f, err := open().Filing(t.Context(), id(n)); err != nil || f.From != "" {
			t.Errorf("what is settled says where it came from: %+v %v", f, err)
		}
	}
}

func decided(t *testing.T, open func() desk.Store) {
	_, err := open().File(t.Context(), filing(1, "a"), 10, 10)
	ok(t, err)
	var won atomic.Int32
	var group sync.WaitGroup
	for n := range 10 {
		group.Go(func() {
			f, err := open().Decide(t.Context(), id(1), desk.Decision{Confirmed: n%2 == 0, By: fmt.Sprint("agent ", n), At: noon})
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, desk.ErrDecided):
				t.Error(err)
			case f.Decision.IsZero():
				t.Error("the decision that counts is not returned")
			}
		})
	}
	group.Wait()
	if won.Load() != 1 {
		t.Errorf("%d decisions count", won.Load())
	}
}

func people(t *testing.T, open func() desk.Store) {
	s := open()
	ctx := t.Context()
	if err := s.SavePerson(ctx, desk.Person{Name: "anna", Role: desk.Agent}); !errors.Is(err, desk.ErrLastAdministrator) {
		t.Errorf("the first is no administrator: %v", err)
	}
	ok(t, s.SavePerson(ctx, desk.Person{Name: "root", Role: desk.Administrator, Password: "hash"}))
	ok(t, s.SavePerson(ctx, desk.Person{Name: "anna", Role: desk.Agent}))
	if p, err := open().Person(ctx, "ROOT "); err != nil || p.Password != "hash" || p.Role != desk.Administrator {
		t.Errorf("root: %+v %v", p, err)
	}
	if err := s.SavePerson(ctx, desk.Person{Name: "root", Role: desk.Auditor}); !errors.Is(err, desk.ErrLastAdministrator) {
		t.Errorf("the last administrator: %v", err)
	}
	if err := s.RemovePerson(ctx, "root"); !errors.Is(err, desk.ErrLastAdministrator) {
		t.Errorf("the last administrator is removed: %v", err)
	}
	ok(t, s.SavePerson(ctx, desk.Person{Name: "anna", Role: desk.Administrator}))
	ok(t, s.StartSession(ctx, desk.Session{Digest: desk.Digest("t"), Person: "root", Ends: noon.Add(time.Hour)}))
	ok(t, s.RemovePerson(ctx, "root"))
	if _, err := s.Session(ctx, desk.Digest("t"), noon); !errors.Is(err, desk.ErrNone) {
		t.Errorf("the session of somebody who is removed: %v", err)
	}
	all, err := open().People(ctx)
	ok(t, err)
	if len(all) != 1 || all[0].Name != "anna" || all[0].Role != desk.Administrator {
		t.Errorf("people: %+v", all)
	}
	if err := s.RemovePerson(ctx, "nobody"); !errors.Is(err, desk.ErrNone) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := s.Person(ctx, "nobody"); !errors.Is(err, desk.ErrNone) {
		t.Errorf("nobody: %v", err)
	}
}

func first(t *testing.T, open func() desk.Store) {
	broken := errors.New("the password cannot be kept")
	if done, err := open().FirstPerson(t.Context(), desk.Person{Name: "admin", Role: desk.Administrator}, func() error { return broken }); done || err == nil {
		t.Errorf("without its password: %v %v", done, err)
	}
	var ready, stored atomic.Int32
	var group sync.WaitGroup
	for n := range 6 {
		group.Go(func() {
			hash := fmt.Sprint("hash ", n)
			done, err := open().FirstPerson(t.Context(), desk.Person{Name: "admin", Role: desk.Administrator, Password: hash}, func() error {
				ready.Add(1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			if !done {
				return
			}
			stored.Add(1)
			if p, err := open().Person(t.Context(), "admin"); err != nil || p.Password != hash {
				t.Errorf("%q is said to be stored, and it is %q: %v", hash, p.Password, err)
			}
		})
	}
	group.Wait()
	if ready.Load() != 1 || stored.Load() != 1 {
		t.Errorf("%d passwords were kept, %d people are stored", ready.Load(), stored.Load())
	}
}

func sessions(t *testing.T, open func() desk.Store) {
	s, ctx := open(), t.Context()
	begun := time.Now().UTC().Truncate(time.Second)
	ok(t, s.SavePerson(ctx, desk.Person{Name: "anna", Role: desk.Administrator}))
	for n := range 3 {
		ok(t, s.StartSession(ctx, desk.Session{Digest: desk.Digest(fmt.Sprint(n)), Person: "anna", Password: "digest", Ends: begun.Add(time.Hour)}))
	}
	if one, err := open().Session(ctx, desk.Digest("1"), begun); err != nil || one.Person != "anna" || one.Password != "digest" || !one.Ends.Equal(begun.Add(time.Hour)) {
		t.Errorf("%+v %v", one, err)
	}
	none := func(token string, at time.Time) {
		t.Helper()
		if _, err := open().Session(ctx, desk.Digest(token), at); !errors.Is(err, desk.ErrNone) {
			t.Errorf("session %s at %v: %v", token, at, err)
		}
	}
	none("1", begun.Add(time.Hour))
	ok(t, s.EndSession(ctx, desk.Digest("1")))
	none("1", begun)
	ok(t, s.EndSession(ctx, desk.Digest("1")))
	ok(t, s.EndSessions(ctx, "anna"))
	none("0", begun)
	none("2", begun)
}

func counted(t *testing.T, open func() desk.Store) {
	s := open()
	limit := desk.Limit{Kind: "address", Window: time.Hour, Most: 20}
	count := func(l desk.Limit, key string, n int, at time.Time) bool {
		t.Helper()
		allowed, err := s.Count(t.Context(), l, key, n, at)
		ok(t, err)
		return allowed
	}
	var allowed atomic.Int64
	var group sync.WaitGroup
	for range 30 {
		group.Go(func() {
			one, err := s.Count(t.Context(), limit, "x", 1, noon.Add(time.Minute))
			if err != nil {
				t.Error(err)
			}
			if one {
				allowed.Add(1)
			}
		})
	}
	group.Wait()
	if allowed.Load() != 20 {
		t.Errorf("%d were allowed", allowed.Load())
	}
	if count(limit, "x", -3, noon); !count(limit, "x", 3, noon) || count(limit, "x", 1, noon) {
		t.Error("three that were taken back are not as many as may come again")
	}
	if !count(limit, "y", 1, noon) {
		t.Error("another key")
	}
	if other := (desk.Limit{Kind: "license", Window: time.Hour, Most: 1}); !count(other, "x", 1, noon) || count(other, "x", 1, noon) {
		t.Error("another kind")
	}
	if !count(limit, "x", 1, noon.Add(time.Hour)) {
		t.Error("the next window")
	}
	if count(limit, "z", -5, noon); count(limit, "z", 21, noon) || !count(limit, "z", 20, noon) || count(limit, "z", 1, noon) {
		t.Error("more than may come were counted at once, or what was refused was counted")
	}
}

func actions(t *testing.T, open func() desk.Store) {
	s := open()
	for n := range 5 {
		ok(t, s.Note(t.Context(), desk.Action{At: noon.Add(time.Duration(n) * time.Second), By: "anna", What: desk.Confirmed, About: fmt.Sprint(n)}))
	}
	page, err := open().Actions(t.Context(), desk.ActionQuery{Most: 3})
	ok(t, err)
	all := page.Actions
	var about []string
	for _, a := range all {
		about = append(about, a.About)
	}
	if !slices.Equal(about, []string{"4", "3", "2"}) || all[0].By != "anna" || all[0].What != desk.Confirmed || !all[0].At.Equal(noon.Add(4*time.Second)) {
		t.Errorf("%v %+v", about, all)
	}
	// Strangers add failed logins while somebody reads on.
	ok(t, s.Note(t.Context(), desk.Action{At: noon.Add(time.Minute), By: "anna", What: desk.LoginFailed}))
	rest, err := s.Actions(t.Context(), desk.ActionQuery{Most: 3, Before: page.Older})
	ok(t, err)
	if len(rest.Actions) != 2 || rest.Actions[0].About != "1" || rest.Older != 0 {
		t.Errorf("older than %d: %+v", page.Older, rest)
	}
	deeds, err := s.Actions(t.Context(), desk.ActionQuery{Most: 5, Without: []desk.Deed{desk.LoginFailed}})
	ok(t, err)
	if len(deeds.Actions) != 5 || deeds.Actions[0].About != "4" || deeds.Older != 0 {
		t.Errorf("without failed logins: %+v", deeds)
	}
}

func profiles(t *testing.T, open func() desk.Store) {
	s, ctx := open(), t.Context()
	ok(t, s.AddProfile(ctx, desk.Profile{Name: "Zeta", Text: "name = 'Zeta'"}))
	ok(t, s.AddProfile(ctx, desk.Profile{Name: "Acme", Text: "name = 'Acme'"}))
	if err := s.AddProfile(ctx, desk.Profile{Name: "Acme", Text: "other"}); !errors.Is(err, desk.ErrProfileExists) {
		t.Errorf("twice: %v", err)
	}
	all, err := open().Profiles(ctx)
	ok(t, err)
	if len(all) != 2 || all[0] != (desk.Profile{Name: "Acme", Text: "name = 'Acme'"}) || all[1].Name != "Zeta" {
		t.Errorf("%+v", all)
	}
	ok(t, s.RemoveProfile(ctx, "Acme"))
	if err := s.RemoveProfile(ctx, "Acme"); !errors.Is(err, desk.ErrNone) {
		t.Errorf("removed twice: %v", err)
	}
}

func bound(t *testing.T, open func() desk.Store) {
	var group sync.WaitGroup
	said := make(chan string, 6)
	for n := range cap(said) {
		group.Go(func() {
			destination, err := open().BindSecret(t.Context(), "acme", fmt.Sprint("server ", n))
			if err != nil {
				t.Error(err)
			}
			said <- destination
		})
	}
	group.Wait()
	first := <-said
	for range cap(said) - 1 {
		if another := <-said; another != first || another == "" {
			t.Errorf("it belongs to %q and to %q", first, another)
		}
	}
	bind := func(name, destination, want string) {
		t.Helper()
		if got, err := open().BindSecret(t.Context(), name, destination); err != nil || got != want {
			t.Errorf("%s at %s: %q %v", name, destination, got, err)
		}
	}
	bind("acme", "another server", first)
	bind("other", "another server", "another server")
	ok(t, open().UnbindSecret(t.Context(), "acme"))
	if err := open().UnbindSecret(t.Context(), "acme"); !errors.Is(err, desk.ErrNone) {
		t.Errorf("removed twice: %v", err)
	}
	bind("acme", "another server", "another server")
}

func hostile(t *testing.T, open func() desk.Store) {
	s, ctx := open(), t.Context()
	ok(t, s.SavePerson(ctx, desk.Person{Name: "root", Role: desk.Administrator}))
	for _, name := range []string{"../../etc/passwd", "a'; drop table people; --", `a" or "1"="1`, "a\x00b", "%s%n", strings.Repeat("x", 90), "..", "/", "ä日本", "null"} {
		if _, err := s.Filing(ctx, name); !errors.Is(err, desk.ErrNone) {
			t.Errorf("filing %q: %v", name, err)
		}
		if _, err := s.Session(ctx, name, noon); !errors.Is(err, desk.ErrNone) {
			t.Errorf("session %q: %v", name, err)
		}
		if _, err := s.Person(ctx, name); !errors.Is(err, desk.ErrNone) {
			t.Errorf("person %q: %v", name, err)
		}
		if strings.ContainsRune(name, 0) {
			continue // NewPerson lets none of these through
		}
		ok(t, s.SavePerson(ctx, desk.Person{Name: name, Role: desk.Agent}))
		if p, err := s.Person(ctx, name); err != nil || p.Name != name {
			t.Errorf("person %q: %+v %v", name, p, err)
		}
		ok(t, s.Note(ctx, desk.Action{At: noon, By: name, What: desk.Refused, About: name}))
		ok(t, s.AddProfile(ctx, desk.Profile{Name: name, Text: name}))
		if there, err := s.BindSecret(ctx, name, name); err != nil || there != name {
			t.Errorf("secret %q: %q %v", name, there, err)
		}
	}
	all, err := s.People(ctx)
	ok(t, err)
	if len(all) != 10 {
		t.Errorf("%d people", len(all))
	}
}
