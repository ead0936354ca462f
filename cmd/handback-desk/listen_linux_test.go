package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestOneAddressDoesNotHaveAllConnections(t *testing.T) {
	for name, flags := range map[string][]string{"a visitor": nil, "a proxy": {"--trust-proxy", "127.0.2.0/24"}} {
		t.Run(name, func(t *testing.T) {
			p := start(t, prepare(t, t.TempDir(), append(flags, "--listen", "127.0.0.1:0")...))
			defer p.stop()
			dial := func() net.Conn {
				from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 2, 1)}}
				connection, err := from.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = connection.Close() })
				return connection
			}
			var open []net.Conn
			for range maxEach {
				open = append(open, dial())
			}
			closed := func(connection net.Conn) bool {
				_ = connection.SetReadDeadline(time.Now().Add(5 * time.Second))
				_, _ = io.WriteString(connection, "GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n")
				n, _ := connection.Read(make([]byte, 12))
				return n == 0
			}
			if one := dial(); closed(one) == (flags != nil) {
				t.Errorf("one more is closed: %v", flags == nil)
			}
			if closed(open[0]) {
				t.Error("one of those before is closed")
			}
			if status, _ := p.do("GET", "/", "", ""); status != http.StatusOK {
				t.Errorf("another address: %d", status)
			}
			for _, one := range open {
				_ = one.Close()
			}
			eventually(t, "the address stays shut out", func() bool { return !closed(dial()) })
		})
	}
}
