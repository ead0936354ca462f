package licensespring

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// trail records how a POST tried to reach the server, for the error message if it cannot.
type trail struct {
	mu    sync.Mutex
	tried []string // addresses, each once
	proxy string   // the proxy's host; empty if none was used
}

type trailKey struct{}

// trailOf returns the trail of the POST that a context belongs to.
func trailOf(ctx context.Context) *trail {
	if t, ok := ctx.Value(trailKey{}).(*trail); ok {
		return t
	}
	return new(trail)
}

func (t *trail) add(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(t.tried, address) {
		t.tried = append(t.tried, address)
	}
}

func (t *trail) setProxy(proxy string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.proxy = proxy
}

func (t *trail) result() (tried []string, proxy string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.tried), t.proxy
}

// silent has the addresses that did not answer in time. They are tried last from then on,
// so that the next attempt begins with another one.
type silent struct {
	mu        sync.Mutex
	addresses map[string]bool
}

func (s *silent) add(addresses ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.addresses == nil {
		s.addresses = map[string]bool{}
	}
	for _, address := range addresses {
		s.addresses[address] = true
	}
}

// order returns the addresses, with a port, in the order in which they are tried: IPv4 and
// IPv6 alternate, beginning with the one that the system prefers (RFC 8305 section 4), and
// silent addresses come last.
func (s *silent) order(ips []netip.Addr, port string) []string {
	var families [2][]string
	for _, ip := range ips {
		family := 0
		if ip.Unmap().Is4() != ips[0].Unmap().Is4() {
			family = 1
		}
		families[family] = append(families[family], net.JoinHostPort(ip.Unmap().String(), port))
	}
	var first, last []string
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range max(len(families[0]), len(families[1])) {
		for _, family := range families {
			switch {
			case i >= len(family):
			case s.addresses[family[i]]:
				last = append(last, family[i])
			default:
				first = append(first, family[i])
			}
		}
	}
	return append(first, last...)
}

// dial connects to the first address of a name that answers.
func (c *Client) dial(ctx context.Context, _, address string) (net.Conn, error) {
	return c.race(ctx, address, nil)
}

// dialTLS connects to the first address of a name that completes the TLS handshake: one
// that accepts connections may still never answer.
func (c *Client) dialTLS(config *tls.Config) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, _, address string) (net.Conn, error) {
		return c.race(ctx, address, func(ctx context.Context, conn net.Conn, host string) (net.Conn, error) {
			named := config.Clone()
			named.ServerName = host
			secure := tls.Client(conn, named)
			ctx, cancel := context.WithTimeout(ctx, c.deadlines().handshake)
			defer cancel()
			return secure, secure.HandshakeContext(ctx)
		})
	}
}

// race tries the addresses of a name one after the other, each when the one before has
// failed or has had its head start, as browsers do (RFC 8305). It returns the first
// connection that is ready and closes all others, so a request never goes out on two. It
// fails at once on an error that no other attempt would avoid, such as a wrong certificate.
func (c *Client) race(ctx context.Context, address string, secure func(context.Context, net.Conn, string) (net.Conn, error)) (net.Conn, error) {
	limits := c.deadlines()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ips, err := c.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	left := c.silent.order(ips, port)

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		address string
		conn    net.Conn
		err     error
	}
	results := make(chan result, len(left))
	var running []string
	next := func() {
		one := left[0]
		left, running = left[1:], append(running, one)
		trailOf(ctx).add(one)
		go func() {
			conn, err := (&net.Dialer{Timeout: limits.connect}).DialContext(ctx, "tcp", one)
			if err == nil && secure != nil {
				plain := conn
				if conn, err = secure(ctx, plain, host); err != nil {
					_ = plain.Close()
				}
			}
			results <- result{one, conn, err}
		}()
	}

	timer := time.NewTimer(0) // the first starts at once
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			if len(left) > 0 {
				next()
				timer.Reset(limits.headStart)
			}
			continue
		case r := <-results:
			running = slices.DeleteFunc(running, func(one string) bool { return one == r.address })
			if r.err == nil {
				c.silent.add(running...)
				go func(losers int) {
					for range losers {
						if r := <-results; r.err == nil {
							_ = r.conn.Close()
						}
					}
				}(len(running))
				return r.conn, nil
			}
			if err == nil || !c.retryable(r.err) {
				err = r.err
			}
			if !c.retryable(r.err) || len(left)+len(running) == 0 {
				return nil, err
			}
			timer.Reset(0)
		}
	}
}

// resolve looks up the addresses of a name.
func (c *Client) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, c.deadlines().connect)
	defer cancel()
	lookup := c.lookup
	if lookup == nil {
		lookup = net.DefaultResolver.LookupNetIP
	}
	ips, err := lookup(ctx, "ip", host)
	if err == nil && len(ips) == 0 {
		err = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return ips, err
}
