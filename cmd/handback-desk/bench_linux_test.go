package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"handback/app/postgres/postgrestest"
	"handback/app/request"
)

// perSecond is the pace at which answers are timed, in requests.
const perSecond = 200

// One instance takes signed requests over HTTP and submits each: it is durable in PostgreSQL
// before it is sent and before its outcome is told. Instance, database, License API and
// visitors share the machine.
func BenchmarkSubmissionsOverHTTP(b *testing.B) {
	api := httptest.NewServer(emulated(b))
	defer api.Close()
	instances := begin(b, 1, postgrestest.Start(b, "fsync=on").Database(b), api.URL)
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	made := 0
	requests := func(count int) (all []string) {
		for range count {
			made++
			r, err := numbered(made)
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, r.Encode())
		}
		return all
	}
	submit := func(carried string) {
		if outcome, err := bring(client, instances, 0, carried); err != nil || outcome != request.Released {
			b.Errorf("%s: %v", outcome, err)
		}
	}
	b.Run("at once", func(b *testing.B) {
		next := make(chan string)
		var visitors sync.WaitGroup
		all := requests(b.N)
		b.ResetTimer()
		for range 32 {
			visitors.Go(func() {
				for carried := range next {
					submit(carried)
				}
			})
		}
		for _, carried := range all {
			next <- carried
		}
		close(next)
		visitors.Wait()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
	})
	b.Run("200 a second", func(b *testing.B) {
		took := make([]time.Duration, b.N)
		var visitors sync.WaitGroup
		all := requests(b.N)
		b.ResetTimer()
		begun := time.Now()
		for n, carried := range all {
			due := begun.Add(time.Duration(n) * time.Second / perSecond)
			time.Sleep(time.Until(due))
			visitors.Go(func() {
				submit(carried)
				took[n] = time.Since(due)
			})
		}
		visitors.Wait()
		slices.Sort(took)
		b.ReportMetric(float64(took[b.N/2].Milliseconds()), "ms-median")
		b.ReportMetric(float64(took[b.N*99/100].Milliseconds()), "ms-p99")
	})
}
