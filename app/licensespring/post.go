package licensespring

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"time"

	"handback/app/words"
)

const (
	maxReply    = 64 << 10 // bytes of a reply's body, and of its headers, that are read
	requestFile = "ls_deactivation.req"
)

// limits are the deadlines of one POST.
type limits struct{ connect, handshake, header, whole time.Duration }

var meant = limits{connect: 10 * time.Second, handshake: 10 * time.Second, header: 30 * time.Second, whole: 45 * time.Second}

func (c *Client) deadlines() limits {
	if c.limits == (limits{}) {
		return meant
	}
	return c.limits
}

// reply is what came back, whole or cut at maxReply.
type reply struct {
	status int
	header http.Header
	text   string
	issuer string // of the server's certificate
}

// post sends one body, once, and reads the reply. Left tells that bytes of the
// body may have left this computer. It calls the transport itself: a client
// would follow redirects, which repeat body and Authorization elsewhere.
func (c *Client) post(ctx context.Context, transport http.RoundTripper, url, body string, header http.Header) (r reply, left bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.deadlines().whole)
	defer cancel()
	out := &outgoing{rest: strings.NewReader(body)}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, out)
	if err != nil {
		return reply{}, false, err
	}
	request.ContentLength = int64(len(body))
	request.Header = header
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", cmp.Or(c.UserAgent, "Handback"))

	response, err := transport.RoundTrip(request)
	if err != nil {
		return reply{}, out.seal(), err
	}
	defer response.Body.Close()
	// After 101 Switching Protocols the body is the bare connection, which no
	// deadline ends: closing it does.
	defer context.AfterFunc(ctx, func() { _ = response.Body.Close() })()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxReply))
	if err != nil {
		return reply{}, true, cmp.Or(ctx.Err(), err)
	}
	r = reply{status: response.StatusCode, header: response.Header, text: string(text)}
	if state := response.TLS; state != nil && len(state.PeerCertificates) > 0 {
		r.issuer = words.Visible(state.PeerCertificates[0].Issuer.String(), 200)
	}
	return r, true, nil
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
