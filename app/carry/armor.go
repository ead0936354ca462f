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

// The armor carries what is too long for one code, or is typed: the request's
// JSON, compressed (RFC 1951), in the letters of base32 (RFC 4648 section 6)
// without padding. docs/carrying-format.md describes it.

var letters32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// maxJSON bounds what armor may hold, in bytes: a carried text's worth.
const maxJSON = MaxFileBytes / 4 * 3

var errArmor = fault.New(fault.Input, "carry.armor_damaged")

// pack compresses JSON.
func pack(json []byte) []byte {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // fails for other levels only
	_, _ = w.Write(json)
	_ = w.Close()
	return packed.Bytes()
}

// unpack inflates JSON, to the carried text. It fails where the JSON is not the
// one of the sum, or anything is left over.
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

// unlettered is the bytes of base32 letters. The bits that fill up the last
// letter have to be zero.
func unlettered(letters string) ([]byte, error) {
	data, err := letters32.DecodeString(letters)
	if err != nil {
		return nil, errArmor.Because(err)
	}
	if letters32.EncodeToString(data) != letters {
		return nil, errArmor.Because(fault.New(fault.Input, "reason.bits"))
	}
	return data, nil
}
