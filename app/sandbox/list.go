package sandbox

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"handback/app/licensespring"
)

// list answers the question which licenses a device holds. It makes the same checks as a
// deactivation before it reads anything. No page documents the form of the list: scenarios
// change it.
func (c *call) list() *answer {
	for _, at := range []licensespring.Check{licensespring.AtHeaders, licensespring.AtCredentials, licensespring.AtDate} {
		if a := c.play(at); a != nil {
			return a
		}
		if a := checks[at](c); a != nil {
			return a
		}
	}
	if a := c.play(atList); a != nil {
		return a
	}
	id := c.query.Get("hardware_id")
	if id == "" {
		return c.refuse("missing_hardware_id", "")
	}
	return c.listed(c.held(id))
}

// held returns the licenses that a device holds. Without Options.Licenses, one that the
// sandbox was never asked about holds every license: the key is then a star.
func (c *call) held(id string) (all []map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	gone := func(d Device) bool { return slices.Contains(c.released, d) && !c.on["list_late"] }
	known := len(c.options.Licenses) > 0
	for _, l := range c.options.Licenses {
		if d := (Device{l.Product, cmp.Or(l.Key, l.Username), l.ID, id}); slices.Contains(l.HardwareIDs, id) && !gone(d) {
			all = append(all, item(d, l.Key == "", l.Bundle))
		}
	}
	for _, d := range c.enrolled {
		if d.HardwareID == id {
			known = true
			if !gone(d) {
				all = append(all, item(d, strings.Contains(d.Owner, "@"), ""))
			}
		}
	}
	if !known {
		return []map[string]any{item(Device{Product: c.options.Product, Owner: "*", HardwareID: id}, false, "")}
	}
	return all
}

func item(d Device, byUser bool, bundle string) map[string]any {
	one := map[string]any{"hardware_id": d.HardwareID, "license_key": d.Owner, "product_details": map[string]any{"short_code": d.Product}}
	if byUser {
		one["license_key"], one["user"] = nil, map[string]any{"email": d.Owner}
	}
	if d.LicenseID != 0 {
		one["license_id"] = d.LicenseID
	}
	if bundle != "" {
		one["bundle_code"] = bundle
	}
	return one
}

// listed returns the answer with a list, in the form that a scenario asks for.
func (c *call) listed(all []map[string]any) *answer {
	if all == nil || c.on["list_empty"] {
		all = []map[string]any{}
	}
	switch {
	case c.on["list_other_names"]:
		for i, one := range all {
			all[i] = map[string]any{"serial": one["license_key"]}
		}
	case c.on["list_nested"]:
		for i, one := range all {
			all[i] = map[string]any{"license": one}
		}
		return jsonAnswer(http.StatusOK, map[string]any{"data": map[string]any{"licenses": all}})
	case c.on["list_paged"]: // one on each page
		page, _ := strconv.Atoi(c.query.Get("page"))
		page = min(max(page, 1), len(all)+1)
		result := map[string]any{"count": len(all), "next": nil, "results": all[page-1 : min(page, len(all))]}
		if page < len(all) {
			query := url.Values{"hardware_id": c.query["hardware_id"], "page": {strconv.Itoa(page + 1)}}
			result["next"] = listPath + "?" + query.Encode()
		}
		return jsonAnswer(http.StatusOK, result)
	}
	return jsonAnswer(http.StatusOK, all)
}
