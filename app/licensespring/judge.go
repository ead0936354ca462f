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
	maxMessage = 500 // characters of the server's message that are kept
	maxCode    = 64  // and of a code that is not documented
)

const success = "license_deactivated"

// interpret says what a reply means. The License API's own code decides; without
// one a reply counts as nothing more than it can prove.
func (s *submission) interpret(r reply, sent time.Time, bearer string, hidden []string) step {
	answer := Answer{Status: r.status, Sent: sent, Issuer: r.issuer, ServerDate: r.date()}
	if r.broken != "" {
		answer.Outcome, answer.Message = request.Unknown, shown(r.words(), maxMessage, hidden)
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
		message = r.words()
	}
	answer.Code, answer.Message = shown(code, maxCode, hidden), shown(message, maxMessage, hidden)

	if known && !gateway[r.status] {
		return s.interpretCode(answer, documented.effect, bearer)
	}
	if r.busy() {
		later := r.later(sent)
		answer.Outcome, answer.Err = later.Outcome, later.Err
		later.Answer = answer
		return later
	}
	for _, rule := range rules {
		if rule.holds(r, code) {
			answer.Outcome = rule.outcome
			if rule.key != "" {
				answer.Err = fault.New(kinds[rule.outcome], rule.key, "status", r.status, "where", r.where(s.url), "coding", words.Visible(r.coding(), 40))
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
	case gone:
		if s.again {
			answer.Outcome = request.ProbablyReleased
		}
	case stale:
		if bearer != "" && !s.renewed {
			s.renewed = true
			s.client.forget(bearer)
			return step{Answer: answer, retry: true, atOnce: true}
		}
	}
	return step{Answer: answer}
}

var kinds = map[request.State]fault.Kind{request.Unknown: fault.Unknown, request.NotSent: fault.Connection}

// gateway are the statuses that something between here and the server gives
// when it lost the answer, whatever it writes into the body: 499 is nginx's.
var gateway = map[int]bool{http.StatusRequestTimeout: true, 499: true, http.StatusBadGateway: true, http.StatusGatewayTimeout: true}

// tooLarge are the statuses of something that dislikes a request's length, or
// that it has none.
var tooLarge = map[int]bool{http.StatusLengthRequired: true, http.StatusRequestEntityTooLarge: true,
	http.StatusRequestURITooLong: true, http.StatusRequestHeaderFieldsTooLarge: true}

// rule judges a reply without a documented code. The first that holds counts.
//
// Only two kinds prove anything: 407 comes from a proxy that passed nothing
// on, and a 4xx in the License API's own form is its refusal. Everything else
// may have been put in the place of an answer by something in between, after
// the request had passed: an inspecting proxy answers 403 with a page when it
// dislikes what came back, and gateways answer 404, 408 and 5xx of their own.
type rule struct {
	holds   func(r reply, code string) bool
	outcome request.State
	key     string // "" where the code has the words
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

// succeeded holds for status 200 with the one word, bare or as a JSON string:
// the vendor's pages show both.
func (r reply) succeeded() bool {
	text := strings.Trim(r.text, " \t\r\n")
	return r.status == http.StatusOK && (text == success || text == `"`+success+`"`)
}

// problem is the error object of the License API, {"status","code","message"}.
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

// busy holds for the two answers that say that nothing was processed.
func (r reply) busy() bool {
	return r.status == http.StatusTooManyRequests ||
		r.status == http.StatusServiceUnavailable && r.header.Get("Retry-After") != ""
}

func (r reply) later(now time.Time) step {
	return step{
		Answer: Answer{Outcome: request.NotSent, Err: fault.New(fault.Connection, "answer.busy", "status", r.status)},
		retry:  true,
		pause:  r.retryAfter(now),
	}
}

// retryAfter is the pause that the server asks for, in seconds or as a date
// (RFC 9110 section 10.2.3); 0 where it makes no sense.
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
		now = date // both of one clock
	}
	return min(max(until.Sub(now), 0), maxPause)
}

// date is the server's clock, zero where it does not tell.
func (r reply) date() time.Time {
	date, err := http.ParseTime(r.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

// where is the host that a redirect from an address leads to. The rest of it
// may carry what is nobody's business.
func (r reply) where(from string) string {
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
