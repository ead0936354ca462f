package machine

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"handback/app/fault"
)

// Limits of a request or license file. The license of a bundle nests deeper than a request
// may.
const (
	maxLicenseFile = 1 << 20 // bytes
	maxDepth       = 16
)

// FromLicenseFile returns the hardware ID in a request or license file (.req, .lic): JSON
// or base64 of it, with hardware_id at the top or nested as in a bundle's. The ID is
// neither trimmed nor changed in case. Several in one file have to be equal.
//
// Errors are faults of kind Input. One is a control character in the ID, which no
// signature covers safely: old Python releases wrote IDs that end in a newline.
func FromLicenseFile(data []byte) (string, error) {
	if len(data) > maxLicenseFile {
		return "", fault.New(fault.Input, "machine.file_too_long", "limit", maxLicenseFile)
	}
	text, err := licenseJSON(data)
	if err != nil {
		return "", fault.New(fault.Input, "machine.file_unreadable")
	}
	ids, err := hardwareIDs(text)
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0 || ids[0] == "":
		return "", fault.New(fault.Input, "machine.file_without_id")
	}
	for _, other := range ids[1:] {
		if other != ids[0] {
			return "", fault.New(fault.Input, "machine.file_several_ids")
		}
	}
	if strings.ContainsFunc(ids[0], unicode.IsControl) {
		return "", fault.New(fault.Input, "machine.file_control", "characters", named(ids[0], unicode.IsControl))
	}
	return ids[0], nil
}

// licenseJSON decodes base64, unless the text is JSON already: JSON starts with a
// bracket, which base64 does not have.
func licenseJSON(data []byte) ([]byte, error) {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")) {
		return text, nil
	}
	return base64.StdEncoding.Strict().AppendDecode(nil, text)
}

// hardwareIDs returns the strings of all members named hardware_id, in order.
func hardwareIDs(text []byte) ([]string, error) {
	var ids []string
	d := jsontext.NewDecoder(bytes.NewReader(text))
	for {
		token, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF) && whole(d):
			return ids, nil
		case err != nil:
			return nil, fault.New(fault.Input, "machine.file_unreadable")
		case d.StackDepth() > maxDepth:
			return nil, fault.New(fault.Input, "machine.file_too_deep", "limit", maxDepth)
		}
		// In an object names count too, so the count is even after a value. In an
		// array the pointer ends in a number.
		_, count := d.StackIndex(d.StackDepth())
		if token.Kind() == '"' && count%2 == 0 && d.StackPointer().LastToken() == "hardware_id" {
			ids = append(ids, token.String())
		}
	}
}

// whole reports, at the end of the text, whether it was exactly one value.
func whole(d *jsontext.Decoder) bool {
	_, count := d.StackIndex(0)
	return count == 1
}
