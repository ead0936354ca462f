package main

import (
	"os"
	"path/filepath"
	"strings"

	"handback/app/fault"
	"handback/app/profile"
	"handback/app/secret"
)

// secrets are files with the secret of a profile each, by the profile's name in lower case.
type secrets map[string]string

// secrets returns the files that are named, in this order: by --secret-file NAME=FILE; by
// the environment's HANDBACK_SECRET_FILE in the same form, several separated as in PATH; and
// the credentials that systemd passes, which are named like a profile's file.
func (c *command) secrets() (secrets, error) {
	all := secrets{}
	named := append(filepath.SplitList(os.Getenv("HANDBACK_SECRET_FILE")), c.secretFiles...)
	for _, one := range named {
		name, path, _ := strings.Cut(one, "=")
		if name == "" || path == "" {
			return nil, fault.New(fault.Usage, "desk.secret_file", "text", one)
		}
		all[strings.ToLower(name)] = path
	}
	return all, nil
}

// of returns the secret of a profile, or secret.ErrNone.
func (s secrets) of(p profile.Profile) (secret.Secret, error) {
	path, ok := s[strings.ToLower(p.Name)]
	if folder := os.Getenv("CREDENTIALS_DIRECTORY"); !ok && folder != "" {
		path = filepath.Join(folder, profile.PlainName(p.Name))
		_, err := os.Stat(path)
		ok = err == nil
	}
	if !ok || p.Practice {
		return secret.Secret{}, secret.ErrNone
	}
	return secretFrom(path)
}

func secretFrom(path string) (secret.Secret, error) {
	key, _, err := secret.FromFile(path)
	return key, err
}
