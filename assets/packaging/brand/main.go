// Command brand prepares a build under a vendor's name. It checks the vendor's folder,
// lists the files that replace Handback's own (for go build -overlay), and writes what
// the Linux packages need under that name.
//
//	go run ./assets/packaging/brand FOLDER TARGET
//
// docs/branding.md describes the folder.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"handback/app/brand"
	"handback/app/durable"
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

// prepare checks the vendor's folder and fills target, which must not exist. If anything
// is wrong, there is no target afterwards.
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
	if b.Revision > 0 {
		settings += fmt.Sprintf("REVISION := .%d\n", b.Revision)
	}
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

// linux writes the templates of the Linux packages under the brand's name, with copies of
// the icons: the path of the vendor's folder may have characters that a template cannot
// have.
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
		content := string(text)
		if entry.Name() != "copyright" { // the authors stay the same
			content = names(within, place).Replace(content)
		}
		if err := write(filepath.Join(place, names(b, place).Replace(entry.Name())), []byte(content)); err != nil {
			return err
		}
	}
	return nil
}

// maintainer returns the vendor's name for the maintainer field of Debian packages, in
// which a comma would end the name.
func maintainer(b brand.Brand) string { return strings.ReplaceAll(b.Vendor, ",", "") }

// names returns a replacer of Handback's names in a template by the brand's. The names of
// the file formats stay.
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
