package sandbox

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// The limits of a server, so that no client can exhaust its memory or block it. When all
// connections are in use, a new one waits until another is closed.
const (
	maxConnections = 16
	maxHeader      = 16 << 10         // bytes
	readTime       = 10 * time.Second // for one request, header and body
	writeTime      = time.Minute      // for one answer, including scenarios that wait
)

// Serve answers on a listener until the context ends, and closes it. Its error is nil if
// the context ended.
func (s *Sandbox) Serve(ctx context.Context, listener net.Listener) error {
	server := s.server()
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	err := server.Serve(netutil.LimitListener(listener, maxConnections))
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (s *Sandbox) server() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: readTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       readTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(io.Discard, "", 0), // clients that close the connection
	}
}
