package app

import (
	"testing"
	"time"

	"handback/app/apptest"
	"handback/app/request"
)

func TestATimeIsADayOrAMomentOrHowLongAgo(t *testing.T) {
	zone := time.FixedZone("", -5*60*60)
	now := time.Date(2026, 11, 27, 18, 30, 0, 0, zone)
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, zone) }
	for text, want := range map[string][2]time.Time{
		"2026-11-27":                {day(27), day(28).Add(-1)},
		"2026-11-01":                {day(1), day(2).Add(-1)},
		"2026-11-20T09:30:00Z":      {time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC), time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)},
		"2026-11-20T09:30:00+09:00": {time.Date(2026, 11, 20, 0, 30, 0, 0, time.UTC), time.Date(2026, 11, 20, 0, 30, 0, 0, time.UTC)},
		"24h":                       {now.Add(-24 * time.Hour), now.Add(-24 * time.Hour)},
		"7d":                        {now.Add(-7 * 24 * time.Hour), now.Add(-7 * 24 * time.Hour)},
		"2w":                        {now.Add(-14 * 24 * time.Hour), now.Add(-14 * 24 * time.Hour)},
	} {
		since, err1 := ParseSince(text, "--since", now)
		until, err2 := ParseUntil(text, "--until", now)
		if err1 != nil || err2 != nil || !since.Equal(want[0]) || !until.Equal(want[1]) {
			t.Errorf("%q: %v to %v, %v, %v", text, since, until, err1, err2)
		}
	}
	for _, text := range []string{"", "d", "7", "-7d", "+7d", "7D", "1.5d", "7 d", "999999999d", "99999999999999999999d", "yesterday", "27.11.2026", "2026-11-31", "2026-11-27T09:30", "2026-11-27T09:30:00", "d7"} {
		if at, err := ParseSince(text, "--since", now); apptest.Key(err) != "app.filter.time" {
			t.Errorf("%q: %v, %v", text, at, err)
		}
	}
}

func TestAFilterChoosesByTimeStateProductAndLicense(t *testing.T) {
	b, _ := withJournal(t)
	made := b.create(t, Create{HardwareID: "workstation-7"})
	r := b.Journal.Known(made.Request)
	at := r.Updated()
	for name, row := range map[string]struct {
		filter RecordFilter
		want   bool
	}{
		"all":                 {RecordFilter{}, true},
		"since then":          {RecordFilter{Since: at}, true},
		"since later":         {RecordFilter{Since: at.Add(1)}, false},
		"until then":          {RecordFilter{Until: at}, true},
		"until earlier":       {RecordFilter{Until: at.Add(-1)}, false},
		"one of two states":   {RecordFilter{States: []request.State{request.Released, request.Created}}, true},
		"another state":       {RecordFilter{States: []request.State{request.Released}}, false},
		"product":             {RecordFilter{Product: "acmecad"}, true},
		"another product":     {RecordFilter{Product: "acme"}, false},
		"license":             {RecordFilter{License: licenseKey}, true},
		"without hyphens":     {RecordFilter{License: "gpycx5j2l5skc3lk"}, true},
		"in wide letters":     {RecordFilter{License: "ＧＰＹＣ－Ｘ５Ｊ２－Ｌ５ＳＫ－Ｃ３ＬＫ"}, true},
		"half of a license":   {RecordFilter{License: "GPYC-X5J2"}, false},
		"all but the license": {RecordFilter{Since: at, Until: at, Product: "acmecad", States: []request.State{request.Created}, License: "x"}, false},
	} {
		if got := row.filter.Matches(r); got != row.want || row.filter.IsZero() != (name == "all") {
			t.Errorf("%s: %v", name, got)
		}
	}
	if states, err := ParseStates([]string{"released, refused", "unknown"}); err != nil || len(states) != 3 {
		t.Errorf("%v, %v", states, err)
	}
	for _, text := range []string{"", "released,", "Released", "cancelled", "free"} {
		if _, err := ParseStates([]string{text}); apptest.Key(err) != "app.filter.state" {
			t.Errorf("%q: %v", text, err)
		}
	}
	if SameLicense("anna@acme.example", "bob@acme.example") || !SameLicense("anna@acme.example", "Anna@ACME.example") {
		t.Error("usernames")
	}
}
