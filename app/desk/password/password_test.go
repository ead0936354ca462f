package password_test

import (
	"errors"
	"strings"
	"testing"

	"handback/app/desk/password"
)

func TestAPasswordIsRightAndNoOther(t *testing.T) {
	const right = "correct horse battery"
	hash, err := password.Hash(right)
	if err != nil || strings.Contains(hash, "correct") {
		t.Fatalf("%s %v", hash, err)
	}
	if again, err := password.Hash(right); err != nil || again == hash {
		t.Errorf("the same password looks the same: %v", err)
	}
	for _, one := range []struct {
		hash, password string
		right          bool
	}{
		{hash, right, true},
		{hash, "correct horse batterY", false},
		{hash, "", false},
		{hash, strings.Repeat("x", 5000), false},
		{"", "", false},
		{"", right, false},
		{"$argon2id$v=19$m=65536,t=3,p=4$AAAA$", "", false},
		{right, right, false},
		{strings.Replace(hash, "m=65536", "m=8", 1), right, false},
	} {
		if got := password.Check(one.hash, one.password); got != one.right {
			t.Errorf("%q with %.30q: %v", one.hash, one.password, got)
		}
	}
}

func TestAPasswordHasTwelveCharactersOrMore(t *testing.T) {
	for text, want := range map[string]error{"": password.ErrPassword, "eleven char": password.ErrPassword, "twelve chars": nil, "äöüäöüäöüäöü": nil,
		strings.Repeat("x", 1024): nil, strings.Repeat("x", 1025): password.ErrPassword} {
		if _, err := password.Hash(text); !errors.Is(err, want) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}
