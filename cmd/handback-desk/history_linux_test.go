package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"handback/app"
	"handback/app/desk"
	"handback/app/journal"
	"handback/app/journal/journaltest"
	"handback/app/postgres"
	"handback/app/postgres/postgrestest"
	"handback/app/request"
	"handback/app/words"
)

// answer is what a command printed, and its exit status.
type answer struct {
	out, err string
	status   int
}

func ask(t *testing.T, home string, args ...string) (a answer) {
	t.Helper()
	cmd := prepare(t, home, args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return answer{out.String(), said.String(), cmd.ProcessState.ExitCode()}
}

// filled makes a desk with files: many records, of which some were written several times.
func filled(t *testing.T, count int) (home string, files *journal.Journal) {
	t.Helper()
	home = t.TempDir()
	files = app.Journal(home, words.English(), time.Now)
	journaltest.Fill(t, files.Folder, count)
	records, errs := files.Records()
	if len(errs) > 0 || len(records) != count {
		t.Fatalf("%d records, %v", len(records), errs)
	}
	for range 3 { // so that they know of more lines than there will be in the database
		for _, r := range records[:min(count, 100)] {
			if err := files.Note(r.Request, r.Practice, journal.Event{What: request.Exported, Kind: "request", Path: "/again.req"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return home, files
}

func inDatabase(t *testing.T, address string) *journal.Journal {
	t.Helper()
	db, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &journal.Journal{Store: db.Journal(), Words: words.English(), Now: time.Now}
}

// sameRecords fails the test unless a database has the records of files, with their bytes, in
// their order, and an intact chain with one line each.
func sameRecords(t *testing.T, files, database *journal.Journal) {
	t.Helper()
	texts := map[string][]byte{}
	var order []string
	for one, err := range database.Store.All("") {
		if err != nil {
			t.Fatal(err)
		}
		texts[one.Name] = one.Text
		order = append(order, one.Name)
	}
	var want []string
	for r := range files.Readable() {
		name := journal.ID(r.Request)
		want = append(want, name)
		if file, err := os.ReadFile(filepath.Join(files.Folder, name+".txt")); err != nil || !bytes.Equal(file, texts[name]) {
			t.Errorf("%s is not as it was: %v", name, err)
		}
	}
	if !slices.Equal(order, want) {
		t.Errorf("%d records in the database, %d files, or not in their order", len(order), len(want))
	}
	v, err := database.Verify("")
	if err != nil || len(v.Findings) > 0 || v.Records != len(want) || v.Lines != int64(len(want)) {
		t.Errorf("%+v, %v", v, err)
	}
}

// blanks are those between the columns of a table. How wide it is depends on the time in which
// its first rows come.
var blanks = regexp.MustCompile(` +`)

func TestTheHistoryReadsTheSameFromADatabaseAsFromFiles(t *testing.T) {
	home, files := filled(t, 450)
	database := postgrestest.Start(t).Database(t)
	elsewhere := t.TempDir()
	if a := ask(t, elsewhere, "import-files", home, "--journal", database); a.status != 0 || !strings.Contains(a.out, "Records taken over: 450") {
		t.Fatalf("%+v", a)
	}
	sameRecords(t, files, inDatabase(t, database))
	var some journal.Record
	for r := range files.Readable() {
		if r.State() == request.Released {
			some = r
			break
		}
	}
	code := some.Request.CheckCode()
	for _, args := range [][]string{
		{"list"}, {"list", "--json"}, {"list", "--csv", "-"}, {"list", "--state", "released,unknown"}, {"list", "--state", "nothing"},
		{"list", "--license", strings.ToLower(journaltest.LicenseKey(7))}, {"list", "--product", "acmepro", "--json"},
		{"list", "--since", "2026-01-01T12:00:00Z", "--until", "2026-01-01T13:00:00Z"}, {"list", "--since", "whenever"}, {"list", "--product", "nothing"},
		{"list", "--json", "--csv", "-"}, {"show", code}, {"show", strings.ToLower(code[:9])}, {"show", some.Request.RequestID, "--json"}, {"show", "ZZZZ-ZZZZ"},
		{"show", "3f2504e0"}, {"show"}, {"receipt", code}, {"receipt", code, "--json"}, {"receipt", code, "--output", "-"}, {"receipt", code, "--qr", "-"},
		{"verify", "--head", "nothing"}, {"verify", "--head", strings.Repeat("0", 64), "--jsno"}, {"lst"}, {"--help"}, {"list", "--help"},
	} {
		args = append([]string{"history"}, args...)
		want, got := ask(t, home, args...), ask(t, elsewhere, append(slices.Clone(args), "--journal", database)...)
		if args[1] == "list" && !slices.Contains(args, "--json") && !slices.Contains(args, "--csv") {
			want.out, got.out = blanks.ReplaceAllString(want.out, " "), blanks.ReplaceAllString(got.out, " ")
		}
		if got != want || got.out+got.err == "" {
			t.Errorf("%q: %+v, from files %+v", args, got, want)
		}
	}
	if a := ask(t, elsewhere, "history", "list"); a.status != 0 || a.out != "" || !strings.Contains(a.err, "Nothing was made or submitted here yet.") {
		t.Errorf("an empty history: %+v", a)
	}
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
		t.Errorf("who only reads has made %v, %v", left, err)
	}
	a := ask(t, elsewhere, "history", "verify", "--json", "--journal", database)
	var v struct {
		Intact bool
		Head   string
	}
	if err := json.Unmarshal([]byte(a.out), &v); err != nil || !v.Intact || a.status != 0 {
		t.Fatalf("%v: %+v", err, a)
	}
	if a := ask(t, elsewhere, "history", "verify", "--head", v.Head, "--journal", database); a.status != 0 || !strings.Contains(a.out, "Head of the chain: "+v.Head) {
		t.Errorf("%+v", a)
	}
	if a := ask(t, elsewhere, "history", "verify", "--head", strings.Repeat("1", 64), "--journal", database); a.status != 3 {
		t.Errorf("a head that the chain does not have: %+v", a)
	}
	cmd := prepare(t, elsewhere, "history", "list", "--journal", database)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	cmd.Stdout = full
	if _ = cmd.Run(); cmd.ProcessState.ExitCode() != 6 {
		t.Errorf("standard output is full: %d", cmd.ProcessState.ExitCode())
	}
}

func TestFilesAreTakenOverWhateverIsKilled(t *testing.T) {
	const count = 3000
	home, files := filled(t, count)
	server := postgrestest.Start(t)
	address := server.Database(t)
	database := inDatabase(t, address)
	stored := func() (lines int) {
		for _, err := range database.Store.Lines() {
			if err != nil {
				t.Fatal(err)
			}
			lines++
		}
		return lines
	}
	interrupted := 0
	for range 20 {
		before := stored()
		cmd := prepare(t, home, "import-files", "--journal", address)
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan bool)
		go func() { _ = cmd.Wait(); close(ended) }()
		for done := false; !done; {
			select {
			case <-ended:
				done = true
			case <-time.After(time.Millisecond):
				if stored() > before {
					_ = cmd.Process.Kill()
				}
			}
		}
		if cmd.ProcessState.Success() {
			break
		}
		if said.Len() > 0 {
			t.Fatalf("%s", &said)
		}
		if now := stored(); now > 0 && now < count {
			interrupted++
		}
	}
	if interrupted < 2 {
		t.Errorf("only %d runs were killed in the middle", interrupted)
	}
	t.Logf("killed %d times in the middle", interrupted)
	if a := ask(t, home, "import-files", "--journal", address); a.status != 0 || !strings.Contains(a.out, fmt.Sprintf("in the database already: %d", stored())) && !strings.Contains(a.out, "Records taken over") {
		t.Errorf("%+v", a)
	}
	sameRecords(t, files, database)
	again := ask(t, home, "import-files", "--journal", address)
	if again.status != 0 || !strings.Contains(again.out, fmt.Sprintf("Records taken over: 0; in the database already: %d", count)) {
		t.Errorf("%+v", again)
	}
	sameRecords(t, files, database)
}

func TestRecordsThatDifferAreNamedAndNothingIsTakenOver(t *testing.T) {
	home, files := filled(t, 10)
	address := postgrestest.Start(t).Database(t)
	database := inDatabase(t, address)
	records, _ := files.Records()
	note := func(j *journal.Journal, r journal.Record, what request.State) {
		t.Helper()
		if err := j.Note(r.Request, false, journal.Event{What: what, Endpoint: "https://api.example"}); err != nil {
			t.Fatal(err)
		}
	}
	note(database, records[3], request.Submitting)
	note(database, records[3], request.Released)
	a := ask(t, home, "import-files", "--journal", address)
	if a.status != 3 || !strings.Contains(a.err, records[3].Request.CheckCode()) || strings.Contains(a.err, records[4].Request.CheckCode()) {
		t.Errorf("%+v", a)
	}
	if all, _ := database.Records(); len(all) != 1 {
		t.Errorf("%d records are in the database", len(all))
	}
	address = postgrestest.Start(t).Database(t)
	database = inDatabase(t, address)
	if a := ask(t, home, "import-files", "--journal", address); a.status != 0 {
		t.Fatalf("%+v", a)
	}
	// What one of the two has more is no difference.
	note(database, records[1], request.Submitting)
	note(database, records[1], request.Refused)
	note(files, records[2], request.Submitting)
	note(files, records[2], request.Released)
	if a := ask(t, home, "import-files", "--journal", address); a.status != 0 || !strings.Contains(a.out, "Records taken over: 1; in the database already: 9") {
		t.Errorf("%+v", a)
	}
	events := func(j *journal.Journal, i int) int { return len(j.Known(records[i].Request).Events) }
	if events(database, 1) < events(files, 1)+2 || events(database, 2) != events(files, 2) {
		t.Errorf("events in the database: %d and %d, in files: %d and %d", events(database, 1), events(database, 2), events(files, 1), events(files, 2))
	}
	note(database, records[2], request.Exported)
	if v, err := database.Verify(""); err != nil || len(v.Findings) > 0 {
		t.Errorf("%+v %v", v, err)
	}
}

func TestFilesThatWereChangedAreTakenOverOnlyByForce(t *testing.T) {
	home, files := filled(t, 5)
	address := postgrestest.Start(t).Database(t)
	records, _ := files.Records()
	path := filepath.Join(files.Folder, journal.ID(records[0].Request)+".txt")
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, bytes.Replace(text, []byte("/home/anna"), []byte("/home/anne"), 1), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, home, "import-files", "--journal", address)
	if a.status != 3 || !strings.Contains(a.out, "Not as it was written") || !strings.Contains(a.err, "--force") {
		t.Errorf("%+v", a)
	}
	a = ask(t, home, "import-files", "--journal", address, "--force")
	if a.status != 3 || !strings.Contains(a.err, path) || !strings.Contains(a.out, "Records taken over: 4") {
		t.Errorf("a damaged record is not named: %+v", a)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Contains(got, []byte("/home/anne")) {
		t.Errorf("the file was changed: %v", err)
	}
	for args, status := range map[string]int{"import-files": 2, "import-files a b": 2, "import-files " + t.TempDir() + " --journal " + address: 3} {
		if a := ask(t, home, strings.Fields(args)...); a.status != status || a.out != "" {
			t.Errorf("%s: %+v", args, a)
		}
	}
}

func TestWhatADeskHasBesideItsRecordsIsTakenOverOnce(t *testing.T) {
	home := t.TempDir()
	ctx := context.Background()
	from, err := desk.OpenFiles(filepath.Join(home, "desk"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 1, 9, 0, 0, 123456789, time.UTC)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(from.SavePerson(ctx, desk.Person{Name: "zoe", Role: desk.Administrator, Password: "hash"}))
	must(from.SavePerson(ctx, desk.Person{Name: "anna", Role: desk.Agent}))
	must(from.AddProfile(ctx, desk.Profile{Name: "Acme CAD", Text: "name = 'Acme CAD'\n"}))
	for n := range 3 {
		_, err := from.File(ctx, desk.Filing{ID: fmt.Sprintf("abc%d", n), Request: "request", At: at, Visitors: []string{"visitor"}}, 10, 10)
		must(err)
	}
	_, err = from.Decide(ctx, "abc1", desk.Decision{Reason: "not ours", By: "anna", At: at})
	must(err)
	for _, name := range []string{"acme", "other"} {
		_, err = from.BindSecret(ctx, name, "a server")
		must(err)
	}
	for range 2 { // the same twice is two
		must(from.Note(ctx, desk.Action{At: at, By: "anna", What: desk.LoggedIn}))
	}
	address := postgrestest.Start(t).Database(t)
	if a := ask(t, home, "import-files", "--journal", address); a.status != 0 || !strings.Contains(a.out, "Requests for the desk: 3, people: 2, profiles: 1, actions: 2.") {
		t.Fatalf("%+v", a)
	}
	to, err := postgres.Open(ctx, address)
	must(err)
	defer to.Close()
	must(to.SavePerson(ctx, desk.Person{Name: "anna", Role: desk.Auditor}))
	if bound, err := to.BindSecret(ctx, "acme", "another server"); err != nil || bound != "a server" {
		t.Errorf("the secret belongs to %q: %v", bound, err)
	}
	must(to.UnbindSecret(ctx, "other"))
	_, err = to.BindSecret(ctx, "other", "another server")
	must(err)
	if a := ask(t, home, "import-files", "--journal", address); a.status != 0 || !strings.Contains(a.out, "Requests for the desk: 0, people: 0, profiles: 0, actions: 0.") || !strings.Contains(a.out, "left as it is there: anna") || !strings.Contains(a.out, "left as it is there: other") {
		t.Fatalf("%+v", a)
	}
	waiting, err := to.Waiting(ctx, 10)
	if err != nil || len(waiting) != 2 || !slices.Equal(waiting[0].Visitors, []string{"visitor"}) {
		t.Errorf("%+v %v", waiting, err)
	}
	if f, err := to.Filing(ctx, "abc1"); err != nil || f.Decision.Reason != "not ours" {
		t.Errorf("%+v %v", f, err)
	}
	if p, err := to.Person(ctx, "anna"); err != nil || p.Role != desk.Auditor {
		t.Errorf("%+v %v", p, err)
	}
	if actions, err := to.Actions(ctx, desk.ActionQuery{Most: 10}); err != nil || len(actions.Actions) != 2 {
		t.Errorf("%+v %v", actions, err)
	}
}
