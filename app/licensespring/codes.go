package licensespring

import (
	"maps"
	"slices"
)

// effect is what a code says of the license.
type effect int

const (
	refused  effect = iota // nothing was released
	gone                   // released already, if an earlier attempt was lost
	stale                  // the token was not accepted: nothing was processed
	internal               // the server failed: released or not
)

// codes is every code of the vendor's pages for this endpoint. Their statuses
// are left out: two pages give one code two, so the code alone decides.
// https://docs.licensespring.com/license-api
var codes = map[string]effect{
	"api_key_product_not_allowed":   refused,
	"archived_product":              refused,
	"authorization_invalid_headers": refused,
	"authorization_missing_params":  refused,
	"blacklisted":                   refused,
	"date_header_diff":              refused,
	"device_not_found":              gone,
	"disabled_product":              refused,
	"hmac_required":                 refused,
	"internal_error":                internal,
	"invalid_api_key":               refused,
	"invalid_json":                  refused,
	"license_key_required":          refused,
	"license_not_active":            gone,
	"license_not_enabled":           refused,
	"license_not_found":             refused,
	"missing_content":               refused,
	"missing_hardware_id":           refused,
	"missing_headers":               refused,
	"missing_parameters":            refused,
	"not_found":                     refused,
	"oauth_required":                refused,
	"oauth_token_expired":           stale,
	"oauth_token_malformed":         stale,
	"read_only_api_key":             refused,
	"revoked_api_key":               refused,
	"signature_mismatch":            refused,
	"trial_expired":                 refused,
	"unknown_product":               refused,
	"unsupported_product_feature":   refused,
	"validation_error":              refused,
}

// Codes lists every documented code, sorted.
func Codes() []string { return slices.Sorted(maps.Keys(codes)) }

// Known tells whether a code is documented.
func Known(code string) bool {
	_, known := codes[code]
	return known
}
