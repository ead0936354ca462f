package licensespring

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

const (
	maxMessage = 500 // characters of the server's message
	maxCode    = 64  // characters of a code
)

const success = "license_deactivated"

// interpret decides what a reply means: by the License API's code, or else by rules.
func (s *submission) interpret(r reply, sent time.Time, bearer string, hidden []string) step {
	answer := Answer{Status: r.status, Sent: sent, Issuer: r.issuer, ServerDate: r.date()}
	if r.broken != "" {
		answer.Outcome, answer.Message = request.Unknown, shown(r.readable(), maxMessage, hidden)
		answer.Err = fault.New(fault.Unknown, r.broken, "status", r.status, "limit", maxReply>>10, "coding", words.Visible(cmp.Or(r.coding(), "gzip"), 40))
		return step{Answer: answer}
	}
	if r.succeeded() {
		answer.Outcome = request.Released
		return step{Answer: answer}
	}
	code, message := r.problem()
	documented, known := CodeNamed(code)
	if message == "" && !known {
		message = r.readable()
	}
	answer.Code, answer.Message = shown(code, maxCode, hidden), shown(message, maxMessage, hidden)

	if known && !gateway[r.status] {
		return s.interpretCode(answer, documented.effect, bearer)
	}
	if r.busy() {
		later := r.retryLater(sent)
		answer.Outcome, answer.Err = later.Outcome, later.Err
		later.Answer = answer
		return later
	}
	for _, rule := range rules {
		if rule.holds(r, code) {
			answer.Outcome = rule.outcome
			if rule.key != "" {
				answer.Err = fault.New(kinds[rule.outcome], rule.key, "status", r.status, "where", r.redirectHost(s.url), "coding", words.Visible(r.coding(), 40))
			}
			break
		}
	}
	return step{Answer: answer}
}

func (s *submission) interpretCode(answer Answer, what effect, bearer string) step {
	answer.Outcome = request.Refused
	switch what {
	case internal:
		answer.Outcome = request.Unknown
	case mayBeReleased:
		if s.again {
			answer.Outcome = request.ProbablyReleased
		}
	case tokenRefused:
		if bearer != "" && !s.renewed {
			s.renewed = true
			s.client.dropToken(bearer)
			return step{Answer: answer, retry: true, atOnce: true}
		}
	}
	return step{Answer: answer}
}

var kinds = map[request.State]fault.Kind{request.Unknown: fault.Unknown, request.NotSent: fault.Connection}

// gateway has the statuses by which something between here and the server says that it
// lost the answer, whatever the body says. 499 is nginx's.
var gateway = map[int]bool{http.StatusRequestTimeout: true, 499: true, http.StatusBadGateway: true, http.StatusGatewayTimeout: true}

// tooLarge has the statuses that reject a request for its length, or for not stating it.
var tooLarge = map[int]bool{http.StatusLengthRequired: true, http.StatusRequestEntityTooLarge: true,
	http.StatusRequestURITooLong: true, http.StatusRequestHeaderFieldsTooLarge: true}

// rule interprets a reply without a documented code. The first that holds decides.
//
// Only two kinds of reply prove anything: 407 comes from a proxy that passed nothing on,
// and a 4xx in the License API's own form is its refusal. Any other reply may come from
// something in between, in place of the answer, after the server got the request: a proxy
// that inspects TLS answers 403 with a page if it rejects the answer, and gateways answer
// 404, 408 and 5xx themselves.
type rule struct {
	holds   func(r reply, code string) bool
	outcome request.State
	key     string // of the message; empty if the code has its own
}

var rules = []rule{
	{status(407), request.NotSent, "answer.proxy_login_unnamed"},
	{func(r reply, code string) bool { return code != "" && r.status < 500 && !gateway[r.status] }, request.Refused, ""},
	{between(300, 399), request.Unknown, "answer.redirect"},
	{status(511), request.Unknown, "answer.network_login"},
	{between(500, 599), request.Unknown, "answer.server_error"},
	{between(201, 299), request.Unknown, "answer.not_success"},
	{status(403), request.Unknown, "answer.forbidden"},
	{status(404), request.Unknown, "answer.no_api"},
	{func(r reply, _ string) bool { return tooLarge[r.status] }, request.Unknown, "answer.too_large"},
	{func(r reply, _ string) bool { return r.isPage() && r.status < 400 }, request.Unknown, "answer.login_page"},
	{func(r reply, _ string) bool { return r.isPage() }, request.Unknown, "answer.page"},
	{func(r reply, _ string) bool { return r.coding() != "" && !utf8.ValidString(r.text) }, request.Unknown, "answer.not_unpacked"},
	{func(r reply, _ string) bool { return r.trimmed() == "" }, request.Unknown, "answer.empty"},
	{func(reply, string) bool { return true }, request.Unknown, "answer.not_understood"},
}

func status(want int) func(reply, string) bool { return between(want, want) }

func between(from, to int) func(reply, string) bool {
	return func(r reply, _ string) bool { return from <= r.status && r.status <= to }
}

// succeeded reports whether the status is 200 and the body is "license_deactivated", bare
// or as a JSON string: the vendor's pages show both.
func (r reply) succeeded() bool {
	text := strings.Trim(r.text, " \t\r\n")
	return r.status == http.StatusOK && (text == success || text == `"`+success+`"`)
}

// problem returns the code and message of the License API's error object,
// {"status","code","message"}. They are empty if the reply is none.
func (r reply) problem() (code, message string) {
	var problem struct {
		Code    string          `json:"code"`
		Message json.RawMessage `json:"message"`
	}
	if r.status < 400 || json.Unmarshal([]byte(r.trimmed()), &problem) != nil || problem.Code == "" {
		return "", ""
	}
	if json.Unmarshal(problem.Message, &message) != nil {
		message = string(problem.Message)
	}
	return problem.Code, message
}

// busy reports whether the reply says that nothing was processed: 429, or 503 with a
// Retry-After header.
func (r reply) busy() bool {
	return r.status == http.StatusTooManyRequests ||
		r.status == http.StatusServiceUnavailable && r.header.Get("Retry-After") != ""
}

func (r reply) retryLater(now time.Time) step {
	return step{
		Answer: Answer{Outcome: request.NotSent, Err: fault.New(fault.Connection, "answer.busy", "status", r.status)},
		retry:  true,
		pause:  r.retryAfter(now),
	}
}

// retryAfter returns the pause that the server asks for, in seconds or as a date (RFC 9110
// section 10.2.3), at most maxPause. It is 0 if the header is missing or wrong.
func (r reply) retryAfter(now time.Time) time.Duration {
	value := strings.TrimSpace(r.header.Get("Retry-After"))
	seconds, err := strconv.ParseUint(value, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(maxPause/time.Second))) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date := r.date(); !date.IsZero() {
		now = date // compare times of one clock
	}
	return min(max(until.Sub(now), 0), maxPause)
}

// date returns the time of the server's clock, or zero if the reply has none.
func (r reply) date() time.Time {
	date, err := http.ParseTime(r.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

// redirectHost returns the host to which a redirect from an address leads, or "?". The
// rest of the address is not shown: it may contain credentials.
func (r reply) redirectHost(from string) string {
	base, err := url.Parse(from)
	if err != nil {
		return "?"
	}
	to, err := base.Parse(r.header.Get("Location"))
	if err != nil {
		return "?"
	}
	return words.Visible(to.Host, 100)
}
