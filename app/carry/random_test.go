package carry

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"handback/app/request"
	"handback/app/request/requesttest"
)

// Requests made at random come back byte for byte from every form. make random tries
// 100,000 of them.
func TestRequestsMadeAtRandomComeBackFromEveryForm(t *testing.T) {
	count := 100
	if n, err := strconv.Atoi(os.Getenv("HANDBACK_RANDOM")); err == nil {
		count = n
	}
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() {
			for n := range count / 4 {
				if !t.Failed() {
					comesBack(t, requesttest.Request(), n < 25)
				}
			}
		})
	}
	working.Wait()
}

// comesBack reads a request from all its forms, also from codes if they are drawn, which
// takes a while.
func comesBack(t *testing.T, r *request.Request, drawn bool) {
	known := []request.Common{{Product: "other", APIKey: "other"}, {Product: r.Product, APIKey: r.APIKey, ClientID: r.ClientID}}
	const page = "https://desk.acme.example/"
	text := r.Encode()
	check := func(form, carried string) {
		pieces, err := Read(t.Context(), []byte(carried))
		var parts []Part
		for _, p := range pieces {
			if p.Part != nil {
				parts = append(parts, *p.Part)
			}
		}
		got := ""
		if len(parts) > 0 {
			got, err = Join(parts, known)
		} else if len(pieces) == 1 {
			got = pieces[0].Text
		}
		if err != nil || got != text {
			t.Errorf("%s of %s comes back as %q, %v", form, r.JSON(), got, err)
		}
	}
	for _, density := range Densities() {
		parts, err := split(text, densities[density].room, known)
		if err != nil && !errors.Is(err, ErrTooLong) {
			t.Errorf("parts of %s: %v", r.JSON(), err)
		}
		var all []string
		for _, part := range parts {
			all = append(all, part.String())
		}
		check("parts", strings.Join(all, "\n"))
		if len(all) == 1 {
			check("a link", page+"#"+all[0])
		}
	}
	for _, form := range CodeForms() {
		if !drawn {
			break
		}
		codes, err := Codes(text, Drawing{Form: form}, Reader{Known: known, Page: page})
		if errors.Is(err, ErrTooLong) {
			continue
		}
		if err != nil {
			t.Errorf("%s of %s: %v", form, r.JSON(), err)
		}
		var all []string
		for _, code := range codes {
			all = append(all, code.Text)
		}
		check(string(form), strings.Join(all, "\n"))
	}
	lines, err := Lines(text, known)
	if err != nil {
		t.Errorf("lines of %s: %v", r.JSON(), err)
	}
	check("lines", strings.Join(lines, "\n"))
	check("the file", text)
}
