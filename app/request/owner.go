package request

import (
	"regexp"
	"strings"
	"unicode"

	"handback/app/fault"
)

// CheckLicenseKey refuses a license key that was surely not meant as it
// stands, with white space or with a character that only looks like a hyphen,
// and says what it might have been. Nothing is changed silently: what is
// signed is what was agreed to.
func CheckLicenseKey(key string) error {
	if strings.TrimSpace(key) == "" {
		return missing("license_key")
	}
	if proposed := ProposeLicenseKey(key); proposed != key {
		return fault.New(fault.Input, "request.license_key_form", "proposed", proposed)
	}
	return clean("license_key", key)
}

// ProposeLicenseKey is what a pasted license key was probably meant to be:
// without white space and hidden characters, look-alike dashes as hyphens.
// Groups that only spaces set apart get hyphens.
func ProposeLicenseKey(key string) string {
	if groups := strings.Fields(key); len(groups) > 1 && !strings.ContainsFunc(key, func(r rune) bool { return unicode.Is(unicode.Dash, r) }) {
		key = strings.Join(groups, "-")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Dash, r):
			return '-'
		}
		return r
	}, key)
}

// usualLicenseKey is the form of the vendor's own keys, in letters of either case.
var usualLicenseKey = regexp.MustCompile(`^(?i)[a-z0-9]{4}(-[a-z0-9]{4}){3,}$`)

// SuggestLicenseKey is ProposeLicenseKey, and a key of the vendor's usual form in
// capital letters, as it hands them out. Letters of another case are no fault: a
// vendor may have keys of its own.
func SuggestLicenseKey(key string) string {
	key = ProposeLicenseKey(key)
	if usualLicenseKey.MatchString(key) {
		return strings.ToUpper(key)
	}
	return key
}

// CheckUsername refuses a username with white space around it.
func CheckUsername(name string) error {
	trimmed := strings.TrimSpace(name)
	if trimmed == "" {
		return missing("username")
	}
	if trimmed != name {
		return fault.New(fault.Input, "request.username_form", "proposed", trimmed)
	}
	return clean("username", name)
}
