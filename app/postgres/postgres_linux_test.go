package postgres_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"handback/app/desk"
	"handback/app/desk/desktest"
	"handback/app/postgres"
	"handback/app/postgres/postgrestest"
)

func open(t *testing.T, address string) *postgres.Database {
	t.Helper()
	db, err := postgres.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestADatabaseIsAStore(t *testing.T) {
	server := postgrestest.Start(t)
	t.Run("of one program or two", func(t *testing.T) {
		desktest.Run(t, func(t *testing.T) func() desk.Store {
			address := server.Database(t)
			programs, next := []*postgres.Database{open(t, address), open(t, address)}, make(chan int, 1)
			next <- 0
			return func() desk.Store {
				n := <-next
				next <- n + 1
				return programs[n%len(programs)]
			}
		})
	})
	t.Run("programs may start at the same time", func(t *testing.T) {
		address, failed := server.Database(t), make(chan error, 4)
		for range cap(failed) {
			go func() {
				db, err := postgres.Open(t.Context(), address)
				if err == nil {
					err = db.Close()
				}
				failed <- err
			}()
		}
		for range cap(failed) {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("it is used again after the database was restarted", func(t *testing.T) {
		db := open(t, server.Database(t))
		if err := db.SavePerson(t.Context(), desk.Person{Name: "root", Role: desk.Administrator}); err != nil {
			t.Fatal(err)
		}
		server.End()
		if err := db.Ready(t.Context()); !errors.Is(err, desk.ErrUnavailable) {
			t.Errorf("ready without a database: %v", err)
		}
		if _, err := db.Person(t.Context(), "root"); !errors.Is(err, desk.ErrUnavailable) {
			t.Errorf("a person without a database: %v", err)
		}
		server.Begin()
		if p, err := db.Person(t.Context(), "root"); err != nil || p.Role != desk.Administrator {
			t.Errorf("%+v %v", p, err)
		}
		server.End()
		server.Begin() // all connections of the pool are lost
		for n := range 3 {
			limit := desk.Limit{Kind: "address", Window: 24 * time.Hour, Most: 2}
			if allowed, err := db.Count(t.Context(), limit, "x", 1, time.Now()); err != nil || allowed != (n < 2) {
				t.Errorf("%d: %v %v", n, allowed, err)
			}
		}
		if err := db.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAPasswordInTheAddressIsRefusedAndNotRepeated(t *testing.T) {
	for address, want := range map[string]error{
		"postgres://desk:hunter2@db/desk":               postgres.ErrPassword,
		"postgres://desk:@db/desk":                      postgres.ErrPassword,
		"postgres://db/desk?user=desk&password=hunter2": postgres.ErrPassword,
		"postgres://db/desk?sslpassword=hunter2":        postgres.ErrPassword,
		"postgres://desk:hunter2@db:x/desk":             postgres.ErrAddress,
		"postgres://db/desk?pool_max_conns=hunter2":     postgres.ErrAddress,
	} {
		_, err := postgres.Open(t.Context(), address)
		if !errors.Is(err, want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
