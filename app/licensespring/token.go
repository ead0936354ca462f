package licensespring

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"handback/app/fault"
	"handback/app/request"
)

const (
	tokenMargin = 30 * time.Second // a token is renewed this long before it expires
	maxLife     = time.Hour        // a token is used for at most this long, less tokenMargin
)

// token is an OAuth access token. It is kept in memory only.
type token struct {
	value   string
	expires time.Time
}

// bearer returns the cached token, or fetches one. The request is not sent yet: if this
// fails, the outcome is NotSent, or Cancelled.
func (s *session) bearer(ctx context.Context) (string, *step) {
	c := s.client
	c.mu.Lock()
	cached := c.token
	c.mu.Unlock()
	if cached.value != "" && c.now().Before(cached.expires) {
		return cached.value, nil
	}

	grant := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ClientID}, "client_secret": {c.Secret.Reveal()}}
	hidden := []string{c.Secret.Reveal()}
	requested := c.now()
	r, lost := c.post(ctx, s.transport, s.tokenURL, grant.Encode(), http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"},
	})
	switch {
	case lost != nil && lost.left && ctx.Err() == nil:
		f := fault.New(fault.Connection, "answer.token_lost").Because(reason(lost.error, hidden))
		return "", &step{Answer: Answer{Outcome: request.NotSent, Err: f}}
	case lost != nil:
		lost.left = false // only the form for the token did, not the request
		failed := c.failed(ctx, s.tokenURL, lost, hidden)
		return "", &failed
	case r.status != http.StatusOK:
		refusal := r.tokenRefusal(c.now(), hidden)
		return "", &refusal
	}
	fresh, ok := r.token(requested)
	if !ok {
		return "", &step{Answer: Answer{Outcome: request.NotSent, Err: fault.New(fault.Connection, "answer.token_unreadable", "status", r.status)}}
	}
	c.mu.Lock()
	c.token = fresh
	c.mu.Unlock()
	return fresh.value, nil
}

// dropToken forgets a token that the License API did not accept.
func (c *Client) dropToken(value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token.value == value {
		c.token = token{}
	}
}

// token parses the answer that grants a token: RFC 6749 section 5.1.
func (r reply) token(requested time.Time) (token, bool) {
	var granted struct {
		Token   string  `json:"access_token"`
		Type    string  `json:"token_type"`
		Seconds float64 `json:"expires_in"`
	}
	err := json.Unmarshal([]byte(r.text), &granted)
	if err != nil || r.broken != "" || !isToken(granted.Token) || !strings.EqualFold(granted.Type, "Bearer") {
		return token{}, false
	}
	life := time.Duration(min(max(granted.Seconds, 0), maxLife.Seconds()) * float64(time.Second))
	return token{granted.Token, requested.Add(life - tokenMargin)}, true
}

// tokenRefusal returns the step for an answer without a token. The authorization server
// has an error object of its own (RFC 6749 section 5.2).
func (r reply) tokenRefusal(now time.Time, hidden []string) step {
	var refusal struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if r.busy() {
		return r.retryLater(now)
	}
	key := "answer.token_unreadable"
	switch {
	case r.status == http.StatusProxyAuthRequired:
		key = "answer.proxy_login_unnamed"
	case r.status >= 400 && r.broken == "" && json.Unmarshal([]byte(r.text), &refusal) == nil && refusal.Error != "":
		key = "answer.token_refused"
	}
	return step{Answer: Answer{Outcome: request.NotSent, Err: fault.New(fault.Connection, key, "status", r.status,
		"error", shown(refusal.Error, 64, hidden), "description", shown(refusal.Description, maxMessage, hidden))}}
}
