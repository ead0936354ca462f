// Package sandbox emulates the License API's endpoint for offline deactivation, for
// practice, training and tests. No real license is released.
//
// [New] makes a [Sandbox], an [http.Handler]. [Sandbox.Transport] reaches it inside the
// program, without a port, and [Sandbox.Serve] over the network. [Sandbox.Released] lists
// what it has released.
//
// Without [Options.Licenses] it accepts every license and device once. [LoadLicenses]
// reads a file of licenses, which are then the only ones. It also lists the licenses of a
// device that it has not released.
//
// # How true it is
//
// It checks requests as the vendor's documentation describes, and answers with the codes
// that the documentation names. Whatever no source settles has a default here and a
// scenario that changes it; faults of the network are scenarios, too. See [Scenarios].
// Nobody has compared the sandbox with the live service.
package sandbox

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
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
	listPath   = "/api/v4/device_licenses"
	// TokenPath is the path for OAuth tokens, the same as at the vendor.
	TokenPath = "/realms/user-portal/protocol/openid-connect/token"
)

// maxBody is the maximum size of a request's body, in bytes.
const maxBody = 1 << 20

// Options describes a sandbox. Secret is required, and one of APIKey and ClientID.
type Options struct {
	// Product is the product code it knows, in addition to those of Licenses. Empty
	// means that it knows every product.
	Product string
	// APIKey is the API key, and Secret the shared key. With ClientID set, it is only
	// used by the scenario oauth_signs_api_key.
	APIKey string
	// ClientID is the OAuth client, and Secret the client secret. If it is set, API-key
	// authorization is refused as oauth_required.
	ClientID string
	Secret   secret.Secret
	// Licenses are the only licenses that it knows. If there are none, every license
	// and device is accepted, once.
	Licenses  []License
	Scenarios []string         // the names of scenarios to switch on
	Now       func() time.Time // nil means the system's clock
}

// Device is a device of a license that was released.
type Device struct {
	Product    string
	Owner      string // the license key, else the username
	LicenseID  int64  // 0 if neither the request nor the license has one
	HardwareID string
}

// Sandbox is an emulated License API. Several goroutines may use it at the same time.
type Sandbox struct {
	options   Options
	on        map[string]bool // the scenarios, by name
	tokens    secret.Secret   // signs OAuth tokens
	mu        sync.Mutex      // guards what follows
	released  []Device        // in the order of their release
	enrolled  []Device        // without Options.Licenses: those that it was asked to release
	requestID map[string]bool // of the requests that released them
}

// ErrScenario means that there is no scenario of a name; see [Scenarios].
var ErrScenario = fault.New(fault.Usage, "sandbox.scenario_unknown")

// New returns a sandbox. It fails with [ErrScenario] for an unknown scenario; with a fault of
// kind [fault.Usage] for missing credentials; with [secret.ErrNone] for a
// missing secret; and with a fault of kind [fault.Input] for a license that is not valid.
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
		if !slices.ContainsFunc(scenarios(), func(s scenario) bool { return s.name == name }) {
			return nil, ErrScenario.With("name", words.Visible(name, 60))
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

// Released returns the devices that were released, in that order.
func (s *Sandbox) Released() []Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.released)
}

// endpoints has the handlers by path, all for POST but that of listPath.
var endpoints = map[string]func(*call) *answer{
	devicePath: (*call).deactivate,
	bundlePath: (*call).deactivate,
	listPath:   (*call).list,
	TokenPath:  (*call).grant,
}

// ServeHTTP answers as the License API does. Scenarios that cut the connection panic with
// [http.ErrAbortHandler].
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
	if asks := r.URL.Path == listPath; asks && r.Method != http.MethodGet || !asks && r.Method != http.MethodPost {
		return wrongMethod
	}
	// Read the whole body first: only then does net/http notice that a client has gone,
	// which ends the scenario hang.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return s.refuse("validation_error", "the body is too long")
	case err != nil:
		return s.refuse("validation_error", "the body broke off")
	}
	return endpoint(&call{Sandbox: s, now: now, header: r.Header, query: r.URL.Query(), bundle: r.URL.Path == bundlePath, body: body})
}

// call is one request to the sandbox. The checks fill in its fields.
type call struct {
	*Sandbox
	now     time.Time
	header  http.Header
	query   url.Values
	bundle  bool // on the path for bundles
	body    []byte
	text    string // the deactivation request in base64
	request *request.Request
	license *License // nil if Options has no licenses
}

// Stages of scenarios, in addition to the API's checks.
const (
	atReply = licensespring.AtDevice + 1 // after the device was released
	atGrant = licensespring.AtDevice + 2 // on the path for tokens, which has no other stage
	atList  = licensespring.AtDevice + 3 // on the path that lists a device's licenses, after its checks
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

// deactivate makes all checks and returns the answer of the first that fails. At each
// stage, scenarios come before the check.
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

// play returns the answer of the first scenario of a stage that has one, or nil.
func (c *call) play(at licensespring.Check) *answer {
	for _, s := range scenarios() {
		if s.stage == at && s.play != nil && c.on[s.name] {
			if a := s.play(c); a != nil {
				return a
			}
		}
	}
	return nil
}
