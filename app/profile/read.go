package profile

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"handback/app/brand"
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
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // of an editor on Windows
	found := keys(text)
	for _, k := range found { // a secret is worse than any other mistake
		if k.secretLike() {
			return p, bad(ErrSecretLike.Key, k.line, "member", k.name())
		}
	}
	for _, k := range found { // the decoder below would not mind the case
		if documented[k.name()] {
			continue
		}
		for name := range documented {
			if strings.EqualFold(name, k.name()) {
				return p, bad("profile.same_name", k.line, "member", k.name(), "documented", name)
			}
		}
		return p, bad("profile.unknown_member", k.line, "member", k.name())
	}
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&p)
	var syntax *toml.DecodeError
	if errors.As(err, &syntax) {
		line, _ := syntax.Position()
		return p, bad("profile.syntax", line, "problem", strings.TrimPrefix(syntax.Error(), "toml: "))
	}
	if err != nil {
		return p, fault.New(fault.Input, "profile.unreadable", "path", path).Because(err)
	}
	if w := p.complete(); w != nil {
		return p, bad("profile.wrong", lineOf(found, w.path), "member", w.path, "must", w.must)
	}
	return p, nil
}

// Load reads a profile from a file.
func Load(path string) (Profile, error) {
	text, err := durable.Read(path, maxBytes)
	if err != nil {
		return Profile{}, err
	}
	p, err := Parse(text, path)
	p.Path = path
	return p, err
}

// Is tells whether a file is meant to be a profile, right or not: a small text with
// the table that each profile has.
func Is(path string) bool {
	text, err := durable.Read(path, maxBytes)
	return err == nil && productTable.Match(text)
}

var productTable = regexp.MustCompile(`(?m)^[ \t]*(\[[ \t]*product[ \t]*\]|product[ \t]*\.)`)

// Folders are where profiles lie, as files that end in .toml. They need not exist.
type Folders struct {
	Own     string // the person's, into which profiles are imported
	Machine string // everybody's on this computer, filled by an administrator; empty: none
}

// Choose finds the profile to use: the file, or the profile of the folders that was
// named; without a name the only one there, and without any the practice profile.
func Choose(folders Folders, named string) (Profile, error) {
	if strings.EqualFold(named, practiceName) {
		return Practice(), nil
	}
	if named != "" && (filepath.Base(named) != named || strings.EqualFold(filepath.Ext(named), ".toml")) {
		return Load(named)
	}
	all, broken := List(folders)
	same := slices.DeleteFunc(slices.Clone(all), func(p Profile) bool { return named != "" && !p.named(named) })
	switch {
	case len(same) == 1 && (named != "" || broken == nil):
		return same[0], nil
	case broken != nil:
		return Profile{}, broken
	case len(same) > 1 && named != "":
		return Profile{}, fault.New(fault.Usage, "profile.twins", "name", named)
	case len(same) > 1:
		return Profile{}, fault.New(fault.Usage, "profile.several", "names", names(all))
	case named != "":
		return Profile{}, fault.New(fault.Usage, "profile.not_found", "name", named, "names", names(all))
	}
	return Practice(), nil
}

// List reads the profiles that were imported, the machine's, and the one that the brand
// has built in, in the order of their names; of one name the first of these. Those that
// cannot be read are left out; the error is the first of theirs.
func List(folders Folders) ([]Profile, error) {
	all, broken := list(folders.Own)
	add := func(behind []Profile, err error) {
		behind = slices.DeleteFunc(behind, func(p Profile) bool { return slices.ContainsFunc(all, func(q Profile) bool { return q.named(p.Name) }) })
		all, broken = append(all, behind...), cmp.Or(broken, err)
	}
	if folders.Machine != "" {
		add(machines(folders.Machine))
	}
	add(builtIn())
	slices.SortFunc(all, func(a, b Profile) int { return cmp.Compare(a.Name, b.Name) })
	return all, broken
}

// ofBrand is the text of the brand's profile; tests have one of their own.
var ofBrand = brand.Profile

// builtIn is the profile of the brand; none where it has none.
func builtIn() ([]Profile, error) {
	text := ofBrand()
	if text == nil {
		return nil, nil
	}
	p, err := Parse(text, "(built in)")
	if err != nil {
		return nil, err
	}
	p.BuiltIn = true
	return []Profile{p}, nil
}

// machines reads the machine's profiles.
func machines(folder string) ([]Profile, error) {
	profiles, err := list(folder)
	for i := range profiles {
		profiles[i].Machine = true
	}
	return profiles, err
}

// list reads the profiles of a folder.
func list(folder string) ([]Profile, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Input, "profile.unreadable", "path", folder).Because(err)
	}
	var profiles []Profile
	var broken error
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".toml" {
			continue
		}
		p, err := Load(filepath.Join(folder, entry.Name()))
		if err != nil {
			broken = cmp.Or(broken, err)
			continue
		}
		profiles = append(profiles, p)
	}
	return profiles, broken
}

func names(profiles []Profile) string {
	all := []string{practiceName}
	for _, p := range profiles {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}
