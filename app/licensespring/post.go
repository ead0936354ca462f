package licensespring

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

const requestFile = "ls_deactivation.req"

// limits are the deadlines of one POST.
type limits struct {
	connect   time.Duration // of one address
	handshake time.Duration // of one connection
	headStart time.Duration // of one address before the next
	ready     time.Duration // until a connection stands, whatever lies on the way
	header    time.Duration
	whole     time.Duration
}

var meant = limits{
	connect:   10 * time.Second,
	handshake: 10 * time.Second,
	headStart: time.Second,
	ready:     20 * time.Second,
	header:    30 * time.Second,
	whole:     45 * time.Second,
}

func (c *Client) deadlines() limits {
	if c.limits == (limits{}) {
		return meant
	}
	return c.limits
}

// lost is why a POST brought no whole reply.
type lost struct {
	error
	left  bool     // bytes of the body may have left this computer
	tried []string // the addresses that were connected to
	proxy string   // the host of the proxy, where one was used
}

func (l *lost) Unwrap() error { return l.error }

// post sends one body, once, and reads the reply. It calls the transport itself:
// a client would follow redirects, which repeat body and Authorization elsewhere.
func (c *Client) post(ctx context.Context, transport http.RoundTripper, url, body string, header http.Header) (reply, *lost) {
	limits := c.deadlines()
	ctx, cancel := context.WithTimeout(ctx, limits.whole)
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	trail := new(trail)
	ctx = context.WithValue(ctx, trailKey{}, trail)

	out := &outgoing{rest: strings.NewReader(body)}
	late := time.AfterFunc(limits.ready, func() {
		if out.abandon() {
			giveUp(os.ErrDeadlineExceeded)
		}
	})
	defer late.Stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, out)
	if err != nil {
		return reply{}, &lost{error: err}
	}
	request.ContentLength = int64(len(body))
	request.Header = header
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("User-Agent", cmp.Or(c.UserAgent, "Handback"))

	response, err := transport.RoundTrip(request)
	if err != nil {
		l := &lost{error: cmp.Or(context.Cause(ctx), err), left: out.seal()}
		if l.tried, l.proxy = trail.told(); !l.left && isTimeout(l) {
			c.silent.add(l.tried...)
		}
		return reply{}, l
	}
	defer response.Body.Close()
	// After 101 Switching Protocols the body is the bare connection, which no
	// deadline ends: closing it does.
	defer context.AfterFunc(ctx, func() { _ = response.Body.Close() })()
	r, err := read(response)
	if err != nil {
		return reply{}, &lost{error: cmp.Or(context.Cause(ctx), err), left: true}
	}
	return r, nil
}

// outgoing is the body of one POST. It is a type of its own so that the
// request has no GetBody, with which a transport could send it a second time.
type outgoing struct {
	mu     sync.Mutex
	rest   *strings.Reader
	left   bool
	sealed bool
}

var errSealed = errors.New("the attempt is over")

// Read gives bytes to the transport: from then on they count as having left.
func (o *outgoing) Read(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.sealed {
		return 0, errSealed
	}
	o.left = true
	return o.rest.Read(p)
}

// Close keeps the body: what it tells is still needed.
func (o *outgoing) Close() error { return nil }

// abandon ends the body if none of it left, and reports whether it did.
func (o *outgoing) abandon() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sealed = o.sealed || !o.left
	return o.sealed
}

// seal ends the body and tells whether any of it left. A transport that gave
// up may still have a goroutine about to write: it finds nothing to send.
func (o *outgoing) seal() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sealed = true
	return o.left
}

// form is a body of multipart/form-data with the request as its one part.
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
