package licensespring

import (
	"time"

	"handback/app/fault"
	"handback/app/request"
	"handback/app/words"
)

// Answer is what became of one submission. Nothing in it is secret, and its
// texts are safe to show.
type Answer struct {
	Outcome    request.State
	Status     int       // of the HTTP reply, 0 where there was none
	Code       string    // the server's code, "" where there was none
	Message    string    // the server's own, 500 characters at most, "" where there was none
	Sent       time.Time // the date that was sent, by this computer's clock; zero where none was
	ServerDate time.Time // the reply's own date; zero where there was none
	Issuer     string    // of the server's certificate: an inspecting proxy shows here
	Err        error     // a fault: why there was no answer, or none of the License API's
}

// Explain puts the answer into words for people: what happened, and what to do
// next. An answer that was kept without its error is explained from the rest.
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

// clockAdvice says by how much this computer's clock is off the server's.
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

// span is a length of time in its two largest units.
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
