package request

import (
	"net/http"
	"strings"
	"time"

	"handback/app/fault"
	"handback/app/pattern"
	"handback/app/words"
)

// Ages from which on there is a warning about a request.
const (
	oldAfter    = 14 * 24 * time.Hour
	futureAfter = 15 * time.Minute
)

// styles are the date formats of SDKs: RFC 7231, RFC 1123 as older Go SDKs write it, and
// JavaScript's Date.toString with or without the zone's name.
var styles = []string{http.TimeFormat, time.RFC1123, time.RFC1123Z, "Mon Jan 2 2006 15:04:05 GMT-0700",
	time.ANSIC, time.RFC3339}

var zoneName = pattern.Lazy(` \([^()]*\)$`)

// Made returns the date of the request. ok is false if its format is unknown. That is not
// an error, because the signature covers the text whatever it says.
func (r *Request) Made() (made time.Time, ok bool) {
	made, err := r.parseDate()
	return made, err == nil && !made.IsZero()
}

// parseDate parses the date. It returns a zero time if the format is unknown, and an
// error if the weekday is wrong, which time.Parse does not check.
func (r *Request) parseDate() (time.Time, error) {
	text := zoneName().ReplaceAllString(r.Date, "")
	for _, style := range styles {
		made, err := time.Parse(style, text)
		if err != nil {
			continue
		}
		if strings.HasPrefix(style, "Mon, ") && made.Format(style)[4:] != text[4:] {
			continue // time.Parse accepts fractions of seconds
		}
		if strings.HasPrefix(style, "Mon") && made.Format("Mon") != text[:3] {
			return time.Time{}, fault.New(fault.Input, "request.weekday", "date", r.Date, "weekday", made.Format("Monday"))
		}
		return made, nil
	}
	return time.Time{}, nil
}

// Warnings returns what a person should know before trusting the request at the given
// time.
func (r *Request) Warnings(now time.Time) []words.Phrase {
	var warnings []words.Phrase
	made, known := r.Made()
	switch {
	case !known:
		warnings = append(warnings, words.Say("request.warn.date", "date", words.Visible(r.Date, 60)))
	case now.Sub(made) > oldAfter:
		warnings = append(warnings, words.Say("request.warn.old", "days", int(now.Sub(made).Hours()/24)))
	case made.Sub(now) > futureAfter:
		warnings = append(warnings, words.Say("request.warn.future", "date", r.Date))
	}
	if r.LicenseKey != "" && r.Username != "" {
		warnings = append(warnings, words.Say("request.warn.both_owners"))
	}
	names := append([]string(nil), r.envelope...)
	for _, m := range r.Members {
		if _, documented := kinds[m.Name]; !documented {
			names = append(names, m.Name)
		}
	}
	for _, name := range names {
		warnings = append(warnings, words.Say("request.warn.unknown_member", "member", words.Visible(name, 60)))
	}
	return warnings
}
