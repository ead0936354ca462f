package licensespring

import (
	"time"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// Answer is the result of one submission. It contains no secret, and its texts are safe
// to show: control characters and signs that deceive are escaped.
type Answer struct {
	Outcome    request.State
	Status     int       // of the HTTP reply; 0 if there was none
	Code       string    // the server's error code; empty if there was none
	Message    string    // the server's message, of at most 500 characters; empty if there was none
	Sent       time.Time // the date that was sent, by this computer's clock; zero if none was
	ServerDate time.Time // the reply's date; zero if there was none
	Issuer     string    // of the server's certificate; names a proxy that inspects TLS
	Err        error     // a fault: why there was no reply, or none of the License API's
}

// Explain returns in words for people what happened and what to do next. An answer without
// its Err, as one from a journal, is explained from its other fields.
func (a Answer) Explain(w *words.Words) (message, advice string) {
	key := "answer." + string(a.Outcome)
	_, documented := CodeNamed(a.Code)
	switch {
	case a.Outcome == request.Released || a.Outcome == request.ProbablyReleased:
	case a.Err != nil:
		e := fault.Explain(a.Err, w)
		return e.Message, e.Advice
	case documented:
		key = "code." + a.Code
	case a.Code != "":
		key = "code.unknown"
	}
	pairs := []any{"code", a.Code, "message", a.Message, "status", a.Status}
	message = w.Text(key, pairs...)
	if a.Code == "date_header_diff" && a.Outcome == request.Refused && !a.Sent.IsZero() && !a.ServerDate.IsZero() {
		return message, a.clockAdvice(w)
	}
	return message, w.Text(key+".advice", pairs...)
}

// clockAdvice says by how much this computer's clock differs from the server's.
func (a Answer) clockAdvice(w *words.Words) string {
	ahead := a.Sent.Sub(a.ServerDate)
	key := "code.date_header_diff.advice_agrees"
	switch {
	case ahead >= time.Minute:
		key = "code.date_header_diff.advice_ahead"
	case ahead <= -time.Minute:
		key = "code.date_header_diff.advice_behind"
	}
	return w.Text(key, "difference", span(ahead.Abs(), w),
		"server", a.ServerDate, "here", a.Sent)
}

// span returns a duration in words, in its two largest units.
func span(d time.Duration, w *words.Words) string {
	minutes := int(d.Round(time.Minute).Minutes())
	days, hours, minutes := minutes/(24*60), minutes/60%24, minutes%60
	switch {
	case days > 0:
		return w.Text("answer.span_days", "days", days, "hours", hours)
	case hours > 0:
		return w.Text("answer.span_hours", "hours", hours, "minutes", minutes)
	}
	return w.Text("answer.span_minutes", "minutes", minutes)
}
