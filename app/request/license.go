package request

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"handback/app/fault"
)

// ErrLicenseFile means that the input is a license file instead of a request.
var ErrLicenseFile = fault.New(fault.Input, "request.license_file")

// licenseDepth limits the nesting of a license file: a bundle's nests deeper than a
// request.
const licenseDepth = 16

// isLicense reports whether JSON that is not a request is a license file: it has a
// hardware ID somewhere, and nowhere a request's name or who sends it.
func isLicense(json []byte) bool {
	d := jsontext.NewDecoder(bytes.NewReader(json))
	has := map[string]bool{}
	for {
		token, err := d.ReadToken()
		if err != nil || d.StackDepth() > licenseDepth {
			break
		}
		if kind, count := d.StackIndex(d.StackDepth()); kind == '{' && token.Kind() == '"' && count%2 == 1 {
			has[token.String()] = true // a member's name
		}
	}
	return has["hardware_id"] && !has["request"] && !has["handoff"] && !has["api_key"] && !has["client_id"] && (!has["date"] || !has["signature"])
}
