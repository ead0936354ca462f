package licensespring

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handback/app/request"
	"handback/app/words"
)

// site is a name with several addresses of this computer, one port for all.
type site struct {
	port  string
	ips   []netip.Addr
	count map[string]*atomic.Int32 // connections
}

// place adds an address to the site. Each connection goes to serve; with nil, TLS is
// answered by the server's own settings.
func (s *site) place(t *testing.T, ip string, serve func(net.Conn)) {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(ip, s.port))
	if err != nil {
		t.Fatal(err)
	}
	_, s.port, _ = net.SplitHostPort(listener.Addr().String())
	t.Cleanup(func() { listener.Close() })
	count := new(atomic.Int32)
	s.count[ip], s.ips = count, append(s.ips, netip.MustParseAddr(ip))
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			go func() { defer conn.Close(); serve(conn) }()
		}
	}()
}

func newSite() *site { return &site{port: "0", count: map[string]*atomic.Int32{}} }

// served answers TLS connections with a reply of HTTP.
func served(server *httptest.Server, seen *atomic.Int32) func(net.Conn) {
	return func(conn net.Conn) {
		secure := tls.Server(conn, server.TLS)
		if r, err := http.ReadRequest(bufio.NewReader(secure)); err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
			seen.Add(1)
			_, _ = io.WriteString(secure, "HTTP/1.1 200 OK\r\nContent-Length: 19\r\nConnection: close\r\n\r\nlicense_deactivated")
		}
		_ = secure.Close()
	}
}

func (s *site) lookup(context.Context, string, string) ([]netip.Addr, error) { return s.ips, nil }

// F92
func TestAnAddressThatNeverAnswersIsPassedOver(t *testing.T) {
	server, ca := secure(t, nil)
	for _, tt := range []struct {
		name  string
		first func(net.Conn) // at the address that is tried first
		slow  bool
	}{
		{"silent in the handshake", hold, true},
		{"ended in the handshake", func(net.Conn) {}, false},
		{"reset in the handshake", func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var seen atomic.Int32
			s := newSite()
			s.place(t, "127.0.0.2", tt.first)
			s.place(t, "127.0.0.1", served(server, &seen))
			c := client("https://example.com:" + s.port) // a name of the certificate
			c.ExtraCA, c.lookup = ca, s.lookup
			c.Wait = func(context.Context, time.Duration) error { t.Error("tried again"); return nil }
			began := time.Now()
			if a := submit(t, c); a.Outcome != request.Released {
				t.Fatalf("got %+v", a)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if a := submit(t, c); a.Outcome != request.Released || seen.Load() != 2 {
				t.Errorf("got %+v; %d requests", a, seen.Load())
			}
			if n := s.count["127.0.0.2"].Load(); tt.slow && n != 1 {
				t.Errorf("the silent address was tried %d times: once is enough", n)
			}
		})
	}
}

func TestAnAddressThatNoPacketReachesIsPassedOver(t *testing.T) { // F92
	server, ca := secure(t, nil)
	var seen atomic.Int32
	s := newSite()
	s.place(t, "127.0.0.1", served(server, &seen))
	s.ips = append([]netip.Addr{netip.MustParseAddr("::ffff:127.0.0.9")}, s.ips...) // nobody listens there
	c := client("https://example.com:" + s.port)
	c.ExtraCA, c.lookup = ca, s.lookup
	if a := submit(t, c); a.Outcome != request.Released {
		t.Errorf("got %+v", a)
	}
}

// F92: of two addresses that answer, only one gets the request, however late the other is.
func TestOneConnectionAloneCarriesTheRequest(t *testing.T) {
	server, ca := secure(t, nil)
	for _, delay := range []time.Duration{0, 30 * time.Millisecond, 60 * time.Millisecond} {
		var seen atomic.Int32
		serve := served(server, &seen)
		s := newSite()
		s.place(t, "127.0.0.2", func(conn net.Conn) { time.Sleep(delay); serve(conn) })
		s.place(t, "127.0.0.1", func(conn net.Conn) { time.Sleep(delay / 2); serve(conn) })
		s.place(t, "127.0.0.3", serve)
		c := client("https://example.com:" + s.port)
		c.ExtraCA, c.lookup = ca, s.lookup
		c.limits = defaultLimits
		c.limits.headStart = 10 * time.Millisecond
		for range 5 {
			if a := submit(t, c); a.Outcome != request.Released {
				t.Fatalf("got %+v", a)
			}
		}
		if n := seen.Load(); n != 5 {
			t.Errorf("%v: %d requests arrived, want 5", delay, n)
		}
	}
}

func TestAWrongCertificateEndsTheRace(t *testing.T) {
	server, _ := secure(t, nil)
	var seen atomic.Int32
	s := newSite()
	s.place(t, "127.0.0.2", served(server, &seen))
	s.place(t, "127.0.0.1", served(server, &seen))
	c := client("https://example.com:" + s.port)
	c.lookup = s.lookup
	fails(t, submit(t, c), request.NotSent, "answer.tls_unknown_authority")
	if n := s.count["127.0.0.1"].Load(); n != 0 || seen.Load() != 0 {
		t.Errorf("the other address was asked %d times", n)
	}
}

func TestWhatWasTriedIsNamed(t *testing.T) { // F92
	s := newSite()
	s.place(t, "127.0.0.2", hold)
	s.place(t, "127.0.0.1", hold)
	c := client("https://example.com:" + s.port)
	c.lookup, c.limits = s.lookup, brief
	a := submit(t, c)
	fails(t, a, request.NotSent, "answer.timeout_before")
	message, _ := a.Explain(words.English())
	if want := "example.com:PORT (127.0.0.2:PORT, 127.0.0.1:PORT) did not answer"; !strings.Contains(message, strings.ReplaceAll(want, "PORT", s.port)) {
		t.Errorf("got %s", message)
	}
	if n := s.count["127.0.0.1"].Load(); n != 3 {
		t.Errorf("%d connections, want 3", n)
	}
	// An address without a name is shown once.
	c = client("https://127.0.0.1:" + s.port)
	c.limits = brief
	message, _ = submit(t, c).Explain(words.English())
	if strings.Count(message, "127.0.0.1") != 1 {
		t.Errorf("got %s", message)
	}
}

// F92: a proxy, too, may be silent at one of its addresses; the next attempt begins with
// another one.
func TestAProxyThatNeverConnectsIsNamedAndItsNextAddressTried(t *testing.T) {
	server, ca := secure(t, nil)
	s := newSite()
	s.place(t, "127.0.0.2", hold)
	s.place(t, "127.0.0.1", tunnel)
	c := client(server.URL)
	c.ExtraCA, c.lookup, c.limits = ca, s.lookup, brief
	c.limits.whole = 5 * time.Second
	c.Proxy = &url.URL{Scheme: "http", Host: "proxy.example:" + s.port}
	if a := submit(t, c); a.Outcome != request.Released {
		t.Errorf("got %+v", a)
	}

	s.ips = s.ips[:1]
	c = client(server.URL)
	c.lookup, c.limits = s.lookup, brief
	c.Proxy = &url.URL{Scheme: "http", Host: "proxy.example:" + s.port}
	a := submit(t, c)
	fails(t, a, request.NotSent, "answer.proxy_failed")
	if message, _ := a.Explain(words.English()); !strings.Contains(message, "by way of the proxy "+c.Proxy.Host+" (127.0.0.2:"+s.port+")") {
		t.Errorf("got %s", message)
	}
}

func TestTheFamiliesOfAddressesAreTriedInTurn(t *testing.T) {
	var ips []netip.Addr
	for _, ip := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "::ffff:192.0.2.2"} {
		ips = append(ips, netip.MustParseAddr(ip))
	}
	var s silent
	want := []string{"[2001:db8::1]:443", "192.0.2.1:443", "[2001:db8::2]:443", "192.0.2.2:443", "[2001:db8::3]:443"}
	if diff := cmp.Diff(want, s.order(ips, "443")); diff != "" {
		t.Error(diff)
	}
	s.add("[2001:db8::1]:443", "[2001:db8::2]:443")
	want = []string{"192.0.2.1:443", "192.0.2.2:443", "[2001:db8::3]:443", "[2001:db8::1]:443", "[2001:db8::2]:443"}
	if diff := cmp.Diff(want, s.order(ips, "443")); diff != "" {
		t.Error(diff)
	}
}

func TestANameThatCannotBeLookedUpIsToldSo(t *testing.T) { // F40
	for name, lookup := range map[string]func(context.Context, string, string) ([]netip.Addr, error){
		"unknown": func(context.Context, string, string) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "no such host"}
		},
		"without address": func(context.Context, string, string) ([]netip.Addr, error) { return nil, nil },
	} {
		c := client(DefaultEndpoint)
		c.lookup = lookup
		a := submit(t, c)
		fails(t, a, request.NotSent, "answer.no_lookup")
		if a.Err == nil {
			t.Error(name)
		}
	}
}

func TestCancellingTheRaceEndsIt(t *testing.T) {
	s := newSite()
	s.place(t, "127.0.0.2", hold)
	c := client("https://example.com:" + s.port)
	c.lookup = s.lookup
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if a := c.Submit(ctx, body, false); a.Outcome != request.Cancelled || !errors.Is(a.Err, ErrCancelled) || time.Since(began) > 5*time.Second {
		t.Errorf("got %+v after %v", a, time.Since(began))
	}
}

// F92: of two addresses that connect at the same moment, one connection stays open.
func TestWhoLosesTheRaceIsHungUpOn(t *testing.T) {
	var open atomic.Int32
	serve := func(conn net.Conn) {
		open.Add(1)
		defer open.Add(-1)
		script("HTTP/1.1 200 OK\r\nContent-Length: 19\r\nConnection: close\r\n\r\nlicense_deactivated")(conn)
	}
	s := newSite()
	for _, ip := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.3"} {
		s.place(t, ip, serve)
	}
	c := client("http://localhost:" + s.port)
	c.lookup, c.limits, c.Rate = s.lookup, defaultLimits, 1000
	c.limits.headStart = 1
	for range 30 {
		if a := submit(t, c); a.Outcome != request.Released {
			t.Fatalf("got %+v", a)
		}
	}
	for deadline := time.Now().Add(3 * time.Second); open.Load() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections are still open", open.Load())
		}
	}
}

func TestTheLimitOfConnectingIsNotOneOfAnswering(t *testing.T) {
	server := record(t, func(w http.ResponseWriter, _ int) {
		time.Sleep(150 * time.Millisecond)
		_, _ = io.WriteString(w, "license_deactivated")
	})
	c := client(server.URL)
	c.limits = defaultLimits
	c.limits.ready = 50 * time.Millisecond
	if a := submit(t, c); a.Outcome != request.Released {
		t.Errorf("got %+v", a)
	}
}
