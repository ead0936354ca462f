package main

import (
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"handback/app/apptest"
	"handback/app/brand"
)

const example = "assets/packaging/example"

// root changes to the repository's root, where brand is run.
func root(t *testing.T) {
	t.Helper()
	t.Chdir(filepath.Join("..", "..", ".."))
}

func TestTheExampleIsARightBrand(t *testing.T) {
	root(t)
	b, files, err := check(example)
	if err != nil || b.Own() || len(files) < 5 {
		t.Errorf("%+v, %v, %v", b, files, err)
	}
}

func TestAWrongFolderIsRefusedWithFileAndLineAndNothingIsWritten(t *testing.T) {
	root(t)
	right := string(must(os.ReadFile(filepath.Join(example, "brand.toml"))))
	profile := string(must(os.ReadFile(filepath.Join(example, "profile.toml"))))
	accept := "\n[embedded_key]\naccept = \"" + brand.Accepted + "\"\n" // line 16
	swap := func(text, from, to string) string {
		if !strings.Contains(text, from) {
			t.Fatalf("%q is not there", from)
		}
		return strings.Replace(text, from, to, 1)
	}
	for name, c := range map[string]struct{ file, content, says string }{
		"a key without the word":     {"shared-key.txt", "canary-key\n", "shared-key.txt: a shared key in a program can be extracted"},
		"the word without the key":   {"brand.toml", right + accept, "shared-key.txt: is missing"},
		"the word misspelled":        {"brand.toml", right + swap(accept, "can extract", "may extract"), "brand.toml, line 16: accept must be exactly"},
		"the word in another case":   {"brand.toml", right + swap(accept, "I accept", "i accept"), "brand.toml, line 16: accept must be exactly"},
		"a wrong color":              {"brand.toml", swap(right, "#7a1f5c", "purple"), "brand.toml, line 12: light must be a color"},
		"Handback's own names":       {"brand.toml", string(must(os.ReadFile("assets/brand/brand.toml"))), "brand.toml: has Handback's own names"},
		"a secret in the profile":    {"profile.toml", profile + "shared_key = 'canary-key'\n", "profile.toml, line 17:"},
		"a wrong profile":            {"profile.toml", swap(profile, "https://", "http://"), "profile.toml, line 13: server.endpoint"},
		"a file that lies about":     {"notes.txt", "canary-key", "notes.txt: does not belong"},
		"a file under texts":         {"texts/en/more.json", "{}", "texts/en/more.json: does not belong"},
		"a small icon":               {"icon.png", "no picture", "icon.png: must be a PNG"},
		"half an icon":               {"icon.png", string(must(os.ReadFile(filepath.Join(example, "icon.png")))[:9999]), "icon.png: must be a PNG"},
		"a huge icon":                {"icon.svg", "<svg>" + strings.Repeat(" ", most) + "</svg>", "icon.svg: is larger than 4 MB"},
		"a page for an icon":         {"icon.svg", "<html><svg/></html>", "icon.svg, line 1: is no SVG"},
		"an icon that does not end":  {"icon.svg", "<svg>\n<g>\n</svg>", "icon.svg, line 3:"},
		"an unknown text":            {"texts/en.json", "{\n\"ui.nonsense\": \"x\"}", "texts/en.json, line 2: there is no text ui.nonsense"},
		"a strange placeholder":      {"texts/en.json", "{\n\n\"about.based\": \"{{.x}}\"}", "texts/en.json, line 3: about.based has no {{.x}}"},
		"a program in a text":        {"texts/en.json", "{\n\"about.based\": \"{{ .tool }}\"}", "texts/en.json, line 2: about.based: a placeholder is written as"},
		"half a placeholder":         {"texts/en.json", "{\n\"about.based\": \"{{.tool}\"}", "texts/en.json, line 2: about.based: a placeholder is written as"},
		"an empty text":              {"texts/en.json", "{\n\"ui.release\": null}", "texts/en.json, line 2: ui.release is empty"},
		"a control character":        {"texts/en.json", "{\n\"ui.release\": \"\\u001b[2J\"}", "texts/en.json, line 2: ui.release has a control character"},
		"a text that would not fit":  {"texts/en.json", "{\n\"ui.release\": \"" + strings.Repeat("x", 200) + "\"}", "texts/en.json, line 2: ui.release has more than"},
		"a number for a text":        {"texts/en.json", "{\n\"ui.release\": 7}", "texts/en.json, line 2:"},
		"an unknown language":        {"texts/xx.json", "{}", "no language xx"},
		"broken texts":               {"texts/en.json", "{\n\n!", "texts/en.json, line 3"},
		"texts that begin in a mark": {"texts/en.json", "\ufeff{}", "texts/en.json, line 1"},
	} {
		folder := copied(t)
		path := filepath.Join(folder, c.file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		apptest.Write(t, path, c.content)
		refused(t, name, folder, c.says)
	}
}

func TestWhatIsNoFileOfTheFolderIsRefused(t *testing.T) {
	root(t)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	apptest.Write(t, elsewhere, must(os.ReadFile(filepath.Join(example, "icon.png"))))
	for _, name := range []string{"brand.toml", "icon.png", "texts/en.json"} {
		folder := copied(t)
		path := filepath.Join(folder, name)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(elsewhere, path); err != nil {
			t.Fatal(err)
		}
		refused(t, "a link", folder, name+": must be a file, and no link")
	}
	for _, name := range []string{"brand.toml", "icon.png", "icon.svg"} {
		folder := copied(t)
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
		refused(t, "a file less", folder, name+": is missing")
	}
}

func TestWhatTheDocumentShowsIsARightBrand(t *testing.T) {
	root(t)
	var shown string
	for _, block := range regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(string(must(os.ReadFile("docs/branding.md"))), -1) {
		shown += block[1]
	}
	if b, err := parse([]byte(shown)); err != nil || b.Key.Accept != brand.Accepted || b.Colors.Dark == "" {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestAFolderThatIsThereIsNotWrittenInto(t *testing.T) {
	root(t)
	target := t.TempDir()
	if err := prepare(example, target); err == nil || len(must(os.ReadDir(target))) != 0 {
		t.Errorf("%v, %v", err, must(os.ReadDir(target)))
	}
}

func TestATargetThatCannotBeFilledIsTakenAwayAgain(t *testing.T) {
	root(t)
	folder, target := copied(t), filepath.Join(t.TempDir(), "target")
	t.Chdir(t.TempDir()) // a folder without templates
	if err := prepare(folder, target); err == nil {
		t.Error("what was it made of?")
	}
	if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// assets/packaging/brand/check tests the result with the packaging tools themselves.
func TestNoNameOfOursIsLeftInAVendorsPackagesButInFormsAndOfItsAuthors(t *testing.T) {
	root(t)
	folder, target := filepath.Join(t.TempDir(), "handback's, a [brand] {x}"), filepath.Join(t.TempDir(), "brand")
	if err := os.CopyFS(folder, os.DirFS(copied(t))); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("Acme Release", "Žluťoučký & Kůň", "acme-release", "acme-handback", "Acme Inc.", "A & B, Inc.").
		Replace(string(must(os.ReadFile(filepath.Join(folder, "brand.toml")))))
	apptest.Write(t, filepath.Join(folder, "brand.toml"), text)
	if err := prepare(folder, target); err != nil {
		t.Fatal(err)
	}
	for _, entry := range must(os.ReadDir(filepath.Join(target, "linux"))) {
		text := string(must(os.ReadFile(filepath.Join(target, "linux", entry.Name()))))
		if strings.HasSuffix(entry.Name(), ".xml") {
			var any struct{}
			if err := xml.Unmarshal([]byte(text), &any); err != nil {
				t.Errorf("%s: %v", entry.Name(), err)
			}
		}
		text += entry.Name()
		for _, form := range []string{"acme-handback", "vnd.handback.", "*.handback", "The Handback authors", "Upstream-Name: Handback"} {
			text = strings.ReplaceAll(text, form, "")
		}
		if strings.Contains(text, "andback") {
			t.Errorf("%s: %s", entry.Name(), text)
		}
	}
	metainfo := string(must(os.ReadFile(filepath.Join(target, "linux", "example.acme.Release.metainfo.xml"))))
	if !strings.Contains(metainfo, "<name>Žluťoučký &amp; Kůň</name>") || !strings.Contains(metainfo, "<developer_name>A &amp; B, Inc.</developer_name>") {
		t.Error(metainfo)
	}
	if settings := string(must(os.ReadFile(filepath.Join(target, "brand.mk")))); !strings.Contains(settings, "\nVENDOR := A & B, Inc.\nMAINTAINER := A & B Inc. <support@acme.example>\n") || strings.Contains(settings, "NOTE") {
		t.Error(settings)
	}
}

// refused prepares a folder. It must fail with an error that contains says, and leave no
// target.
func refused(t *testing.T, name, folder, says string) {
	t.Helper()
	target := filepath.Join(t.TempDir(), "target")
	err := prepare(folder, target)
	if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "canary-key") {
		t.Errorf("%s: %v, want %s", name, err, says)
	}
	if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s: the target is there: %v", name, err)
	}
}

func copied(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
