package licensespring

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"sync"
	"time"
)

const requestFile = "ls_deactivation.req"

// limits are the deadlines of one request to a server.
type limits struct {
	connect   time.Duration // to look up a name, and to connect to one address
	handshake time.Duration // for TLS on one connection
	headStart time.Duration // of one address before the next is tried
	ready     time.Duration // until there is a connection to send on, proxies included
	header    time.Duration // until the reply's header, after the request was sent
	whole     time.Duration // for everything
}

var defaultLimits = limits{
	connect:   10 * time.Second,
	handshake: 10 * time.Second,
	headStart: time.Second,
	ready:     20 * time.Second,
	header:    30 * time.Second,
	whole:     45 * time.Second,
}

func (c *Client) deadlines() limits {
	if c.limits == (limits{}) {
		return defaultLimits
	}
	return c.limits
}

// lost is the error of a request without a whole reply.
type lost struct {
	error
	left  bool     // bytes of a POST's body, or a GET, may have left this computer
	tried []string // addresses
	proxy string   // the proxy's host; empty if none was used
}

func (l *lost) Unwrap() error { return l.error }

// post sends a body once and reads the reply.
func (c *Client) post(ctx context.Context, transport http.RoundTripper, url, body string, header http.Header) (reply, *lost) {
	out := &outgoing{rest: strings.NewReader(body)}
	return c.exchange(ctx, transport, http.MethodPost, url, out, int64(len(body)), header)
}

// get sends a GET once and reads the reply.
func (c *Client) get(ctx context.Context, transport http.RoundTripper, url string, header http.Header) (reply, *lost) {
	out := &outgoing{rest: strings.NewReader("")}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { out.leave() }})
	return c.exchange(ctx, transport, http.MethodGet, url, out, 0, header)
}

// exchange sends a request once and reads the reply. It calls the transport directly: an
// http.Client would follow redirects, and send body and Authorization elsewhere.
func (c *Client) exchange(ctx context.Context, transport http.RoundTripper, method, url string, out *outgoing, length int64, header http.Header) (reply, *lost) {
	limits := c.deadlines()
	ctx, cancel := context.WithTimeout(ctx, limits.whole)
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	trail := new(trail)
	ctx = context.WithValue(ctx, trailKey{}, trail)

	late := time.AfterFunc(limits.ready, func() {
		if out.abandon() {
			giveUp(os.ErrDeadlineExceeded)
		}
	})
	defer late.Stop()
	var body io.Reader = http.NoBody
	limit := maxList
	if method == http.MethodPost {
		body, limit = out, maxReply
	}
	request, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return reply{}, &lost{error: err}
	}
	request.ContentLength = length
	request.Header = header
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("User-Agent", cmp.Or(c.UserAgent, "Handback"))

	response, err := transport.RoundTrip(request)
	if err != nil {
		l := &lost{error: cmp.Or(context.Cause(ctx), err), left: out.seal()}
		if l.tried, l.proxy = trail.result(); !l.left && isTimeout(l) {
			c.silent.add(l.tried...)
		}
		return reply{}, l
	}
	defer response.Body.Close()
	// After 101 Switching Protocols the body is the bare connection, which no
	// deadline ends: closing it does.
	defer context.AfterFunc(ctx, func() { _ = response.Body.Close() })()
	r, err := read(response, limit)
	if err != nil {
		return reply{}, &lost{error: cmp.Or(context.Cause(ctx), err), left: true}
	}
	_, r.proxy = trail.result()
	return r, nil
}

// outgoing is the body of one POST. With a strings.Reader the request would have a
// GetBody, with which a transport can send it a second time.
type outgoing struct {
	mu     sync.Mutex
	rest   *strings.Reader
	left   bool // bytes were read
	sealed bool // nothing more can be read
}

var errSealed = errors.New("the attempt is over")

// Read gives bytes to the transport. From then on they count as having left.
func (o *outgoing) Read(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.sealed {
		return 0, errSealed
	}
	o.left = true
	return o.rest.Read(p)
}

// Close does nothing: whether any of the body left is still asked for.
func (o *outgoing) Close() error { return nil }

// leave says that a request without a body was written.
func (o *outgoing) leave() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.left = o.left || !o.sealed
}

// abandon seals the body if none of it left, and reports whether it is sealed.
func (o *outgoing) abandon() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sealed = o.sealed || !o.left
	return o.sealed
}

// seal seals the body and reports whether any of it left. A transport that has failed may
// still have a goroutine that is about to write; it finds nothing to send.
func (o *outgoing) seal() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sealed = true
	return o.left
}

// form returns a multipart/form-data body whose one part is the request, and its content
// type.
func form(body string) (text, kind string, err error) {
	var b strings.Builder
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", requestFile)
	if err != nil {
		return "", "", err
	}
	if _, err := io.WriteString(part, body); err != nil {
		return "", "", err
	}
	err = w.Close()
	return b.String(), w.FormDataContentType(), err
}
