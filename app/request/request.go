// Package request is the deactivation request: its members, its signature in
// schemas 1 and 2, and its strict decoding. A request is made from a Draft by
// Make or read by Decode; either way it keeps the very bytes it was made of,
// and everything said about it is read off those bytes.
package request

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Schemas of the License API. A vendor can set 2 as the minimum; the default
// minimum is 1.
const (
	Schema1 = 1
	Schema2 = 2
)

// Member is one member of the request's JSON, its value as it stands.
type Member struct {
	Name  string
	Value jsontext.Value
}

// Text is a member's value for people: a string without its quotes, anything
// else as its JSON.
func (m Member) Text() string {
	if m.Value.Kind() == '"' {
		text, _ := jsontext.AppendUnquote(nil, m.Value) // decoded strictly before
		return string(text)
	}
	return string(m.Value)
}

// Request is a deactivation request that decoded strictly. It is never
// changed: what is sent and what is shown are the same bytes.
type Request struct {
	Schema     int
	RequestID  string // a UUID; empty in the Node SDK's own files
	LicenseKey string // this or Username; with both, the key is what is signed
	Username   string
	HardwareID string
	Product    string // the product's short code
	Date       string // as written: the signature covers the text; of a hand-off, when it was made
	APIKey     string // this, or under OAuth ClientID
	ClientID   string

	// Handoff marks a request without a date and a signature, made for a computer
	// that has the shared key.
	Handoff bool

	// Members are the request's own, in their order, without the signatures.
	Members []Member

	json      []byte // the whole, as it stands
	signed    []byte // schema 2: the raw bytes of the member "request"
	signature string // schema 2: the outer one
	envelope  []string
}

// Encode is the request as it is carried and sent: one line of padded
// standard base64.
func (r *Request) Encode() string { return base64.StdEncoding.EncodeToString(r.json) }

// JSON is the request's JSON, byte for byte as it was made or read.
func (r *Request) JSON() []byte { return bytes.Clone(r.json) }

// MembersJSON is Members as one JSON object, each value as it stands.
func (r *Request) MembersJSON() []byte { return object(r.Members) }

// Identity tells requests apart whatever their JSON's spelling: two with the
// same members and signature are the same to the server.
func (r *Request) Identity() string {
	var b strings.Builder
	for _, m := range r.Members {
		value := m.Value.Clone()
		_ = value.Compact() // decoded strictly before
		fmt.Fprintf(&b, "%q:%s\n", m.Name, value)
	}
	return b.String() + r.signature
}

// CheckCode is what two people on the telephone compare: the first twelve base32
// characters of the SHA-256 of the JSON, 60 bits, as XXXX-XXXX-XXXX.
func (r *Request) CheckCode() string {
	sum := sha256.Sum256(r.json)
	return CheckCode(sum[:])
}

// CheckCode returns the check code of a SHA-256, or of its first eight bytes.
func CheckCode(sum []byte) string {
	code := base32.StdEncoding.EncodeToString(sum[:8])
	return code[:4] + "-" + code[4:8] + "-" + code[8:12]
}

// Owner is whom the license belongs to, as it is signed: the license key,
// else the username.
func (r *Request) Owner() string { return r.signedValues()[1].value }

// Client is who asks, as it is signed: the API key, else the OAuth client ID.
func (r *Request) Client() string { return r.signedValues()[3].value }

// NotCovered names the members that the signature does not protect: in
// schema 1 all but the four signed values, in schema 2 those beside the
// member "request".
func (r *Request) NotCovered() []string {
	if r.Handoff {
		return nil // there is no signature
	}
	if r.Schema == Schema2 {
		return slices.Clone(r.envelope)
	}
	var names []string
	for _, m := range r.Members {
		covered := func(v signed) bool { return v.member == m.Name }
		if !slices.ContainsFunc(r.signedValues(), covered) {
			names = append(names, m.Name)
		}
	}
	return names
}
