package sandbox

import (
	"context"
	"io"
	"net"
	"net/http"
)

// Transport returns a transport that sends every request to the sandbox inside the
// program, whatever host its address names: no port is opened and nothing leaves the
// computer. A real server answers at the other end of a pipe, so that a client sees a
// connection that hangs or breaks as it would on the network. Requests to https addresses
// are answered, too, without TLS.
func (s *Sandbox) Transport() http.RoundTripper {
	return &http.Transport{
		DialContext:        s.dial,
		DialTLSContext:     s.dial,
		DisableCompression: true,
		DisableKeepAlives:  true,
	}
}

// dial returns a connection to a new server, which ends with the connection.
func (s *Sandbox) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go func() { _ = s.server().Serve(&single{server}) }()
	return client, nil
}

// single is a listener that accepts one connection.
type single struct{ conn net.Conn }

func (l *single) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, io.EOF
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}

// Close does nothing: the server closes the connection.
func (l *single) Close() error { return nil }

func (l *single) Addr() net.Addr { return pipe{} }

type pipe struct{}

func (pipe) Network() string { return "pipe" }
func (pipe) String() string  { return "pipe" }
