package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"handback/app"
)

// answerSeconds are the bounds of the times that are counted.
var answerSeconds = []float64{.005, .01, .025, .05, .1, .15, .25, .5, 1, 2.5, 5, 10, 30}

// figures count for Prometheus: handback_desk_answer_seconds, the time until a browser or
// program was answered, and handback_desk_requests_total, deactivation requests by what
// became of them. No label has anything of a request.
type figures struct{ set *metrics.Set }

func newFigures() figures {
	metrics.ExposeMetadata(true)
	return figures{metrics.NewSet()}
}

func (f figures) answered(pattern string, status int, took time.Duration) {
	name := fmt.Sprintf(`handback_desk_answer_seconds{pattern=%q,status="%d"}`, pattern, status)
	f.set.GetOrCreatePrometheusHistogramExt(name, answerSeconds).Update(took.Seconds())
}

func (f figures) received(one app.Received) {
	outcome := "waiting"
	if !one.Waits {
		outcome = string(one.Result().Outcome)
	}
	f.set.GetOrCreateCounter(fmt.Sprintf(`handback_desk_requests_total{outcome=%q}`, outcome)).Inc()
}

// Metrics returns what answers Prometheus. It must not be reachable by visitors.
func (s *Server) Metrics() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s.figures.set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
}
