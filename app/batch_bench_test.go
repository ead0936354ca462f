package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"handback/app/durable"
	"handback/app/request"
	"handback/app/sandbox"
	"handback/app/secret"
)

// requestFiles writes signed requests of different devices into a folder.
func requestFiles(b *testing.B, count int) (folder string) {
	b.Helper()
	folder = b.TempDir()
	for n := range count {
		d := request.Draft{Schema: 1, Product: "acmecad", APIKey: apiKey, LicenseKey: fmt.Sprintf("GPYC-%04d-%04d-C3LK", n/10_000, n%10_000), HardwareID: fmt.Sprintf("%064x", n)}
		d.RequestID = d.NewID()
		r, err := request.Make(d, time.Now, secret.New([]byte(sharedKey)))
		inner := filepath.Join(folder, fmt.Sprintf("%03d", n/1000))
		if err = errors.Join(err, os.MkdirAll(inner, 0o700)); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(inner, fmt.Sprint(n, ".req")), []byte(r.Encode()), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return folder
}

func BenchmarkInspectingManyFiles(b *testing.B) {
	const count = 20_000
	folder := requestFiles(b, count)
	one := newBench(b, acme())
	one.Now = time.Now
	for b.Loop() {
		n := 0
		err := one.knowing(acme()).Run(b.Context(), Run{Inputs: slices.Values([]Input{{Name: folder}}), Done: func(r Row) {
			if r.Verdict == request.Valid {
				n++
			}
		}})
		if err != nil || n != count {
			b.Fatalf("%d, %v", n, err)
		}
	}
	b.ReportMetric(float64(b.N)*count/b.Elapsed().Seconds(), "requests/s")
}

// The License API answers at once, and each step is on the disk before the next.
func BenchmarkSubmittingMany(b *testing.B) {
	const count = 1000
	folder := requestFiles(b, count)
	for b.Loop() {
		one := newBench(b, acme())
		one.Now = time.Now
		box, err := sandbox.New(sandbox.Options{Product: "acmecad", APIKey: apiKey, Secret: secret.New([]byte(sharedKey)), Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		one.Transport = box.Transport()
		one.Journal.Folder = filepath.Join(b.TempDir(), "journal")
		receipts := b.TempDir()
		batch := one.Batch(Options{Only: true, Submit: Submit{Receipts: receipts}})
		n := 0
		if err := batch.Run(b.Context(), Run{Inputs: slices.Values([]Input{{Name: folder}}), Send: true, Done: func(r Row) {
			if r.Result().Outcome == request.Released {
				n++
			}
		}}); err != nil || n != count {
			b.Fatalf("%d, %v", n, err)
		}
		durable.Sweep(receipts)
	}
	b.ReportMetric(float64(b.N)*count/b.Elapsed().Seconds(), "requests/s")
}
