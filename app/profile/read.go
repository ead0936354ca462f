package profile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"handback/app/brand"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/pattern"
	"handback/app/words"
)

const maxBytes = 64 << 10

// ErrSecretLike means that the profile has a member named like a secret. Profiles are
// published, so a secret in one is no longer secret.
var ErrSecretLike = fault.New(fault.Input, "profile.secret_like")

// Parse reads a profile strictly. Unknown members, members named like a secret, and wrong
// values are faults with the line. Path is shown in these.
func Parse(text []byte, path string) (Profile, error) {
	var p Profile
	bad := func(key string, line int, pairs ...any) error {
		return fault.New(fault.Input, key, append(pairs, "path", path, "line", line)...)
	}
	if !utf8.Valid(text) {
		return p, bad("profile.utf8", 1)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // some editors on Windows write it
	found := keys(text)
	for _, k := range found { // first, because a secret is worse than any other mistake
		if k.secretLike() {
			return p, bad(ErrSecretLike.Key, k.line, "member", k.name())
		}
	}
	for _, k := range found { // the decoder below ignores case
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
		if r, straight := strange(text, line); straight != "" {
			return p, bad("profile.strange", line, "character", string(r), "code", fmt.Sprintf("%U", r), "straight", straight)
		}
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

// Read reads the profile in a file; see [Parse]. It also returns the file's text, so that
// [Import] can store exactly what was shown.
func Read(path string) (Profile, []byte, error) {
	text, err := durable.Read(path, maxBytes)
	if err != nil {
		return Profile{}, nil, err
	}
	p, err := Parse(text, path)
	p.Path = path
	return p, text, err
}

// Is reports whether a file is meant to be a profile, correct or not: a small text with
// the table that all profiles have.
func Is(path string) bool {
	text, err := durable.Read(path, maxBytes)
	return err == nil && productTable().Match(text)
}

var productTable = pattern.Lazy(`(?m)^[ \t]*(\[[ \t]*product[ \t]*\]|product[ \t]*\.)`)

// Folders are the folders of profiles, which are files that end in .toml. The folders may
// be missing.
type Folders struct {
	Own     string // the person's, to which [Import] writes
	Machine string // for all users, filled by an administrator; empty if there is none
}

// Choose returns the profile to use. If named is a path or ends in .toml, it reads that file; if it is a
// name, it looks it up in the folders. Without a name it returns the only profile there
// is, or the practice profile if there is none.
func Choose(folders Folders, named string) (Profile, error) {
	if words.Alike(named, practiceName) {
		return Practice(), nil
	}
	if named != "" && (filepath.Base(named) != named || isTOML(named)) {
		p, _, err := Read(named)
		return p, err
	}
	if named != "" {
		return Named(folders, named)
	}
	all, broken := List(folders)
	switch {
	case broken != nil:
		return Profile{}, broken
	case len(all) == 0:
		return Practice(), nil
	case len(all) == 1:
		return all[0], nil
	}
	return Profile{}, fault.New(fault.Usage, "profile.several", "names", names(all))
}

// Named returns the profile of a name, which must not be a path. If a folder that takes
// precedence over the profile's has an unreadable profile, Named fails: that may be the
// one to use instead.
func Named(folders Folders, name string) (Profile, error) {
	var all []Profile
	for _, l := range levels(folders) {
		if i := slices.IndexFunc(l.profiles, func(p Profile) bool { return p.named(name) }); i >= 0 {
			return l.profiles[i], nil
		}
		if l.broken != nil {
			return Profile{}, l.broken
		}
		all = append(all, l.profiles...)
	}
	return Profile{}, fault.New(fault.Usage, "profile.not_found", "name", name, "names", names(all))
}

// List returns the imported profiles, the machine's, and the built-in one, sorted by
// name. Of those with the same name, it returns the first in this order. It leaves out
// unusable profiles and returns the error of the first of them.
func List(folders Folders) ([]Profile, error) {
	var all []Profile
	var broken error
	for _, l := range levels(folders) {
		nearer := all
		for _, p := range l.profiles {
			if !slices.ContainsFunc(nearer, func(q Profile) bool { return q.named(p.Name) }) {
				all = append(all, p)
			}
		}
		broken = cmp.Or(broken, l.broken)
	}
	slices.SortStableFunc(all, func(a, b Profile) int { return cmp.Compare(a.Name, b.Name) })
	return all, broken
}

// level is one source of profiles, with the first error in reading it.
type level struct {
	profiles []Profile
	broken   error
}

// levels returns all sources, in the order of precedence.
func levels(folders Folders) []level {
	all := []level{inFolder(folders.Own, durable.CheckShared)}
	if folders.Machine != "" {
		all = append(all, ofMachine(folders.Machine))
	}
	return append(all, builtIn())
}

// ofBrand returns the text of the brand's profile; tests replace it.
var ofBrand = brand.Profile

// builtIn returns the brand's profile, if there is one.
func builtIn() level {
	text := ofBrand()
	if text == nil {
		return level{}
	}
	p, err := Parse(text, "(built in)")
	if err != nil {
		return level{broken: err}
	}
	p.BuiltIn = true
	return level{profiles: []Profile{p}}
}

// ofMachine reads the machine's profiles. An administrator has to correct what is wrong
// with them.
func ofMachine(folder string) level {
	l := inFolder(folder, durable.CheckPrivate)
	for i := range l.profiles {
		l.profiles[i].Machine = true
	}
	if f, ok := errors.AsType[*fault.Fault](l.broken); ok {
		l.broken = fault.New(f.Kind, "profile.machine_wrong", "why", words.Say(f.Key, f.Pairs...)).Because(f.Cause)
	}
	return l
}

// inFolder reads the profiles of a folder that trust accepts. If two have the same name,
// it returns neither.
func inFolder(folder string, trust func(path string) error) level {
	l := files(folder, trust)
	all := slices.Clone(l.profiles)
	l.profiles = slices.DeleteFunc(l.profiles, func(p Profile) bool {
		i := slices.IndexFunc(all, func(q Profile) bool { return q.named(p.Name) && q.Path != p.Path })
		if i >= 0 {
			l.broken = cmp.Or[error](l.broken, fault.New(fault.Usage, "profile.twins", "name", p.Name, "path", p.Path, "other", all[i].Path))
		}
		return i >= 0
	})
	return l
}

// files reads the profiles of a folder, without files that editors leave there and those
// that trust refuses.
func files(folder string, trust func(path string) error) (l level) {
	if err := trust(folder); err != nil {
		return level{broken: err}
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.broken = fault.New(fault.Input, "profile.unreadable", "path", folder).Because(err)
	}
	for _, entry := range entries {
		if !isTOML(entry.Name()) || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		p, _, err := Read(path)
		if err = cmp.Or(trust(path), err); err != nil {
			l.broken = cmp.Or(l.broken, err)
			continue
		}
		l.profiles = append(l.profiles, p)
	}
	return l
}

func isTOML(name string) bool { return strings.EqualFold(filepath.Ext(name), ".toml") }

func names(profiles []Profile) string {
	return Names(append([]Profile{{Name: practiceName}}, profiles...))
}

// Names returns the names of the profiles, separated by commas.
func Names(profiles []Profile) string {
	var all []string
	for _, p := range profiles {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}
