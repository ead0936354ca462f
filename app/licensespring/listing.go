package licensespring

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"handback/app/pattern"
	"handback/app/request"
)

// listing is one page of a device's licenses. No page documents its form: it is taken to be
// a list of objects, at any depth, each of which names a license key or a user.
type listing struct {
	items []any
	next  string // the link to the next page; empty if there is none
	more  bool   // there are more, without a link
	total int    // the number of items on all pages, as it says; 0 if it does not
}

// The names of members, as plainName returns them.
var (
	keyNames      = []string{"licensekey"}
	userNames     = []string{"username", "email", "trueemail", "useremail"}
	productNames  = []string{"shortcode", "productcode", "productshortcode"}
	hardwareNames = []string{"hardwareid"}
	idNames       = []string{"licenseid"}
	activeNames   = []string{"active", "isactive", "deviceactive"}
	listNames     = []string{"results", "data", "licenses", "devicelicenses", "items", "objects"}
	moreNames     = []string{"hasmore", "hasnext"}
	totalNames    = []string{"count", "total"}
)

// others names the members about somebody else: the one who bought the license is not the
// one who uses it.
var others = []string{"customer", "order", "company", "manager"}

// plainName returns the same text for a member's name in whatever style it is written.
func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// parseListing reads a page. Ok is false if there is no list in it.
func parseListing(r reply) (list listing, ok bool) {
	decoder := json.NewDecoder(strings.NewReader(r.text))
	decoder.UseNumber()
	var whole any
	if decoder.Decode(&whole) != nil || decoder.More() {
		return listing{}, false
	}
	if list.items, ok = itemsOf(whole); !ok {
		return listing{}, false
	}
	if envelope, object := whole.(map[string]any); object {
		list.paging(envelope)
	}
	if link := headerLink().FindStringSubmatch(strings.Join(r.header.Values("Link"), ", ")); link != nil && list.next == "" {
		list.next = link[1]
	}
	return list, true
}

// headerLink matches the link to the next page in a Link header (RFC 8288).
var headerLink = pattern.Lazy(`<([^>]*)>[^,]*;\s*rel="?next\b`)

// itemsOf returns the list in a value: the value itself, or the first lists among its
// members and theirs that are known by their name, or whose objects name a license. Objects
// that name one themselves are a list, too. Ok is false if there is none, or if it is not
// clear which is meant.
func itemsOf(whole any) (items []any, ok bool) {
	if items, ok := whole.([]any); ok {
		return items, true
	}
	for level := []any{whole}; len(level) > 0; {
		var lists, objects, next []any
		listed := false
		for _, object := range level {
			members, _ := object.(map[string]any)
			if len(values(members, keyNames)) > 0 {
				objects = append(objects, object)
			}
			for name, value := range members {
				items, isList := value.([]any)
				switch {
				case isList && (slices.Contains(listNames, plainName(name)) || allNamed(items)):
					lists, listed = append(lists, items...), true
				case !isList && !slices.Contains(others, plainName(name)):
					next = append(next, value)
				}
			}
		}
		switch {
		case listed:
			return lists, len(objects) == 0
		case len(objects) > 0:
			return objects, true
		}
		level = next
	}
	return nil, false
}

// allNamed reports whether values are objects that name a license key or a user.
func allNamed(items []any) bool {
	return len(items) > 0 && !slices.ContainsFunc(items, func(item any) bool {
		return len(below(item, keyNames))+len(below(item, userNames)) == 0
	})
}

// paging reads what a list says about its pages.
func (l *listing) paging(envelope map[string]any) {
	for name, value := range envelope {
		switch name := plainName(name); {
		case name == "next":
			l.link(value)
		case name == "links":
			if links, ok := value.(map[string]any); ok {
				l.link(links["next"])
			}
		case slices.Contains(moreNames, name):
			l.more = l.more || value == true
		case slices.Contains(totalNames, name):
			if number, ok := value.(json.Number); ok {
				total, _ := strconv.Atoi(number.String())
				l.total = max(l.total, total)
			}
		default:
			if inner, ok := value.(map[string]any); ok {
				l.paging(inner)
			}
		}
	}
}

func (l *listing) link(value any) {
	switch link := value.(type) {
	case nil:
	case string:
		l.next = link
	case map[string]any:
		l.link(link["href"])
	default:
		l.more = true // such as a page's number: no source says what to do with it
	}
}

// values returns the texts and numbers among an object's own members with one of the names.
func values(members map[string]any, names []string) (all []string) {
	for name, value := range members {
		if !slices.Contains(names, plainName(name)) {
			continue
		}
		switch v := value.(type) {
		case string:
			if v != "" {
				all = append(all, v)
			}
		case json.Number:
			all = append(all, v.String())
		}
	}
	return all
}

// below returns the values of members with one of the names, at any depth.
func below(value any, names []string) (all []string) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			all = append(all, below(one, names)...)
		}
	case map[string]any:
		all = values(v, names)
		for name, one := range v {
			if !slices.Contains(others, plainName(name)) {
				all = append(all, below(one, names)...)
			}
		}
	}
	return all
}

// verdicts is what all pages say about one license.
type verdicts struct {
	count  int  // of items
	held   bool // an item is the license
	unsure bool // an item may be
}

func (v *verdicts) add(list listing, r *request.Request) {
	v.count += len(list.items)
	for _, item := range list.items {
		switch judge(item, r) {
		case request.Held:
			v.held = true
		case request.Untold:
			v.unsure = true
		}
	}
}

// judge says whether an item is a request's license on its device. It compares generously:
// a key that is written another way must not pass for one that is gone.
func judge(item any, r *request.Request) request.Holds {
	keys, users := below(item, keyNames), below(item, userNames)
	if ids := below(item, hardwareNames); len(ids) > 0 && !slices.Contains(ids, r.HardwareID) {
		return request.NotHeld // of another device
	}
	owners, wanted, plain := users, r.Username, strings.TrimSpace
	if r.LicenseKey != "" {
		owners, wanted, plain = keys, r.LicenseKey, plainKey
		if len(keys) == 0 && len(users) > 0 {
			return request.NotHeld // a user's license has no key
		}
	}
	same := func(owner string) bool { return strings.EqualFold(plain(owner), plain(wanted)) }
	switch {
	case len(owners) == 0:
		return request.Untold
	case !slices.ContainsFunc(owners, same):
		if slices.ContainsFunc(owners, isMasked) {
			return request.Untold
		}
		return request.NotHeld
	case r.LicenseKey == "" && otherOf(item, productNames, r.Product), otherOf(item, idNames, licenseID(r)):
		return request.NotHeld // another license of the same user
	case inactive(item):
		return request.Untold // no page says whether it is the license or the device
	}
	return request.Held
}

// plainKey returns a license key without hyphens and blanks.
func plainKey(key string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(key)
}

// isMasked reports whether some of a key or a name is hidden.
func isMasked(owner string) bool { return strings.ContainsAny(owner, "*•…") }

// otherOf reports whether an item has members with one of the names, and none of them is
// wanted. An empty wanted is any.
func otherOf(item any, names []string, wanted string) bool {
	given := below(item, names)
	return wanted != "" && len(given) > 0 && !slices.Contains(given, wanted)
}

func licenseID(r *request.Request) string {
	for _, m := range r.Members {
		if m.Name == "license_id" {
			return m.Text()
		}
	}
	return ""
}

// inactive reports whether an item says at any depth that something is not active.
func inactive(item any) bool {
	switch v := item.(type) {
	case []any:
		return slices.ContainsFunc(v, inactive)
	case map[string]any:
		for name, value := range v {
			if slices.Contains(activeNames, plainName(name)) && value == false || inactive(value) {
				return true
			}
		}
	}
	return false
}
