package app

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"handback/app/fault"
	"handback/app/journal"
	"handback/app/request"
	"handback/app/words"
)

// RecordFilter chooses records of the journal. An empty field chooses all.
type RecordFilter struct {
	Since, Until time.Time // of the last event; both are included
	States       []request.State
	Product      string // the product code
	License      string // the license key or username; see [SameLicense]
}

// IsZero reports whether the filter chooses all records.
func (f RecordFilter) IsZero() bool {
	return f.Since.IsZero() && f.Until.IsZero() && len(f.States) == 0 && f.Product == "" && f.License == ""
}

// Matches reports whether the filter chooses a record.
func (f RecordFilter) Matches(r journal.Record) bool {
	q, at := r.Request, r.Updated()
	return (f.Since.IsZero() || !at.Before(f.Since)) && (f.Until.IsZero() || !at.After(f.Until)) &&
		(len(f.States) == 0 || slices.Contains(f.States, r.State())) &&
		(f.Product == "" || q.Product == f.Product) && (f.License == "" || SameLicense(q.Owner(), f.License))
}

// SameLicense reports whether two license keys or usernames are the same, with or without
// hyphens and blanks, in small letters or capitals, narrow or wide.
func SameLicense(a, b string) bool {
	plain := func(text string) string {
		return strings.Map(func(r rune) rune {
			if r == '-' || unicode.IsSpace(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, words.Narrow(text))
	}
	return plain(a) == plain(b)
}

// ParseStates returns the states with these names, which commas may separate. It fails if
// one is not a record's state.
func ParseStates(names []string) (states []request.State, err error) {
	for _, name := range names {
		for one := range strings.SplitSeq(name, ",") {
			state := request.State(strings.TrimSpace(one))
			if !slices.Contains(request.States(), state) {
				var all []string
				for _, known := range request.States() {
					all = append(all, string(known))
				}
				return nil, fault.New(fault.Usage, "app.filter.state", "states", strings.Join(all, ", "))
			}
			states = append(states, state)
		}
	}
	return states, nil
}

// ParseSince returns the beginning of a time that somebody typed: a day in the zone of now,
// as 2026-11-27; a time with its zone, as 2026-11-27T09:30:00Z (RFC 3339); or how long
// before now, as 24h, 7d or 2w. Flag is where it was typed.
func ParseSince(text, flag string, now time.Time) (time.Time, error) {
	begin, _, err := parseTime(text, flag, now)
	return begin, err
}

// ParseUntil is like [ParseSince], but returns the end of the day.
func ParseUntil(text, flag string, now time.Time) (time.Time, error) {
	_, end, err := parseTime(text, flag, now)
	return end, err
}

// units are the units of durations.
var units = map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// maxAge is how far back a duration may go, in units.
const maxAge = 100_000

func parseTime(text, flag string, now time.Time) (begin, end time.Time, err error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, now.Location()); err == nil {
		return day, day.AddDate(0, 0, 1).Add(-time.Nanosecond), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, at, nil
	}
	if text != "" {
		count, err := strconv.ParseUint(text[:len(text)-1], 10, 32)
		unit := units[text[len(text)-1:]]
		if err == nil && unit > 0 && count <= maxAge {
			at := now.Add(-time.Duration(count) * unit)
			return at, at, nil
		}
	}
	return time.Time{}, time.Time{}, fault.New(fault.Usage, "app.filter.time", "flag", flag)
}
