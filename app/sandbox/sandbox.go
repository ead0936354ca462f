// Package sandbox is the License API's endpoint, emulated: for practice,
// training and tests. It releases nothing but what it made up itself.
//
// It answers what the vendor's documentation says, for the cause that the
// documentation names. Whatever no source settles has a default here and a
// scenario that switches it; see Scenarios. Nobody has compared it with the
// live service.
package sandbox

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"handback/app/fault"
	"handback/app/licensespring"
	"handback/app/request"
	"handback/app/secret"
	"handback/app/words"
)

// The paths of the License API, version 4, and of its authorization server.
const (
	devicePath = "/api/v4/deactivate_offline"
	bundlePath = "/api/v4/deactivate_bundle_offline"
	// TokenPath is where OAuth tokens are asked for, as at the vendor.
	TokenPath = "/realms/user-portal/protocol/openid-connect/token"
)

// maxBody bounds what is read of one request, in bytes.
const maxBody = 1 << 20

// Options of a sandbox. Secret is needed, and one of APIKey and ClientID.
type Options struct {
	// Product is the product code it knows, besides those of Licenses.
	// Empty: it knows every one.
	Product string
	// APIKey is its API key, with Secret as the shared key. Under OAuth it is
	// only what a request may name; see the scenario oauth_signs_api_key.
	APIKey string
	// ClientID is its OAuth client, with Secret as the client secret. Where it
	// is given, API-key authorization is refused as oauth_required.
	ClientID string
	Secret   secret.Secret
	// Licenses are the only ones there are. Empty: a license and device that
	// it does not know enrol themselves, once.
	Licenses  []License
	Scenarios []string         // names of faults and open points to switch on
	Now       func() time.Time // its clock; nil is the system's
}

// Device is a device of a license that was released.
type Device struct {
	Product    string
	Owner      string // the license key, else the username
	LicenseID  int64  // 0 where neither the request nor the list names one
	HardwareID string
}

// Sandbox is an http.Handler. It may be used by several goroutines at once.
type Sandbox struct {
	options   Options
	on        map[string]bool // the scenarios, by name
	tokens    secret.Secret   // what it signs its OAuth tokens with
	mu        sync.Mutex      // guards what follows
	released  []Device        // in the order of their release
	requestID map[string]bool // of the requests that released them
}

// New makes a sandbox. An unknown scenario is a fault of kind Usage that lists
// the names, missing credentials one of kind Usage or secret.ErrNone, and a
// license that cannot be one of kind Input.
func New(o Options) (*Sandbox, error) {
	if o.APIKey == "" && o.ClientID == "" {
		return nil, fault.New(fault.Usage, "sandbox.credentials")
	}
	if o.Secret.IsZero() {
		return nil, secret.ErrNone
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	on := map[string]bool{}
	for _, name := range o.Scenarios {
		if !slices.ContainsFunc(scenarios, func(s scenario) bool { return s.name == name }) {
			return nil, fault.New(fault.Usage, "sandbox.scenario_unknown",
				"name", words.Visible(name, 60), "names", strings.Join(scenarioNames(), ", "))
		}
		on[name] = true
	}
	if err := checkLicenses(o.Licenses); err != nil {
		return nil, err
	}
	o.Licenses = slices.Clone(o.Licenses)
	for i := range o.Licenses {
		o.Licenses[i].Product = cmp.Or(o.Licenses[i].Product, o.Product)
	}
	return &Sandbox{options: o, on: on, tokens: secret.New([]byte(rand.Text())), requestID: map[string]bool{}}, nil
}

// Released lists the devices that were released, in their order.
func (s *Sandbox) Released() []Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.released)
}

// endpoints are what is served, all by POST.
var endpoints = map[string]func(*call) *answer{
	devicePath: (*call).deactivate,
	bundlePath: (*call).deactivate,
	TokenPath:  (*call).grant,
}

// ServeHTTP answers as the License API. Scenarios that cut the connection do
// so by panicking with http.ErrAbortHandler, as net/http has it.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := s.options.Now()
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	s.answer(w, r, now).send(w, r)
}

func (s *Sandbox) answer(w http.ResponseWriter, r *http.Request, now time.Time) *answer {
	endpoint, ok := endpoints[r.URL.Path]
	if !ok {
		return s.refuse("not_found", "")
	}
	if r.Method != http.MethodPost {
		return wrongMethod
	}
	// The body is read whole first: net/http notices only then that a client
	// has gone, which is what ends the scenario hang.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return s.refuse("validation_error", "the body is too long")
	case err != nil:
		return s.refuse("validation_error", "the body broke off")
	}
	return endpoint(&call{Sandbox: s, now: now, header: r.Header, bundle: r.URL.Path == bundlePath, body: body})
}

// call is one request to the sandbox, filled in as the checks go along.
type call struct {
	*Sandbox
	now     time.Time
	header  http.Header
	bundle  bool // on the path of bundles
	body    []byte
	text    string // the base64 of the deactivation request
	request *request.Request
	license *License // nil where it enrols itself
}

// What follows the API's own checks.
const (
	atReply = licensespring.AtDevice + 1 // the device is released
	atGrant = licensespring.AtDevice + 2 // on the path of tokens, by itself
)

var checks = [atGrant]func(*call) *answer{
	licensespring.AtHeaders:     (*call).checkHeaders,
	licensespring.AtCredentials: (*call).checkCredentials,
	licensespring.AtDate:        (*call).checkDate,
	licensespring.AtBody:        (*call).checkBody,
	licensespring.AtDecoding:    (*call).decode,
	licensespring.AtProduct:     (*call).checkProduct,
	licensespring.AtLicense:     (*call).checkLicense,
	licensespring.AtSignature:   (*call).checkSignature,
	licensespring.AtDevice:      (*call).release,
}

// deactivate makes every check; the first that fails is the answer. What a
// scenario asks for at a stage comes before that stage's own check.
func (c *call) deactivate() *answer {
	for at := licensespring.AtArrival; at < atGrant; at++ {
		if a := c.play(at); a != nil {
			return a
		}
		if check := checks[at]; check != nil {
			if a := check(c); a != nil {
				return a
			}
		}
	}
	return c.success()
}

// play gives the answer of the scenarios of a stage, nil where there is none.
func (c *call) play(at licensespring.Check) *answer {
	for _, s := range scenarios {
		if s.stage == at && s.play != nil && c.on[s.name] {
			if a := s.play(c); a != nil {
				return a
			}
		}
	}
	return nil
}
