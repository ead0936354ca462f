package profile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
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
	"handback/app/words"
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

// Load reads a profile from a file.
func Load(path string) (Profile, error) {
	p, _, err := Read(path)
	return p, err
}

// Read is Load, and gives the file's text too, for Import to take what was shown.
func Read(path string) (Profile, []byte, error) {
	text, err := durable.Read(path, maxBytes)
	if err != nil {
		return Profile{}, nil, err
	}
	p, err := Parse(text, path)
	p.Path = path
	return p, text, err
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
	if words.Alike(named, practiceName) {
		return Practice(), nil
	}
	if named != "" && (filepath.Base(named) != named || isTOML(named)) {
		return Load(named)
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

// Named is the profile of a name, not of a file. One that stands behind a profile that
// cannot be read is not taken: that may be what is to be used in its place.
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

// List reads the profiles that were imported, the machine's, and the one that the brand
// has built in, in the order of their names; of one name the first of these. Those that
// cannot be used are left out; the error is the first of theirs.
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

// level is where profiles come from, and what could not be read of it.
type level struct {
	profiles []Profile
	broken   error
}

// levels are all there are, the nearest to the person first.
func levels(folders Folders) []level {
	all := []level{inFolder(folders.Own, durable.CheckShared)}
	if folders.Machine != "" {
		all = append(all, machines(folders.Machine))
	}
	return append(all, builtIn())
}

// ofBrand is the text of the brand's profile; tests have one of their own.
var ofBrand = brand.Profile

// builtIn is the profile of the brand; none where it has none.
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

// machines reads the machine's profiles, of which an administrator mends what is wrong.
func machines(folder string) level {
	l := inFolder(folder, durable.CheckPrivate)
	for i := range l.profiles {
		l.profiles[i].Machine = true
	}
	if f, ok := errors.AsType[*fault.Fault](l.broken); ok {
		l.broken = fault.New(f.Kind, "profile.machine_wrong", "why", words.Say(f.Key, f.Pairs...)).Because(f.Cause)
	}
	return l
}

// inFolder reads the profiles of a folder that trust does not refuse. Two of one name
// are neither.
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

// files reads the profiles of a folder, but for what editors leave there, and those that
// trust refuses.
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
		p, err := Load(path)
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

// Names returns the profiles' names, with commas between them.
func Names(profiles []Profile) string {
	var all []string
	for _, p := range profiles {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}
