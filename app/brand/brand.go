// Package brand is the name under which this program is given to people: Handback's
// own, or a vendor's, who built it with a folder of theirs. See docs/branding.md.
package brand

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"handback/assets"
)

// Accepted is the sentence with which a vendor accepts that the shared key in the
// program can be read by everybody who has it.
const Accepted = "I accept that everyone who has this program can extract the key in it."

// Handback are the names that Handback goes by.
var Handback = Brand{Name: "Handback", ID: "app.handback.Handback", Command: "handback"}

// Brand is what brand.toml says. The names in TOML are those of the tags.
type Brand struct {
	Name      string   `toml:"name"`      // as people read it, such as "Acme Release"
	ID        string   `toml:"id"`        // of the window, such as "com.acme.Release"
	Command   string   `toml:"command"`   // of the command and the packages; the window's ends in -window
	Vendor    string   `toml:"vendor"`    // who publishes the packages
	Homepage  string   `toml:"homepage"`  // https
	Email     string   `toml:"email"`     // of the packages' maintainer
	Revision  int      `toml:"revision"`  // of what a version of Handback is packed with; 0: the first
	Languages []string `toml:"languages"` // some of those there are; none: all
	Colors    Colors   `toml:"colors"`
	Key       Key      `toml:"embedded_key"`
}

// Colors are the brand's, as #rrggbb; empty: ours.
type Colors struct {
	Light string `toml:"light"` // of what is to be pressed, on a light ground
	Dark  string `toml:"dark"`
}

// Key says whether the shared key may be in the program.
type Key struct {
	Accept string `toml:"accept"` // Accepted, letter by letter
}

// Error is what is wrong with a brand, and where.
type Error struct {
	File    string
	Line    int // from 1; 0: the whole file
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

// Parse reads brand.toml strictly. It fails with an *Error. Which names and colors make a
// right brand is told where one is built, in assets/packaging/brand.
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

// Window is the name of the window's program.
func (b Brand) Window() string { return b.Command + "-window" }

// Own tells whether the program goes by Handback's own name.
func (b Brand) Own() bool {
	return b.Name == Handback.Name && b.ID == Handback.ID && b.Command == Handback.Command
}

// Profile is the vendor's profile that is built in; nil where there is none.
func Profile() []byte { return embedded(ProfileFile) }

// EmbeddedKey is the shared key that is built in, on the vendor's explicit word; nil where
// there is none. Everybody who has the program can read it.
func EmbeddedKey() []byte {
	if Current().Key.Accept != Accepted {
		return nil
	}
	return bytes.TrimRight(embedded(KeyFile), "\r\n")
}

// Texts is the vendor's own texts in a language, a JSON object of key to text; nil
// where there are none.
func Texts(language string) []byte { return embedded("texts/" + language + ".json") }

func embedded(name string) []byte {
	text, err := assets.Brand.ReadFile("brand/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return text
}

// mention is Handback's name, or its command's, where no name of a form or an
// address is meant: .handback, vnd.handback.
var mention = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|[^\w.])(Handback|handback)\b`) })

// Say puts the brand's names where a text has Handback's.
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
