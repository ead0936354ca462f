package sandbox

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"handback/app/licensespring"
	"handback/app/request"
)

// Scenario is a fault, or a point that no source settles, that can be switched on by
// [Options.Scenarios].
type Scenario struct {
	Name string
	Key  string // of its one-line description in the catalogue
}

// Scenarios returns all scenarios, sorted by name. Each code that the vendor documents is
// one: it is the answer to every request that gets as far as its check. The others are
// faults of the network and the gateway, and points that no source settles.
func Scenarios() []Scenario {
	var all []Scenario
	for _, name := range scenarioNames() {
		all = append(all, Scenario{name, "sandbox.scenario." + name})
	}
	return all
}

func scenarioNames() []string {
	var names []string
	for _, s := range scenarios() {
		names = append(names, s.name)
	}
	return names
}

// scenario plays at a stage. If play returns nil, the call goes on. A scenario without a
// play changes a check, which looks for its name.
type scenario struct {
	name  string
	stage licensespring.Check
	play  func(*call) *answer
}

// scenarios has those below and one for each documented code, sorted by name.
var scenarios = sync.OnceValue(func() []scenario {
	all := slices.Concat(network, openPoints)
	for _, code := range licensespring.Codes() {
		all = append(all, scenario{code.Name, code.Check, func(c *call) *answer { return c.refuse(code.Name, "") }})
	}
	slices.SortFunc(all, func(a, b scenario) int { return strings.Compare(a.name, b.name) })
	return all
})

const (
	html  = "text/html; charset=utf-8"
	plain = "text/plain; charset=utf-8"
)

// network has the faults of the network and the gateway. With those on arrival nothing is
// processed; with those on the reply the license is released and the answer is lost.
var network = []scenario{
	{"empty", licensespring.AtArrival, always(answer{status: 400, kind: plain})},
	{"flood", licensespring.AtArrival, always(answer{status: 200, kind: plain, body: strings.Repeat("flood...", 1<<10), act: flood})},
	{"forbidden", licensespring.AtArrival, always(answer{status: 403, kind: html, body: "<html><title>Blocked by this network</title></html>"})},
	{"hang", licensespring.AtArrival, always(answer{act: hang})},
	{"login_page", licensespring.AtArrival, always(answer{status: 200, kind: html, body: "<html><title>Guest network</title>Please sign in.</html>"})},
	{"network_login", licensespring.AtArrival, always(answer{status: 511, kind: html, body: "<html><title>Please sign in</title></html>"})},
	{"no_api", licensespring.AtArrival, always(answer{status: 404, kind: html, body: "<html><title>404 Not Found</title></html>"})},
	{"not_json", licensespring.AtArrival, always(answer{status: 400, kind: plain, body: "Bad Request"})},
	{"packed", licensespring.AtArrival, always(answer{status: 200, kind: plain, body: "\xff\xfe\xfd",
		header: map[string]string{"Content-Encoding": "br"}})},
	{"page", licensespring.AtArrival, always(answer{status: 400, kind: html, body: "<html><title>400 Bad Request</title></html>"})},
	{"proxy_login", licensespring.AtArrival, always(answer{status: 407, kind: plain, body: "Proxy Authentication Required",
		header: map[string]string{"Proxy-Authenticate": "Basic realm=sandbox"}})},
	{"rate_limit", licensespring.AtArrival, always(answer{status: 429, kind: plain, body: "Too Many Requests",
		header: map[string]string{"Retry-After": "1"}})},
	// No host can be found under .invalid: RFC 6761 section 6.4.
	{"redirect", licensespring.AtArrival, always(answer{status: 307, kind: plain,
		header: map[string]string{"Location": "https://elsewhere.invalid" + devicePath}})},
	{"too_large", licensespring.AtArrival, always(answer{status: 413, kind: html, body: "<html><title>413 Request Entity Too Large</title></html>"})},
	{"unavailable", licensespring.AtArrival, always(answer{status: 503, kind: plain, body: "Service Unavailable",
		header: map[string]string{"Retry-After": "1"}})},
	{"unavailable_bare", licensespring.AtArrival, always(answer{status: 503, kind: plain, body: "Service Unavailable"})},
	{"unknown_code", licensespring.AtArrival, func(*call) *answer {
		return jsonAnswer(400, problem{400, "sandbox_unknown_code", "a code that no page documents"})
	}},

	{"bad_gateway", atReply, always(answer{status: 502, kind: html, body: "<html><title>502 Bad Gateway</title></html>"})},
	{"created", atReply, func(c *call) *answer {
		a := c.success()
		a.status = http.StatusCreated
		return a
	}},
	{"cut", atReply, func(c *call) *answer {
		a := c.success()
		a.act = cut
		return a
	}},
	{"drop", atReply, always(answer{act: drop})},

	{"list_busy", atList, always(answer{status: 429, kind: plain, body: "Too Many Requests",
		header: map[string]string{"Retry-After": "1"}})},
	{"list_forbidden", atList, func(*call) *answer {
		return jsonAnswer(403, problem{403, "sandbox_no_permission", "these credentials may not list licenses"})
	}},
	{"list_missing", atList, func(c *call) *answer { return c.refuse("not_found", "") }},
	{"list_not_json", atList, always(answer{status: 200, kind: html, body: "<html><title>Guest network</title>Please sign in.</html>"})},
	{"list_slow", atList, always(answer{act: hang})},

	{"token_not_json", atGrant, always(answer{status: 200, kind: html, body: "<html><title>Guest network</title></html>"})},
	{"token_refused", atGrant, func(*call) *answer { return jsonAnswer(http.StatusUnauthorized, invalidClient) }},
}

func always(a answer) func(*call) *answer { return func(*call) *answer { return &a } }

// openPoints has the alternatives where no source settles what the API does.
var openPoints = []scenario{
	{name: "date_ahead_any"},         // used by checkDate
	{name: "list_empty"},             // by list
	{name: "list_late"},              // by list
	{name: "list_nested"},            // by list
	{name: "list_other_names"},       // by list
	{name: "list_paged"},             // by list
	{name: "oauth_codes_400"},        // by refuse
	{name: "oauth_signs_api_key"},    // by checkSignature
	{name: "request_id_once"},        // by release
	{name: "request_id_repeats"},     // by release
	{name: "signature_mismatch_401"}, // by refuse
	{name: "success_bare"},           // by success

	{"accept_required", licensespring.AtHeaders, func(c *call) *answer {
		return c.when(c.header.Get("Accept") == "", "missing_headers", "Accept")
	}},
	{"date_not_ahead", licensespring.AtDate, func(c *call) *answer {
		date, err := http.ParseTime(c.header.Get("Date"))
		return c.when(err == nil && date.After(c.now), "date_header_diff", "")
	}},
	{"schema_2_required", licensespring.AtMembers, func(c *call) *answer {
		return c.when(c.request.Schema < request.Schema2, "validation_error", "schema_version")
	}},
	{"request_required", licensespring.AtMembers, func(c *call) *answer {
		return c.when(c.member("request") == "" || c.member("request_id") == "", "authorization_missing_params", "request, request_id")
	}},
	{"password_required", licensespring.AtMembers, func(c *call) *answer {
		return c.when(c.request.LicenseKey == "" && c.member("password") == "", "authorization_missing_params", "password")
	}},
	{"payload_date_15m", licensespring.AtMembers, func(c *call) *answer {
		made, known := c.request.Made()
		return c.when(!known || c.now.Sub(made) > dateTolerance, "validation_error", "date is too old")
	}},
	{"payload_date_not_ahead", licensespring.AtMembers, func(c *call) *answer {
		made, known := c.request.Made()
		return c.when(!known || made.Sub(c.now) > dateTolerance, "validation_error", "date is ahead")
	}},

	// No source says whether this endpoint requires the signature of a device's TPM, nor
	// which code a request without one gets.
	{"tpm_required", licensespring.AtSignature, func(*call) *answer {
		return jsonAnswer(400, problem{400, "tpm_signature_required", "license requires requests signed by the device's TPM"})
	}},
	{"tpm_signature_mismatch", licensespring.AtSignature, func(c *call) *answer {
		return c.refuse("signature_mismatch", "the device's TPM")
	}},

	{"schema_2_base64", licensespring.AtSignature, func(c *call) *answer {
		outer, _ := c.signatures()
		raw, err := base64.StdEncoding.DecodeString(outer)
		return c.when(c.request.Schema == request.Schema2 && (err != nil || len(raw) != 32), "signature_mismatch", "")
	}},
	{"schema_2_hex", licensespring.AtSignature, func(c *call) *answer {
		outer, _ := c.signatures()
		raw, err := hex.DecodeString(outer)
		return c.when(c.request.Schema == request.Schema2 && (err != nil || len(raw) != 32), "signature_mismatch", "")
	}},
	{"schema_2_inner", licensespring.AtSignature, func(c *call) *answer {
		r := c.request
		_, inner := c.signatures()
		want := c.sign(strings.Join([]string{"licenseSpring", "date: " + r.Date, r.Owner(), r.HardwareID, r.Client()}, "\n"))
		return c.when(r.Schema == request.Schema2 && !same(inner, want), "signature_mismatch", "inner signature")
	}},
}

func (c *call) when(holds bool, code, detail string) *answer {
	if !holds {
		return nil
	}
	return c.refuse(code, detail)
}

// signatures returns the two signatures of schema 2: beside the request object, and in it.
func (c *call) signatures() (outer, inner string) {
	var whole struct {
		Signature string
		Request   json.RawMessage
	}
	var within struct{ Signature string }
	_ = json.Unmarshal(c.request.JSON(), &whole) // it was decoded strictly before
	_ = json.Unmarshal(whole.Request, &within)
	return whole.Signature, within.Signature
}
