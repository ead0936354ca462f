// Package journaltest makes journals of many records, for tests and benchmarks.
package journaltest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"handback/app/document"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// Begin is when the first request of a journal was made. Each was made a minute after the
// one before.
var Begin = time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)

// Outcomes are what became of the requests, one after another; request.Exported is no
// answer.
var Outcomes = []request.State{request.Released, request.Released, request.Exported, request.Refused, request.Released, request.Unknown}

// LicenseKey returns the license key of request n.
func LicenseKey(n int) string { return fmt.Sprintf("TEST-%04d-%04d-KEYS", n/10000, n%10000) }

// Fill makes a journal of count records in a folder, with its audit chain, and without
// waiting for the disk. Request n has the hardware ID "workstation-N".
func Fill(t testing.TB, folder string, count int) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for first := range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for n := first; n < count; n += runtime.GOMAXPROCS(0) {
				if err := write(folder, n); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	now := Begin.Add(time.Duration(count) * time.Minute)
	j := &journal.Journal{Folder: folder, Words: words.English(), Tool: "Handback test", Now: func() time.Time { return now }}
	last, err := newRequest(count - 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Note(last, false, journal.Event{What: request.Exported}); err != nil { // begins the chain
		t.Fatal(err)
	}
}

func newRequest(n int) (*request.Request, error) {
	at := Begin.Add(time.Duration(n) * time.Minute)
	return request.Make(request.Draft{Schema: request.Schema1, RequestID: fmt.Sprintf("3f2504e0-4f89-41d3-9a0c-%012d", n), LicenseKey: LicenseKey(n),
		HardwareID: fmt.Sprint("workstation-", n), Product: []string{"acmecad", "acmepro"}[n%2], APIKey: "00000000-1111-2222-3333-444444444444"},
		func() time.Time { return at }, secret.New([]byte("a shared key")))
}

func write(folder string, n int) error {
	r, err := newRequest(n)
	if err != nil {
		return err
	}
	at := Begin.Add(time.Duration(n) * time.Minute)
	events := []journal.Event{{At: at, What: request.Created},
		{At: at, What: request.Exported, Kind: "request", Path: fmt.Sprint("/home/anna/requests/", r.CheckCode(), ".req"), Bytes: 464, SHA256: fmt.Sprintf("%064x", n)}}
	if outcome := Outcomes[n%len(Outcomes)]; outcome.IsAnswer() {
		events = append(events, journal.Event{At: at.Add(time.Second), What: request.Submitting, Endpoint: "https://api.licensespring.com"},
			journal.Event{At: at.Add(2 * time.Second), What: outcome, Status: 200, ServerDate: at, Issuer: "CA"})
	}
	machine, err := json.Marshal(map[string]any{"tool": "Handback test", "request": r.Encode(), "practice": false, "events": events})
	if err != nil {
		return err
	}
	path := filepath.Join(folder, journal.ID(r)+".txt")
	return os.WriteFile(path, document.Record.Write("for people\n", string(machine)), 0o600)
}
