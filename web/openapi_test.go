package web_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"handback/app/request"
	"handback/web"
)

// What programs are promised is what they get: each answer is checked against openapi.yaml.
func TestEveryAnswerIsAsTheInterfaceIsDescribed(t *testing.T) {
	s := newSite(t, func(o *web.Options) { o.PerLicense = 1 })
	doc, err := openapi3.NewLoader().LoadFromData([]byte(s.get(http.DefaultClient, "/api/v1/openapi.yaml").text))
	if err == nil {
		err = doc.Validate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers[0].URL = s.url + "/api/v1"
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	check := func(method, path, body string, want int) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body != "" {
			r.Header.Set("Content-Type", "text/plain")
		}
		route, params, err := router.FindRoute(r)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		answer := s.do(http.DefaultClient, r)
		if answer.StatusCode != want {
			t.Errorf("%s %s: %s %s", method, path, answer.Status, answer.text)
		}
		input := &openapi3filter.ResponseValidationInput{RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
			Status: answer.StatusCode, Header: answer.Header, Body: io.NopCloser(bytes.NewBufferString(answer.text)), Options: &openapi3filter.Options{IncludeResponseStatus: true}}
		if err := openapi3filter.ValidateResponse(t.Context(), input); err != nil {
			t.Errorf("%s %s: %v\n%s", method, path, err, answer.text)
		}
		return answer.text
	}
	signed := s.make(func(d *request.Draft) { d.LicenseKey = "GPYC-X5J2-L5SK-C3L9" })
	check(http.MethodPost, "/api/v1/requests?dry_run=true", signed.Encode(), 200)
	check(http.MethodPost, "/api/v1/requests", signed.Encode(), 200)
	check(http.MethodPost, "/api/v1/requests?lang=de", signed.Encode(), 200)
	check(http.MethodPost, "/api/v1/requests", s.make(func(d *request.Draft) { d.LicenseKey = "GPYC-X5J2-L5SK-C3L9" }).Encode(), 429)
	check(http.MethodPost, "/api/v1/requests", "nonsense", 400)
	waits := check(http.MethodPost, "/api/v1/requests", s.unsigned("GPYC-X5J2-L5SK-C3L8").Encode(), 202)
	_, location, _ := strings.Cut(waits, `"location":"`)
	location, _, _ = strings.Cut(location, `"`)
	check(http.MethodGet, location, "", 200)
	check(http.MethodGet, location[:len(location)-1], "", 404)
}
