package profile

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"handback/app/durable"
	"handback/app/fault"
)

// ErrImported says that there is an imported profile of the same name.
var ErrImported = fault.New(fault.Write, "profile.imported")

// Import writes the text of a profile, as Read gave it from a path and as it was shown,
// byte for byte into the folder of imported profiles, once it is known to be right. A
// profile of the same name is left as it is, or with replace its file is written over.
func Import(folder, path string, text []byte, replace bool) (Profile, error) {
	p, err := Parse(text, path)
	if err != nil {
		return Profile{}, err
	}
	if err := durable.Folder(folder); err != nil {
		return Profile{}, err
	}
	for _, other := range files(folder, durable.CheckShared).profiles { // one that cannot be read is in nobody's way
		if !other.named(p.Name) {
			continue
		}
		if !replace {
			return Profile{}, fault.New(fault.Write, ErrImported.Key, "name", p.Name)
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

// fileName is a name that every system takes, from a profile's own.
func fileName(name string, n int) string {
	safe := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, name), "-")
	if n > 1 || safe == "" {
		safe = fmt.Sprintf("%s-%d", safe, n)
	}
	return "profile-" + safe[:min(len(safe), 60)] + ".toml"
}

// Remove takes an imported profile away, by its name.
func Remove(folders Folders, name string) (Profile, error) {
	p, err := Named(folders, name)
	if err != nil {
		return Profile{}, err
	}
	switch {
	case p.BuiltIn: // there is no file to take away
		return Profile{}, fault.New(fault.Usage, "profile.built_in", "name", p.Name)
	case p.Machine:
		return Profile{}, fault.New(fault.Usage, "profile.machine", "name", p.Name, "path", p.Path)
	}
	if err := durable.Remove(p.Path); err != nil {
		return Profile{}, fault.New(fault.Write, "profile.not_removed", "path", p.Path).Because(err)
	}
	return p, nil
}
