// Package profile reads the vendor's settings: which product, which API, which hardware
// ID. A profile is a TOML file that is safe to publish: it never has a secret in it.
//
// [Choose] returns the profile to use from the [Folders] of profiles: the one that was
// named, the only one there, or the built-in [Practice] profile, with which no license is
// released. [Parse] and [Read] are strict, and report the line of a mistake.
// [Import] and [Remove] manage the person's own profiles.
//
// [Profile.Destination] says where the profile sends requests, and [Destination.Account]
// under which name the keyring stores the secret for that.
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

// Profile is one vendor's settings, with TOML names as in the tags.
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
	// BuiltIn marks the profile that a vendor built into the program.
	BuiltIn bool `toml:"-"`
	// Machine marks a profile from the machine's folder, see [Folders].
	Machine bool `toml:"-"`
	// Path is the profile's file; empty for a built-in one.
	Path string `toml:"-"`
}

// Common returns what the profile's requests have in common.
func (p Profile) Common() request.Common {
	c := request.Common{Product: p.Product.Code}
	if p.Authorization.Signs == "client_id" {
		c.ClientID = p.Authorization.ClientID
	} else {
		c.APIKey = p.Authorization.APIKey
	}
	return c
}

// Imported reports whether the profile is the person's own, which [Remove] may delete.
func (p Profile) Imported() bool { return p.Path != "" && !p.Machine }

// named reports whether name is the profile's, or could be mistaken for it.
func (p Profile) named(name string) bool { return words.Alike(p.Name, name) }

// EmbeddedKey returns the shared key that is built in for this profile, or nil if there
// is none; see [brand.EmbeddedKey].
func (p Profile) EmbeddedKey() []byte {
	if !p.BuiltIn {
		return nil
	}
	return brand.EmbeddedKey()
}

// Member is a setting in effect, named by its table and name.
type Member struct{ Name, Value string }

// Members returns the settings in effect, including defaults, without those that have no
// value.
func (p Profile) Members() []Member {
	return slices.DeleteFunc(p.settings(), func(m Member) bool { return m.Value == "" })
}

// MemberNames returns the names of all settings.
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
		{"server.check", map[bool]string{true: "true"}[p.Server.Check]},
		{"support.contact", p.Support.Contact},
		{"support.desk", p.Support.Desk},
	}
}

// Product is the product that is licensed.
type Product struct {
	Code                string   `toml:"code"`                 // short code, case-sensitive
	LicenseTypes        []string `toml:"license_types"`        // empty means unknown
	AuthorizationMethod string   `toml:"authorization_method"` // LicenseKey or User; empty means either
	Bundle              bool     `toml:"bundle"`               // whether requests go to the API's path for bundles
	// TPM says that the device's security chip signs what is sent to the License API, so
	// that only the vendor's program can release a license.
	TPM bool `toml:"tpm"`
	// Consumptions is Required if every request has to report the count.
	Consumptions string `toml:"consumptions"`
}

// Required is the value of Product.Consumptions.
const Required = "required"

// Consumes reports whether the product has consumption licenses, for which a request
// reports the count.
func (p Product) Consumes() bool {
	return p.Consumptions == Required || slices.Contains(p.LicenseTypes, "consumption")
}

// Values of Product.AuthorizationMethod, as in the vendor's product_details.
const (
	LicenseKey = "license_key"
	User       = "user"
)

// Authorization is how requests identify the sender: by an API key or as an OAuth client.
type Authorization struct {
	Method   string `toml:"method"` // APIKey or OAuth
	APIKey   string `toml:"api_key"`
	ClientID string `toml:"client_id"`
	TokenURL string `toml:"token_url"` // empty means the vendor's own
	// Signs is which of the two a request has in it and signs. With OAuth the SDKs use
	// client_id, but one page of the documentation says api_key: the vendor knows.
	Signs string `toml:"signs"`
}

// Values of Authorization.Method.
const (
	APIKey = "api_key"
	OAuth  = "oauth"
)

// Request is the format of the requests.
type Request struct {
	Schema            int      `toml:"schema"`
	SignatureEncoding string   `toml:"signature_encoding"` // of schema 2's outer signature: base64 or hex
	HostData          []string `toml:"host_data"`          // some of [HostData]; none by default
}

// Hardware is how the vendor's application computes its hardware ID.
type Hardware struct {
	Source        machine.Source `toml:"source"`
	ApplicationID string         `toml:"application_id"` // for [machine.ProtectedID]
}

// Server is where requests go.
type Server struct {
	Endpoint string `toml:"endpoint"`
	Portal   string `toml:"portal"` // for people without credentials
	// Proxy takes precedence over the proxy in the environment. A password is allowed
	// only in the environment.
	Proxy string `toml:"proxy"`
	// ExtraCA are PEM certificates of authorities that are trusted in addition to the
	// system's, for a network that inspects its traffic.
	ExtraCA string `toml:"extra_ca"`
	// Rate limits the submissions of one program, per second; 0 means
	// [licensespring.DefaultRate].
	Rate int `toml:"rate"`
	// Check asks the vendor's record before and after each submission whether the device
	// holds the license.
	Check bool `toml:"check"`
}

// Support is whom people can ask for help.
type Support struct {
	Contact string `toml:"contact"`
	// Desk is the address of the vendor's own page for requests, which codes open.
	Desk string `toml:"desk"`
}

// defaultPortal is the vendor's own portal, from its portal documentation.
const defaultPortal = "https://offline.licensespring.com"

// HostData are the members about the computer that a profile may request.
var HostData = []string{"hostname", "os_hostname", "app_name", "app_ver", "sdk_lang"}

// offlineTypes are the license types that can be released offline, according to the
// vendor's documentation.
var offlineTypes = []string{"perpetual", "trial", "consumption"}

// CanGoOffline reports false if the profile lists the product's license types and none of
// them can be released offline.
func (p Product) CanGoOffline() bool {
	return len(p.LicenseTypes) == 0 || slices.ContainsFunc(p.LicenseTypes, func(t string) bool {
		return slices.Contains(offlineTypes, t)
	})
}

type wrong struct {
	path string // table and name
	must words.Phrase
}

// complete sets defaults and returns the first wrong value, or nil.
func (p *Profile) complete() *wrong {
	p.Authorization.Method = cmp.Or(p.Authorization.Method, APIKey)
	signs := map[string]string{APIKey: "api_key", OAuth: "client_id"}
	p.Authorization.Signs = cmp.Or(p.Authorization.Signs, signs[p.Authorization.Method])
	p.Request.Schema = cmp.Or(p.Request.Schema, request.Schema1)
	p.Request.SignatureEncoding = cmp.Or(p.Request.SignatureEncoding, "base64")
	p.Hardware.Source = cmp.Or(p.Hardware.Source, machine.LicenseSpring)
	p.Server.Endpoint = cmp.Or(p.Server.Endpoint, licensespring.DefaultEndpoint)
	p.Server.Portal = cmp.Or(p.Server.Portal, defaultPortal)

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
		{"support.desk", "page", p.Support.Desk == "" || isPage(p.Support.Desk)},
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

// isPlain reports whether a text may be a key from the vendor's platform: ASCII letters,
// digits and signs, without spaces, and without quotes or brackets around it.
func isPlain(key string) bool {
	return !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) &&
		key == strings.Trim(key, "\"'`()[]{}<>,;")
}

// isText reports whether a text is what it looks like: no space at its ends and only
// single ones inside, no hidden character, no word of two scripts, and letters composed
// with their marks and of the usual width.
func isText(text string) bool {
	blankOrHidden := func(r rune) bool { return r != ' ' && (words.Blank(r) || words.Hidden(r)) }
	return !strings.ContainsFunc(text, blankOrHidden) && text == strings.Join(strings.Fields(text), " ") &&
		words.Mixed(text) == "" && text == words.Composed(words.Narrow(text))
}

// isName reports whether a text may be a profile's name. People compare names, and a
// profile can be chosen by its name or by a path, which must not be mixed up.
func isName(text string) bool {
	return isText(text) && !strings.ContainsAny(text, `/\`) && !isTOML(text) && utf8.RuneCountInString(text) <= maxName
}

// maxName limits a profile's name, in characters: what a list shows of it.
const maxName = 60

// CheckProductCode refuses a product code with an obvious mistake. It accepts an empty
// one.
func CheckProductCode(code string) error {
	if !isText(code) || code != strings.Trim(code, "\"'`") {
		return fault.New(fault.Input, "profile.product_code")
	}
	return nil
}

// isProxy reports whether an address may be a proxy's, without a password.
func isProxy(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && u.Path+u.RawQuery == ""
}

// maxPage limits the address of a page, in characters: codes have it.
const maxPage = 80

// isPage reports whether an address may be that of a page that codes open: a phone opens
// it without a question, so it must be what it looks like.
func isPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && u.RawQuery+u.Fragment == "" &&
		len(address) <= maxPage && isPlain(address) && address == u.String()
}

// CheckEndpoint refuses an address, given by the operator, to which requests must not be
// sent.
func CheckEndpoint(address string) error {
	if !licensespring.SafeAddress(address) {
		return fault.New(fault.Usage, "profile.endpoint") // without the address, which may have a password in it
	}
	return nil
}
