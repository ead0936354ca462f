package sandbox

import (
	"context"
	"io"
	"net"
	"net/http"
)

// Transport reaches the sandbox inside the program, whatever host an address
// names: no port is opened and nothing leaves the computer. A real server
// answers at the other end of a pipe, so that a connection that hangs or
// breaks off is to the client what it is on the network. https addresses are
// answered too, without TLS.
func (s *Sandbox) Transport() http.RoundTripper {
	return &http.Transport{
		DialContext:        s.dial,
		DialTLSContext:     s.dial,
		DisableCompression: true,
		DisableKeepAlives:  true,
	}
}

// dial makes a connection with a server of its own, which ends with it.
func (s *Sandbox) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go func() { _ = s.server().Serve(&single{server}) }()
	return client, nil
}

// single is a listener that one connection arrives at.
type single struct{ conn net.Conn }

func (l *single) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, io.EOF
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}

// Close leaves the connection to its server.
func (l *single) Close() error { return nil }

func (l *single) Addr() net.Addr { return pipe{} }

type pipe struct{}

func (pipe) Network() string { return "pipe" }
func (pipe) String() string  { return "pipe" }
