package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handback/app/journal"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/secret"
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
