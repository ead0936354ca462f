package request

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"handback/app/fault"
	"handback/app/pattern"
	"handback/app/words"
)

// CheckLicenseKey refuses a license key with an obvious mistake, and proposes the right
// one if it can; see [ProposeLicenseKey]. Nothing is corrected silently: what is signed
// is what the person agreed to.
//
// There is no way to insist, because no real key is refused: the vendor's keys are ASCII
// letters, digits and hyphens, and a key that a vendor brought along is refused only for
// its ends, spaces and look-alike letters.
func CheckLicenseKey(key string) error {
	return checkOwner("license_key", key, ProposeLicenseKey, "request.license_key_form", "request.license_key_long")
}

// CheckUsername refuses a username with an obvious mistake, and proposes the right one if
// it can; see [ProposeUsername].
func CheckUsername(name string) error {
	return checkOwner("username", name, ProposeUsername, "request.username_form", "request.username_long")
}

func checkOwner(member, text string, propose func(string) string, form, long string) error {
	if !strings.ContainsFunc(text, func(r rune) bool { return !words.Blank(r) }) {
		return missing(member)
	}
	if !utf8.ValidString(text) {
		return checkValue(member, text) // there is no proposal for it
	}
	if n := utf8.RuneCountInString(text); n > maxRunes {
		return fault.New(fault.Input, long, "count", n, "limit", maxRunes)
	}
	if proposed := propose(text); proposed != text && proposed != "" {
		return fault.New(fault.Input, form, "proposed", proposed)
	}
	if word := words.Mixed(text); word != "" {
		return fault.New(fault.Input, "request.mixed_letters", "member", member, "word", words.Visible(word, 40))
	}
	return checkValue(member, text)
}

// ProposeLicenseKey returns a pasted license key without obvious mistakes: in ASCII if
// its letters are full-width or all look like ASCII ones; without a name before it;
// without quotes, brackets and punctuation around it; without white space and hidden
// characters; with hyphens for dashes that look alike. Groups separated only by spaces
// get hyphens. It returns its own results unchanged.
func ProposeLicenseKey(key string) string { return fixpoint(key, proposeLicenseKey) }

// fixpoint applies propose until the text no longer changes.
func fixpoint(text string, propose func(string) string) string {
	next := propose(text)
	for next != text {
		text, next = next, propose(next)
	}
	return text
}

func proposeLicenseKey(key string) string {
	key = words.Composed(words.Narrow(key))
	if latin := words.Latin(key); isASCII(strings.TrimFunc(latin, aroundKey)) {
		key = latin
	}
	key = strings.Map(func(r rune) rune {
		switch {
		case words.Blank(r):
			return ' '
		case words.Hidden(r):
			return -1
		case words.Hyphen(r):
			return '-'
		}
		return r
	}, key)
	if keys := usualLicenseKeys(key); len(keys) == 1 {
		return keys[0]
	}
	key = strings.TrimFunc(key, aroundKey)
	if named := namedKey().FindString(key); named != "" {
		key = strings.TrimFunc(key[len(named):], aroundKey)
	}
	groups := strings.Fields(key)
	if !strings.Contains(key, "-") {
		return strings.Join(groups, "-")
	}
	return strings.Join(groups, "")
}

// aroundKey reports whether r may be around a key in a text but is never at a key's ends.
// The equals sign, which ends base64, is not one of them.
func aroundKey(r rune) bool {
	return words.Blank(r) || words.Hidden(r) || words.Hyphen(r) || quotes(r) || strings.ContainsRune("()[]{}<>.,;:!?…。、，（）「」『』【】・•*", r)
}

// quotes reports whether r is a quotation mark of any kind, or is typed instead of one.
func quotes(r rune) bool {
	return unicode.Is(unicode.Quotation_Mark, r) || strings.ContainsRune("`´′″", r)
}

// namedKey matches a name and a sign before a key, as in a settings file. Other signs
// within a key belong to it.
var namedKey = pattern.Lazy(`^(?i)[a-z _-]*(key|license|licence|serial)[a-z _-]*[:=] *`)

// usualLicenseKeys returns the keys of the vendor's form in a text of several words.
func usualLicenseKeys(text string) (keys []string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '=' || r == ':' }) {
		if word = strings.TrimFunc(word, aroundKey); usualLicenseKey().MatchString(word) {
			keys = append(keys, word)
		}
	}
	return keys
}

// usualLicenseKey matches the form of the vendor's own keys, in either case.
var usualLicenseKey = pattern.Lazy(`^(?i)[a-z0-9]{4}(-[a-z0-9]{4}){3,}$`)

// IsUsualLicenseKey reports whether a text is a license key of the vendor's own form.
func IsUsualLicenseKey(text string) bool { return usualLicenseKey().MatchString(text) }

// SuggestLicenseKey is like [ProposeLicenseKey], but also returns a key of the vendor's
// usual form in capital letters, as the vendor hands them out. Another case is not an
// error: a vendor may have its own keys.
func SuggestLicenseKey(key string) string {
	key = ProposeLicenseKey(key)
	if usualLicenseKey().MatchString(key) {
		return strings.ToUpper(key)
	}
	return key
}

// DoubtLicenseKey returns how a key that almost has the vendor's usual form differs from
// four or more groups of four letters or digits. It may still be right.
func DoubtLicenseKey(key string) []words.Phrase {
	groups := strings.Split(key, "-")
	fours := 0
	for _, group := range groups {
		if len(group) == 4 {
			fours++
		}
	}
	switch {
	case usualLicenseKey().MatchString(key):
		return nil
	case withoutHyphens().MatchString(key):
		return []words.Phrase{words.Say("request.doubt.key_hyphens")}
	case !nearlyUsual().MatchString(key) || fours == 0 || fours < len(groups)-1:
		return nil // a key of another kind
	case fours == len(groups):
		return []words.Phrase{words.Say("request.doubt.key_groups", "count", len(groups))}
	}
	return []words.Phrase{words.Say("request.doubt.key_group")}
}

var (
	withoutHyphens = pattern.Lazy(`^(?i)[a-z0-9]{16}$`)
	nearlyUsual    = pattern.Lazy(`^(?i)[a-z0-9]{1,9}(-[a-z0-9]{1,9})*$`)
)

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// ProposeUsername returns a pasted username without obvious mistakes: only the address of
// "Name <a@b>" and mailto:; without quotes, spaces, hidden characters and punctuation
// around it; letters composed with their marks; full-width characters as ASCII; and
// letters of other scripts within a Latin word as Latin ones. It returns its own results
// unchanged.
func ProposeUsername(name string) string { return fixpoint(name, proposeUsername) }

func proposeUsername(name string) string {
	name = words.Composed(words.Narrow(name))
	name = strings.Map(func(r rune) rune {
		switch {
		case words.Blank(r):
			return ' '
		case words.Hidden(r):
			return -1
		}
		return r
	}, name)
	if address := addressed().FindStringSubmatch(name); address != nil {
		name = address[1]
	}
	around := func(r rune) bool {
		return r == ' ' || quotes(r) || strings.ContainsRune("<>()[]{},;:「」『』【】", r)
	}
	if strings.Contains(name, "@") {
		name = strings.TrimFunc(name, func(r rune) bool { return around(r) || strings.ContainsRune(".!?。、", r) })
	} else {
		name = strings.TrimFunc(name, around)
	}
	for word := words.Mixed(name); word != "" && isASCII(words.Latin(word)); word = words.Mixed(name) {
		name = strings.ReplaceAll(name, word, words.Latin(word))
	}
	return name
}

// addressed matches an e-mail address after a name or in a link.
var addressed = pattern.Lazy(`(?i)(?:<|mailto:|^[^@:]*: *)+([^\s<>@?:]+@[^\s<>@?]+)`)
