package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"handback/app/desk"
	"handback/app/durable"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/secret"
)

// secrets are files with the secret of a profile each.
type secrets struct {
	files  map[string]string // by the profile's name in lower case
	folder string            // of destinations; see bound
}

// secrets returns the files that are named, in this order: by --secret-file NAME=FILE; by
// the environment's HANDBACK_SECRET_FILE in the same form, several separated as in PATH; and
// the credentials that systemd passes, which are named like a profile's file.
func (c *command) secrets(home string) (secrets, error) {
	all := secrets{files: map[string]string{}, folder: filepath.Join(home, deskName, "destinations")}
	named := append(filepath.SplitList(os.Getenv("HANDBACK_SECRET_FILE")), c.secretFiles...)
	for _, one := range named {
		name, path, _ := strings.Cut(one, "=")
		if name == "" || path == "" {
			return all, fault.New(fault.Usage, "desk.secret_file")
		}
		all.files[strings.ToLower(name)] = path
	}
	return all, nil
}

// of returns the secret of a profile, or secret.ErrNone.
func (s secrets) of(p profile.Profile) (secret.Secret, error) {
	name, path := s.path(p.Name)
	if path == "" || p.Practice {
		return secret.Secret{}, secret.ErrNone
	}
	key, err := secretFrom(path)
	if err == nil {
		err = s.bound(name, p)
	}
	if err != nil {
		return secret.Secret{}, err
	}
	return key, nil
}

// path returns the file with the secret of a profile, or "", and what the file goes by.
// systemd names a credential secret_FILE that LoadCredential=secret:FOLDER found in a folder.
func (s secrets) path(profileName string) (name, path string) {
	name = strings.ToLower(profileName)
	if path, ok := s.files[name]; ok {
		return name, path
	}
	folder, plain := os.Getenv("CREDENTIALS_DIRECTORY"), profile.PlainName(profileName)
	if folder == "" || plain == "" {
		return "", ""
	}
	for _, credential := range []string{"secret_" + plain, plain} {
		path := filepath.Join(folder, credential)
		if _, err := os.Stat(path); err == nil {
			return credential, path
		}
	}
	return "", ""
}

// bound fails if the secret of a name was used for another destination before: profiles can
// be replaced at the desk's page, and one that somebody else has made must not have the
// secret sent elsewhere. Who may change the folder of destinations can allow it.
func (s secrets) bound(name string, p profile.Profile) error {
	account := p.Destination("").Account(p.Name)
	noted := filepath.Join(s.folder, desk.Digest(name))
	before, err := durable.Read(noted, 1<<10)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := durable.Folder(s.folder); err != nil {
			return err
		}
		return durable.Write(noted, []byte(account), true)
	case err != nil:
		return fault.New(fault.Secret, "secret.file_unreadable", "path", noted).Because(err)
	case string(before) != account:
		return fault.New(fault.Secret, "desk.destination", "name", p.Name, "host", p.Destination("").Hosts(), "path", noted)
	}
	return nil
}

func secretFrom(path string) (secret.Secret, error) {
	key, _, err := secret.FromFile(path)
	return key, err
}
