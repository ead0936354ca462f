// Brand prepares a build under a vendor's name: it checks the vendor's folder, says
// which files take the place of Handback's own (go build -overlay), and writes what
// the Linux packages need under that name.
//
//	go run ./assets/packaging/brand FOLDER TARGET
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"handback/app/brand"
	"handback/app/durable"
	"handback/app/profile"
	"handback/app/secret"
	"handback/assets"
)

const templates = "assets/packaging/linux"

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "brand: usage: brand FOLDER TARGET")
		os.Exit(2)
	}
	if err := prepare(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "brand:", err)
		os.Exit(1)
	}
}

// prepare checks the vendor's folder and fills the target, which must not exist, and
// does not where something is wrong.
func prepare(folder, target string) (err error) {
	b, files, err := check(folder)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		return cmp.Or(err, fmt.Errorf("%s exists already", target))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(target))
		}
	}()
	overlay := map[string]string{}
	for _, name := range files {
		to := filepath.Join("assets", "brand", name)
		if strings.HasPrefix(name, "icon.") {
			to = filepath.Join("assets", name)
		}
		if err := replace(overlay, to, filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(map[string]any{"Replace": overlay}, "", "\t")
	if err != nil {
		return err
	}
	if err := write(filepath.Join(target, "overlay.json"), text); err != nil {
		return err
	}
	settings := fmt.Sprintf("COMMAND := %s\nID := %s\nBRAND_NAME := %s\nVENDOR := %s\nMAINTAINER := %s <%s>\nHOMEPAGE := %s\n", b.Command, b.ID, b.Name, b.Vendor, maintainer(b), b.Email, b.Homepage)
	if brand.Accepted == b.Key.Accept {
		settings += "NOTE := the vendor's shared key is built in, and extractable\n"
	}
	if err := write(filepath.Join(target, "brand.mk"), []byte(settings)); err != nil {
		return err
	}
	return linux(b, folder, target)
}

func replace(overlay map[string]string, own, others string) error {
	own, err := filepath.Abs(own)
	if err != nil {
		return err
	}
	overlay[own], err = filepath.Abs(others)
	return err
}

// linux writes the templates of the Linux packages under the brand's name, and the
// icons beside them: the vendor's folder may have a name that is none for a template.
func linux(b brand.Brand, folder, target string) error {
	entries, err := os.ReadDir(templates)
	if err != nil {
		return err
	}
	place := filepath.Join(target, "linux")
	for _, name := range []string{"icon.svg", "icon.png"} {
		icon, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if err := write(filepath.Join(place, name), icon); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "check") || entry.Name() == "tarball" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(templates, entry.Name()))
		if err != nil {
			return err
		}
		within := b
		if strings.HasSuffix(entry.Name(), ".xml") {
			within.Name, within.Vendor = html.EscapeString(b.Name), html.EscapeString(b.Vendor)
		}
		said := string(text)
		if entry.Name() != "copyright" { // the authors stay who they are
			said = names(within, place).Replace(said)
		}
		if err := write(filepath.Join(place, names(b, place).Replace(entry.Name())), []byte(said)); err != nil {
			return err
		}
	}
	return nil
}

// maintainer is the vendor as Debian's packages take one: there, a comma would end it.
func maintainer(b brand.Brand) string { return strings.ReplaceAll(b.Vendor, ",", "") }

// names puts the brand's names where a template has Handback's, and leaves those of
// the forms.
func names(b brand.Brand, place string) *strings.Replacer {
	return strings.NewReplacer(
		"app.handback.Handback", b.ID, "vnd.handback.", "vnd.handback.", "*.handback", "*.handback",
		"https://handback.app", b.Homepage, "packages@handback.app", b.Email,
		"Handback <", maintainer(b)+" <", ">Handback</developer_name>", ">"+b.Vendor+"</developer_name>",
		templates+"/", place+"/", "assets/icon.", filepath.Join(place, "icon."),
		`HANDBACK\-WINDOW`, strings.ReplaceAll(strings.ToUpper(b.Window()), "-", `\-`),
		"Handback", b.Name, "handback", b.Command)
}

func write(path string, text []byte) error {
	if err := durable.Folder(filepath.Dir(path)); err != nil {
		return err
	}
	return durable.Write(path, text, false)
}

// languageFile is the name of a brand's texts in a language.
var languageFile = regexp.MustCompile(`^texts/([a-zA-Z-]+)\.json$`)

// most bounds a file of a brand: an icon is the largest.
const most = 4 << 20

// check reads a vendor's folder strictly, and lists its files.
func check(folder string) (b brand.Brand, files []string, err error) {
	if _, err := os.ReadDir(folder); err != nil {
		return b, nil, err
	}
	within := os.DirFS(folder)
	text, err := read(within, brand.File)
	if err != nil {
		return b, nil, err
	}
	if b, err = brand.Parse(text); err != nil {
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

// read reads a file of the folder, which must be one itself: what a link leads to may
// be another when it is built in.
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

// checkFile refuses a file that does not belong into a brand, or is wrong.
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

// checkSVG refuses what is not XML from end to end, or no SVG.
func checkSVG(content []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(content)) //nolint:gosec // it fetches nothing and resolves no entities
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

// checkTexts refuses a text that the program does not have, that needs something else
// than its own does, or that would not fit where its own stands.
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
