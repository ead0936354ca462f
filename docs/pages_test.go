// Package docs has the pages for people, and tests that compare them with the code.
package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"handback/app/words"
)

const root = ".."

// read returns a file of the project.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// walk calls do with the path of each file of the project below a folder, without what is
// built.
func walk(t *testing.T, folder string, do func(path string, entry fs.DirEntry)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != "." && (strings.HasPrefix(name, ".") || slices.Contains([]string{"bin", "build", "dist", "testdata"}, path) || name == "testdata") {
			return fs.SkipDir
		}
		do(path, entry)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func exists(path string) bool {
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(path)))
	return err == nil
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	code    = regexp.MustCompile("(?s)```.*?```")
	quoted  = regexp.MustCompile("`([^`\n]+)`")
)

// anchors returns the names by which the headings of a page are linked to.
func anchors(page string) (names []string) {
	for _, match := range heading.FindAllStringSubmatch(code.ReplaceAllString(page, ""), -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(match[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

func TestEachLinkOfThePagesLeadsSomewhere(t *testing.T) {
	walk(t, ".", func(page string, entry fs.DirEntry) {
		if filepath.Ext(page) != ".md" {
			return
		}
		for _, match := range link.FindAllStringSubmatch(read(t, page), -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, ":") {
				continue
			}
			to := page
			if target != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(page), target))
			}
			if !exists(to) {
				t.Errorf("%s links to %s, which is not there", page, match[1])
			} else if anchor != "" && !slices.Contains(anchors(read(t, to)), anchor) {
				t.Errorf("%s links to %s, which has no such heading", page, match[1])
			}
		}
	})
}

func TestTheReadmeIsShort(t *testing.T) {
	if lines := strings.Count(read(t, "README.md"), "\n"); lines > 150 {
		t.Errorf("the README has %d lines, at most 150", lines)
	}
}

func TestEachRoomHasItsLineInTheReadme(t *testing.T) {
	_, table, _ := strings.Cut(read(t, "README.md"), "\n## The rooms\n")
	table, _, _ = strings.Cut(table, "\n## ")
	var rooms []string
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) < 3 {
			continue
		}
		for _, match := range quoted.FindAllStringSubmatch(cells[1], -1) {
			rooms = append(rooms, match[1])
			if !exists(match[1]) {
				t.Errorf("the README has a line for %s, which is not there", match[1])
			}
		}
	}
	walk(t, ".", func(path string, entry fs.DirEntry) {
		if !entry.IsDir() || path == "." || strings.Contains(path, "/") && !strings.HasPrefix(path, "app/") {
			return
		}
		if !slices.ContainsFunc(rooms, func(room string) bool { return room == path || strings.HasPrefix(room, path+"/") }) {
			t.Errorf("the README's table of rooms has no line for %s", path)
		}
	})
}

func TestEachDependencyHasItsReason(t *testing.T) {
	direct, _, _ := strings.Cut(read(t, "go.mod"), "\n)\n")
	page := read(t, "docs/architecture.md")
	for _, match := range regexp.MustCompile(`(?m)^\t(\S+) v`).FindAllStringSubmatch(direct, -1) {
		if !regexp.MustCompile(`(?m)^\|[^|]*` + regexp.QuoteMeta(match[1]) + `[ ,]`).MatchString(page) {
			t.Errorf("docs/architecture.md does not say why %s is used", match[1])
		}
	}
}

// declared are the names that the project's packages declare, as package.Name and
// package.Type.Method, and without their package.
func declared(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	walk(t, ".", func(path string, entry fs.DirEntry) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		add := func(name string) { names[name], names[file.Name.Name+"."+name] = true, true }
		for _, declaration := range file.Decls {
			switch d := declaration.(type) {
			case *ast.FuncDecl:
				add(d.Name.Name)
				if d.Recv != nil {
					of := d.Recv.List[0].Type
					if pointer, ok := of.(*ast.StarExpr); ok {
						of = pointer.X
					}
					if name, ok := of.(*ast.Ident); ok {
						add(name.Name + "." + d.Name.Name)
					}
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						add(s.Name.Name)
					case *ast.ValueSpec:
						for _, name := range s.Names {
							add(name.Name)
						}
					}
				}
			}
		}
	})
	return names
}

// The walks name functions, types and files of the code, and keys of the catalogue.
func TestTheWalksNameWhatIsThere(t *testing.T) {
	page := code.ReplaceAllString(read(t, "docs/architecture.md"), "")
	_, walks, _ := strings.Cut(page, "\n## A key typed")
	walks, _, _ = strings.Cut(walks, "\n## What is promised")
	names := declared(t)
	name, found := regexp.MustCompile(`^[A-Za-z]\w*(\.[A-Za-z]\w*)*$`), 0
	for _, match := range quoted.FindAllStringSubmatch(walks, -1) {
		text := match[1]
		switch {
		case strings.Contains(text, "/") && !exists(text):
			t.Errorf("%s is not there", text)
		case name.MatchString(text) && !names[text] && !words.English().Has(text) && !exists("app/"+text) && !strings.HasPrefix(text, "errors."):
			t.Errorf("nothing is called %s", text)
		}
		found++
	}
	if found < 40 {
		t.Errorf("the walks name %d things", found)
	}
}
