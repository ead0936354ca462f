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

// transport returns c.Transport, or one for HTTP/1.1 over TLS 1.2 or newer that keeps no
// connections open and has no cookies and no compression.
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

// roots returns the trusted certificates: nil for the system's, or these and ExtraCA.
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

// failed returns the step after a POST without a whole reply.
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
	kind := c.classify(lost)
	f := fault.New(fault.Connection, kind.key, c.details(address, lost)...)
	return step{Answer: Answer{Outcome: request.NotSent, Err: f.Because(cause)}, retry: kind.retry}
}

// reason returns a cause that is safe to show: translated if it is a known one, else in
// its own words.
func reason(err error, hidden []string) error {
	if known, ok := fault.Reason(err); ok {
		return known
	}
	return errors.New(shown(err.Error(), 200, hidden))
}

// connectionError is a kind of error by which nothing left this computer. Errors other
// than certificate and TLS errors are retried.
type connectionError struct {
	key   string
	retry bool
	is    func(err error, now time.Time) bool
}

// connectionErrors is in the order in which they are checked.
var connectionErrors = []connectionError{
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

// classify returns the first kind that an error is of.
func (c *Client) classify(err error) connectionError {
	i := slices.IndexFunc(connectionErrors, func(e connectionError) bool { return e.is(err, c.now()) })
	return connectionErrors[i] // the last is any error
}

// retryable reports whether another attempt may succeed.
func (c *Client) retryable(err error) bool { return c.classify(err).retry }

// details returns the values for the messages of all connectionErrors.
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

// withAddresses appends the addresses that were tried to a name, in parentheses.
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

// isNotYetValid reports whether a certificate is not valid yet: this computer's clock is
// probably behind. crypto/x509 has one reason for this and for an expired certificate.
func isNotYetValid(err error, now time.Time) bool {
	var bad x509.CertificateInvalidError
	return errors.As(err, &bad) && bad.Reason == x509.Expired && bad.Cert != nil && now.Before(bad.Cert.NotBefore)
}

// isOldProtocol looks at the text of the error: crypto/tls has no type for it, neither for
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

// isBehindProxy reports whether a proxy was used. It is checked after isProxy: the proxy
// was reached, but no server through it.
func isBehindProxy(err error, _ time.Time) bool {
	var l *lost
	return errors.As(err, &l) && l.proxy != ""
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
