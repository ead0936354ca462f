package main

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"handback/app/brand"
	"handback/assets"
)

// parse reads brand.toml, and refuses names that some packaging, system or person could
// not use. Its error is a *brand.Error with the line.
func parse(text []byte) (brand.Brand, error) {
	b, err := brand.Parse(text)
	if err != nil {
		return b, err
	}
	return b, rules(b, text)
}

// rules returns an error for the first rule that b breaks. text is the file that b was
// read from.
func rules(b brand.Brand, text []byte) error {
	wrong := func(member, must string) error {
		return &brand.Error{File: brand.File, Line: lineOf(text, member), Problem: member + " " + must}
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
		{"accept", b.Key.Accept, `must be exactly "` + brand.Accepted + `"`, acceptPattern},
	} {
		if !rule.pattern.MatchString(rule.value) || strings.Contains(rule.value, "  ") {
			return wrong(rule.member, rule.must)
		}
	}
	switch {
	case b.Revision != 0 && (b.Revision < 2 || b.Revision > math.MaxUint16): // the range of a version number in Windows resources
		return wrong("revision", "must be 2 to 65535; the first has none")
	case devicePattern.MatchString(b.Name):
		return wrong("name", "is what Windows calls a device")
	case devicePattern.MatchString(b.Command):
		return wrong("command", "is what Windows calls a device")
	case slices.Contains([]string{"bin", "completion", "man", "share"}, b.Command):
		return wrong("command", "is what a folder of the packages is called")
	case b.Own(): // Handback itself; the cases below are for other brands
	case strings.EqualFold(b.Name, brand.Handback.Name):
		return wrong("name", "is Handback's own")
	case b.Command == brand.Handback.Command || b.Command == brand.Handback.Window():
		return wrong("command", "is Handback's own")
	case strings.EqualFold(b.ID, brand.Handback.ID):
		return wrong("id", "is Handback's own")
	}
	for _, color := range []struct{ member, value, ground string }{
		{"light", b.Colors.Light, "#f7f8fa"}, // the darkest light background
		{"dark", b.Colors.Dark, "#23272d"},   // the lightest dark background
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
	return nil
}

var (
	namePattern     = regexp.MustCompile(`^[\pL\pN]([\pL\pN .&+-]{0,38}[\pL\pN])?$`)
	idPattern       = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9]*(\.[a-zA-Z][a-zA-Z0-9]*){2,}$`)
	commandPattern  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,28}[a-z0-9]$`)
	vendorPattern   = regexp.MustCompile(`^[\pL\pN]([\pL\pN .&+,-]{0,58}[\pL\pN.])?$`)
	homepagePattern = regexp.MustCompile(`^https://[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+(/[a-zA-Z0-9./_-]*)?$`)
	emailPattern    = regexp.MustCompile(`^[a-zA-Z0-9._+-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$`)
	colorPattern    = regexp.MustCompile(`^(#[0-9a-fA-F]{6})?$`)
	devicePattern   = regexp.MustCompile(`(?i)^(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\..*)?$`)
	acceptPattern   = regexp.MustCompile(`^(` + regexp.QuoteMeta(brand.Accepted) + `)?$`)
)

// contrast returns the contrast ratio of two colors (WCAG 2.1).
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

// lineOf returns the line of a member in text, or 1 if it is not there.
func lineOf(text []byte, member string) int {
	at := regexp.MustCompile(`(?m)(^|[{,.])[ \t]*["']?` + member + `["']?[ \t]*=`).FindIndex(text)
	if at == nil {
		return 1
	}
	return 1 + bytes.Count(text[:at[1]], []byte("\n"))
}
