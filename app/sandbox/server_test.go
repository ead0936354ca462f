package sandbox

import (
	"context"
	"net"
	"net/http"
	"testing"
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
