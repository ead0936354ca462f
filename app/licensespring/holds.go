package licensespring

import (
	"context"
	"net/http"
	"net/url"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// maxPages is the maximum number of pages that are read of one list.
const maxPages = 20

// Holding is what the License API's record says about a device and a license. It contains
// no secret, and its texts are safe to show.
type Holding struct {
	Holds request.Holds // empty if nothing was asked
	// Answer is how the License API answered. Its outcome is empty if the record says yes
	// or no. Otherwise NotSent and Cancelled mean that nothing could be asked, Refused that
	// the credentials were not accepted, and Unknown that the answer does not tell.
	Answer
}

// Explain returns in words for people what the record says, or why that cannot be told, and
// what to do next.
func (h Holding) Explain(w *words.Words) (message, advice string) {
	switch {
	case h.Holds.Told():
		key := "check." + string(h.Holds)
		return w.Text(key), w.Text(key + ".advice")
	case h.Err == nil:
		key := "code.unknown"
		if _, documented := CodeNamed(h.Code); documented {
			key = "code." + h.Code
		}
		return w.Text(key, "code", h.Code, "message", h.Message, "status", h.Status), w.Text("check.refused.advice")
	}
	e := fault.Explain(h.Err, w)
	if fault.KindOf(h.Err) == fault.Connection { // its advice is for a submission
		return w.Text("check.not_asked", "why", e.Message), w.Text("check.not_asked.advice")
	}
	return e.Message, e.Advice
}

// Kind returns the kind of fault in which the question ended. It is empty if the record
// says yes or no.
func (h Holding) Kind() fault.Kind {
	switch {
	case h.Holds.Told() || h.Holds == "":
		return ""
	case h.Err != nil:
		return fault.KindOf(h.Err)
	}
	return fault.Refused
}

// Holds asks the License API whether a request's device holds the request's license. It
// only reads. Whatever prevents a sure answer makes it [request.Untold]: no page documents
// the form of the list, and what is taken for a release must be one. Like Submit, Holds may
// take minutes, and it makes at most three attempts for each page of the list.
func (c *Client) Holds(ctx context.Context, r *request.Request) Holding {
	s, err := c.session(listPath)
	if err != nil {
		return Holding{request.Untold, Answer{Outcome: request.NotSent, Err: err}}
	}
	s.url += "?" + url.Values{"hardware_id": {r.HardwareID}}.Encode()
	var all verdicts
	for page := 1; ; page++ {
		reply, answer := s.fetch(ctx)
		if answer.Outcome != "" {
			return Holding{request.Untold, answer}
		}
		unsure := func(key string) Holding {
			answer.Outcome, answer.Err = request.Unknown, fault.New(fault.Unknown, key, "status", reply.status)
			return Holding{request.Untold, answer}
		}
		if answer.Code != "" { // device_not_found
			return Holding{request.NotHeld, answer}
		}
		list, ok := parseListing(reply)
		if !ok {
			return unsure("check.shape")
		}
		all.add(list, r)
		switch {
		case all.held:
			return Holding{request.Held, answer}
		case list.next != "" && page < maxPages && s.turn(list.next):
			continue
		case list.next != "" || list.more || list.total > all.count:
			return unsure("check.pages")
		case all.unsure:
			return unsure("check.shape")
		}
		return Holding{request.NotHeld, answer}
	}
}

// turn makes a link to the next page the session's address, and reports whether it may be
// followed: credentials only go to the host of the endpoint, under its scheme.
func (s *session) turn(link string) bool {
	here, err := url.Parse(s.url)
	if err != nil {
		return false
	}
	to, err := here.Parse(link)
	if err != nil || to.Host != here.Host || to.User != nil || to.Path == "" {
		return false
	}
	to.Scheme, to.Fragment = here.Scheme, ""
	s.url = to.String()
	return true
}

// fetch reads a list. The answer has an outcome if there is none that can be read.
func (s *session) fetch(ctx context.Context) (reply, Answer) {
	for try := 1; ; try++ {
		r, step := s.fetchOnce(ctx)
		if !step.retry || try == tries {
			return r, step.Answer
		}
		if s.client.rest(ctx, s.host, step, try) != nil {
			return r, Answer{Outcome: request.Cancelled, Err: ErrCancelled}
		}
	}
}

func (s *session) fetchOnce(ctx context.Context) (reply, step) {
	c := s.client
	header, signed, failed := s.sign(ctx)
	if failed != nil {
		return reply{}, *failed
	}
	r, lost := c.get(ctx, s.transport, s.url, header)
	if lost != nil {
		if lost.left && ctx.Err() == nil {
			f := fault.New(fault.Unknown, "check.lost").Because(reason(lost.error, signed.hidden))
			return r, step{Answer: Answer{Outcome: request.Unknown, Err: f}, retry: true}
		}
		lost.left = false // a question changes nothing
		return r, c.failed(ctx, s.url, lost, signed.hidden)
	}
	return r, s.interpretList(r, signed)
}

// interpretList decides what a reply to a question means. A reply with status 200, or the
// code by which the License API says that it knows no such device, has no outcome.
func (s *session) interpretList(r reply, signed signed) step {
	answer := Answer{Status: r.status, Sent: signed.at, Issuer: r.issuer, ServerDate: r.date()}
	unsure := func(key string) step {
		answer.Outcome, answer.Err = request.Unknown, fault.New(fault.Unknown, key, "status", r.status)
		return step{Answer: answer}
	}
	code, message := r.problem()
	documented, known := CodeNamed(code)
	answer.Code, answer.Message = shown(code, maxCode, signed.hidden), shown(message, maxMessage, signed.hidden)
	switch {
	case r.broken != "":
		return unsure("check.shape")
	case r.status == http.StatusOK:
		return step{Answer: answer}
	case known && gateway[r.status]:
	case known && documented.effect == tokenRefused && signed.bearer != "" && !s.renewed:
		s.renewed = true
		s.client.dropToken(signed.bearer)
		answer.Outcome = request.Refused
		return step{Answer: answer, retry: true, atOnce: true}
	case known && documented.refusesCredentials():
		answer.Outcome = request.Refused
		return step{Answer: answer}
	case code == "device_not_found":
		return step{Answer: answer}
	case r.busy():
		later := r.retryLater(signed.at)
		answer.Outcome, answer.Err = later.Outcome, later.Err
		later.Answer = answer
		return later
	case r.status == http.StatusProxyAuthRequired:
		answer.Outcome, answer.Err = request.NotSent, fault.New(fault.Connection, "answer.proxy_login_unnamed", "status", r.status)
		return step{Answer: answer}
	case r.status == http.StatusUnauthorized || r.status == http.StatusForbidden && code != "" && !known:
		answer.Outcome, answer.Err = request.Refused, fault.New(fault.Refused, "check.refused", "status", r.status)
		return step{Answer: answer}
	case r.status == http.StatusNotFound || r.status == http.StatusMethodNotAllowed || r.status == http.StatusNotImplemented:
		return unsure("check.no_road")
	}
	return unsure("check.other")
}

// refusesCredentials reports whether a code says that the credentials, or what is signed
// with them, were not accepted.
func (c Code) refusesCredentials() bool {
	return c.effect == tokenRefused || AtHeaders <= c.Check && c.Check <= AtDate ||
		c.Name == "signature_mismatch" || c.Name == "api_key_product_not_allowed"
}
