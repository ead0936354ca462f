package profile

import (
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// key is the name of a table or a member in a profile, with its line.
type key struct {
	path []string
	line int
}

func (k key) name() string { return strings.Join(k.path, ".") }

// secretLike reports whether a name says that this is a secret.
func (k key) secretLike() bool {
	for _, name := range k.path {
		for _, word := range []string{"secret", "shared", "password", "private", "token"} {
			if strings.Contains(strings.ToLower(name), word) && name != "token_url" {
				return true
			}
		}
	}
	return false
}

// documented has the names of all tables and members.
var documented = func() map[string]bool {
	names := map[string]bool{}
	for _, name := range MemberNames() {
		table, _, _ := strings.Cut(name, ".")
		names[table], names[name] = true, true
	}
	return names
}()

// maxDepth limits the elements of a dotted name: more than any documented name has, and
// few enough for a file full of dots.
const maxDepth = 4

// keys returns all tables and members with their lines, up to the first syntax error,
// including those of dotted names, inline tables and arrays of tables.
func keys(text []byte) []key {
	var all []key
	p := unstable.Parser{}
	p.Reset(text)
	add := func(table []string, node *unstable.Node) []string {
		path := slices.Clone(table)
		for it := node.Key(); it.Next() && len(path) < maxDepth; {
			path = append(path, string(it.Node().Data))
			all = append(all, key{slices.Clone(path), p.Shape(it.Node().Raw).Start.Line})
		}
		return path
	}
	var inside func(path []string, value *unstable.Node)
	inside = func(path []string, value *unstable.Node) {
		for it := value.Children(); it.Next(); {
			if child := it.Node(); child.Kind == unstable.KeyValue {
				inside(add(path, child), child.Value())
			} else {
				inside(path, child)
			}
		}
	}
	var table []string
	for p.NextExpression() {
		switch node := p.Expression(); node.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = add(nil, node)
		case unstable.KeyValue:
			inside(add(table, node), node.Value())
		}
	}
	return all
}

// lineOf returns the line of a member, or that of its table if the member is missing, or
// 1.
func lineOf(found []key, name string) int {
	line, longest := 1, 0
	for _, k := range found {
		if k.name() == name {
			return k.line
		}
		if strings.HasPrefix(name, k.name()+".") && len(k.path) > longest {
			line, longest = k.line, len(k.path)
		}
	}
	return line
}
