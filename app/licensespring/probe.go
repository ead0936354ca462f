package licensespring

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"handback/app/fault"
	"handback/app/request"
)

// probeID is the hardware ID of no device.
const probeID = "handback-test-of-a-profile"

// Reach is what a server answered to a request without credentials.
type Reach struct {
	Host   string
	Proxy  string        // the host of the proxy that was used; empty if none was
	Issuer string        // of the server's certificate; empty without TLS
	Ahead  time.Duration // by how much this computer's clock is ahead of the server's
	Dated  bool          // the server told its time
	Err    error         // why no answer of the server came
}

// Reach asks the endpoint for an answer, whatever it is, without credentials. It makes one
// attempt.
func (c *Client) Reach(ctx context.Context) Reach {
	address, err := checkAddress("endpoint", c.Endpoint)
	if err != nil {
		return Reach{Err: err}
	}
	transport, err := c.transport()
	if err != nil {
		return Reach{Host: address.Host, Err: err}
	}
	to := address.JoinPath(listPath).String()
	if err := c.awaitTurn(ctx, address.Host); err != nil {
		return Reach{Host: address.Host, Err: ErrCancelled}
	}
	sent := c.now()
	r, lost := c.get(ctx, transport, to, http.Header{"Date": {sent.UTC().Format(http.TimeFormat)}})
	reach := Reach{Host: address.Host, Proxy: r.proxy, Issuer: r.issuer}
	if lost != nil {
		reach.Proxy, lost.left = lost.proxy, false
		reach.Err = c.failed(ctx, to, lost, nil).Err
		return reach
	}
	if date := r.date(); !date.IsZero() {
		reach.Ahead, reach.Dated = sent.Sub(date).Truncate(time.Second), true
	}
	for _, other := range []struct {
		holds bool
		key   string
	}{
		{r.status == http.StatusProxyAuthRequired, "answer.proxy_login_unnamed"},
		{between(300, 399)(r, ""), "answer.redirect"},
		{r.status == http.StatusNetworkAuthenticationRequired, "answer.network_login"},
		{r.isPage() && r.status < 400, "answer.login_page"},
	} {
		if other.holds && reach.Err == nil {
			reach.Err = fault.New(fault.Connection, other.key, "status", r.status, "where", r.redirectHost(to))
		}
	}
	return reach
}

// Token gets an OAuth token, or says why it could not. Without OAuth it does nothing.
func (c *Client) Token(ctx context.Context) error {
	s, err := c.session(listPath)
	if err != nil || c.ClientID == "" {
		return err
	}
	if _, failed := s.bearer(ctx); failed != nil {
		return failed.Err
	}
	return nil
}

// Accepted asks for the licenses of no device, to learn whether the License API accepts the
// credentials. The answer has no outcome if it does. Refused means that it does not, and
// Unknown that it does not say.
func (c *Client) Accepted(ctx context.Context) Answer {
	s, err := c.session(listPath)
	if err != nil {
		return Answer{Outcome: request.NotSent, Err: err}
	}
	s.url += "?" + url.Values{"hardware_id": {probeID}}.Encode()
	r, answer := s.fetch(ctx)
	if answer.Outcome == "" && answer.Code == "" {
		if _, ok := parseListing(r); !ok {
			answer.Outcome, answer.Err = request.Unknown, fault.New(fault.Unknown, "check.shape", "status", r.status)
		}
	}
	return answer
}
