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
	imported, broken := List(folder)
	same := slices.DeleteFunc(slices.Clone(imported), func(p Profile) bool { return named != "" && !strings.EqualFold(p.Name, named) })
	switch {
	case len(same) == 1 && (named != "" || broken == nil):
		return same[0], nil
	case broken != nil:
		return Profile{}, broken
	case len(same) > 1 && named != "":
		return Profile{}, fault.New(fault.Usage, "profile.twins", "name", named)
	case len(same) > 1:
		return Profile{}, fault.New(fault.Usage, "profile.several", "names", names(imported))
	case named != "":
		return Profile{}, fault.New(fault.Usage, "profile.not_found", "name", named, "names", names(imported))
	}
	return Practice(), nil
}

// List reads the imported profiles and the one that the brand has built in, unless an
// imported one has its name, in the order of their names. Those that cannot be read
// are left out; the error is the first of theirs.
func List(folder string) ([]Profile, error) {
	profiles, err := list(folder)
	own, wrong := builtIn()
	if own.Name != "" && !slices.ContainsFunc(profiles, func(p Profile) bool { return strings.EqualFold(p.Name, own.Name) }) {
		profiles = append(profiles, own)
	}
	slices.SortFunc(profiles, func(a, b Profile) int { return cmp.Compare(a.Name, b.Name) })
	return profiles, cmp.Or(err, wrong)
}

// ofBrand is the text of the brand's profile; tests have one of their own.
var ofBrand = brand.Profile

// builtIn is the profile of the brand; its zero value where there is none.
func builtIn() (Profile, error) {
	text := ofBrand()
	if text == nil {
		return Profile{}, nil
	}
	p, err := Parse(text, "(built in)")
	p.BuiltIn = true
	return p, err
}

// list reads the imported profiles.
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
