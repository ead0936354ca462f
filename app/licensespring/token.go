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
	tokenMargin = 30 * time.Second // a token is given up this long before its end
	maxLife     = time.Hour        // and used no longer than this
)

// token is an OAuth access token. It is kept in memory alone.
type token struct {
	value string
	until time.Time
}

// bearer gives the token in use, or fetches one. Nothing of the request is
// sent meanwhile: whatever fails here, the outcome is NotSent.
func (s *submission) bearer(ctx context.Context) (string, *step) {
	c := s.client
	c.mu.Lock()
	kept := c.token
	c.mu.Unlock()
	if kept.value != "" && c.now().Before(kept.until) {
		return kept.value, nil
	}

	grant := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ClientID}, "client_secret": {c.Secret.Reveal()}}
	hidden := []string{c.Secret.Reveal()}
	asked := c.now()
	r, lost := c.post(ctx, s.transport, s.tokenURL, grant.Encode(), http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"},
	})
	switch {
	case lost != nil && lost.left && ctx.Err() == nil:
		f := fault.New(fault.Connection, "answer.token_lost").Because(reason(lost.error, hidden))
		return "", &step{Answer: Answer{Outcome: request.NotSent, Err: f}}
	case lost != nil:
		lost.left = false // nothing of the request did
		failed := c.failed(ctx, s.tokenURL, lost, hidden)
		return "", &failed
	case r.status != http.StatusOK:
		refusal := r.tokenRefusal(c.now(), hidden)
		return "", &refusal
	}
	fresh, ok := r.token(asked)
	if !ok {
		return "", &step{Answer: Answer{Outcome: request.NotSent, Err: fault.New(fault.Connection, "answer.token_unreadable", "status", r.status)}}
	}
	c.mu.Lock()
	c.token = fresh
	c.mu.Unlock()
	return fresh.value, nil
}

// forget drops a token that the License API did not take.
func (c *Client) forget(value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token.value == value {
		c.token = token{}
	}
}

// token reads a granted token, as RFC 6749 section 5.1 has it.
func (r reply) token(asked time.Time) (token, bool) {
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
	return token{granted.Token, asked.Add(life - tokenMargin)}, true
}

// tokenRefusal puts an answer without a token into words. The authorization
// server's errors have a shape of their own.
func (r reply) tokenRefusal(now time.Time, hidden []string) step {
	var refusal struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if r.busy() {
		return r.later(now)
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
