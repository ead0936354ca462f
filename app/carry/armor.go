package carry

import (
	"bytes"
	"compress/flate"
	"encoding/base32"
	"encoding/base64"
	"hash/crc32"
	"io"

	"handback/app/fault"
	"handback/app/request"
)

// Armor is a request's compact form, or its JSON compressed (RFC 1951) where that is
// shorter or the only one, in base32 (RFC 4648 section 6) without padding. Codes, parts and
// typed lines hold it. docs/carrying-format.md describes it.

var armorBase32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// maxJSON limits the JSON in armor, in bytes: as much as a carried text can have.
const maxJSON = MaxFileBytes / 4 * 3

var errArmor = fault.New(fault.Input, "carry.armor_damaged")

// armor is what parts or lines hold together.
type armor struct {
	packed []byte
	sum    uint32 // CRC-32 (IEEE 802.3) of a compact form, or of compressed JSON
}

// newArmor packs a carried text. known is as in [request.Request.Compact].
func newArmor(carried string, known []request.Common) armor {
	json := bytesOf(carried)
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // fails only for invalid levels
	_, _ = w.Write(json)
	_ = w.Close()
	if r, err := request.DecodeJSON(json); err == nil {
		if compact, err := r.Compact(known); err == nil && len(compact) < packed.Len() {
			return armor{compact, crc32.ChecksumIEEE(compact)}
		}
	}
	return armor{packed.Bytes(), crc32.ChecksumIEEE(json)}
}

// open checks the sum and returns the content: a compact form, or JSON.
func (a armor) open() (content []byte, err error) {
	content = a.packed
	if !request.IsCompact(a.packed) {
		if content, err = inflate(a.packed); err != nil {
			return nil, err
		}
	}
	switch {
	case crc32.ChecksumIEEE(content) != a.sum:
		return nil, ErrSum
	case len(content) == 0:
		return nil, ErrEmpty
	}
	return content, nil
}

// carriedText returns the carried text of what open returned. known are the profiles by
// which a compact form is read.
func carriedText(content []byte, known []request.Common) (string, error) {
	if request.IsCompact(content) {
		json, err := request.Expand(content, known)
		if err != nil {
			return "", err
		}
		content = json
	}
	return base64.StdEncoding.EncodeToString(content), nil
}

// inflate decompresses JSON. It fails if that is followed by other data.
func inflate(packed []byte) ([]byte, error) {
	rest := bytes.NewReader(packed)
	json, err := io.ReadAll(io.LimitReader(flate.NewReader(rest), maxJSON+1))
	switch {
	case len(json) > maxJSON:
		return nil, tooLarge()
	case err != nil:
		return nil, errArmor.Because(err)
	case rest.Len() > 0:
		return nil, errArmor.Because(fault.New(fault.Input, "reason.after_end"))
	}
	return json, nil
}

// decodeLetters decodes base32. The unused bits of the last letter must be zero.
func decodeLetters(letters string) ([]byte, error) {
	data, err := armorBase32.DecodeString(letters)
	if err != nil {
		return nil, errArmor.Because(err)
	}
	if armorBase32.EncodeToString(data) != letters {
		return nil, errArmor.Because(fault.New(fault.Input, "reason.bits"))
	}
	return data, nil
}
