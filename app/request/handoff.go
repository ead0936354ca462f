package request

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"handback/app/fault"
	"handback/app/secret"
	"handback/app/words"
)

// An unsigned request, or hand-off, is made where there is no shared key. It has the members
// of a request without a date and a signature, which the support desk adds. The License API
// and the vendor's portal cannot mistake its JSON for a request:
//
//	{"handoff":1,"made":DATE,"members":{…}}

const handoffVersion = "1"

// ErrNewer means that an unsigned request's format is a newer version's.
var ErrNewer = fault.New(fault.Input, "request.handoff_newer")

// Unsigned makes an unsigned request from a draft. The clock's time is in it for people
// only: the signed request gets the date of the computer that signs it.
func Unsigned(d Draft, clock func() time.Time) (*Request, error) {
	now := clock()
	members, err := d.Members(now)
	if err != nil {
		return nil, err
	}
	return DecodeJSON(unsigned(members, now))
}

// unsigned returns the JSON of an unsigned request with the members of a signed one.
func unsigned(members []Member, made time.Time) jsontext.Value {
	members = slices.DeleteFunc(members, func(m Member) bool { return m.Name == "date" })
	return object([]Member{{"handoff", jsontext.Value(handoffVersion)}, Text("made", formatDate(made)), {"members", object(members)}})
}

// Sign makes the signed request of an unsigned one, with the date of the given clock. hex
// is as in [Draft].
func (r *Request) Sign(clock func() time.Time, key secret.Secret, hex bool) (*Request, error) {
	d := r.draft()
	d.Hex = hex
	return Make(d, clock, key)
}

// draft returns the draft of which the request may have been made.
func (r *Request) draft() Draft {
	d := Draft{Schema: r.Schema, RequestID: r.RequestID, LicenseKey: r.LicenseKey, Username: r.Username,
		HardwareID: r.HardwareID, Product: r.Product, APIKey: r.APIKey, ClientID: r.ClientID}
	for _, m := range r.Members {
		if slices.Contains(optionalOrder, m.Name) {
			d.Optional = append(d.Optional, m)
		}
	}
	return d
}

// isHandoff reports whether the first member is one that no request has.
func isHandoff(members []Member) bool { return len(members) > 0 && members[0].Name == "handoff" }

// fromHandoff reads an unsigned request. It refuses what Unsigned does not make: nobody
// could knowingly sign a member that is not documented.
func (r *Request) fromHandoff(members []Member) (*Request, error) {
	if string(members[0].Value) != handoffVersion {
		return nil, ErrNewer
	}
	r.Handoff = true
	var own jsontext.Value
	for _, m := range members[1:] {
		switch {
		case m.Name == "made" && m.Value.Kind() == '"':
			r.Date = m.Text()
		case m.Name == "members" && m.Value.Kind() == '{':
			own = m.Value
		default:
			return nil, handoffMember(m.Name)
		}
	}
	if _, err := time.Parse(http.TimeFormat, r.Date); err != nil {
		return nil, wrongType("made")
	}
	if own == nil {
		return nil, missing("members")
	}
	inner, err := split(own)
	if err != nil {
		return nil, err
	}
	for _, m := range inner {
		switch {
		case m.Name == "schema_version":
			if string(m.Value) == strconv.Itoa(Schema2) {
				r.Schema = Schema2
			}
		case !slices.Contains(handoffMembers, m.Name):
			return nil, handoffMember(m.Name)
		}
	}
	var none string
	if err := r.take(inner, &none); err != nil {
		return nil, err
	}
	if r.LicenseKey != "" && r.Username != "" {
		return nil, ErrBothOwners
	}
	return r, r.checkHandoff()
}

// MaxShown limits the members of an unsigned request, in characters: whoever signs it
// sees all of them.
const MaxShown = 16 << 10

// checkHandoff refuses what is too long to be read before it is signed. It also refuses
// white space, which Unsigned does not write: by varying it, the check code of another
// request could be reached.
func (r *Request) checkHandoff() error {
	compact := jsontext.Value(r.json).Clone()
	if err := compact.Compact(); err != nil || !bytes.Equal(compact, r.json) {
		return fault.New(fault.Input, "request.handoff_form")
	}
	characters := 0
	for _, m := range r.Members {
		characters += utf8.RuneCountInString(m.Text())
	}
	if characters > MaxShown {
		return fault.New(fault.Input, "request.handoff_long", "characters", characters, "limit", MaxShown)
	}
	return nil
}

// handoffMembers are the members of a draft without the date, which comes from the desk's
// clock and never from outside.
var handoffMembers = append([]string{"request", "request_id", "license_key", "username", "hardware_id", "product", "api_key", "client_id"},
	optionalOrder...)

func handoffMember(name string) error {
	return fault.New(fault.Input, "request.handoff_member", "member", words.Visible(name, 40))
}
