package web

import (
	"bytes"
	"compress/gzip"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAPanicIsLoggedWithItsCauseAndItsPlace(t *testing.T) {
	var log bytes.Buffer
	s := &Server{options: Options{Log: slog.New(slog.NewJSONHandler(&log, nil)), Now: time.Now}, figures: newFigures()}
	reply := httptest.NewRecorder()
	s.observed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("out of coffee") })).ServeHTTP(reply, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if reply.Code != http.StatusInternalServerError || strings.Contains(reply.Body.String(), "coffee") {
		t.Errorf("%d %s", reply.Code, reply.Body)
	}
	for _, want := range []string{"out of coffee", "middle_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not have %q: %s", want, &log)
		}
	}
}

func TestAPackedFileIsUnpackedForWhoCannotDoIt(t *testing.T) {
	var packed bytes.Buffer
	to := gzip.NewWriter(&packed)
	_, _ = to.Write([]byte("what is in it"))
	_ = to.Close()
	files := &staticFiles{files: map[string]staticFile{"a.wasm": {packed.Bytes(), true, `"tag"`}}, version: "v"}
	for accepts, unpacked := range map[string]bool{"": true, "br": true, "gzip;q=0": true, "identity, gzip; q=0.0": true, "gzip": false, "br, GZIP;q=0.5": false} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/static/v/a.wasm", nil)
		r.Header.Set("Accept-Encoding", accepts)
		reply := httptest.NewRecorder()
		files.ServeHTTP(reply, r)
		if reply.Code != http.StatusOK || reply.Header().Get("Vary") != "Accept-Encoding" || (reply.Body.String() == "what is in it") != unpacked || (reply.Header().Get("Content-Encoding") == "") != unpacked {
			t.Errorf("%q: %d %v %q", accepts, reply.Code, reply.Header(), reply.Body)
		}
	}
}
