// Package brand has the names and colors of this program: Handback's own, or those of a
// vendor who built it with a folder of their own; see docs/branding.md.
//
// [Current] returns the brand that is built in, [Brand.Say] puts its names into a text,
// and [Profile], [EmbeddedKey] and [Texts] return what else a vendor may build in.
package brand

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"handback/app/pattern"
	"handback/assets"
)

// Accepted is the sentence by which a vendor accepts that everybody who has the program
// can extract the shared key from it.
const Accepted = "I accept that everyone who has this program can extract the key in it."

// Handback has the names of the unbranded program.
var Handback = Brand{Name: "Handback", ID: "app.handback.Handback", Command: "handback"}

// Brand is the content of brand.toml, with TOML names as in the tags.
type Brand struct {
	Name      string   `toml:"name"`      // for people, such as "Acme Release"
	ID        string   `toml:"id"`        // of the window, such as "com.acme.Release"
	Command   string   `toml:"command"`   // name of the command and the packages; the window's has -window added
	Vendor    string   `toml:"vendor"`    // publisher of the packages
	Homepage  string   `toml:"homepage"`  // https
	Email     string   `toml:"email"`     // address of the packages' maintainer
	Revision  int      `toml:"revision"`  // counts packages of one version of Handback; 0 is the first
	Languages []string `toml:"languages"` // tags of the languages to include; empty means all
	Colors    Colors   `toml:"colors"`
	Key       Key      `toml:"embedded_key"`
}

// Colors are the brand's, as #rrggbb; empty means Handback's.
type Colors struct {
	Light string `toml:"light"` // for buttons and links, on a light background
	Dark  string `toml:"dark"`  // the same on a dark background
}

// Key says whether the shared key may be in the program.
type Key struct {
	Accept string `toml:"accept"` // must equal [Accepted]
}

// Error is a mistake in a brand, and its place.
type Error struct {
	File    string
	Line    int // from 1; 0 means the whole file
	Problem string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Problem
	}
	return fmt.Sprintf("%s, line %d: %s", e.File, e.Line, e.Problem)
}

// The files of a brand's folder that this package reads.
const (
	File        = "brand.toml"
	ProfileFile = "profile.toml"
	KeyFile     = "shared-key.txt"
)

// Parse reads brand.toml strictly. It fails with an [*Error]. The names and colors are
// checked when a brand is built, in assets/packaging/brand.
func Parse(text []byte) (Brand, error) {
	var b Brand
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&b)
	var strict *toml.StrictMissingError
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &strict) && len(strict.Errors) > 0:
		line, _ := strict.Errors[0].Position()
		return b, &Error{File, line, "there is no member " + strings.Join(strict.Errors[0].Key(), ".")}
	case errors.As(err, &syntax):
		line, _ := syntax.Position()
		return b, &Error{File, line, strings.TrimPrefix(syntax.Error(), "toml: ")}
	case err != nil:
		return b, &Error{File, 0, err.Error()}
	}
	return b, nil
}

// Current returns the brand of this program.
func Current() Brand { return current() }

// current panics if the embedded brand does not parse: it was checked at build time.
var current = sync.OnceValue(func() Brand {
	b, err := Parse(embedded(File))
	if err != nil {
		panic(err)
	}
	return b
})

// Window returns the name of the window's program.
func (b Brand) Window() string { return b.Command + "-window" }

// Own reports whether the brand has Handback's own names.
func (b Brand) Own() bool {
	return b.Name == Handback.Name && b.ID == Handback.ID && b.Command == Handback.Command
}

// Profile returns the vendor's built-in profile, or nil if there is none.
func Profile() []byte { return embedded(ProfileFile) }

// EmbeddedKey returns the built-in shared key if the vendor opted in
// (embedded_key.accept), otherwise nil. Everybody who has the program can read it.
func EmbeddedKey() []byte {
	if Current().Key.Accept != Accepted {
		return nil
	}
	return bytes.TrimRight(embedded(KeyFile), "\r\n")
}

// Texts returns the vendor's own texts in a language, a JSON object of keys and texts, or
// nil if there are none.
func Texts(language string) []byte { return embedded("texts/" + language + ".json") }

func embedded(name string) []byte {
	text, err := assets.Brand.ReadFile("brand/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return text
}

// mention matches Handback's name or command, but not a part of a format or an address,
// such as .handback or vnd.handback.
var mention = pattern.Lazy(`(^|[^\w.])(Handback|handback)\b`)

// Say returns text with the brand's names in place of Handback's.
func (b Brand) Say(text string) string {
	if b.Own() {
		return text
	}
	return mention().ReplaceAllStringFunc(text, func(found string) string {
		if before, ok := strings.CutSuffix(found, Handback.Name); ok {
			return before + b.Name
		}
		return strings.TrimSuffix(found, Handback.Command) + b.Command
	})
}
