package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handback/app/brand"
)

const example = "../example"

func TestTheExampleIsARightBrand(t *testing.T) {
	b, files, err := check(example)
	if err != nil || b.Own() || len(files) < 5 {
		t.Errorf("%+v, %v, %v", b, files, err)
	}
}

func TestAWrongFolderIsRefusedAndSaysWhere(t *testing.T) {
	accept := "\n[embedded_key]\naccept = \"" + brand.Accepted + "\"\n"
	for name, c := range map[string]struct{ file, content, says string }{
		"a key without the word":   {"shared-key.txt", "canary-key\n", "shared-key.txt: a shared key in a program can be extracted"},
		"a secret in the profile":  {"profile.toml", "name = 'x'\nshared_key = 'canary-key'\n", "2"},
		"a wrong profile":          {"profile.toml", "name = 'Acme'\nproduct.code = ''\n", "profile.toml"},
		"a file that lies about":   {"notes.txt", "canary-key", "notes.txt: does not belong"},
		"a small icon":             {"icon.png", "no picture", "icon.png: must be a PNG"},
		"an unknown text":          {"texts/en.json", "{\n\"ui.nonsense\": \"x\"}", "texts/en.json, line 2"},
		"a strange placeholder":    {"texts/en.json", "{\n\n\"about.based\": \"{{.x}}\"}", "texts/en.json, line 3"},
		"an unknown language":      {"texts/xx.json", "{}", "no language xx"},
		"broken texts":             {"texts/en.json", "{\n\n!", "texts/en.json, line 3"},
		"the word without the key": {"brand.toml", read(t, filepath.Join(example, "brand.toml")) + accept, "shared-key.txt: is missing"},
	} {
		folder := t.TempDir()
		if err := os.CopyFS(folder, os.DirFS(example)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, c.file), []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := check(folder)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "canary-key") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
