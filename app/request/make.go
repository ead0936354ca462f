package request

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"handback/app/fault"
	"handback/app/secret"
)

// Draft is the input of [Make] and [Unsigned].
type Draft struct {
	Schema     int    // Schema1 or Schema2
	Hex        bool   // whether schema 2's outer signature is in hex instead of base64
	RequestID  string // a UUID v4
	LicenseKey string // this or Username
	Username   string
	HardwareID string
	Product    string
	APIKey     string // this, or under OAuth ClientID
	ClientID   string
	Optional   []Member // optional members, made by [Text], [Number] and [Variables]
}

// Variable is a device variable, which the server stores on deactivation.
type Variable struct {
	Name  string
	Value string // as typed; see [Variables]
}

// Text returns an optional member that is a string.
func Text(name, value string) Member { return Member{name, quote(value)} }

// Number returns an optional member that is a whole number.
func Number(name string, value int64) Member {
	return Member{name, strconv.AppendInt(nil, value, 10)}
}

// Variables returns the member of device variables. The values true and false become
// booleans. A number written as JavaScript would write it becomes a number. Everything
// else becomes a string, so "007" and "1.50" keep their digits.
//
// Names that are whole numbers come first, in order, as in JavaScript, so that an SDK
// that reads and writes the request gets the same bytes.
func Variables(variables []Variable) Member {
	ordered := slices.Clone(variables)
	slices.SortStableFunc(ordered, func(a, b Variable) int {
		i, iok := arrayIndex(a.Name)
		j, jok := arrayIndex(b.Name)
		switch {
		case iok && jok:
			return cmp.Compare(i, j)
		case iok:
			return -1
		case jok:
			return 1
		}
		return 0
	})
	members := make([]Member, len(ordered))
	for i, v := range ordered {
		members[i] = Member{v.Name, scalar(v.Value)}
	}
	return Member{"variables", object(members)}
}

// Make builds and signs a request. Its date comes from the clock. It refuses control
// characters in signed members, missing members, and a key together with a username, with
// a fault of kind Input or Usage.
func Make(d Draft, clock func() time.Time, key secret.Secret) (*Request, error) {
	now := clock()
	members, err := d.Members(now)
	if err != nil {
		return nil, err
	}
	date := formatDate(now)
	inner, err := sign(signedValues(date, d.LicenseKey, d.Username, d.HardwareID, d.APIKey, d.ClientID), key)
	if err != nil {
		return nil, err
	}
	whole := signedWith(members, inner)
	if d.Schema == Schema2 {
		whole = envelope(whole, encode(key.HMAC(whole), d.Hex))
	}
	// Reading it back makes sure that our own reader accepts it.
	return DecodeJSON(whole)
}

// signedWith returns the JSON of a request of schema 1, or what is inside one of schema 2.
func signedWith(members []Member, signature string) jsontext.Value {
	return object(append(members, Text("signature", signature)))
}

// envelope returns the JSON of a request of schema 2.
func envelope(inner jsontext.Value, signature string) jsontext.Value {
	return object([]Member{{"request", inner}, Text("signature", signature)})
}

// Members returns the members that a request made at this time would have, in order,
// without the signature.
func (d Draft) Members(now time.Time) ([]Member, error) {
	if d.Schema != Schema1 && d.Schema != Schema2 {
		return nil, fault.New(fault.Input, "request.schema", "schema", d.Schema)
	}
	if d.LicenseKey != "" && d.Username != "" {
		return nil, ErrBothOwners
	}
	if d.APIKey != "" && d.ClientID != "" {
		return nil, ErrBothClients
	}
	var members []Member
	if d.Schema == Schema2 {
		members = append(members, Number("schema_version", Schema2))
	}
	for _, m := range [][2]string{{"request", deactivation}, {"request_id", d.RequestID},
		{"license_key", d.LicenseKey}, {"username", d.Username}, {"hardware_id", d.HardwareID},
		{"product", d.Product}, {"date", formatDate(now)}, {"api_key", d.APIKey}, {"client_id", d.ClientID}} {
		if m[1] != "" {
			members = append(members, Text(m[0], m[1]))
		}
	}
	optional := slices.Clone(d.Optional)
	slices.SortStableFunc(optional, func(a, b Member) int {
		return slices.Index(optionalOrder, a.Name) - slices.Index(optionalOrder, b.Name)
	})
	for _, m := range optional {
		if !slices.Contains(optionalOrder, m.Name) {
			return nil, fault.New(fault.Input, "request.not_optional", "member", m.Name)
		}
	}
	return append(members, optional...), nil
}

// formatDate formats a time as a request's date: RFC 7231, always GMT.
func formatDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// object writes members as JavaScript's JSON.stringify does: without spaces, and with
// only the quotation mark, the backslash and control characters escaped.
func object(members []Member) jsontext.Value {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(quote(m.Name))
		b.WriteByte(':')
		b.Write(m.Value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// quote replaces invalid UTF-8; DecodeJSON then refuses the replacement.
func quote(text string) jsontext.Value {
	quoted, _ := jsontext.AppendQuote(nil, strings.ToValidUTF8(text, "\uFFFD"))
	return quoted
}

func scalar(text string) jsontext.Value {
	if text == "true" || text == "false" {
		return jsontext.Value(text)
	}
	if number, err := strconv.ParseFloat(text, 64); err == nil && jsontext.Float(number).String() == text && text != "-0" {
		if v := jsontext.Value(text); v.IsValid() && v.Kind() == '0' {
			return v
		}
	}
	return quote(text)
}

// arrayIndex reports whether JavaScript treats a name as an array index.
func arrayIndex(name string) (uint32, bool) {
	n, err := strconv.ParseUint(name, 10, 32)
	return uint32(n), err == nil && n < 1<<32-1 && strconv.FormatUint(n, 10) == name
}
