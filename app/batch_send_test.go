package app

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/apptest"
	"handback/app/carry"
	"handback/app/durable"
	"handback/app/request"
)

// outcomes runs over inputs and returns what Done saw: sources and outcome.
func (b *bench) outcomes(t *testing.T, batch *Batch, run Run) (all []string) {
	t.Helper()
	run.Done = func(r Row) {
		all = append(all, strings.Join(r.Sources, "+")+" "+string(r.Result().Outcome))
	}
	if err := batch.Run(t.Context(), run); err != nil {
		t.Error(err)
	}
	if left := batch.Rows(); len(left) > 0 {
		t.Errorf("%d rows are still held", len(left))
	}
	return all
}

// More than a group: rows are forgotten, and the order stays.
func TestARunOverManyAnswersInTheOrderOfTheInputsAndHoldsNone(t *testing.T) {
	b := newBench(t, acme())
	count := group + 40
	var inputs []Input
	var want []string
	for n := range count {
		text := b.create(t, Create{HardwareID: fmt.Sprint("device-", n)}).Encode()
		inputs = append(inputs, Input{Name: fmt.Sprint(n), Data: []byte(text)})
		want = append(want, fmt.Sprint(n, " released"))
	}
	inputs = append(inputs, Input{Name: "again", Data: inputs[0].Data}, Input{Name: "page", Data: []byte("<html>")})
	want = append(want, "again released", "page not_sent")
	var most atomic.Int64
	batch := b.knowing(acme())
	batch.options.Changed = func() { most.Store(max(most.Load(), int64(len(batch.Rows())))) }
	got := b.outcomes(t, batch, Run{Inputs: slices.Values(inputs), Send: true})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(b.wire.Sent()); n != count {
		t.Errorf("%d were sent", n)
	}
	if n := most.Load(); n > group {
		t.Errorf("%d rows were held", n)
	}
}

func TestARunPutsPartsTogetherHoweverFarApart(t *testing.T) {
	b := newBench(t, acme())
	long := b.create(t, Create{HardwareID: strings.Repeat("Workstation ", 60) + "1"})
	codes, err := long.Codes(carry.Drawing{Density: carry.LowDensity})
	if err != nil || len(codes) != 2 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	part := func(i int) Input { return Input{Name: fmt.Sprint("part", i), Data: []byte(codes[i].Text)} }
	inputs := []Input{part(0)}
	for n := range group {
		inputs = append(inputs, Input{Name: fmt.Sprint(n), Data: []byte(b.create(t, Create{HardwareID: fmt.Sprint("device-", n)}).Encode())})
	}
	for i := range codes[1:] {
		inputs = append(inputs, part(i+1))
	}
	for range group {
		inputs = append(inputs, Input{Name: "again", Data: inputs[1].Data})
	}
	inputs = append(inputs, part(1)) // of what is done
	got := b.outcomes(t, b.knowing(acme()), Run{Inputs: slices.Values(inputs), Send: true})
	sources := []string{}
	for i := range codes {
		sources = append(sources, fmt.Sprint("part", i))
	}
	if want := strings.Join(sources, "+") + " released"; !slices.Contains(got, want) || len(b.wire.Sent()) != group+1 {
		t.Errorf("no %s, sent %d, got %q", want, len(b.wire.Sent()), got[max(0, len(got)-5):])
	}
	for _, one := range got {
		if strings.Contains(one, "not_sent") {
			t.Error(one)
		}
	}
	alone := b.outcomes(t, b.knowing(acme()), Run{Inputs: slices.Values([]Input{part(1), inputs[1]}), Send: true})
	if diff := cmp.Diff([]string{"0 released", "part1 not_sent"}, alone); diff != "" {
		t.Error(diff)
	}
}

// In a mixture, each file of an archive is an input of its own, in the archive's place.
func TestAnArchiveAmongOtherInputsIsTakenFileByFile(t *testing.T) {
	b := newBench(t, acme())
	texts := map[string]string{}
	for _, name := range []string{"a", "b", "c", "d"} {
		texts[name] = b.create(t, Create{HardwareID: name}).Encode()
	}
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, name := range []string{"b", "in/c", "broken"} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(texts[filepath.Base(name)]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "mail.bin") // the name does not matter
	if err := os.WriteFile(path, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	inputs := []Input{{Name: "a", Data: []byte(texts["a"])}, {Name: path}, {Name: "d", Data: []byte(texts["d"])}}
	got := b.outcomes(t, b.knowing(acme()), Run{Inputs: slices.Values(inputs), Send: true})
	slashed := filepath.ToSlash(path)
	want := []string{"a released", slashed + "/b released", slashed + "/in/c released", slashed + "/broken not_sent", "d released"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	receipts := 0
	for _, name := range apptest.Names(t, folder) {
		if strings.HasSuffix(name, string(carry.ReceiptEnding)) {
			receipts++
		}
	}
	if receipts != 2 {
		t.Errorf("beside the archive lie %v", apptest.Names(t, folder))
	}
	twice := b.outcomes(t, b.knowing(acme()), Run{Inputs: slices.Values([]Input{{Name: "pasted", Data: packed.Bytes()}}), Send: true})
	if diff := cmp.Diff([]string{"pasted/b released", "pasted/in/c released", "pasted/broken not_sent"}, twice); diff != "" {
		t.Error(diff)
	}
}

// The limit is the answer time: with eight on their way, sixteen take two of them. Of one
// license there is never a second on its way.
func TestSeveralAreOnTheirWayAtOnceButOneOfALicense(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, acme())
		var inputs []Input
		for n := range 16 {
			inputs = append(inputs, pasted(b.create(t, Create{LicenseKey: fmt.Sprintf("KEY-%d", n%14), HardwareID: fmt.Sprint("device-", n)}).Encode())...)
		}
		var mu sync.Mutex
		onWay, most := map[string]int{}, 0
		inner := b.wire.Inner
		b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			all := 0
			for _, n := range onWay {
				all += n
			}
			most = max(most, all+1)
			mu.Unlock()
			time.Sleep(time.Second)
			return inner.RoundTrip(r)
		})
		batch := b.knowing(acme())
		batch.Add(t.Context(), inputs...)
		begun := time.Now()
		batch.Send(t.Context())
		if took := time.Since(begun); took < 2*time.Second || took > 3*time.Second {
			t.Errorf("sixteen took %v", took)
		}
		begun = time.Now()
		same := b.knowing(acme())
		for n := range 3 {
			same.Add(t.Context(), pasted(b.create(t, Create{LicenseKey: "KEY-SAME", HardwareID: fmt.Sprint("other-", n)}).Encode())...)
		}
		same.Send(t.Context())
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("three of one license took %v", took)
		}
	})
}

func TestARunThatIsStoppedAnswersForWhatItHasRead(t *testing.T) {
	b := newBench(t, acme())
	var inputs []Input
	for n := range 6 {
		inputs = append(inputs, pasted(b.create(t, Create{HardwareID: fmt.Sprint("device-", n)}).Encode())...)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var got []request.State
	batch := b.knowing(acme())
	batch.options.Jobs = 1
	inner := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := inner.RoundTrip(r)
		if len(b.wire.Sent()) == 2 {
			cancel()
		}
		return answer, err
	})
	err := batch.Run(ctx, Run{Inputs: slices.Values(inputs), Send: true, Done: func(r Row) { got = append(got, r.Result().Outcome) }})
	if !errors.Is(err, context.Canceled) || len(got) != 6 || got[0] != request.Released || got[5] != request.Cancelled {
		t.Errorf("%v, %v", got, err)
	}
	b.wire.Inner = inner
	again := b.outcomes(t, b.knowing(acme()), Run{Inputs: slices.Values(inputs), Send: true})
	if n := len(b.box.Released()); n != 6 || len(b.wire.Sent()) > 7 {
		t.Errorf("the same run again: %q, released %d, sent %d", again, n, len(b.wire.Sent()))
	}
	// What Look refuses is not sent.
	stop := errors.New("stop")
	more := pasted(b.create(t, Create{HardwareID: "more"}).Encode())
	before := len(b.wire.Sent())
	err = b.knowing(acme()).Run(t.Context(), Run{Inputs: slices.Values(more), Send: true, Look: func([]Row) error { return stop }, Done: func(Row) { t.Error("done") }})
	if !errors.Is(err, stop) || len(b.wire.Sent()) != before {
		t.Errorf("%v, sent %d", err, len(b.wire.Sent())-before)
	}
}

// While an answer is stored, the next request is on its way, but never more than there may
// be, nor the same license twice.
func TestAnAnswerIsStoredWhileTheNextRequestIsOnItsWay(t *testing.T) {
	b := newBench(t, acme())
	b.Journal.Folder = t.TempDir()
	var inputs []Input
	for n := range 6 {
		inputs = append(inputs, pasted(b.create(t, Create{LicenseKey: fmt.Sprintf("KEY-%d", n), HardwareID: fmt.Sprint("device-", n)}).Encode())...)
	}
	var onWay, stored atomic.Int32
	fifth := make(chan struct{})
	inner := b.wire.Inner
	b.wire.Inner = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		if onWay.Add(1) > 2 {
			t.Error("three are on their way")
		}
		defer onWay.Add(-1)
		return inner.RoundTrip(r)
	})
	batch := b.Batch(Options{Only: true, Jobs: 2})
	batch.Add(t.Context(), inputs...)
	defer durable.Inject(func(name string) error {
		if name != "replace" {
			return nil
		}
		switch stored.Add(1) {
		case 3, 4: // after two requests have left, their answers, or that the next two are about to leave
			select {
			case <-fifth:
			case <-time.After(10 * time.Second):
				t.Error("the next requests wait for the answers of the first to be stored")
			}
		case 5:
			close(fifth)
		}
		return nil
	})()
	batch.Send(t.Context())
	for _, row := range batch.Rows() {
		if row.Result().Outcome != request.Released || b.Journal.Known(row.Request).State() != request.Released {
			t.Errorf("%s is %s", row.Request.Owner(), row.Result().Outcome)
		}
	}
}
