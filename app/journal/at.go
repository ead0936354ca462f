package journal

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"handback/app/request"
)

// At returns the record with nothing in it but the submissions to one address of the
// License API and their answers, as this computer saw them: what a sandbox released is
// not released at the vendor's, and what a receipt says was not seen here.
func (r Record) At(endpoint string) Record {
	here := Record{Request: r.Request, Practice: r.Practice}
	there := false
	for _, e := range r.Events {
		if e.FromReceipt || e.What == request.Created || e.What == request.Exported {
			continue
		}
		if e.What == request.Submitting {
			there = sameAddress(e.Endpoint, endpoint)
		}
		if there {
			here.Events = append(here.Events, e)
		}
	}
	return here
}

// sameAddress takes all addresses of this computer for one: a sandbox that is started
// anew listens elsewhere.
func sameAddress(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/")) || onThisComputer(a) && onThisComputer(b)
}

func onThisComputer(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}

// Tries counts what happened to the request on its way to the License API: each
// submission, each answer, each receipt. A record in which the number is another than it
// was has news.
func (r Record) Tries() (n int) {
	n = r.Earlier
	for _, e := range r.Events {
		if !slices.Contains([]request.State{request.Created, request.Exported}, e.What) {
			n++
		}
	}
	return n
}
