package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"handback/app/apptest"
	"handback/app/document"
	"handback/app/durable"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

var today = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

func requestOf(t testing.TB, id string) *request.Request {
	t.Helper()
	r, err := request.Make(request.Draft{Schema: request.Schema1, RequestID: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", LicenseKey: "GPYC-X5J2-L5SK-C3LK",
		HardwareID: id, Product: "acmecad", APIKey: "00000000-1111-2222-3333-444444444444"},
		func() time.Time { return today }, secret.New([]byte("a shared key")))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func in(folder string) *Journal {
	return &Journal{Folder: folder, Words: words.English(), Tool: "Handback test", Now: func() time.Time { return today }}
}

func note(t testing.TB, j *Journal, r *request.Request, events ...Event) {
	t.Helper()
	if err := j.Note(r, false, events...); err != nil {
		t.Fatal(err)
	}
}

func what(states ...request.State) (events []Event) {
	for _, s := range states {
		events = append(events, Event{At: today, What: s})
	}
	return events
}

// submissions returns how often this computer began to submit a record's request.
func submissions(r Record) int {
	n := r.Earlier
	for _, e := range r.Events {
		if !e.FromReceipt && e.What == request.Submitting {
			n++
		}
	}
	return n
}

// recordFile returns the path of the only record.
func recordFile(t testing.TB, folder string) string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(folder, "*"+recordEnding))
	if len(files) != 1 {
		t.Fatal(files)
	}
	return files[0]
}

func TestARecordIsThereAgainByteForByte(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	events := []Event{
		{At: today, What: request.Created},
		{At: today, What: request.Exported, Kind: "request", Path: "/media/stick/a.req", Bytes: 464, SHA256: strings.Repeat("ab", 32)},
		{At: today, What: request.Submitting, Endpoint: "https://api.licensespring.com"},
		{At: today, What: request.Refused, Status: 400, Code: "license_not_found", Message: "license not found", ServerDate: today, Issuer: "CA"},
	}
	note(t, in(folder), r, events...)
	all, errs := in(folder).Records()
	if len(all) != 1 || errs != nil {
		t.Fatal(all, errs)
	}
	if all[0].Request.Encode() != r.Encode() {
		t.Error("the request's bytes have changed")
	}
	if diff := cmp.Diff(events, all[0].Events); diff != "" {
		t.Error(diff)
	}
}

func TestTheStateIsWhatBecameOfTheRequest(t *testing.T) {
	rows := []struct {
		events []request.State
		want   request.State
	}{
		{[]request.State{request.Created}, request.Created},
		{[]request.State{request.Created, request.Exported, request.Exported}, request.Exported},
		{[]request.State{request.Created, request.Exported, request.Submitting}, request.Submitting},
		{[]request.State{request.Created, request.Exported, request.Submitting, request.NotSent}, request.Exported},
		{[]request.State{request.Created, request.Submitting, request.Submitting, request.NotSent}, request.Created},
		{[]request.State{request.Submitting, request.Unknown, request.Submitting, request.NotSent}, request.Unknown},
		{[]request.State{request.Submitting, request.Unknown, request.Submitting, request.ProbablyReleased}, request.ProbablyReleased},
		{[]request.State{request.Created, request.Submitting, request.Refused, request.Exported}, request.Refused},
		{[]request.State{request.Created, request.Submitting, request.Released, request.Exported}, request.Released},
		{[]request.State{request.Submitting, request.Released, request.Submitting, request.Refused}, request.Released},
		{[]request.State{request.Submitting, request.Released, request.Submitting, request.Unknown}, request.Released},
		{[]request.State{request.Submitting, request.Released, request.Submitting, request.NotSent}, request.Released},
	}
	for _, row := range rows {
		if got := (Record{Events: what(row.events...)}).State(); got != row.want {
			t.Errorf("%v: %s, want %s", row.events, got, row.want)
		}
	}
}

func TestAnAnswerIsLostUntilOneSettlesIt(t *testing.T) {
	rows := []struct {
		events []request.State
		lost   bool
	}{
		{[]request.State{request.Created, request.Submitting, request.Refused}, false},
		{[]request.State{request.Submitting, request.Unknown}, true},
		{[]request.State{request.Submitting, request.Unknown, request.Submitting, request.ProbablyReleased}, true},
		{[]request.State{request.Submitting, request.Unknown, request.Submitting, request.Released}, false},
	}
	for _, row := range rows {
		if got := (Record{Events: what(row.events...)}).Lost(); got != row.lost {
			t.Errorf("%v: %v", row.events, got)
		}
	}
}

// F15: a record cut anywhere is set aside, an error says so, and a new one begins.
func TestARecordCutAtAnyByteIsSetAside(t *testing.T) {
	r := requestOf(t, "workstation-7")
	whole := Record{Request: r, Events: what(request.Created, request.Exported)}.Text(words.English(), "Handback test")
	for cut := range whole {
		if _, err := Parse(whole[:cut]); !errors.Is(err, document.ErrDamaged) {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
	folder := t.TempDir()
	note(t, in(folder), r, what(request.Created)...)
	path := recordFile(t, folder)
	apptest.Write(t, path, whole[:len(whole)/2])
	err := in(folder).Note(r, false, what(request.Exported)...)
	if apptest.Key(err) != "journal.set_aside" {
		t.Errorf("%v", err)
	}
	if aside, _ := filepath.Glob(filepath.Join(folder, damagedName, "*")); len(aside) != 1 {
		t.Errorf("set aside: %v", aside)
	}
	if all, errs := in(folder).Records(); len(all) != 1 || errs != nil || all[0].State() != request.Exported {
		t.Errorf("%+v, %v", all, errs)
	}
}

func TestEveryFlippedBitOfARecordShows(t *testing.T) {
	whole := Record{Request: requestOf(t, "w"), Events: what(request.Created)}.Text(words.English(), "Handback test")
	for i := range whole {
		for bit := range 8 {
			flipped := bytes.Clone(whole)
			flipped[i] ^= 1 << bit
			if _, err := Parse(flipped); err == nil {
				t.Fatalf("bit %d of byte %d", bit, i)
			}
		}
	}
}

func TestARecordThatAMailSentIsRead(t *testing.T) {
	whole := Record{Request: requestOf(t, "w"), Events: what(request.Created)}.Text(words.English(), "Handback test")
	if _, err := Parse(bytes.ReplaceAll(whole, []byte("\n"), []byte("\r\n"))); err != nil {
		t.Error(err)
	}
}

// F65
func TestARecordOfANewerVersionSaysSoAndIsLeftAlone(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	note(t, in(folder), r, what(request.Created)...)
	path := recordFile(t, folder)
	old, _ := os.ReadFile(path)
	newer := bytes.Replace(old, []byte("HANDBACK RECORD 1"), []byte("HANDBACK RECORD 2"), 1)
	apptest.Write(t, path, newer)
	if all, errs := in(folder).Records(); len(all) != 0 || len(errs) != 1 || !errors.Is(errs[0], document.ErrNewer) {
		t.Errorf("%v, %v", all, errs)
	}
	if err := in(folder).Note(r, false, what(request.Exported)...); !errors.Is(err, document.ErrNewer) {
		t.Error(err)
	}
	if now, _ := os.ReadFile(path); !bytes.Equal(now, newer) {
		t.Error("it was changed")
	}
}

// F56: the program was killed during the POST.
func TestASubmissionThatNobodyLivedToEndIsUnknown(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	busy := in(folder)
	locked, err := busy.Lock(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := locked.Add(false, what(request.Created, request.Submitting)...); err != nil {
		t.Fatal(err)
	}
	for _, j := range []*Journal{busy, in(folder)} {
		if all, _ := j.Records(); all[0].State() != request.Submitting {
			t.Errorf("while it is submitted: %s", all[0].State())
		}
	}
	locked.Unlock()
	all, _ := in(folder).Records()
	if all[0].State() != request.Unknown || !all[0].Lost() {
		t.Errorf("afterwards: %s", all[0].State())
	}
	note(t, in(folder), r, what(request.Submitting, request.Released)...)
	all, _ = in(folder).Records()
	if all[0].State() != request.Released || submissions(all[0]) != 2 || !slices.ContainsFunc(all[0].Events, func(e Event) bool { return e.What == request.Unknown }) {
		t.Errorf("%+v", all[0].Events)
	}
}

func TestARequestIsHeldByOneAtATime(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	locked, err := in(folder).Lock(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := in(folder).Lock(t.Context(), r); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	if took := time.Since(began); took < 2*time.Second || took > 6*time.Second {
		t.Errorf("it waited %v", took)
	}
	if info, err := os.Stat(filepath.Join(folder, locksName, ID(r))); err != nil || filepath.Separator == '/' && info.Mode().Perm() != 0o600 {
		t.Errorf("the lock: %v, %v", info, err)
	}
	other, err := in(folder).Lock(t.Context(), requestOf(t, "workstation-8"))
	if err != nil {
		t.Fatal(err)
	}
	other.Unlock()
	locked.Unlock()
	again, err := in(folder).Lock(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	again.Unlock()
}

// inAnotherProgram runs a test of this file in another process.
func inAnotherProgram(t *testing.T, test string, environment ...string) *exec.Cmd {
	t.Helper()
	program := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+test+"$")
	program.Env = append(os.Environ(), environment...)
	return program
}

const sharedFolder = "HANDBACK_TEST_JOURNAL"

// F13: fifty pairs of programs lose no record and no event.
func TestTwoProgramsFiftyTimesLoseNothing(t *testing.T) {
	const rounds = 50
	if folder := os.Getenv(sharedFolder); folder != "" {
		for i := range rounds {
			note(t, in(folder), requestOf(t, "workstation-7"), what(request.Exported)...)
			note(t, in(folder), requestOf(t, fmt.Sprintf("workstation-%d of %d", i, os.Getpid())), what(request.Created)...)
		}
		return
	}
	folder := t.TempDir()
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			if said, err := inAnotherProgram(t, t.Name(), sharedFolder+"="+folder).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, said)
			}
		})
	}
	group.Wait()
	all, errs := in(folder).Records()
	if len(all) != 1+2*rounds || errs != nil {
		t.Errorf("%d records, %v", len(all), errs)
	}
	shared := in(folder).Known(requestOf(t, "workstation-7"))
	if len(shared.Events) != 2*rounds {
		t.Errorf("%d events", len(shared.Events))
	}
}

// F14
func TestTheLockGoesWithAProgramThatIsKilled(t *testing.T) {
	r := requestOf(t, "workstation-7")
	if folder := os.Getenv(sharedFolder); folder != "" {
		if _, err := in(folder).Lock(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		fmt.Println("held")
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
	}
	folder := t.TempDir()
	program := inAnotherProgram(t, t.Name(), sharedFolder+"="+folder)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := program.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	if _, err := in(folder).Lock(t.Context(), r); !errors.Is(err, ErrBusy) {
		t.Errorf("while it lives: %v", err)
	}
	_ = program.Process.Kill()
	_ = program.Wait()
	locked, err := in(folder).Lock(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	locked.Unlock()
}

// F16: a journal that cannot be written works until the program ends.
func TestAJournalThatCannotBeWrittenIsKeptForThisRun(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	apptest.Write(t, blocked, "")
	for _, folder := range []string{"", filepath.Join(blocked, "journal")} {
		j, r := in(folder), requestOf(t, "workstation-7")
		err := j.Note(r, false, what(request.Created)...)
		if folder == "" && err != nil || folder != "" && !errors.Is(err, ErrUnwritable) {
			t.Errorf("%q: %v", folder, err)
		}
		_ = j.Note(r, false, what(request.Submitting, request.Unknown)...)
		if all, errs := j.Records(); len(all) != 1 || errs != nil || all[0].State() != request.Unknown || !j.Known(r).Lost() {
			t.Errorf("%q: %+v, %v", folder, all, errs)
		}
	}
}

func TestRecordsComeWithTheLatestFirst(t *testing.T) {
	folder := t.TempDir()
	for day, id := range []string{"b", "a", "c"} {
		e := Event{At: today.AddDate(0, 0, day), What: request.Created}
		note(t, in(folder), requestOf(t, id), e)
	}
	all, _ := in(folder).Records()
	var ids []string
	for _, r := range all {
		ids = append(ids, r.Request.HardwareID)
	}
	if diff := cmp.Diff([]string{"c", "a", "b"}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestARecordSaysToPeopleWhatItHolds(t *testing.T) {
	r := requestOf(t, "workstation-7")
	record := Record{Request: r, Practice: true, Events: []Event{
		{At: today, What: request.Exported, Path: "/media/stick/a.req\u202e", SHA256: "abcd"},
		{At: today, What: request.Submitting, Endpoint: "https://api.licensespring.com"},
		{At: today, What: request.Released, Status: 200, ServerDate: today.Add(time.Minute)},
	}}
	text := string(record.Text(words.English(), "Handback test"))
	for _, want := range []string{"GPYC-X5J2-L5SK-C3LK", "acmecad", r.CheckCode(), r.RequestID, "not a proof by the vendor", "practice",
		"Released:", "/media/stick/a.req", "https://api.licensespring.com", "2026-11-20 09:30:00 UTC", "2026-11-20 09:31:00 UTC", "HTTP 200"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in it", want)
		}
	}
	if strings.ContainsRune(text, '\u202e') {
		t.Error("a character that turns the text around stands in it")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Record{Request: requestOf(f, "w"), Events: what(request.Created, request.Submitting, request.Released)}.Text(words.English(), "Handback test"))
	f.Add([]byte("HANDBACK RECORD 1\nsha256 of what follows: \n"))
	f.Add([]byte(`{"tool":"x","request":"","practice":false,"events":[{"at":"2026-11-20T09:30:00Z","what":"created"}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := Parse(file)
		if err != nil { // behind the right checksum
			r, err = Parse(document.Record.Write("", string(file)))
		}
		if err != nil {
			return
		}
		again, err := Parse(r.Text(words.English(), "Handback test"))
		if err != nil || again.Request.Encode() != r.Request.Encode() || !cmp.Equal(again.Events, r.Events, cmpopts.EquateEmpty()) {
			t.Errorf("%v", err)
		}
	})
}

// F73: a link may lead to somebody else's file, which is not locked.
func TestALinkInThePlaceOfALockIsNotFollowed(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	trap := filepath.Join(t.TempDir(), "trap")
	locks := filepath.Join(folder, locksName)
	if err := errors.Join(os.Mkdir(locks, 0o700), os.Symlink(trap, filepath.Join(locks, ID(r)))); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(filepath.Join(locks, ID(r))); err != nil || info.Mode().IsRegular() {
		return // Wine makes no link, and says it did
	}
	if _, err := in(folder).Lock(t.Context(), r); !errors.Is(err, durable.ErrNotRegular) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Lstat(trap); err == nil {
		t.Error("it was followed")
	}
	// A link that is made between the check and the opening.
	if locked, err := durable.NewLock(filepath.Join(locks, ID(r))).TryLock(); locked || err == nil {
		t.Errorf("opened: %v, %v", locked, err)
	}
	if _, err := os.Lstat(trap); err == nil {
		t.Error("it was followed")
	}
}

// F86: a record that was written but not flushed is the one that other programs see.
func TestARecordWhoseFolderCannotBeSynchronizedIsWrittenAndToldSo(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	j := in(folder)
	note(t, j, r, what(request.Created)...)
	restore := durable.Inject(func(name string) error {
		if name == "sync folder" {
			return errors.New("injected")
		}
		return nil
	})
	err := j.Note(r, false, what(request.Submitting)...)
	restore()
	if !errors.Is(err, durable.ErrNotFlushed) {
		t.Errorf("got %v", err)
	}
	note(t, in(folder), r, what(request.Released)...)
	if state := j.Known(r).State(); state != request.Released {
		t.Errorf("the program that wrote it says %s", state)
	}
}

// The line of the audit chain is written while the request is under way. Nobody else gets
// the record before it is there, and what is added later comes after it.
func TestARecordIsWrittenBeforeItsLineAndUnlockedAfterIt(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	j := in(folder)
	goOn := make(chan struct{})
	defer durable.Inject(func(name string) error {
		if name == "append" {
			<-goOn
		}
		return nil
	})()
	locked, err := j.Lock(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	leaving := locked.Begin(false, what(request.Created, request.Submitting)...)
	if err := leaving.Written(); err != nil {
		t.Error(err)
	}
	if record := in(folder).Known(r); len(record.Events) != 2 {
		t.Errorf("the file says %v", record.Events)
	}
	if record, _ := locked.Record(); len(record.Events) != 2 {
		t.Errorf("the record says %v", record.Events)
	}
	var answered, unlocked atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		locked.Begin(false, what(request.Released)...)
		answered.Store(true)
		locked.Unlock()
		unlocked.Store(true)
	}()
	time.Sleep(50 * time.Millisecond)
	if answered.Load() || unlocked.Load() {
		t.Error("the next event did not wait for the line of the one before")
	}
	close(goOn)
	<-ended
	if err := leaving.Audited(); err != nil {
		t.Error(err)
	}
	if v := verified(t, folder); v.Lines != 2 || v.Events != 3 || len(v.Findings) != 0 {
		t.Errorf("%+v", v)
	}
}

// What failed to be written is told by whoever waits for it, and only once.
func TestWhatBeganToBeStoredTellsWhetherItWas(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	j := in(folder)
	restore := durable.Inject(func(name string) error {
		if name == "append" {
			return errors.New("injected")
		}
		return nil
	})
	locked, err := j.Lock(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	defer locked.Unlock()
	s := locked.Begin(false, what(request.Created)...)
	if err := s.Written(); err != nil {
		t.Errorf("the record: %v", err)
	}
	if err := s.Audited(); !errors.Is(err, ErrUnaudited) {
		t.Errorf("its line: %v", err)
	}
	restore()
	if err := locked.Add(false, what(request.Submitting)...); err != nil {
		t.Errorf("the next: %v", err)
	}
}
