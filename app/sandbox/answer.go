package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// answer is what goes back.
type answer struct {
	status int
	kind   string // its content type
	body   string
	header map[string]string                                       // besides Date and Content-Type
	act    func(w http.ResponseWriter, r *http.Request, a *answer) // instead of plainly sending it
}

func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	if a.act != nil {
		a.act(w, r, a)
		return
	}
	a.begin(w)
	_, _ = io.WriteString(w, a.body)
}

func (a *answer) begin(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", a.kind)
	w.WriteHeader(a.status)
}

func jsonAnswer(status int, value any) *answer {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // only texts and numbers are given
	}
	return &answer{status: status, kind: "application/json", body: string(body)}
}

// problem is the License API's error object, code what a client decides on.
type problem struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// said is how the API puts a code: its status and its words.
type said struct {
	status  int
	message string
}

// codes are those that the vendor documents for this endpoint.
// https://docs.licensespring.com/license-api/error-responses
// https://docs.licensespring.com/sdks/errors-and-response-codes
var codes = map[string]said{
	"api_key_product_not_allowed":   {400, "api key has no permission for this product"},
	"archived_product":              {400, "provided product is archived"},
	"authorization_invalid_headers": {400, "invalid headers value in authorization"},
	"authorization_missing_params":  {400, "some parameters are missing in authorization"},
	"blacklisted":                   {400, "device is blacklisted"},
	"date_header_diff":              {400, "date header differs too much from the server's time"},
	"device_not_found":              {400, "an active device matching hardware_id not found"},
	"disabled_product":              {400, "provided product is disabled"},
	"hmac_required":                 {400, "hmac is required algorithm"},
	"internal_error":                {500, "internal error"},
	"invalid_api_key":               {400, "provided api key is not valid"},
	"invalid_json":                  {400, "request is not valid json"},
	"license_key_required":          {400, "license_key is missing from the request"},
	"license_not_active":            {400, "license is not active"},
	"license_not_enabled":           {400, "license is not enabled"},
	"license_not_found":             {400, "license not found"},
	"missing_content":               {400, "offline request is empty"},
	"missing_hardware_id":           {400, "hardware_id missing in the request"},
	"missing_headers":               {400, "some headers are missing"},
	"missing_parameters":            {400, "some parameters are missing in the request"},
	"not_found":                     {404, "path does not exist"},
	"oauth_required":                {400, "oauth authorization is required"},
	"oauth_token_expired":           {401, "oauth token has expired"},
	"oauth_token_malformed":         {401, "oauth token is malformed"},
	"read_only_api_key":             {400, "api key is read-only"},
	"revoked_api_key":               {400, "api key is revoked"},
	"signature_mismatch":            {400, "signature mismatch"},
	"trial_expired":                 {400, "trial period for device has expired"},
	"unknown_product":               {400, "provided product was not found"},
	"unsupported_product_feature":   {400, "product feature does not exist or is not enabled"},
	"validation_error":              {400, "request does not conform to the validation schema"},
}

// otherStatus is the second status that a scenario gives to a code: the
// vendor's pages differ on the first, and give no number for the others.
var otherStatus = []struct {
	scenario string
	code     string
	status   int
}{
	{"signature_mismatch_401", "signature_mismatch", 401},
	{"oauth_codes_400", "oauth_token_expired", 400},
	{"oauth_codes_400", "oauth_token_malformed", 400},
}

// refuse answers with a documented code. Detail, where there is any, says more.
func (s *Sandbox) refuse(code, detail string) *answer {
	p := problem{codes[code].status, code, codes[code].message}
	for _, other := range otherStatus {
		if other.code == code && s.on[other.scenario] {
			p.Status = other.status
		}
	}
	if detail != "" {
		p.Message += ": " + detail
	}
	return jsonAnswer(p.Status, p)
}

// wrongMethod: no page says how the API answers a method other than POST.
var wrongMethod = &answer{status: http.StatusMethodNotAllowed, kind: "application/json", header: map[string]string{"Allow": "POST"},
	body: `{"status":405,"code":"method_not_allowed","message":"only POST is allowed"}`}

const deactivated = "license_deactivated"

// success is in JSON quotes, which is how it stands on the page of bundles;
// the page of this endpoint shows it bare.
func (s *Sandbox) success() *answer {
	if s.on["success_bare"] {
		return &answer{status: http.StatusOK, kind: "text/plain; charset=utf-8", body: deactivated}
	}
	return jsonAnswer(http.StatusOK, deactivated)
}

// hang keeps the connection until the client goes, or until an answer would come
// too late.
func hang(_ http.ResponseWriter, r *http.Request, _ *answer) {
	select {
	case <-r.Context().Done():
	case <-time.After(writeTime):
	}
	panic(http.ErrAbortHandler)
}

// cut breaks the connection off in the middle of the answer.
func cut(w http.ResponseWriter, _ *http.Request, a *answer) {
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	a.begin(w)
	_, _ = io.WriteString(w, a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// drop breaks it off before the answer.
func drop(http.ResponseWriter, *http.Request, *answer) { panic(http.ErrAbortHandler) }

// flood repeats the body, of 8 KiB, to 8 MiB.
func flood(w http.ResponseWriter, _ *http.Request, a *answer) {
	a.begin(w)
	for range 1 << 10 {
		if _, err := io.WriteString(w, a.body); err != nil {
			return // the client has had enough
		}
	}
}
