package journal

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"handback/app/request"
)

// At returns a record that has only the submissions from this computer to one address of
// the License API, their answers, and what was asked there. What a sandbox released is not released at the
// vendor's, and what a receipt says was not seen here.
func (r Record) At(endpoint string) Record {
	here := Record{Request: r.Request, Practice: r.Practice}
	there := false
	for _, e := range r.Events {
		if e.FromReceipt || e.Holds == "" && (e.What == request.Created || e.What == request.Exported) {
			continue
		}
		if e.Holds != "" {
			if sameAddress(e.Endpoint, endpoint) {
				here.Events = append(here.Events, e)
			}
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

// sameAddress reports whether two addresses are the same. All addresses of this computer
// are: a sandbox may listen on another port each time it is started.
func sameAddress(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/")) || onThisComputer(a) && onThisComputer(b)
}

func onThisComputer(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}

// Changes returns the number of events since the request was made and exported:
// submissions, answers, questions, and what receipts say. If it differs from what it was, something has happened
// to the request meanwhile.
func (r Record) Changes() (n int) {
	n = r.Earlier
	for _, e := range r.Events {
		if e.Holds != "" || !slices.Contains([]request.State{request.Created, request.Exported}, e.What) {
			n++
		}
	}
	return n
}
