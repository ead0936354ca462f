package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"handback/app"
)

// metrics counts for Prometheus. No label has anything of a request.
type metrics struct {
	registry *prometheus.Registry
	answers  *prometheus.HistogramVec
	requests *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry(),
		answers: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "handback_desk_answer_seconds", Help: "Time until a browser or program was answered.",
			Buckets: []float64{.005, .01, .025, .05, .1, .15, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"pattern", "status"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "handback_desk_requests_total", Help: "Deactivation requests by what became of them."},
			[]string{"outcome"})}
	m.registry.MustRegister(m.answers, m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) answered(pattern string, status int, took time.Duration) {
	m.answers.WithLabelValues(pattern, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *metrics) received(one app.Received) {
	outcome := "waiting"
	if !one.Waits {
		outcome = string(one.Result().Outcome)
	}
	m.requests.WithLabelValues(outcome).Inc()
}

// Metrics returns what answers Prometheus. It must not be reachable by visitors.
func (s *Server) Metrics() http.Handler {
	return promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})
}
