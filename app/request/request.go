// Package request makes and reads LicenseSpring's deactivation requests: their members,
// their signature in schemas 1 and 2, and their strict decoding.
//
// [Make] signs a [Draft] on a computer that has the shared key, and [Unsigned] makes an
// unsigned request where there is none, for [Request.Sign] elsewhere. [Decode] reads a
// request in the form in which package [handback/app/carry] carries it, and
// [Request.Verify] checks its signature.
//
// A [Request] never changes: it has the exact bytes from which it was made or read, and
// everything that it says about itself comes from them. [Request.CheckCode] is a short
// code by which two people on the telephone know that they look at the same request.
//
// People type license keys and usernames. [CheckLicenseKey] and [CheckUsername] refuse
// obvious mistakes, and [ProposeLicenseKey] and [ProposeUsername] correct them.
package request

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Schemas of the License API. A vendor can set 2 as the minimum; the default
// minimum is 1.
const (
	Schema1 = 1
	Schema2 = 2
)

// Member is one member of a request's JSON, with its value unchanged.
type Member struct {
	Name  string
	Value jsontext.Value
}

// Text returns the value for people: a string without its quotes, anything else as JSON.
func (m Member) Text() string {
	if m.Value.Kind() == '"' {
		text, _ := jsontext.AppendUnquote(nil, m.Value) // decoded strictly before
		return string(text)
	}
	return string(m.Value)
}

// Request is a strictly decoded deactivation request. It never changes: what is shown and
// what is sent are the same bytes.
type Request struct {
	Schema     int
	RequestID  string // a UUID; empty in the Node SDK's own files
	LicenseKey string // this or Username; if both are set, the key is signed
	Username   string
	HardwareID string
	Product    string // the product's short code
	Date       string // unchanged, since the signature covers it; for an unsigned request, when it was made
	APIKey     string // this, or under OAuth ClientID
	ClientID   string

	// Handoff marks an unsigned request: it has no date and no signature, and is signed
	// on a computer that has the shared key.
	Handoff bool

	// Members are the request's own members in order, without the signatures.
	Members []Member

	json      []byte // of the whole request, unchanged
	signed    []byte // in schema 2 the raw bytes of the member "request"
	signature string // in schema 2 the outer one
	inner     string // in schema 2 the signature inside, if any
	envelope  []string
}

// Encode returns the request as it is carried and sent: one line of padded standard
// base64.
func (r *Request) Encode() string { return base64.StdEncoding.EncodeToString(r.json) }

// JSON returns the request's JSON, unchanged byte for byte.
func (r *Request) JSON() []byte { return bytes.Clone(r.json) }

// MembersJSON returns Members as one JSON object with unchanged values.
func (r *Request) MembersJSON() []byte { return object(r.Members) }

// Identity returns a text that is equal for two requests with the same members and
// signature, however their JSON is formatted: they are the same to the server.
func (r *Request) Identity() string {
	var b strings.Builder
	b.Grow(len(r.json) + len(r.signature))
	for _, m := range r.Members {
		value := m.Value
		if bytes.ContainsAny(value, " \t\r\n") {
			value = value.Clone()
			_ = value.Compact() // decoded strictly before
		}
		b.WriteString(strconv.Quote(m.Name))
		b.WriteByte(':')
		b.Write(value)
		b.WriteByte('\n')
	}
	b.WriteString(r.signature)
	return b.String()
}

// CheckCode returns the first twelve base32 characters of the SHA-256 of the JSON, 60
// bits, as XXXX-XXXX-XXXX. Two people on the telephone compare it.
func (r *Request) CheckCode() string {
	sum := sha256.Sum256(r.json)
	return CheckCode(sum[:])
}

// CheckCode returns the check code for a SHA-256, or for its first eight bytes.
func CheckCode(sum []byte) string {
	code := base32.StdEncoding.EncodeToString(sum[:8])
	return code[:4] + "-" + code[4:8] + "-" + code[8:12]
}

// Owner returns whose license it is, as it is signed: the license key, otherwise the
// username.
func (r *Request) Owner() string { return r.signedValues()[1].value }

// Client returns who sends the request, as it is signed: the API key, otherwise the OAuth
// client ID.
func (r *Request) Client() string { return r.signedValues()[3].value }

// NotCovered returns the names of members that the signature does not cover: in schema 1
// all but the four signed values, in schema 2 those beside the member "request".
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
