package licensespring

import "slices"

// Check is one of the checks that the License API makes of a request.
type Check int

// The checks, in the order in which the sandbox makes them; no page documents it.
const (
	AtArrival Check = iota // before anything is read
	AtHeaders
	AtCredentials
	AtDate
	AtBody
	AtDecoding
	AtMembers // members and values that the API may require; no page settles it
	AtProduct
	AtLicense
	AtSignature
	AtDevice
)

// effect is what a code says about the license.
type effect int

const (
	refused       effect = iota // nothing was released
	mayBeReleased               // if the answer to an earlier submission was lost, that one probably released it
	tokenRefused                // the OAuth token was not accepted; nothing was processed
	internal                    // the server failed, and may have released the license
)

// Code is an error code that the vendor documents for this endpoint.
type Code struct {
	Name    string
	Status  int    // of the HTTP reply; two pages differ on some, so only the name counts
	Message string // the API's
	Check   Check  // that fails with this code
	effect  effect
}

// codes is sorted by name. The texts for people are in the catalogue, under code.NAME and
// code.NAME.advice.
//
// Sources: https://docs.licensespring.com/license-api/error-responses and
// https://docs.licensespring.com/sdks/errors-and-response-codes
var codes = []Code{
	{"api_key_product_not_allowed", 400, "api key has no permission for this product", AtProduct, refused},
	{"archived_product", 400, "provided product is archived", AtProduct, refused},
	{"authorization_invalid_headers", 400, "invalid headers value in authorization", AtCredentials, refused},
	{"authorization_missing_params", 400, "some parameters are missing in authorization", AtDecoding, refused},
	{"blacklisted", 400, "device is blacklisted", AtDevice, refused},
	{"date_header_diff", 400, "date header differs too much from the server's time", AtDate, refused},
	{"device_not_found", 400, "an active device matching hardware_id not found", AtDevice, mayBeReleased},
	{"disabled_product", 400, "provided product is disabled", AtProduct, refused},
	{"hmac_required", 400, "hmac is required algorithm", AtCredentials, refused},
	{"internal_error", 500, "internal error", AtDevice, internal},
	{"invalid_api_key", 400, "provided api key is not valid", AtCredentials, refused},
	{"invalid_json", 400, "request is not valid json", AtDecoding, refused},
	{"license_key_required", 400, "license_key is missing from the request", AtDecoding, refused},
	{"license_not_active", 400, "license is not active", AtLicense, mayBeReleased},
	{"license_not_enabled", 400, "license is not enabled", AtLicense, refused},
	{"license_not_found", 400, "license not found", AtLicense, refused},
	{"missing_content", 400, "offline request is empty", AtBody, refused},
	{"missing_hardware_id", 400, "hardware_id missing in the request", AtDecoding, refused},
	{"missing_headers", 400, "some headers are missing", AtHeaders, refused},
	{"missing_parameters", 400, "some parameters are missing in the request", AtBody, refused},
	{"not_found", 404, "path does not exist", AtArrival, refused},
	{"oauth_required", 400, "oauth authorization is required", AtCredentials, refused},
	{"oauth_token_expired", 401, "oauth token has expired", AtCredentials, tokenRefused},
	{"oauth_token_malformed", 401, "oauth token is malformed", AtCredentials, tokenRefused},
	{"read_only_api_key", 400, "api key is read-only", AtCredentials, refused},
	{"revoked_api_key", 400, "api key is revoked", AtCredentials, refused},
	{"signature_mismatch", 400, "signature mismatch", AtSignature, refused},
	{"trial_expired", 400, "trial period for device has expired", AtLicense, refused},
	{"unknown_product", 400, "provided product was not found", AtProduct, refused},
	{"unsupported_product_feature", 400, "product feature does not exist or is not enabled", AtLicense, refused},
	{"validation_error", 400, "request does not conform to the validation schema", AtDecoding, refused},
}

// Codes returns the documented codes, sorted by name.
func Codes() []Code { return slices.Clone(codes) }

// CodeNamed returns the documented code with a name, and whether there is one.
func CodeNamed(name string) (Code, bool) {
	i := slices.IndexFunc(codes, func(c Code) bool { return c.Name == name })
	if i < 0 {
		return Code{}, false
	}
	return codes[i], true
}
