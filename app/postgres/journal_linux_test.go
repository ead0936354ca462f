package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"handback/app/journal"
	"handback/app/postgres"
	"handback/app/postgres/postgrestest"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

func in(db *postgres.Database) *journal.Journal {
	return &journal.Journal{Store: db.Journal(), Words: words.English(), Tool: "Handback test", Now: time.Now}
}

func made(t testing.TB, n int) *request.Request {
	t.Helper()
	d := request.Draft{Schema: 1, Product: "acmecad", APIKey: "00000000-1111-2222-3333-444444444444",
		LicenseKey: fmt.Sprintf("KEY-%05d", n), HardwareID: fmt.Sprintf("device-%05d", n)}
	d.RequestID = d.NewID()
	r, err := request.Make(d, time.Now, secret.New([]byte("key")))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func event(what request.State) journal.Event {
	return journal.Event{What: what, Endpoint: "https://api.acme.example"}
}

// intact fails the test unless the audit chain is whole, and returns what was verified.
func intact(t testing.TB, j *journal.Journal) journal.Verification {
	t.Helper()
	v, err := j.Verify("")
	ok(t, err)
	if len(v.Findings) > 0 {
		t.Errorf("found: %+v", v.Findings)
	}
	return v
}

func TestADatabaseHasTheJournalOfSeveralPrograms(t *testing.T) {
	server := postgrestest.Start(t)
	two := func(t *testing.T) (address string, a, b *journal.Journal) {
		address = server.Database(t)
		return address, in(open(t, address)), in(open(t, address))
	}
	t.Run("what one has written the other reads, the last first", func(t *testing.T) {
		_, a, b := two(t)
		var all []*request.Request
		for n := range 450 { // more than a page
			all = append(all, made(t, n))
		}
		var group sync.WaitGroup
		for i, r := range all {
			j := []*journal.Journal{a, b}[i%2]
			group.Go(func() { ok(t, j.Note(r, false, event(request.Created))) })
		}
		group.Wait()
		ok(t, b.Note(all[7], false, event(request.Exported)))
		ok(t, a.Note(all[3], false, event(request.Exported)))
		records, errs := a.Records()
		if len(errs) > 0 || len(records) != len(all) {
			t.Fatalf("%d records, %v", len(records), errs)
		}
		var listed []string
		for r := range b.Readable() {
			listed = append(listed, r.Request.HardwareID)
		}
		if len(listed) != len(all) || listed[0] != "device-00003" || listed[1] != "device-00007" {
			t.Errorf("%d are listed, the first are %v", len(listed), listed[:2])
		}
		var after []string
		for id, err := range journal.EachAfter(a, journal.ID(all[7]), func(r journal.Record) string { return r.Request.HardwareID }) {
			ok(t, err)
			after = append(after, id)
		}
		if !slices.Equal(after, listed[2:]) {
			t.Errorf("%d come after the second", len(after))
		}
		if r, err := b.Find(strings.ToLower(all[5].CheckCode()[:9])); err != nil || r.Request.HardwareID != "device-00005" {
			t.Errorf("found by check code: %v %v", r.Request, err)
		}
		if r, err := a.Find(all[6].RequestID); err != nil || r.Request.HardwareID != "device-00006" {
			t.Errorf("found by request ID: %v %v", r.Request, err)
		}
		if _, err := a.Find("%%%%_____"); !errors.Is(err, journal.ErrNoRecord) {
			t.Errorf("found nothing: %v", err)
		}
		if r, err := b.Stored(journal.ID(all[5])); err != nil || r.State() != request.Created {
			t.Errorf("%v %v", r, err)
		}
		v := intact(t, a)
		if v.Records != len(all) || v.Lines != int64(len(all)+2) || v.Events != len(all)+2 {
			t.Errorf("%+v", v)
		}
		ok(t, b.Note(all[9], false, event(request.Exported)))
		if later, err := b.Verify(v.Head); err != nil || !later.Intact() {
			t.Errorf("%+v %v", later, err)
		}
	})
	t.Run("a record is locked for all, until its program ends", func(t *testing.T) {
		address, a, b := two(t)
		r := made(t, 1)
		dying, err := postgres.Open(t.Context(), address)
		ok(t, err)
		locked, err := in(dying).Lock(t.Context(), r)
		ok(t, err)
		ok(t, locked.Add(false, event(request.Submitting)))
		if state := a.Known(r).State(); state != request.Submitting {
			t.Errorf("while it is submitted: %s", state)
		}
		if _, err := a.Lock(t.Context(), r); !errors.Is(err, journal.ErrBusy) {
			t.Errorf("locked twice: %v", err)
		}
		_ = dying.Close() // as when the program ends
		if state := b.Known(r).State(); state != request.Unknown {
			t.Errorf("after its program ended: %s", state)
		}
		again, err := b.Lock(t.Context(), r)
		ok(t, err)
		if known, err := again.Record(); err != nil || known.LocalState() != request.Unknown {
			t.Errorf("%v %v", known.LocalState(), err)
		}
		again.Unlock()
		unlocked, err := a.Lock(t.Context(), r)
		ok(t, err)
		unlocked.Unlock()
	})
	t.Run("who lost the lock with the connection does not submit, and does not lose an answer", func(t *testing.T) {
		_, a, b := two(t)
		r, sent := made(t, 1), made(t, 2)
		late, err := a.Lock(t.Context(), r)
		ok(t, err)
		_, err = late.Record()
		ok(t, err)
		under, err := a.Lock(t.Context(), sent)
		ok(t, err)
		ok(t, under.Add(false, event(request.Submitting)))
		server.End()
		server.Begin()
		ok(t, b.Note(r, false, event(request.Submitting)))
		if err := late.Add(false, event(request.Submitting)); !errors.Is(err, journal.ErrOvertaken) {
			t.Errorf("both submit: %v", err)
		}
		late.Unlock()
		ok(t, b.Note(sent, false, journal.Event{What: request.Unknown, Holds: request.Untold}))
		ok(t, under.Add(false, event(request.Released)))
		ok(t, under.Add(false, event(request.Created)))
		under.Unlock()
		var whats []request.State
		for _, e := range b.Known(sent).Events {
			whats = append(whats, e.What)
		}
		if want := []request.State{request.Submitting, request.Unknown, request.Unknown, request.Released, request.Created}; !slices.Equal(whats, want) {
			t.Errorf("events: %v", whats)
		}
		intact(t, b)
	})
	t.Run("while the database cannot be reached nothing is locked or written, and then it goes on", func(t *testing.T) {
		_, a, b := two(t)
		r := made(t, 1)
		locked, err := a.Lock(t.Context(), r)
		ok(t, err)
		_, err = locked.Record()
		ok(t, err)
		server.End()
		if _, err := b.Lock(t.Context(), r); !errors.Is(err, journal.ErrStore) {
			t.Errorf("locked: %v", err)
		}
		if _, err := b.Stored(journal.ID(r)); !errors.Is(err, journal.ErrStore) {
			t.Errorf("read: %v", err)
		}
		if err := b.Ready(t.Context()); !errors.Is(err, journal.ErrStore) {
			t.Errorf("ready: %v", err)
		}
		written := make(chan error)
		go func() { written <- locked.Add(false, event(request.Created)) }()
		time.Sleep(300 * time.Millisecond)
		server.Begin()
		ok(t, <-written)
		locked.Unlock()
		if state := b.Known(r).State(); state != request.Created {
			t.Errorf("%s", state)
		}
		intact(t, a)
	})
	t.Run("verifying finds what was changed in the database", func(t *testing.T) {
		for statement, want := range map[string]journal.FindingKind{
			"update records set text = (select text from records order by line limit 1)": journal.OtherRecord,
			"update records set text = 'nothing' where line = 1":                         journal.Unreadable,
			"delete from codes; delete from records where line = 2":                      journal.MissingRecord,
			"delete from audit where number = 2":                                         journal.BrokenLine,
			"delete from audit where number = 3":                                         journal.ShortChain,
			"update audit set line = replace(line, ' 1 created ', ' 2 created ')":        journal.BrokenLine,
		} {
			address, a, _ := two(t)
			for n := range 3 {
				ok(t, a.Note(made(t, n), false, event(request.Created)))
			}
			if statement == "delete from audit where number = 3" {
				ok(t, a.Note(made(t, 3), false, event(request.Created)))
				statement = "delete from audit where number >= 3; update head set number = 2"
			}
			intact(t, a)
			connection, err := pgx.Connect(t.Context(), address)
			ok(t, err)
			_, err = connection.Exec(t.Context(), statement)
			ok(t, errors.Join(err, connection.Close(t.Context())))
			v, err := in(open(t, address)).Verify("")
			ok(t, err)
			if v.Intact() || !slices.ContainsFunc(v.Findings, func(f journal.Finding) bool { return f.Kind == want }) {
				t.Errorf("%s: %+v", statement, v.Findings)
			}
		}
	})
}

// late is a Store into which somebody writes after it was looked through.
type late struct {
	journal.Store
	write func()
}

func (l *late) WriteAll(all []journal.Writing) []error {
	l.write()
	l.write = func() {}
	return l.Store.WriteAll(all)
}

func TestRecordsOfFilesAreTakenOver(t *testing.T) {
	server := postgrestest.Start(t)
	both := func(t *testing.T) (files, database *journal.Journal) {
		files = &journal.Journal{Folder: t.TempDir(), Words: words.English(), Tool: "Handback test", Now: time.Now}
		return files, in(open(t, server.Database(t)))
	}
	take := func(files, database *journal.Journal) (journal.Takeover, error) {
		v, err := files.Verify("")
		ok(t, err)
		return journal.TakeOver(database, files, v)
	}
	t.Run("with a chain that stays whole when the records go on", func(t *testing.T) {
		files, database := both(t)
		for n := range 5 {
			r := made(t, n)
			for _, what := range []request.State{request.Created, request.Exported, request.Exported} {
				ok(t, files.Note(r, false, event(what)))
			}
		}
		if got, err := take(files, database); err != nil || got.Taken != 5 || got.Known != 0 || len(got.Lost) > 0 {
			t.Fatalf("%+v %v", got, err)
		}
		before := intact(t, database)
		records, _ := database.Records()
		for _, r := range records[:3] {
			ok(t, database.Note(r.Request, false, event(request.Exported)))
		}
		if v := intact(t, database); v.Records != 5 || v.Lines != 8 || v.Events != 18 {
			t.Errorf("%+v", v)
		}
		if later, err := database.Verify(before.Head); err != nil || !later.Intact() {
			t.Errorf("%+v %v", later, err)
		}
		v, err := files.Verify("")
		ok(t, err)
		for line, err := range database.Store.Lines() {
			if ok(t, err); strings.HasPrefix(line, "1 ") && !strings.Contains(line, " taken-over:"+v.Head+" ") {
				t.Errorf("the line does not name the head of the files' chain: %s", line)
			}
		}
	})
	t.Run("but not while one of them is submitted", func(t *testing.T) {
		files, database := both(t)
		locked, err := files.Lock(t.Context(), made(t, 1))
		ok(t, err)
		ok(t, locked.Add(false, event(request.Submitting)))
		other := &journal.Journal{Folder: files.Folder, Words: words.English(), Now: time.Now}
		if _, err := take(other, database); !errors.Is(err, journal.ErrBusy) {
			t.Errorf("%v", err)
		}
		locked.Unlock()
		if got, err := take(other, database); err != nil || got.Taken != 1 {
			t.Errorf("%+v %v", got, err)
		}
		for r := range database.Readable() { // the program that was submitting it has ended
			if r.State() != request.Unknown {
				t.Errorf("%s", r.State())
			}
		}
	})
	t.Run("and none replaces what another program writes meanwhile", func(t *testing.T) {
		files, database := both(t)
		for n := range 4 {
			ok(t, files.Note(made(t, n), false, event(request.Created)))
		}
		disputed := made(t, 7)
		ok(t, files.Note(disputed, false, event(request.Created)))
		store := database.Store
		database.Store = &late{store, func() {
			other := &journal.Journal{Store: store, Words: words.English(), Now: time.Now}
			ok(t, other.Note(disputed, false, event(request.Submitting)))
			ok(t, other.Note(disputed, false, event(request.Released)))
		}}
		if got, err := take(files, database); !errors.Is(err, journal.ErrDiffers) || got.Taken != 4 {
			t.Errorf("%+v %v", got, err)
		}
		if state := database.Known(disputed).State(); state != request.Released {
			t.Errorf("%s", state)
		}
		if got, err := take(files, database); !errors.Is(err, journal.ErrDiffers) || got.Taken != 0 {
			t.Errorf("%+v %v", got, err)
		}
		intact(t, database)
	})
}

func TestRecordsAreReadPageByPage(t *testing.T) {
	server := postgrestest.Start(t)
	address := server.Database(t)
	j := in(open(t, address))
	var group sync.WaitGroup
	for n := range 500 {
		r := made(t, n)
		group.Go(func() { ok(t, j.Note(r, false, event(request.Created))) })
	}
	group.Wait()
	count := 0
	for _, err := range j.All() {
		ok(t, err)
		if count++; count == 1 {
			connection, err := pgx.Connect(t.Context(), address)
			ok(t, err)
			_, err = connection.Exec(t.Context(), "truncate records, codes")
			ok(t, errors.Join(err, connection.Close(t.Context())))
		}
	}
	if count > 200 {
		t.Errorf("%d records were read before the first was handed over", count)
	}
}

func BenchmarkSubmissionsInADatabase(b *testing.B) {
	server := postgrestest.Start(b, "fsync=on")
	db, err := postgres.Open(context.Background(), server.Database(b))
	ok(b, err)
	defer db.Close()
	j := in(db)
	b.SetParallelism(16)
	next := make(chan int, 1)
	next <- 0
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := <-next
			next <- n + 1
			locked, err := j.Lock(context.Background(), made(b, n))
			ok(b, err)
			ok(b, locked.Add(false, event(request.Submitting)))
			ok(b, locked.Add(false, event(request.Released)))
			locked.Unlock()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
}
