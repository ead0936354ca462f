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

//go:embed Info.plist
var infoPlist string

// writePlist writes Info.plist. The app needs at least macOS least.
func writePlist(out io.Writer, b brand.Brand, least version) error {
	number, _, _ := strings.Cut(app.Packaged(), "-")
	return template.Must(template.New("").Parse(infoPlist)).Execute(out, map[string]any{
		"Brand": b, "Version": number, "Year": app.Released.Year(), "Least": least, "Languages": words.Languages(),
	})
}

// kindsFile has the names of the file formats that the window opens, in every language,
// for Linux. Info.plist has their English names.
const kindsFile = "assets/packaging/linux/app.handback.Handback.xml"

var infoStrings = template.Must(template.New("").Parse(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
{{- range $english, $name := .}}
	<key>{{html $english}}</key>
	<string>{{html $name}}</string>
{{- end}}
</dict>
</plist>
`))

// writeStrings writes a translation of the names of file formats in Info.plist. The names
// come from kindsFile at path; one that is not translated stays English.
func writeStrings(out io.Writer, language, path string) error {
	if !slices.Contains(words.Languages(), language) {
		return fmt.Errorf("%s is none of the languages: %v", language, words.Languages())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var file struct {
		Kinds []struct {
			Comments []struct {
				Language string `xml:"lang,attr"`
				Text     string `xml:",chardata"`
			} `xml:"comment"`
		} `xml:"mime-type"`
	}
	if err := xml.Unmarshal(text, &file); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	names := map[string]string{}
	for _, kind := range file.Kinds {
		in := map[string]string{}
		for _, comment := range kind.Comments {
			in[cmp.Or(comment.Language, "en")] = comment.Text
		}
		names[in["en"]] = cmp.Or(in[language], in["en"])
	}
	return infoStrings.Execute(out, names)
}
