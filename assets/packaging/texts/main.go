// Command texts writes the translated texts into the packaging files: the texts
// package.… and setup.… of assets/translation. A text that is not translated is in
// English.
//
//go:generate go run . ../../..
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"handback/app/durable"
	"handback/app/words"
)

const linux = "assets/packaging/linux/app.handback.Handback"

// files are the packaging files, each with the function that returns its new content for
// the old.
var files = map[string]func(string) (string, error){
	linux + ".desktop":                   desktop,
	linux + ".metainfo.xml":              metainfo,
	linux + ".xml":                       kinds,
	"assets/packaging/windows/texts.nsh": setup,
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "texts: usage: texts ROOT")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "texts:", err)
		os.Exit(1)
	}
}

// write updates the packaging files below root.
func write(root string) error {
	for name := range files {
		is, wanted, err := made(root, name)
		if err == nil && is != wanted {
			err = durable.Write(filepath.Join(root, name), []byte(wanted), true)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// made returns the current and the wanted content of a packaging file.
func made(root, name string) (is, wanted string, err error) {
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", "", err
	}
	if wanted, err = files[name](string(text)); err != nil {
		return "", "", fmt.Errorf("%s: %w", name, err)
	}
	return string(text), wanted, nil
}

// desktop updates the entry in the desktop's menu.
func desktop(text string) (string, error) {
	text, err := replace(text, `^GenericName\b.*\n`, lines("package.generic_name", "GenericName=%s", "GenericName[%s]=%s"))
	if err != nil {
		return "", err
	}
	return replace(text, `^Comment\b.*\n`, lines("package.comment", "Comment=%s", "Comment[%s]=%s"))
}

// metainfo updates the description for software centers.
func metainfo(text string) (string, error) {
	return replace(text, `^  <summary\b.*\n`, elements("  ", "summary", "package.summary"))
}

// kinds updates the names of the file formats that the window opens.
func kinds(text string) (string, error) {
	types := strings.SplitAfter(text, "<mime-type ")
	for i, key := range []string{"package.kind.request", "package.kind.handoff", "package.kind.receipt"} {
		if len(types) != 4 || !strings.Contains(types[i+1], key[strings.LastIndex(key, ".")+1:]+`">`) {
			return "", errors.New("the kinds of files are not request, handoff and receipt, in this order")
		}
		var err error
		if types[i+1], err = replace(types[i+1], `^    <comment\b.*\n`, elements("    ", "comment", key)); err != nil {
			return "", err
		}
	}
	return strings.Join(types, ""), nil
}

// elements returns a text in all its languages as lines of XML.
func elements(indent, name, key string) string {
	text := lines(key, "<"+name+">%s</"+name+">", "<"+name+` xml:lang="%s">%s</`+name+">")
	return indent + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+indent) + "\n"
}

// lines returns a text in English, and in each language in which it is translated.
func lines(key, english, translated string) string {
	escape := func(text string) string { return text }
	if strings.HasPrefix(english, "<") {
		escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	}
	var all strings.Builder
	for _, language := range words.Languages() {
		switch w := words.For(language); {
		case language == "en":
			fmt.Fprintf(&all, english+"\n", escape(w.Text(key)))
		case w.Translated(key):
			fmt.Fprintf(&all, translated+"\n", language, escape(w.Text(key)))
		}
	}
	return all.String()
}

// replace replaces the lines that match by others. They must be next to each other.
func replace(text, line, with string) (string, error) {
	found := regexp.MustCompile(`(?m)(?:`+line+`)+`).FindAllStringIndex(text, -1)
	if len(found) != 1 {
		return "", fmt.Errorf("%d places have %s", len(found), line)
	}
	return text[:found[0][0]] + with + text[found[0][1]:], nil
}

// setupTexts are the texts of Windows' setup with their names in NSIS.
var setupTexts = []struct{ name, key string }{
	{"whoTitle", "setup.who_title"},
	{"whoText", "setup.who_text"},
	{"whoMe", "setup.who_me"},
	{"whoAll", "setup.who_all"},
	{"noRights", "setup.no_rights"},
	{"running", "setup.running"},
	{"newer", "setup.newer"},
	{"badFolder", "setup.bad_folder"},
	{"notOnPath", "setup.not_on_path"},
}

// setup returns the texts of Windows' setup. A language is left out if its setup.language
// names no language of NSIS; setup is in English there.
func setup(string) (string, error) {
	var all strings.Builder
	all.WriteString("; Made by go generate ./assets/packaging/texts of the texts in assets/translation.\n")
	for _, language := range words.Languages() {
		w := words.For(language)
		if !w.Translated("setup.language") {
			continue
		}
		own := w.Text("setup.language")
		fmt.Fprintf(&all, "\n!insertmacro MUI_LANGUAGE \"%s\"\n", own)
		for _, one := range setupTexts {
			text := strings.NewReplacer("$", "$$", `"`, `$\"`, "\n", `$\n`).Replace(w.Text(one.key, "name", "@NAME@"))
			fmt.Fprintf(&all, "LangString %s ${LANG_%s} \"%s\"\n", one.name, strings.ToUpper(own), strings.ReplaceAll(text, "@NAME@", "${NAME}"))
		}
	}
	return all.String(), nil
}
