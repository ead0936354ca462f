package licensespring

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/request"
	"handback/app/words"
)

// accept listens at a new address, hands each connection to serve, and counts them.
func accept(t *testing.T, serve func(net.Conn)) (address string, count *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	count = new(atomic.Int32)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return listener.Addr().String(), count
}

// script reads one whole request and writes a text.
func script(text string) func(net.Conn) {
	return func(conn net.Conn) {
		if readRequest(conn) != nil {
			return
		}
		_, _ = io.WriteString(conn, text)
	}
}

func readRequest(conn net.Conn) error {
	r, err := http.ReadRequest(bufio.NewReader(conn))
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	return err
}

// hold keeps a connection open until the other side ends it.
func hold(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// brief are limits for servers that never answer.
var brief = limits{connect: 5 * time.Second, handshake: 100 * time.Millisecond, headStart: 20 * time.Millisecond,
	ready: 300 * time.Millisecond, header: 100 * time.Millisecond, whole: 400 * time.Millisecond}

func TestAnAnswerThatIsLostOnItsWayIsUnknown(t *testing.T) { // F42, F43, F57
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n"
	for _, tt := range []struct {
		name  string
		serve func(net.Conn)
		key   string
	}{
		{"closed without a word", script(""), "answer.cut"},
		{"cut in the headers", script("HTTP/1.1 200 OK\r\nContent-Le"), "answer.cut"},
		{"cut after the headers", script(head), "answer.cut"},
		{"cut in the word", script(head + "license_deact"), "answer.cut"},
		{"longer than it is", script("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nlicense_deactivated"), "answer.cut"},
		{"cut between chunks", script("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\nlicense_deactivated\r\n"), "answer.cut"},
		{"not HTTP", script("SSH-2.0-OpenSSH_9.6\r\n"), "answer.cut"},
		{"two lengths", script("HTTP/1.1 200 OK\r\nContent-Length: 19\r\nContent-Length: 18\r\n\r\nlicense_deactivated"), "answer.cut"},
		{"giant headers", script("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n"), "answer.cut"},
		{"endless early hints", script(strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 10000) + head + "license_deactivated"), "answer.cut"},
		{"reset", func(conn net.Conn) {
			if readRequest(conn) == nil {
				_ = conn.(*net.TCPConn).SetLinger(0)
			}
		}, "answer.cut"},
		{"no answer", hold, "answer.timeout_after"},
		{"headers alone", func(conn net.Conn) { script(head)(conn); hold(conn) }, "answer.timeout_after"},
		{"another protocol", func(conn net.Conn) {
			script("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")(conn)
			hold(conn)
		}, "answer.timeout_after"},
		{"a byte at a time, without end", func(conn net.Conn) {
			script("HTTP/1.1 200 OK\r\n\r\n")(conn)
			for {
				if _, err := conn.Write([]byte(" ")); err != nil {
					return
				}
				time.Sleep(time.Millisecond)
			}
		}, "answer.timeout_after"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address, count := accept(t, tt.serve)
			c := client("http://" + address)
			if tt.key == "answer.timeout_after" {
				c.limits = brief
			}
			fails(t, submit(t, c), request.Unknown, tt.key)
			if n := count.Load(); n != 1 {
				t.Errorf("%d connections: it was sent again", n)
			}
		})
	}
}

func TestAGarbledReplyDoesNotShowTheAuthorization(t *testing.T) { // T4
	address, _ := accept(t, func(conn net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(conn, r.Header.Get("Authorization")+"\r\n\r\n")
	})
	a := submit(t, client("http://"+address)) // submit looks for the signature
	fails(t, a, request.Unknown, "answer.cut")
}

func TestNothingThatLeftIsTriedThreeTimesThenNotSent(t *testing.T) { // F40, F41, F42
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	ended, endedCount := accept(t, func(net.Conn) {})
	silent, silentCount := accept(t, hold)

	for _, tt := range []struct {
		name     string
		endpoint string
		dial     error // instead of the network
		key      string
		count    *atomic.Int32
	}{
		{"refused", "http://" + closed, nil, "answer.no_connection", nil},
		{"ended in the handshake", "https://" + ended, nil, "answer.no_connection", endedCount},
		{"silent in the handshake", "https://" + silent, nil, "answer.timeout_before", silentCount},
		{"no such name", "", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}, "answer.no_lookup", nil},
		{"no network", "", &net.OpError{Op: "dial", Err: errors.New("network is unreachable")}, "answer.no_connection", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := client(tt.endpoint)
			if tt.key == "answer.timeout_before" {
				c.limits = brief
			}
			if tt.dial != nil {
				c.Endpoint = DefaultEndpoint
				c.Transport = apptest.RoundTrip(func(*http.Request) (*http.Response, error) { return nil, tt.dial })
			}
			waits := 0
			c.Wait = func(context.Context, time.Duration) error { waits++; return nil }
			fails(t, submit(t, c), request.NotSent, tt.key)
			if waits != 2 {
				t.Errorf("%d pauses, want 2", waits)
			}
			if tt.count != nil && tt.count.Load() != 3 {
				t.Errorf("%d connections, want 3", tt.count.Load())
			}
		})
	}
}

func TestAConnectionThatComesBackIsUsed(t *testing.T) {
	n := 0
	server := record(t, reply200("license_deactivated"))
	c := client(server.URL)
	real, err := c.transport()
	if err != nil {
		t.Fatal(err)
	}
	c.Transport = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		if n++; n < 3 {
			return nil, &net.OpError{Op: "dial", Err: errors.New("network is unreachable")}
		}
		return real.RoundTrip(r)
	})
	if a := submit(t, c); a.Outcome != request.Released || len(server.posts()) != 1 {
		t.Errorf("got %+v after %d posts", a, len(server.posts()))
	}
}

func TestCancellingBeforeAndAfterTheBodyLeft(t *testing.T) {
	for _, tt := range []struct {
		read    bool
		outcome request.State
		key     string
	}{{false, request.Cancelled, "answer.cancelled"}, {true, request.Unknown, "answer.cancelled_after"}} {
		ctx, cancel := context.WithCancel(t.Context())
		c := client(DefaultEndpoint)
		var late io.ReadCloser
		c.Transport = apptest.RoundTrip(func(r *http.Request) (*http.Response, error) {
			if late = r.Body; tt.read {
				_, _ = r.Body.Read(make([]byte, 1))
			}
			cancel()
			return nil, r.Context().Err()
		})
		a := c.Submit(ctx, body, false)
		checkWords(t, a)
		fails(t, a, tt.outcome, tt.key)
		if n, err := late.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("a transport could still send %d bytes after the attempt was over", n)
		}
	}
}

// secure starts a TLS server.
func secure(t *testing.T, config *tls.Config) (server *httptest.Server, ca []byte) {
	t.Helper()
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "license_deactivated")
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = config
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}

func TestAnExtraCAIsTrustedAndTheIssuerShown(t *testing.T) { // F47
	server, ca := secure(t, nil)
	c := client(server.URL)
	c.ExtraCA = ca
	if a := submit(t, c); a.Outcome != request.Released || a.Issuer != "O=Acme Co" {
		t.Errorf("got %+v", a)
	}
}

func TestEachFaultOfTLSHasItsOwnWordsAndIsNotTriedAgain(t *testing.T) { // F46
	server, ca := secure(t, nil)
	old, oldCA := secure(t, &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10})
	strict, strictCA := secure(t, &tls.Config{MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert})
	plain, _ := accept(t, func(conn net.Conn) { _, _ = io.WriteString(conn, "HTTP/1.0 400 Bad Request\r\n\r\n"); hold(conn) })
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(server.URL, "https://"))

	for _, tt := range []struct {
		name     string
		endpoint string
		ca       []byte
		now      time.Time
		key      string
		says     string
	}{
		{"unknown authority", server.URL, nil, clock, "answer.tls_unknown_authority", "(O=Acme Co)"},
		{"wrong host", "https://localhost:" + port, ca, clock, "answer.tls_wrong_host", "localhost"},
		{"expired", server.URL, ca, time.Date(2090, 1, 2, 3, 4, 5, 0, time.UTC), "answer.tls_expired", "clock says 2090-01-02 03:04:05 UTC"},
		{"not yet valid", server.URL, ca, time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC), "answer.tls_not_yet_valid", "begins on 1970-01-01"},
		{"TLS 1.1", old.URL, oldCA, clock, "answer.tls_old_protocol", "old version"},
		{"a client certificate", strict.URL, strictCA, clock, "answer.tls", "no safe connection"},
		{"no TLS", "https://" + plain, nil, clock, "answer.tls_not_spoken", "does not speak TLS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := client(tt.endpoint)
			c.ExtraCA = tt.ca
			c.Now = func() time.Time { return tt.now }
			c.Wait = func(context.Context, time.Duration) error { t.Error("tried again"); return nil }
			a := submit(t, c)
			fails(t, a, request.NotSent, tt.key)
			if message, _ := a.Explain(words.English()); !strings.Contains(message, tt.says) {
				t.Errorf("want %q in %q", tt.says, message)
			}
		})
	}
}

func TestAProxyThatRefusesIsNamedWithoutItsPassword(t *testing.T) { // F48
	for _, tt := range []struct {
		reply string
		key   string
		count int32
	}{
		{"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n\r\n", "answer.proxy_login", 1},
		{"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>", "answer.proxy_refused", 1},
		{"HTTP/1.1 502 Bad Gateway\r\n\r\n", "answer.proxy_refused", 1},
		{"", "answer.proxy_failed", 3},
	} {
		asked := make(chan string, 3)
		address, count := accept(t, func(conn net.Conn) {
			r, err := http.ReadRequest(bufio.NewReader(conn))
			if err != nil {
				return
			}
			asked <- fmt.Sprint(r.Method, " ", r.Host, r.Header["Authorization"])
			_, _ = io.WriteString(conn, tt.reply)
		})
		c := client(DefaultEndpoint)
		c.Proxy = &url.URL{Scheme: "http", Host: address, User: url.UserPassword("desk", "proxy-password")}
		a := submit(t, c)
		fails(t, a, request.NotSent, tt.key)
		if count.Load() != tt.count {
			t.Errorf("%q: %d connections, want %d", tt.reply, count.Load(), tt.count)
		}
		if got := <-asked; got != "CONNECT api.licensespring.com:443[]" {
			t.Errorf("the proxy was asked %q", got)
		}
		message, advice := a.Explain(words.English())
		if all := fmt.Sprintf("%+v %v %s %s", a, a.Err, message, advice); strings.Contains(all, "proxy-password") {
			t.Error("the password is shown: " + all)
		}
		if strings.HasPrefix(tt.key, "answer.proxy") && !strings.Contains(message, address) {
			t.Errorf("the proxy is not named: %s", message)
		}
	}
}

// tunnel is a proxy that connects to whatever is asked for.
func tunnel(conn net.Conn) {
	reader := bufio.NewReader(conn)
	r, err := http.ReadRequest(reader)
	if err != nil || r.Method != http.MethodConnect {
		return
	}
	onward, err := net.Dial("tcp", r.Host)
	if err != nil {
		return
	}
	defer onward.Close()
	_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() { _, _ = io.Copy(onward, reader) }()
	_, _ = io.Copy(conn, onward)
}

func TestAProxyThatConnectsPassesTheRequestOn(t *testing.T) { // F47
	server, ca := secure(t, nil)
	address, _ := accept(t, tunnel)
	c := client(server.URL)
	c.ExtraCA, c.Proxy = ca, &url.URL{Scheme: "http", Host: address}
	if a := submit(t, c); a.Outcome != request.Released {
		t.Errorf("got %+v", a)
	}
}

func TestAProxyThatCannotBeReachedIsTriedThreeTimes(t *testing.T) { // F48
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	waits := 0
	c := client(DefaultEndpoint)
	c.Proxy = &url.URL{Scheme: "http", Host: address, User: url.UserPassword("desk", "proxy-password")}
	c.Wait = func(context.Context, time.Duration) error { waits++; return nil }
	a := submit(t, c)
	fails(t, a, request.NotSent, "answer.proxy_unreachable")
	if text := a.Err.Error(); waits != 2 || !strings.Contains(text, address) || strings.Contains(text, "proxy-password") {
		t.Errorf("%d pauses, %s", waits, text)
	}
}

func TestThisComputerIsNeverReachedThroughAProxy(t *testing.T) {
	server := record(t, reply200("license_deactivated"))
	c := client(server.URL)
	c.Proxy = &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	if a := submit(t, c); a.Outcome != request.Released {
		t.Errorf("got %+v", a)
	}
}

func TestTheTransportKeepsToTheLimitsThatAreMeant(t *testing.T) {
	made, err := (&Client{}).transport()
	if err != nil {
		t.Fatal(err)
	}
	got := made.(*http.Transport)
	if got.TLSHandshakeTimeout != 10*time.Second || got.ResponseHeaderTimeout != 30*time.Second ||
		got.MaxResponseHeaderBytes != 64<<10 || !got.DisableCompression || !got.DisableKeepAlives ||
		got.TLSClientConfig.MinVersion != tls.VersionTLS12 || got.TLSClientConfig.InsecureSkipVerify ||
		got.Protocols.HTTP2() || got.Protocols.UnencryptedHTTP2() || got.ForceAttemptHTTP2 {
		t.Errorf("got %+v", got)
	}
	if l := (&Client{}).deadlines(); l.connect != 10*time.Second || l.handshake != 10*time.Second ||
		l.ready != 20*time.Second || l.whole != 45*time.Second {
		t.Errorf("got %+v", l)
	}
}
