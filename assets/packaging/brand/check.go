package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"handback/app/brand"
	"handback/app/profile"
	"handback/app/secret"
	"handback/assets"
)

// languageFile matches the name of a file with a brand's texts in one language.
var languageFile = regexp.MustCompile(`^texts/([a-zA-Z-]+)\.json$`)

// most is the maximum size, in bytes, of a file of a brand. An icon is the largest.
const most = 4 << 20

// check reads and checks a vendor's folder, and returns its files.
func check(folder string) (b brand.Brand, files []string, err error) {
	if _, err := os.ReadDir(folder); err != nil {
		return b, nil, err
	}
	within := os.DirFS(folder)
	text, err := read(within, brand.File)
	if err != nil {
		return b, nil, err
	}
	if b, err = parse(text); err != nil {
		return b, nil, err
	}
	if b.Own() {
		return b, nil, &brand.Error{File: brand.File, Problem: "has Handback's own names"}
	}
	err = fs.WalkDir(within, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := read(within, name)
		if err != nil {
			return err
		}
		files = append(files, name)
		return checkFile(b, name, content)
	})
	if err != nil {
		return b, nil, err
	}
	for _, needed := range []string{"icon.svg", "icon.png"} {
		if !slices.Contains(files, needed) {
			return b, nil, &brand.Error{File: needed, Problem: "is missing"}
		}
	}
	hasKey := slices.Contains(files, brand.KeyFile)
	switch {
	case hasKey && !slices.Contains(files, brand.ProfileFile):
		return b, nil, &brand.Error{File: brand.KeyFile, Problem: "a key is of no use without profile.toml"}
	case !hasKey && b.Key.Accept != "":
		return b, nil, &brand.Error{File: brand.KeyFile, Problem: "is missing, though embedded_key.accept stands in brand.toml"}
	}
	return b, files, nil
}

// read reads a file of the folder. It refuses links: the target of a link may be another
// one when the file is built in.
func read(within fs.FS, name string) ([]byte, error) {
	info, err := fs.Lstat(within, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &brand.Error{File: name, Problem: "is missing"}
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &brand.Error{File: name, Problem: "must be a file, and no link"}
	case info.Size() > most:
		return nil, &brand.Error{File: name, Problem: "is larger than 4 MB"}
	}
	return fs.ReadFile(within, name)
}

// checkFile refuses a file that is not part of a brand, or whose content is wrong.
func checkFile(b brand.Brand, name string, content []byte) error {
	wrong := func(problem string) error { return &brand.Error{File: name, Problem: problem} }
	switch {
	case name == brand.File:
		return nil
	case name == brand.ProfileFile:
		_, err := profile.Parse(content, name)
		return err
	case name == brand.KeyFile && b.Key.Accept != brand.Accepted:
		return wrong("a shared key in a program can be extracted by everyone who has it; it is refused unless brand.toml says embedded_key.accept = \"" + brand.Accepted + "\"")
	case name == brand.KeyFile:
		_, err := secret.From(bytes.NewReader(content), name)
		return err
	case name == "icon.svg":
		return checkSVG(content)
	case name == "icon.png":
		icon, err := png.Decode(bytes.NewReader(content))
		if err != nil || icon.Bounds().Dx() != 512 || icon.Bounds().Dy() != 512 {
			return wrong("must be a PNG of 512 x 512 pixels")
		}
		return nil
	case languageFile.MatchString(name):
		return checkTexts(name, languageFile.FindStringSubmatch(name)[1], content)
	}
	return wrong("does not belong into a brand: there are " + brand.File + ", " + brand.ProfileFile + ", icon.svg, icon.png, texts/LANGUAGE.json and " + brand.KeyFile)
}

// checkSVG refuses anything but a well-formed XML document with the root svg.
func checkSVG(content []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(content)) //nolint:gosec // the decoder fetches nothing and resolves no entities
	for root := false; ; {
		token, err := decoder.Token()
		line, _ := decoder.InputPos()
		element, ok := token.(xml.StartElement)
		switch {
		case errors.Is(err, io.EOF) && root:
			return nil
		case errors.Is(err, io.EOF):
			return &brand.Error{File: "icon.svg", Problem: "is no SVG"}
		case err != nil:
			return &brand.Error{File: "icon.svg", Line: line, Problem: err.Error()}
		case ok && !root && element.Name.Local != "svg":
			return &brand.Error{File: "icon.svg", Line: line, Problem: "is no SVG"}
		}
		root = root || ok
	}
}

var placeholder = regexp.MustCompile(`{{\.\w+}}`)

// checkTexts refuses a text that the program does not have, that has other placeholders
// than Handback's own, or that is too long for its place.
func checkTexts(name, language string, content []byte) error {
	own, err := assets.Translation.ReadFile("translation/" + language + ".json")
	if err != nil {
		return &brand.Error{File: name, Problem: "there is no language " + language}
	}
	var texts, ours map[string]string
	if err := json.Unmarshal(own, &ours); err != nil {
		return err
	}
	at := func(offset int) int { return 1 + bytes.Count(content[:max(0, offset)], []byte("\n")) }
	if err := json.Unmarshal(content, &texts); err != nil {
		line := 0
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			line = at(int(syntax.Offset))
		} else if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			line = at(int(kind.Offset))
		}
		return &brand.Error{File: name, Line: line, Problem: err.Error()}
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		wrong := func(problem string) error {
			return &brand.Error{File: name, Line: at(bytes.Index(content, []byte(`"`+key+`"`))), Problem: problem}
		}
		text, known := texts[key], ours[key]
		if known == "" {
			return wrong("there is no text " + key)
		}
		for _, used := range placeholder.FindAllString(text, -1) {
			if !strings.Contains(known, used) {
				return wrong(key + " has no " + used)
			}
		}
		longest := 3*utf8.RuneCountInString(known) + 40
		switch {
		case strings.Contains(placeholder.ReplaceAllString(text, ""), "{{"):
			return wrong(key + ": a placeholder is written as {{.name}}")
		case strings.TrimSpace(text) == "":
			return wrong(key + " is empty")
		case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && (r != '\n' || !strings.Contains(known, "\n")) }):
			return wrong(key + " has a control character")
		case utf8.RuneCountInString(text) > longest:
			return wrong(fmt.Sprintf("%s has more than %d characters, three times those of Handback's own and 40", key, longest))
		}
	}
	return nil
}
