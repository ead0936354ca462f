package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"handback/app/desk"
	"handback/app/fault"
	"handback/app/profile"
	"handback/app/secret"
	"handback/app/words"
	"handback/cmd/terminal"
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
			return nil, fault.New(fault.Usage, "desk.secret_file")
		}
		all[strings.ToLower(name)] = path
	}
	return all, nil
}

// of returns the secret of a profile, or secret.ErrNone. It fails if the secret was used for
// another destination before: profiles can be replaced at the desk's page, and one that
// somebody else has made must not have the secret sent elsewhere.
func (s secrets) of(ctx context.Context, store desk.Store, p profile.Profile) (secret.Secret, error) {
	path := s.path(p.Name)
	if path == "" || p.Practice {
		return secret.Secret{}, secret.ErrNone
	}
	key, err := secretFrom(path)
	if err != nil {
		return secret.Secret{}, err
	}
	account := p.Destination("").Account(p.Name)
	bound, err := store.BindSecret(ctx, secretName(p.Name), account)
	if err == nil && bound != account {
		err = fault.New(fault.Secret, "desk.destination", "name", p.Name, "host", p.Destination("").Hosts())
	}
	if err != nil {
		return secret.Secret{}, err
	}
	return key, nil
}

// secretName returns what the secret of a profile goes by in the desk's record. Names that
// mean the same credential share it.
func secretName(profileName string) string {
	return cmp.Or(profile.PlainName(profileName), strings.ToLower(profileName))
}

// path returns the file with the secret of a profile, or "". systemd names a credential
// secret_FILE that LoadCredential=secret:FOLDER found in a folder.
func (s secrets) path(profileName string) string {
	if path, ok := s[strings.ToLower(profileName)]; ok {
		return path
	}
	folder, plain := os.Getenv("CREDENTIALS_DIRECTORY"), profile.PlainName(profileName)
	if folder == "" || plain == "" {
		return ""
	}
	for _, credential := range []string{"secret_" + plain, plain} {
		path := filepath.Join(folder, credential)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// allowServer returns the command that lets the secret of a profile be used for another
// server, the next one.
func (c *command) allowServer() *cobra.Command {
	return &cobra.Command{
		Use: "allow-server PROFILE", Short: c.words.Text("desk.cmd.allow_server"), Args: terminal.ArgumentCount(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, kept, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer kept.close()
			err = kept.desk.UnbindSecret(cmd.Context(), secretName(args[0]))
			if errors.Is(err, desk.ErrNone) {
				err = fault.New(fault.Usage, "desk.no_destination", "name", words.Visible(args[0], 100))
			}
			if err == nil {
				c.terminal().Say("desk.server_allowed", "name", args[0])
			}
			return err
		},
	}
}

func secretFrom(path string) (secret.Secret, error) {
	key, _, err := secret.FromFile(path)
	return key, err
}
