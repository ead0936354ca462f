package profile

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"handback/app/durable"
	"handback/app/fault"
)

// ErrImported means that a profile of the same name has been imported before.
var ErrImported = fault.New(fault.Write, "profile.imported")

// Import checks the text of a profile, as [Read] returned it and as it was shown, and
// writes it unchanged to the folder of imported profiles. If there is a profile of the
// same name, Import fails, or with replace overwrites its file.
func Import(folder, path string, text []byte, replace bool) (Profile, error) {
	p, err := Parse(text, path)
	if err != nil {
		return Profile{}, err
	}
	if err := durable.Folder(folder); err != nil {
		return Profile{}, err
	}
	for _, other := range files(folder, durable.CheckShared).profiles { // ignoring those that cannot be read
		if !other.named(p.Name) {
			continue
		}
		if !replace {
			return Profile{}, ErrImported.With("name", p.Name)
		}
		p.Path = other.Path
	}
	if p.Path != "" {
		return p, durable.Write(p.Path, text, true)
	}
	for n := 1; ; n++ {
		p.Path = filepath.Join(folder, fileName(p.Name, n))
		if err := durable.Write(p.Path, text, false); !errors.Is(err, durable.ErrExists) {
			return p, err
		}
	}
}

// PlainName returns a profile's name in letters a to z, digits and hyphens, for names of
// files. It may be empty, and is not unique.
func PlainName(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, name), "-")
}

// fileName returns a file name that all systems accept, from a profile's name.
func fileName(name string, n int) string {
	safe := PlainName(name)
	if n > 1 || safe == "" {
		safe = fmt.Sprintf("%s-%d", safe, n)
	}
	return "profile-" + safe[:min(len(safe), 60)] + ".toml"
}

// Remove deletes an imported profile, by its name, and returns it.
func Remove(folders Folders, name string) (Profile, error) {
	p, err := Named(folders, name)
	if err != nil {
		return Profile{}, err
	}
	switch {
	case p.BuiltIn: // there is no file
		return Profile{}, fault.New(fault.Usage, "profile.built_in", "name", p.Name)
	case p.Machine:
		return Profile{}, fault.New(fault.Usage, "profile.machine", "name", p.Name, "path", p.Path)
	}
	if err := durable.Remove(p.Path); err != nil {
		return Profile{}, fault.New(fault.Write, "profile.not_removed", "path", p.Path).Because(err)
	}
	return p, nil
}
