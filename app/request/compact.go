package request

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/go-json-experiment/json/jsontext"

	"handback/app/fault"
)

// The compact form of a request has its values instead of its JSON: the number of a
// shape, then a CBOR map (RFC 8949, deterministic encoding) with numbers for the members'
// names. docs/carrying-format.md describes it.

// Common is what all requests made under one profile have in common. The compact form may
// have its tag instead: the computer that submits the request has the profile too.
type Common struct {
	Product  string
	APIKey   string // this, or under OAuth ClientID
	ClientID string
}

// Tag identifies a [Common] in 48 bits, so that among a thousand profiles two have the
// same one with a probability of one in five hundred million.
type Tag [6]byte

// Tag returns the first six bytes of a SHA-256: of the product, a line feed, and
// "api_key " or "client_id " with its value.
func (c Common) Tag() (t Tag) {
	client := "api_key " + c.APIKey
	if c.APIKey == "" {
		client = "client_id " + c.ClientID
	}
	sum := sha256.Sum256([]byte(c.Product + "\n" + client))
	copy(t[:], sum[:])
	return t
}

// String returns the tag for people: ten letters in two groups.
func (t Tag) String() string {
	letters := base32.StdEncoding.EncodeToString(t[:])
	return letters[:5] + "-" + letters[5:10]
}

// Errors to compare with errors.Is.
var (
	// ErrNotCompact means that a request has no compact form, because its JSON is not
	// what Make and Unsigned write.
	ErrNotCompact = fault.New(fault.Input, "request.not_compact")
	// ErrUnknownTag means that a compact form's tag is that of none of the given profiles.
	ErrUnknownTag = fault.New(fault.Input, "request.unknown_tag")

	errCompact = fault.New(fault.Input, "request.compact")
)

// shape is what the compact form leaves out: the JSON around the values.
type shape struct {
	schema   int
	hex      bool // of schema 2's outer signature
	unsigned bool
}

// shapes by their numbers.
var shapes = []shape{
	0: {schema: Schema1},
	1: {schema: Schema1, unsigned: true},
	2: {schema: Schema2},
	3: {schema: Schema2, unsigned: true},
	4: {schema: Schema2, hex: true},
}

// The first byte has the number of the shape, and in its low three bits a mark with which
// no deflate stream begins (RFC 1951 section 3.2.3), so that one never passes for the other.
const (
	mark     = 0b110
	markBits = 3
)

// IsCompact reports whether data begins as a compact form does.
func IsCompact(data []byte) bool { return len(data) > 0 && data[0]&(1<<markBits-1) == mark }

// The numbers of the members. A text is packed into bytes where it can be.
const (
	keyRequestID  = 1
	keyDate       = 5 // seconds since 1970
	keyTag        = 6
	keySignature  = 7 // as bytes; in schema 2 the inner one
	keyOuter      = 8
	firstOptional = 16 // in the order of optionalOrder
)

// texts are the other members of a draft. Product, APIKey and ClientID stand for the tag.
var texts = map[uint64]struct {
	of func(*Draft) *string
	packing
}{
	2:  {func(d *Draft) *string { return &d.LicenseKey }, keyPacking},
	3:  {func(d *Draft) *string { return &d.Username }, noPacking},
	4:  {func(d *Draft) *string { return &d.HardwareID }, hexPacking},
	9:  {func(d *Draft) *string { return &d.Product }, noPacking},
	10: {func(d *Draft) *string { return &d.APIKey }, uuidPacking},
	11: {func(d *Draft) *string { return &d.ClientID }, uuidPacking},
}

// lastSecond is the last one of the year 9999, in seconds since 1970: a date has four
// digits for its year.
const lastSecond = 253402300799

var (
	deterministic, _ = cbor.CoreDetEncOptions().EncMode()
	strict, _        = cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
		TagsMd: cbor.TagsForbidden, IntDec: cbor.IntDecConvertSignedOrFail, MaxMapPairs: maxMembers, MaxNestedLevels: 4}.DecMode()
)

// Compact returns the request's compact form, some 105 bytes in schema 1. [Expand] returns
// the request's JSON from it, byte for byte, which has been tried. known are the profiles
// of which the form may have the tag. It fails with [ErrNotCompact] if there is no such
// form.
func (r *Request) Compact(known []Common) ([]byte, error) {
	made, err := time.Parse(http.TimeFormat, r.Date)
	if err != nil {
		return nil, ErrNotCompact
	}
	d := r.draft()
	s := shape{schema: r.Schema, unsigned: r.Handoff, hex: r.Schema == Schema2 && len(r.signature) == hex.EncodedLen(sha256.Size)}
	values := map[uint64]any{keyDate: made.Unix()}
	signatures := map[uint64]string{keySignature: r.signature}
	if s.schema == Schema2 {
		signatures = map[uint64]string{keySignature: r.inner, keyOuter: r.signature}
	}
	for key := range s.macs() {
		if values[key], err = decodeMAC(signatures[key], s.hex && key == keyOuter); err != nil {
			return nil, ErrNotCompact
		}
	}
	if d.RequestID != "" {
		values[keyRequestID] = d.packID()
	}
	if common := (Common{d.Product, d.APIKey, d.ClientID}); slices.Contains(known, common) {
		tag := common.Tag()
		values[keyTag] = tag[:]
		d.Product, d.APIKey, d.ClientID = "", "", ""
	}
	for key, text := range texts {
		if value := *text.of(&d); value != "" {
			values[key] = text.packed(value)
		}
	}
	for _, m := range d.Optional {
		values[firstOptional+uint64(slices.Index(optionalOrder, m.Name))] = packJSON(m.Value) //nolint:gosec // an index of a list
	}
	packed, err := deterministic.Marshal(values)
	if err != nil {
		return nil, ErrNotCompact.Because(err)
	}
	compact := append([]byte{byte(slices.Index(shapes, s)<<markBits | mark)}, packed...) //nolint:gosec // five shapes
	if json, err := Expand(compact, known); err != nil || !bytes.Equal(json, r.json) {
		return nil, ErrNotCompact
	}
	return compact, nil
}

// decodeMAC returns the bytes of a signature.
func decodeMAC(signature string, inHex bool) ([]byte, error) {
	if inHex {
		return hex.DecodeString(signature)
	}
	return base64.StdEncoding.DecodeString(signature)
}

// Expand returns the JSON of a request from its compact form. known are the profiles of
// this computer: it fails with [ErrUnknownTag] if the request was made under another. Other
// errors mean that the form is damaged, or that of a newer version.
func Expand(compact []byte, known []Common) ([]byte, error) {
	if !IsCompact(compact) {
		return nil, errCompact
	}
	number := int(compact[0] >> markBits)
	if number >= len(shapes) {
		return nil, fault.New(fault.Input, "carry.newer")
	}
	var values map[uint64]any
	if err := strict.Unmarshal(compact[1:], &values); err != nil {
		return nil, errCompact.Because(err)
	}
	if again, err := deterministic.Marshal(values); err != nil || !bytes.Equal(again, compact[1:]) {
		return nil, errCompact
	}
	json, err := shapes[number].json(values, known)
	if err != nil {
		return nil, err
	}
	if _, err := DecodeJSON(json); err != nil {
		return nil, errCompact.Because(err)
	}
	return json, nil
}

// macs returns the numbers of the signatures that the shape has.
func (s shape) macs() map[uint64][]byte {
	switch {
	case s.unsigned:
		return nil
	case s.schema == Schema2:
		return map[uint64][]byte{keySignature: nil, keyOuter: nil}
	}
	return map[uint64][]byte{keySignature: nil}
}

// json writes the JSON around the values.
func (s shape) json(values map[uint64]any, known []Common) (jsontext.Value, error) {
	d := Draft{Schema: s.schema}
	seconds, dated := values[keyDate].(int64)
	if !dated || seconds < 0 || seconds > lastSecond {
		return nil, errCompact
	}
	macs := s.macs()
	for key, value := range values {
		text, ok := texts[key]
		_, mac := macs[key]
		switch {
		case key == keyDate, key == keyTag, key == keyRequestID:
		case mac:
			macs[key], _ = value.([]byte)
		case ok:
			if *text.of(&d), ok = text.text(value); !ok {
				return nil, errCompact
			}
		case key >= firstOptional && key-firstOptional < uint64(len(optionalOrder)):
			json, ok := unpackJSON(value)
			if !ok {
				return nil, errCompact
			}
			d.Optional = append(d.Optional, Member{optionalOrder[key-firstOptional], json})
		default:
			return nil, errCompact
		}
	}
	if value, ok := values[keyTag]; ok {
		tag, _ := value.([]byte)
		if len(tag) != len(Tag{}) || d.Product+d.APIKey+d.ClientID != "" {
			return nil, errCompact
		}
		at := slices.IndexFunc(known, func(c Common) bool { return c.Tag() == Tag(tag) })
		if at < 0 {
			return nil, ErrUnknownTag.With("tag", Tag(tag).String())
		}
		d.Product, d.APIKey, d.ClientID = known[at].Product, known[at].APIKey, known[at].ClientID
	}
	if id, ok := values[keyRequestID]; ok { // last: it may be made of the others
		if d.RequestID, ok = d.unpackID(id); !ok {
			return nil, errCompact
		}
	}
	for _, mac := range macs {
		if len(mac) == 0 {
			return nil, errCompact
		}
	}
	made := time.Unix(seconds, 0)
	members, err := d.Members(made)
	if err != nil {
		return nil, errCompact.Because(err)
	}
	if s.unsigned {
		return unsigned(members, made), nil
	}
	whole := signedWith(members, encode(macs[keySignature], false))
	if s.schema == Schema2 {
		whole = envelope(whole, encode(macs[keyOuter], s.hex))
	}
	return whole, nil
}
