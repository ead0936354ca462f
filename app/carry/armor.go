package carry

import (
	"bytes"
	"compress/flate"
	"encoding/base32"
	"encoding/base64"
	"hash/crc32"
	"io"

	"handback/app/fault"
)

// Armor is the request's JSON, compressed (RFC 1951), in base32 (RFC 4648 section 6)
// without padding. It is used for requests that are too long for one code, and for
// typed lines. docs/carrying-format.md describes it.

var armorBase32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// maxJSON limits the JSON in armor, in bytes: as much as a carried text can have.
const maxJSON = MaxFileBytes / 4 * 3

var errArmor = fault.New(fault.Input, "carry.armor_damaged")

func pack(json []byte) []byte {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // fails only for invalid levels
	_, _ = w.Write(json)
	_ = w.Close()
	return packed.Bytes()
}

// unpack decompresses JSON and returns its carried text. It fails if the JSON does not
// match the checksum or is followed by other data.
func unpack(packed []byte, sum uint32) (carried string, err error) {
	rest := bytes.NewReader(packed)
	json, err := io.ReadAll(io.LimitReader(flate.NewReader(rest), maxJSON+1))
	switch {
	case len(json) > maxJSON:
		return "", tooLarge()
	case err != nil:
		return "", errArmor.Because(err)
	case rest.Len() > 0:
		return "", errArmor.Because(fault.New(fault.Input, "reason.after_end"))
	case crc32.ChecksumIEEE(json) != sum:
		return "", ErrSum
	case len(json) == 0:
		return "", ErrEmpty
	}
	return base64.StdEncoding.EncodeToString(json), nil
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
