package profile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"handback/app/licensespring"
)

// Destination is everything that decides where a secret, or what it signs, is sent.
// Profiles with the same destination may share a secret; for any other destination the
// secret has to be entered again.
type Destination struct {
	Method   string `json:"authorization.method"`
	Client   string `json:"client"` // API key, or OAuth client ID
	Endpoint string `json:"server.endpoint"`
	TokenURL string `json:"authorization.token_url,omitempty"` // with OAuth, where the secret itself is sent
	Proxy    string `json:"server.proxy,omitempty"`
	ExtraCA  string `json:"server.extra_ca,omitempty"` // PEM
}

// Destination returns where the profile sends requests. A non-empty endpoint takes
// precedence over the profile's.
func (p Profile) Destination(endpoint string) Destination {
	d := Destination{
		Method:   p.Authorization.Method,
		Client:   p.Authorization.APIKey,
		Endpoint: cmp.Or(endpoint, p.Server.Endpoint),
		Proxy:    p.Server.Proxy,
		ExtraCA:  p.Server.ExtraCA,
	}
	if p.Authorization.Method == OAuth {
		d.Client = p.Authorization.ClientID
		d.TokenURL = cmp.Or(p.Authorization.TokenURL, licensespring.DefaultTokenURL)
	}
	return d
}

// Account returns the keyring entry for the profile's secret: the profile's name, quoted,
// and the SHA-256 of the destination's JSON. Two destinations, or two names, never share
// one.
func (d Destination) Account(name string) string {
	text, _ := json.Marshal(d) // cannot fail: the fields are strings
	sum := sha256.Sum256(text)
	return strconv.Quote(name) + " " + hex.EncodeToString(sum[:])
}

// Hosts returns the names of the servers that are contacted: the License API's and, with
// OAuth, that of the token address, to which the client secret is sent.
func (d Destination) Hosts() string {
	var hosts []string
	for _, address := range []string{d.Endpoint, d.TokenURL} {
		if u, err := url.Parse(address); err == nil && u.Host != "" && !slices.Contains(hosts, u.Host) {
			hosts = append(hosts, u.Host)
		}
	}
	return strings.Join(hosts, ", ")
}

// Differences returns the names of the settings in which two destinations differ, as in a
// profile.
func (d Destination) Differences(other Destination) (names []string) {
	client := "authorization.api_key"
	if d.Method == OAuth {
		client = "authorization.client_id"
	}
	for _, row := range []struct{ name, one, two string }{
		{"authorization.method", d.Method, other.Method},
		{client, d.Client, other.Client},
		{"server.endpoint", d.Endpoint, other.Endpoint},
		{"authorization.token_url", d.TokenURL, other.TokenURL},
		{"server.proxy", d.Proxy, other.Proxy},
		{"server.extra_ca", d.ExtraCA, other.ExtraCA},
	} {
		if row.one != row.two {
			names = append(names, row.name)
		}
	}
	return names
}
