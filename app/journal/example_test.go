package journal_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"handback/app/journal"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

// exampleJournal returns a journal in a new folder.
func exampleJournal() (j *journal.Journal, remove func()) {
	folder, err := os.MkdirTemp("", "journal")
	if err != nil {
		panic(err)
	}
	return &journal.Journal{Folder: folder, Words: words.English(), Tool: "example", Now: noon}, func() { _ = os.RemoveAll(folder) }
}

func exampleRequest() *request.Request {
	r, err := request.Make(request.Draft{
		Schema:     request.Schema1,
		RequestID:  "1f2e3d4c-0000-4000-8000-000000000000",
		LicenseKey: "AAAA-BBBB-CCCC-DDDD",
		HardwareID: "example-hardware-id",
		Product:    "acmecad",
		APIKey:     "example-api-key",
	}, noon, secret.New([]byte("example-shared-key")))
	if err != nil {
		panic(err)
	}
	return r
}

// What submits a request locks its record and says so in it before the request leaves.
func Example() {
	j, remove := exampleJournal()
	defer remove()
	r := exampleRequest()
	if err := j.Note(r, false, journal.Event{What: request.Created}); err != nil {
		fmt.Println(err)
		return
	}

	locked, err := j.Lock(context.Background(), r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer locked.Unlock()
	if err := locked.Add(false, journal.Event{What: request.Submitting}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(j.Known(r).State())
	// Here the request leaves, and is answered.
	if err := locked.Add(false, journal.Event{What: request.Released, Status: 200}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(j.Known(r).State())
	// Output:
	// submitting
	// released
}

// A receipt goes back to the computer on which the request was made.
func ExampleJournal_ApplyReceipt() {
	r := exampleRequest()
	submitted := journal.Record{Request: r, Events: []journal.Event{
		{At: noon(), What: request.Submitting},
		{At: noon(), What: request.Released, Status: 200},
	}}
	file := submitted.Text(words.English(), "example")

	offline, remove := exampleJournal()
	defer remove()
	if err := offline.Note(r, false, journal.Event{What: request.Created}); err != nil {
		fmt.Println(err)
		return
	}
	receipt, err := journal.ParseReceipt(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err := offline.ApplyReceipt(receipt)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(record.State(), record.ByReceipt())
	fmt.Println(record.LocalState(), record.Answered())
	fmt.Println("typed receipt:", len(receipt.Brief()), "bytes")
	// Output:
	// released true
	// created false
	// typed receipt: 17 bytes
}
