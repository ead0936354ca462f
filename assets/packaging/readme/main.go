// Command readme prints the README.md of the packages, for people who install them, under
// the brand that is built in (go run -overlay).
package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"os"
	"text/template"

	"handback/app"
	"handback/app/brand"
	"handback/app/profile"
)

func main() {
	if err := write(os.Stdout, brand.Current(), brand.Profile(), brand.EmbeddedKey() != nil); err != nil {
		fmt.Fprintln(os.Stderr, "readme:", err)
		os.Exit(1)
	}
}

//go:embed user.md
var user string

// write writes the README of brand b. builtIn is the vendor's profile, or nil if none is
// built in; key means that a shared key is.
func write(out io.Writer, b brand.Brand, builtIn []byte, key bool) error {
	contact := b.Email
	if builtIn != nil {
		p, err := profile.Parse(builtIn, brand.ProfileFile)
		if err != nil {
			return err
		}
		contact = cmp.Or(p.Support.Contact, contact)
	}
	return template.Must(template.New("user.md").Parse(user)).Execute(out, struct {
		brand.Brand
		Contact      string
		Profile, Key bool
		Year         int
	}{b, contact, builtIn != nil, key, app.Released.Year()})
}
