package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"handback/app/apptest"
	"handback/app/document"
	"handback/app/durable"
	"handback/app/request"
	"handback/app/words"
)

// verified returns what is found in a journal, and fails if it cannot be verified.
func verified(t testing.TB, folder string) Verification {
	t.Helper()
	v, err := in(folder).Verify("")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// kinds returns what was found, once each.
func kinds(v Verification) (all []FindingKind) {
	for _, f := range v.Findings {
		if !slices.Contains(all, f.Kind) {
			all = append(all, f.Kind)
		}
	}
	slices.Sort(all)
	return all
}

// journalOfThree makes a journal of three requests that were made, sent by a program that
// crashed, and answered: five events each, in three lines.
func journalOfThree(t testing.TB) (folder string, names []string) {
	t.Helper()
	folder = t.TempDir()
	j := in(folder)
	for n := range 3 {
		r := requestOf(t, fmt.Sprint("workstation-", n))
		names = append(names, ID(r))
		note(t, j, r, what(request.Created, request.Exported)...)
		note(t, j, r, what(request.Submitting)...)
		note(t, j, r, what([]request.State{request.Released, request.Refused, request.Unknown}[n])...)
	}
	return folder, names
}

func chainOf(t testing.TB, folder string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, auditName))
	if err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
}

func setChain(t testing.TB, folder string, lines ...string) {
	t.Helper()
	text := strings.TrimSuffix(strings.Join(lines, ""), "\n") + "\n"
	apptest.Write(t, filepath.Join(folder, auditName), text)
}

// edit changes a record's file as somebody does who knows the checksum.
func edit(t testing.TB, path string, change func(*Record)) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, machine, err := parts(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := machine.record()
	if err != nil {
		t.Fatal(err)
	}
	change(&r)
	apptest.Write(t, path, r.write(words.English(), machine.Tool, machine.Audit))
}

func TestAJournalIsAsItWasWritten(t *testing.T) {
	folder, _ := journalOfThree(t)
	v := verified(t, folder)
	if v.Records != 3 || v.Events != 15 || v.Lines != 9 || len(v.Findings) != 0 || !v.Intact() {
		t.Errorf("%+v", v)
	}
	lines := chainOf(t, folder)
	if v.Head != hash(strings.TrimSuffix(lines[8], "\n")+"\n") {
		t.Error("the head is not the last line's")
	}
	for i, line := range lines {
		fields := strings.Fields(line)
		if want := append([]string{first}, lines...)[i]; i > 0 && fields[7] != hash(want) {
			t.Errorf("line %d does not name the digest of the line before", i+1)
		}
	}
	if strings.Contains(strings.Join(lines, ""), "GPYC") {
		t.Error("a license key is in the chain")
	}
}

// One row for each way in which somebody changes a journal.
func TestEachChangeLossAndExchangeIsFound(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(t *testing.T, folder string, path func(int) string)
		want   []FindingKind
		record int // that is named, from 1; 0 for none
		event  int
	}{
		{"nothing", func(*testing.T, string, func(int) string) {}, nil, 0, 0},
		{"an event is changed", func(t *testing.T, _ string, path func(int) string) {
			edit(t, path(1), func(r *Record) { r.Events[3].What = request.Released })
		}, []FindingKind{ChangedEvent}, 2, 4},
		{"an earlier event is changed", func(t *testing.T, _ string, path func(int) string) {
			edit(t, path(1), func(r *Record) { r.Events[2].Endpoint = "https://elsewhere.example" })
		}, []FindingKind{ChangedEvent}, 2, 3},
		{"the last event is removed", func(t *testing.T, _ string, path func(int) string) {
			edit(t, path(2), func(r *Record) { r.Events = r.Events[:3] })
		}, []FindingKind{LostEvents}, 3, 4},
		{"an event in the middle is removed", func(t *testing.T, _ string, path func(int) string) {
			edit(t, path(2), func(r *Record) { r.Events = slices.Delete(r.Events, 2, 3) })
		}, []FindingKind{ChangedEvent}, 3, 3},
		{"two events are exchanged", func(t *testing.T, _ string, path func(int) string) {
			edit(t, path(2), func(r *Record) { r.Events[2], r.Events[3] = r.Events[3], r.Events[2] })
		}, []FindingKind{ChangedEvent}, 3, 3},
		{"it is no longer practice", func(t *testing.T, _ string, path func(int) string) {
			edit(t, path(0), func(r *Record) { r.Practice = true })
		}, []FindingKind{ChangedText}, 1, 0},
		{"the text for people is changed", func(t *testing.T, _ string, path func(int) string) {
			file, _ := os.ReadFile(path(1))
			people, machine, err := document.Record.Parts(file)
			if err != nil {
				t.Fatal(err)
			}
			apptest.Write(t, path(1), document.Record.Write(strings.ReplaceAll(people, "efused", "eleased"), strings.TrimSuffix(machine, "\n")))
		}, []FindingKind{ChangedText}, 2, 0},
		{"a record is removed", func(_ *testing.T, _ string, path func(int) string) { _ = os.Remove(path(0)) }, []FindingKind{MissingRecord}, 1, 0},
		{"two records are swapped", func(t *testing.T, _ string, path func(int) string) {
			if err := errors.Join(os.Rename(path(0), path(0)+"~"), os.Rename(path(1), path(0)), os.Rename(path(0)+"~", path(1))); err != nil {
				t.Fatal(err)
			}
		}, []FindingKind{OtherRecord}, 1, 0},
		{"a record is damaged", func(t *testing.T, _ string, path func(int) string) { apptest.Write(t, path(0), "x") }, []FindingKind{Unreadable}, 1, 0},
		{"a record is damaged and listed", func(t *testing.T, folder string, path func(int) string) {
			apptest.Write(t, path(0), "x")
			in(folder).Records()
		}, []FindingKind{SetAside}, 1, 0},
		{"a line is changed", func(t *testing.T, folder string, _ func(int) string) {
			lines := chainOf(t, folder)
			lines[4] = strings.Replace(lines[4], "submitting", "released", 1)
			setChain(t, folder, lines...)
		}, []FindingKind{BrokenLine}, 0, 0},
		{"the first line is removed", func(t *testing.T, folder string, _ func(int) string) {
			setChain(t, folder, chainOf(t, folder)[1:]...)
		}, []FindingKind{BrokenLine, LateEvents}, 0, 0},
		{"a line in the middle is removed", func(t *testing.T, folder string, _ func(int) string) {
			setChain(t, folder, slices.Delete(chainOf(t, folder), 4, 5)...)
		}, []FindingKind{BrokenLine, LateEvents}, 0, 0},
		{"two lines are exchanged", func(t *testing.T, folder string, _ func(int) string) {
			lines := chainOf(t, folder)
			lines[3], lines[4] = lines[4], lines[3]
			setChain(t, folder, lines...)
		}, []FindingKind{BrokenLine, LateEvents}, 0, 0},
		{"the last line is changed", func(t *testing.T, folder string, _ func(int) string) {
			lines := chainOf(t, folder)
			lines[8] = strings.Replace(lines[8], "unknown", "refused", 1)
			setChain(t, folder, lines...)
		}, []FindingKind{ChangedLine}, 3, 0},
		{"the last two lines are cut off", func(t *testing.T, folder string, _ func(int) string) {
			setChain(t, folder, chainOf(t, folder)[:7]...)
		}, []FindingKind{LateEvents, ShortChain}, 3, 3},
		{"the chain is removed", func(t *testing.T, folder string, _ func(int) string) { _ = os.Remove(filepath.Join(folder, auditName)) },
			[]FindingKind{LateEvents, NoChain, ShortChain}, 0, 0},
		{"the chain is removed and made again", func(t *testing.T, folder string, _ func(int) string) {
			_ = os.Remove(filepath.Join(folder, auditName))
			note(t, in(folder), requestOf(t, "another"), what(request.Created)...)
		}, []FindingKind{OtherChain, ShortChain}, 0, 0},
		{"an event is removed before the next one", func(t *testing.T, folder string, path func(int) string) {
			edit(t, path(2), func(r *Record) { r.Events = r.Events[:3] })
			note(t, in(folder), requestOf(t, "workstation-2"), what(request.Exported)...)
		}, []FindingKind{ChangedEvent}, 3, 4},
		{"an event is changed before the next one", func(t *testing.T, folder string, path func(int) string) {
			edit(t, path(2), func(r *Record) { r.Events[3].What = request.Released })
			note(t, in(folder), requestOf(t, "workstation-2"), what(request.Exported)...)
		}, []FindingKind{ChangedEvent}, 3, 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			folder, names := journalOfThree(t)
			row.change(t, folder, func(i int) string { return filepath.Join(folder, names[i]+recordEnding) })
			v := verified(t, folder)
			slices.Sort(row.want)
			if got := kinds(v); !slices.Equal(got, row.want) {
				t.Fatalf("found %v, want %v\n%+v", got, row.want, v.Findings)
			}
			named := func(f Finding) bool {
				return f.Record == names[max(0, row.record-1)] && (row.event == 0 || f.Event == row.event)
			}
			if row.record > 0 && !slices.ContainsFunc(v.Findings, named) {
				t.Errorf("does not name the record and the event: %+v", v.Findings)
			}
			if v.Intact() != (len(row.want) == 0) {
				t.Errorf("intact: %v", v.Intact())
			}
		})
	}
}

// Who cuts off the end of the chain and puts back the records as they were needs a head from
// elsewhere to be found.
func TestAHeadThatWasWrittenDownElsewhereFindsAJournalThatWasPutBack(t *testing.T) {
	folder, names := journalOfThree(t)
	before, err := os.ReadFile(filepath.Join(folder, names[0]+recordEnding))
	if err != nil {
		t.Fatal(err)
	}
	old := verified(t, folder).Head
	note(t, in(folder), requestOf(t, "workstation-0"), what(request.Exported)...)
	head := verified(t, folder).Head
	for _, h := range []string{old, head, strings.ToUpper(head)} {
		if v, err := in(folder).Verify(h); err != nil || len(v.Findings) > 0 {
			t.Errorf("%s: %+v, %v", h, v, err)
		}
	}
	lines := chainOf(t, folder)
	setChain(t, folder, lines[:len(lines)-1]...)
	apptest.Write(t, filepath.Join(folder, names[0]+recordEnding), before)
	if v := verified(t, folder); !v.Intact() {
		t.Errorf("found without a head: %+v", v)
	}
	if v, err := in(folder).Verify(head); err != nil || !slices.Equal(kinds(v), []FindingKind{MissingHead}) {
		t.Errorf("%+v, %v", v, err)
	}
}

// A crash between a record and its line, at each place, is no change, and is mended by the
// record's next event.
func TestACrashBetweenARecordAndItsLineIsMendedByTheNextEvent(t *testing.T) {
	for _, fail := range []string{"append", "sync"} {
		for _, event := range []int{0, 1} {
			folder, r := t.TempDir(), requestOf(t, "workstation-7")
			note(t, in(folder), requestOf(t, "another"), what(request.Created)...)
			for i, state := range []request.State{request.Created, request.Submitting} {
				j, n := in(folder), 0
				restore := durable.Inject(func(name string) error {
					if n += map[bool]int{true: 1}[name == fail]; i == event && name == fail && (fail == "append" || n == 2) { // a record is synchronized before its line
						return errors.New("injected")
					}
					return nil
				})
				err := j.Note(r, false, what(state)...)
				restore()
				if i == event && !errors.Is(err, ErrUnaudited) || i != event && err != nil {
					t.Fatalf("%s, event %d: %v", fail, event, err)
				}
			}
			if v := verified(t, folder); !v.Intact() || fail == "append" && !slices.Equal(kinds(v), []FindingKind{LateEvents}) {
				t.Errorf("%s, event %d: %+v", fail, event, v)
			}
			note(t, in(folder), r, what(request.Released)...)
			v := verified(t, folder)
			if !v.Intact() {
				t.Errorf("%s, event %d: %+v", fail, event, v)
			}
			for _, f := range v.Findings { // the line says itself that an event was late
				if f.Kind != LateEvents || f.Line == 0 {
					t.Errorf("%s, event %d: %+v", fail, event, f)
				}
			}
			if all, errs := in(folder).Records(); len(all) != 2 || errs != nil {
				t.Errorf("%v, %v", all, errs)
			}
		}
	}
}

// A line of which only a part was written, as a power cut leaves it, is named and the chain
// goes on.
func TestAnIncompleteLineIsNoChange(t *testing.T) {
	for _, left := range []func(string) string{
		func(line string) string { return line[:len(line)/2] },
		func(line string) string { return line[:len(line)-1] },
		func(line string) string { return strings.Repeat("\x00", 200) },
		func(line string) string { return strings.Repeat("\x00", 100_000) },
	} {
		folder, _ := journalOfThree(t)
		lines := chainOf(t, folder)
		whole := strings.TrimSuffix(lines[8], "\n") + "\n"
		apptest.Write(t, filepath.Join(folder, auditName), strings.Join(lines[:8], "")+left(whole))
		if v := verified(t, folder); !v.Intact() || !slices.Contains(kinds(v), OpenLine) {
			t.Errorf("%+v", v)
		}
		note(t, in(folder), requestOf(t, "workstation-2"), what(request.Exported)...)
		note(t, in(folder), requestOf(t, "workstation-1"), what(request.Exported)...)
		if v := verified(t, folder); !v.Intact() || v.Lines != 11 {
			t.Errorf("afterwards %+v", v)
		}
	}
}

func TestRecordsOfEarlierVersionsAreTakenIntoTheChain(t *testing.T) {
	folder, names := journalOfThree(t)
	_ = os.Remove(filepath.Join(folder, auditName))
	for _, one := range names { // as an earlier version wrote them
		path := filepath.Join(folder, one+recordEnding)
		file, _ := os.ReadFile(path)
		_, machine, err := parts(file)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := machine.record()
		apptest.Write(t, path, r.write(words.English(), machine.Tool, 0))
	}
	if v := verified(t, folder); !v.Intact() || !slices.Equal(kinds(v), []FindingKind{NoChain}) {
		t.Errorf("%+v", v)
	}
	note(t, in(folder), requestOf(t, "workstation-1"), what(request.Exported)...)
	if v := verified(t, folder); len(v.Findings) > 0 || v.Lines != 4 {
		t.Errorf("%+v", v)
	}
	for i, line := range chainOf(t, folder) {
		if strings.Contains(line, takenIn) != (i < 3) {
			t.Error(line)
		}
	}
	edit(t, filepath.Join(folder, names[0]+recordEnding), func(r *Record) { r.Events[0].At = today.AddDate(-1, 0, 0) })
	if v := verified(t, folder); !slices.Equal(kinds(v), []FindingKind{ChangedEvent}) {
		t.Errorf("%+v", v)
	}
}

// Events that are dropped to keep a record short are not lost.
func TestARecordThatWasShortenedIsIntact(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	j := in(folder)
	for range 3 {
		for range 20 {
			note(t, j, r, what(slices.Repeat([]request.State{request.Submitting, request.Refused}, 10)...)...)
		}
		if v := verified(t, folder); len(v.Findings) > 0 {
			t.Fatalf("%+v", v)
		}
	}
	if len(j.Known(r).Events) > maxEvents {
		t.Error("it is not short")
	}
	edit(t, filepath.Join(folder, ID(r)+recordEnding), func(r *Record) { r.Events[7].Status = 200 })
	if v := verified(t, folder); !slices.Equal(kinds(v), []FindingKind{ChangedEvent}) {
		t.Errorf("%+v", v)
	}
}

// What a receipt says, and what a crash left open, are events like others.
func TestReceiptsAndInterruptedSubmissionsAreInTheChain(t *testing.T) {
	folder, r := t.TempDir(), requestOf(t, "workstation-7")
	note(t, in(folder), r, what(request.Created, request.Submitting)...)
	note(t, in(folder), r, what(request.Submitting, request.Refused)...) // the first has become unknown
	receipt, err := answeredBy("workstation-7", t, request.Submitting, request.Released).MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in(folder).ApplyReceipt(receipt); err != nil {
		t.Fatal(err)
	}
	lines := strings.Join(chainOf(t, folder), "")
	if v := verified(t, folder); len(v.Findings) > 0 || !strings.Contains(lines, " unknown,submitting,refused ") || !strings.Contains(lines, "receipt:released") {
		t.Errorf("%+v\n%s", v, lines)
	}
}

func TestAJournalInMemoryHasNoChain(t *testing.T) {
	j := in("")
	note(t, j, requestOf(t, "workstation-7"), what(request.Created)...)
	if v, err := j.Verify(""); err != nil || len(v.Findings) > 0 || v.Lines != 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestALinkInThePlaceOfTheChainIsNotFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a link takes a right of its own there, and Wine's are none")
	}
	for _, place := range []string{auditName, filepath.Join(locksName, auditLock)} {
		folder, trap := t.TempDir(), filepath.Join(t.TempDir(), "trap")
		link := filepath.Join(folder, place)
		if err := errors.Join(os.MkdirAll(filepath.Dir(link), 0o700), os.Symlink(trap, link)); err != nil {
			t.Fatal(err)
		}
		j := in(folder)
		if err := j.Note(requestOf(t, "workstation-7"), false, what(request.Created)...); !errors.Is(err, ErrUnaudited) {
			t.Errorf("got %v", err)
		}
		if _, err := os.Lstat(trap); err == nil {
			t.Error("it was followed")
		}
		if all, errs := in(folder).Records(); len(all) != 1 || errs != nil {
			t.Errorf("%v, %v", all, errs)
		}
	}
}

const chainFolder = "HANDBACK_TEST_CHAIN"

// appendEvents is what each program of the test below does.
func appendEvents(t *testing.T, folder, program string) {
	j := in(folder)
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			for _, state := range []request.State{request.Created, request.Submitting, request.Released} {
				if err := j.Note(requestOf(t, fmt.Sprint(program, n)), false, what(state)...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

func TestManyGoroutinesOfManyProgramsAppendToOneChain(t *testing.T) {
	if folder := os.Getenv(chainFolder); folder != "" {
		appendEvents(t, folder, fmt.Sprint(os.Getpid(), "-"))
		return
	}
	folder := t.TempDir()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			program := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
			program.Env = append(os.Environ(), chainFolder+"="+folder)
			if out, err := program.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Go(func() { appendEvents(t, folder, "here-") })
	for range 5 {
		if v := verified(t, folder); !v.Intact() {
			t.Errorf("while they write: %+v", v)
		}
	}
	all.Wait()
	if v := verified(t, folder); len(v.Findings) > 0 || v.Records != 20 || v.Events != 80 {
		t.Errorf("%+v", v)
	}
}

func FuzzChain(f *testing.F) {
	folder, _ := journalOfThree(f)
	for _, line := range chainOf(f, folder) {
		f.Add([]byte(line))
	}
	text, _ := os.ReadFile(filepath.Join(folder, auditName))
	f.Add(text)
	f.Add([]byte("1 2026-11-20T09:30:00Z x 1  " + strings.Repeat(first+" ", 2) + first))
	f.Fuzz(func(t *testing.T, text []byte) {
		var rebuilt bytes.Buffer
		var number int64
		var last textLine
		for line, err := range auditLines(bytes.NewReader(text)) {
			if err != nil {
				t.Fatal(err)
			}
			number++
			last = line
			rebuilt.WriteString(line.text + "\n")
			if l, ok := parseAuditLine(line.text); ok && l.String() != line.text+"\n" {
				t.Errorf("%q is read as %q", line.text, l)
			}
		}
		if len(text) < 60_000 && rebuilt.String() != string(text) && rebuilt.String() != string(text)+"\n" {
			t.Errorf("%q is read as %q", text, rebuilt.String())
		}
		n, sum, open, err := lastAuditLine(bytes.NewReader(text), int64(len(text)))
		if err != nil || len(text) > 0 && (sum != last.sum || open != last.open) {
			t.Errorf("the last line of %q is %d %s %v, %v", text, n, sum, open, err)
		}
	})
}

// A digest in capitals is not what was written, although it is the same number.
func TestADigestInCapitalsIsFoundInTheLastLineToo(t *testing.T) {
	folder, _ := journalOfThree(t)
	lines := chainOf(t, folder)
	fields := strings.Split(lines[len(lines)-1], " ")
	fields[5] = strings.ToUpper(fields[5])
	lines[len(lines)-1] = strings.Join(fields, " ")
	setChain(t, folder, lines...)
	if got := kinds(verified(t, folder)); !slices.Contains(got, ChangedText) {
		t.Errorf("found %v", got)
	}
}

// A desk that verifies hundreds of thousands of lines holds few bytes of each.
func TestALineOfTheChainTakesLittleMemoryWhileItIsVerified(t *testing.T) {
	const records, each = 20_000, 4
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := held()
	c := newChainedLines(0)
	for n := range records * each {
		name := hash(fmt.Sprint(n % records))[:32]
		line := auditLine{number: int64(n + 1), record: name, count: n/records + 1, what: []string{string(request.Exported)}, file: hash("file" + name), events: hash("events" + name), before: first}
		parsed, ok := parseAuditLine(strings.TrimSuffix(line.String(), "\n"))
		if !ok {
			t.Fatal(line)
		}
		c.add(parsed)
	}
	if took := (held() - before) / (records * each); took > 200 {
		t.Errorf("%d bytes a line", took)
	}
	lines := c.of(hash("7")[:32])
	if len(lines) != each || lines[each-1].count != each || lines[0].file != hash("file"+hash("7")[:32]) || lines[0].what[0] != string(request.Exported) {
		t.Errorf("%v", lines)
	}
	c.see(hash("7")[:32])
	unseen := 0
	for range c.unseen() {
		unseen++
	}
	if unseen != records-1 || len(c.of(hash("7")[:32])) != each {
		t.Errorf("%d are not there", unseen)
	}
}
