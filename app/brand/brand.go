// Package brand is the name under which this program is given to people: Handback's
// own, or a vendor's, who built it with a folder of theirs. See docs/branding.md.
package brand

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"handback/assets"
)

// Accepted is the sentence with which a vendor accepts that the shared key in the
// program can be read by everybody who has it.
const Accepted = "I accept that everyone who has this program can extract the key in it."

// Brand is what brand.toml says. The names in TOML are those of the tags.
type Brand struct {
	Name      string   `toml:"name"`      // as people read it, such as "Acme Release"
	ID        string   `toml:"id"`        // of the window, such as "com.acme.Release"
	Command   string   `toml:"command"`   // of the command and the packages; the window's ends in -window
	Vendor    string   `toml:"vendor"`    // who publishes the packages
	Homepage  string   `toml:"homepage"`  // https
	Email     string   `toml:"email"`     // of the packages' maintainer
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

// Parse reads brand.toml strictly. It fails with an *Error.
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
	wrong := func(member, must string) (Brand, error) {
		return b, &Error{File, lineOf(text, member), member + " " + must}
	}
	for _, rule := range []struct {
		member, value, must string
		pattern             *regexp.Regexp
	}{
		{"name", b.Name, "must be 1 to 40 letters, digits, single spaces and - . & + that begin and end in a letter or digit", namePattern},
		{"id", b.ID, "must be a reversed domain of three parts or more, such as com.acme.Release", idPattern},
		{"command", b.Command, "must be 2 to 30 small letters, digits and dashes that begin with a letter", commandPattern},
		{"vendor", b.Vendor, "must be 1 to 60 letters, digits, single spaces and - . & + , that begin in a letter or digit, and end in one or a full stop", vendorPattern},
		{"homepage", b.Homepage, "must be an https address", homepagePattern},
		{"email", b.Email, "must be an e-mail address", emailPattern},
		{"light", b.Colors.Light, "must be a color as #rrggbb", colorPattern},
		{"dark", b.Colors.Dark, "must be a color as #rrggbb", colorPattern},
		{"accept", b.Key.Accept, `must be exactly "` + Accepted + `"`, acceptPattern},
	} {
		if !rule.pattern.MatchString(rule.value) || strings.Contains(rule.value, "  ") {
			return wrong(rule.member, rule.must)
		}
	}
	switch {
	case devicePattern.MatchString(b.Name):
		return wrong("name", "is what Windows calls a device")
	case devicePattern.MatchString(b.Command):
		return wrong("command", "is what Windows calls a device")
	case b.Own(): // what follows would stand in Handback's own place
	case strings.EqualFold(b.Name, own.Name):
		return wrong("name", "is Handback's own")
	case b.Command == own.Command || b.Command == own.Window():
		return wrong("command", "is Handback's own")
	case strings.EqualFold(b.ID, own.ID):
		return wrong("id", "is Handback's own")
	}
	for _, color := range []struct{ member, value, ground string }{
		{"light", b.Colors.Light, "#f7f8fa"}, // the darkest of the light grounds
		{"dark", b.Colors.Dark, "#23272d"},   // the lightest of the dark ones
	} {
		if color.value != "" && contrast(color.value, color.ground) < 4.5 {
			return wrong(color.member, fmt.Sprintf("has a contrast of %.1f to 1 with %s; words need 4.5 to 1 (WCAG 2.1, 1.4.3)", contrast(color.value, color.ground), color.ground))
		}
	}
	for _, language := range b.Languages {
		if _, err := assets.Translation.Open("translation/" + language + ".json"); err != nil {
			return wrong("languages", "has "+strconv.Quote(language)+", which is none of Handback's")
		}
	}
	if len(b.Languages) > 0 && !slices.Contains(b.Languages, "en") {
		return wrong("languages", "must have en among them: it speaks where a text is missing")
	}
	return b, nil
}

// own are the names that Handback goes by.
var own = Brand{Name: "Handback", ID: "app.handback.Handback", Command: "handback"}

var (
	namePattern     = regexp.MustCompile(`^[\pL\pN]([\pL\pN .&+-]{0,38}[\pL\pN])?$`)
	idPattern       = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9]*(\.[a-zA-Z][a-zA-Z0-9]*){2,}$`)
	commandPattern  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,28}[a-z0-9]$`)
	vendorPattern   = regexp.MustCompile(`^[\pL\pN]([\pL\pN .&+,-]{0,58}[\pL\pN.])?$`)
	homepagePattern = regexp.MustCompile(`^https://[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+(/[a-zA-Z0-9./_-]*)?$`)
	emailPattern    = regexp.MustCompile(`^[a-zA-Z0-9._+-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$`)
	colorPattern    = regexp.MustCompile(`^(#[0-9a-fA-F]{6})?$`)
	devicePattern   = regexp.MustCompile(`(?i)^(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\..*)?$`)
	acceptPattern   = regexp.MustCompile(`^(` + regexp.QuoteMeta(Accepted) + `)?$`)
)

// contrast is that of two colors, as WCAG 2.1 reckons it.
func contrast(a, b string) float64 {
	light := func(color string) (sum float64) {
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, _ := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
			share := float64(n) / 255
			if share <= 0.04045 {
				sum += weight * share / 12.92
			} else {
				sum += weight * math.Pow((share+0.055)/1.055, 2.4)
			}
		}
		return sum + 0.05
	}
	return max(light(a)/light(b), light(b)/light(a))
}

// lineOf is the line on which a member stands, or 1.
func lineOf(text []byte, member string) int {
	at := regexp.MustCompile(`(?m)(^|[{,.])[ \t]*["']?` + member + `["']?[ \t]*=`).FindIndex(text)
	if at == nil {
		return 1
	}
	return 1 + bytes.Count(text[:at[1]], []byte("\n"))
}

// Here is the brand of this program. What is embedded was checked when it was
// built, so one that does not parse is a broken build.
var Here = sync.OnceValue(func() Brand {
	b, err := Parse(embedded(File))
	if err != nil {
		panic(err)
	}
	return b
})

// Window is the name of the window's program.
func (b Brand) Window() string { return b.Command + "-window" }

// Own tells whether the program goes by Handback's own name.
func (b Brand) Own() bool { return b.Name == own.Name && b.ID == own.ID && b.Command == own.Command }

// Profile is the vendor's profile that is built in; nil where there is none.
func Profile() []byte { return embedded(ProfileFile) }

// EmbeddedKey is the shared key that is built in, on the vendor's explicit word; nil where
// there is none. Everybody who has the program can read it.
func EmbeddedKey() []byte {
	if Here().Key.Accept != Accepted {
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
var mention = regexp.MustCompile(`(^|[^\w.])(Handback|handback)\b`)

// Say puts the brand's names where a text has Handback's.
func (b Brand) Say(text string) string {
	if b.Own() {
		return text
	}
	return mention.ReplaceAllStringFunc(text, func(found string) string {
		if before, ok := strings.CutSuffix(found, own.Name); ok {
			return before + b.Name
		}
		return strings.TrimSuffix(found, own.Command) + b.Command
	})
}
