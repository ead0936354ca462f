package profile

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"handback/app/durable"
	"handback/app/fault"
)

const maxBytes = 64 << 10

// ErrSecretLike: the profile has a member named like a secret. Profiles are
// published; what stands in one is no secret any more.
var ErrSecretLike = fault.New(fault.Input, "profile.secret_like")

// Parse reads a profile strictly: unknown members, members named like a
// secret and wrong values are faults that name their line. Path is shown in
// them.
func Parse(text []byte, path string) (Profile, error) {
	var p Profile
	bad := func(key string, line int, pairs ...any) error {
		return fault.New(fault.Input, key, append(pairs, "path", path, "line", line)...)
	}
	if !utf8.Valid(text) {
		return p, bad("profile.utf8", 1)
	}
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&p)
	var unknown *toml.StrictMissingError
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		slices.SortStableFunc(unknown.Errors, func(a, b toml.DecodeError) int { // a secret is worse than a mistake
			return cmp.Compare(secretLike(b.Key()), secretLike(a.Key()))
		})
		first := unknown.Errors[0]
		line, _ := first.Position()
		member := strings.Join(first.Key(), ".")
		if secretLike(first.Key()) == 1 {
			return p, bad(ErrSecretLike.Key, line, "member", member)
		}
		return p, bad("profile.unknown_member", line, "member", member)
	case errors.As(err, &syntax):
		line, _ := syntax.Position()
		return p, bad("profile.syntax", line, "problem", strings.TrimPrefix(syntax.Error(), "toml: "))
	case err != nil:
		return p, fault.New(fault.Input, "profile.unreadable", "path", path).Because(err)
	}
	if w := p.complete(); w != nil {
		return p, bad("profile.wrong", lineOf(text, w.path), "member", strings.Join(w.path, "."), "must", w.must)
	}
	return p, nil
}

// secretLike is 1 for a member whose name says that it holds a secret.
func secretLike(path []string) int {
	for _, name := range path {
		for _, word := range []string{"secret", "shared", "password", "private", "token"} {
			if strings.Contains(strings.ToLower(name), word) && name != "token_url" {
				return 1
			}
		}
	}
	return 0
}

// lineOf finds the line of a member, of its table where it is missing, or 1.
func lineOf(text []byte, path []string) int {
	found := 1
	var table []string
	p := unstable.Parser{}
	p.Reset(text)
	for p.NextExpression() {
		e := p.Expression()
		var key []string
		line := 0
		for it := e.Key(); it.Next(); {
			key = append(key, string(it.Node().Data))
			line = p.Shape(it.Node().Raw).Start.Line
		}
		if e.Kind == unstable.Table {
			table = key
			key = nil
		}
		if full := append(slices.Clone(table), key...); len(full) <= len(path) && slices.Equal(full, path[:len(full)]) {
			found = line
		}
	}
	return found
}

// Load reads a profile from a file.
func Load(path string) (Profile, error) {
	text, err := durable.Read(path, maxBytes)
	if err != nil {
		return Profile{}, err
	}
	return Parse(text, path)
}

// Choose finds the profile to use: the file or the imported profile that was
// named; without a name the only imported one, and without any the practice
// profile. Folder is where imported profiles lie; it need not exist.
func Choose(folder, named string) (Profile, error) {
	if strings.EqualFold(named, practiceName) {
		return Practice(), nil
	}
	if named != "" && (filepath.Base(named) != named || strings.EqualFold(filepath.Ext(named), ".toml")) {
		return Load(named)
	}
	imported, err := List(folder)
	if err != nil {
		return Profile{}, err
	}
	if named == "" {
		switch len(imported) {
		case 0:
			return Practice(), nil
		case 1:
			return imported[0], nil
		}
		return Profile{}, fault.New(fault.Usage, "profile.several", "names", names(imported))
	}
	for _, p := range imported {
		if strings.EqualFold(p.Name, named) {
			return p, nil
		}
	}
	return Profile{}, fault.New(fault.Usage, "profile.not_found", "name", named, "names", names(imported))
}

// List reads the imported profiles, in the order of their names.
func List(folder string) ([]Profile, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Input, "profile.unreadable", "path", folder).Because(err)
	}
	var profiles []Profile
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".toml" {
			continue
		}
		p, err := Load(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, p)
	}
	slices.SortFunc(profiles, func(a, b Profile) int { return cmp.Compare(a.Name, b.Name) })
	return profiles, nil
}

func names(profiles []Profile) string {
	all := []string{practiceName}
	for _, p := range profiles {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}
