package sandbox

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strconv"
	"strings"

	"handback/app/fault"
	"handback/app/request"
)

// checkBody finds the base64 text: the whole body, or the part "file" of a form. White
// space around it is ignored, because SDKs' files end in a newline.
func (c *call) checkBody() *answer {
	kind, parameters, _ := mime.ParseMediaType(c.header.Get("Content-Type"))
	if len(c.body) == 0 {
		return c.refuse("missing_parameters", "body")
	}
	content := c.body
	if kind == "multipart/form-data" {
		var err error
		content, err = part(c.body, parameters["boundary"], "file")
		switch {
		case errors.Is(err, errNoPart):
			return c.refuse("missing_parameters", "file")
		case err != nil:
			return c.refuse("authorization_missing_params", "the form breaks off")
		}
	}
	if c.text = strings.Trim(string(content), " \t\r\n\v\f"); c.text == "" {
		return c.refuse("missing_content", "")
	}
	return nil
}

var errNoPart = errors.New("no such part")

// part returns the part of a form with a name, whether it has a file name or not.
func part(form []byte, boundary, name string) ([]byte, error) {
	if boundary == "" {
		return nil, errNoPart
	}
	for r := multipart.NewReader(bytes.NewReader(form), boundary); ; {
		p, err := r.NextPart()
		if err != nil {
			return nil, errNoPart
		}
		if p.FormName() == name {
			return io.ReadAll(p)
		}
	}
}

// decodeCodes has the code for each fault of request.Decode; for all others it is
// validation_error. The decoder is stricter than the API is documented to be, but accepts
// every request that this program makes or submits.
var decodeCodes = map[string]string{
	"request.base64":     "authorization_missing_params",
	"request.missing":    "authorization_missing_params",
	"request.utf8":       "invalid_json",
	"request.json":       "invalid_json",
	"request.trailing":   "invalid_json",
	"request.not_object": "invalid_json",
	"request.duplicate":  "invalid_json",
}

// emptyCodes has the codes for members that are there, but empty.
var emptyCodes = map[any]string{"hardware_id": "missing_hardware_id", "license_key": "license_key_required"}

func (c *call) decode() *answer {
	var err error
	if c.request, err = request.Decode(c.text); err != nil {
		return c.undecoded(err)
	}
	if c.request.Verify(c.options.Secret) == request.Absent {
		return c.refuse("authorization_missing_params", "signature")
	}
	return nil
}

func (c *call) undecoded(err error) *answer {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return c.refuse("validation_error", err.Error())
	}
	code := cmp.Or(decodeCodes[f.Key], "validation_error")
	if f.Key == "request.missing" {
		member := f.Pairs[1]
		if _, there := members(c.text)[member.(string)]; there {
			code = cmp.Or(emptyCodes[member], code)
		}
	}
	return c.refuse(code, err.Error())
}

// members returns the members of a request that did not decode strictly.
func members(text string) map[string]json.RawMessage {
	raw, err := base64.StdEncoding.DecodeString(text)
	var whole, inner map[string]json.RawMessage
	if err != nil || json.Unmarshal(raw, &whole) != nil {
		return nil
	}
	if json.Unmarshal(whole["request"], &inner) == nil {
		return inner
	}
	return whole
}

func (c *call) checkProduct() *answer {
	code := c.request.Product
	known := c.options.Product == "" || c.options.Product == code
	state := ""
	for _, l := range c.options.Licenses {
		if l.Product == code {
			known = true
			state = cmp.Or(state, l.ProductState)
		}
	}
	if !known {
		return c.refuse("unknown_product", "")
	}
	if refused := productStates[state]; refused != "" {
		return c.refuse(refused, "")
	}
	return nil
}

// checkLicense finds the license in the list and checks it. Of several that fit, it takes
// the first that has the device, else the first.
func (c *call) checkLicense() *answer {
	if len(c.options.Licenses) == 0 {
		return nil
	}
	var fitting []*License
	listed, byUser := false, false
	for i := range c.options.Licenses {
		l := &c.options.Licenses[i]
		if l.Product != c.request.Product {
			continue
		}
		listed, byUser = true, byUser || l.Username != ""
		if c.fits(l) {
			fitting = append(fitting, l)
		}
	}
	switch {
	case len(fitting) == 0 && listed && !byUser && c.request.LicenseKey == "":
		return c.refuse("license_key_required", "")
	case len(fitting) == 0:
		return c.refuse("license_not_found", "")
	}
	has := func(l *License) bool { return slices.Contains(l.HardwareIDs, c.request.HardwareID) }
	c.license = fitting[max(0, slices.IndexFunc(fitting, has))]
	for _, f := range faults {
		if f.holds(c) {
			return c.refuse(f.code, f.detail)
		}
	}
	return nil
}

// fits reports whether the request is for this license.
func (c *call) fits(l *License) bool {
	r := c.request
	owned := r.LicenseKey != "" && r.LicenseKey == l.Key ||
		r.LicenseKey == "" && r.Username == l.Username
	id, code := c.licenseID(), c.member("bundle_code")
	return owned && c.bundle == (l.Bundle != "") &&
		(code == "" || l.Bundle == "" || code == l.Bundle) &&
		(id == 0 || l.ID == 0 || id == l.ID)
}

// member returns an optional member's text, empty if it is absent.
func (c *call) member(name string) string {
	for _, m := range c.request.Members {
		if m.Name == name {
			return m.Text()
		}
	}
	return ""
}

func (c *call) licenseID() int64 {
	id, _ := strconv.ParseInt(c.member("license_id"), 10, 64)
	return id
}

// features returns the names of the request's product features. No source settles the form
// of an element: it may be a text, or an object with its name in one of these members.
func (c *call) features() []string {
	var elements []any
	_ = json.Unmarshal([]byte(c.member("product_features")), &elements)
	var names []string
	for _, element := range elements {
		if name, ok := element.(string); ok {
			names = append(names, name)
		}
		object, _ := element.(map[string]any)
		for _, member := range []string{"feature", "feature_code", "code", "product_feature"} {
			if name, ok := object[member].(string); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// checkSignature checks that the request is signed with the sandbox's secret, and names
// its client.
func (c *call) checkSignature() *answer {
	o, r := c.options, c.request
	own := r.APIKey == o.APIKey && r.APIKey != ""
	if o.ClientID != "" {
		own = r.ClientID == o.ClientID
		if c.on["oauth_signs_api_key"] {
			own = r.APIKey != "" && (o.APIKey == "" || r.APIKey == o.APIKey)
		}
	}
	if !own || r.Verify(o.Secret) != request.Valid {
		return c.refuse("signature_mismatch", "")
	}
	c.enrol()
	return nil
}

// device returns the device and the license that the request names.
func (c *call) device() Device {
	r, l := c.request, c.license
	d := Device{r.Product, r.Owner(), c.licenseID(), r.HardwareID}
	if l != nil {
		d.Owner, d.LicenseID = cmp.Or(l.Key, l.Username), l.ID
	}
	return d
}

// enrol takes a license and a device for activated, if every one is accepted.
func (c *call) enrol() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d := c.device(); c.license == nil && !slices.Contains(c.enrolled, d) {
		c.enrolled = append(c.enrolled, d)
	}
}

// release releases the device, if the license has it and it was not released before.
func (c *call) release() *answer {
	r, l, d := c.request, c.license, c.device()
	if l != nil {
		switch {
		case slices.Contains(l.Blacklisted, r.HardwareID):
			return c.refuse("blacklisted", "")
		case !slices.Contains(l.HardwareIDs, r.HardwareID):
			return c.refuse("device_not_found", "")
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch known := c.requestID[r.RequestID]; {
	case known && c.on["request_id_repeats"]:
		return nil
	case known && c.on["request_id_once"]:
		return c.refuse("validation_error", "request_id was used before")
	case slices.Contains(c.released, d):
		return c.refuse("device_not_found", "")
	}
	c.released = append(c.released, d)
	if r.RequestID != "" {
		c.requestID[r.RequestID] = true
	}
	return nil
}
