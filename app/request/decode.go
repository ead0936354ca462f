package request

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"handback/app/fault"
	"handback/app/secret"
	"handback/app/words"
)

// Limits of a request. A typical one has about 400 bytes, or tens of kilobytes with many
// device variables.
const (
	maxBytes   = 1 << 20
	maxDepth   = 6
	maxMembers = 64 // not counting device variables
	maxRunes   = 1024

	usualMembers = 10 // with room for a few more than most have
)

// Errors to compare with errors.Is.
var (
	ErrBothOwners  = fault.New(fault.Usage, "request.both_owners")
	ErrBothClients = fault.New(fault.Input, "request.both_clients")
	// ErrOther means that the request is not a deactivation, but an activation for
	// instance.
	ErrOther = fault.New(fault.Input, "request.other")
)

const deactivation = "deactivation"

// kinds maps the members that the License API documents to the kinds of their JSON
// values: string, number, true or false, object, array.
var kinds = map[string]string{
	"request": `"`, "request_id": `"`, "schema_version": `0`, "license_key": `"`, "username": `"`,
	"hardware_id": `"`, "product": `"`, "date": `"`, "api_key": `"`, "client_id": `"`, "signature": `"`,
	"bundle_code": `"`, "license_id": `0`, "hostname": `"`, "os_hostname": `"`, "ip": `"`, "ip_local": `"`,
	"mac_address": `"`, "os_ver": `"`, "app_ver": `"`, "app_name": `"`, "sdk_ver": `"`, "sdk_lang": `"`,
	"is_vm": `tf`, "vm_info": `"`, "consumptions": `0`, "product_features": `[`, "variables": `{`,
}

// optionalOrder is the order in which Make writes optional members: that of the recorded
// test vectors, with the device variables, which can be long, last.
var optionalOrder = []string{"bundle_code", "license_id", "hostname", "os_hostname", "ip", "ip_local",
	"mac_address", "os_ver", "app_ver", "app_name", "sdk_ver", "sdk_lang", "is_vm", "vm_info",
	"consumptions", "product_features", "variables"}

// Decode reads a carried request: one line of padded standard base64 with nothing before,
// within or after it. Errors are faults of kind Input.
func Decode(text string) (*Request, error) {
	if len(text) > base64.StdEncoding.EncodedLen(maxBytes) {
		return nil, fault.New(fault.Input, "request.too_long", "limit", maxBytes)
	}
	if i := strings.IndexAny(text, "\r\n"); i >= 0 { // the decoder would skip them
		return nil, fault.New(fault.Input, "request.base64", "position", i+1)
	}
	json, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		var at base64.CorruptInputError
		errors.As(err, &at)
		return nil, fault.New(fault.Input, "request.base64", "position", int64(at)+1)
	}
	return DecodeJSON(json)
}

// DecodeJSON reads a request's JSON under the same rules. It accepts an unsigned request
// too. It fails with [ErrLicenseFile] for a license file.
func DecodeJSON(json []byte) (*Request, error) {
	r, err := decodeJSON(json)
	if err != nil && isLicense(json) {
		return nil, ErrLicenseFile
	}
	return r, err
}

func decodeJSON(json []byte) (*Request, error) {
	if len(json) > maxBytes {
		return nil, fault.New(fault.Input, "request.too_long", "limit", maxBytes)
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(json)) // reads a Buffer without a copy
	if err := scan(json, d); err != nil {
		return nil, err
	}
	members, err := splitBy(d, json)
	if err != nil {
		return nil, err
	}
	r := &Request{Schema: Schema1, json: bytes.Clone(json)}
	if isHandoff(members) {
		return r.fromHandoff(members)
	}
	if inner := find(members, "request"); inner != nil && inner.Kind() == '{' {
		return r.fromEnvelope(members, inner)
	}
	if err := r.take(members, &r.signature); err != nil {
		return nil, err
	}
	return r, nil
}

// fromEnvelope reads schema 2: an object with the request and its signature side by side.
func (r *Request) fromEnvelope(members []Member, inner jsontext.Value) (*Request, error) {
	r.Schema = Schema2
	r.signed = inner
	for _, m := range members {
		switch {
		case m.Name == "request":
		case m.Name == "signature" && m.Value.Kind() == '"':
			r.signature = m.Text()
		case m.Name == "signature":
			return nil, wrongType("signature")
		case kinds[m.Name] != "": // some reader might mistake it for the signed one
			return nil, fault.New(fault.Input, "request.beside", "member", m.Name)
		default:
			if err := checkCase(m.Name); err != nil {
				return nil, err
			}
			r.envelope = append(r.envelope, m.Name)
		}
	}
	own, err := split(inner)
	if err != nil {
		return nil, err
	}
	if err := r.take(own, &r.inner); err != nil {
		return nil, err
	}
	return r, nil
}

// take checks the request's own members and stores them.
func (r *Request) take(members []Member, signature *string) error {
	var sort string
	texts := [...]struct {
		name string
		text *string
	}{{"request", &sort}, {"request_id", &r.RequestID}, {"license_key", &r.LicenseKey}, {"username", &r.Username}, {"hardware_id", &r.HardwareID},
		{"product", &r.Product}, {"date", &r.Date}, {"api_key", &r.APIKey}, {"client_id", &r.ClientID}, {"signature", signature}}
	r.Members = make([]Member, 0, len(members))
	for _, m := range members {
		if err := checkCase(m.Name); err != nil {
			return err
		}
		if want, known := kinds[m.Name]; known && !strings.ContainsRune(want, rune(m.Value.Kind())) {
			return wrongType(m.Name)
		}
		for _, one := range texts {
			if one.name == m.Name {
				*one.text = m.Text()
			}
		}
		if strings.EqualFold(m.Name, "password") { // an older page of the documentation lists it; it must not be shown
			m.Value = quote(secret.Redacted)
		}
		if m.Name != "signature" {
			r.Members = append(r.Members, m)
		}
	}
	if sort != "" && sort != deactivation {
		return ErrOther.With("request", words.Visible(sort, 40))
	}
	return r.check()
}

func (r *Request) check() error {
	if version := find(r.Members, "schema_version"); version != nil && string(version) != strconv.Itoa(r.Schema) {
		return fault.New(fault.Input, "request.schema", "schema", words.Visible(string(version), 20))
	}
	if r.APIKey != "" && r.ClientID != "" {
		return ErrBothClients
	}
	for _, v := range append(r.signedValues(), signed{"product", r.Product}) {
		if strings.TrimSpace(v.value) == "" {
			return missing(v.member)
		}
		if err := checkValue(v.member, v.value); err != nil {
			return err
		}
	}
	_, err := r.parseDate()
	return err
}

// scan reads all of the JSON once and refuses what exceeds the limits or is not strict.
// The parser detects duplicate members, invalid UTF-8, lone surrogates and a second
// value. The decoder is at the beginning of the JSON.
func scan(json []byte, d *jsontext.Decoder) error {
	if !utf8.Valid(json) {
		return fault.New(fault.Input, "request.utf8")
	}
	for {
		token, err := d.ReadToken()
		if errors.Is(err, io.EOF) && d.StackDepth() == 0 && d.InputOffset() > 0 {
			return nil
		}
		if err != nil {
			return syntax(err, d)
		}
		if d.StackDepth() > maxDepth {
			return fault.New(fault.Input, "request.too_deep", "limit", maxDepth)
		}
		switch token.Kind() {
		case 'n':
			return fault.New(fault.Input, "request.null", "pointer", pointer(d))
		case '0':
			if _, err := strconv.ParseFloat(token.String(), 64); err != nil {
				return fault.New(fault.Input, "request.number", "pointer", pointer(d))
			}
		case '"':
			if text := token.String(); utf8.RuneCountInString(text) > maxRunes {
				return fault.New(fault.Input, "request.long_string", "pointer", pointer(d), "limit", maxRunes)
			} else if strings.ContainsRune(text, utf8.RuneError) {
				return fault.New(fault.Input, "request.utf8")
			}
		}
		if d.StackDepth() == 0 && token.Kind() != '}' {
			return fault.New(fault.Input, "request.not_object")
		}
		if d.StackDepth() == 0 {
			if rest := bytes.TrimRight(json[d.InputOffset():], " \t\r\n"); len(rest) > 0 {
				return fault.New(fault.Input, "request.trailing", "position", d.InputOffset()+1)
			}
		}
	}
}

func syntax(err error, d *jsontext.Decoder) error {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return fault.New(fault.Input, "request.duplicate", "pointer", pointer(d))
	}
	return fault.New(fault.Input, "request.json", "position", d.InputOffset()+1)
}

func pointer(d *jsontext.Decoder) string { return words.Visible(string(d.StackPointer()), 80) }

// split returns an object's members with unchanged values. The JSON was scanned before.
func split(json []byte) ([]Member, error) { return splitBy(new(jsontext.Decoder), json) }

// splitBy is split with a decoder that is used again.
func splitBy(d *jsontext.Decoder, json []byte) ([]Member, error) {
	d.Reset(bytes.NewBuffer(json))
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return nil, fault.New(fault.Input, "request.not_object")
	}
	members := make([]Member, 0, usualMembers)
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, syntax(err, d)
		}
		label := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return nil, syntax(err, d)
		}
		if members = append(members, Member{label, value.Clone()}); len(members) > maxMembers {
			return nil, fault.New(fault.Input, "request.too_many", "limit", maxMembers)
		}
	}
	return members, nil
}

func find(members []Member, name string) jsontext.Value {
	for _, m := range members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// checkCase refuses a name that differs from a documented one only in case: some readers
// would treat it as that member, others would not.
func checkCase(name string) error {
	if _, known := kinds[name]; known {
		return nil
	}
	for documented := range kinds {
		if strings.EqualFold(name, documented) {
			return fault.New(fault.Input, "request.case", "member", words.Visible(name, 40), "documented", documented)
		}
	}
	return nil
}

func missing(member string) error { return fault.New(fault.Input, "request.missing", "member", member) }

func wrongType(member string) error {
	return fault.New(fault.Input, "request.wrong_type", "member", member)
}
