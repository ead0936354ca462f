package desk_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"handback/app/desk"
	"handback/app/desk/desktest"
)

func openFiles(t *testing.T, folder string) *desk.Files {
	t.Helper()
	s, err := desk.OpenFiles(folder)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFilesAreAStore(t *testing.T) {
	desktest.Run(t, func(t *testing.T) func() desk.Store {
		s := openFiles(t, t.TempDir())
		return func() desk.Store { return s }
	})
}

// What one program has stored, the one that replaces it finds.
func TestFilesAreTheSameForTheProgramThatReplacesThisOne(t *testing.T) {
	folder := t.TempDir()
	before := openFiles(t, folder)
	if err := before.SavePerson(t.Context(), desk.Person{Name: "root", Role: desk.Administrator}); err != nil {
		t.Fatal(err)
	}
	if p, err := openFiles(t, folder).Person(t.Context(), "root"); err != nil || p.Role != desk.Administrator {
		t.Errorf("%+v %v", p, err)
	}
}

func TestNoTokenIsInAnyFile(t *testing.T) {
	folder := t.TempDir()
	s := openFiles(t, folder)
	token := desk.NewToken()
	p, err := desk.NewPerson("Anna", desk.Administrator, "a hash")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.File(t.Context(), desk.Filing{ID: strings.Repeat("a", 32), Visitors: []string{desk.Digest(token)}}, 5, 5)
	err = errors.Join(err, s.SavePerson(t.Context(), p), s.StartSession(t.Context(), desk.Session{Digest: desk.Digest(token), Person: p.Name}))
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), token) {
			t.Errorf("%s has it", path)
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files: %v", files, err)
	}
}

func TestAStoreThatCannotBeReadIsNotReady(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "desk")
	s := openFiles(t, folder)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(folder, folder+"-elsewhere"); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); !errors.Is(err, desk.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

func TestPeopleHaveNamesAndRoles(t *testing.T) {
	for _, one := range []struct {
		name     string
		role     desk.Role
		password string
		want     error
	}{
		{"anna", desk.Agent, "", nil},
		{"anna", "owner", "", desk.ErrRole},
		{"anna", "", "", desk.ErrRole},
		{"", desk.Agent, "", desk.ErrPersonName},
		{"  ", desk.Agent, "", desk.ErrPersonName},
		{"a\u202eb", desk.Agent, "", desk.ErrPersonName},
		{"a\nb", desk.Agent, "", desk.ErrPersonName},
		{strings.Repeat("x", 101), desk.Agent, "", desk.ErrPersonName},
	} {
		if _, err := desk.NewPerson(one.name, one.role, one.password); !errors.Is(err, one.want) {
			t.Errorf("%q %s %.20q: %v", one.name, one.role, one.password, err)
		}
	}
}

func TestEachRoleMayDoWhatItIsForAndNothingElse(t *testing.T) {
	for role, rights := range map[desk.Role][4]bool{ // see, decide, audit, manage
		desk.Agent:         {true, true, false, false},
		desk.Auditor:       {true, false, true, false},
		desk.Administrator: {true, true, true, true},
		"":                 {},
		"root":             {},
	} {
		for i, right := range []desk.Right{desk.See, desk.Decide, desk.Audit, desk.Manage} {
			if role.May(right) != rights[i] {
				t.Errorf("%q %s: %v", role, right, !rights[i])
			}
		}
	}
}

func TestTokensAreNeverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := desk.NewToken()
		if len(token) != 32 || seen[token] {
			t.Fatalf("%q", token)
		}
		seen[token] = true
	}
}

// Whoever comes under many names fills the table of those names, and no other.
func TestManyKeysOfOneKindRefuseNobodyAndForgetNothingOfOthers(t *testing.T) {
	s, now := openFiles(t, t.TempDir()), time.Date(2026, 11, 27, 12, 59, 0, 0, time.UTC)
	hourly := desk.Limit{Kind: "address", Window: time.Hour, Most: 2}
	names := desk.Limit{Kind: "name", Window: 15 * time.Minute, Most: 2}
	count := func(l desk.Limit, key string) bool {
		allowed, err := s.Count(t.Context(), l, key, 1, now)
		if err != nil {
			t.Fatal(err)
		}
		return allowed
	}
	for n := range hourly.Most {
		if !count(hourly, "x") {
			t.Fatalf("visit %d", n)
		}
	}
	for n := range 120_000 {
		if !count(names, fmt.Sprint(n)) {
			t.Fatalf("name %d", n)
		}
	}
	if count(hourly, "x") {
		t.Error("the address was forgotten")
	}
	if !count(hourly, "y") {
		t.Error("another address is refused")
	}
}
