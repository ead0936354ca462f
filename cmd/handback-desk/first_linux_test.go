package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"handback/app/postgres"
	"handback/app/postgres/postgrestest"
)

func TestOfInstancesThatStartAtTheSameTimeOneMakesTheFirstPerson(t *testing.T) {
	address := postgrestest.Start(t).Database(t)
	db, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	connection, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(context.Background())
	held, err := connection.Begin(t.Context())
	if err == nil {
		_, err = held.Exec(t.Context(), "lock table people")
	}
	if err != nil {
		t.Fatal(err)
	}
	homes := []string{t.TempDir(), t.TempDir(), t.TempDir()}
	programs := make([]*program, len(homes))
	done := make(chan bool)
	for n, home := range homes {
		cmd := prepare(t, home, "--listen", "127.0.0.1:0", "--journal", address)
		go func() {
			programs[n] = start(t, cmd)
			done <- true
		}()
	}
	eventually(t, "they do not look for people", func() bool {
		var waiting int
		err := held.QueryRow(t.Context(), "select count(*) from pg_locks where not granted").Scan(&waiting)
		return err == nil && waiting == len(homes)
	})
	if err := held.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range homes {
		<-done
	}
	made := 0
	for n, home := range homes {
		p := programs[n]
		defer p.stop()
		path := filepath.Join(home, "desk", "first-password")
		password, err := os.ReadFile(path)
		if says := strings.Contains(p.log.String(), "first-password"); says != (err == nil) {
			t.Errorf("says: %v, %v: %s", says, err, p.log)
		}
		if err != nil {
			continue
		}
		made++
		for _, other := range programs {
			if !other.logIn("admin", strings.TrimSpace(string(password))) {
				t.Errorf("the password in %s is not accepted", path)
			}
		}
	}
	if made != 1 {
		t.Errorf("%d instances have a password", made)
	}
}
