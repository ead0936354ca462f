package request

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"handback/app/fault"
	"handback/app/secret"
	"handback/app/words"
)

// Verdict is the result of checking a request's signature.
type Verdict string

// The verdicts.
const (
	Valid     Verdict = "valid"
	Invalid   Verdict = "invalid"   // signed with another key, or changed since
	Unchecked Verdict = "unchecked" // there is no key to check it with
	Absent    Verdict = "absent"    // the request has no signature
)

// Verify checks the signature. In schema 1 it covers the four signed values and is in
// base64. In schema 2 it covers the raw bytes of the member "request" and is in base64 or
// hex, so that the forms of all SDKs are accepted. Verify ignores a signature inside that
// member, because the Python SDK's can be wrong.
func (r *Request) Verify(key secret.Secret) Verdict {
	signature := r.signature
	if signature == "" {
		return Absent
	}
	if key.IsZero() {
		return Unchecked
	}
	if r.Schema == Schema2 {
		mac := key.HMAC(r.signed)
		return verdict(equal(signature, encode(mac, false)) || equal(strings.ToLower(signature), encode(mac, true)))
	}
	want, err := sign(r.signedValues(), key)
	return verdict(err == nil && equal(signature, want))
}

// signed is a value that the schema 1 signature covers.
type signed struct{ member, value string }

// signedValues returns the four values of the schema 1 signature in order. If both key
// and username are set, the key is signed, as in the SDKs.
func signedValues(date, licenseKey, username, hardwareID, apiKey, clientID string) []signed {
	owner, client := signed{"license_key", licenseKey}, signed{"api_key", apiKey}
	if licenseKey == "" && username != "" {
		owner = signed{"username", username}
	}
	if apiKey == "" && clientID != "" {
		client = signed{"client_id", clientID}
	}
	return []signed{{"date", date}, owner, {"hardware_id", hardwareID}, client}
}

func (r *Request) signedValues() []signed {
	return signedValues(r.Date, r.LicenseKey, r.Username, r.HardwareID, r.APIKey, r.ClientID)
}

// sign makes the schema 1 signature: five lines joined by four newlines, none after the
// last, HMAC-SHA256, base64. A newline in a value would shift the others, so control
// characters are refused, and the newlines are counted as well.
func sign(values []signed, key secret.Secret) (string, error) {
	lines := append(make([]string, 0, 1+len(values)), "licenseSpring")
	for i, v := range values {
		if err := checkValue(v.member, v.value); err != nil {
			return "", err
		}
		if i == 0 {
			v.value = "date: " + v.value
		}
		lines = append(lines, v.value)
	}
	text := strings.Join(lines, "\n")
	if n := strings.Count(text, "\n"); n != 4 {
		return "", fault.New(fault.Unexpected, "request.newlines", "count", n)
	}
	return encode(key.HMAC([]byte(text)), false), nil
}

// checkValue refuses a signed value that is empty or has hidden characters.
func checkValue(member, value string) error {
	if value == "" {
		return missing(member)
	}
	for i, r := range value {
		if words.Hidden(r) {
			return fault.New(fault.Input, "request.hidden_character", "member", member,
				"character", words.Visible(string(r), 1), "position", len([]rune(value[:i]))+1)
		}
	}
	return nil
}

func encode(mac []byte, inHex bool) string {
	if inHex {
		return hex.EncodeToString(mac)
	}
	return base64.StdEncoding.EncodeToString(mac)
}

func equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

func verdict(ok bool) Verdict {
	if ok {
		return Valid
	}
	return Invalid
}
