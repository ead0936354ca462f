package journal

import (
	"fmt"
	"sync/atomic"
	"testing"

	"handback/app/request"
)

// BenchmarkNoteEventsOfDifferentRecords notes an event in one record after another, from
// eight goroutines.
func BenchmarkNoteEventsOfDifferentRecords(b *testing.B) {
	const at = 8
	j := in(b.TempDir())
	requests := make([]*request.Request, 2000)
	for i := range requests {
		requests[i] = requestOf(b, fmt.Sprint("workstation-", i))
	}
	var next atomic.Int64
	b.SetParallelism(at / 2) // of GOMAXPROCS, two
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := j.Note(requests[int(next.Add(1))%len(requests)], false, Event{What: request.Submitting}); err != nil {
				b.Error(err)
			}
		}
	})
}
