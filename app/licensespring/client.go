// Package licensespring is the License API: it submits a deactivation request
// and says what became of it.
//
// The License API promises no idempotency, so an attempt that may have been
// processed is never repeated: it is called unknown. A request goes out again
// by itself only when nothing was processed for certain.
package licensespring

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/secret"
)

// The vendor's own addresses.
const (
	DefaultEndpoint = "https://api.licensespring.com"
	DefaultTokenURL = "https://auth.licensespring.com/realms/user-portal/protocol/openid-connect/token"
)

// The paths of the License API, version 4.
const (
	devicePath = "/api/v4/deactivate_offline"
	bundlePath = "/api/v4/deactivate_bundle_offline"
)

const (
	tries    = 3                // of one Submit, the first included
	maxPause = 60 * time.Second // between two tries, whatever the server asks for
)

// ErrCancelled says that the caller gave up before anything was submitted.
var ErrCancelled = fault.New(fault.Connection, "answer.cancelled")

// Client submits with one profile's credentials. Endpoint, Secret and either
// APIKey or ClientID are needed; every other field may be left out. It may be
// used by several goroutines at once, and must not be copied after the first use.
type Client struct {
	Endpoint  string            // https, or http to this computer alone
	APIKey    string            // API-key authorization: Secret is the shared key
	ClientID  string            // OAuth: Secret is the client secret
	TokenURL  string            // OAuth; "" is DefaultTokenURL
	Secret    secret.Secret     // never sent under API-key authorization
	Multipart bool              // sends a form with the part "file" instead of plain text
	Bundle    bool              // takes the path of bundles
	UserAgent string            // "" is "Handback"
	Proxy     *url.URL          // instead of the environment's HTTPS_PROXY
	ExtraCA   []byte            // certificates in PEM, trusted besides the system's
	Rate      int               // submissions a second to one host, of all clients together; 0 is DefaultRate
	Transport http.RoundTripper // nil is the network; practice gives the sandbox, reached without a port

	Now  func() time.Time                                 // the clock; nil is the system's
	Wait func(ctx context.Context, d time.Duration) error // the pause between tries; nil waits

	limits limits                                                                // the zero value is the limits that are meant
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error) // nil is the system's
	silent silent
	mu     sync.Mutex
	token  token // the last one fetched, guarded by mu
}

// Submit sends a request, as the base64 text that it is, and answers what
// became of it; only Released is success. Again says that an earlier attempt
// on the same request was lost: then a device that is not found was probably
// released by it. Submit may take minutes; cancelling the context ends it.
func (c *Client) Submit(ctx context.Context, body string, again bool) Answer {
	s, err := c.prepare(body, again)
	if err != nil {
		return Answer{Outcome: request.NotSent, Err: err}
	}
	for try := 1; ; try++ {
		step := s.try(ctx)
		if !step.retry || try == tries {
			return step.Answer
		}
		if step.atOnce {
			continue
		}
		wait := max(step.pause, time.Second<<(try-1)) + rand.N(time.Second) //nolint:gosec // jitter, not a secret
		if c.wait(ctx, min(wait, maxPause)) != nil {
			return Answer{Outcome: request.Cancelled, Err: ErrCancelled}
		}
	}
}

// step is what one try led to. With retry, nothing was processed for certain.
type step struct {
	Answer
	retry  bool
	atOnce bool          // without a pause
	pause  time.Duration // what the server asked for, 0 where it did not
}

// submission is one call of Submit.
type submission struct {
	client    *Client
	transport http.RoundTripper
	url       string
	host      string
	tokenURL  string
	body      string // as sent
	kind      string // its content type
	again     bool
	renewed   bool // a token was refused and replaced
}

func (c *Client) prepare(body string, again bool) (*submission, error) {
	address, err := checkAddress("endpoint", c.Endpoint)
	if err != nil {
		return nil, err
	}
	tokenURL, err := checkAddress("token_url", cmp.Or(c.TokenURL, DefaultTokenURL))
	if err != nil {
		return nil, err
	}
	if err := c.checkCredentials(); err != nil {
		return nil, err
	}
	transport, err := c.transport()
	if err != nil {
		return nil, err
	}
	path := devicePath
	if c.Bundle {
		path = bundlePath
	}
	s := &submission{client: c, transport: transport, again: again,
		url: address.JoinPath(path).String(), host: address.Host, tokenURL: tokenURL.String()}
	s.body, s.kind = body, "text/plain"
	if c.Multipart {
		s.body, s.kind, err = form(body)
	}
	return s, err
}

// try makes one attempt, with a token, a date and a signature of its own.
func (s *submission) try(ctx context.Context) step {
	c := s.client
	bearer := ""
	if c.ClientID != "" {
		var failed *step
		if bearer, failed = s.bearer(ctx); failed != nil {
			return *failed
		}
	}
	if err := c.awaitTurn(ctx, s.host); err != nil {
		return step{Answer: Answer{Outcome: request.Cancelled, Err: ErrCancelled}}
	}
	sent := c.now()
	date := sent.UTC().Format(http.TimeFormat)
	authorization, hidden := c.authorization(date, bearer)
	reply, lost := c.post(ctx, s.transport, s.url, s.body, http.Header{
		"Date":          {date},
		"Authorization": {authorization},
		"Content-Type":  {s.kind},
	})
	if lost != nil {
		return c.failed(ctx, s.url, lost, hidden)
	}
	return s.interpret(reply, sent, bearer, hidden)
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Client) wait(ctx context.Context, d time.Duration) error {
	if c.Wait != nil {
		return c.Wait(ctx, d)
	}
	return pause(ctx, d)
}
