package sandbox

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"handback/app/fault"
	"handback/app/words"
)

// MaxLicenses is the maximum size of a file of licenses, in bytes.
const MaxLicenses = 1 << 20

// License is a license that a sandbox knows. Only the key or the username is required.
type License struct {
	Key      string `toml:"license_key"`
	Username string `toml:"username"`
	ID       int64  `toml:"license_id"` // 0: a request may name any
	// HardwareIDs are the devices on which the license is activated.
	HardwareIDs []string `toml:"hardware_ids"`
	Blacklisted []string `toml:"blacklisted"` // the hardware IDs of devices
	Product     string   `toml:"product"`     // empty: Options.Product
	// ProductState is the state of the product: active (the default), disabled,
	// archived, or not_allowed (to this API key). If several licenses of one product
	// have one, the first counts.
	ProductState string    `toml:"product_state"`
	Bundle       string    `toml:"bundle_code"` // the license is released on the path for bundles only
	Type         string    `toml:"type"`        // perpetual (the default), consumption, trial, time-limited, subscription or floating
	Expires      time.Time `toml:"expires"`     // for a trial; zero means never
	Features     []string  `toml:"features"`    // the product features it has; nil means any
	Inactive     bool      `toml:"inactive"`    // it was never activated
	Disabled     bool      `toml:"disabled"`    // the vendor has disabled it
}

// productStates has the states of a product and the error code of each.
var productStates = map[string]string{"": "", "active": "", "disabled": "disabled_product",
	"archived": "archived_product", "not_allowed": "api_key_product_not_allowed"}

const trial = "trial"

// types has the types of licenses. It is true for those that can be deactivated offline.
//
// Source: https://docs.licensespring.com/license-api/license-activation-and-deactivation/deactivate-license-offline-method
var types = map[string]bool{"": true, "perpetual": true, "consumption": true, trial: true,
	"time-limited": false, "subscription": false, "floating": false}

// faults has what can be wrong with the license that was found. The first that holds is
// the answer.
var faults = []struct {
	holds  func(*call) bool
	code   string
	detail string
}{
	{func(c *call) bool { return c.license.Disabled }, "license_not_enabled", ""},
	{func(c *call) bool { return c.license.Inactive }, "license_not_active", ""},
	{func(c *call) bool { return !types[c.license.Type] }, "validation_error",
		"licenses of this type cannot be deactivated offline"}, // no source says which code it is
	{func(c *call) bool {
		l := c.license
		return l.Type == trial && !l.Expires.IsZero() && !c.now.Before(l.Expires)
	}, "trial_expired", ""},
	{func(c *call) bool {
		other := func(name string) bool { return !slices.Contains(c.license.Features, name) }
		return c.license.Features != nil && slices.ContainsFunc(c.features(), other)
	}, "unsupported_product_feature", ""},
}

// LoadLicenses reads a file of licenses: TOML, with one table [[license]] for each. Its
// keys are those of [License]; others are refused. Errors are faults of kind
// [fault.Input] and name the line, or the number of the license.
func LoadLicenses(r io.Reader) ([]License, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxLicenses+1))
	switch {
	case err != nil:
		return nil, fault.New(fault.Input, "sandbox.licenses_unreadable").Because(err)
	case len(text) > MaxLicenses:
		return nil, fault.New(fault.Input, "sandbox.licenses_too_long", "limit", MaxLicenses)
	}
	var file struct {
		License []License `toml:"license"`
	}
	err = toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&file)
	var unknown *toml.StrictMissingError
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		line, _ := unknown.Errors[0].Position()
		member := words.Visible(strings.Join(unknown.Errors[0].Key(), "."), 60)
		return nil, fault.New(fault.Input, "sandbox.licenses_member", "line", line, "member", member)
	case errors.As(err, &syntax):
		line, _ := syntax.Position()
		problem, _, _ := strings.Cut(strings.TrimPrefix(syntax.Error(), "toml: "), " into struct field")
		problem = words.Visible(problem, 200)
		return nil, fault.New(fault.Input, "sandbox.licenses_syntax", "line", line, "problem", problem)
	case err != nil:
		return nil, fault.New(fault.Input, "sandbox.licenses_unreadable").Because(err)
	case len(file.License) == 0:
		return nil, fault.New(fault.Input, "sandbox.licenses_none")
	}
	if err := checkLicenses(file.License); err != nil {
		return nil, err
	}
	return file.License, nil
}

// checkLicenses refuses a license that is not valid. Its number counts from 1.
func checkLicenses(licenses []License) error {
	for i, l := range licenses {
		if l.Key == "" && l.Username == "" {
			return fault.New(fault.Input, "sandbox.license_owner", "number", i+1)
		}
		if _, known := types[l.Type]; !known {
			return notOneOf(i, "type", l.Type, slices.Sorted(maps.Keys(types)))
		}
		if _, known := productStates[l.ProductState]; !known {
			return notOneOf(i, "product_state", l.ProductState, slices.Sorted(maps.Keys(productStates)))
		}
	}
	return nil
}

func notOneOf(i int, member, value string, names []string) error {
	return fault.New(fault.Input, "sandbox.license_value", "number", i+1, "member", member,
		"value", words.Visible(value, 60), "names", strings.Join(names[1:], ", ")) // the first is empty
}
