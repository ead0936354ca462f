package journal

import (
	"strings"
	"testing"
	"time"

	"handback/app/request"
	"handback/app/words"
)

// inTokyo sets the computer's time zone to UTC+9.
func inTokyo(t *testing.T) {
	t.Helper()
	before := time.Local
	time.Local = time.FixedZone("JST", 9*60*60)
	t.Cleanup(func() { time.Local = before })
}

// F104: what the history shows can be found, as somebody wrote it down or heard it.
func TestWhatCanBeSeenInTheHistoryCanBeFound(t *testing.T) {
	inTokyo(t)
	r := Record{Request: requestOf(t, "workstation-7"), Events: []Event{
		{At: time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC), What: request.Exported, Path: "/media/stick/a.req", SHA256: strings.Repeat("beef", 16)},
		{At: time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC), What: request.Released, Status: 200, Code: "license_deactivated"},
	}}
	code := r.Request.CheckCode()
	for _, text := range []string{"", "  ", "GPYC-X5J2-L5SK-C3LK", "gpycx5j2l5skc3lk", "GPYC X5J2", "GPYC–X5J2–L5SK", "ＧＰＹＣ", "X5J2-L5", "xsjz",
		code, strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(strings.ReplaceAll(code, "O", "0"), "I", "1"), strings.ToLower(code[:9]),
		"2026-11-21", "21.11.2026", "released", "acme", "acmecad released", "released · 21.11.2026 · acmecad", "workstation-7", "WORKSTATION7", "3f2504e0",
		"2026-11-18 18:00", "/media/stick/a.req", "1icense_deact1vated", "beefbeefbeef", hash(r.Request.Encode())[:12], "beside"} {
		w := words.English()
		if strings.Contains(text, "21.11") {
			w = words.For("de")
			text = strings.ReplaceAll(text, "released", w.Text("journal.label.released"))
		}
		if !r.Finder(w, "shown beside it").Matches(NewQuery(text)) {
			t.Errorf("%q does not find it", text)
		}
	}
	for _, text := range []string{"2026-11-20", "refused", "acmecad refused", "GPYC-X5J3", "AAAA-AAAA", "made", "nowhere", "efbe"} {
		if r.Finder(words.English()).Matches(NewQuery(text)) {
			t.Errorf("%q finds it", text)
		}
	}
}

// F104
func TestARequestIsNamedByItsCheckCodeAsItWasHeard(t *testing.T) {
	j, r := in(t.TempDir()), requestOf(t, "a")
	note(t, j, r, what(request.Created)...)
	code := r.CheckCode()
	for _, named := range []string{code, code[:9], strings.ToLower(strings.ReplaceAll(code, "-", " ")), strings.NewReplacer("O", "0", "I", "1", "B", "8", "-", "").Replace(code), "3f2504e04f89"} {
		if found, err := j.Find(named); err != nil || found.Request.Encode() != r.Encode() {
			t.Errorf("%s: %v", named, err)
		}
	}
}

// F88: a person sees local time; a file has UTC.
func TestTimesAreThePersonsOwnAndInFilesUTC(t *testing.T) {
	inTokyo(t)
	r := Record{Request: requestOf(t, "a"), Events: []Event{{At: time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC), What: request.Released,
		ServerDate: time.Date(2026, 11, 20, 23, 30, 1, 0, time.UTC)}}}
	r.Events[0].At = r.Events[0].At.Local()
	receipt, err := r.MakeReceipt()
	if err != nil {
		t.Fatal(err)
	}
	file, _, _ := strings.Cut(string(r.Text(words.English(), "Handback test")), "-----BEGIN")
	for _, row := range []struct{ text, has, lacks string }{
		{r.Describe(words.English()), "2026-11-21 08:30:00 UTC+09:00  released", "2026-11-20"},
		{r.Describe(words.English()), "at 2026-11-21 08:30:01 UTC+09:00 by the server's clock", "2026-11-20"},
		{receipt.Describe(words.English()), "2026-11-21 08:30:00 UTC+09:00", "2026-11-20"},
		{file, "2026-11-20 23:30:00 UTC  released", "2026-11-21"},
	} {
		if !strings.Contains(row.text, row.has) || strings.Contains(row.text, row.lacks) {
			t.Errorf("%q is not in, or %q is:\n%s", row.has, row.lacks, row.text)
		}
	}
	if got := words.English().Date(r.Updated()); got != "2026-11-21" {
		t.Errorf("touched on %s", got)
	}
	if got := words.English().Text("app.warn.released_before", "date", r.Events[0].At); !strings.Contains(got, "2026-11-21 08:30:00 UTC+09:00") {
		t.Errorf("it warns: %s", got)
	}
}
