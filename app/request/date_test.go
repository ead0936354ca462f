package request

import (
	"slices"
	"testing"
	"time"

	"handback/app/secret"
	"handback/app/words"
)

// F81: there is a warning, to the second, about a date that is later than the License API
// accepts or as old as a stick that was found again.
func TestADateIsDoubtfulFromItsLimitOn(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	for _, row := range []struct {
		made   time.Time
		warned string
	}{
		{now, ""}, {now.Add(15 * time.Minute), ""}, {now.Add(15*time.Minute + time.Second), "request.warn.future"},
		{now.AddDate(0, 0, -14), ""}, {now.AddDate(0, 0, -14).Add(-time.Second), "request.warn.old"},
	} {
		r, err := Make(Draft{Schema: Schema1, LicenseKey: "GPYC-X5J2-L5SK-C3LK", HardwareID: "w", Product: "p", APIKey: "k"},
			func() time.Time { return row.made }, secret.New([]byte("x")))
		if err != nil {
			t.Fatal(err)
		}
		dated := func(p words.Phrase) bool { return p.Key == "request.warn.future" || p.Key == "request.warn.old" }
		said := slices.DeleteFunc(r.Warnings(now), func(p words.Phrase) bool { return !dated(p) })
		if (row.warned == "") != (len(said) == 0) || len(said) > 0 && said[0].Key != row.warned {
			t.Errorf("made %v: %v", row.made, said)
		}
	}
}
