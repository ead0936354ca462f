package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"handback/app/apptest"
	"handback/app/postgres/postgrestest"
)

func TestASecretStaysWithItsServerForAllInstances(t *testing.T) {
	database := postgrestest.Start(t).Database(t)
	key := apptest.File(t, "key", apptest.SharedKey+"\n")
	run := func(home string) *program {
		return start(t, prepare(t, home, "--listen", "127.0.0.1:0", "--journal", database, "--secret-file", "Acme CAD="+key))
	}
	home, fresh := t.TempDir(), t.TempDir()
	next := vendor(t, home, nil)
	one := run(home)
	defer one.stop()
	if got := one.outcome(next()); got != "released" {
		t.Fatal(got)
	}
	var reached atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer other.Close()
	writeProfile(t, fresh, "Acme CAD", other.URL)
	another := run(fresh)
	defer another.stop()
	if got := another.outcome(next()); got != "not_sent" || reached.Load() != 0 {
		t.Errorf("%s, the other server was asked %d times", got, reached.Load())
	}
}
