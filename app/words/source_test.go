package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// call is a use of a text with the placeholders that are given to it.
type call struct {
	key    string
	names  []string
	advice bool // the advice is filled from the same placeholders
	at     string
}

// source is how the program's own files use the catalogue.
type source struct {
	texts     map[string]string
	literals  map[string]string // key-like literals and their places
	prefixes  map[string]string // literals that a key's ending is added to
	faults    map[string]string // keys passed to fault.New
	calls     []call
	sentinels map[string]string // Err... declared without placeholders, and the key
	bare      map[string]string // where a sentinel is used as it is
	members   map[string]bool   // string literals of app/request
	musts     []string          // second column of the profile's rules
	flags     []string
	keyLike   *regexp.Regexp
}

// scan reads the syntax tree of every file of the program, once for all tests.
func scan(t *testing.T) *source {
	t.Helper()
	scanOnce.Do(func() { scanned = scanAll(t) })
	if scanned == nil {
		t.Skip("the program's files could not be read: another test says why")
	}
	return scanned
}

var (
	scanOnce sync.Once
	scanned  *source
)

func scanAll(t *testing.T) *source {
	t.Helper()
	s := &source{texts: catalogue(t), literals: map[string]string{}, prefixes: map[string]string{}, faults: map[string]string{},
		sentinels: map[string]string{}, bare: map[string]string{}, members: map[string]bool{}}
	spaces := map[string]bool{}
	for key := range s.texts {
		space, _, _ := strings.Cut(key, ".")
		spaces[space] = true
	}
	s.keyLike = regexp.MustCompile(`^(` + strings.Join(slices.Sorted(maps.Keys(spaces)), "|") + `)\.[a-z0-9_.-]*$`)
	type parsed struct {
		path string
		set  *token.FileSet
		file *ast.File
	}
	var files []parsed
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && (name == "testdata" || name == "build" || name == "tools" || strings.HasPrefix(name, ".") && len(name) > 2) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".html" && filepath.Base(filepath.Dir(path)) == "pages" {
			text, err := os.ReadFile(path)
			s.readPage(filepath.ToSlash(path), string(text))
			return err
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		files = append(files, parsed{filepath.ToSlash(path), set, file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		s.declare(f.file)
	}
	for _, f := range files {
		s.read(f.path, f.set, f.file)
	}
	if len(files) < 40 || len(s.literals) < 200 {
		t.Fatalf("only %d files and %d keys were found", len(files), len(s.literals))
	}
	return s
}

// What templates of pages say: {{t "key" "name" value …}} and {{key "prefix." value}}.
var (
	pageText   = regexp.MustCompile(`\bt "([a-z0-9_.]+)"([^)}]*)`)
	pagePrefix = regexp.MustCompile(`\bkey "([a-z0-9_.]+\.)"`)
	pageName   = regexp.MustCompile(`"(\w+)"`)
)

func (s *source) readPage(path, text string) {
	for _, match := range pageText.FindAllStringSubmatch(text, -1) {
		s.literals[match[1]] = path
		var names []string
		for _, name := range pageName.FindAllStringSubmatch(match[2], -1) {
			names = append(names, name[1])
		}
		s.calls = append(s.calls, call{match[1], names, false, path})
	}
	for _, match := range pagePrefix.FindAllStringSubmatch(text, -1) {
		s.prefixes[match[1]] = path
	}
}

// declare notes the sentinels: Err... = fault.New(kind, key).
func (s *source) declare(file *ast.File) {
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			for i, value := range v.Values {
				c, ok := value.(*ast.CallExpr)
				if ok && name(c.Fun) == "fault.New" && len(c.Args) == 2 && strings.HasPrefix(v.Names[i].Name, "Err") {
					s.sentinels[v.Names[i].Name] = literal(c.Args[1])
				}
			}
		}
	}
}

func (s *source) read(path string, set *token.FileSet, file *ast.File) {
	at := func(n ast.Node) string { return set.Position(n.Pos()).String() }
	var stack []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.ImportSpec:
			stack = stack[:len(stack)-1]
			return false
		case *ast.BasicLit:
			s.literal(path, n, stack, at(n))
		case *ast.CompositeLit:
			if strings.HasSuffix(path, "profile/profile.go") && len(n.Elts) == 3 && literal(n.Elts[0]) != "" && literal(n.Elts[2]) == "" {
				s.musts = append(s.musts, literal(n.Elts[1]))
			}
		case *ast.CallExpr:
			s.call(n, stack, at(n))
		case *ast.Ident:
			if _, known := s.sentinels[n.Name]; known && s.isBare(n, stack) {
				s.bare[n.Name] = at(n)
			}
		}
		return true
	})
}

func (s *source) literal(path string, n *ast.BasicLit, stack []ast.Node, at string) {
	text := literal(n)
	if strings.Contains(path, "app/request/") {
		s.members[text] = true
	}
	if !s.keyLike.MatchString(text) || strings.HasSuffix(text, ".toml") { // which is a file
		return
	}
	if strings.HasSuffix(text, ".") {
		s.prefixes[text] = at
		return
	}
	// The first column of the profile's rules are members of a profile.
	if row, ok := stack[len(stack)-2].(*ast.CompositeLit); ok && strings.HasSuffix(path, "profile/profile.go") && row.Elts[0] == ast.Expr(n) {
		return
	}
	s.literals[text] = at
}

// keyed are the functions with a key as argument: its index, and the placeholders that
// they fill themselves.
var keyed = map[string]struct {
	key, pairs int
	advice     bool
	own        []string
}{
	"fault.New": {1, 2, true, nil},
	"words.Say": {0, 1, false, nil},
	"add":       {1, 2, false, nil}, // machine.Check
	"bad":       {0, 2, true, []string{"path", "line"}},
	"Text":      {0, 1, false, nil},
	"t":         {0, 1, false, nil},
	"say":       {1, 2, false, nil},
}

func (s *source) call(c *ast.CallExpr, stack []ast.Node, at string) {
	full := name(c.Fun)
	short := full[strings.LastIndex(full, ".")+1:]
	if (full == "c.text" || full == "c.yes" || short == "Flag" || short == "Switch") && len(c.Args) > 2 && literal(c.Args[2]) != "" {
		s.flags = append(s.flags, literal(c.Args[2]))
	}
	if fun, ok := c.Fun.(*ast.SelectorExpr); ok && fun.Sel.Name == "With" {
		if key := s.keyOf(fun.X); key != "" {
			s.faults[key] = at
			s.calls = append(s.calls, call{key, namesOf(c.Args), true, at})
		}
		return
	}
	k, ok := keyed[full]
	if !ok && strings.Contains(full, ".") && (short == "Text" || short == "t" || short == "say") {
		k, ok = keyed[short], true
	}
	if !ok || len(c.Args) <= k.key {
		return
	}
	key := s.keyOf(c.Args[k.key])
	if _, isText := s.texts[key]; !isText {
		return // another function of this name, or a key that the literals tell
	}
	if full == "fault.New" || full == "bad" {
		s.faults[key] = at
	}
	if c.Ellipsis.IsValid() || full == "fault.New" && s.declares(stack) {
		return
	}
	given := append(slices.Clone(k.own), namesOf(c.Args[min(k.pairs, len(c.Args)):])...)
	s.calls = append(s.calls, call{key, given, k.advice, at})
}

// namesOf returns the names among names and values.
func namesOf(pairs []ast.Expr) (names []string) {
	for i := 0; i < len(pairs); i += 2 {
		names = append(names, literal(pairs[i]))
	}
	return names
}

// keyOf returns a literal key, or that of a sentinel: ErrX or ErrX.Key.
func (s *source) keyOf(e ast.Expr) string {
	if text := literal(e); text != "" {
		return text
	}
	full := strings.TrimSuffix(name(e), ".Key")
	return s.sentinels[full[strings.LastIndex(full, ".")+1:]]
}

// declares reports whether a call is the value of a package variable.
func (s *source) declares(stack []ast.Node) bool {
	_, spec := stack[len(stack)-2].(*ast.ValueSpec)
	return spec && len(stack) == 4
}

// isBare reports whether a sentinel is used directly: not declared, not compared, without
// .Key, and not filled by With.
func (s *source) isBare(n *ast.Ident, stack []ast.Node) bool {
	parent := stack[len(stack)-2]
	outer := parent
	if sel, ok := parent.(*ast.SelectorExpr); ok {
		if sel.X == ast.Expr(n) {
			return false // ErrX.Key
		}
		outer = stack[len(stack)-3] // package.ErrX
		if _, again := outer.(*ast.SelectorExpr); again {
			return false // package.ErrX.Key
		}
	}
	if _, declared := outer.(*ast.ValueSpec); declared {
		return false
	}
	if c, ok := outer.(*ast.CallExpr); ok && name(c.Fun) == "errors.Is" {
		return false
	}
	return true
}

// name returns a function's name as it is called: "fault.New", "c.words.Text".
func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return name(e.X) + "." + e.Sel.Name
	case *ast.CallExpr:
		return name(e.Fun) + "()"
	}
	return "?"
}

func literal(e ast.Expr) string {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(l.Value)
	return text
}
