package sandbox

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"handback/app/pattern"
	"handback/app/secret"
)

// dateTolerance is how old the Date header may be, as documented, and how far it may be
// ahead, which no source settles: see the scenarios date_not_ahead and date_ahead_any.
const dateTolerance = 15 * time.Minute

// tokenLife is the lifetime of an OAuth token in the vendor's example.
const tokenLife = 480 * time.Second

func (c *call) checkHeaders() *answer {
	for _, name := range []string{"Authorization", "Date"} {
		if c.header.Get(name) == "" {
			return c.refuse("missing_headers", name)
		}
	}
	return nil
}

// checkCredentials checks the Authorization header in both its forms.
//
// Source: https://docs.licensespring.com/license-api/license-api-authorization
func (c *call) checkCredentials() *answer {
	authorization := c.header.Get("Authorization")
	if scheme, token, found := strings.Cut(authorization, " "); found && strings.EqualFold(scheme, "Bearer") {
		return c.checkToken(strings.TrimSpace(token))
	}
	given, ok := pairs(authorization)
	if !ok {
		return c.refuse("authorization_invalid_headers", "malformed")
	}
	for _, name := range []string{"algorithm", "headers", "signature", "apikey"} {
		if given[name] == "" {
			return c.refuse("authorization_missing_params", name)
		}
	}
	switch {
	case !strings.EqualFold(given["algorithm"], "hmac-sha256"):
		return c.refuse("hmac_required", "hmac-sha256")
	case !strings.EqualFold(given["headers"], "date"):
		return c.refuse("authorization_invalid_headers", "headers")
	case c.options.ClientID != "":
		return c.refuse("oauth_required", "")
	case given["apikey"] != c.options.APIKey:
		return c.refuse("invalid_api_key", "")
	case !same(given["signature"], c.sign("licenseSpring\ndate: "+c.header.Get("Date"))):
		return c.refuse("authorization_invalid_headers", "signature")
	}
	return nil
}

var (
	onePair  = pattern.Lazy(`([A-Za-z]+)="([^"]*)"`)
	allPairs = pattern.Lazy(`^\s*[A-Za-z]+="[^"]*"(\s*,\s*[A-Za-z]+="[^"]*")*\s*$`)
)

// pairs parses name="value",name="value". Names are returned in small letters: SDKs write
// both apikey and apiKey.
func pairs(text string) (map[string]string, bool) {
	if !allPairs().MatchString(text) {
		return nil, false
	}
	given := map[string]string{}
	for _, found := range onePair().FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(found[1])
		if _, twice := given[name]; twice {
			return nil, false
		}
		given[name] = found[2]
	}
	return given, true
}

func (c *call) checkDate() *answer {
	date, err := http.ParseTime(c.header.Get("Date"))
	switch age := c.now.Sub(date); {
	case err != nil:
		return c.refuse("authorization_invalid_headers", "date")
	case age > dateTolerance, -age > dateTolerance && !c.on["date_ahead_any"]:
		return c.refuse("date_header_diff", "")
	}
	return nil
}

// sign returns a signature of the License API: HMAC-SHA256 under the shared key, in base64.
// It must only be compared, and never be sent.
func (s *Sandbox) sign(text string) string {
	return base64.StdEncoding.EncodeToString(s.options.Secret.HMAC([]byte(text)))
}

func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// refusal is the authorization server's error object: RFC 6749 section 5.2.
type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

var invalidClient = refusal{"invalid_client", "Invalid client or Invalid client credentials"}

// grant answers a request for an OAuth token: the client credentials grant of RFC 6749
// section 4.4, with the client secret in the form.
func (c *call) grant() *answer {
	if a := c.play(atGrant); a != nil {
		return a
	}
	kind, _, _ := mime.ParseMediaType(c.header.Get("Content-Type"))
	form, err := url.ParseQuery(string(c.body))
	switch {
	case kind != "application/x-www-form-urlencoded" || err != nil || form.Get("grant_type") == "":
		return jsonAnswer(http.StatusBadRequest, refusal{"invalid_request", "Missing form parameter: grant_type"})
	case form.Get("grant_type") != "client_credentials":
		return jsonAnswer(http.StatusBadRequest, refusal{"unsupported_grant_type", "Unsupported grant_type"})
	case c.options.ClientID == "" || form.Get("client_id") != c.options.ClientID || !c.isSecret(form.Get("client_secret")):
		return jsonAnswer(http.StatusUnauthorized, invalidClient)
	}
	return jsonAnswer(http.StatusOK, map[string]any{
		"access_token": c.token(c.now.Add(tokenLife)),
		"expires_in":   int(tokenLife.Seconds()),
		"token_type":   "Bearer",
	})
}

// isSecret compares the HMACs of the two secrets, so that the sandbox's is not revealed.
func (s *Sandbox) isSecret(text string) bool {
	given := secret.New([]byte(text))
	return !given.IsZero() && hmac.Equal(given.HMAC(nil), s.options.Secret.HMAC(nil))
}

// token returns a token that is valid until the given time. It consists of that time,
// signed, so the sandbox does not store it.
func (s *Sandbox) token(until time.Time) string {
	end := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(end, s.tokens.HMAC(end)...))
}

func (c *call) checkToken(token string) *answer {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < 8 || !hmac.Equal(raw[8:], c.tokens.HMAC(raw[:8])) {
		return c.refuse("oauth_token_malformed", "")
	}
	if until := time.Unix(int64(binary.BigEndian.Uint64(raw)), 0); !c.now.Before(until) {
		return c.refuse("oauth_token_expired", "")
	}
	return nil
}
