package licensespring

import (
	"encoding/base64"
	"net"
	"net/url"
	"strings"

	"handback/app/fault"
	"handback/app/secret"
)

// dateSignature returns the signature for the Authorization header: HMAC-SHA256 under the
// shared key, in padded standard base64, over "licenseSpring", a newline and "date: " with
// the text of the Date header. That text is a prefix of the one that a deactivation request
// signs, so date must come from a clock. A server that checks a signature compares it with
// this one, and never sends it.
//
// Source: https://docs.licensespring.com/license-api/license-api-authorization/request-signature
func dateSignature(date string, key secret.Secret) string {
	return base64.StdEncoding.EncodeToString(key.HMAC([]byte("licenseSpring\ndate: " + date)))
}

// authorization returns the value of the Authorization header, and the texts in it that
// must never be shown.
func (c *Client) authorization(date, bearer string) (value string, hidden []string) {
	if bearer != "" {
		return "Bearer " + bearer, []string{bearer}
	}
	signature := dateSignature(date, c.Secret)
	return `algorithm="hmac-sha256",headers="date",signature="` + signature + `",apikey="` + c.APIKey + `"`,
		[]string{signature}
}

func (c *Client) checkCredentials() error {
	client := c.APIKey + c.ClientID
	switch {
	case (c.APIKey == "") == (c.ClientID == ""):
		return fault.New(fault.Input, "licensespring.credentials")
	case !isToken(client):
		return fault.New(fault.Input, "licensespring.credentials_form")
	case c.Secret.IsZero():
		return secret.ErrNone
	}
	return nil
}

// isToken reports whether a text can be quoted in the Authorization header: visible ASCII
// without quotes and backslashes.
func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r > '~' || r == '"' || r == '\\'
	})
}

// SafeAddress reports whether credentials may be sent to an address: https anywhere, http
// to this computer only, without user, query or fragment.
func SafeAddress(address string) bool {
	_, err := checkAddress("", address)
	return err == nil
}

// checkAddress parses an address that credentials are sent to. Plain http is allowed only
// for a sandbox on this computer: whoever reads the Authorization header on the way could
// use it for fifteen minutes. Member names the address in the error.
func checkAddress(member, address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		strings.HasSuffix(u.Host, ":") {
		return nil, fault.New(fault.Input, "licensespring.address", "member", member)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fault.New(fault.Input, "licensespring.address_scheme", "member", member, "host", u.Host)
	}
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
