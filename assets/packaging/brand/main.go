// Brand prepares a build under a vendor's name: it checks the vendor's folder, says
// which files take the place of Handback's own (go build -overlay), and writes what
// the Linux packages need under that name.
//
//	go run ./assets/packaging/brand FOLDER TARGET
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

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

// prepare checks the vendor's folder and fills the target, which must not exist.
func prepare(folder, target string) error {
	b, files, err := check(folder)
	if err != nil {
		return err
	}
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
	settings := fmt.Sprintf("COMMAND := %s\nID := %s\nBRAND_NAME := %s\nVENDOR := %s\nMAINTAINER := %s <%s>\nHOMEPAGE := %s\n", b.Command, b.ID, b.Name, b.Vendor, b.Vendor, b.Email, b.Homepage)
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

// linux writes the templates of the Linux packages under the brand's name.
func linux(b brand.Brand, folder, target string) error {
	entries, err := os.ReadDir(templates)
	if err != nil {
		return err
	}
	place := filepath.Join(target, "linux")
	literal := strings.NewReplacer("app.handback.Handback", b.ID, "https://handback.app", b.Homepage, "packages@handback.app", b.Email,
		"_handback", "_"+b.Command, "Handback <", b.Vendor+" <", "The Handback authors", "The Handback authors, for "+b.Vendor, templates+"/", place+"/", "assets/icon.", filepath.Join(folder, "icon."))
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "check") || entry.Name() == "tarball" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(templates, entry.Name()))
		if err != nil {
			return err
		}
		name := strings.Replace(entry.Name(), "app.handback.Handback", b.ID, 1)
		name = b.Say(name)
		if err := write(filepath.Join(place, name), []byte(b.Say(literal.Replace(string(text))))); err != nil {
			return err
		}
	}
	return nil
}

func write(path string, text []byte) error {
	if err := durable.Folder(filepath.Dir(path)); err != nil {
		return err
	}
	return durable.Write(path, text, false)
}

// languageFile is the name of a brand's texts in a language.
var languageFile = regexp.MustCompile(`^texts/([a-zA-Z-]+)\.json$`)

// check reads a vendor's folder strictly, and lists its files.
func check(folder string) (b brand.Brand, files []string, err error) {
	text, err := os.ReadFile(filepath.Join(folder, brand.File))
	if err != nil {
		return b, nil, err
	}
	if b, err = brand.Parse(text); err != nil {
		return b, nil, err
	}
	within := os.DirFS(folder)
	err = fs.WalkDir(within, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(within, name)
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
		if !bytes.Contains(content, []byte("<svg")) {
			return wrong("is no SVG")
		}
		return nil
	case name == "icon.png":
		icon, err := png.DecodeConfig(bytes.NewReader(content))
		if err != nil || icon.Width != 512 || icon.Height != 512 {
			return wrong("must be a PNG of 512 x 512 pixels")
		}
		return nil
	case languageFile.MatchString(name):
		return checkTexts(name, languageFile.FindStringSubmatch(name)[1], content)
	}
	return wrong("does not belong into a brand: there are " + brand.File + ", " + brand.ProfileFile + ", icon.svg, icon.png, texts/LANGUAGE.json and " + brand.KeyFile)
}

var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

// checkTexts refuses a text that the program does not have, or that needs something
// else than its own does.
func checkTexts(name, language string, content []byte) error {
	own, err := assets.Translation.ReadFile("translation/" + language + ".json")
	if err != nil {
		return &brand.Error{File: name, Problem: "there is no language " + language}
	}
	var texts, ours map[string]string
	if err := json.Unmarshal(own, &ours); err != nil {
		return err
	}
	if err := json.Unmarshal(content, &texts); err != nil {
		line := 0
		if at, ok := errors.AsType[*json.SyntaxError](err); ok {
			line = 1 + bytes.Count(content[:at.Offset], []byte("\n"))
		}
		return &brand.Error{File: name, Line: line, Problem: err.Error()}
	}
	for key, text := range texts {
		line := 1 + bytes.Count(content[:max(0, bytes.Index(content, []byte(`"`+key+`"`)))], []byte("\n"))
		known, ok := ours[key]
		if !ok {
			return &brand.Error{File: name, Line: line, Problem: "there is no text " + key}
		}
		for _, used := range placeholder.FindAllString(text, -1) {
			if !strings.Contains(known, used) {
				return &brand.Error{File: name, Line: line, Problem: key + " has no " + used}
			}
		}
	}
	return nil
}
