package journal

import (
	"slices"
	"strings"
)

// At returns the record with nothing in it but the submissions to one address of the
// License API and their answers, as this computer saw them: what a sandbox released is
// not released at the vendor's, and what a receipt says was not seen here.
func (r Record) At(endpoint string) Record {
	here := Record{Request: r.Request, Practice: r.Practice}
	there := false
	for _, e := range r.Events {
		if e.Receipt || State(e.What) == Created || State(e.What) == Exported {
			continue
		}
		if State(e.What) == Submitting {
			there = sameAddress(e.Endpoint, endpoint)
		}
		if there {
			here.Events = append(here.Events, e)
		}
	}
	return here
}

func sameAddress(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}

// Tries counts what happened to the request on its way to the License API: each
// submission, each answer, each receipt. A record in which the number is another than it
// was has news.
func (r Record) Tries() (n int) {
	n = r.Earlier
	for _, e := range r.Events {
		if !slices.Contains([]State{Created, Exported}, State(e.What)) {
			n++
		}
	}
	return n
}
