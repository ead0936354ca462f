package ui

import (
	"path/filepath"
	"testing"
	"time"

	"handback/app"
	"handback/app/journal/journaltest"
)

// live is a window whose jobs run in goroutines of their own, with a journal of many
// records. Its UI thread is the test's goroutine.
type live struct {
	*desk
	calls   chan func()
	time    func() time.Duration // by which calls are measured; nil: not at all
	longest time.Duration        // that a call held the UI thread
}

func sitLive(t testing.TB, folder string) *live {
	t.Helper()
	l := &live{desk: sitWithKey(t, acme), calls: make(chan func())}
	l.app.Journal.Folder = folder
	l.UI.Start = func(job func()) { go job() }
	l.UI.Do = func(f func()) {
		done := make(chan struct{})
		l.calls <- func() { f(); close(done) }
		<-done
	}
	return l
}

// call calls f on the UI thread.
func (l *live) call(f func()) {
	if l.time == nil {
		f()
		return
	}
	began := l.time()
	f()
	l.longest = max(l.longest, l.time()-began)
}

// until does what the UI thread does until a condition holds, and returns how long that
// took.
func (l *live) until(what string, holds func() bool) time.Duration {
	l.t.Helper()
	began := time.Now()
	for timeout := time.After(2 * time.Minute); !holds(); {
		select {
		case f := <-l.calls:
			l.call(f)
		case <-timeout:
			l.t.Fatalf("waited for %s", what)
		}
	}
	return time.Since(began)
}

func (l *live) rest() {
	l.until("rest", func() bool { return !l.history.reading && !l.history.looking })
	for {
		select {
		case f := <-l.calls:
			l.call(f)
		case <-time.After(200 * time.Millisecond):
			return
		}
	}
}

func TestAHistoryOfThousandsShowsItsFirstRowsAndIsSearchedWhileItIsRead(t *testing.T) {
	const count = 2000
	folder := filepath.Join(t.TempDir(), "journal")
	journaltest.Fill(t, folder, count)
	l := sitLive(t, folder)
	l.call(func() { l.tabs.SelectIndex(historyTab) })
	l.until("the first rows", func() bool { return len(l.history.entries) > 0 })
	if n := len(l.history.entries); n > count/2 || !l.history.reading {
		t.Errorf("%d rows are read before the first is shown", n)
	}
	if first := l.history.entries[0]; first.Owner != journaltest.LicenseKey(count-1) {
		t.Errorf("the first is %s", first.Owner)
	}
	// The person looks for the oldest while the journal is being read.
	l.call(func() { l.history.search.SetText(journaltest.LicenseKey(7)) })
	l.rest()
	if len(l.history.all) != count || len(l.history.entries) != 1 || l.history.entries[0].Owner != journaltest.LicenseKey(7) {
		t.Fatalf("%d read, found %+v", len(l.history.all), l.history.entries)
	}
	l.expect("workstation-7")
	wanted := l.history.wanted
	// What was selected is selected again, however late it is read.
	l.call(func() { l.history.search.SetText("") })
	l.rest()
	if len(l.history.entries) != count || l.history.wanted != wanted || l.history.shown != wanted {
		t.Errorf("%d rows, wanted %s, shown %s", len(l.history.entries), l.history.wanted, l.history.shown)
	}
	l.call(func() { l.history.load(nil) })
	l.rest()
	if len(l.history.entries) != count || l.history.wanted != wanted || l.history.shown != wanted {
		t.Errorf("read again: %d rows, wanted %s, shown %s", len(l.history.entries), l.history.wanted, l.history.shown)
	}
	// A search that another one follows is given up.
	l.call(func() {
		l.history.search.SetText("nowhere")
		l.history.search.SetText("acmepro")
	})
	l.rest()
	if len(l.history.entries) != count/2 {
		t.Errorf("found %d", len(l.history.entries))
	}
}

// A search that has found nothing says so only when all was read.
func TestASearchOfWhatIsStillBeingReadSaysSo(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	d.lookBack()
	page := d.history
	page.reading = true
	page.search.SetText("nowhere")
	d.expect("The history is still being read; requests so far: 1")
	page.reading = false
	page.add(nil, false)
	d.expect("No request matches")
}

// What is read while a search is running is searched too, once.
func TestWhatIsReadDuringASearchIsSearchedToo(t *testing.T) {
	d := sitWithKey(t, acme)
	d.carryIt()
	d.lookBack()
	page := d.history
	before := page.all
	d.slow = true
	page.filter()
	page.add([]*app.HistoryEntry{{ID: "read meanwhile", Owner: "x"}}, false)
	if len(page.entries) != len(before) {
		t.Errorf("%d rows while it searches", len(page.entries))
	}
	d.doWork()
	if len(page.entries) != len(before)+1 {
		t.Errorf("%d rows of %d", len(page.entries), len(page.all))
	}
}
