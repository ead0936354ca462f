package sandbox

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// F79
func TestEverythingThatAClientCouldStretchIsBounded(t *testing.T) {
	s := start(t).server()
	if s.ReadHeaderTimeout != 10*time.Second || s.ReadTimeout != 10*time.Second || s.IdleTimeout != 10*time.Second ||
		s.WriteTimeout != time.Minute || s.MaxHeaderBytes != 16<<10 || maxBody != 1<<20 || maxConnections != 16 {
		t.Errorf("got %+v", s)
	}
}

func TestServingEndsWithItsContext(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- start(t).Serve(ctx, listener) }()
	answer, err := http.Get("http://" + listener.Addr().String() + "/nowhere")
	if err != nil || answer.StatusCode != http.StatusNotFound {
		t.Errorf("got %v, %v", answer, err)
	}
	if err == nil {
		_ = answer.Body.Close()
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := start(t).Serve(t.Context(), listener); err == nil {
		t.Error("served on a closed listener")
	}
}

func TestAScenarioThatHangsOutlastsTheTimeToRead(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := start(t, scenes("hang")).server()
	server.ReadTimeout = 50 * time.Millisecond
	defer server.Close()
	go func() { _ = server.Serve(listener) }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "POST "+devicePath+" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
	_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	if n, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %d bytes and %v", n, err)
	}
}

// F79: not even a scenario keeps a connection open for ever.
func TestAScenarioThatHangsEnds(t *testing.T) {
	s := start(t, scenes("hang"))
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		post, err := http.NewRequest(http.MethodPost, "https://sandbox.example"+devicePath, strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := s.Transport().RoundTrip(post); err == nil {
			_ = answer.Body.Close()
			t.Errorf("got %v", answer.Status)
		}
		if took := time.Since(began); took != writeTime {
			t.Errorf("it took %v", took)
		}
	})
}

func TestTheCallersLicensesStayAsTheyAre(t *testing.T) {
	mine := []License{{Key: "k"}}
	if start(t, func(o *Options) { o.Licenses, o.Product = mine, "p" }); mine[0].Product != "" {
		t.Errorf("got %+v", mine)
	}
}
