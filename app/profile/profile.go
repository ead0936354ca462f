// Package profile is the vendor's settings: which product, whose API, which
// hardware ID. A profile is a TOML file, safe to publish; it never holds a
// secret.
package profile

import (
	"cmp"
	"crypto/x509"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"handback/app/brand"
	"handback/app/fault"
	"handback/app/licensespring"
	"handback/app/machine"
	"handback/app/request"
	"handback/app/words"
)

// Profile is one vendor's settings. The names in TOML are those of the tags.
type Profile struct {
	Name          string        `toml:"name"`
	Product       Product       `toml:"product"`
	Authorization Authorization `toml:"authorization"`
	Request       Request       `toml:"request"`
	Hardware      Hardware      `toml:"hardware"`
	Server        Server        `toml:"server"`
	Support       Support       `toml:"support"`

	// Practice marks the built-in profile, which releases no license.
	Practice bool `toml:"-"`
	// BuiltIn marks the profile of the vendor whose brand this program has.
	BuiltIn bool `toml:"-"`
	// Machine marks a profile of the machine's folder.
	Machine bool `toml:"-"`
	// Path is the file it was read from; empty for the built-in one.
	Path string `toml:"-"`
}

// Imported tells whether the profile is the person's own, to be removed.
func (p Profile) Imported() bool { return p.Path != "" && !p.Machine }

// named reports whether a name is the profile's, or could be taken for it.
func (p Profile) named(name string) bool { return words.Alike(p.Name, name) }

// EmbeddedKey is the shared key that is built in for this profile; nil where there is
// none. See brand.EmbeddedKey.
func (p Profile) EmbeddedKey() []byte {
	if !p.BuiltIn {
		return nil
	}
	return brand.EmbeddedKey()
}

// Member is a setting as it is in force, by its table and name.
type Member struct{ Name, Value string }

// Members are the settings in force, defaults included; those without a value
// are left out.
func (p Profile) Members() []Member {
	return slices.DeleteFunc(p.settings(), func(m Member) bool { return m.Value == "" })
}

// MemberNames are the names of all settings there are.
func MemberNames() (names []string) {
	for _, m := range (Profile{}).settings() {
		names = append(names, m.Name)
	}
	return names
}

func (p Profile) settings() []Member {
	return []Member{
		{"name", p.Name},
		{"product.code", p.Product.Code},
		{"product.license_types", strings.Join(p.Product.LicenseTypes, ", ")},
		{"product.authorization_method", p.Product.AuthorizationMethod},
		{"product.bundle", map[bool]string{true: "true"}[p.Product.Bundle]},
		{"product.tpm", map[bool]string{true: "true"}[p.Product.TPM]},
		{"product.consumptions", p.Product.Consumptions},
		{"authorization.method", p.Authorization.Method},
		{"authorization.api_key", p.Authorization.APIKey},
		{"authorization.client_id", p.Authorization.ClientID},
		{"authorization.token_url", p.Authorization.TokenURL},
		{"authorization.signs", p.Authorization.Signs},
		{"request.schema", strconv.Itoa(p.Request.Schema)},
		{"request.signature_encoding", p.Request.SignatureEncoding},
		{"request.host_data", strings.Join(p.Request.HostData, ", ")},
		{"hardware.source", string(p.Hardware.Source)},
		{"hardware.application_id", p.Hardware.ApplicationID},
		{"server.endpoint", p.Server.Endpoint},
		{"server.portal", p.Server.Portal},
		{"server.proxy", p.Server.Proxy},
		{"server.extra_ca", p.Server.ExtraCA},
		{"server.rate", map[bool]string{true: strconv.Itoa(p.Server.Rate)}[p.Server.Rate != 0]},
		{"support.contact", p.Support.Contact},
	}
}

// Product is what the license is for.
type Product struct {
	Code                string   `toml:"code"`                 // the short code, case-sensitive
	LicenseTypes        []string `toml:"license_types"`        // empty: not known
	AuthorizationMethod string   `toml:"authorization_method"` // LicenseKey, User, or empty: either
	Bundle              bool     `toml:"bundle"`               // submit to the path of bundles
	// TPM says that the device's security chip signs what the License API is sent, so
	// that nothing but the vendor's program can release a license.
	TPM bool `toml:"tpm"`
	// Consumptions is Required where no request may be made without the count.
	Consumptions string `toml:"consumptions"`
}

// Required is the value of Product.Consumptions.
const Required = "required"

// Consumes reports whether the product has consumption licenses, which are settled by
// the count that a request reports.
func (p Product) Consumes() bool {
	return p.Consumptions == Required || slices.Contains(p.LicenseTypes, "consumption")
}

// What a license belongs to, as the vendor's product_details spell it.
const (
	LicenseKey = "license_key"
	User       = "user"
)

// Authorization is who asks: an API key, or an OAuth client.
type Authorization struct {
	Method   string `toml:"method"` // APIKey or OAuth
	APIKey   string `toml:"api_key"`
	ClientID string `toml:"client_id"`
	TokenURL string `toml:"token_url"` // empty: the vendor's own
	// Signs is which of the two a request names and signs. Under OAuth the
	// SDKs say client_id, one page says api_key: the vendor knows.
	Signs string `toml:"signs"`
}

// The methods of authorization.
const (
	APIKey = "api_key"
	OAuth  = "oauth"
)

// Request is the form of the requests.
type Request struct {
	Schema            int      `toml:"schema"`
	SignatureEncoding string   `toml:"signature_encoding"` // base64 or hex; of schema 2's outer signature
	HostData          []string `toml:"host_data"`          // members of HostData; none by default
}

// Hardware is how the vendor's application makes its hardware ID.
type Hardware struct {
	Source        machine.Source `toml:"source"`
	ApplicationID string         `toml:"application_id"` // for protected-id
}

// Server is where requests go.
type Server struct {
	Endpoint string `toml:"endpoint"`
	Portal   string `toml:"portal"` // for people without credentials
	// Proxy is the network's, instead of the one that the environment names. It
	// has no password: that is for the environment.
	Proxy string `toml:"proxy"`
	// ExtraCA are certificates in PEM of authorities that are trusted besides the
	// system's, for a network that inspects what leaves it.
	ExtraCA string `toml:"extra_ca"`
	// Rate is how many submissions a second one program makes at most; 0 is
	// licensespring.DefaultRate.
	Rate int `toml:"rate"`
}

// Support is whom to ask.
type Support struct {
	Contact string `toml:"contact"`
}

// DefaultPortal is the vendor's own (its portal documentation).
const DefaultPortal = "https://offline.licensespring.com"

// HostData are the members about the computer that a profile may ask for.
var HostData = []string{"hostname", "os_hostname", "app_name", "app_ver", "sdk_lang"}

// offlineTypes are the license types that can be released offline, as the
// vendor's documentation says.
var offlineTypes = []string{"perpetual", "trial", "consumption"}

// CanGoOffline is false where the profile names the product's license types
// and none of them can be released offline.
func (p Product) CanGoOffline() bool {
	return len(p.LicenseTypes) == 0 || slices.ContainsFunc(p.LicenseTypes, func(t string) bool {
		return slices.Contains(offlineTypes, t)
	})
}

// wrong is a value that a profile cannot have.
type wrong struct {
	path string // table and name
	must words.Phrase
}

// complete fills in defaults and finds the first wrong value.
func (p *Profile) complete() *wrong {
	p.Authorization.Method = cmp.Or(p.Authorization.Method, APIKey)
	signs := map[string]string{APIKey: "api_key", OAuth: "client_id"}
	p.Authorization.Signs = cmp.Or(p.Authorization.Signs, signs[p.Authorization.Method])
	p.Request.Schema = cmp.Or(p.Request.Schema, request.Schema1)
	p.Request.SignatureEncoding = cmp.Or(p.Request.SignatureEncoding, "base64")
	p.Hardware.Source = cmp.Or(p.Hardware.Source, machine.LicenseSpring)
	p.Server.Endpoint = cmp.Or(p.Server.Endpoint, licensespring.DefaultEndpoint)
	p.Server.Portal = cmp.Or(p.Server.Portal, DefaultPortal)

	oauth := p.Authorization.Method == OAuth
	for _, rule := range []struct {
		path string
		must string
		ok   bool
	}{
		{"name", "given", strings.TrimSpace(p.Name) != ""},
		{"name", "not_practice", !words.Alike(p.Name, practiceName)},
		{"name", "name", isName(p.Name)},
		{"product.code", "given", p.Product.Code != ""},
		{"product.code", "plain", CheckProductCode(p.Product.Code) == nil},
		{"product.consumptions", "required", p.Product.Consumptions == "" || p.Product.Consumptions == Required},
		{"product.authorization_method", "license_key_or_user", slices.Contains([]string{"", LicenseKey, User}, p.Product.AuthorizationMethod)},
		{"authorization.method", "api_key_or_oauth", oauth || p.Authorization.Method == APIKey},
		{"authorization.api_key", "given", p.Authorization.APIKey != "" || oauth},
		{"authorization.client_id", "given", p.Authorization.ClientID != "" || !oauth},
		{"authorization.api_key", "plain_key", isPlain(p.Authorization.APIKey)},
		{"authorization.client_id", "plain_key", isPlain(p.Authorization.ClientID)},
		{"authorization.signs", "signs", p.Authorization.Signs == signs[APIKey] || oauth && p.Authorization.Signs == signs[OAuth]},
		{"authorization.api_key", "given", p.Authorization.APIKey != "" || p.Authorization.Signs != signs[APIKey]},
		{"authorization.token_url", "url", p.Authorization.TokenURL == "" || licensespring.SafeAddress(p.Authorization.TokenURL)},
		{"request.schema", "schema", p.Request.Schema == request.Schema1 || p.Request.Schema == request.Schema2},
		{"request.signature_encoding", "encoding", slices.Contains([]string{"base64", "hex"}, p.Request.SignatureEncoding)},
		{"request.host_data", "host_data", !slices.ContainsFunc(p.Request.HostData, func(name string) bool { return !slices.Contains(HostData, name) })},
		{"hardware.source", "source", p.Hardware.Source.Valid()},
		{"hardware.application_id", "given", p.Hardware.ApplicationID != "" || p.Hardware.Source != machine.ProtectedID},
		{"hardware.application_id", "plain", isText(p.Hardware.ApplicationID)},
		{"server.endpoint", "url", licensespring.SafeAddress(p.Server.Endpoint)},
		{"server.portal", "url", licensespring.SafeAddress(p.Server.Portal)},
		{"server.proxy", "proxy", p.Server.Proxy == "" || isProxy(p.Server.Proxy)},
		{"server.extra_ca", "certificates", p.Server.ExtraCA == "" || x509.NewCertPool().AppendCertsFromPEM([]byte(p.Server.ExtraCA))},
		{"server.rate", "rate", 0 <= p.Server.Rate && p.Server.Rate <= licensespring.MaxRate},
	} {
		if !rule.ok {
			return &wrong{rule.path, words.Say("profile.must."+rule.must, "sources", machine.SourceNames()+", "+string(machine.Typed))}
		}
	}
	return nil
}

// isPlain reports whether a text is a key as the vendor's platform gives it: of ASCII
// letters, digits and signs, without blanks, quotes or brackets around it.
func isPlain(key string) bool {
	return !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) &&
		key == strings.Trim(key, "\"'`()[]{}<>,;")
}

// isText reports whether a text is what it looks like: no blank at its ends, none inside
// but single spaces, no hidden character, no word of two scripts, letters and their
// marks in one piece and of the usual width.
func isText(text string) bool {
	blankOrHidden := func(r rune) bool { return r != ' ' && (words.Blank(r) || words.Hidden(r)) }
	return !strings.ContainsFunc(text, blankOrHidden) && text == strings.Join(strings.Fields(text), " ") &&
		words.Mixed(text) == "" && text == words.Composed(words.Narrow(text))
}

// isName reports whether a text is a profile's name, which people compare, and by which
// a profile is chosen where a path would be taken for a file.
func isName(text string) bool {
	return isText(text) && !strings.ContainsAny(text, `/\`) && !isTOML(text) && utf8.RuneCountInString(text) <= maxName
}

// maxName bounds a profile's name, in characters: what a list shows of it.
const maxName = 60

// CheckProductCode refuses a product's code that cannot be meant as it stands. An empty
// one is none.
func CheckProductCode(code string) error {
	if !isText(code) || code != strings.Trim(code, "\"'`") {
		return fault.New(fault.Input, "profile.product_code")
	}
	return nil
}

// isProxy tells whether an address is one of a proxy, without a password.
func isProxy(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && u.Path+u.RawQuery == ""
}

// CheckEndpoint refuses an address given by the operator that requests must
// not go to.
func CheckEndpoint(address string) error {
	if !licensespring.SafeAddress(address) {
		return fault.New(fault.Usage, "profile.endpoint") // not shown: it may hold a password
	}
	return nil
}
