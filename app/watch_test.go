package app

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/request"
)

// watching starts to watch a folder, and returns a function that waits for the next
// requests to be told, and one that ends the watch.
func (b *bench) watching(t *testing.T, folder string) (next func(count int) []Watched, end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	told, ended := make(chan Watched, 100), make(chan error, 1)
	go func() {
		ended <- b.knowing(acme()).watch(ctx, folder, pace{20 * time.Millisecond, 60 * time.Millisecond, 300 * time.Millisecond}, func(w Watched) { told <- w })
	}()
	end = func() {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	return func(count int) (all []Watched) {
		t.Helper()
		for range count {
			select {
			case w := <-told:
				all = append(all, w)
			case <-time.After(20 * time.Second):
				t.Fatalf("nothing was told after %+v", all)
			}
		}
		return all
	}, end
}

func TestAWatchedFolderIsSortedByWhatBecameOfItsFiles(t *testing.T) {
	b, _ := withJournal(t)
	folder := t.TempDir()
	good := b.create(t, Create{HardwareID: "good"}).Encode()
	unsigned := string(b.File(b.create(t, Create{Unsigned: true, HardwareID: "unsigned"})))
	apptest.Write(t, filepath.Join(folder, "good.req"), good)
	next, end := b.watching(t, folder)
	defer end()
	if got := next(1)[0]; got.To != DoneFile || got.Result().Outcome != request.Released {
		t.Errorf("%+v", got)
	}
	apptest.Write(t, filepath.Join(folder, "asks.handback"), unsigned)
	apptest.Write(t, filepath.Join(folder, "page.html"), "<html>")
	apptest.Write(t, filepath.Join(folder, "late.req.part"), good)
	apptest.Write(t, filepath.Join(folder, ".hidden"), good)
	apptest.Write(t, filepath.Join(folder, "good.req"), good) // of the same name, and released before
	to := map[string]Sorted{}
	for _, w := range next(3) {
		to[filepath.Base(w.Sources[0])] = w.To
	}
	if to["asks.handback"] != AsksFile || to["page.html"] != FailedFile || to["good.req"] != DoneFile {
		t.Errorf("%v", to)
	}
	end2 := time.Now().Add(10 * time.Second)
	for len(apptest.Names(t, folder)) > 5 && time.Now().Before(end2) { // the folders and what is not complete
		time.Sleep(5 * time.Millisecond)
	}
	if names := apptest.Names(t, folder); !slices.Equal(names, []string{".hidden", "asks", "done", "failed", "late.req.part"}) {
		t.Errorf("%v", names)
	}
	done := apptest.Names(t, filepath.Join(folder, "done"))
	for _, name := range []string{"good.req", "good.req.txt", "good-2.req", "good-2.req.txt"} {
		if !slices.Contains(done, name) {
			t.Errorf("done has no %s: %v", name, done)
		}
	}
	if !slices.ContainsFunc(done, func(name string) bool { return strings.HasSuffix(name, string(carry.ReceiptEnding)) }) {
		t.Errorf("done has no receipt: %v", done)
	}
	if text, _ := os.ReadFile(filepath.Join(folder, "failed", "page.html.txt")); !strings.Contains(string(text), "web page") {
		t.Errorf("%s", text)
	}
	if n := len(b.wire.Sent()); n != 1 {
		t.Errorf("%d were sent", n)
	}
}

// What cannot be sent stays and is tried again; parts wait for the others; a program that
// takes up where one was killed sends nothing twice.
func TestAWatchedFileWaitsUntilItCanBeSent(t *testing.T) {
	b, restart := withJournal(t)
	folder := t.TempDir()
	long := b.create(t, Create{HardwareID: strings.Repeat("Workstation ", 60) + "1"})
	codes, err := long.Codes(carry.Drawing{Density: carry.LowDensity})
	if err != nil || len(codes) != 2 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	var down, lose atomic.Bool
	inner := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		if down.Load() {
			return nil, syscall.ECONNREFUSED
		}
		answer, err := inner.RoundTrip(r)
		if lose.Load() {
			return nil, io.ErrUnexpectedEOF
		}
		return answer, err
	})
	apptest.Write(t, filepath.Join(folder, "1.txt"), codes[0].Text)
	next, end := b.watching(t, folder)
	if got := next(1)[0]; got.To != WaitingFile || !IsThere(filepath.Join(folder, "1.txt")) {
		t.Errorf("%+v", got)
	}
	down.Store(true)
	apptest.Write(t, filepath.Join(folder, "2.txt"), codes[1].Text)
	for _, w := range next(2) {
		if w.To != WaitingFile {
			t.Errorf("%+v", w)
		}
	}
	end()
	down.Store(false)
	again := restart()
	next, end = again.watching(t, folder)
	defer end()
	for _, w := range next(2) {
		if w.To != DoneFile {
			t.Errorf("%+v", w)
		}
	}
	lost := b.create(t, Create{HardwareID: "lost"}).Encode()
	lose.Store(true)
	apptest.Write(t, filepath.Join(folder, "lost.req"), lost)
	if got := next(1)[0]; got.To != AsksFile {
		t.Errorf("%+v", got)
	}
	sent := len(again.wire.Sent())
	apptest.Write(t, filepath.Join(folder, "lost again.req"), lost)
	if got := next(1)[0]; got.To != AsksFile || len(again.wire.Sent()) != sent {
		t.Errorf("it was sent %d times more: %+v", len(again.wire.Sent())-sent, got)
	}
}

// A file that was not read before the end of the watch is nowhere but in its place.
func TestAWatchThatIsStoppedLeavesWhatItHasNotRead(t *testing.T) {
	b, _ := withJournal(t)
	folder := t.TempDir()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, name := range []string{"1.req", "2.req"} {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(b.create(t, Create{HardwareID: name}).Encode()))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	apptest.Write(t, filepath.Join(folder, "a.zip"), packed.Bytes())
	apptest.Write(t, filepath.Join(folder, "b.req"), b.create(t, Create{HardwareID: "b"}).Encode())
	ctx, cancel := context.WithCancel(t.Context())
	inner := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		cancel()
		return inner.RoundTrip(r)
	})
	if err := b.knowing(acme()).watch(ctx, folder, pace{5 * time.Millisecond, 10 * time.Millisecond, time.Minute}, func(Watched) {}); err != nil {
		t.Error(err)
	}
	if names := apptest.Names(t, folder); !slices.Equal(names, []string{"a.zip", "asks", "b.req", "done", "failed"}) {
		t.Errorf("%v", names)
	}
	next, end := b.watching(t, folder)
	defer end()
	if got := next(3); got[2].To == WaitingFile || len(b.box.Released()) != 3 {
		t.Errorf("%+v, released %d", got, len(b.box.Released()))
	}
}
