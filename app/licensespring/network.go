package licensespring

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// transport is HTTP/1.1 over TLS 1.2 or newer that keeps nothing: no
// connection, no cookie, no compression.
func (c *Client) transport() (http.RoundTripper, error) {
	if c.Transport != nil {
		return c.Transport, nil
	}
	roots, err := c.roots()
	if err != nil {
		return nil, err
	}
	limits := c.deadlines()
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Time: c.now}
	return &http.Transport{
		Proxy:                  c.proxy,
		OnProxyConnectResponse: proxyAnswer,
		DialContext:            c.dial,
		DialTLSContext:         c.dialTLS(config),
		TLSClientConfig:        config, // for the server behind a proxy
		TLSHandshakeTimeout:    limits.handshake,
		ResponseHeaderTimeout:  limits.header,
		MaxResponseHeaderBytes: maxReply,
		DisableCompression:     true,
		DisableKeepAlives:      true,
		Protocols:              protocols,
	}, nil
}

// roots are the system's certificates (nil) or those with the extra ones.
func (c *Client) roots() (*x509.CertPool, error) {
	if len(c.ExtraCA) == 0 {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(c.ExtraCA) {
		return nil, fault.New(fault.Input, "licensespring.extra_ca")
	}
	return pool, nil
}

// failed is the step after a POST that brought no whole reply.
func (c *Client) failed(ctx context.Context, address string, lost *lost, hidden []string) step {
	cause := reason(lost.error, hidden)
	switch {
	case ctx.Err() != nil && lost.left:
		return step{Answer: Answer{Outcome: request.Unknown, Err: fault.New(fault.Unknown, "answer.cancelled_after")}}
	case ctx.Err() != nil:
		return step{Answer: Answer{Outcome: request.Cancelled, Err: ErrCancelled}}
	case lost.left && isTimeout(lost):
		return step{Answer: Answer{Outcome: request.Unknown, Err: fault.New(fault.Unknown, "answer.timeout_after")}}
	case lost.left:
		return step{Answer: Answer{Outcome: request.Unknown, Err: fault.New(fault.Unknown, "answer.cut").Because(cause)}}
	}
	if named, ok := errors.AsType[*fault.Fault](lost.error); ok {
		return step{Answer: Answer{Outcome: request.NotSent, Err: named}}
	}
	trouble := c.trouble(lost)
	f := fault.New(fault.Connection, trouble.key, c.details(address, lost)...)
	return step{Answer: Answer{Outcome: request.NotSent, Err: f.Because(cause)}, retry: trouble.retry}
}

// reason is a cause in the person's words, or in its own, safe to show.
func reason(err error, hidden []string) error {
	if known, ok := fault.Reason(err); ok {
		return known
	}
	return errors.New(shown(err.Error(), 200, hidden))
}

// trouble is a reason why nothing left this computer. The first that holds
// counts. What is no certificate's fault is tried again.
type trouble struct {
	key   string
	retry bool
	is    func(err error, now time.Time) bool
}

var troubles = []trouble{
	{"answer.tls_unknown_authority", false, holds[x509.UnknownAuthorityError]},
	{"answer.tls_wrong_host", false, holds[x509.HostnameError]},
	{"answer.tls_not_yet_valid", false, isNotYetValid},
	{"answer.tls_expired", false, isExpired},
	{"answer.tls_old_protocol", false, isOldProtocol},
	{"answer.tls_not_spoken", false, holds[tls.RecordHeaderError]},
	{"answer.tls", false, isTLS},
	{"answer.proxy_unreachable", true, isProxy},
	{"answer.no_lookup", true, holds[*net.DNSError]},
	{"answer.proxy_failed", true, isBehindProxy},
	{"answer.timeout_before", true, func(err error, _ time.Time) bool { return isTimeout(err) }},
	{"answer.no_connection", true, func(error, time.Time) bool { return true }},
}

// trouble returns the first trouble that an error is.
func (c *Client) trouble(err error) trouble {
	i := slices.IndexFunc(troubles, func(t trouble) bool { return t.is(err, c.now()) })
	return troubles[i] // the last is any error
}

// mayPass reports whether another attempt may do better than the one that failed.
func (c *Client) mayPass(err error) bool { return c.trouble(err).retry }

// details fill the placeholders of all troubles. Where the connection was tried
// stands behind the name that was looked up.
func (c *Client) details(address string, err *lost) []any {
	host := address
	if u, err := url.Parse(address); err == nil {
		host = u.Host
	}
	pairs := []any{"host", host, "clock", c.now(),
		"tried", withAddresses(host, err.tried), "proxy", withAddresses(err.proxy, err.tried)}
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) && len(bad.UnverifiedCertificates) > 0 {
		leaf := bad.UnverifiedCertificates[0]
		pairs = append(pairs, "issuer", words.Visible(leaf.Issuer.String(), 200),
			"from", words.Day(leaf.NotBefore.UTC()), "until", words.Day(leaf.NotAfter.UTC()))
	}
	return pairs
}

// withAddresses puts the addresses that a name was tried at behind it.
func withAddresses(name string, tried []string) string {
	if len(tried) == 0 || slices.Equal(tried, []string{name}) {
		return name
	}
	return name + " (" + strings.Join(tried, ", ") + ")"
}

func holds[E error](err error, _ time.Time) bool {
	var want E
	return errors.As(err, &want)
}

func isExpired(err error, _ time.Time) bool {
	var bad x509.CertificateInvalidError
	return errors.As(err, &bad) && bad.Reason == x509.Expired
}

// isNotYetValid is one reason with isExpired for crypto/x509, but the other
// way round for people: the clock of this computer is behind.
func isNotYetValid(err error, now time.Time) bool {
	var bad x509.CertificateInvalidError
	return errors.As(err, &bad) && bad.Reason == x509.Expired && bad.Cert != nil && now.Before(bad.Cert.NotBefore)
}

// isOldProtocol goes by the text: crypto/tls has no type for it, neither for
// the server's alert nor for its own refusal.
func isOldProtocol(err error, _ time.Time) bool {
	return strings.Contains(err.Error(), "protocol version")
}

func isTLS(err error, now time.Time) bool {
	var op *net.OpError
	return holds[*tls.CertificateVerificationError](err, now) ||
		errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error") ||
		strings.HasPrefix(err.Error(), "tls: ") || strings.HasPrefix(err.Error(), "x509: ")
}

func isProxy(err error, _ time.Time) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect"
}

// isBehindProxy holds where a proxy was reached, and no server through it.
func isBehindProxy(err error, _ time.Time) bool {
	var l *lost
	return errors.As(err, &l) && l.proxy != ""
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
