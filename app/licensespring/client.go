// Package licensespring submits deactivation requests to LicenseSpring's License API,
// version 4, and says what became of them.
//
// A [Client] has the credentials of one vendor and may be used again; [Client.Submit]
// sends one request, and [Client.Holds] asks whether its device still holds its license. The [Answer] has one of six outcomes, of which only
// [request.Released] is success, and [Answer.Explain] says in words for people what
// happened and what to do next.
//
// # Retries
//
// The License API does not promise idempotency. Therefore an attempt that may have been
// processed is never repeated: its outcome is [request.Unknown]. Submit retries only if
// certainly nothing was processed: nothing was sent, or the server said that it is busy
// or that it did not accept an OAuth token. It makes at most three attempts.
//
// # Errors of the License API
//
// [Codes] lists the error codes that the vendor documents, with what each says about the
// license. A reply without a code may come from a proxy or gateway in between; it is not
// taken for a refusal.
//
// # Network
//
// Connections use TLS 1.2 or newer, follow no redirects, and try all addresses of a name
// (RFC 8305). Submissions to one host are spaced out; see [DefaultRate].
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
	listPath   = "/api/v4/device_licenses"
)

const (
	tries    = 3                // of one Submit, including the first
	maxPause = 60 * time.Second // between two tries, even if the server asks for more
)

// ErrCancelled means that the context ended before anything was submitted.
var ErrCancelled = fault.New(fault.Connection, "answer.cancelled")

// Client submits requests with one vendor's credentials. Endpoint, Secret and either
// APIKey or ClientID are required. Several goroutines may use it at the same time; it must
// not be copied after its first use.
type Client struct {
	Endpoint  string            // https, or http to this computer only
	APIKey    string            // for API-key authorization; Secret is the shared key
	ClientID  string            // for OAuth; Secret is the client secret
	TokenURL  string            // for OAuth; empty means DefaultTokenURL
	Secret    secret.Secret     // with API-key authorization it signs, and is never sent
	Multipart bool              // send a form with the part "file" instead of plain text
	Bundle    bool              // use the path for bundles
	UserAgent string            // empty means "Handback"
	Proxy     *url.URL          // takes precedence over the environment's HTTPS_PROXY
	ExtraCA   []byte            // PEM certificates trusted in addition to the system's
	Rate      int               // submissions per second to one host, by all clients together; 0 means DefaultRate
	Transport http.RoundTripper // nil means the network; practice uses the sandbox's

	Now  func() time.Time                                 // nil means the system's clock
	Wait func(ctx context.Context, d time.Duration) error // waits between tries; nil means a timer

	limits limits                                                                // zero means defaultLimits
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error) // nil means the system's resolver
	silent silent
	mu     sync.Mutex
	token  token // the last one fetched, guarded by mu
}

// Submit sends a request, in base64 as [request.Request.Encode] returns it, and returns
// what became of it. Again says that the answer to an earlier submission of the same
// request was lost: if the device is not found now, it was probably released by that one,
// and the outcome is [request.ProbablyReleased]. Submit may take minutes; it returns soon
// after the context ends.
func (c *Client) Submit(ctx context.Context, body string, again bool) Answer {
	s, err := c.prepare(body, again)
	if err != nil {
		return Answer{Outcome: request.NotSent, Err: err}
	}
	if c.awaitCalm(ctx, s.host) != nil {
		return Answer{Outcome: request.Cancelled, Err: ErrCancelled}
	}
	for try := 1; ; try++ {
		step := s.try(ctx)
		if !step.retry || try == tries {
			return step.Answer
		}
		if c.rest(ctx, s.host, step, try) != nil {
			return Answer{Outcome: request.Cancelled, Err: ErrCancelled}
		}
	}
}

// rest waits before the next try. It fails if the context ends first. If the server is
// busy, all submissions to it wait.
func (c *Client) rest(ctx context.Context, host string, last step, try int) error {
	if last.atOnce {
		return nil
	}
	wait := max(last.pause, time.Second<<(try-1)) + rand.N(time.Second) //nolint:gosec // jitter, not a secret
	wait = min(wait, maxPause)
	if last.Status == http.StatusTooManyRequests || last.pause > 0 {
		paceOf(host).hold(time.Now().Add(wait))
	}
	return c.wait(ctx, wait)
}

// step is the result of one try.
type step struct {
	Answer
	retry  bool          // certainly nothing was processed
	atOnce bool          // retry without a pause
	pause  time.Duration // that the server asked for; 0 if it did not
}

// session is what the attempts of one call have in common.
type session struct {
	client    *Client
	transport http.RoundTripper
	url       string
	host      string
	tokenURL  string
	renewed   bool // a token was refused and replaced
}

// session returns a session for a path of the License API.
func (c *Client) session(path string) (*session, error) {
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
	return &session{client: c, transport: transport,
		url: address.JoinPath(path).String(), host: address.Host, tokenURL: tokenURL.String()}, nil
}

// signed is what the header of one attempt was made of.
type signed struct {
	at     time.Time // its date
	bearer string    // the OAuth token; empty without OAuth
	hidden []string  // texts in the header that must never be shown
}

// sign waits for its turn and returns a header with a date and an authorization of its own.
// It gets a token if OAuth needs one. If that fails, or the context ends, it returns a step.
func (s *session) sign(ctx context.Context) (http.Header, signed, *step) {
	c := s.client
	var signed signed
	if c.ClientID != "" {
		var failed *step
		if signed.bearer, failed = s.bearer(ctx); failed != nil {
			return nil, signed, failed
		}
	}
	if err := c.awaitTurn(ctx, s.host); err != nil {
		return nil, signed, &step{Answer: Answer{Outcome: request.Cancelled, Err: ErrCancelled}}
	}
	signed.at = c.now()
	date := signed.at.UTC().Format(http.TimeFormat)
	var authorization string
	authorization, signed.hidden = c.authorization(date, signed.bearer)
	return http.Header{"Date": {date}, "Authorization": {authorization}}, signed, nil
}

// submission is one call of Submit.
type submission struct {
	*session
	body  string // as sent
	kind  string // the body's content type
	again bool   // see Submit
}

func (c *Client) prepare(body string, again bool) (*submission, error) {
	path := devicePath
	if c.Bundle {
		path = bundlePath
	}
	to, err := c.session(path)
	if err != nil {
		return nil, err
	}
	s := &submission{session: to, again: again, body: body, kind: "text/plain"}
	if c.Multipart {
		s.body, s.kind, err = form(body)
	}
	return s, err
}

// try makes one attempt.
func (s *submission) try(ctx context.Context) step {
	header, signed, failed := s.sign(ctx)
	if failed != nil {
		return *failed
	}
	header.Set("Content-Type", s.kind)
	reply, lost := s.client.post(ctx, s.transport, s.url, s.body, header)
	if lost != nil {
		return s.client.failed(ctx, s.url, lost, signed.hidden)
	}
	return s.interpret(reply, signed.at, signed.bearer, signed.hidden)
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
