package licensespring

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"handback/app/request"
)

// F116
func TestNoMoreSubmissionsLeaveASecondThanTheRate(t *testing.T) {
	for _, tt := range []struct{ rate, count, least int }{{DefaultRate, 25, DefaultRate}, {100, 30, 100}} {
		var mu sync.Mutex
		var arrived []time.Time
		server := record(t, func(w http.ResponseWriter, _ int) {
			mu.Lock()
			defer mu.Unlock()
			arrived = append(arrived, time.Now())
			_, _ = w.Write([]byte("license_deactivated"))
		})
		clients := []*Client{client(server.URL), client(server.URL)} // two profiles of one run
		for _, c := range clients {
			c.Rate = tt.rate
		}
		var group sync.WaitGroup
		for i := range tt.count {
			c := clients[i%2]
			group.Go(func() {
				if a := c.Submit(t.Context(), body, false); a.Outcome != request.Released {
					t.Errorf("got %+v", a)
				}
			})
		}
		group.Wait()
		mu.Lock()
		slices.SortFunc(arrived, time.Time.Compare)
		mu.Unlock()
		took, want := arrived[len(arrived)-1].Sub(arrived[0]), time.Duration(tt.count-1)*time.Second/time.Duration(tt.least)
		if took < want*9/10 { // the first may have been late on its way
			t.Errorf("%d submissions took %v, at least %v are wanted", tt.count, took, want)
		}
	}
}

func TestWaitingForATurnCanBeCancelled(t *testing.T) { // F116
	server := record(t, reply200("license_deactivated"))
	c := client(server.URL)
	paces.Store(server.Listener.Addr().String(), &pace{next: time.Now().Add(time.Hour)})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	a := c.Submit(ctx, body, false)
	checkWords(t, a)
	if a.Outcome != request.Cancelled || !errors.Is(a.Err, ErrCancelled) || len(server.posts()) != 0 {
		t.Errorf("got %+v after %d posts", a, len(server.posts()))
	}
}

func TestTheRateIsThatOfTheProfileOrTheUsualOneButToASandboxHere(t *testing.T) {
	for _, tt := range []struct {
		endpoint string
		rate     int
		want     time.Duration
	}{
		{DefaultEndpoint, 0, time.Second / DefaultRate},
		{DefaultEndpoint, 50, 20 * time.Millisecond},
		{"http://127.0.0.1:8080", 0, 0},
		{"http://127.0.0.1:8080", 10, 100 * time.Millisecond},
	} {
		if got := (&Client{Endpoint: tt.endpoint, Rate: tt.rate}).gap(); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

// A busy server is left alone by all submissions, not only by that which it turned away.
func TestABusyServerHoldsAllSubmissionsBack(t *testing.T) {
	server := record(t, func(w http.ResponseWriter, n int) {
		if n == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		_, _ = w.Write([]byte("license_deactivated"))
	})
	first, second := client(server.URL), client(server.URL)
	turnedAway := make(chan bool)
	var once sync.Once
	first.Wait = func(ctx context.Context, d time.Duration) error {
		once.Do(func() { close(turnedAway) })
		return pause(ctx, d)
	}
	done := make(chan Answer)
	second.Wait = pause
	go func() { done <- first.Submit(t.Context(), body, false) }()
	<-turnedAway
	began := time.Now()
	if a := submit(t, second); a.Outcome != request.Released || time.Since(began) < 900*time.Millisecond {
		t.Errorf("the other left after %v: %+v", time.Since(began), a)
	}
	if a := <-done; a.Outcome != request.Released {
		t.Errorf("%+v", a)
	}
}

func TestATurnIsTakenOnce(t *testing.T) {
	now := time.Now()
	var p pace
	var waits []time.Duration
	for _, after := range []time.Duration{0, 0, 0, 500 * time.Millisecond, 0} {
		now = now.Add(after)
		waits = append(waits, p.turn(now, 50*time.Millisecond))
	}
	if want := []time.Duration{0, 50 * time.Millisecond, 100 * time.Millisecond, 0, 50 * time.Millisecond}; !slices.Equal(waits, want) {
		t.Errorf("got %v, want %v", waits, want)
	}
}

func TestTheDateIsOfTheMomentOfLeaving(t *testing.T) { // F116
	server := record(t, reply200("license_deactivated"))
	began := time.Now()
	paces.Store(server.Listener.Addr().String(), &pace{next: began.Add(1100 * time.Millisecond)})
	c := client(server.URL)
	c.Now = time.Now
	if a := submit(t, c); a.Outcome != request.Released || a.Sent.Sub(began) < time.Second {
		t.Errorf("sent %v after the wait began: %+v", a.Sent.Sub(began), a)
	}
}
