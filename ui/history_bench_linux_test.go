package ui

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"handback/app/journal/journaltest"
)

// threadTime returns the processor time of the goroutine's thread, to which it is locked.
func threadTime() time.Duration {
	runtime.LockOSThread()
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now)
	return time.Duration(now.Nano())
}

// BenchmarkHistoryOfMany reads and searches a journal of 100,000 records, in the folder
// that HANDBACK_TEST_LARGE names or in a temporary one, and tells how long the UI thread
// was held at most, in its own processor time: what else runs on the machine does not count.
func BenchmarkHistoryOfMany(b *testing.B) {
	const count = 100_000
	folder := filepath.Join(os.Getenv("HANDBACK_TEST_LARGE"), "journal")
	if os.Getenv("HANDBACK_TEST_LARGE") == "" {
		folder = filepath.Join(b.TempDir(), "journal")
		journaltest.Fill(b, folder, count)
	}
	ms := func(name string, d time.Duration) { b.ReportMetric(float64(d.Microseconds())/1000, name+"-ms") }
	for b.Loop() {
		l := sitLive(b, folder)
		l.time = threadTime
		l.call(func() { l.tabs.SelectIndex(historyTab) })
		ms("page", l.longest)
		l.longest = 0
		ms("first", l.until("the first rows", func() bool { return len(l.history.entries) > 0 }))
		ms("all", l.until("all rows", func() bool { return !l.history.reading }))
		l.rest()
		ms("held-reading", l.longest)
		l.longest = 0
		for _, text := range []string{"t", "te", "test", journaltest.LicenseKey(7), "nowhere", "nowhere else"} {
			l.call(func() { l.history.search.SetText(text) })
			ms("search", l.until("the search", func() bool { return !l.history.looking }))
		}
		l.rest()
		ms("held-searching", l.longest)
	}
}
