package request

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"handback/app/fault"
	"handback/app/words"
)

// Ages at which a request is worth a word before it is sent.
const (
	oldAfter    = 14 * 24 * time.Hour
	futureAfter = 15 * time.Minute
)

// styles are the dates that SDKs write: RFC 7231, Go's older RFC 1123, and
// JavaScript's Date.toString with or without the zone's name.
var styles = []string{http.TimeFormat, time.RFC1123, time.RFC1123Z, "Mon Jan 2 2006 15:04:05 GMT-0700",
	time.ANSIC, time.RFC3339}

var zoneName = regexp.MustCompile(` \([^()]*\)$`)

// Made is when the request says it was made. It is false where the date is in
// a style that this program does not know: the signature covers the text
// whatever it says, so such a date is no error.
func (r *Request) Made() (time.Time, bool) {
	made, err := r.when()
	return made, err == nil && !made.IsZero()
}

// when reads the date. A weekday that does not belong to its day, which
// time.Parse lets pass, is an error.
func (r *Request) when() (time.Time, error) {
	text := zoneName.ReplaceAllString(r.Date, "")
	for _, style := range styles {
		made, err := time.Parse(style, text)
		if err != nil {
			continue
		}
		if strings.HasPrefix(style, "Mon, ") && made.Format(style)[4:] != text[4:] {
			continue // the parser lets fractions of seconds pass
		}
		if strings.HasPrefix(style, "Mon") && made.Format("Mon") != text[:3] {
			return time.Time{}, fault.New(fault.Input, "request.weekday", "date", r.Date, "weekday", made.Format("Monday"))
		}
		return made, nil
	}
	return time.Time{}, nil
}

// Warnings are what a person should know before trusting this request, seen
// at the given time.
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
