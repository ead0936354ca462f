package main

import (
	"cmp"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/template"

	"handback/app"
	"handback/app/brand"
	"handback/app/words"
)

// kindsFile says for Linux which kinds of files the window opens. They are the same
// under every brand.
const kindsFile = "assets/packaging/linux/app.handback.Handback.xml"

// kind is a kind of files that the window opens.
type kind struct {
	MIME     string `xml:"type,attr"`
	Comments []struct {
		Language string `xml:"lang,attr"`
		Text     string `xml:",chardata"`
	} `xml:"comment"`
	Of []struct {
		MIME string `xml:"type,attr"`
	} `xml:"sub-class-of"`
	Glob struct {
		Pattern string `xml:"pattern,attr"`
	} `xml:"glob"`
}

func readKinds(path string) ([]kind, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var info struct {
		Kinds []kind `xml:"mime-type"`
	}
	if err := xml.Unmarshal(text, &info); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, k := range info.Kinds {
		if k.In("en") == "" || k.Extension() == "" {
			return nil, fmt.Errorf("%s: %s has no comment or no glob", path, k.MIME)
		}
	}
	return info.Kinds, nil
}

// Extension is what macOS tells files by: what is behind the last dot.
func (k kind) Extension() string {
	return k.Glob.Pattern[strings.LastIndex(k.Glob.Pattern, ".")+1:]
}

// Own tells whether files with this extension are of this kind, and not any text.
func (k kind) Own() bool { return k.Extension() != "txt" }

// Type is the uniform type identifier.
func (k kind) Type() string {
	if !k.Own() {
		return "public.plain-text"
	}
	return strings.Replace(k.MIME, "application/vnd", "app", 1)
}

// ConformsTo is the kind of which this is one.
func (k kind) ConformsTo() string {
	for _, of := range k.Of {
		if of.MIME == "text/plain" {
			return "public.plain-text"
		}
	}
	return "public.data"
}

// Exclusive tells whether nobody else calls other files so, as they do with .req.
func (k kind) Exclusive() bool { return k.Extension() == "handback" }

// In is what people call the kind, in English where there is nothing else.
func (k kind) In(language string) string {
	for _, comment := range k.Comments {
		if comment.Language == language || comment.Language == "" && language == "en" {
			return comment.Text
		}
	}
	return ""
}

//go:embed Info.plist
var infoPlist string

// writePlist describes the app, which needs least.
func writePlist(out io.Writer, b brand.Brand, least version, kinds []kind) error {
	number, _, _ := strings.Cut(app.Packaged(), "-")
	type declaration struct {
		List  string
		Kinds []kind
	}
	// Who made a form exports its type. Requests are LicenseSpring's, and under
	// another name all forms are somebody else's.
	exported, imported := declaration{List: "UTExportedTypeDeclarations"}, declaration{List: "UTImportedTypeDeclarations"}
	for _, k := range kinds {
		switch {
		case !k.Own():
		case k.Exclusive() && b.Own():
			exported.Kinds = append(exported.Kinds, k)
		default:
			imported.Kinds = append(imported.Kinds, k)
		}
	}
	declarations := slices.DeleteFunc([]declaration{exported, imported}, func(d declaration) bool { return len(d.Kinds) == 0 })
	return fill(out, infoPlist, map[string]any{
		"Brand": b, "Version": number, "Year": app.Released.Year(), "Least": least,
		"Languages": words.Languages(), "Kinds": kinds, "Declarations": declarations,
	})
}

// writeStrings translates what Info.plist calls the kinds of files. One that is not
// translated is English.
func writeStrings(out io.Writer, language string, kinds []kind) error {
	if !slices.Contains(words.Languages(), language) {
		return fmt.Errorf("%s is none of the languages: %v", language, words.Languages())
	}
	names := map[string]string{}
	for _, k := range kinds {
		names[k.In("en")] = cmp.Or(k.In(language), k.In("en"))
	}
	return fill(out, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
{{- range $english, $name := .}}
	<key>{{xml $english}}</key>
	<string>{{xml $name}}</string>
{{- end}}
</dict>
</plist>
`, names)
}

func fill(out io.Writer, text string, data any) error {
	escaped := func(value any) (string, error) {
		var b strings.Builder
		err := xml.EscapeText(&b, []byte(fmt.Sprint(value)))
		return b.String(), err
	}
	form, err := template.New("").Funcs(template.FuncMap{"xml": escaped}).Parse(text)
	if err != nil {
		return err
	}
	return form.Execute(out, data)
}
