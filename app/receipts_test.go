package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// answered returns the record of a request that was released and has no ID, as those that
// SDKs write.
func answered(t *testing.T, hardwareID string) journal.Record {
	t.Helper()
	r, err := request.Make(request.Draft{Schema: request.Schema1, LicenseKey: licenseKey, HardwareID: hardwareID, Product: "acmecad", APIKey: apiKey},
		func() time.Time { return today }, secret.New([]byte(sharedKey)))
	if err != nil {
		t.Fatal(err)
	}
	return journal.Record{Request: r, Events: []journal.Event{{At: today, What: request.Released}}}
}

// F71: the hundredth request had no receipt.
func TestThousandsOfRequestsWithoutAnIDHaveTheirReceiptsInOneFolder(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	const many = 150
	began := time.Now()
	for range 2 { // the second time each replaces its own
		for i := range many {
			record := answered(t, fmt.Sprintf("workstation-%d", i))
			path, err := b.SaveReceipt(record, folder)
			if err != nil {
				t.Fatalf("the %dth: %v", i, err)
			}
			if !journal.IsOf(path, record.Request) {
				t.Fatalf("%s is another one's", path)
			}
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != many {
		t.Errorf("%d files, %v", len(entries), err)
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}

// F71: what has the receipt's name already stays, and the receipt gets another name.
func TestAReceiptFindsANameBesideWhatLiesThere(t *testing.T) {
	b, folder, record := newBench(t, acme()), t.TempDir(), answered(t, "workstation-7")
	for _, name := range receiptNames(record)[:2] {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	path, err := b.SaveReceipt(record, folder)
	if err != nil || !strings.HasSuffix(path, ".receipt.txt") || !journal.IsOf(path, record.Request) {
		t.Errorf("%s, %v", path, err)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 3 {
		t.Errorf("it holds %v", entries)
	}
}

// F40: a submission that was not sent writes no receipt, whatever the record says.
func TestWhatWasNotSentHasNoReceipt(t *testing.T) {
	b, folder := newBench(t, acme()), t.TempDir()
	for outcome, want := range map[request.State]int{request.NotSent: 0, request.Released: 1} {
		s := &Submission{Inspection: Inspection{Folder: folder}, Answer: licensespring.Answer{Outcome: outcome}}
		b.addReceipt(s, Submit{}, answered(t, "workstation-7"))
		if entries, _ := os.ReadDir(folder); (s.ReceiptPath != "") != (want == 1) || want == 1 && len(entries) != 1 {
			t.Errorf("%s: %q, %v", outcome, s.ReceiptPath, entries)
		}
	}
}

// An air gap that only paper gets through: two lines, typed or as a code, close the record.
func TestAReceiptComesBackFromItsFileItsCodeAndItsTypedLines(t *testing.T) {
	there, folder := newBench(t, acme()), t.TempDir()
	made := newBench(t, acme()).create(t, Create{})
	record := there.submit(t, made.Encode(), Submit{}).Record
	receipt, err := record.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	file, picture := filepath.Join(folder, "a.receipt.txt"), filepath.Join(folder, "a.png")
	written, err := WriteReceipt(record, there.Words, "Handback test", file, picture)
	if err != nil || len(written) != 2 || written[0].Kind != ReceiptFile || written[0].Path != file || written[1].Kind != QRFile {
		t.Fatalf("%+v, %v", written, err)
	}
	for name, input := range map[string]Input{
		"file": {Name: file}, "code": {Name: picture}, "lines": {Name: "typed", Data: []byte(strings.Join(ReceiptLines(receipt), "\n"))},
	} {
		here, _ := withJournal(t)
		if err := here.Journal.Note(made.Request, false, journal.Event{What: request.Created}); err != nil {
			t.Fatal(err)
		}
		closed, err := here.ApplyReceipt(here.Inspect(t.Context(), []Input{input})[0])
		if err != nil || closed.State() != request.Released || !closed.ByReceipt() || closed.Request.Encode() != made.Encode() {
			t.Errorf("%s: %s, %v", name, closed.State(), err)
		}
	}
}

func TestOfAReceiptsTwoFilesBothAreWrittenOrNeither(t *testing.T) {
	record := answered(t, "workstation-7")
	for _, row := range []struct {
		name, file, picture string
		record              journal.Record
		want                string
	}{
		{"no answer", "a.txt", "a.png", journal.Record{Request: record.Request, Events: []journal.Event{{What: request.Created}}}, journal.ErrNoAnswer.Key},
		{"a picture in no form", "a.txt", "a.gif", record, "app.code_form"},
		{"the picture exists", "a.txt", "there.png", record, durable.ErrExists.Key},
		{"the file exists", "there.png", "a.png", record, durable.ErrExists.Key},
	} {
		folder := t.TempDir()
		apptest.Write(t, filepath.Join(folder, "there.png"), "mine")
		written, err := WriteReceipt(row.record, words.English(), "Handback test", filepath.Join(folder, row.file), filepath.Join(folder, row.picture))
		if written != nil || apptest.Key(err) != row.want {
			t.Errorf("%s: %v, %v", row.name, written, err)
		}
		if names := apptest.Names(t, folder); len(names) != 1 {
			t.Errorf("%s: the folder holds %v", row.name, names)
		}
	}
	b, folder := newBench(t, acme()), t.TempDir()
	unanswered := journal.Record{Request: record.Request}
	if path, err := b.SaveReceipt(unanswered, folder); path != "" || !errors.Is(err, journal.ErrNoAnswer) || len(apptest.Names(t, folder)) != 0 {
		t.Errorf("saved without an answer: %s, %v", path, err)
	}
}

func TestWhatIsNoReceiptClosesNoRecord(t *testing.T) {
	b, _ := withJournal(t)
	made := b.create(t, Create{})
	unreadable := b.Inspect(t.Context(), []Input{{Name: "page", Data: []byte("<html>")}})[0]
	for want, one := range map[string]Inspection{"carry.html": unreadable, "app.no_receipt": b.inspect(t, made.Encode())} {
		if record, err := b.ApplyReceipt(one); apptest.Key(err) != want || record.Request != nil {
			t.Errorf("%s: %v", want, err)
		}
	}
	if state := b.state(t, made); state != request.Created {
		t.Errorf("it is %s", state)
	}
	receipt, err := answered(t, "workstation-7").MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	if s := b.Submit(t.Context(), Inspection{Receipt: &receipt}, Submit{}); !errors.Is(s.Err, errIsReceipt) || len(b.wire.Sent()) != 0 {
		t.Errorf("a receipt was submitted: %+v", s)
	}
}

// F80
func TestAReceiptThatWasChangedIsRefused(t *testing.T) {
	b := newBench(t, acme())
	record := answered(t, "workstation-7")
	receipt, err := record.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	text := string(record.Text(b.Words, "Handback test"))
	brief := receipt.Brief()
	brief[len(brief)-7] = 99 // the number of an outcome that does not exist
	for name, data := range map[string]string{
		"its words":  strings.Replace(text, "workstation-7", "workstation-8", 1),
		"its number": strings.Join(carry.BriefLines(brief), "\n"),
	} {
		if one := b.Inspect(t.Context(), []Input{{Name: name, Data: []byte(data)}})[0]; fault.KindOf(one.Err) != fault.Input || one.Receipt != nil {
			t.Errorf("%s: %v", name, one.Err)
		}
	}
}

// The outcome counts, not whether a receipt of it can be written.
func TestAReceiptThatCannotBeWrittenIsAWarning(t *testing.T) {
	b := newBench(t, acme())
	made := b.create(t, Create{})
	one := b.inspect(t, made.Encode())
	one.Folder = filepath.Join(t.TempDir(), "gone")
	s := b.Submit(t.Context(), one, Submit{})
	if s.Outcome != request.Released || s.Err != nil || s.ReceiptPath != "" {
		t.Errorf("%s, %v, %q", s.Outcome, s.Err, s.ReceiptPath)
	}
	if keys := warnings(s.Inspection); !slices.Equal(keys, []string{"app.warn.no_receipt", "durable.folder"}) {
		t.Errorf("warned of %v", keys)
	}
	if err := checkSubmit(Submit{Receipts: one.Folder}); apptest.Key(err) != "durable.folder" {
		t.Errorf("a folder for receipts that is not there: %v", err)
	}
}
