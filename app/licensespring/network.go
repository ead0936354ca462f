package licensespring

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"handback/app/fault"
	"handback/app/secret"
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
	return &http.Transport{
		Proxy:                  c.proxy,
		OnProxyConnectResponse: proxyAnswer,
		DialContext:            (&net.Dialer{Timeout: limits.connect}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Time: c.now},
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

// proxy is the profile's, else the environment's; never one for this computer.
func (c *Client) proxy(r *http.Request) (*url.URL, error) {
	if loopback(r.URL.Hostname()) && r.URL.Scheme == "http" {
		return nil, nil
	}
	if c.Proxy != nil {
		return c.Proxy, nil
	}
	return withoutPassword(http.ProxyFromEnvironment(r))
}

// withoutPassword drops the cause of an address that cannot be read: it would
// print the variable, with the password in it.
func withoutPassword(proxy *url.URL, err error) (*url.URL, error) {
	if err != nil {
		return nil, fault.New(fault.Connection, "answer.proxy_address")
	}
	return proxy, nil
}

// proxyAnswer turns a proxy's refusal to connect into its words. The proxy's
// host is named, its password is not.
func proxyAnswer(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	switch answer.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return fault.New(fault.Connection, "answer.proxy_login", "proxy", proxy.Host)
	}
	return fault.New(fault.Connection, "answer.proxy_refused", "proxy", proxy.Host, "status", answer.StatusCode)
}

// failed is the step after a POST that brought no whole reply.
func (c *Client) failed(ctx context.Context, address string, err error, left bool, hidden []string) step {
	cause := errors.New(shown(err.Error(), 200, hidden))
	switch {
	case ctx.Err() != nil && left:
		return step{Answer: Answer{Outcome: Unknown, Err: fault.New(fault.Unknown, "answer.cancelled_after")}}
	case ctx.Err() != nil:
		return step{Answer: Answer{Outcome: NotSent, Err: ErrCancelled}}
	case left && isTimeout(err):
		return step{Answer: Answer{Outcome: Unknown, Err: fault.New(fault.Unknown, "answer.timeout_after")}}
	case left:
		return step{Answer: Answer{Outcome: Unknown, Err: fault.New(fault.Unknown, "answer.cut").Because(cause)}}
	}
	var named *fault.Fault
	if errors.As(err, &named) {
		return step{Answer: Answer{Outcome: NotSent, Err: named}}
	}
	for _, t := range troubles {
		if t.is(err, c.now()) {
			f := fault.New(fault.Connection, t.key, c.details(address, err)...)
			return step{Answer: Answer{Outcome: NotSent, Err: f.Because(cause)}, retry: t.retry}
		}
	}
	panic("unreachable: the last trouble is any")
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
	{"answer.timeout_before", true, func(err error, _ time.Time) bool { return isTimeout(err) }},
	{"answer.no_connection", true, func(error, time.Time) bool { return true }},
}

// details fill the placeholders of all troubles.
func (c *Client) details(address string, err error) []any {
	host := address
	if u, err := url.Parse(address); err == nil {
		host = u.Host
	}
	pairs := []any{"host", host, "clock", c.now()}
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) && len(bad.UnverifiedCertificates) > 0 {
		leaf := bad.UnverifiedCertificates[0]
		pairs = append(pairs, "issuer", words.Visible(leaf.Issuer.String(), 200),
			"from", words.Day(leaf.NotBefore.UTC()), "until", words.Day(leaf.NotAfter.UTC()))
	}
	return pairs
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

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// shown is text from outside, made safe to show. A reply can repeat what was
// sent to it, so what must not be shown is taken out first.
func shown(text string, limit int, hidden []string) string {
	for _, h := range hidden {
		text = strings.ReplaceAll(text, h, secret.Redacted)
	}
	return words.Visible(text, limit)
}
